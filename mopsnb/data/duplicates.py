"""Rows that share a key, so that figures count them more than once."""

from __future__ import annotations

import duckdb

from mopsnb.data.files import TableFile
from mopsnb.data.sql import quote_name
from mopsnb.data.views import select_typed
from mopsnb.data.wording import count_of
from mopsnb.findings import Finding, make_id


def find_duplicates(connection: duckdb.DuckDBPyConnection, file: TableFile, time_zone: str) -> list[Finding]:
    """Return a finding where rows share a key.

    Rows in which the whole key is empty are left out. The rows are grouped by a hash of the key,
    which spills to disk where it outgrows memory; keys with the same hash are then compared.

    Parameters
    ----------
    connection
        Reads the file.
    file
        A file that can be read to its end.
    time_zone
        The strategy's time zone.
    """
    key = [name for name in file.table.key if name in file.types]
    if not key:
        return []
    cells = [f"cells.{quote_name(name)}" for name in key]
    names, filled = ", ".join(cells), " OR ".join(f"{cell} IS NOT NULL" for cell in cells)
    typed = f"({select_typed(file, time_zone)}) AS cells"
    suspects = f"SELECT hash({names}) AS mark FROM {typed} WHERE {filled} GROUP BY mark HAVING count(*) > 1"
    texts = ", ".join(f"CAST({cell} AS VARCHAR)" for cell in cells)
    query = (
        f"SELECT [{texts}] AS key, count(*) AS times FROM {typed} WHERE ({filled}) AND hash({names}) IN ({suspects}) "
        f"GROUP BY {names} HAVING times > 1"
    )
    row = connection.execute(f"SELECT count(*), sum(times - 1), min(key) FROM ({query})").fetchall()[0]
    if not row[0]:
        return []
    keys, surplus, first = int(row[0]), int(row[1]), row[2]
    shown = ", ".join(f"{name} {value}" for name, value in zip(key, first) if value is not None)
    is_id = len(file.table.key) == 1
    fix = "Remove the repeated rows." if is_id else "Remove the repeated rows, unless they are of a finer grain."
    return [
        Finding(
            make_id("duplicates", file.table.name),
            "error" if is_id else "warning",
            f"{file.label} holds {count_of(surplus, 'row')} whose key stands in an earlier row.",
            f"{count_of(keys, 'key')}, first {shown}. Figures count each of these rows.",
            fix,
            where=file.table.name,
        )
    ]
