"""What a query reads, found before it runs: one SELECT, and the tables that it names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import duckdb

from mopsnb.errors import UsageError


@dataclass(frozen=True, slots=True)
class Query:
    """A query that only reads.

    Parameters
    ----------
    names
        The tables that it names, in lower case.
    own
        The names that it defines itself (WITH).
    """

    names: frozenset[str]
    own: frozenset[str]


def read_query(connection: duckdb.DuckDBPyConnection, sql: str) -> Query:
    """Return what a query reads.

    Raises
    ------
    UsageError
        It is not one SELECT, or it is not SQL.
    """
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise explain_error(error) from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise UsageError("A workspace is read-only: write one SELECT (or WITH … SELECT) statement.")
    tree = json.loads(connection.execute("SELECT json_serialize_sql($sql)", {"sql": sql}).fetchall()[0][0])
    if tree.get("error"):
        raise UsageError(f"DuckDB does not accept the query: {tree.get('error_message')}")
    names: set[str] = set()
    own: set[str] = set()
    stack: list[Any] = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack += item
        elif isinstance(item, dict):
            if item.get("type") == "BASE_TABLE" and item.get("schema_name") in {"", "main"}:
                names.add(item["table_name"].casefold())
            if isinstance(item.get("cte_map"), dict):
                own |= {entry["key"].casefold() for entry in item["cte_map"].get("map", [])}
            stack += item.values()
    return Query(frozenset(names), frozenset(own))


def explain_error(error: duckdb.Error) -> UsageError:
    """Return an error for people from what DuckDB said."""
    return UsageError(f"DuckDB does not accept the query: {str(error).strip()}")
