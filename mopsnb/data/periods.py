"""Spans of time by which figures are broken down: weeks, months, quarters, fiscal years, and to date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from mopsnb.strategy.fiscal import find_year, open_year

GRAINS = ("week", "month", "quarter", "fiscal_quarter", "fiscal_year")
TO_DATE = "to_date"
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days.

    Parameters
    ----------
    label
        The first day of the week, month, quarter or year, whether or not the span begins with it.
    first
        The first day that counts.
    after
        The first day that does not count any more.
    is_whole
        Whether nothing is cut off at either end.
    name
        For a span to date: ``year``, ``quarter`` or ``month``.
    is_last_year
        For a span to date: whether it is the one of the year before.
    """

    label: date
    first: date
    after: date
    is_whole: bool = True
    name: str = ""
    is_last_year: bool = False

    @property
    def last(self) -> date:
        """The last day that counts."""
        return self.after - timedelta(days=1)


def list_periods(grain: str, first: date, after: date, fiscal_start: str = "01-01") -> list[Period]:
    """Return the periods of a grain that hold days of a range, in order; those at its ends are cut.

    Parameters
    ----------
    grain
        One of `GRAINS`, or ``total`` for the whole range. Weeks begin on Monday (ISO 8601).
    first, after
        The first day of the range, and the first one behind it.
    fiscal_start
        The day on which a fiscal year starts, as ``MM-DD``.

    Examples
    --------
    >>> [str(period.label) for period in list_periods("quarter", date(2026, 2, 1), date(2026, 5, 1))]
    ['2026-01-01', '2026-04-01']
    """
    if first >= after:
        return []
    if grain == TOTAL:
        return [Period(first, first, after)]
    found = []
    for begin, end in pairwise(_list_starts(grain, first, fiscal_start)):
        if begin >= after:
            break
        if end > first:
            found.append(Period(begin, max(begin, first), min(end, after), begin >= first and end <= after))
    return found


def list_to_date(first: date, after: date, fiscal_start: str = "01-01") -> list[Period]:
    """Return the fiscal year, fiscal quarter and month up to a day, each with the same span a year before.

    Parameters
    ----------
    first
        The first day with data; what lies before it is cut off, and the span is then not whole.
    after
        The day behind the last one that counts.
    fiscal_start
        The day on which a fiscal year starts, as ``MM-DD``.
    """
    last = after - timedelta(days=1)
    year = find_year(fiscal_start, last)
    quarter = max(span[0] for span in year.months[::3] if span[0] <= last)
    before = year.previous.months[[span[0] for span in year.months].index(quarter)][0]
    month = last.replace(day=1)
    starts = {"year": (year.first, year.previous.first), "quarter": (quarter, before), "month": (month, _back(month))}
    found = []
    for name, pair in starts.items():
        for start, end, is_last in zip(pair, (after, _back(last) + timedelta(days=1)), (False, True), strict=True):
            found.append(Period(start, max(start, first), end, start >= first, name, is_last))
    return found


def find_last(month: date) -> date:
    """Return the last day of the month of a day."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def list_months(first: date, after: date) -> list[date]:
    """Return the first day of every month that holds a day of a range."""
    numbers = range(first.year * 12 + first.month - 1, (last := after - timedelta(days=1)).year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _back(day: date) -> date:
    """Return the same day a year before; 28 February for the 29th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _list_starts(grain: str, first: date, fiscal_start: str) -> Iterator[date]:
    """Yield the starts of periods without end, beginning with the one that holds a day."""
    if grain == "week":
        monday = first - timedelta(days=first.weekday())
        while True:
            yield monday
            monday += timedelta(days=7)
    if grain in ("month", "quarter"):
        step = 1 if grain == "month" else 3
        number = (first.year * 12 + first.month - 1) // step * step
        while True:
            yield date(number // 12, number % 12 + 1, 1)
            number += step
    label = find_year(fiscal_start, first).label
    while True:
        year = open_year(fiscal_start, label)
        yield from (span[0] for span in (year.months[::3] if grain == "fiscal_quarter" else year.months[:1]))
        label += 1
