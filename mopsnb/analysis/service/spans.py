"""The stretches of time in which it is open, as instants in UTC.

It is open at an instant when the local wall clock then shows a time within the opening hours of the local date, and the
date is not closed. So an hour that daylight saving skips is not there, and one that it repeats is there twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from mopsnb.analysis.service.timetable import Timetable, list_holidays

Ints = npt.NDArray[np.int64]
SECOND = 1_000_000  # instants are whole microseconds since 1970 in UTC
MINUTE, HOUR, DAY = 60 * SECOND, 3_600 * SECOND, 86_400 * SECOND
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Spans:
    """Open stretches in time order, shape (n,) each; microseconds.

    Parameters
    ----------
    starts, ends
        Instants in UTC; the end is not part of the stretch.
    before
        Open time in all earlier stretches.
    day
        Which business day it belongs to, counted from 0.
    before_today
        Open time of its business day before it.
    day_length
        Open time of its whole business day.
    """

    starts: Ints
    ends: Ints
    before: Ints
    day: Ints
    before_today: Ints
    day_length: Ints


@lru_cache(maxsize=16)
def lay_out(timetable: Timetable, first_year: int, last_year: int) -> Spans:
    """Return the open stretches of some years.

    Parameters
    ----------
    timetable
        When the teams work.
    first_year, last_year
        Both are included.
    """
    zone = ZoneInfo(timetable.time_zone)
    dates = np.arange(_day_number(date(first_year, 1, 1)), _day_number(date(last_year + 1, 1, 1)), dtype=np.int64)
    days_off = list_holidays(timetable.holidays, range(first_year, last_year + 2)) | set(timetable.closed_on)
    closed = np.isin(dates, [_day_number(day) for day in days_off])
    starts, ends, days = [], [], []
    for begins, stops, offset in _list_offsets(zone, first_year, last_year):
        here = dates[(dates * DAY < stops + offset) & ((dates + 1) * DAY > begins + offset)]
        is_closed = closed[here - dates[0]]
        for weekday, hours in enumerate(timetable.week):
            mine = here[((here + 3) % 7 == weekday) & ~is_closed]  # January 1, 1970 was a Thursday
            for opens, closes in hours:
                starts.append(np.maximum(mine * DAY + opens * MINUTE - offset, begins))
                ends.append(np.minimum(mine * DAY + closes * MINUTE - offset, stops))
                days.append(mine)
    return _order(np.concatenate(starts), np.concatenate(ends), np.concatenate(days))


def find_midnight(day: date, time_zone: str) -> int:
    """Return the instant at which a local day begins."""
    moment = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _order(starts: Ints, ends: Ints, days: Ints) -> Spans:
    kept = ends > starts
    order = np.argsort(starts[kept], kind="stable")
    starts, ends, days = starts[kept][order], ends[kept][order], days[kept][order]
    lengths = ends - starts
    # A clock set back over midnight returns to the day before for an hour: that hour counts to the day it left.
    days = np.maximum.accumulate(days) if len(days) else days
    number = np.cumsum(np.diff(days, prepend=days[:1]) > 0)
    before = np.cumsum(lengths) - lengths
    first_of_day = np.searchsorted(number, number, side="left")
    totals = np.bincount(number, weights=lengths).astype(np.int64) if len(number) else lengths
    return Spans(
        starts=starts,
        ends=ends,
        before=before,
        day=number.astype(np.int64),
        before_today=before - before[first_of_day],
        day_length=totals[number] if len(number) else lengths,
    )


def _list_offsets(zone: ZoneInfo, first_year: int, last_year: int) -> Iterator[tuple[int, int, int]]:
    """Yield stretches with one distance to UTC: from, to, and what to add to UTC to get local time."""
    moment = datetime(first_year, 1, 1, tzinfo=UTC) - timedelta(days=2)
    stop = datetime(last_year + 1, 1, 1, tzinfo=UTC) + timedelta(days=2)
    begins, offset = moment, _offset(zone, moment)
    while moment < stop:
        after = moment + timedelta(days=1)
        if _offset(zone, after) != offset:
            turn = _find_turn(zone, moment, after)
            yield _instant(begins), _instant(turn), offset * SECOND
            begins, offset = turn, _offset(zone, after)
        moment = after
    yield _instant(begins), _instant(stop), offset * SECOND


def _find_turn(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Return the second at which the distance to UTC changes, by halving."""
    old = _offset(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _offset(zone, middle) == old else (low, middle)
    return high


def _offset(zone: ZoneInfo, moment: datetime) -> int:
    distance = moment.astimezone(zone).utcoffset()
    return int(distance.total_seconds()) if distance is not None else 0


def _instant(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _day_number(day: date) -> int:
    return (day - _EPOCH).days
