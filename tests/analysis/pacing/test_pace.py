"""Spend against the phased plan, worked by hand."""

import math
from datetime import date

import pandas as pd
import pytest
from pacing_samples import ads, make_plan, make_spend, make_strategy, paid, pay_daily, pay_monthly

from mopsnb.analysis.pacing import pace_budget
from mopsnb.strategy.fiscal import open_year

STRATEGY = make_strategy()
EVEN = [100.0] * 12


def pace(rows, plan, as_of, by="area", strategy=STRATEGY):
    """Return id to row of the paced budget."""
    frame = pace_budget(make_spend(rows), plan, strategy, date.fromisoformat(as_of), by=by)
    return {row["id"]: row for row in frame.to_dict("records")}


def test_the_running_months_plan_is_prorated_by_days():
    """Of March's 620, ten of 31 days count: 310 + 280 + 200 = 790 planned by March 10, and 850 spent."""
    plan = make_plan({"print": [310, 280, 620, *[0] * 9]})
    rows = [paid("2026-01-15", 400), paid("2026-02-15", 300), paid("2026-03-05", 150), paid("2026-03-11", 999)]
    row = pace(rows, plan, "2026-03-10")["print"]

    assert (row["plan_year"], row["expected"], row["spent"], row["variance"]) == (1210, 790, 850, 60)
    assert row["variance_share"] == 60 / 790
    assert (row["remaining"], row["per_day"]) == (360, 360 / 296)
    assert row["per_month"] == pytest.approx(360 / (296 / (365.25 / 12)))
    assert row["recent_per_day"] == pytest.approx(450 / 30)


def test_with_less_than_a_month_to_go_the_month_gets_all_that_is_left():
    row = pace([paid("2026-01-15", 200)], make_plan({"print": EVEN}), "2026-12-21")["print"]

    assert (row["per_day"], row["per_month"]) == (100, 1000)


def test_on_the_last_day_nothing_is_allowed_any_more_and_there_is_no_interval():
    row = pace(pay_monthly([90] * 12), make_plan({"print": EVEN}), "2026-12-31")["print"]

    assert math.isnan(row["per_day"])
    assert (row["projected"], row["interval"], row["status"]) == (1080, "none: the year is over", "under_plan")


def test_the_year_starts_where_the_strategy_says():
    year = open_year("04-01", 2026)
    plan = make_plan({"print": EVEN}, year=year)
    rows = [paid("2026-03-31", 50), paid("2026-04-01", 60), paid("2027-01-02", 70)]
    row = pace(rows, plan, "2027-01-31", strategy=make_strategy(start="04-01"))["print"]

    assert (row["spent"], row["expected"], row["year"]) == (130, 1000, "fiscal year 2026/27")
    assert row["year_end"] == pd.Timestamp("2027-03-31")


def test_committed_money_is_no_spend_and_less_is_left():
    """What is committed after the year's end belongs to the next year."""
    rows = [paid("2026-01-15", 100), paid("2026-11-05", 300, is_committed=True)]
    rows += [paid("2026-02-01", 20, is_committed=True), paid("2027-01-05", 500, is_committed=True)]
    row = pace(rows, make_plan({"print": EVEN}), "2026-03-31")["print"]

    assert (row["spent"], row["committed"], row["remaining"]) == (100, 320, 780)


def test_spend_without_a_plan_keeps_its_figures_and_has_no_others():
    row = pace([paid("2026-01-15", 100, "fair")], make_plan({"print": EVEN}), "2026-03-31")["fair"]

    assert (row["spent"], row["status"]) == (100, "no_plan")
    missing = ("plan_year", "expected", "variance", "variance_share", "remaining", "gap", "per_day", "pace")
    assert all(math.isnan(row[name]) for name in missing)
    assert row["crosses_on"] is pd.NaT


def test_a_plan_without_spend_has_a_row_with_nothing_spent():
    found = pace([paid("2026-01-15", 100)], make_plan({"print": EVEN, "fair": EVEN}), "2026-03-31")

    assert (found["fair"]["spent"], found["fair"]["expected"], found["fair"]["status"]) == (0, 300, "no_spend")


def test_ads_that_no_plan_names_stand_under_their_channel():
    found = pace([ads("2026-01-15", 100, area="", channel="radio")], make_plan({"print": EVEN}), "2026-03-31")

    assert sorted(found) == ["print", "radio"]
    assert (found["radio"]["spent"], found["radio"]["name"]) == (100, "Radio")


def test_by_channel_a_booking_counts_where_its_area_is_planned():
    """The agency is planned without a channel, so its invoice for social media counts there; ads keep their channel."""
    plan = make_plan({"agency": EVEN, "search_ads": EVEN}, search_ads="search")
    rows = [paid("2026-01-15", 70, "agency", channel="social"), ads("2026-01-15", 100)]
    rows.append(ads("2026-01-15", 30, area="", channel="social"))
    found = pace(rows, plan, "2026-03-31", by="channel")

    assert {key: row["spent"] for key, row in found.items()} == {"": 70, "search": 100, "social": 30}
    assert {key: row["name"] for key, row in found.items()} == {
        "": "No channel",
        "search": "Paid search",
        "social": "Social media",
    }
    assert math.isnan(found["social"]["plan_year"])


def test_an_area_of_several_channels_is_compared_channel_by_channel():
    january = make_plan({"ads": EVEN}, ads="search")
    plan = pd.concat([january, january.assign(channel="social", planned=50.0)])
    rows = [ads("2026-01-15", 100, "ads"), ads("2026-01-15", 10, "ads", channel="social")]
    found = pace(rows, plan, "2026-01-31", by="channel")

    assert {key: (row["spent"], row["plan_year"]) for key, row in found.items()} == {
        "search": (100, 1200),
        "social": (10, 600),
    }


def test_a_budget_without_areas_is_compared_with_all_spend_together():
    plan = make_plan({"": EVEN})
    rows = [*pay_monthly([60] * 4), *pay_monthly([50] * 4, "fair")]
    total = pace(rows, plan, "2026-04-30", by="total")["total"]

    assert (total["plan_year"], total["expected"], total["spent"]) == (1200, 400, 440)
    assert total["projected"] == pytest.approx(1320)
    assert {row["status"] for row in pace(rows, plan, "2026-04-30").values()} == {"no_plan"}


def test_without_any_plan_spend_still_stands_and_goes_on_at_its_mean_pace():
    """Ten a day for 120 days; the other 245 days of the year bring 2,450 more."""
    row = pace(pay_daily("2026-01-01", "2026-04-30", 10, ""), make_plan({}), "2026-04-30", by="total")["total"]

    assert (row["spent"], row["projected"], row["status"], row["year"]) == (1200, 3650, "no_plan", "2026")
    assert math.isnan(row["plan_year"])


def test_without_a_day_there_are_no_rows():
    assert pace_budget(make_spend([]), make_plan({}), STRATEGY, None).empty


def test_without_spend_the_plan_still_stands():
    row = pace([], make_plan({"print": EVEN}), "2026-03-31")["print"]

    assert (row["plan_year"], row["expected"], row["spent"]) == (1200, 300, 0)


def test_the_owner_is_who_runs_most_of_the_campaigns_and_else_the_coordinator():
    rows = [
        paid("2026-01-15", 100, owner="ana"),
        paid("2026-01-16", 150, owner="ben"),
        paid("2026-01-17", 90, owner="ana"),
    ]
    rows += [paid("2026-01-15", 400), paid("2025-01-15", 900, owner="ben"), paid("2026-01-15", 5, "fair")]
    found = pace(rows, make_plan({"print": EVEN}), "2026-03-31")

    assert (found["print"]["owner"], found["fair"]["owner"]) == ("ana", "Tia")


def test_the_area_furthest_from_its_plan_comes_first_and_those_without_a_plan_last():
    plan = make_plan({"a": EVEN, "b": EVEN, "c": EVEN})
    rows = [*pay_monthly([101] * 6, "a"), *pay_monthly([50] * 6, "b"), *pay_monthly([120] * 6, "c")]
    frame = pace_budget(make_spend([*rows, paid("2026-01-02", 5000, "d")]), plan, STRATEGY, date(2026, 6, 30))

    assert frame["id"].tolist() == ["b", "c", "a", "d"]


def test_the_table_of_a_year_ignores_the_years_around_it():
    before = make_plan({"print": EVEN, "old": EVEN}, year=open_year("01-01", 2025))
    after = make_plan({"print": [7.0] * 12, "new": EVEN}, year=open_year("01-01", 2027))
    plan = pd.concat([before, make_plan({"print": EVEN}), after])
    found = pace([paid("2025-06-01", 9, "old"), *pay_monthly([100] * 6)], plan, "2026-06-30")

    assert list(found) == ["print"]
    assert found["print"]["plan_year"] == 1200


def test_an_empty_frame_has_the_same_columns_and_types_as_a_full_one():
    full = pace_budget(make_spend([paid("2026-01-15", 1)]), make_plan({"print": EVEN}), STRATEGY, date(2026, 3, 31))
    empty = pace_budget(make_spend([]), make_plan({}), STRATEGY, date(2026, 3, 31))

    assert (full.dtypes == empty.dtypes).all()
