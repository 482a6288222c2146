"""The sample company: the planted overspend is found, and every figure agrees with a loop over its files."""

import csv
import json
import math
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

import mopsnb
from mopsnb.analysis.pacing import draw_channels, find_deviations, find_gaps, pace_budget, rate_returns

pytestmark = pytest.mark.slow

YEAR = 2026


@pytest.fixture(scope="module")
def company():
    """The workspace, its spend, and its plan."""
    workspace = mopsnb.open()
    return workspace, workspace.spend(), workspace.plan()


@pytest.fixture(scope="module")
def overspend(repository):
    """What the generator planted."""
    truth = json.loads((repository / "data" / "samples" / "truth.json").read_text(encoding="utf-8"))
    return next(item for item in truth["anomalies"] if item["id"] == "social-overspend")


@pytest.fixture(scope="module")
def ledger(repository):
    """Area to its year, from the files alone: plan by month, and spend by day up to the last day of data."""
    folder = repository / "data" / "samples" / "data"
    plan, area_of = defaultdict(lambda: [Decimal(0)] * 12), {}
    history = defaultdict(Decimal)
    with (folder / "budget_plan.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            history[row["area"], row["month"]] += Decimal(row["planned"])
            if row["month"].startswith(f"{YEAR}-"):
                plan[row["area"]][int(row["month"][5:]) - 1] += Decimal(row["planned"])
                if row["channel"]:
                    area_of[row["channel"]] = row["area"]
    spend = defaultdict(lambda: defaultdict(Decimal))
    returned = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in pq.read_table(folder / "ad_daily.parquet").to_pylist():
        spend[area_of[row["channel"]]][row["date"]] += row["spend"]
        if row["date"].year == YEAR and row["conversion_value"] is not None:
            returned[row["channel"]][0] += row["conversion_value"]
            returned[row["channel"]][1] += row["spend"]
    last = max(day for days in spend.values() for day in days)
    with (folder / "spend_actual.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            day = date.fromisoformat(row["date"])
            if row["status"] != "committed" and day <= last:
                spend[row["area"]][day] += Decimal(row["amount"])
    return {"plan": dict(plan), "history": history, "spend": spend, "returned": returned, "last": last}


def test_every_area_agrees_with_a_loop_over_the_files(company, ledger):
    workspace, spend, plan = company
    frame = pace_budget(spend, plan, workspace.strategy, workspace.as_of)
    assert workspace.as_of == ledger["last"] == date(YEAR, 9, 30)
    assert set(frame["id"]) == set(ledger["plan"])
    for row in frame.to_dict("records"):
        months = ledger["plan"][row["id"]]
        spent = sum(amount for day, amount in ledger["spend"][row["id"]].items() if day.year == YEAR)
        assert row["plan_year"] == pytest.approx(float(sum(months)), abs=1e-6)
        assert row["expected"] == pytest.approx(float(sum(months[:9])), abs=1e-6)
        assert row["spent"] == pytest.approx(float(spent), abs=1e-6)
        assert row["variance"] == pytest.approx(float(spent - sum(months[:9])), abs=1e-6)
        assert row["remaining"] == pytest.approx(float(sum(months) - spent) - row["committed"], abs=1e-6)


def test_projections_agree_with_the_formula_worked_out_from_the_files(company, ledger):
    """R = Σ spend ÷ Σ plan of the last twelve months; ± 2.2010 × √(s² P (P / Σ plan + 1)) around spent + R × P."""
    workspace, spend, plan = company
    names = [f"{2025 + (9 + step) // 12}-{(9 + step) % 12 + 1:02d}" for step in range(12)]
    for row in pace_budget(spend, plan, workspace.strategy, workspace.as_of).to_dict("records"):
        days = ledger["spend"][row["id"]]
        tops = [float(sum(amount for day, amount in days.items() if f"{day:%Y-%m}" == name)) for name in names]
        bases = [float(ledger["history"][row["id"], name]) for name in names]
        ratio = sum(tops) / sum(bases)
        rest = float(sum(ledger["plan"][row["id"]][9:]))
        least = row["spent"] + row["committed"]
        ends = row["spent"] + ratio * rest
        weights = [max(base, 0.1 * sum(bases) / 12) for base in bases]
        squares = sum((top - ratio * base) ** 2 / weight for top, base, weight in zip(tops, bases, weights))
        reach = 2.2010 * math.sqrt(squares / 11 * rest * (rest / sum(bases) + 1))
        assert row["projected"] == pytest.approx(max(ends, least), rel=1e-9)
        assert row["high"] == pytest.approx(row["projected"] + reach, rel=1e-9)
        assert row["low"] == pytest.approx(max(row["projected"] - reach, least), rel=1e-9)


def test_returns_agree_with_a_loop_over_the_files(company, ledger):
    workspace, spend, plan = company
    frame = rate_returns(spend, plan, workspace.strategy, workspace.as_of)

    found = dict(zip(frame["id"], frame["return_on_ad_spend"]))
    expected = {channel: float(value / cost) for channel, (value, cost) in ledger["returned"].items()}
    assert found == pytest.approx(expected)
    monthly = workspace.monthly(["return_on_ad_spend"], {"channel": "paid_search"})
    year = monthly[monthly["period_start"].dt.year == YEAR]
    assert found["paid_search"] == pytest.approx(year["numerator"].sum() / year["denominator"].sum())


def test_spend_by_month_is_the_metric_of_the_catalogue(company):
    workspace, spend, _ = company
    metric = workspace.monthly(["spend"]).set_index("period_start")["value"]
    months = draw_channels(spend, workspace.as_of, months=36).groupby("period_start")["value"].sum()

    assert len(months) == 36
    assert months.to_dict() == pytest.approx(metric.to_dict())


def test_the_planted_overspend_is_flagged_with_its_area_its_days_and_the_day_it_crosses(company, overspend):
    workspace, spend, plan = company
    area, size = overspend["where"]["area"], overspend["size"]
    frame = pace_budget(spend, plan, workspace.strategy, workspace.as_of)
    row = frame.iloc[0]

    assert (row["id"], row["status"]) == (area, "over_plan")
    assert row["spent"] == pytest.approx(size["year_to_date"], abs=0.01)
    assert row["expected"] == pytest.approx(size["planned_to_date"], abs=0.01)
    assert row["plan_year"] == pytest.approx(size["planned_year"], abs=0.01)
    assert abs((row["stretch_start"].date() - date.fromisoformat(overspend["start_on"])).days) <= 7
    assert abs((row["stretch_end"].date() - date.fromisoformat(overspend["end_on"])).days) <= 7
    assert date(YEAR, 10, 1) <= row["crosses_on"].date() <= date(YEAR, 11, 30)
    finding = next(item for item in find_deviations([frame], "USD") if item.where == area)
    assert (finding.severity, finding.id) == ("warning", f"budget_pacing.over.{area}.{YEAR}")
    assert "June" in finding.evidence
    assert finding.owner == "Dana Whitfield"


def test_the_overspend_is_seen_while_it_runs(company, overspend):
    workspace, spend, plan = company
    before = pace_budget(spend, plan, workspace.strategy, date.fromisoformat(overspend["start_on"]) - timedelta(days=8))
    during = pace_budget(spend, plan, workspace.strategy, date(YEAR, 7, 31))
    after = pace_budget(spend, plan, workspace.strategy, date(YEAR, 8, 31))
    status = [dict(zip(frame["id"], frame["status"]))[overspend["where"]["area"]] for frame in (before, during, after)]

    assert status == ["on_plan", "may_go_over", "over_plan"]


def test_there_are_few_other_alarms(company, overspend):
    workspace, spend, plan = company
    areas = pace_budget(spend, plan, workspace.strategy, workspace.as_of)
    others = [
        finding.id
        for finding in find_deviations([areas], "USD")
        if finding.severity != "info" and finding.where != overspend["where"]["area"]
    ]

    assert len(others) <= 2
    assert find_gaps(spend, plan, areas, workspace.strategy, "USD") == []


def test_intervals_hold_the_true_year_end_about_as_often_as_they_say(company):
    """As of each month-end from March to November of the two past years, by area."""
    workspace, spend, plan = company
    held = []
    for year in (2024, 2025):
        ends = pace_budget(spend, plan, workspace.strategy, date(year, 12, 31)).set_index("id")["spent"]
        for month in range(3, 12):
            as_of = date(year, month + 1, 1) - timedelta(days=1)
            frame = pace_budget(spend, plan, workspace.strategy, as_of).set_index("id")
            held += [frame.loc[key, "low"] <= end <= frame.loc[key, "high"] for key, end in ends.items()]

    assert len(held) == 2 * 9 * 12
    assert 0.85 <= sum(held) / len(held) <= 1
