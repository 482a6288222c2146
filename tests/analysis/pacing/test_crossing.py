"""The days on which spend crosses its plan, worked by hand."""

from datetime import date

import pandas as pd
from pacing_samples import make_plan, make_spend, make_strategy, paid, pay_daily, pay_monthly

from mopsnb.analysis.pacing.books import open_books
from mopsnb.analysis.pacing.crossing import find_crossing, find_since, find_stretch
from mopsnb.analysis.pacing.horizon import find_horizon
from mopsnb.analysis.pacing.projection import project

EVEN = [100.0] * 12
DAILY = [310.0, 280, 310, 300, 310, 300, 310, 310, 300, 310, 300, 310]  # ten a day


def open_one(rows, months, as_of):
    """Return horizon and book of the one area of a plan."""
    area = rows[0]["area"]
    spend, plan = make_spend(rows), make_plan({area: months})
    horizon = find_horizon(spend, plan, make_strategy(), date.fromisoformat(as_of))
    return horizon, open_books(spend, plan, horizon, "area")[0]


def cross(rows, months, as_of):
    """Return the crossing of the one area of a plan."""
    horizon, book = open_one(rows, months, as_of)
    return find_crossing(book, project(book, horizon), horizon)


def test_the_day_ahead_is_the_first_on_which_the_projected_path_is_above_the_years_plan():
    """900 of 1,200 is spent by June; at 1.5 of the plan July and August bring exactly 300, September more."""
    found = cross(pay_monthly([150] * 6), EVEN, "2026-06-30")

    assert (found.on, found.is_past) == (date(2026, 9, 1), False)
    assert found.early == found.late == found.on


def test_the_interval_of_the_projection_gives_the_earliest_and_the_latest_day():
    found = cross(pay_monthly([140, 160, 140, 160, 140, 160]), EVEN, "2026-06-30")

    assert found.early < found.on < found.late


def test_a_lower_limit_below_the_plan_leaves_no_latest_day():
    found = cross(pay_monthly([50, 200, 50, 200, 50, 200]), EVEN, "2026-06-30")

    assert found.on is not None
    assert found.late is None


def test_a_day_in_the_past_is_the_one_since_which_spend_has_been_above_the_years_plan():
    rows = pay_monthly([500, 500, 300])
    found = cross(rows, EVEN, "2026-05-31")
    assert (found.on, found.is_past) == (date(2026, 3, 15), True)

    credit = [paid("2026-04-01", -200), paid("2026-04-20", 150)]
    assert cross(rows + credit, EVEN, "2026-05-31").on == date(2026, 4, 20)


def test_spend_exactly_at_the_plan_has_not_crossed_it():
    found = cross(pay_monthly([400, 400, 400]), [400.0] * 3 + [0.0] * 9, "2026-05-31")

    assert (found.on, found.is_past) == (None, False)


def test_committed_money_crosses_on_the_day_that_it_is_due():
    rows = [*pay_monthly([100] * 4), paid("2026-09-07", 850, is_committed=True)]

    assert cross(rows, EVEN, "2026-04-30").on == date(2026, 9, 7)


def test_since_when_spend_is_on_its_side_of_the_phased_plan():
    """Ten a day are planned. With eleven from January 3 on, the 20 that were missing are made up on January 23."""
    rows = pay_daily("2026-01-03", "2026-03-31", 11)
    horizon, book = open_one(rows, DAILY, "2026-03-31")

    assert find_since(book, horizon) == date(2026, 1, 23)


def test_spend_on_its_plan_is_on_no_side():
    horizon, book = open_one(pay_daily("2026-01-01", "2026-03-31", 10), DAILY, "2026-03-31")

    assert find_since(book, horizon) is None


def test_the_stretch_of_daily_money_is_found_to_the_day():
    rows = [*pay_daily("2026-01-01", "2026-03-02", 10), *pay_daily("2026-03-03", "2026-04-12", 20)]
    horizon, book = open_one([*rows, *pay_daily("2026-04-13", "2026-06-30", 10)], DAILY, "2026-06-30")
    found = find_stretch(book, horizon)

    assert (found.first, found.last, found.amount) == (date(2026, 3, 3), date(2026, 4, 12), 410)


def test_a_stretch_of_low_spend_is_found_where_the_year_is_below_its_plan():
    rows = [*pay_daily("2026-01-01", "2026-03-02", 10), *pay_daily("2026-03-03", "2026-04-12", 2)]
    horizon, book = open_one([*rows, *pay_daily("2026-04-13", "2026-06-30", 10)], DAILY, "2026-06-30")
    found = find_stretch(book, horizon)

    assert (found.first, found.last, found.amount) == (date(2026, 3, 3), date(2026, 4, 12), -328)


def test_daily_money_that_is_off_all_year_has_no_stretch():
    days = pd.date_range("2026-01-01", "2026-06-30")
    rows = [{**row, "amount": 12 + place % 3} for place, row in enumerate(pay_daily(days[0], days[-1], 0))]
    horizon, book = open_one(rows, DAILY, "2026-06-30")

    assert find_stretch(book, horizon) is None


def test_one_odd_day_is_no_stretch():
    rows = [*pay_daily("2026-01-01", "2026-06-30", 10), *pay_daily("2026-03-03", "2026-03-03", 200)]
    horizon, book = open_one(rows, DAILY, "2026-06-30")
    found = find_stretch(book, horizon)

    assert found is None or (found.last - found.first).days >= 6


def test_the_stretch_of_other_money_is_the_months_that_add_up_to_the_most():
    horizon, book = open_one(pay_monthly([100, 80, 160, 95, 150, 100, 90]), EVEN, "2026-07-31")
    found = find_stretch(book, horizon)

    assert (found.first, found.last, found.amount) == (date(2026, 3, 1), date(2026, 5, 31), 105)
