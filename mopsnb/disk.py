"""What people are told when a file cannot be written."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mopsnb.errors import OutputError

FULL = {errno.ENOSPC, errno.EFBIG, *([errno.EDQUOT] if hasattr(errno, "EDQUOT") else [])}
_UNITS = ("bytes", "KB", "MB", "GB", "TB")


def refuse_write(what: str, folder: Path, error: OSError) -> OutputError:
    """Return the error for a write that failed: what, where, why, and how much room there is.

    Parameters
    ----------
    what
        What cannot be written, for example ``the report``.
    folder
        The folder. It need not exist.
    error
        What the system said.
    """
    reason = str(error.strerror or error).rstrip(".")
    fix = (
        "Free some space there, or choose another place."
        if error.errno in FULL
        else "Choose another place, or allow it."
    )
    return OutputError(f"Cannot write {what} to {folder}: {reason}. {measure_room(folder)} {fix}".replace("  ", " "))


@contextmanager
def writing(what: str, folder: Path) -> Iterator[None]:
    """Turn the system's refusal to write into an error for people; see `refuse_write`."""
    try:
        yield
    except OSError as error:
        raise refuse_write(what, folder, error) from error


def measure_room(folder: Path) -> str:
    """Return a sentence on how much of a folder's disk is free; empty where that cannot be found out."""
    place = folder.absolute()
    with suppress(OSError):
        while not place.exists() and place != place.parent:
            place = place.parent
        usage = shutil.disk_usage(place)
        if usage.total:  # some have no size to speak of
            return f"{show_size(usage.free)} of {show_size(usage.total)} are free on that disk."
    return ""


def can_list(folder: Path) -> bool:
    """Return whether the names in a folder can be read; a folder that is not there holds none."""
    try:
        os.listdir(folder)  # noqa: PTH208 - it fails at once, and a generator would not
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return os.access(folder, os.X_OK)


def show_size(size: float) -> str:
    """Return a number of bytes for people.

    Examples
    --------
    >>> show_size(0), show_size(1536), show_size(2 * 1024**3)
    ('0 bytes', '1.5 KB', '2.0 GB')
    """
    power = 0
    while size >= 1024 and power < len(_UNITS) - 1:
        size, power = size / 1024, power + 1
    return f"{size:,.1f} {_UNITS[power]}" if power else f"{size:.0f} {_UNITS[0]}"
