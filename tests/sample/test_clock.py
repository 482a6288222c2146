"""Time in the sample, checked against the standard library and minute-by-minute counting."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mopsnb.sample import clock

NEW_YORK = ZoneInfo("America/New_York")
FIRST = int(datetime(2023, 10, 1, tzinfo=NEW_YORK).timestamp())
LAST = int(datetime(2026, 12, 31, tzinfo=NEW_YORK).timestamp())
OBSERVED_2026 = {
    date(2026, 1, 1), date(2026, 1, 19), date(2026, 2, 16), date(2026, 5, 25), date(2026, 6, 19), date(2026, 7, 3),
    date(2026, 9, 7), date(2026, 10, 12), date(2026, 11, 11), date(2026, 11, 26), date(2026, 12, 25),
}  # fmt: skip


@given(st.integers(FIRST, LAST))
@settings(max_examples=300, deadline=None)
def test_an_instant_has_the_local_day_that_the_time_zone_database_gives(instant: int) -> None:
    expected = datetime.fromtimestamp(instant, NEW_YORK)
    seconds = int(clock.to_local(np.array([instant]))[0])
    assert clock.date_of(seconds // 86_400) == expected.date()
    assert seconds % 86_400 == expected.hour * 3_600 + expected.minute * 60 + expected.second


@given(st.integers(0, clock.DAYS - 1), st.integers(3 * 3_600, 86_399))
@settings(max_examples=300, deadline=None)
def test_a_local_time_outside_the_hours_of_a_clock_change_goes_to_utc_and_back(day: int, second: int) -> None:
    instant = clock.to_utc(np.array([day]), np.array([second]))
    assert clock.to_local(instant)[0] == day * 86_400 + second


@pytest.mark.parametrize(
    ("year", "month", "day", "hours"), [(2024, 3, 10, 23), (2024, 11, 3, 25), (2025, 3, 9, 23), (2026, 7, 4, 24)]
)
def test_days_of_a_clock_change_have_their_true_length(year: int, month: int, day: int, hours: int) -> None:
    number = clock.day_of(date(year, month, day))
    length = clock.to_utc(np.array([number + 1]), 0) - clock.to_utc(np.array([number]), 0)
    assert length[0] == hours * 3_600


def test_federal_holidays_are_those_observed_on_weekdays() -> None:
    assert set(clock.federal_holidays(2026)) == OBSERVED_2026
    assert date(2023, 11, 10) in clock.federal_holidays(2023)  # Veterans Day fell on a Saturday


def count_minutes(start: int, end: int) -> int:
    """Count whole minutes between two instants that begin within business hours, one by one."""
    minute, found = datetime.fromtimestamp(start, UTC), 0
    while minute.timestamp() < end:
        here = minute.astimezone(NEW_YORK)
        is_open = here.weekday() < 5 and here.date() not in clock.federal_holidays(here.year)
        found += is_open and 9 <= here.hour < 17
        minute += timedelta(minutes=1)
    return found


@given(st.integers(FIRST // 60, LAST // 60 - 12_000), st.integers(1, 11_000))
@settings(max_examples=25, deadline=None)
def test_business_minutes_equal_counting_them_one_by_one(start_minute: int, length: int) -> None:
    start, end = start_minute * 60, (start_minute + length) * 60
    elapsed = clock.business_minutes(np.array([start, end]))
    assert elapsed[1] - elapsed[0] == count_minutes(start, end)


@given(st.integers(FIRST, LAST), st.floats(1.0, 5_000.0))
@settings(max_examples=300, deadline=None)
def test_adding_business_minutes_lands_in_business_hours_that_many_minutes_later(start: int, minutes: float) -> None:
    begin = np.array([start])
    end = clock.add_business_minutes(begin, np.array([minutes]))
    assert clock.business_minutes(end)[0] - clock.business_minutes(begin)[0] == pytest.approx(minutes, abs=0.02)
    second = int(clock.to_local(end)[0]) % 86_400
    assert 9 * 3_600 <= second <= 17 * 3_600
    assert clock.is_business_day(clock.local_day(end))[0]


def test_months_are_counted_from_the_first_month_of_data() -> None:
    days = np.array([0, 30, 31, clock.KNOWN_DAYS - 1])
    assert [clock.month_name(m) for m in clock.month_of_day(days)] == ["2023-10", "2023-10", "2023-11", "2026-09"]
