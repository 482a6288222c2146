"""Spark as a server: what it holds, and one SELECT at a time.

It is read-only by construction: what comes here to be run is a translated SELECT, and Spark runs one statement a call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from mopsnb.data.contract import TABLES
from mopsnb.data.engines.server import ServerTable
from mopsnb.data.engines.spark_address import read_address
from mopsnb.data.engines.spark_columns import Found, read_column
from mopsnb.data.engines.spark_session import explain_errors, start_session
from mopsnb.data.engines.tables import name_label
from mopsnb.errors import DataError, Fault, UsageError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SparkServer:
    """Tables of a catalog, or Parquet files, that Spark reads.

    Parameters
    ----------
    address
        As `mopsnb.data.engines.spark_address.read_address` takes it.
    reference
        The name of the secret that the address is; empty: it is none. No message then repeats any of it.
    time_zone
        The zone in which a day begins.
    """

    dialect = "spark"
    names_with = "AS"

    def __init__(self, address: str, reference: str = "", time_zone: str = "UTC") -> None:
        self._address = read_address(address, reference)
        self._time_zone = time_zone

    @cached_property
    def _session(self) -> SparkSession:
        return start_session(self._address)

    def fetch(self, sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Answer one SELECT; see `mopsnb.data.engines.server.Server.fetch`."""
        with explain_errors(self._address):
            return _collect(self._session.sql(sql, args=dict(values)))

    def list_tables(self, names: Sequence[str]) -> dict[str, ServerTable]:
        """Return the canonical tables that it holds; see `mopsnb.data.engines.server.Server.list_tables`."""
        found: dict[str, list[str]] = {}
        for name in self._places:
            if name.lower() in names:
                found.setdefault(name.lower(), []).append(name)
        return {name: self._describe(name, spelled) for name, spelled in found.items()}

    def list_others(self) -> list[str]:
        """Return the names of further tables in the same place."""
        return [name for name in self._places if name.lower() not in TABLES]

    @cached_property
    def _places(self) -> dict[str, str]:
        """Each table's name with what stands after FROM."""
        if not self._address.folder:
            return self._list_database()
        files = self._address.list_files()
        if files is not None:
            return {name: f"parquet.{_quote(f'file://{path}')}" for name, path in files.items()}
        # A folder that only the cluster sees cannot be listed: each table is looked for.
        paths = {name: f"parquet.{_quote(f'{self._address.folder}/{name}.parquet')}" for name in TABLES}
        return {name: place for name, place in paths.items() if self._is_there(place)}

    def _list_database(self) -> dict[str, str]:
        database = (
            ".".join(_quote(part) for part in self._address.database.split(".")) if self._address.database else ""
        )
        try:
            rows = self.fetch(f"SHOW TABLES IN {database}" if database else "SHOW TABLES", {})
        except UsageError:
            raise DataError(
                f"{self._address.name} has no database {self._address.database}. Correct ?database= in the address; "
                "a database of another catalog is written catalog.database."
            ) from None
        names = sorted(str(row[1]) for row in rows)
        return {name: f"{database}.{_quote(name)}" if database else _quote(name) for name in names}

    def _is_there(self, place: str) -> bool:
        try:
            self._read_schema(place)
        except UsageError:
            return False
        return True

    def _read_schema(self, place: str) -> list[Found]:
        with explain_errors(self._address):
            fields = self._session.sql(f"SELECT * FROM {place} LIMIT 0").schema.fields
        return [Found(field.name, field.dataType.simpleString()) for field in fields]

    def _describe(self, name: str, spelled: Sequence[str]) -> ServerTable:
        label, place = name_label(name), self._places[spelled[0]]
        if len(spelled) > 1:
            fault = Fault(label, "", "", " and ".join(spelled), "one table of a name", "Rename one of them.")
            return ServerTable(name, place, (), (fault,))
        try:
            found = self._read_schema(place)
        except (DataError, UsageError) as error:
            fix = "Put it right in Spark, or ask the owner for the right to read it."
            return ServerTable(name, place, (), (Fault(label, "", "", str(error), "a table that can be read", fix),))
        fields = TABLES[name].fields
        columns = [read_column(column, fields.get(column.name.lower()), self._time_zone) for column in found]
        return ServerTable(name, place, tuple(columns))

    def write_days(self, first: date, last: date) -> str:
        """Return SQL of a calendar with the column ``day``."""
        return f"SELECT EXPLODE(SEQUENCE(DATE '{first}', DATE '{last}', INTERVAL '1' DAY)) AS `day`"

    def mark(self) -> str:
        """Return a text that stays the same as long as no file changed; empty where the files are not seen."""
        files = self._address.list_files() if self._address.folder else None
        if files is None:
            return ""
        seen = sha256(f"{self._address.folder} {self._time_zone}".encode())
        for top in files.values():
            for part in [top, *sorted(top.rglob("*"))] if top.is_dir() else [top]:
                state = part.stat()
                seen.update(f"\n{part} {state.st_size} {state.st_mtime_ns}".encode())
        return seen.hexdigest()

    def close(self) -> None:
        """Let go of the connection. A local Spark lives on until the program ends, for the next connection."""
        if self._address.is_connect and "_session" in self.__dict__:
            with explain_errors(self._address):
                self.__dict__.pop("_session").stop()


def _quote(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _collect(frame: DataFrame) -> list[tuple[Any, ...]]:
    """Return the rows of a frame; instants by their microseconds, as Python's zone would shift them."""
    moments = {place for place, field in enumerate(frame.schema.fields) if field.dataType.typeName() == "timestamp"}
    if not moments:
        return [tuple(row) for row in frame.collect()]
    names = [f"c{place}" for place in range(len(frame.schema.fields))]
    shown = [f"unix_micros({name})" if place in moments else name for place, name in enumerate(names)]
    return [
        tuple(_to_instant(cell) if place in moments else cell for place, cell in enumerate(row))
        for row in frame.toDF(*names).selectExpr(*shown).collect()
    ]


def _to_instant(micros: int | None) -> datetime | None:
    return None if micros is None else _EPOCH + timedelta(microseconds=micros)
