"""How far each table reaches, and so for which months its data are all there."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from mopsnb.data.connection import Connection
from mopsnb.data.contract import TABLES, Table
from mopsnb.data.metric_queries import fetch_rows
from mopsnb.data.months import Calendar, Clock
from mopsnb.data.relations import Measure
from mopsnb.data.sql import quote_name

LEAST = 3  # days of silence that are normal in any table
WINDOW = timedelta(days=365)  # how far back pauses are looked at
SHARE = 0.95  # of the pauses of a year that count as usual
_DAY = "FLOOR(EXTRACT(EPOCH FROM mark) / 86400)"  # the day in UTC, as a number
RHYTHM = 3  # days with rows in a year from which on bookings have a rhythm that can be missed


@dataclass(frozen=True, slots=True)
class Reach:
    """The first and last day on which a table was kept up.

    Parameters
    ----------
    last_on
        The day; None: the table holds no dated row.
    allowed_days
        The longest silence that is usual; None: any is.
    begins_on
        A day before which it holds no dated row, at most two days too early; None: the table holds no dated row.
    """

    last_on: date | None
    allowed_days: int | None
    begins_on: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether the data up to a day are all there, as far as the table's usual pauses tell."""
        if self.last_on is None or self.allowed_days is None:
            return True
        return day <= self.last_on + timedelta(days=self.allowed_days)


def read_reaches(connection: Connection, measures: Iterable[Measure], calendar: Calendar) -> dict[str, Reach]:
    """Return how far the tables behind measures reach.

    The whole table counts, whatever the scope: a campaign that ended is a fact, a table that ended is not.

    Parameters
    ----------
    connection
        Holds one typed view for each of the tables.
    measures
        What is read.
    calendar
        The time zone and the last day.
    """
    names = dict.fromkeys(table for part in measures for table in part.relation.tables)
    return {name: _read_reach(connection, TABLES[name], calendar) for name in names}


def is_reached(parts: Iterable[Measure], month: date, reaches: dict[str, Reach]) -> bool:
    """Tell whether the tables behind a metric's measures reach the end of a month (a level: its start).

    Parameters
    ----------
    parts
        Those of the metric's measures that the workspace's tables allow.
    month
        The first day of the month.
    reaches
        As `read_reaches` returns them.
    """
    following = (month + timedelta(days=31)).replace(day=1)
    return is_reached_until(parts, month, following - timedelta(days=1), reaches)


def is_reached_until(parts: Iterable[Measure], first: date, last: date, reaches: dict[str, Reach]) -> bool:
    """Tell whether the tables behind measures reach the last day of a span (a level: the day before its first)."""
    for part in parts:
        day = first - timedelta(days=1) if part.kind == "level" else last
        if not all(reaches[table].covers(day) for table in part.relation.tables):
            return False
    return True


def find_allowed(days: list[date], least: int) -> int:
    """Return the longest silence that is usual in a table: at least 3 days, and all but the rarest pauses of a year.

    Parameters
    ----------
    days
        The days with rows, in order; at least one.
    least
        What the contract allows.

    Examples
    --------
    >>> find_allowed([date(2026, 1, 1), date(2026, 1, 31), date(2026, 3, 2)], 0)
    30
    """
    recent = [day for day in days if day >= days[-1] - WINDOW]
    pauses = sorted((later - earlier).days for earlier, later in pairwise(recent))
    usual = pauses[math.ceil(SHARE * len(pauses)) - 1] if pauses else 0
    return max(LEAST, least, usual)


def _read_reach(connection: Connection, table: Table, calendar: Calendar) -> Reach:
    days = _list_days(connection, table, calendar)
    if not days:
        return Reach(None, None)
    recent = [day for day in days if day >= days[-1] - WINDOW]
    # Bookings may pause, unlike feeds and records: it takes a rhythm to miss one.
    may_pause = table.role == "spend" and not table.grows
    allowed = None if may_pause and len(recent) < RHYTHM else find_allowed(days, table.every_days)
    # A day is known by its last moment: the first one may lie in the local day before.
    return Reach(days[-1], allowed, days[0] - timedelta(days=days[0] > date.min))


def _list_days(connection: Connection, table: Table, calendar: Calendar) -> list[date]:
    """Return the local days on which a table was kept up, up to ``as_of``."""
    is_date = all(table.fields[name].kind == "date" for name in table.time)
    clock: Clock = "date" if is_date else "timestamp"
    marks = [quote_name(name) for name in table.marks] or [f"COALESCE({', '.join(map(quote_name, table.time))})"]
    if not table.time:
        return []
    # Days by division: converting each time to a date takes DuckDB three times as long.
    day, moment = ("mark", "MAX(mark)") if is_date else (_DAY, "EXTRACT(EPOCH FROM MAX(mark))")
    rows = " UNION ALL ".join(f"SELECT {mark} AS mark FROM {table.name} WHERE {mark} < $end" for mark in marks)
    # A day in UTC holds parts of two local days: its last moment is close enough for pauses, and exact for the last.
    query = f"SELECT {moment} FROM ({rows}) AS marked GROUP BY {day}"
    moments = fetch_rows(connection, query, {"end": calendar.find_end(clock)})
    return sorted({calendar.find_day(row[0], clock) for row in moments})
