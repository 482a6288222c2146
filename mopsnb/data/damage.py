"""Why a file cannot be read to its end, in words."""

from __future__ import annotations

import itertools
import re

import duckdb

from mopsnb.data.connection import connect
from mopsnb.data.files import TableFile, read_file
from mopsnb.data.sql import quote_name
from mopsnb.data.wording import count_of
from mopsnb.errors import Fault

EXAMPLES = 3
LINES = 100_000  # lines looked at for their ends
SHOWN = 60  # characters of a value in a message


def diagnose_file(file: TableFile, error: duckdb.Error) -> list[Fault]:
    """Return why a file cannot be read to its end: one fault a kind, with the rows.

    Parameters
    ----------
    file
        The file.
    error
        What DuckDB said; used where the rows do not tell.
    """
    rejects = _list_rejects(file) if file.path.suffix == ".csv" else []
    if not rejects:
        return [_describe_error(file, error)]
    kinds: dict[str, list[tuple[int, str, str]]] = {}
    for kind, line, text, message in rejects:
        kinds.setdefault(kind, []).append((line, text or "", message or ""))
    return [_describe_reject(file, kind, found) for kind, found in kinds.items()]


def _describe_error(file: TableFile, error: duckdb.Error) -> Fault:
    if file.path.suffix == ".csv" and _mixes_line_ends(file):
        return Fault(file.label, "", "", "line ends of two kinds", "one kind of line end", "Save it as CSV again.")
    kind = "CSV" if file.path.suffix == ".csv" else "Parquet"
    reason = str(error).split("\n", maxsplit=1)[0].replace(str(file.path), file.label)
    found = f"a file that breaks off ({reason})"
    return Fault(file.label, "", "", found, f"a complete {kind} file", "Export it again.")


def _mixes_line_ends(file: TableFile) -> bool:
    with file.path.open("rb") as lines:
        kinds = {line.endswith(b"\r\n") for line in itertools.islice(lines, LINES) if line.endswith(b"\n")}
    return len(kinds) > 1


def show_value(value: str | None) -> str:
    """Return a cell for a message: quoted, on one line, and shortened where it is long.

    Examples
    --------
    >>> show_value("1,5"), show_value(None)
    ("'1,5'", 'an empty cell')
    """
    if value is None:
        return "an empty cell"
    plain = " ".join(value.split("\n")) if "\n" in value else value
    return f"'{plain}'" if len(plain) <= SHOWN else f"'{plain[: SHOWN - 1]}…'"


def _list_rejects(file: TableFile) -> list[tuple[str, int, str | None, str | None]]:
    # A connection of its own: the reject tables must not show beside the workspace's tables.
    with connect(file.path.parent) as connection:
        source = read_file(
            file.path, list(file.types), ", ignore_errors=true, store_rejects=true, rejects_limit=100000"
        )
        try:
            cells = ", ".join(f"count({quote_name(name)})" for name in file.types)
            connection.execute(f"SELECT {cells} FROM {source}").fetchall()
            query = "SELECT error_type, line, csv_line, error_message FROM reject_errors ORDER BY line, column_idx"
            return connection.execute(query).fetchall()
        except duckdb.Error:
            return []


def _describe_reject(file: TableFile, kind: str, found: list[tuple[int, str, str]]) -> Fault:
    line, text, message = found[0]
    value, width = show_value(text), len(file.types)
    expected, fix = f"{width} cells, as in the header", "Put a cell that holds a comma in double quotes."
    if kind in {"MISSING COLUMNS", "TOO MANY COLUMNS"}:
        count = re.search(r"Found: (\d+)", message)
        value = count_of(int(count.group(1)), "cell") if count else value
    elif kind == "INVALID ENCODING":
        expected, fix = "text in UTF-8", "Save it as CSV in UTF-8, with commas."
    elif kind == "UNQUOTED VALUE":
        expected, fix = "a closing double quote", "Close the quote; double a quote within a text."
    else:
        expected, fix = "a row of a CSV file", f"Export it again ({message.splitlines()[0] if message else kind})."
    examples = tuple(f"row {number:,}: {show_value(line_text)}" for number, line_text, _ in found[1:EXAMPLES])
    return Fault(file.label, f"row {line:,}", "", value, expected, fix, len(found), examples)
