"""Reading new tables ahead, where they are large: the first report and the first notebook then find the answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from mopsnb.errors import MopsnbError

LARGE = 50_000_000  # bytes of tables; less is read in the time that a notebook has anyway
_TABLES = (".csv", ".parquet")


def read_ahead(workspace: Path, tell: Callable[[str], object]) -> None:
    """Ask what every notebook asks of a workspace's tables, where they are large and answers are kept.

    What went wrong is said by whoever asks next. Ctrl-C ends it, and nothing is lost but time.

    Parameters
    ----------
    workspace
        The workspace's folder.
    tell
        Takes a line for the person who waits.
    """
    from mopsnb.data.kept_answers import REST, find_store

    found = [path.stat() for path in (workspace / "data").glob("*") if path.suffix in _TABLES]
    size = sum(file.st_size for file in found)
    if size < LARGE or find_store() is None:
        return
    tell(f"Reading {size / 1e6:,.0f} MB of tables ahead, so that reports find the figures. Ctrl-C skips it.")
    with suppress(KeyboardInterrupt, MopsnbError):
        newest = max(max(file.st_mtime_ns, file.st_ctime_ns) for file in found)
        time.sleep(min(max(newest + REST - time.time_ns(), 0), REST) / 1e9)  # answers are kept of files at rest
        from mopsnb.run.ahead import ask_ahead
        from mopsnb.steps import STEPS
        from mopsnb.workspace import open as open_workspace

        ask_ahead(open_workspace(str(workspace)), STEPS)
