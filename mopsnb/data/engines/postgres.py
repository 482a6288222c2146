"""PostgreSQL as a server: what it holds, and one SELECT at a time in a transaction that cannot write."""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from mopsnb.data.contract import TABLES
from mopsnb.data.engines.postgres_columns import Found, Reading, read_column
from mopsnb.data.engines.postgres_errors import Explainer
from mopsnb.data.engines.server import ServerTable
from mopsnb.data.engines.tables import name_label
from mopsnb.data.sql import quote_name
from mopsnb.errors import DataError, Fault, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy

# The clock of a session and the reading of texts are the same whatever the server's or the role's settings are.
SETTINGS = (
    "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres'; "
    "SET LOCAL standard_conforming_strings = on; SET LOCAL extra_float_digits = 1; "
    # Questions are about whole tables: nested loops are slow, and compiling an expression takes longer than it saves.
    "SET LOCAL enable_nestloop = off; SET LOCAL jit = off"
)
TIMEOUT = 15  # seconds to wait for a server that does not answer
_TABLES = """
    SELECT c.oid, c.relname, has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT')
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = :schema AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY c.relname
"""
_COLUMNS = """
    SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), base.typname, element.typname,
      CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END, base.typtype = 'e',
      has_column_privilege(a.attrelid, a.attnum, 'SELECT')
    FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
    JOIN pg_type AS base ON base.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
    LEFT JOIN pg_type AS element ON element.oid = base.typelem AND base.typcategory = 'A'
    WHERE a.attrelid = ANY(:tables) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum
"""
# Sorted by code points, and lower case for all letters; the first that the server has. C knows A to Z alone.
_COLLATION = """
    SELECT collname FROM pg_collation WHERE collname IN ('pg_c_utf8', 'C.utf8', 'C.UTF-8', 'C')
      AND collnamespace = 'pg_catalog'::regnamespace AND collencoding IN (-1, (
        SELECT encoding FROM pg_database WHERE datname = current_database()))
    ORDER BY array_position(ARRAY['pg_c_utf8', 'C.utf8', 'C.UTF-8', 'C'], collname::text) LIMIT 1
"""
_MARK = """
    SELECT (SELECT system_identifier FROM pg_control_system())::text || ' ' || pg_current_snapshot()::text
    WHERE NOT EXISTS (SELECT 1 FROM pg_foreign_table)
"""


class PostgresServer:
    """A PostgreSQL database, or anything that speaks like one.

    Parameters
    ----------
    address
        ``postgresql://user:password@host:port/database``; ``?schema=name`` says where the tables are. Without it they
        are where the role looks first (``search_path``).
    reference
        The name of the secret that the address is; empty: it is none. No message then repeats any of it.
    time_zone
        The zone in which a day begins.
    """

    dialect = "postgres"
    names_with = "AS NOT MATERIALIZED"  # else a table that is read twice is copied whole first

    def __init__(self, address: str, reference: str = "", time_zone: str = "UTC") -> None:
        self._explainer, self._url, self._schema = _read_address(address, reference)
        self._mark = sha256(address.encode()).hexdigest()
        self._time_zone = time_zone

    @cached_property
    def _engine(self) -> sqlalchemy.Engine:
        from sqlalchemy import create_engine

        options: dict[str, Any] = {"application_name": "mopsnb", "prepare_threshold": None, "client_encoding": "utf8"}
        if "connect_timeout" not in self._url.query:
            options["connect_timeout"] = TIMEOUT
        try:
            engine = create_engine(
                self._url, connect_args=options, pool_size=1, pool_pre_ping=True, hide_parameters=True
            )
        except ImportError:
            raise DataError(
                "Reading PostgreSQL needs the package psycopg. Install it with: pip install 'psycopg[binary]'"
            ) from None
        weakref.finalize(self, engine.dispose)
        return engine

    @contextmanager
    def _transaction(self, schema: str = "") -> Iterator[sqlalchemy.Connection]:
        from sqlalchemy.exc import SQLAlchemyError

        try:
            opened = self._engine.connect()
        except SQLAlchemyError as error:
            raise self._explainer.explain(error, is_connected=False) from None
        try:
            with opened as plain:
                connection = plain.execution_options(postgresql_readonly=True)
                path = f"; SET LOCAL search_path = pg_catalog, {quote_name(schema)}" if schema else ""
                connection.exec_driver_sql(f"{SETTINGS}{path}".replace("%", "%%"))
                yield connection
        except SQLAlchemyError as error:
            raise self._explainer.explain(error) from None  # what came before may repeat the address

    def fetch(self, sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Answer one SELECT; see `mopsnb.data.engines.server.Server.fetch`."""
        from sqlalchemy import text

        with self._transaction(self.schema) as connection:
            return [tuple(row) for row in connection.execute(text(sql), dict(values))]

    @cached_property
    def schema(self) -> str:
        """Where the tables are."""
        if self._schema:
            return self._schema
        with self._transaction() as connection:
            found = connection.exec_driver_sql("SELECT current_schema()").scalar()
        if found is None:
            raise DataError(
                f"{self._explainer.name} has no schema in which this role may look for tables. Name one: ?schema=NAME "
                "at the end of the address, and GRANT USAGE ON SCHEMA to the role."
            )
        return str(found)

    def list_tables(self, names: Sequence[str]) -> dict[str, ServerTable]:
        """Return the canonical tables that it holds; see `mopsnb.data.engines.server.Server.list_tables`."""
        wanted: dict[str, list[tuple[int, str, bool]]] = {}
        for number, name, is_readable in self.fetch(_TABLES, {"schema": self.schema}):
            if name.lower() in names:
                wanted.setdefault(name.lower(), []).append((number, name, is_readable))
        numbers = [found[0] for several in wanted.values() for found in several]
        columns: dict[int, list[Found]] = {}
        for number, *column, may_read in self.fetch(_COLUMNS, {"tables": numbers}):
            if may_read:
                columns.setdefault(number, []).append(Found(*column))
        return {name: self._describe(name, several, columns) for name, several in wanted.items()}

    def _describe(
        self, name: str, several: Sequence[tuple[int, str, bool]], columns: Mapping[int, Sequence[Found]]
    ) -> ServerTable:
        number, spelled, is_readable = several[0]
        found, label = columns.get(number, ()), name_label(name)
        faults = []
        twice = {
            column.name.lower() for column in found if [c.name.lower() for c in found].count(column.name.lower()) > 1
        }
        if len(several) > 1:
            both = " and ".join(item[1] for item in several)
            faults.append(Fault(label, "", "", f"both {both}", "one table of a name", "Rename one of them."))
        elif not is_readable or not found:
            fix = f"As its owner: GRANT SELECT ON {quote_name(spelled)} TO the role of the address."
            faults.append(Fault(label, "", "", "a table that the role may not read", "the right to read it", fix))
        elif twice:
            what = f"the column {', '.join(sorted(twice))} twice, in different case"
            faults.append(Fault(label, "", "", what, "each column once", "Rename one of them."))
        place = f"{quote_name(self.schema)}.{quote_name(spelled)}".replace(":", "\\:")
        reading = Reading(self._time_zone, self._collation)
        fields = TABLES[name].fields
        read = tuple(read_column(column, fields.get(column.name.lower()), reading) for column in found)
        return ServerTable(name, place, () if faults else read, tuple(faults))

    @cached_property
    def _collation(self) -> str:
        return quote_name(str(self.fetch(_COLLATION, {})[0][0]))

    def list_others(self) -> list[str]:
        """Return the names of further tables in the same schema."""
        found = [str(row[1]) for row in self.fetch(_TABLES, {"schema": self.schema})]
        return [name for name in found if name.lower() not in TABLES]

    def write_days(self, first: date, last: date) -> str:
        """Return SQL of a calendar with the column ``day``."""
        return f"SELECT CAST(generate_series(DATE '{first}', DATE '{last}', INTERVAL '1 day') AS DATE) AS \"day\""

    def mark(self) -> str:
        """Return a text that stays the same as long as no transaction wrote anything in the server."""
        try:
            rows = self.fetch(_MARK, {})
        except (DataError, UsageError):
            return ""
        return f"{self._mark} {self.schema} {rows[0][0]}" if rows else ""

    def close(self) -> None:
        """Let go of the connection."""
        self._engine.dispose()


def _read_address(address: str, reference: str) -> tuple[Explainer, sqlalchemy.URL, str]:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        what = f"What {reference} stands for" if reference else "The address under 'data'"
        raise DataError(f"{what} is no address. Write postgresql://user@host:5432/database.") from None
    schema = url.query.get("schema", "")
    url = url.difference_update_query(["schema"]).set(drivername="postgresql+psycopg")
    return Explainer(reference, url), url, schema if isinstance(schema, str) else schema[-1]
