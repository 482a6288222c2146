"""A connection to a server that the data layer uses like the DuckDB connection of a folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from mopsnb.data.connection import connect
from mopsnb.data.contract import TABLES
from mopsnb.data.engines.answers import RemoteAnswer
from mopsnb.data.engines.dialects import translate
from mopsnb.data.engines.server import Server
from mopsnb.data.engines.tables import RemoteTable, open_table
from mopsnb.data.queries import Query, read_query
from mopsnb.data.sql import quote_name
from mopsnb.errors import UsageError

DAY = "mopsnb_day"  # the calendar: one row a day
KEPT = 2000  # queries whose names are remembered
NO_SELECT = Query(frozenset(), frozenset())
Answer = RemoteAnswer | duckdb.DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Named:
    """A query that others read under a name.

    Parameters
    ----------
    sql
        The query in the server's dialect.
    reads
        The names that it reads itself.
    is_view
        Whether the server may merge it with what reads it; else it is worked out once a query.
    """

    sql: str
    reads: frozenset[str] = frozenset()
    is_view: bool = True


class RemoteConnection:
    """Answers SELECTs in DuckDB's dialect from a server, and writes nothing.

    Parameters
    ----------
    server
        Where the tables are.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self.twin = connect(Path(os.devnull))
        self._named: dict[str, Named] = {}
        self._reads: dict[str, Query] = {}

    @cached_property
    def tables(self) -> dict[str, RemoteTable]:
        """The canonical tables that the server holds, in the order of the contract."""
        held = self.server.list_tables(tuple(TABLES))
        tables = {name: open_table(held[name]) for name in TABLES if name in held}
        for table in tables.values():
            if table.types:
                columns = ", ".join(f"{quote_name(name)} {kind}" for name, kind in table.list_types().items())
                self.twin.execute(f"CREATE TABLE {quote_name(table.source)} ({columns})").fetchall()
                self._named[table.source] = Named(table.write_rows())
        return tables

    def add_name(self, name: str, select: str, *, is_view: bool = True) -> None:
        """Let a query be read under a name: the server's part of a view, which nobody has to create there."""
        self.twin.execute(f"CREATE OR REPLACE VIEW {quote_name(name)} AS {select}").fetchall()
        self._named[name] = Named(translate(select, self.server.dialect), self._read(select).names, is_view)

    def drop_name(self, name: str) -> None:
        """Forget a name."""
        self.twin.execute(f"DROP VIEW {quote_name(name)}").fetchall()
        del self._named[name]

    def add_days(self, first: date, last: date) -> None:
        """Let a calendar be read as ``mopsnb_day``, with the column ``day``."""
        self.twin.execute(f"CREATE TABLE IF NOT EXISTS {DAY} (day DATE)").fetchall()
        self._named[DAY] = Named(self.server.write_days(first, last))

    def execute(self, query: str, parameters: Any = None) -> Answer:
        """Answer a query. What reads no table of the server is answered here.

        Parameters
        ----------
        query
            One SELECT in DuckDB's dialect, with values by parameter: ``$name``.
        parameters
            Parameter name to value.

        Raises
        ------
        UsageError
            The query does not mean the same on the server, or the server does not accept it.
        DataError
            The server cannot be reached, or refuses to read.
        duckdb.Error
            It names what is not there, or is not SQL.
        """
        values: Mapping[str, Any] = parameters or {}
        read = self._read(query)
        asked = self._list_named(read.names)
        found = self.twin.execute(query, values)
        if not asked:
            return found
        if clash := sorted(read.own & set(asked)):
            raise UsageError(f"The query names a part of itself (WITH) '{clash[0]}', as a table is named. Rename it.")
        shape = [(str(column[0]), str(column[1])) for column in found.description]
        found.fetchall()  # the empty answer, so that the twin is free again
        sql = translate(query, self.server.dialect)
        ways = {True: self.server.names_with, False: "AS"}
        named = ", ".join(f"{quote_name(name)} {ways[part.is_view]} ({part.sql})" for name, part in asked.items())
        used = {name: value for name, value in values.items() if re.search(rf"\${re.escape(name)}\b", query)}
        whole = f"WITH {named}, {sql[5:]}" if sql.startswith("WITH ") else f"WITH {named} {sql}"
        return RemoteAnswer(shape, self.server.fetch(whole, used), self.twin)

    def _read(self, query: str) -> Query:
        """Return the names that a query reads, and those that it defines."""
        if query not in self._reads:
            statements = self.twin.extract_statements(query)
            is_select = len(statements) == 1 and statements[0].type == duckdb.StatementType.SELECT
            if len(self._reads) >= KEPT:
                self._reads.clear()
            self._reads[query] = read_query(self.twin, query) if is_select else NO_SELECT
        return self._reads[query]

    def _list_named(self, names: Iterable[str]) -> dict[str, Named]:
        """Return these queries, and those that they read, each behind what it reads."""
        found: dict[str, Named] = {}
        for name in sorted(names):
            if name in self._named:
                part = self._named[name]
                found |= self._list_named(part.reads - {name}) | {name: part}
        return found

    def close(self) -> None:
        """Let go of the server."""
        self.server.close()
        self.twin.close()
