"""Answers about files that outlast a run, in a private folder of the user's: unchanged data are not read twice.

An answer is found again only under the same question, asked by the same program with the same libraries, of files that
are the same: path, size, times, file number and last bytes. It is kept only where those files had rested for a while
before the question was asked and were the same after it, so that no change can hide in the grain of a clock. Each
answer carries its digest; a damaged one is worked out anew. A database's answers are never kept.

``MOPSNB_ANSWERS`` names another folder, in full; ``none``, or a relative path, keeps nothing.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import stat
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from platformdirs import user_cache_path

SWITCH = "MOPSNB_ANSWERS"
OFF = "none"
REST = 3 * 10**9  # nanoseconds that a file must have been at rest; the coarsest clock of a file system has two seconds
TAIL = 32_768  # bytes at the end of a file, where Parquet keeps what it knows of its columns
DAYS_KEPT = 35  # since an answer was last of use
MOST_BYTES = 256_000_000  # of all answers
PROGRAM = Path(__file__).parents[1]  # the package, whose code decides what an answer is
_SWEPT = "swept"  # a file whose time is that of the last sweep
_DAY = 86_400
_LIBRARIES = ("duckdb", "numpy", "pandas", "pyarrow", "pydantic", "scipy", "statsmodels", "tzdata")
_DIGEST = hashlib.sha256().digest_size

Mark = tuple[str, int, int, int, int, int, str]


def find_store() -> Path | None:
    """Return the private folder of this program's answers, made where it is not there; None where none are kept."""
    chosen = os.environ.get(SWITCH, "").strip()
    if chosen == OFF:
        return None
    if chosen and not Path(chosen).expanduser().is_absolute():  # each notebook of a run has a folder of its own
        return None
    return _open_store(Path(chosen).expanduser() if chosen else user_cache_path("mopsnb", appauthor=False) / "answers")


@cache
def _open_store(home: Path) -> Path | None:
    store = home / name_program()
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        home.mkdir(mode=0o700, exist_ok=True)
        if not _is_private(home):
            return None
        _sweep(home)
        store.mkdir(mode=0o700, exist_ok=True)
        if not _is_private(store):
            return None
    except OSError:  # a home that cannot be written to
        return None
    return store


def _is_private(folder: Path) -> bool:
    """Tell whether nobody else can write to a folder or read it: who can write to it decides what figures say."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        return False
    if not hasattr(os, "geteuid"):  # Windows keeps the user's folder private by itself
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & 0o077


@cache
def name_program() -> str:
    """Return a name that changes with the code, the libraries behind the figures and Python."""
    digest = hashlib.sha256(f"{sys.version} {sys.platform}".encode())
    for library in _LIBRARIES:
        with suppress(PackageNotFoundError):
            digest.update(f"{library} {version(library)}".encode())
    for path in sorted(path for kind in ("*.py", "*.yml") for path in PROGRAM.rglob(kind)):
        found = path.stat()
        digest.update(f"{path} {found.st_size} {found.st_mtime_ns} {found.st_ino}".encode())
    return digest.hexdigest()[:20]


def mark_files(paths: Sequence[Path]) -> list[Mark] | None:
    """Return what tells files from their next versions; None where one changed a moment ago or cannot be read."""
    try:
        return [_mark_file(path) for path in paths]
    except (OSError, _NotAtRestError):
        return None


class _NotAtRestError(Exception):
    """A file that changed a moment ago."""


def _mark_file(path: Path) -> Mark:
    found = path.stat()
    if max(found.st_mtime_ns, found.st_ctime_ns) > time.time_ns() - REST:
        raise _NotAtRestError
    times = found.st_mtime_ns, found.st_ctime_ns
    mark = str(path.resolve()), found.st_dev, found.st_ino, found.st_size, *times
    return *mark, _digest_tail(*mark)


@cache
def _digest_tail(path: str, _device: int, _number: int, size: int, *_times: int) -> str:
    with Path(path).open("rb") as file:
        file.seek(max(size - TAIL, 0))
        return hashlib.sha256(file.read(TAIL)).hexdigest()


def read_answer(path: Path) -> Iterator[Any]:
    """Yield the answer that a file holds; nothing where there is none, or where it is damaged."""
    try:
        kept = path.read_bytes()
    except OSError:
        return
    digest, packed = kept[:_DIGEST], kept[_DIGEST:]
    if hashlib.sha256(packed).digest() != digest:
        return
    answer = pickle.loads(packed)  # noqa: S301 - written by this user's mopsnb, in a folder that is private
    with suppress(OSError):
        os.utime(path)  # it was of use
    yield answer


def write_answer(path: Path, answer: object) -> None:
    """Write an answer whole or not at all; where it cannot be written, it is worked out again next time."""
    packed = pickle.dumps(answer, protocol=pickle.HIGHEST_PROTOCOL)
    with suppress(OSError):
        handle, partial = mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(packed).digest() + packed)
            Path(partial).replace(path)
        except OSError:
            Path(partial).unlink(missing_ok=True)
            raise


def _sweep(home: Path) -> None:
    """Once a day, remove what was of no use for long, then the oldest of what is too much."""
    swept, now = home / _SWEPT, time.time()
    with suppress(OSError):
        if now - swept.stat().st_mtime < _DAY:
            return
    swept.touch()
    left = MOST_BYTES
    found = [(path.stat(), path) for path in home.glob("*/*")]
    for state, path in sorted(found, key=lambda pair: -pair[0].st_mtime):
        left -= state.st_size
        if left < 0 or now - state.st_mtime > DAYS_KEPT * _DAY:
            path.unlink(missing_ok=True)
    for folder in home.iterdir():
        with suppress(OSError):  # a file, or a folder that holds something
            folder.rmdir()
