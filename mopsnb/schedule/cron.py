"""Cron expressions: five fields, read by cronsim."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from cronsim import CronSim, CronSimError

_MACROS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * SUN",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_LIMITS = {
    "minute": "Minutes go from 0 to 59.",
    "hour": "Hours go from 0 to 23.",
    "day-of-month": "Days go from 1 to 31; L is the last day, LW the last one from Monday to Friday."
    " The months named must have such a day.",
    "month": "Months go from 1 to 12, or JAN to DEC.",
    "day-of-week": "Weekdays go from 0 (Sunday) to 7 (Sunday), or SUN to SAT; MON#1 is the first Monday,"
    " 5L the last Friday. A range goes upwards: MON-SUN is 1-7.",
}
_POINT = re.compile(r"\b(\w+)-\1/\d+")  # a range of one with a step: crons do not agree on what it means
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression, read.

    Parameters
    ----------
    text
        The expression, one blank between two fields, names in capital letters.
    minutes, hours, months
        What the fields stand for.
    matcher
        Knows which days the expression means.
    """

    text: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    months: frozenset[int]
    matcher: Any

    @property
    def is_hourly(self) -> bool:
        """Whether it names no hour, so that it goes by the time that passes and not by the clock on the wall."""
        return len(self.hours) == 24

    @property
    def fields(self) -> tuple[str, str, str, str, str]:
        """Minute, hour, day of the month, month and weekday, as text."""
        minute, hour, day, month, weekday = self.text.split()
        return minute, hour, day, month, weekday

    def is_on(self, day: date) -> bool:
        """Tell whether the expression means this day."""
        return day.month in self.months and bool(self.matcher.match_day(day))

    def explain(self) -> str:
        """Return the expression in words, for example ``At 06:00 on Monday``."""
        return str(self.matcher.explain())


@cache
def read_cron(text: str) -> Cron:
    """Read an expression.

    Parameters
    ----------
    text
        Minute, hour, day of the month, month, weekday.

    Raises
    ------
    ValueError
        It is none. The text says how to put it right.

    Examples
    --------
    >>> read_cron("30 6 * * mon-fri").explain()
    'At 06:30 on Monday through Friday'
    """
    fields = text.upper().split()
    if text.casefold() in _MACROS:
        raise ValueError(f'Write "{_MACROS[text.casefold()]}" instead of {text}.')
    if len(fields) != 5:
        count = f"{len(fields)} field" + ("" if len(fields) == 1 else "s")
        more = " There is no field for seconds." if len(fields) == 6 else ""
        raise ValueError(f"It has {count}, not five: minute, hour, day of the month, month, weekday.{more}")
    joined = " ".join(fields)
    point = _POINT.search(joined)
    if point:
        raise ValueError(f"Write {point[1]} instead of {point[0]}.")
    try:
        matcher: Any = CronSim(joined, _SOME_DAY)
    except CronSimError as error:
        raise ValueError(_LIMITS[str(error).removeprefix("Bad ")]) from error
    if next(matcher, None) is None:
        raise ValueError("No calendar has such a day.")
    return Cron(
        joined, tuple(sorted(matcher.minutes)), tuple(sorted(matcher.hours)), frozenset(matcher.months), matcher
    )
