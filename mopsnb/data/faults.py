"""Bad cells of a file, found with SQL: one streaming pass that counts, a second only where something is wrong."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from mopsnb.data.checks import Check, list_checks
from mopsnb.data.connection import Connection, NamingConnection
from mopsnb.data.damage import EXAMPLES, diagnose_file, show_value
from mopsnb.data.files import TableFile
from mopsnb.data.sql import quote_name
from mopsnb.errors import Fault, suggest


@dataclass(frozen=True, slots=True)
class Hit:
    """A check that rows of a file fail.

    Parameters
    ----------
    check
        The check.
    count
        How many rows fail it.
    examples
        The first rows: number (the header is row 1; in a database, the row's key) and what stands there; None where
        the cell is empty.
    """

    check: Check
    count: int
    examples: tuple[tuple[int | str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass over a file found.

    Parameters
    ----------
    rows
        How many rows the file holds.
    hits
        The checks that rows fail, in the order of the columns.
    broken
        What kept the file from being read to its end.
    """

    rows: int
    hits: tuple[Hit, ...] = ()
    broken: tuple[Fault, ...] = ()


def scan_file(connection: Connection, file: TableFile, time_zone: str) -> Scan:
    """Find every bad cell of a file. Rows stream through; memory does not grow with the file.

    Parameters
    ----------
    connection
        Reads the file; its time zone is UTC.
    file
        The file. Where its header cannot be read, there is nothing to scan.
    time_zone
        The strategy's time zone.
    """
    if not file.types:
        return Scan(0)
    checks = list_checks(file, time_zone)
    counts = "".join(f", count(CASE WHEN {check.predicate} THEN 1 END)" for check in checks)
    # Every cell of a file is read, also of columns without a check, so that broken bytes are found here.
    names = () if isinstance(connection, NamingConnection) else file.types
    touched = "".join(f", count({quote_name(name)})" for name in names)
    try:
        row = connection.execute(f"SELECT count(*){counts}{touched} FROM {file.source}").fetchall()[0]
        found = [(check, count) for check, count in zip(checks, row[1:]) if count]
        hits = tuple(Hit(check, count, _find_examples(connection, file, check)) for check, count in found)
    except (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException):
        raise  # the query is wrong, not the file
    except duckdb.Error as error:
        return Scan(0, broken=tuple(diagnose_file(file, error)))
    return Scan(row[0], hits)


def describe_hit(file: TableFile, hit: Hit) -> Fault:
    """Return the fault that a hit is, with its count and first examples."""
    (row, value), *others = hit.examples
    fix = hit.check.fix
    if hit.check.rule == "one_of" and value:
        fix = suggest(value.strip().casefold(), hit.check.expected.removeprefix("one of ").split(", ")) or fix
    return Fault(
        file=file.label,
        place=show_place(row),
        field=hit.check.column,
        value=show_value(value),
        expected=hit.check.expected,
        fix=fix,
        count=hit.count,
        examples=tuple(f"{show_place(number)}: {show_value(text)}" for number, text in others),
    )


def show_place(row: int | str) -> str:
    """Return where a row is, in words."""
    return f"row {row:,}" if isinstance(row, int) else row


def _find_examples(connection: Connection, file: TableFile, check: Check) -> tuple[tuple[int | str, str | None], ...]:
    query = f"{file.ask_examples(check.column, check.predicate)} LIMIT {EXAMPLES}"
    return tuple((row, value) for row, value in connection.execute(query).fetchall())
