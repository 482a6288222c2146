"""Time in the sample: local days, UTC seconds, months and business hours.

The company works in one time zone. Days are counted from ``START`` (day 0); instants are whole
seconds since 1970 in UTC, as integer arrays. Nothing here reads the wall clock.

The simulation runs to ``HORIZON``; the files hold what was known on ``END``, and the truth what came after it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

TIME_ZONE = "America/New_York"
START = date(2023, 10, 1)  # first day of ads, email, web and pipeline data
END = date(2026, 9, 30)  # last day of data
HORIZON = date(2026, 12, 31)  # the simulation goes on to here, so that the truth knows how the year ends
CONTACTS_FROM = date(2021, 10, 1)  # the oldest contact that was carried into the system
KNOWN_DAYS = (END - START).days + 1
DAYS = (HORIZON - START).days + 1
KNOWN_MONTHS, MONTHS = 36, 39
OPENS, CLOSES = 9 * 60, 17 * 60  # business hours, minutes after local midnight
DAY_MINUTES = CLOSES - OPENS
_EPOCH = date(1970, 1, 1)
_EPOCH_DAY = (START - _EPOCH).days
_FIRST, _LAST = -1100, DAYS + 800  # the local days that the tables below cover


def day_of(value: date) -> int:
    """Return a date's number, counted from ``START``."""
    return (value - START).days


def date_of(day: int) -> date:
    """Return the date with this number."""
    return START + timedelta(days=int(day))


def epoch_days(days: Ints) -> Ints:
    """Return days since 1970, as Parquet's date32 wants them."""
    return days + _EPOCH_DAY


@cache
def _offsets(from_utc: bool) -> Ints:
    """Return the seconds to add to UTC to get local time, for each hour (UTC or local) covered."""
    zone = ZoneInfo(TIME_ZONE)
    utc = ZoneInfo("UTC")
    first = datetime.combine(date_of(_FIRST), datetime.min.time())
    offsets = []
    for hour in range((_LAST - _FIRST) * 24):
        moment = first + timedelta(hours=hour)
        aware = moment.replace(tzinfo=utc).astimezone(zone) if from_utc else moment.replace(tzinfo=zone)
        offset = aware.utcoffset()
        offsets.append(int(offset.total_seconds()) if offset is not None else 0)
    return np.array(offsets, dtype=np.int64)


def to_utc(day: Ints | int, second: Ints | float) -> Ints:
    """Return the UTC instants of local days and seconds of the day (which may exceed a day)."""
    local = np.asarray(day, dtype=np.int64) * 86_400 + np.asarray(second).astype(np.int64)
    hour = local // 3_600 - _FIRST * 24
    return np.asarray(local + _EPOCH_DAY * 86_400 - _offsets(False)[hour], dtype=np.int64)


def to_local(instant: Ints) -> Ints:
    """Return local seconds since the midnight that begins day 0."""
    utc = np.asarray(instant, dtype=np.int64) - _EPOCH_DAY * 86_400
    return np.asarray(utc + _offsets(True)[utc // 3_600 - _FIRST * 24], dtype=np.int64)


def local_day(instant: Ints) -> Ints:
    """Return the local day of each instant."""
    return to_local(instant) // 86_400


@cache
def _month_of_day() -> Ints:
    months = [(d.year - START.year) * 12 + d.month - START.month for d in map(date_of, range(_FIRST, _LAST))]
    return np.array(months, dtype=np.int64)


def month_of_day(day: Ints) -> Ints:
    """Return each day's month, counted from October 2023 (month 0)."""
    return np.asarray(_month_of_day()[np.asarray(day) - _FIRST], dtype=np.int64)


def month_name(month: int) -> str:
    """Return ``YYYY-MM`` for a month's number.

    Examples
    --------
    >>> month_name(0), month_name(35)
    ('2023-10', '2026-09')
    """
    years, index = divmod(START.month - 1 + month, 12)
    return f"{START.year + years}-{index + 1:02d}"


@cache
def calendar_month() -> Ints:
    """Return the calendar month (0 January … 11 December) of each simulated day, shape (DAYS,)."""
    return np.array([date_of(day).month - 1 for day in range(DAYS)], dtype=np.int64)


@cache
def weekday() -> Ints:
    """Return the weekday (0 Monday) of each simulated day, shape (DAYS,)."""
    return np.array([date_of(day).weekday() for day in range(DAYS)], dtype=np.int64)


FIRST_INSTANT = int(to_utc(0, 0))
LAST_INSTANT = int(to_utc(KNOWN_DAYS, 0)) - 1
HORIZON_INSTANT = int(to_utc(DAYS, 0)) - 1


def _nth(year: int, month: int, weekday_number: int, nth: int) -> date:
    """Return the nth weekday of a month; -1 is the last."""
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday_number - first.weekday()) % 7 + 7 * (nth - 1))
    last = date(year, month + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday_number) % 7)


def federal_holidays(year: int) -> dict[date, str]:
    """Return the federal holidays of the United States as observed: Saturday moves to Friday, Sunday to Monday."""
    fixed = {
        date(year, 1, 1): "New Year's Day",
        date(year, 6, 19): "Juneteenth",
        date(year, 7, 4): "Independence Day",
        date(year, 11, 11): "Veterans Day",
        date(year, 12, 25): "Christmas Day",
    }
    shift = {5: -1, 6: 1}
    observed = {day + timedelta(days=shift.get(day.weekday(), 0)): name for day, name in fixed.items()}
    return dict(
        sorted(
            (
                observed
                | {
                    _nth(year, 1, 0, 3): "Martin Luther King Jr. Day",
                    _nth(year, 2, 0, 3): "Presidents' Day",
                    _nth(year, 5, 0, -1): "Memorial Day",
                    _nth(year, 9, 0, 1): "Labor Day",
                    _nth(year, 10, 0, 2): "Columbus Day",
                    _nth(year, 11, 3, 4): "Thanksgiving",
                }
            ).items()
        )
    )


@cache
def _business_days_before() -> Ints:
    """Return how many business days lie before each covered day; one entry more than days."""
    holidays = {day for year in range(START.year - 4, END.year + 4) for day in federal_holidays(year)}
    days = [date_of(day) for day in range(_FIRST, _LAST)]
    open_days = [day.weekday() < 5 and day not in holidays for day in days]
    return np.concatenate([[0], np.cumsum(open_days)]).astype(np.int64)


def is_business_day(day: Ints) -> Bools:
    """Return whether each local day is Monday to Friday and no federal holiday."""
    before = _business_days_before()
    index = np.asarray(day) - _FIRST
    return np.asarray(before[index + 1] > before[index])


def business_minutes(instant: Ints) -> Floats:
    """Return business minutes since a fixed origin; differences of two are elapsed business time."""
    local = to_local(instant)
    day, minute = local // 86_400, (local % 86_400) / 60
    within = np.where(is_business_day(day), np.clip(minute - OPENS, 0, DAY_MINUTES), 0)
    return np.asarray(_business_days_before()[day - _FIRST] * DAY_MINUTES + within, dtype=np.float64)


def add_business_minutes(instant: Ints, minutes: Floats) -> Ints:
    """Return the instants that lie so many business minutes later."""
    total = business_minutes(instant) + np.maximum(minutes, 0.5)
    full = np.ceil(total / DAY_MINUTES).astype(np.int64) - 1
    day = np.searchsorted(_business_days_before(), full, side="right") - 1 + _FIRST
    return to_utc(day, ((OPENS + total - full * DAY_MINUTES) * 60).astype(np.int64))
