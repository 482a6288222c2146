"""What is imported and what the workspace has, brought together by key; refused where figures would count twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mopsnb.data.contract import Table
from mopsnb.data.faults import scan_file
from mopsnb.data.files import inspect_file
from mopsnb.data.importing.assembly import Assembled, Assembly, find_key
from mopsnb.data.importing.grains import check_grain
from mopsnb.data.importing.layout import refuse
from mopsnb.data.importing.overlaps import Overlaps, Side
from mopsnb.data.importing.renaming import check_renamed
from mopsnb.data.sql import quote_name
from mopsnb.data.views import select_typed
from mopsnb.data.wording import count_of
from mopsnb.errors import DataError, Fault


@dataclass
class Merged:
    """A table as it will be.

    Parameters
    ----------
    table
        The table.
    view
        The view of its rows.
    columns
        Its columns, in order.
    before
        How many rows the workspace has.
    added, replaced
        How many rows are new, and how many take the place of others.
    """

    table: Table
    view: str
    columns: list[str]
    before: int = 0
    added: int = 0
    replaced: int = 0


def open_table(assembly: Assembly, table: Table, folder: Path, time_zone: str) -> Merged | None:
    """Return what the workspace has of a table; None where it has nothing.

    Raises
    ------
    DataError
        The table is kept by hand as CSV, or has faults.
    """
    text, path = folder / f"{table.name}.csv", folder / f"{table.name}.parquet"
    if text.is_file() and len(text.read_bytes()[:100_000].strip().splitlines()) > 1:
        fix = f"Move it out of data/, then import it: mopsnb import {text.name} --table {table.name} --into WORKSPACE."
        raise refuse(f"data/{text.name}", "a table that is kept by hand as CSV", "a Parquet file, or none", fix)
    if not path.is_file():
        return None
    file = inspect_file(table, path, assembly.connection)
    scan = scan_file(assembly.connection, file, time_zone)
    broken = [*file.faults, *scan.broken, *(hit for hit in scan.hits if hit.check.is_fault)]
    if broken:
        raise refuse(f"data/{path.name}", "a table with faults", "a sound table", "See mopsnb check WORKSPACE.")
    view = assembly.make_view(select_typed(file, time_zone))
    kept = [name for name in assembly.list_columns(view) if name in file.types]
    view = assembly.make_view(f"SELECT {', '.join(quote_name(name) for name in kept)} FROM {view}")
    return Merged(table, view, kept, scan.rows)


def add_part(assembly: Assembly, state: Merged | None, found: Assembled) -> Merged:
    """Add a part to a table: rows with the same key are replaced.

    Parameters
    ----------
    assembly
        Makes the views.
    state
        The table so far; None: it has no rows.
    found
        The part, brought to one row a key.

    Raises
    ------
    DataError
        The same ids come from another system, or the same figures stand there in another grain.
    """
    table = found.part.shape.table
    columns = [name for name in found.columns if not name.startswith("_")]
    listed = ", ".join(quote_name(name) for name in columns)
    view = assembly.make_view(f"SELECT {listed} FROM {found.view}")
    rows = assembly.count(view)
    if state is None or not assembly.count(state.view):
        return Merged(table, view, columns, added=rows)
    key = find_key(table, columns)
    if table.name == "ad_daily":
        check_grain(assembly, found.part.shape.file, Side(state.view, state.columns), Side(view, columns))
    names = table.key if len(table.key) > 1 else key
    same = " AND ".join(_compare(name, state.columns, columns) for name in names)
    _check_vendor(assembly, state, found, view, same)
    _check_made(assembly, state, found, view)
    replaced = assembly.count(f"{state.view} AS old", f"EXISTS (SELECT 1 FROM {view} AS new WHERE {same})")
    if replaced:
        _report_replaced(assembly, state, found, view, same)
    _report_losses(assembly, state, found, view, same)
    rest = f"SELECT * FROM {state.view} AS old WHERE NOT EXISTS (SELECT 1 FROM {view} AS new WHERE {same})"
    if left := _find_left(assembly, found, rest):
        rest += f" AND {quote_name(table.key[0])} NOT IN (SELECT id FROM {left})"
    if found.part.shape.source.is_grouped:
        overlaps, new = Overlaps(assembly, table.name, found.part.shape.file), Side(view, columns)
        overlaps.check_replaced(Side(state.view, state.columns), new, same)
        kept = Side(f"({rest})", state.columns)
        overlaps.check_rows(kept, new)
        if table.name == "ad_daily" and "channel" not in found.part.shape.mapped:
            overlaps.check_channels(kept, new)
        if table.name == "ad_daily":
            check_renamed(assembly, found, Side(state.view, state.columns), kept, new)
    both = assembly.make_view(f"{rest} UNION ALL BY NAME SELECT * FROM {view}")
    added = state.added + rows - min(rows, replaced)
    return Merged(table, both, assembly.list_columns(both), state.before, added, state.replaced + min(rows, replaced))


def _find_left(assembly: Assembly, found: Assembled, rest: str) -> str:
    """Return the view of records that the table has and this file leaves out, such as deleted ones; empty: none."""
    if not found.part.gone:
        return ""
    table = found.part.shape.table
    ids = assembly.make_table("id", sorted(found.part.gone))
    name = quote_name(table.key[0])
    left = assembly.make_view(f"SELECT {name} AS id FROM ({rest}) WHERE {name} IN (SELECT id FROM {ids})")
    count = assembly.count(left)
    if not count:
        return ""
    found.part.notes.append(f"{count_of(count, 'row')} of {table.name} removed, as this file leaves the record out now")
    return left


def _report_replaced(assembly: Assembly, state: Merged, found: Assembled, view: str, same: str) -> None:
    """Say from which other files the rows come that are replaced: two exports may be of two accounts."""
    if "source_file" not in state.columns:
        return
    gone = f"FROM {state.view} AS old WHERE EXISTS (SELECT 1 FROM {view} AS new WHERE {same})"
    for file, count in assembly.query(f"SELECT source_file, count(*) {gone} GROUP BY ALL ORDER BY ALL"):
        if file and file != found.part.shape.file:
            found.part.notes.append(f"{count_of(count, 'row')} of {file} replaced, as they have the same key")


def _report_losses(assembly: Assembly, state: Merged, found: Assembled, view: str, same: str) -> None:
    """Say which values go with the rows that are replaced, as the new file has no such column."""
    lost = [name for name in state.columns if name not in found.columns and name in state.table.fields]
    if not lost:
        return
    counts = ", ".join(f"count({quote_name(name)})" for name in lost)
    gone = f"FROM {state.view} AS old WHERE EXISTS (SELECT 1 FROM {view} AS new WHERE {same})"
    for name, count in zip(lost, assembly.query(f"SELECT {counts} {gone}")[0]):
        if count:
            rows = count_of(count, "replaced row")
            found.part.notes.append(f"{rows} had a value for {name}, which this file lacks: it is missing now")


def _compare(name: str, olds: Sequence[str], news: Sequence[str]) -> str:
    old = f"old.{quote_name(name)}" if name in olds else "NULL"
    new = f"new.{quote_name(name)}" if name in news else "NULL"
    return f"{old} IS NOT DISTINCT FROM {new}"


def _check_vendor(assembly: Assembly, state: Merged, found: Assembled, view: str, same: str) -> None:
    if "source" not in state.columns or "source" not in state.table.provenance:
        return
    clash = assembly.query(
        f"SELECT old.source, count(*) FROM {state.view} AS old JOIN {view} AS new ON {same} "
        f"WHERE old.source <> new.source GROUP BY ALL LIMIT 1"
    )
    if clash:
        file, table = found.part.shape.file, found.part.shape.table.name
        seen = f"ids that {table} already holds from {clash[0][0]} ({clash[0][1]:,} rows)"
        raise refuse(file, seen, "ids of its own", "Keep the two systems in workspaces of their own.")


def _check_made(assembly: Assembly, state: Merged, found: Assembled, view: str) -> None:
    """Refuse records that the table holds under other ids, as one of the exports had no column for the id."""
    file, table, known = found.part.shape.file, found.part.shape.table, {*state.columns} & {*found.columns}
    if len(table.key) > 1 or not {"source", "name", table.key[0]} <= known:
        return
    key, sides = quote_name(table.key[0]), []
    for relation, names in ((state.view, state.columns), (view, found.columns)):
        day = "CAST(created_at AS DATE)" if "created_at" in names else "CAST(NULL AS DATE)"
        made = f"starts_with({key}, source || '-') AS made"
        sides.append(f"(SELECT source, name, {made}, {day} AS day, min({key}) AS id FROM {relation} GROUP BY ALL)")
    differ = "(old.made <> new.made OR (old.made AND (old.day IS NULL) <> (new.day IS NULL)))"
    clash = assembly.query(
        f"SELECT old.id, new.id, new.name FROM {sides[0]} AS old JOIN {sides[1]} AS new "
        f"ON old.source = new.source AND old.name = new.name AND {differ} "
        f"AND coalesce(abs(old.day - new.day) <= 1, true) ORDER BY ALL LIMIT 1"
    )
    if clash:
        held, given, name = clash[0]
        seen = f"'{name}' as {given}, which {table.name} holds as {held}"
        fix = f"Export the same columns as before, or remove data/{table.name}.parquet and import all files again."
        raise refuse(file, seen, "the same ids as before", f"Both would count. {fix}")


def order_columns(merged: Merged) -> list[str]:
    """Return a table's columns: those of the contract in its order, then others by name."""
    known = [name for name in merged.table.fields if name in merged.columns]
    return known + sorted(name for name in merged.columns if name not in merged.table.fields)


def check_table(assembly: Assembly, table: Table, path: Path, time_zone: str) -> int:
    """Check a written table against the contract, and return its rows.

    Raises
    ------
    DataError
        It has faults, so that `mopsnb check` would refuse it.
    """
    from mopsnb.data.faults import describe_hit

    file = inspect_file(table, path, assembly.connection)
    scan = scan_file(assembly.connection, file, time_zone)
    faults: list[Fault] = [*file.faults, *scan.broken]
    faults += [describe_hit(file, hit) for hit in scan.hits if hit.check.is_fault]
    if faults:
        raise DataError(f"The rows do not fit the table {table.name}. Nothing was imported.", faults)
    return scan.rows
