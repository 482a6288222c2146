"""The clock of an agreement: time between two instants, and an instant so much later or earlier.

Instants are whole microseconds since 1970 in UTC, as integer arrays. ``docs/service-levels.md`` says what the four
clocks count.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

import numpy as np
import numpy.typing as npt

from mopsnb.analysis.service.spans import DAY, HOUR, Ints, Spans, lay_out
from mopsnb.analysis.service.timetable import Timetable
from mopsnb.errors import StrategyError

Clock = Literal["business_hours", "business_days", "hours", "days"]
Floats = npt.NDArray[np.float64]
UNITS: dict[str, str] = {
    "business_hours": "business hours",
    "business_days": "business days",
    "hours": "hours",
    "days": "days",
}
FIRST_YEAR, LAST_YEAR = 1900, 2199
_AROUND = {"hours": HOUR, "days": DAY}  # a day around the clock is 24 hours, also where the clocks change


def measure_time(timetable: Timetable, clock: Clock, start: Ints, end: Ints) -> Floats:
    """Return how much time of a clock lies between instants.

    A request that arrives while it is closed counts as arriving when it opens again. A business day is the opening
    hours of one date: half of them are half a day.

    Parameters
    ----------
    timetable
        When the teams work. The clocks ``hours`` and ``days`` do not need it.
    clock
        What is counted.
    start, end
        Instants, shapes (n,). An end before its start gives a negative time.

    Returns
    -------
    numpy.ndarray
        Shape (n,), in units of the clock.

    Raises
    ------
    StrategyError
        An instant lies before 1900 or after 2199.
    """
    if clock in _AROUND:
        return np.asarray((end - start) / _AROUND[clock])
    if not len(start):
        return np.empty(0)
    spans = _cover(timetable, int(min(start.min(), end.min())), int(max(start.max(), end.max())))
    if clock == "business_hours":
        return np.asarray((_open_time(spans, end) - _open_time(spans, start)) / HOUR)
    (day_from, share_from), (day_to, share_to) = _business_day(spans, start), _business_day(spans, end)
    return np.asarray((day_to - day_from) + (share_to - share_from))


def add_time(timetable: Timetable, clock: Clock, start: Ints, amount: Floats) -> Ints:
    """Return the first instants by which so much time of a clock has gone by.

    Parameters
    ----------
    timetable, clock
        As for `measure_time`.
    start
        Instants, shape (n,).
    amount
        Units of the clock, 0 or more, shape (n,). For 0 the instant itself comes back.

    Raises
    ------
    StrategyError
        It never opens again before the year 2200.
    """
    return _move(timetable, clock, start, amount, forward=True)


def take_time(timetable: Timetable, clock: Clock, end: Ints, amount: Floats) -> Ints:
    """Return the last instants from which so much time of a clock goes by until ``end``: when to start.

    Parameters
    ----------
    timetable, clock, amount
        As for `add_time`.
    end
        Instants, shape (n,).

    Raises
    ------
    StrategyError
        It was never open that long since 1900.
    """
    return _move(timetable, clock, end, amount, forward=False)


def _move(timetable: Timetable, clock: Clock, origin: Ints, amount: Floats, *, forward: bool) -> Ints:
    amount = np.asarray(amount, dtype=np.float64)
    if clock in _AROUND:
        return np.asarray(origin + np.rint(amount * _AROUND[clock] * (1 if forward else -1)).astype(np.int64))
    if not len(origin):
        return np.empty(0, dtype=np.int64)
    low, high = int(origin.min()), int(origin.max())
    seek = _seek_hours if clock == "business_hours" else _seek_days
    margin = 30 * DAY
    while True:
        spans = _cover(timetable, low if forward else low - margin, high + margin if forward else high)
        place, is_found = seek(spans, origin, amount, forward=forward)
        if is_found.all():
            return np.where(amount == 0, origin, place)
        margin *= 4


def _seek_hours(spans: Spans, origin: Ints, amount: Floats, *, forward: bool) -> tuple[Ints, npt.NDArray[np.bool_]]:
    step = np.rint(amount * HOUR).astype(np.int64)
    target = _open_time(spans, origin) + (step if forward else -step)
    after = spans.before + (spans.ends - spans.starts)
    if forward:
        index = np.searchsorted(after, target, side="left")
    else:
        index = np.searchsorted(spans.before, target, side="right") - 1
    is_found = (index >= 0) & (index < len(after)) & (target >= 0)
    index = np.clip(index, 0, len(after) - 1)
    return np.asarray(spans.starts[index] + target - spans.before[index]), is_found


def _seek_days(spans: Spans, origin: Ints, amount: Floats, *, forward: bool) -> tuple[Ints, npt.NDArray[np.bool_]]:
    day, share = _business_day(spans, origin)
    whole = np.floor(amount).astype(np.int64)
    rest = amount - whole
    if forward:
        # The end of a day is its share 1, not the share 0 of the next: the first instant that has it all.
        reached = share + rest
        over = np.ceil(reached - 1e-12).astype(np.int64) - 1
        day, share = day + whole + over, reached - over
    else:
        reached = share - rest
        over = np.floor(reached + 1e-12).astype(np.int64)
        day, share = day - whole + over, reached - over
    last = int(spans.day[-1]) if len(spans.day) else -1
    is_found = (day >= 0) & (day <= last)
    day = np.clip(day, 0, max(last, 0))
    lead = np.searchsorted(spans.day, day, side="left")
    inside = np.rint(np.clip(share, 0, 1) * spans.day_length[lead]).astype(np.int64)
    target = spans.before[lead] + inside
    if forward:
        index = np.searchsorted(spans.before + (spans.ends - spans.starts), target, side="left")
    else:
        index = np.searchsorted(spans.before, target, side="right") - 1
    index = np.clip(index, 0, len(spans.before) - 1)
    return np.asarray(spans.starts[index] + target - spans.before[index]), is_found


def _open_time(spans: Spans, instants: Ints) -> Ints:
    """Return the open time from the first stretch up to instants."""
    index = np.searchsorted(spans.starts, instants, side="right") - 1
    known = np.maximum(index, 0)
    inside = np.minimum(instants, spans.ends[known]) - spans.starts[known]
    return np.asarray(np.where(index >= 0, spans.before[known] + inside, 0))


def _business_day(spans: Spans, instants: Ints) -> tuple[Ints, Floats]:
    """Return the business day in or after which instants lie, and what share of it is over: 0 up to 1, 1 left out."""
    index = np.searchsorted(spans.starts, instants, side="right") - 1
    known = np.maximum(index, 0)
    inside = spans.before_today[known] + np.minimum(instants, spans.ends[known]) - spans.starts[known]
    length = spans.day_length[known]
    is_over = inside >= length
    day = np.where(index < 0, 0, spans.day[known] + is_over)
    share = np.where((index < 0) | is_over, 0.0, inside / length)
    return np.asarray(day, dtype=np.int64), np.asarray(share)


def _cover(timetable: Timetable, low: int, high: int) -> Spans:
    """Return the stretches of all years that hold two instants, and a little more."""
    years = [(np.datetime64(moment, "us").astype("datetime64[Y]").astype(int) + 1970) for moment in (low, high)]
    first, last = int(years[0]) - 1, int(years[1]) + 1
    if first < FIRST_YEAR or last > LAST_YEAR:
        moment = datetime.fromtimestamp((low if first < FIRST_YEAR else high) / 1e6, UTC)
        raise StrategyError(
            f"Business time reaches to the year {moment.year}; calendars are known from {FIRST_YEAR} to {LAST_YEAR}. "
            "Check the dates of the table service_event and of the event, and opening hours of strategy.yml."
        )
    return lay_out(timetable, first, last)
