"""Files that survive a power cut, and folders that change places in one step."""

from __future__ import annotations

import ctypes
import errno
import os
import re
import secrets
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

_WRITERS = 8  # the disk joins what is asked for at the same time
_REFUSED = {errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EBADF, errno.EISDIR, errno.EPERM}
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # of Linux's renameat2


def sync_tree(folder: Path) -> None:
    """Wait until every file and folder below a folder, and the folder itself, are on the disk.

    Raises
    ------
    OSError
        The disk is full or does not answer.
    """
    files, folders = [], []
    for place, _, names in os.walk(folder):
        folders.append(Path(place))
        files += [Path(place) / name for name in names]
    with ThreadPoolExecutor(_WRITERS, thread_name_prefix="sync") as pool:
        list(pool.map(_sync, files))
    for path in reversed(folders):
        sync_folder(path)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; where a system cannot do that, go on."""
    try:
        _sync(folder)
    except OSError as error:
        if error.errno not in _REFUSED:
            raise


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_text(path: Path, text: str) -> None:
    """Give a file a new text in one step: a reader meets the old one or the new one."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with fresh.open("wb") as file:
            file.write(text.encode("utf-8", "replace"))  # a folder's name may hold bytes that are no text
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        with suppress(OSError):
            fresh.unlink()
        raise


def exchange(first: Path, second: Path) -> bool:
    """Let two folders change places in one step.

    Returns
    -------
    bool
        False where the system or the file system cannot do that; nothing has changed then.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):  # another C library
        return False
    names = (os.fsencode(first), os.fsencode(second))
    return bool(rename(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0)


def is_mounted(folder: Path) -> bool:
    """Return whether a folder is where a disk, or another folder, is mounted: it cannot change places then."""
    if os.path.ismount(folder):
        return True
    try:  # a folder of the same disk, mounted here, looks like any other
        lines = Path("/proc/self/mountinfo").read_bytes().splitlines()
    except OSError:
        return False
    places = (line.split(b" ")[4] for line in lines)
    return os.fsencode(folder.resolve()) in (re.sub(rb"\\(\d{3})", _read_octal, place) for place in places)


def _read_octal(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 8)])


def find_leftovers(folder: Path, name: str, kind: str) -> Iterator[Path]:
    """Yield the hidden entries ``.<name>.<kind>-<random>`` of a folder, which a process that was killed left."""
    with suppress(OSError):
        yield from sorted(path for path in folder.glob(f".{name}.{kind}-????????"))
