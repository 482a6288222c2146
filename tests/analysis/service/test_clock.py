"""The business clock in cases worked out by hand, and the calendar behind it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from service_samples import NINE_TO_FIVE, make_strategy, make_timetable, to_instant, to_moment

from mopsnb.analysis.service import Timetable, add_time, measure_time, read_timetable, take_time
from mopsnb.analysis.service.timetable import list_holidays
from mopsnb.errors import StrategyError
from mopsnb.strategy import OpeningHours

BERLIN = Timetable("Europe/Berlin", (NINE_TO_FIVE,) * 5 + ((), ()), "DE")


def local(text: str, zone: str = "Europe/Berlin") -> np.ndarray:
    moment = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(zone))
    return np.array([to_instant(moment.astimezone(UTC))])


def write(instants: np.ndarray, zone: str = "Europe/Berlin") -> str:
    return f"{to_moment(instants[0]).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def measure(clock: str, start: str, end: str, timetable: Timetable = BERLIN) -> float:
    zone = timetable.time_zone
    return float(measure_time(timetable, clock, local(start, zone), local(end, zone))[0])


@pytest.mark.parametrize(
    ("clock", "start", "end", "expected"),
    [
        ("business_hours", "2026-06-08 10:00", "2026-06-08 12:30", 2.5),
        ("business_hours", "2026-06-05 16:00", "2026-06-08 12:00", 4),  # over a weekend
        ("business_hours", "2026-06-05 19:00", "2026-06-08 10:00", 1),  # asked after hours: Monday, 9:00
        ("business_hours", "2026-05-13 16:00", "2026-05-15 10:00", 2),  # May 14, 2026 is Ascension Day
        ("business_hours", "2026-03-27 16:00", "2026-03-30 10:00", 2),  # the clocks change on the Sunday
        ("business_hours", "2026-04-02 16:30", "2026-04-07 09:15", 0.75),  # Good Friday to Easter Monday
        ("business_days", "2026-06-09 15:00", "2026-06-11 15:00", 2),
        ("business_days", "2026-06-05 08:00", "2026-06-08 17:00", 2),
        ("business_days", "2026-06-06 12:00", "2026-06-07 12:00", 0),  # Saturday to Sunday
        ("business_days", "2026-06-08 09:00", "2026-06-08 11:00", 0.25),
        ("hours", "2026-03-28 12:00", "2026-03-29 12:00", 23),  # an hour is skipped that night
        ("days", "2026-10-24 12:00", "2026-10-25 11:00", 1),  # and one is repeated: 24 hours are over at 11
    ],
)
def test_time_between_two_moments(clock: str, start: str, end: str, expected: float) -> None:
    assert measure(clock, start, end) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("clock", "start", "amount", "expected"),
    [
        ("business_hours", "2026-06-05 16:00", 4, "2026-06-08 12:00"),
        ("business_hours", "2026-06-05 16:00", 1, "2026-06-05 17:00"),  # the end of the day, not the next morning
        ("business_hours", "2026-06-06 12:00", 0, "2026-06-06 12:00"),
        ("business_days", "2026-06-09 15:00", 2, "2026-06-11 15:00"),
        ("business_days", "2026-05-13 12:00", 1, "2026-05-15 12:00"),
        ("business_days", "2026-06-05 18:00", 5, "2026-06-12 17:00"),
        ("hours", "2026-03-28 12:00", 24, "2026-03-29 13:00"),
    ],
)
def test_when_time_is_over(clock: str, start: str, amount: float, expected: str) -> None:
    assert write(add_time(BERLIN, clock, local(start), np.array([amount]))) == expected


def test_a_webinar_in_45_business_days_starts_where_a_paper_calendar_says() -> None:
    # December 8, 2026 in the United States: 45 weekdays before it are October 6, and three of the days between are
    # holidays (Columbus Day, Veterans Day, Thanksgiving), so it is October 1.
    usa = make_timetable("America/New_York", holidays="US")
    start = take_time(usa, "business_days", local("2026-12-08 00:00", usa.time_zone), np.array([45.0]))
    assert write(start, usa.time_zone) == "2026-10-01 09:00"
    assert write(add_time(usa, "business_days", start, np.array([45.0])), usa.time_zone) == "2026-12-07 17:00"


def test_a_promise_far_ahead_reaches_as_many_years_as_it_needs() -> None:
    # The years 2027 to 2036 have 2,609 weekdays.
    weekdays = int(np.busday_count("2027-01-01", "2037-01-01"))
    end = add_time(make_timetable(), "business_days", local("2027-01-01 00:00", "UTC"), np.array([float(weekdays)]))
    assert (weekdays, write(end, "UTC")) == (2609, "2036-12-31 17:00")


def test_business_days_without_holidays_are_those_that_numpy_counts() -> None:
    generator = np.random.default_rng(3)
    days = np.sort(np.datetime64("2024-01-01") + generator.integers(0, 1500, (300, 2)), axis=1)
    instants = days.astype("datetime64[us]").astype(np.int64)
    found = measure_time(make_timetable(), "business_days", instants[:, 0], instants[:, 1])
    assert found.tolist() == np.busday_count(days[:, 0], days[:, 1]).tolist()


def test_a_change_of_the_wall_clock_inside_opening_hours_counts_the_time_that_was_there() -> None:
    nights = Timetable("Europe/Berlin", (((0, 480),),) * 7)  # 0:00 to 8:00 on every day
    assert measure("business_hours", "2026-03-29 00:00", "2026-03-29 08:00", nights) == 7
    assert measure("business_hours", "2026-10-25 00:00", "2026-10-25 08:00", nights) == 9
    assert measure("business_days", "2026-03-29 00:00", "2026-03-29 08:00", nights) == 1
    assert measure("business_days", "2026-10-24 12:00", "2026-10-25 08:00", nights) == 1


def test_a_short_friday_is_one_business_day_and_its_hours_are_its_own() -> None:
    short = Timetable("UTC", (NINE_TO_FIVE,) * 4 + (((540, 660),), (), ()))
    assert measure("business_days", "2026-06-04 09:00", "2026-06-05 11:00", short) == 2
    assert measure("business_days", "2026-06-05 10:00", "2026-06-08 09:00", short) == 0.5
    assert measure("business_hours", "2026-06-05 10:00", "2026-06-08 10:00", short) == 2
    assert short.day_hours == pytest.approx((4 * 8 + 2) / 5)


def test_hundred_thousand_requests_are_laid_out_over_one_calendar() -> None:
    # No time is taken: all of them are one pass over arrays, and a sample of them agrees with one by one.
    generator = np.random.default_rng(5)
    start = generator.integers(1_600_000_000, 1_780_000_000, 100_000) * 1_000_000
    end = start + generator.integers(0, 90 * 86_400, 100_000) * 1_000_000
    found = measure_time(BERLIN, "business_hours", start, end)
    some = generator.integers(0, 100_000, 50)
    alone = [measure_time(BERLIN, "business_hours", start[[place]], end[[place]])[0] for place in some]
    assert found[some].tolist() == alone


def test_the_week_closed_days_and_holidays_come_from_the_strategy() -> None:
    hours = OpeningHours(monday="09:00-12:00, 13:00-17:30", saturday="10:00-14:00")
    more = {"time_zone": "Europe/Berlin", "holidays": "DE-BY", "closed_on": [date(2026, 6, 8)]}
    timetable = read_timetable(make_strategy(opening_hours=hours, **more))
    assert timetable.week == (((540, 720), (780, 1050)), (), (), (), (), ((600, 840),), ())
    assert measure("business_hours", "2026-06-06 00:00", "2026-06-16 00:00", timetable) == 4 + 4 + 7.5
    assert read_timetable(make_strategy()).week == (NINE_TO_FIVE,) * 5 + ((), ())


def test_holidays_are_those_of_the_region_as_observed() -> None:
    # Public lists: Corpus Christi (June 4, 2026) is a holiday in Bavaria and not in Berlin. July 4, 2026 is a Saturday,
    # so federal offices are closed on Friday; https://www.opm.gov/policy-data-oversight/pay-leave/federal-holidays/
    assert date(2026, 6, 4) in list_holidays("DE-BY", [2026])
    assert date(2026, 6, 4) not in list_holidays("DE-BE", [2026])
    assert date(2026, 7, 3) in list_holidays("US", [2026])
    assert list_holidays("", [2026]) == frozenset()


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("DE-XX", r"organization.holidays: found DE-XX, expected a region whose public holidays are known \(DE-BB,"),
        ("EU", r"found EU, expected a country .* known \(AD, AE, .*Leave the key out, .*organization.closed_on"),
    ],
)
def test_a_country_or_region_without_a_calendar_is_refused(place: str, message: str) -> None:
    with pytest.raises(StrategyError, match=message):
        read_timetable(make_strategy(holidays=place))


def test_time_beyond_all_calendars_is_refused_with_the_year() -> None:
    with pytest.raises(StrategyError, match="reaches to the year 2250; calendars are known from 1900 to 2199"):
        measure("business_hours", "2026-06-05 16:00", "2250-06-01 00:00")
    with pytest.raises(StrategyError, match="Check the dates of the table service_event"):
        add_time(BERLIN, "business_days", local("2026-06-05 16:00"), np.array([1e6]))


def test_no_requests_take_no_time() -> None:
    nothing = np.empty(0, dtype=np.int64)
    assert measure_time(BERLIN, "business_days", nothing, nothing).shape == (0,)
    assert add_time(BERLIN, "business_hours", nothing, np.empty(0)).shape == (0,)
