"""What a server must offer, so that a workspace's tables can live in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from mopsnb.errors import Fault


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table in a server.

    Parameters
    ----------
    name
        The name as the server spells it.
    found
        The server's name of its type, for a message.
    sql_type
        The DuckDB type of what ``expression`` gives. For a column of the contract it is the type of its kind
        (`mopsnb.data.views.name_type`); for any other ``VARCHAR``, ``BOOLEAN``, ``BIGINT``, ``DOUBLE``,
        ``DECIMAL(18,6)``, ``DATE``, ``TIMESTAMP``, ``TIMESTAMP WITH TIME ZONE`` or ``VARCHAR[]``. Empty: the
        column cannot hold what the contract asks for, or cannot be read.
    expression
        The server's SQL of a cell's typed value; NULL where the cell is missing (an empty text, NaN) or does not fit.
        It cannot fail. Text is compared and sorted by code points, as in DuckDB.
    bad
        The server's SQL that is true where a cell is filled and does not fit; empty: every cell fits.
    text
        The server's SQL of what stands in a cell, for a message; empty: the value says it.
    """

    name: str
    found: str
    sql_type: str = ""
    expression: str = ""
    bad: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class ServerTable:
    """A canonical table, as a server holds it.

    Parameters
    ----------
    name
        The name in the contract.
    place
        The server's SQL that stands after FROM: quoted, and with its schema.
    columns
        Its columns, in the server's order. No two names differ in case alone.
    faults
        What is wrong with the table as a whole, such as that it may not be read. Their ``file`` is
        ``<name> (database)``.
    """

    name: str
    place: str
    columns: tuple[Column, ...]
    faults: tuple[Fault, ...] = ()


class Server(Protocol):
    """A place that holds tables and answers SQL, and is only read.

    Parameters
    ----------
    dialect
        As `mopsnb.data.engines.dialects.translate` names it.
    names_with
        What stands between the name of a query and its SQL in WITH: ``AS``, or what keeps the server from working
        the query out as a whole before it is read.
    """

    dialect: str
    names_with: str

    def list_tables(self, names: Sequence[str]) -> dict[str, ServerTable]:
        """Return the canonical tables that it holds, by name; names are matched in any case.

        Raises
        ------
        DataError
            The server cannot be reached, or refuses.
        """

    def list_others(self) -> list[str]:
        """Return the names of further tables in the same place, for a hint."""

    def write_days(self, first: date, last: date) -> str:
        """Return SQL of one row a day, from one day to another, with the column ``day``."""

    def fetch(self, sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Answer one SELECT in the server's dialect, in a session whose clock is UTC and that cannot write.

        Raises
        ------
        DataError
            The server cannot be reached, or refuses to read.
        UsageError
            It does not accept the query. No message holds anything of an address that is a secret.
        """

    def mark(self) -> str:
        """Return a text that stays the same as long as nothing in the server changed; empty: it cannot tell."""

    def close(self) -> None:
        """Let go of the connection."""
