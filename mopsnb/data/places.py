"""Where a workspace's tables are: its data folder, or a database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import duckdb

from mopsnb.data.connection import Connection, connect
from mopsnb.data.files import TableFile, find_files
from mopsnb.data.shelf import recall

if TYPE_CHECKING:
    from mopsnb.data.engines.remote import RemoteConnection

Found = TypeVar("Found")


class Place:
    """A data folder, or the database that a strategy names instead.

    Parameters
    ----------
    folder
        The data folder.
    address
        The database, as the key ``data`` of the strategy file names it; empty: the folder holds the tables.
    time_zone
        The zone in which a day begins, an IANA name.
    """

    def __init__(self, folder: Path, address: str, time_zone: str) -> None:
        self.folder = folder.resolve()
        self.address = address
        self._time_zone = time_zone

    @property
    def is_database(self) -> bool:
        """Whether the tables are in a database."""
        return bool(self.address)

    @cached_property
    def remote(self) -> RemoteConnection | None:
        """The connection to the database; None where there is none."""
        if not self.address:
            return None
        from mopsnb.data.engines import connect_to  # late: a folder needs nothing of it

        return connect_to(self.address, self._time_zone)

    @property
    def connection(self) -> Connection:
        """What answers SQL."""
        return self.local if self.remote is None else self.remote

    @cached_property
    def local(self) -> duckdb.DuckDBPyConnection:
        """The DuckDB connection that knows every name: the one to the folder, or the database's empty twin."""
        return connect(self.folder) if self.remote is None else self.remote.twin

    @cached_property
    def files(self) -> dict[str, TableFile]:
        """Table name to what holds it, in the order of the contract."""
        return find_files(self.folder, self.local) if self.remote is None else dict(self.remote.tables)

    def list_others(self) -> list[str]:
        """Return the names of further tables in the database."""
        return self.remote.server.list_others() if self.remote else []

    def recall(self, question: Sequence[object], files: Iterable[Path], work_out: Callable[[], Found]) -> Found:
        """Return the answer to a question about tables and files, from the run's shelf where it is there."""
        return recall(question, files, work_out, None if self.remote is None else self.remote.server.mark)

    def recall_table(self, kind: str, name: str, read: Callable[[Connection, TableFile, str], Found]) -> Found:
        """Read something of a table, or take it from the run's shelf."""
        file = self.files[name]
        files = [] if self.is_database else [file.path]
        question = (kind, name, self._time_zone)
        return self.recall(question, files, lambda: read(self.connection, file, self._time_zone))

    def supply(self, name: str) -> str:
        """Return what a team adds to have a table.

        Examples
        --------
        >>> Place(Path("data"), "", "UTC").supply("deal")
        'data/deal.csv or data/deal.parquet'
        """
        if self.is_database:
            return f"the table {name} in the database"
        return f"data/{name}.csv or data/{name}.parquet"
