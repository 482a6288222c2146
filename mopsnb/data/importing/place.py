"""Where an import works: one at a time, in a folder for unfinished files, on a disk that may be full or locked."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mopsnb.data.importing.request import ImportRequest
from mopsnb.errors import LockedError, MopsnbError, OutputError, UsageError

LOCK = ".import.lock"
ROOM = ".import-"
WAIT = 600  # seconds


@contextmanager
def take_place(request: ImportRequest) -> Iterator[Path]:
    """Keep other imports out of the workspace, and yield a folder for unfinished files.

    The folder stands beside the tables, so that files move into place at once, and is gone afterwards. One that a
    killed import left is removed.

    Raises
    ------
    LockedError
        Another import works there.
    OutputError
        Nothing can be written there, or the disk is full.
    """
    with _explain(request):
        if request.dry_run:
            with _make_room(None) as room:
                yield room
            return
        data = request.workspace / "data"
        with _lock(data, request.workspace):
            for left in data.glob(f"{ROOM}*"):
                shutil.rmtree(left, ignore_errors=True)
            with _make_room(data) as room:
                yield room


@contextmanager
def _lock(data: Path, workspace: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    data.mkdir(parents=True, exist_ok=True)
    try:
        held = FileLock(data / LOCK, timeout=WAIT).acquire()
    except Timeout as error:
        raise LockedError(f"Another import works on {workspace}. Try again when it has ended.") from error
    with held:
        yield


@contextmanager
def _make_room(parent: Path | None) -> Iterator[Path]:
    room = Path(tempfile.mkdtemp(prefix=ROOM, dir=parent))
    try:
        (room / "spill").mkdir()
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


@contextmanager
def _explain(request: ImportRequest) -> Iterator[None]:
    """Say in words what the disk answers."""
    import duckdb

    place = tempfile.gettempdir() if request.dry_run else request.workspace / "data"
    try:
        yield
    except MopsnbError:
        raise
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        reason = str(error).splitlines()[0]
        raise OutputError(f"{place} has too little room ({reason}). Nothing was imported.") from error
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        read = [path for path in request.files if error.filename and Path(os.fsdecode(error.filename)) == path]
        if read:
            raise UsageError(f"Cannot read '{read[0]}': {reason}.") from error
        raise OutputError(f"Cannot write to {place}: {reason}. Nothing was imported.") from error
