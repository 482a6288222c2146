"""Where the year will end, worked by hand."""

import math
from datetime import date

import pandas as pd
import pytest
from pacing_samples import ads, make_plan, make_spend, make_strategy, paid, pay_daily, pay_monthly

from mopsnb.analysis.pacing import pace_budget
from mopsnb.strategy.fiscal import open_year

STRATEGY = make_strategy()
EVEN = [100.0] * 12
LAST_YEAR = open_year("01-01", 2025)


def project(rows, plan, as_of, by="area", key="print"):
    """Return the row of one area."""
    frame = pace_budget(make_spend(rows), plan, STRATEGY, date.fromisoformat(as_of), by=by)
    return next(row for row in frame.to_dict("records") if row["id"] == key)


def test_the_rest_of_the_plan_is_scaled_by_the_pace_of_the_months():
    """Four months at 1.05 of their plan: 420 + 800 × 1.05 = 1,260, give or take 201.27."""
    row = project(pay_monthly([90, 110, 100, 120]), make_plan({"print": EVEN}), "2026-04-30")
    reach = 3.1824 * math.sqrt(5 / 3 * 800 * (800 / 400 + 1))

    assert (row["projected"], row["pace"], row["months"], row["gap"]) == (1260, 1.05, 4, 60)
    assert (row["low"], row["high"]) == pytest.approx((1260 - reach, 1260 + reach), abs=1e-5)
    assert row["interval"] == "95%, from how much the last 4 complete months differed from their pace"


def test_the_phasing_of_the_rest_counts():
    """At 1.05 of the plan, a rest of 2,000 is 2,100."""
    plan = make_plan({"print": [100] * 4 + [50] * 4 + [450] * 4})

    assert project(pay_monthly([90, 110, 100, 120]), plan, "2026-04-30")["projected"] == 420 + 2100


def test_the_days_of_the_running_month_are_no_complete_month():
    """May's spend counts as spent; the pace is that of January to April; of May's plan, 21 of 31 days remain."""
    rows = [*pay_monthly([90, 110, 100, 120]), paid("2026-05-04", 400)]
    row = project(rows, make_plan({"print": EVEN}), "2026-05-10")

    assert (row["months"], row["pace"]) == (4, 1.05)
    assert row["projected"] == pytest.approx(820 + 1.05 * (700 + 100 * 21 / 31))


@pytest.mark.parametrize(("months", "words"), [(1, "1 complete month is"), (2, "2 complete months are")])
def test_with_fewer_than_three_months_the_rest_is_as_planned_without_an_interval(months, words):
    row = project(pay_monthly([150] * months), make_plan({"print": EVEN}), f"2026-0{months + 1}-10")

    assert row["projected"] == pytest.approx(150 * months + 1200 - row["expected"])
    assert math.isnan(row["low"])
    assert math.isnan(row["high"])
    assert row["interval"] == f"none: {words} too few"
    assert row["status"] == "too_early"


def test_months_of_the_year_before_count_where_they_had_a_plan():
    plan = pd.concat([make_plan({"print": [200.0] * 12}, year=LAST_YEAR), make_plan({"print": EVEN})])
    rows = [*pay_monthly([100] * 10 + [220] * 2, year=2025), *pay_monthly([120] * 10)]
    row = project(rows, plan, "2026-10-31")

    assert row["months"] == 12
    assert row["pace"] == (440 + 1200) / (400 + 1000)


def test_months_of_the_year_before_without_a_plan_do_not_count():
    rows = [*pay_monthly([500] * 12, year=2025), *pay_monthly([110] * 4)]
    row = project(rows, make_plan({"print": EVEN}), "2026-04-30")

    assert (row["months"], row["pace"]) == (4, 1.1)


def test_months_before_the_first_spend_of_the_data_do_not_count():
    """The data starts in mid-March, so March is no complete month either."""
    rows = [paid("2026-03-10", 80), *pay_monthly([0, 0, 0, 110, 110, 110])[3:]]
    row = project(rows, make_plan({"print": EVEN}), "2026-06-30")

    assert (row["months"], row["pace"]) == (3, 1.1)
    assert row["status"] == "on_plan"  # low spend may be missing data, so it is not judged


def test_a_month_of_advertising_without_any_ad_row_tells_nothing():
    plan = make_plan({"search_ads": EVEN})
    rows = pay_monthly([100, 100, 100, 0, 100, 100], "search_ads")
    spend = [{**row, "kind": "ads", "channel": "search"} for row in rows if row["amount"]]

    row = project(spend, plan, "2026-06-30", key="search_ads")
    assert (row["months"], row["pace"]) == (5, 1)

    other = ads("2026-04-07", 3, "social_ads", "social")  # the feed was there, and this channel paused
    row = project([*spend, other], plan, "2026-06-30", key="search_ads")
    assert (row["months"], row["pace"]) == (6, 500 / 600)


def test_a_total_across_months_is_spent_but_no_month_has_its_pace():
    rows = [ads("2026-03-31", 600, first_day="2026-01-01")]
    rows += [ads(f"2026-0{month}-15", 110) for month in (4, 5, 6)]
    row = project(rows, make_plan({"search_ads": EVEN}), "2026-06-30", key="search_ads")

    assert (row["spent"], row["months"], row["pace"]) == (930, 3, 1.1)


def test_what_is_committed_is_the_least_that_the_rest_can_be():
    """At 0.5 of the plan the rest would be 400; 900 is committed, of which 100 should have come in February."""
    rows = [
        *pay_monthly([50] * 4),
        paid("2026-11-05", 800, is_committed=True),
        paid("2026-02-05", 100, is_committed=True),
    ]
    row = project(rows, make_plan({"print": EVEN}), "2026-04-30")

    assert (row["projected"], row["low"]) == (1100, 1100)
    assert (row["pace"], row["months"]) == (0.5, 4)


def test_where_nothing_is_spent_nothing_is_projected_and_there_is_no_interval():
    plan = make_plan({"print": EVEN, "fair": EVEN})
    row = project(pay_monthly([100] * 6), plan, "2026-06-30", key="fair")

    assert (row["projected"], row["status"]) == (0, "no_spend")
    assert row["interval"] == "none: nothing was spent in the last 6 complete months"


def test_spend_without_a_plan_goes_on_at_its_mean_pace_since_its_first_month():
    """It starts in March: 3 months with 92 days and 184 in all make 2 a day; 214 days are left."""
    rows = [*pay_monthly([100] * 5), *pay_daily("2026-03-01", "2026-05-31", 2, "fair")]
    row = project(rows, make_plan({"print": EVEN}), "2026-05-31", key="fair")

    assert (row["spent"], row["months"]) == (184, 3)
    assert row["projected"] == pytest.approx(184 + 2 * 214)


def test_the_total_projects_the_sum_and_sees_that_areas_move_against_each_other():
    """Two areas with opposite swings: each is unsure, and their sum is not."""
    plan = make_plan({"a": EVEN, "b": EVEN})
    rows = [*pay_monthly([60, 140, 60, 140], "a"), *pay_monthly([140, 60, 140, 60], "b")]
    areas = pace_budget(make_spend(rows), plan, STRATEGY, date(2026, 4, 30))
    total = project(rows, plan, "2026-04-30", by="total", key="total")

    assert total["projected"] == math.fsum(areas["projected"]) == 2400
    assert (areas["high"] - areas["low"]).min() > 900
    assert (total["low"], total["high"]) == (2400, 2400)


def test_the_total_of_areas_that_move_together_is_as_unsure_as_one_of_them_doubled():
    plan = make_plan({"a": EVEN, "b": EVEN})
    rows = [*pay_monthly([90, 110, 100, 120], "a"), *pay_monthly([90, 110, 100, 120], "b")]
    area = project(rows, plan, "2026-04-30", key="a")
    total = project(rows, plan, "2026-04-30", by="total", key="total")

    assert total["high"] - total["projected"] == pytest.approx(2 * (area["high"] - area["projected"]))
