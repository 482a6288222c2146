"""Fiscal years and their months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mopsnb.strategy.fiscal import find_year, open_year

STARTS = st.dates(date(2023, 1, 1), date(2023, 12, 31)).map(lambda day: f"{day:%m-%d}")


def test_the_calendar_year_goes_by_its_number():
    year = open_year("01-01", 2026)

    assert (year.first, year.last, year.label, year.name) == (date(2026, 1, 1), date(2026, 12, 31), 2026, "2026")
    assert year.months[1] == (date(2026, 2, 1), date(2026, 2, 28))


def test_a_year_that_starts_in_october_is_named_by_both_calendar_years():
    year = find_year("10-01", date(2027, 2, 14))

    assert (year.first, year.last, year.label) == (date(2026, 10, 1), date(2027, 9, 30), 2026)
    assert year.name == "fiscal year 2026/27"


@pytest.mark.parametrize(("day", "label"), [("2026-04-05", 2025), ("2026-04-06", 2026), ("2027-04-05", 2026)])
def test_a_day_before_the_start_belongs_to_the_year_before(day, label):
    assert find_year("04-06", date.fromisoformat(day)).label == label


def test_figures_by_calendar_month_make_the_year_start_on_the_first_of_the_month():
    assert find_year("04-06", date(2026, 4, 2), whole_months=True).first == date(2026, 4, 1)


def test_a_month_without_the_31st_starts_on_its_last_day():
    months = open_year("01-31", 2026).months

    assert [str(first) for first, _ in months[:4]] == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]
    assert open_year("01-31", 2026).previous == open_year("01-31", 2025)


@given(STARTS, st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.booleans())
def test_every_day_lies_in_one_year_whose_months_follow_each_other_without_a_gap(start, day, whole_months):
    year = find_year(start, day, whole_months=whole_months)

    assert year.holds(day)
    assert year == open_year(start, year.label, whole_months=whole_months)
    assert year.previous.last + timedelta(days=1) == year.first
    assert (year.months[0][0], year.months[-1][1], len(year.months)) == (year.first, year.last, 12)
    assert all(after[0] - before[1] == timedelta(days=1) for before, after in zip(year.months, year.months[1:]))
    assert all(first <= last for first, last in year.months)
