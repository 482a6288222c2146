"""Calendar months in the strategy's time zone, as Python dates and as SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Clock = Literal["timestamp", "date"]
Bound = date | datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days that a report looks at, and the zone in which they begin.

    Months are cut at local midnight. The limits are worked out here and handed to the database as
    bound values, so every engine cuts at the same instant, daylight saving included.

    Parameters
    ----------
    zone
        The strategy's time zone.
    as_of
        The last day, inclusive. Later rows are ignored.
    """

    zone: ZoneInfo
    as_of: date

    @property
    def last_month(self) -> date:
        """The first day of the month in which ``as_of`` lies."""
        return self.as_of.replace(day=1)

    def list_months(self, first: date) -> list[date]:
        """Return the first day of every month from the one of ``first`` to the one of ``as_of``.

        Examples
        --------
        >>> [str(month) for month in Calendar(ZoneInfo("UTC"), date(2026, 1, 5)).list_months(date(2025, 12, 31))]
        ['2025-12-01', '2026-01-01']
        """
        start = first.year * 12 + first.month - 1
        stop = self.as_of.year * 12 + self.as_of.month
        return [date(number // 12, number % 12 + 1, 1) for number in range(start, stop)]

    def find_bound(self, day: date, clock: Clock) -> Bound:
        """Return where a day begins: the day itself, or the instant of its local midnight in UTC."""
        if clock == "date":
            return day
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)

    def find_end(self, clock: Clock) -> Bound:
        """Return the first bound that lies after ``as_of``."""
        return self.find_bound(self.as_of + timedelta(days=1), clock)

    def find_day(self, moment: date | float, clock: Clock) -> date:
        """Return the local day of a date, or of seconds since 1970 in UTC."""
        if isinstance(moment, date):
            return moment
        instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=moment)
        return instant.date() if clock == "date" else instant.astimezone(self.zone).date()

    def is_complete(self, month: date) -> bool:
        """Tell whether a month ended on or before ``as_of``."""
        following = (month.replace(day=1) + timedelta(days=31)).replace(day=1)
        return following <= self.as_of + timedelta(days=1)


def number_months(time: str, count: int, first: int = 0) -> str:
    """Return SQL that turns a time into the number of its month; see `number_spans`."""
    return number_spans(time, count, "month", first)


def number_spans(time: str, count: int, name: str, first: int = 0) -> str:
    """Return SQL that turns a time into the number of its span: a binary search among bound limits.

    This is standard SQL, and four times as fast as converting each time to a zone in DuckDB.

    Parameters
    ----------
    time
        The time column. No row may lie outside the spans.
    count
        How many spans there are, numbered from 0. They follow each other.
    name
        Span n, but for the first, begins at the parameter ``$<name>_n``.
    first
        The number of the first span that a row can lie in; those before it are not looked for.

    Examples
    --------
    >>> number_spans("occurred_at", 2, "month")
    'CASE WHEN occurred_at < $month_1 THEN 0 ELSE 1 END'
    """

    def search(low: int, high: int) -> str:
        if high - low == 1:
            return str(low)
        middle = (low + high) // 2
        return f"CASE WHEN {time} < ${name}_{middle} THEN {search(low, middle)} ELSE {search(middle, high)} END"

    return search(first, count)
