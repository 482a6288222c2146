"""How the rows of a large Parquet file lie in time.

Where they lie in order, as events mostly do, distinct values are counted a span of months at a time: a span holds few
of them, so that neither memory nor the time for a row grows with the file. The file's own statistics tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from weakref import WeakKeyDictionary

import duckdb

from mopsnb.data.connection import Connection
from mopsnb.data.files import LARGE, TableFile
from mopsnb.data.months import Bound
from mopsnb.data.sql import quote_text

SPAN_ROWS = 4_000_000  # that a span holds at most, where a month does not hold more
MOST_READ = 1.25  # times the rows that spans may read together, because of those on a border


@dataclass(frozen=True, slots=True)
class RowGroup:
    """A part of a file.

    Parameters
    ----------
    rows
        How many rows it holds.
    first, last
        The earliest and the latest time in it, seconds since 1970 in UTC.
    """

    rows: int
    first: float
    last: float


_LAYOUTS: WeakKeyDictionary[object, dict[str, list[RowGroup]]] = WeakKeyDictionary()


def note_layout(connection: Connection, file: TableFile) -> None:
    """Note how a table's rows lie in time, where its file is a large Parquet file that tells.

    Parameters
    ----------
    connection
        The connection that will be asked about the table.
    file
        What holds the table.
    """
    times = file.table.time
    is_large = file.path.suffix == ".parquet" and file.path.is_file() and file.path.stat().st_size >= LARGE
    if not isinstance(connection, duckdb.DuckDBPyConnection) or not is_large or len(times) != 1:
        return
    query = f"""
        SELECT row_group_num_rows, EXTRACT(EPOCH FROM TRY_CAST(stats_min_value AS TIMESTAMPTZ)),
            EXTRACT(EPOCH FROM TRY_CAST(stats_max_value AS TIMESTAMPTZ))
        FROM parquet_metadata({quote_text(str(file.path))}) WHERE path_in_schema = {quote_text(times[0])}
    """
    groups = [RowGroup(*row) for row in connection.execute(query).fetchall()]
    if groups and all(None not in (group.first, group.last) for group in groups):
        _LAYOUTS.setdefault(connection, {})[file.table.name] = groups


def split_months(connection: Connection, table: str, months: Sequence[Bound]) -> list[tuple[int, int]]:
    """Return spans of months whose rows can be counted one after the other.

    Parameters
    ----------
    connection
        The connection that will be asked.
    table
        The table whose rows are counted.
    months
        When each month begins. Earlier rows belong to the first one, later rows to the last one.

    Returns
    -------
    list of tuple
        Number of the first month, and of the one after the last. One span where the rows are few, or not in order.
    """
    groups = _LAYOUTS.get(connection, {}).get(table, []) if _LAYOUTS else []
    total = sum(group.rows for group in groups)
    whole = [(0, len(months))]
    if total <= 2 * SPAN_ROWS:
        return whole
    begins = [_find_instant(month) for month in months]
    spans, low = [], 0
    for high in range(1, len(months) + 1):
        if high == len(months) or _count_rows(groups, begins, low, high + 1) > SPAN_ROWS:
            spans.append((low, high))
            low = high
    read = sum(_count_rows(groups, begins, *span) for span in spans)
    return spans if read <= MOST_READ * total else whole


def _count_rows(groups: Sequence[RowGroup], begins: Sequence[float], low: int, high: int) -> int:
    """Return how many rows are read for the months from one to before another."""
    after = begins[high] if high < len(begins) else None
    return sum(
        group.rows
        for group in groups
        if (low == 0 or group.last >= begins[low]) and (after is None or group.first < after)
    )


def _find_instant(bound: date) -> float:
    moment = bound if isinstance(bound, datetime) else datetime(bound.year, bound.month, bound.day, tzinfo=UTC)
    return moment.timestamp()
