"""The files of a workspace's data folder: which table each is, and whether its header can be read."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from mopsnb.data.casts import Cast, cast_column
from mopsnb.data.contract import TABLES, Table
from mopsnb.data.sql import quote_name, quote_text
from mopsnb.errors import Fault, suggest

SUFFIXES = (".csv", ".parquet")
HEADER_BYTES = 1_000_000  # more than any header line is long
LARGE = 10_000_000  # bytes of a file whose statistics are worth a look
_SAVE = "Save it as CSV in UTF-8, with commas."


@dataclass(frozen=True)
class TableFile:
    """The file of one table, as it lies in the folder.

    Parameters
    ----------
    table
        The table's declaration.
    path
        The file.
    types
        Column name to DuckDB type, in the file's order; empty where the header cannot be read.
    faults
        What is wrong with the file as a whole.
    full
        Text columns of which it is known that no cell is an empty text.
    """

    table: Table
    path: Path
    types: dict[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    full: frozenset[str] = field(default=frozenset(), kw_only=True)

    @property
    def label(self) -> str:
        """The file's name as the team sees it."""
        return f"data/{self.path.name}"

    @property
    def source(self) -> str:
        """SQL that reads the file's rows, in their order."""
        return read_file(self.path, list(self.types))

    @property
    def numbered(self) -> str:
        """SQL that reads the rows with ``_mopsnb_row``: the header is row 1."""
        return f"(SELECT *, row_number() OVER () + 1 AS _mopsnb_row FROM {self.source})"

    def cast(self, name: str, time_zone: str) -> Cast:
        """Return how cells of a declared column become typed values."""
        return cast_column(self.table.fields[name], self.types[name], time_zone)

    def type_cell(self, name: str, time_zone: str) -> str:
        """Return SQL of a declared column's typed value, bare where that says the same: a bare cell is read faster."""
        is_text = self.table.fields[name].kind in {"id", "text"} and self.types[name] == "VARCHAR"
        return quote_name(name) if is_text and name in self.full else self.cast(name, time_zone).value

    def ask_examples(self, column: str, predicate: str) -> str:
        """Return SQL of rows that fulfill a condition: number (the header is row 1), and what stands in a column."""
        cell = f"CAST({quote_name(column)} AS VARCHAR)" if column in self.types else "NULL"
        return f"SELECT _mopsnb_row, {cell} FROM {self.numbered} WHERE {predicate}"


def read_file(path: Path, columns: list[str], options: str = "") -> str:
    """Return SQL that reads a file: CSV cells as text (empty: NULL), Parquet cells as they are."""
    if path.suffix == ".parquet":
        return f"read_parquet({quote_text(str(path))})"
    names = ", ".join(f"{quote_text(name)}: 'VARCHAR'" for name in columns)
    return (
        f"read_csv({quote_text(str(path))}, auto_detect=false, header=true, delim=',', quote='\"', escape='\"', "
        f"nullstr='', columns={{{names}}}{options})"
    )


def find_files(folder: Path, connection: duckdb.DuckDBPyConnection) -> dict[str, TableFile]:
    """Find the tables of a data folder, and what is wrong with their headers.

    Parameters
    ----------
    folder
        The data folder. Where it does not exist there are no tables.
    connection
        Reads the columns of Parquet files.

    Returns
    -------
    dict
        Table name to file, in the order of the contract.
    """
    found: dict[str, TableFile] = {}
    for name, table in TABLES.items():
        paths = [path for suffix in SUFFIXES if (path := folder / f"{name}{suffix}").is_file()]
        if len(paths) == 2:
            both = f"both {name}.csv and {name}.parquet"
            fault = Fault(f"data/{name}.csv", "", "", both, "one file of a table", "Remove one of them.")
            found[name] = TableFile(table, paths[0], faults=(fault,))
        elif paths:
            found[name] = inspect_file(table, paths[0], connection)
    return found


def inspect_file(table: Table, path: Path, connection: duckdb.DuckDBPyConnection) -> TableFile:
    """Read a file's columns, without its rows, and check them against the contract."""
    label = f"data/{path.name}"
    try:
        if path.suffix == ".csv":
            types, faults = _read_header(path, label)
        else:
            types, faults = _describe_parquet(path, label, connection)
    except OSError as error:
        types, faults = {}, [Fault(label, "", "", str(error.strerror), "a file that can be read", "Check its rights.")]
    if types:
        faults += _check_columns(table, list(types), label)
    full = _find_full(path, connection) if types and path.suffix == ".parquet" else frozenset()
    return TableFile(table, path, types, tuple(faults), full=full)


_Inspection = tuple[dict[str, str], list[Fault]]


def _read_header(path: Path, label: str) -> _Inspection:
    with path.open("rb") as file:
        head = file.read(HEADER_BYTES)
    if not head.removeprefix(b"\xef\xbb\xbf").strip():
        return {}, [Fault(label, "", "", "an empty file", "a header line", "Add the header, or remove the file.")]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in head:
        return {}, [Fault(label, "row 1", "", "UTF-16 or binary data", "text in UTF-8", _SAVE)]
    line = head.splitlines()[0]
    try:
        line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        shown = line[max(0, error.start - 10) : error.start + 10].decode("latin-1")
        found = f"the byte {line[error.start]:#04x} near {shown!r}"
        return {}, [Fault(label, "row 1", "", found, "text in UTF-8", _SAVE)]
    # A quoted name may hold a line break, so that the whole head goes to the reader.
    names = next(csv.reader(io.StringIO(head.decode("utf-8-sig", errors="replace"), newline="")), [])
    faults = _check_names(names, label)
    return ({} if faults else dict.fromkeys(names, "VARCHAR")), faults


def _check_names(names: list[str], label: str) -> list[Fault]:
    for delimiter, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(names) == 1 and delimiter in names[0]:
            return [Fault(label, "row 1", "", f"columns separated by {word}", "columns separated by commas", _SAVE)]
    folded = [name.casefold() for name in names]
    faults = [
        Fault(
            label, "row 1", name, f"the column {folded.count(name)} times", "each column once", "Rename or remove one."
        )
        for name in dict.fromkeys(folded)
        if name and folded.count(name) > 1
    ]
    if "" in names:
        place = f"row 1, column {names.index('') + 1}"
        faults.append(
            Fault(label, place, "", "a column without a name", "a name for each column", "Name or remove it.")
        )
    return faults


def _describe_parquet(path: Path, label: str, connection: duckdb.DuckDBPyConnection) -> _Inspection:
    try:
        rows = connection.execute(f"DESCRIBE SELECT * FROM {read_file(path, [])}").fetchall()
    except duckdb.Error as error:
        reason = str(error).split("\n", maxsplit=1)[0].removeprefix("Invalid Input Error: ").replace(str(path), label)
        found = "an empty file" if path.stat().st_size == 0 else f"a file that does not open ({reason})"
        return {}, [Fault(label, "", "", found, "a complete Parquet file", "Export it again.")]
    return {row[0]: row[1] for row in rows}, _check_names([row[0] for row in rows], label)


def _find_full(path: Path, connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Return the text columns of a large Parquet file without an empty text, as its own statistics tell."""
    if path.stat().st_size < LARGE:  # there it takes longer to find out than it saves
        return frozenset()
    query = f"""
        SELECT path_in_schema FROM parquet_metadata({quote_text(str(path))}) WHERE type = 'BYTE_ARRAY'
        GROUP BY path_in_schema HAVING bool_and(coalesce(stats_min_value > '', stats_null_count = num_values, false))
    """
    return frozenset(row[0] for row in connection.execute(query).fetchall())


def _check_columns(table: Table, names: list[str], label: str) -> list[Fault]:
    unknown = [name for name in names if name not in table.fields]
    # SQL does not tell 'Spend' from 'spend', so that a difference in case alone cannot stay.
    folded = {name.casefold().strip(): name for name in unknown}
    faults = [
        Fault(label, "row 1", name, f"the column {quote_name(near)}", f"the column {name}", f"Rename it to {name}.")
        for name, near in folded.items()
        if name in table.fields
    ]
    for name in table.required:
        if name not in names and name not in folded:
            near = suggest(name, unknown).removeprefix("Did you mean '").removesuffix("'?")
            fix = f"Rename the column {quote_name(near)} to {name}." if near else f"Add the column {name}."
            faults.append(Fault(label, "row 1", name, "no such column", "a required column", fix))
    return faults
