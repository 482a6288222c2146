"""The canonical tables of a server, as the data layer knows those of a folder, and what is wrong with their columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mopsnb.data.casts import Cast
from mopsnb.data.contract import TABLES, Field
from mopsnb.data.contract.kinds import KINDS
from mopsnb.data.engines.server import Column, ServerTable
from mopsnb.data.files import TableFile
from mopsnb.data.sql import quote_name
from mopsnb.errors import Fault, suggest

SOURCE, BAD, TEXT = "mopsnb_source_", "mopsnb_bad_", "mopsnb_text_"  # names in queries that no table bears
_COLUMN_TYPES = {
    "id": "text",
    "text": "text",
    "timestamp": "timestamp with time zone",
    "date": "date",
    "month": "date",
    "decimal": "numeric(18, {scale})",
    "number": "double precision",
    "integer": "bigint",
    "boolean": "boolean",
    "list": "text[]",
}


@dataclass(frozen=True)
class RemoteTable(TableFile):
    """A table that lives in a server.

    Parameters
    ----------
    place
        The server's SQL that stands after FROM.
    columns
        Name in lower case to each column that can be read. ``types`` spells the names as frames show them.
    """

    place: str = ""
    columns: Mapping[str, Column] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What messages call it."""
        return name_label(self.table.name)

    @property
    def source(self) -> str:
        """The name under which a query reads its rows."""
        return f"{SOURCE}{self.table.name}"

    def write_rows(self) -> str:
        """Return the server's SQL of its rows: typed cells, and beside them which of them are bad."""
        shown = []
        for name, column in self.columns.items():
            shown.append(f"{column.expression} AS {quote_name(name)}")
            shown += [f"{column.bad} AS {quote_name(BAD + name)}"] if column.bad else []
            shown += [f"{column.text} AS {quote_name(TEXT + name)}"] if column.text else []
        return f"SELECT {', '.join(shown) or '1 AS nothing'} FROM {self.place}"

    def list_types(self) -> dict[str, str]:
        """Return the columns of `write_rows` with their DuckDB types."""
        found = {}
        for name, column in self.columns.items():
            found[next((spelled for spelled in self.types if spelled.lower() == name), name)] = column.sql_type
            found |= {BAD + name: "BOOLEAN"} if column.bad else {}
            found |= {TEXT + name: "VARCHAR"} if column.text else {}
        return found

    def cast(self, name: str, time_zone: str) -> Cast:
        """Return how cells of a declared column become typed values: the server has done so."""
        cell, column = quote_name(name), self.columns[name]
        bad = f"COALESCE({quote_name(BAD + name)}, FALSE)" if column.bad else "false"
        filled = f"({cell} IS NOT NULL OR {bad})" if column.bad else f"{cell} IS NOT NULL"
        return Cast(cell, filled, bad, f"CAST({cell} AS DOUBLE)")

    def ask_examples(self, column: str, predicate: str) -> str:
        """Return SQL of rows that fulfill a condition: the row's key, and what stands in a column."""
        return (
            f"SELECT {self._show_row()}, {self._show_cell(column)} FROM {self.source} WHERE {predicate} ORDER BY 1, 2"
        )

    def _show_cell(self, name: str) -> str:
        """Return SQL of what stands in a cell, for a message."""
        column = self.columns.get(name)
        if column is None:
            return "NULL"
        return quote_name(TEXT + name) if column.text else f"CAST({quote_name(name)} AS VARCHAR)"

    def _show_row(self) -> str:
        """Return SQL of what tells a row from others, as a server's rows have no number: its key."""
        parts = [
            f"'{name} ' || COALESCE({self._show_cell(name)}, '')" for name in self.table.key if name in self.columns
        ]
        return " || ', ' || ".join(parts) or "'a row'"


def name_label(name: str) -> str:
    """Return what messages call a table of a server."""
    return f"{name} (database)"


def open_table(held: ServerTable) -> RemoteTable:
    """Return a table with the columns that can be read, and what is wrong with it."""
    table = TABLES[held.name]
    columns = {column.name.lower(): column for column in held.columns if column.sql_type}
    types = {name if name in table.fields else column.name: column.sql_type for name, column in columns.items()}
    faults = held.faults or tuple(_check_columns(held))
    shown = {} if held.faults else types
    return RemoteTable(table, Path(held.name), shown, faults=faults, place=held.place, columns=columns)


def _check_columns(held: ServerTable) -> Iterator[Fault]:
    table, label = TABLES[held.name], name_label(held.name)
    there = {column.name.lower(): column for column in held.columns}
    unknown = [name for name in there if name not in table.fields]
    for name, spec in table.fields.items():
        column = there.get(name)
        if column is None and spec.required:
            hint = suggest(name, unknown)
            fix = f"Add the column, or read the table through a view that has it. {hint}".strip()
            yield Fault(label, "", name, "no such column", "a required column", fix)
        elif column is not None and not column.sql_type:
            yield Fault(
                label, "", name, f"a column of the type {column.found}", KINDS[spec.kind].expected, _advise(spec)
            )


def _advise(spec: Field) -> str:
    wanted = _COLUMN_TYPES[spec.kind].format(scale=spec.scale)
    return f"Give the column the type {wanted}, or read the table through a view that converts it."
