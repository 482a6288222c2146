"""Rows that share a key, so that figures count them more than once."""

from __future__ import annotations

import numpy as np

from mopsnb.data.connection import Connection, NamingConnection
from mopsnb.data.files import LARGE, TableFile
from mopsnb.data.sql import quote_name
from mopsnb.data.views import select_typed
from mopsnb.data.wording import count_of
from mopsnb.findings import Finding, make_id

MOST_MARKS = 25_000_000  # hashes that are sorted at once: 200 MB, and as much again for the copy


def find_duplicates(connection: Connection, file: TableFile, time_zone: str) -> list[Finding]:
    """Return a finding where rows share a key, and one where rows whose key is empty share the other key.

    Where a table has no other key, rows in which the whole key is empty are left out. Hashes of the keys are sorted, so
    many at once as memory bears; only where two are alike, rows are grouped by them and the keys compared.

    Parameters
    ----------
    connection
        Reads the file.
    file
        A file that can be read to its end.
    time_zone
        The strategy's time zone.
    """
    table = file.table
    typed = f"({select_typed(file, time_zone)}) AS cells"
    findings = []
    key = [name for name in table.key if name in file.types]
    if key:
        found = _count_repeats(connection, file, typed, key, " OR ".join(_is_filled(name) for name in key))
        findings += _report_repeats(file, key, found) if found else []
    other = [name for name in table.other_key if name in file.types]
    if other:
        found = _count_repeats(connection, file, typed, other, _ask_comparable(file, key))
        findings += _report_events(file, other, found) if found else []
    return findings


_Repeats = tuple[int, int, list[str | None]]  # how many keys, how many surplus rows, the first key


def _is_filled(name: str) -> str:
    return f"cells.{quote_name(name)} IS NOT NULL"


def _ask_comparable(file: TableFile, key: list[str]) -> str:
    """Return SQL for the rows without an id that the other key tells apart: each says when, and who."""
    fields = [file.table.fields[name] for name in file.table.other_key]
    needed = [_is_filled(spec.name) for spec in fields if spec.required]
    people = [_is_filled(spec.name) for spec in fields if spec.name in {"contact_id", "anonymous_id"}]
    empty = [f"NOT ({_is_filled(name)})" for name in key]
    return " AND ".join([*empty, *needed, f"({' OR '.join(people)})"])


def _count_repeats(
    connection: Connection, file: TableFile, typed: str, key: list[str], condition: str
) -> _Repeats | None:
    cells = [f"cells.{quote_name(name)}" for name in key]
    names = ", ".join(cells)
    if isinstance(connection, NamingConnection):
        return _count_elsewhere(connection, typed, cells, condition)
    is_large = file.path.stat().st_size >= LARGE
    marked = f"FROM {typed} WHERE ({condition})"
    if not _find_marks(connection, f"hash({names})", marked, is_large=is_large):
        return None
    suspects = f"SELECT hash({names}) AS mark {marked} GROUP BY mark HAVING count(*) > 1"
    texts = ", ".join(f"CAST({cell} AS VARCHAR)" for cell in cells)
    query = (
        f"SELECT [{texts}] AS key, count(*) AS times FROM {typed} "
        f"WHERE ({condition}) AND hash({names}) IN ({suspects}) GROUP BY {names} HAVING times > 1"
    )
    row = connection.execute(f"SELECT count(*), sum(times - 1), min(key) FROM ({query})").fetchall()[0]
    return (int(row[0]), int(row[1]), row[2]) if row[0] else None


def _find_marks(connection: Connection, mark: str, rows: str, *, is_large: bool) -> bool:
    """Tell whether two rows share a mark. Marks are sorted, which is faster than grouping; so many of them at once."""
    found = connection.execute(f"SELECT count(*) {rows}").fetchall()[0][0] if is_large else 1
    parts = -(-found // MOST_MARKS)
    for part in range(parts):
        some = f" AND ({mark}) % {parts} = {part}" if parts > 1 else ""
        marks = connection.execute(f"SELECT {mark} AS mark {rows}{some}").fetchnumpy()["mark"]  # type: ignore[attr-defined]
        ordered = np.sort(np.asarray(marks))
        if (ordered[1:] == ordered[:-1]).any():
            return True
    return False


def _count_elsewhere(connection: Connection, typed: str, cells: list[str], condition: str) -> _Repeats | None:
    """Count repeats in a database, which knows best how to group what outgrows its memory."""
    texts = ", ".join(f"CAST({cell} AS VARCHAR) AS part_{place}" for place, cell in enumerate(cells))
    groups = (
        f"SELECT {texts}, count(*) AS times FROM {typed} WHERE {condition} "
        f"GROUP BY {', '.join(cells)} HAVING count(*) > 1"
    )
    row = connection.execute(f"SELECT count(*), sum(times - 1) FROM ({groups}) AS repeated").fetchall()[0]
    if not row[0]:
        return None
    parts = ", ".join(f"part_{place}" for place in range(len(cells)))
    first = connection.execute(f"SELECT {parts} FROM ({groups}) AS repeated ORDER BY {parts} LIMIT 1").fetchall()[0]
    return int(row[0]), int(row[1]), list(first)


def _show_key(key: list[str], values: list[str | None]) -> str:
    return ", ".join(f"{name} {value}" for name, value in zip(key, values, strict=True) if value is not None)


def _report_repeats(file: TableFile, key: list[str], found: _Repeats) -> list[Finding]:
    keys, surplus, first = found
    is_id = len(file.table.key) == 1
    fix = "Remove the repeated rows." if is_id else "Remove the repeated rows, unless they are of a finer grain."
    return [
        Finding(
            make_id("duplicates", file.table.name),
            "error" if is_id else "warning",
            f"{file.label} holds {count_of(surplus, 'row')} whose key stands in an earlier row.",
            f"{count_of(keys, 'key')}, first {_show_key(key, first)}. Figures count each of these rows.",
            fix,
            where=file.table.name,
        )
    ]


def _report_events(file: TableFile, key: list[str], found: _Repeats) -> list[Finding]:
    keys, surplus, first = found
    name = file.table.key[0]
    return [
        Finding(
            make_id("duplicates", file.table.name, f"without {name}"),
            "warning",
            f"{file.label} holds {count_of(surplus, 'row')} without {name} that repeat an earlier row.",
            f"{count_of(keys, 'set')} of equal {', '.join(key)}; first {_show_key(key, first)}. "
            "Figures count each of these rows: an export that was imported twice doubles them.",
            f"Remove the repeated rows. If they are different events, fill {name}.",
            where=file.table.name,
        )
    ]
