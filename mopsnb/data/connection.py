"""Connections: a DuckDB connection that reads one folder and changes nothing, and what any other must offer."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import duckdb

from mopsnb.data.recall import describe_files, forget, keep_answers, note
from mopsnb.data.shelf import find_scratch
from mopsnb.data.sql import quote_name, quote_text

if TYPE_CHECKING:
    import pandas as pd

# Beyond this many MB DuckDB spills to disk: half of what the files take, within limits. More is not faster.
LEAST_MEMORY, MOST_MEMORY = 256, 1_200
MEMORY_OF_THREAD = 32  # MB without which a sort or a join fails instead of spilling


class Answer(Protocol):
    """What a query found."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return the rows."""

    def df(self) -> pd.DataFrame:
        """Return the rows as a frame."""


class Connection(Protocol):
    """What answers SQL: a DuckDB connection, or one to a database; see `mopsnb.data.engines`."""

    def execute(self, query: str, parameters: Any = None) -> Answer:
        """Answer one SELECT in DuckDB's dialect, with values by parameter (``$name``)."""


@runtime_checkable
class NamingConnection(Connection, Protocol):
    """A connection that may write nothing, so that it keeps names for queries itself."""

    def add_name(self, name: str, select: str, *, is_view: bool = True) -> None:
        """Let a query be read under a name."""

    def add_days(self, first: date, last: date) -> None:
        """Let a calendar be read as ``mopsnb_day``, with the column ``day``."""

    def drop_name(self, name: str) -> None:
        """Forget a name."""


def make_view(connection: Connection, name: str, select: str) -> None:
    """Let a query be read under a name."""
    if isinstance(connection, NamingConnection):
        connection.add_name(name, select)
    else:
        connection.execute(f"CREATE VIEW {quote_name(name)} AS {select}").fetchall()
        forget(connection, name)
        note(connection, name, select)


def drop_view(connection: Connection, name: str) -> None:
    """Take back what `make_view` made."""
    if isinstance(connection, NamingConnection):
        connection.drop_name(name)
    else:
        connection.execute(f"DROP VIEW {quote_name(name)}").fetchall()
        forget(connection, name)


def keep_rows(connection: Connection, name: str, select: str) -> None:
    """Let the rows of a query be read under a name; a database, which is only read, answers it anew each time."""
    if isinstance(connection, NamingConnection):
        connection.add_name(name, select, is_view=False)
    else:
        state = describe_files(connection)  # what is kept stays as it was read, whatever becomes of the files
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {quote_name(name)} AS {select}").fetchall()
        forget(connection)
        note(connection, name, f"{select} -- {state}")


def keep_days(connection: Connection, first: date, last: date) -> None:
    """Let the days from one to another be read as ``mopsnb_day``, with the column ``day``."""
    if isinstance(connection, NamingConnection):
        connection.add_days(first, last)
    else:
        days = f"unnest(generate_series(DATE '{first}', DATE '{last}', INTERVAL 1 DAY))"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE mopsnb_day AS SELECT CAST({days} AS DATE) AS day").fetchall()
        forget(connection)
        note(connection, "mopsnb_day", days)


def find_memory(files: Iterable[Path]) -> int:
    """Return how many MB a connection that reads these files may use before it writes to disk."""
    size = 0
    for path in files:
        with suppress(OSError):  # a link that leads nowhere
            size += path.stat().st_size
    return min(max(LEAST_MEMORY, size // 2_000_000), MOST_MEMORY)


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection in memory whose clock is UTC.

    It reads files of one folder only (and what links in it lead to), downloads nothing, and keeps within
    `find_memory`. What outgrows that is written to a folder that goes with the connection. Its settings are locked.

    Parameters
    ----------
    folder
        The folder that may be read.
    """
    entries = sorted(folder.iterdir()) if folder.is_dir() else []
    linked = ", ".join(quote_text(str(path.resolve())) for path in entries if path.is_symlink())
    spill = tempfile.mkdtemp(prefix="mopsnb-", dir=find_scratch())
    connection = duckdb.connect()
    weakref.finalize(connection, rmtree, spill, ignore_errors=True)
    memory = find_memory(entries)
    threads = connection.execute("SELECT current_setting('threads')").fetchall()[0][0]
    for setting in (
        "TimeZone = 'UTC'",
        f"memory_limit = '{memory}MB'",
        f"threads = {min(threads, memory // MEMORY_OF_THREAD)}",
        f"temp_directory = {quote_text(spill)}",
        "autoinstall_known_extensions = false",
        f"allowed_directories = [{quote_text(str(folder))}]",
        f"allowed_paths = [{linked}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}").fetchall()
    keep_answers(connection, folder)
    return connection
