"""How many rows a table has on each day: what as_of, freshness and the search for wild dates rest on."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pandas as pd

from mopsnb.data.connection import Connection
from mopsnb.data.files import TableFile
from mopsnb.data.sql import quote_name, quote_text
from mopsnb.data.views import Calendar, select_typed

SLOT = 900_000_000  # microseconds: no zone of today is off by a part of a quarter of an hour


@dataclass(frozen=True)
class Days:
    """The rows of one table by local day and source.

    Parameters
    ----------
    frame
        Columns ``day`` (date), ``source`` (text, empty where there is none) and ``rows``; in order.
    """

    frame: pd.DataFrame

    def find_last(self, until: date | None = None) -> date | None:
        """Return the latest day, up to ``until`` where it is given."""
        days = self.frame["day"]
        if until is not None:
            days = days[days <= until]
        last: date | None = days.max() if len(days) else None
        return last

    @property
    def rows(self) -> int:
        """How many dated rows there are."""
        return int(self.frame["rows"].sum())


def count_days(connection: Connection, file: TableFile, time_zone: str) -> Days:
    """Count a table's rows by local day and source.

    The source is what the column ``source`` says; ``ad_daily`` adds the channel. Committed
    spend is left out: it is not spent yet. A file that cannot be read has no days.
    """
    if isinstance(connection, duckdb.DuckDBPyConnection) and (quick := _count_slots(connection, file, time_zone)):
        return quick
    return _read_days(connection, file, [_ask_days(file, time_zone, file.table.time)])


def count_marks(connection: Connection, file: TableFile, time_zone: str) -> Days:
    """Count a table's rows as `count_days` does, and add the days on which a record was kept up, with 0 rows.

    So the last day of contacts is the last on which one was created, changed or active.
    """
    return _add_days(connection, file, time_zone, file.table.marks)


def count_changes(connection: Connection, file: TableFile, time_zone: str) -> Days:
    """Count a table's rows as `count_days` does, and add the days on which something became of a record, with 0 rows.

    So the last day of deals is the last on which one was opened, won or lost.
    """
    known = {field.known_at: None for field in file.table.fields.values() if field.known_at}
    return _add_days(connection, file, time_zone, tuple(known))


def _add_days(connection: Connection, file: TableFile, time_zone: str, names: tuple[str, ...]) -> Days:
    further = [name for name in names if name not in file.table.time and name in file.types]
    parts = [_ask_days(file, time_zone, file.table.time)]
    parts += [_ask_days(file, time_zone, (name,), count="0") for name in further]
    return _read_days(connection, file, parts)


def _count_slots(connection: Connection, file: TableFile, time_zone: str) -> Days | None:
    """Count rows by quarter of an hour, then by local day: few times are converted instead of all.

    None where that cannot be: the time is not one timestamp, or a quarter of an hour lies in two local days.
    """
    times = file.table.time
    if len(times) != 1 or times[0] not in file.types or file.table.fields[times[0]].kind != "timestamp":
        return None
    cell = f"cells.{quote_name(times[0])}"
    counted = (
        f"SELECT min({cell}) AS first, max({cell}) AS last, {_ask_source(file)} AS source, count(*) AS rows "
        f"FROM ({select_typed(file, time_zone)}) AS cells GROUP BY 3, epoch_us({cell}) // {SLOT}"
    )
    zone = quote_text(time_zone)
    first, last = (f"CAST({end} AT TIME ZONE {zone} AS DATE)" for end in ("first", "last"))
    query = (
        f"SELECT {first} AS day, source, sum(rows), count(CASE WHEN {first} <> {last} THEN 1 END) "
        f"FROM ({counted}) AS counted WHERE first IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
    )
    try:
        rows = connection.execute(query).fetchall()
    except duckdb.Error:
        return None
    return None if any(row[3] for row in rows) else _make_days([row[:3] for row in rows])


def _ask_days(file: TableFile, time_zone: str, times: tuple[str, ...], count: str = "count(*)") -> str:
    where = " WHERE cells.status IS DISTINCT FROM 'committed'" if file.table.name == "spend_actual" else ""
    return (
        f"SELECT {Calendar(time_zone).find_day(file.table, times)} AS day, {_ask_source(file)} AS source, "
        f"{count} AS rows FROM ({select_typed(file, time_zone)}) AS cells{where} GROUP BY 1, 2"
    )


def _ask_source(file: TableFile) -> str:
    table = file.table
    parts = [name for name in ("source",) if name in table.provenance]
    parts += ["channel"] if table.name == "ad_daily" else []
    cells = [f"cells.{quote_name(name)}" for name in parts]
    source = f"coalesce({cells[0]}, '')" if cells else "''"
    if len(cells) == 2:
        one, other = cells
        source = (
            f"CASE WHEN {one} IS NULL THEN coalesce({other}, '') ELSE coalesce({one} || ' / ' || {other}, {one}) END"
        )
    return source


def _read_days(connection: Connection, file: TableFile, parts: list[str]) -> Days:
    rows: list[tuple[Any, ...]] = []
    if file.types and (file.table.time or len(parts) > 1):
        query = (
            f"SELECT day, source, sum(rows) FROM ({' UNION ALL '.join(parts)}) AS counted WHERE day IS NOT NULL "
            "GROUP BY 1, 2 ORDER BY 1, 2"
        )
        with suppress(duckdb.Error):  # the fault scan says what is wrong with the file
            rows = connection.execute(query).fetchall()
    return _make_days(rows)


def _make_days(rows: list[tuple[Any, ...]]) -> Days:
    return Days(pd.DataFrame(rows, columns=["day", "source", "rows"]).astype({"rows": "int64"}))
