"""Read what a notebook left in its folder, and nothing that lies elsewhere: links are not followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from mopsnb.errors import StepError

_PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_BINARY = getattr(os, "O_BINARY", 0)


@contextmanager
def open_inside(folder: Path, name: str) -> Iterator[BinaryIO]:
    """Open a file below a folder for reading.

    Parameters
    ----------
    folder
        The folder. Its own last part may not be a link either.
    name
        The file's path below it, with ``/`` between its parts.

    Raises
    ------
    StepError
        The path leaves the folder, goes through a link, or leads to something that is no file.
    FileNotFoundError
        There is no such file.
    """
    parts = name.split("/")
    if any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts):
        raise StepError(f"The notebook names the file '{name}', which leads out of its folder for results.")
    with ExitStack() as stack:
        number = _open(stack, folder, parts) if os.open in os.supports_dir_fd else _open_checked(folder, parts)
        file = stack.enter_context(os.fdopen(number, "rb"))
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise StepError(f"The notebook left '{name}' that is no file.")
        yield file


def _open(stack: ExitStack, folder: Path, parts: list[str]) -> int:
    """Open part after part, each in the folder that is open already: nobody can put a link in between."""
    above = None
    try:
        for part in (str(folder), *parts[:-1]):
            above = os.open(part, os.O_RDONLY | os.O_DIRECTORY | _PLAIN, dir_fd=above)
            stack.callback(os.close, above)
        return os.open(parts[-1], os.O_RDONLY | _PLAIN, dir_fd=above)
    except FileNotFoundError:
        raise
    except OSError as error:  # what the system says of a link differs from system to system
        name = "/".join(parts)
        reason = (
            "goes through a link or is no file" if _is_linked(folder, parts) else f"cannot be read: {error.strerror}"
        )
        raise StepError(f"What the notebook left as '{name}' {reason}.") from None


def _open_checked(folder: Path, parts: list[str]) -> int:
    if _is_linked(folder, parts):
        raise StepError(f"What the notebook left as '{'/'.join(parts)}' goes through a link.")
    return os.open(folder.joinpath(*parts), os.O_RDONLY | _BINARY)


def _is_linked(folder: Path, parts: list[str]) -> bool:
    steps = [folder.joinpath(*parts[:depth]) for depth in range(len(parts) + 1)]
    return any(step.is_symlink() for step in steps) or any(not step.is_dir() for step in steps[:-1])
