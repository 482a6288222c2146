"""The figures that the budget page leads with."""

import csv
import math
from datetime import date
from decimal import Decimal

import pytest
from pacing_samples import ads, make_plan, make_spend, make_strategy, paid, pay_monthly
from workspaces import write_workspace

import mopsnb
from mopsnb.analysis.headlines import HEADLINE_COLUMNS
from mopsnb.analysis.pacing import find_deviations, find_gaps, lead_with_budget, pace_budget, rate_returns
from mopsnb.data.spending import read_plan, read_spend

STRATEGY = make_strategy()


def lead(spend, plan, as_of, strategy=STRATEGY, currency="EUR"):
    """Return the frame of headlines."""
    total = pace_budget(spend, plan, strategy, as_of, by="total")
    returns = rate_returns(spend, plan, strategy, as_of, by="total")
    return lead_with_budget(spend, total, returns, currency)


def test_the_projection_comes_first_and_all_data_last():
    """All data hold 50 of the year before; the year has 420 by April, 400 planned, 1,260 projected, 30 committed."""
    rows = [
        paid("2025-12-30", 50, rows=2),
        *pay_monthly([90, 110, 100, 120]),
        paid("2026-09-01", 30, is_committed=True),
    ]
    frame = lead(make_spend(rows), make_plan({"print": [100.0] * 12}), date(2026, 4, 30))

    assert frame[["name", "value"]].values.tolist() == [
        ["projected_year_end", 1260],
        ["spend_to_date", 420],
        ["expected_to_date", 400],
        ["remaining_budget", 750],
        ["daily_allowance", 750 / 245],
        ["committed_in_year", 30],
        ["spend_all_data", 470],
    ]
    assert set(frame["unit"]) == {"EUR"}
    projected, everything = frame.iloc[0], frame.iloc[-1]
    assert (everything["n"], everything["base"], everything["period"]) == (6, "rows", "2025-12-30/2026-04-15")
    assert everything["title"] == "Spend in all data, since December 2025"
    assert not frame["formula"].str.contains("_").any()
    assert projected["low"] < 1260 < projected["high"]
    assert (projected["target"], projected["status"]) == (1200, "at_risk")
    assert projected["interval"] == "95%, from how much the last 4 complete months differed from their pace"


def test_rows_after_the_reports_day_do_not_count():
    frame = lead(make_spend([paid("2026-01-05", 5), paid("2026-02-05", 7)]), make_plan({}), date(2026, 1, 31))

    assert frame.set_index("name").loc["spend_all_data", "value"] == 5


def test_without_a_plan_there_are_no_figures_that_need_one():
    rows = [ads(f"2026-0{month}-05", 100, value=300 + 10 * month) for month in range(1, 5)]
    frame = lead(make_spend(rows), make_plan({}), date(2026, 4, 30)).set_index("name")

    names = ["projected_year_end", "spend_to_date", "return_on_ad_spend", "spend_all_data"]
    assert list(frame.index) == names
    returned = frame.loc["return_on_ad_spend"]
    assert (returned["value"], returned["n"], returned["unit"]) == (3.25, 400, "ratio")
    assert (returned["base_unit"], frame.loc["spend_all_data", "base_unit"]) == ("EUR", "")
    assert "several may claim the same sale" in returned["formula"]


def test_without_anything_the_frame_is_empty_and_typed():
    frame = lead(make_spend([]), make_plan({}), None)

    assert frame.dtypes.astype(str).to_dict() == HEADLINE_COLUMNS
    assert frame.empty


def read_google(folder):
    with (folder / "dbt_google_ads" / "campaign_stats_data.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            spend = Decimal(row["cost_micros"]) / 1_000_000
            yield row["date"], "google", row["id"], "", spend


def read_facebook(folder):
    with (folder / "dbt_facebook_ads" / "facebook_ads_basic_ad_data.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["date"], "facebook", "1", row["ad_id"], Decimal(row["spend"])


@pytest.fixture(scope="module")
def public(shared_data, tmp_path_factory):
    """A workspace of the Google Ads and Facebook tables, and their rows."""
    folder = shared_data / "fivetran"
    rows = [*read_google(folder), *read_facebook(folder)]
    lines = [f"{day},{channel},{campaign},{group},{spend},USD" for day, channel, campaign, group, spend in rows]
    text = "\n".join(["date,channel,campaign_id,ad_group_id,spend,currency", *lines, ""])
    path = write_workspace(tmp_path_factory.mktemp("public"), "version: 1\n", ad_daily=text)
    return mopsnb.open(path, strict=False), rows


def test_on_public_tables_spend_in_all_data_is_exactly_the_known_total(public):
    """Google's 231.33 and Facebook's 643.63."""
    workspace, rows = public
    spend = read_spend(workspace.sql, workspace.tables, workspace.strategy)
    plan = read_plan(workspace.sql, workspace.tables, workspace.strategy)
    frame = lead(spend, plan, workspace.as_of, workspace.strategy, workspace.currency)

    everything = frame.set_index("name").loc["spend_all_data"]
    assert (everything["value"], everything["unit"], everything["n"]) == (874.96, "USD", len(rows))
    by_channel = spend.groupby("channel")["amount"].agg(lambda amounts: round(math.fsum(amounts), 6))
    assert by_channel.to_dict() == {"facebook": 643.63, "google": 231.33}
    assert "remaining_budget" not in set(frame["name"])


def test_on_public_tables_nothing_is_judged_without_a_plan(public):
    workspace, _ = public
    spend = read_spend(workspace.sql, workspace.tables, workspace.strategy)
    plan = read_plan(workspace.sql, workspace.tables, workspace.strategy)
    pace = pace_budget(spend, plan, workspace.strategy, workspace.as_of)

    assert set(pace["status"]) == {"no_plan"}
    assert find_deviations([pace], "USD") == []
    found = find_gaps(spend, plan, pace, workspace.strategy, "USD")
    assert f"budget_pacing.no-plan.{workspace.as_of.year}" in {finding.id for finding in found}
