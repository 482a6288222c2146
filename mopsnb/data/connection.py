"""A DuckDB connection that reads one folder and changes nothing."""

from __future__ import annotations

import tempfile
import weakref
from pathlib import Path
from shutil import rmtree

import duckdb

from mopsnb.data.shelf import find_scratch
from mopsnb.data.sql import quote_text

MEMORY = "2GB"  # beyond this DuckDB spills to disk


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection in memory whose clock is UTC.

    It reads files of one folder only (and what links in it lead to), downloads nothing, and keeps within
    `MEMORY`. What outgrows that is written to a folder that goes with the connection. Its settings are locked.

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
    for setting in (
        "TimeZone = 'UTC'",
        f"memory_limit = '{MEMORY}'",
        f"temp_directory = {quote_text(spill)}",
        "autoinstall_known_extensions = false",
        f"allowed_directories = [{quote_text(str(folder))}]",
        f"allowed_paths = [{linked}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}").fetchall()
    return connection
