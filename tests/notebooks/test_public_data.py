"""The whole flow on advertising tables from outside: Google Ads and Facebook, as a connector stores them."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

BIN = Path(sys.executable).parent
pytestmark = pytest.mark.slow
HEADER = ["date", "channel", "account_id", "campaign_id", "ad_group_id", "spend", "currency", "impressions", "clicks"]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def google(shared_data: Path) -> list[dict[str, str]]:
    rows = read(shared_data / "fivetran" / "dbt_google_ads" / "campaign_stats_data.csv")
    totals: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
    for row in rows:  # devices and networks are finer than a campaign's day
        numbers = [Decimal(row["cost_micros"]) / 1_000_000, Decimal(row["impressions"]), Decimal(row["clicks"])]
        key = (row["date"], row["id"])
        totals[key] = [a + b for a, b in zip(totals[key], numbers, strict=True)]
    return [make_row(day, "google", name, "", numbers) for (day, name), numbers in totals.items()]


def facebook(shared_data: Path) -> list[dict[str, str]]:
    rows = read(shared_data / "fivetran" / "dbt_facebook_ads" / "facebook_ads_basic_ad_data.csv")
    return [
        make_row(
            row["date"], "facebook", f"ad-{row['ad_id']}", "",
            [Decimal(row["spend"]), Decimal(row["impressions"]), Decimal(row["inline_link_clicks"])],
        )
        for row in rows
    ]  # fmt: skip


def make_row(day: str, channel: str, campaign: str, group: str, numbers: list[Decimal]) -> dict[str, str]:
    spend, impressions, clicks = numbers
    values = [day, channel, "1", campaign, group, str(spend), "USD", str(int(impressions)), str(int(clicks))]
    return dict(zip(HEADER, values, strict=True))


@pytest.fixture(scope="module")
def rows(shared_data: Path) -> list[dict[str, str]]:
    return google(shared_data) + facebook(shared_data)


@pytest.fixture(scope="module")
def site(rows: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = tmp_path_factory.mktemp("public") / "team"
    subprocess.run([BIN / "mopsnb", "init", workspace], check=True, capture_output=True)
    with (workspace / "data" / "ad_daily.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER)
        writer.writeheader()
        writer.writerows(rows)
    done = subprocess.run(
        [BIN / "mopsnb", "run", workspace, "--steps", "metrics,goals", "--out", workspace / "out"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return workspace / "out"


@pytest.fixture(scope="module")
def monthly(site: Path) -> pd.DataFrame:
    return pd.read_parquet(site / "results" / "metrics" / "monthly.parquet")


def test_the_tables_hold_the_totals_that_their_readme_states(rows: list[dict[str, str]]) -> None:
    totals = {
        channel: (
            sum(Decimal(row["spend"]) for row in rows if row["channel"] == channel),
            sum(int(row["clicks"]) for row in rows if row["channel"] == channel),
            sum(int(row["impressions"]) for row in rows if row["channel"] == channel),
        )
        for channel in ("google", "facebook")
    }
    assert totals == {"google": (Decimal("231.33"), 280, 1854), "facebook": (Decimal("643.63"), 149, 37275)}


@pytest.mark.parametrize(
    ("metric", "column"), [("ad_spend", "spend"), ("ad_clicks", "clicks"), ("ad_impressions", "impressions")]
)
def test_every_month_is_exact(monthly: pd.DataFrame, rows: list[dict[str, str]], metric: str, column: str) -> None:
    expected: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        expected[row["date"][:7]] += Decimal(row[column])
    found = monthly[(monthly["metric"] == metric) & monthly["value"].notna()]
    values = dict(zip(found["period_start"].dt.strftime("%Y-%m"), found["value"], strict=True))
    assert values == {month: float(value) for month, value in expected.items()}


def test_the_page_shows_every_month_of_spend_clicks_and_impressions(site: Path, monthly: pd.DataFrame) -> None:
    page = (site / "metrics.html").read_text(encoding="utf-8")
    shown = monthly[monthly["metric"].isin(["ad_clicks", "ad_impressions"]) & monthly["value"].notna()]
    assert [value for value in shown["value"] if f"{value:,.0f}" not in page] == []
    spend = monthly[(monthly["metric"] == "ad_spend") & monthly["value"].notna()]
    assert [value for value in spend["value"] if f"${value:,.2f}" not in page] == []


@pytest.mark.parametrize("total", ["$231.33", "$643.63", "280", "149", "1,854", "37,275"])
def test_the_page_shows_the_total_of_each_platform(site: Path, total: str) -> None:
    assert f">{total}<" in (site / "metrics.html").read_text(encoding="utf-8")


def test_the_page_says_what_each_missing_figure_needs(site: Path) -> None:
    page = (site / "metrics.html").read_text(encoding="utf-8")
    assert "Return on ad spend: no data.</strong> Its tables are there, but no row fills the columns" in page
    assert "Cost per lead: no data.</strong> It needs data/contact.csv (or .parquet) in the workspace." in page


def test_what_has_no_data_says_so_and_is_never_zero(site: Path) -> None:
    result = json.loads((site / "results" / "metrics.json").read_text(encoding="utf-8"))
    assert result["status"] == "ok"
    assert [item["name"] for item in result["headline"] if item["value"] == 0] == []
    assert "Email churn rate: no data" in (site / "metrics.html").read_text(encoding="utf-8")
    goals = json.loads((site / "results" / "goals.json").read_text(encoding="utf-8"))
    assert goals["status"] == "no_data"


def test_a_source_that_stopped_is_a_finding_and_stands_on_the_page(site: Path) -> None:
    result = json.loads((site / "results" / "metrics.json").read_text(encoding="utf-8"))
    stale = [finding for finding in result["findings"] if finding["id"].startswith("freshness.ad_daily")]
    assert [finding["id"] for finding in stale] == ["freshness.ad_daily.facebook"]
    assert stale[0]["title"] in (site / "metrics.html").read_text(encoding="utf-8")
