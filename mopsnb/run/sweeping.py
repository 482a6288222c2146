"""Private folders of runs that were killed before anybody could tell: the next run removes them."""

from __future__ import annotations

import os
import shutil
import socket
from contextlib import suppress
from pathlib import Path

from mopsnb.run.alive import describe_process

PREFIX = "mopsnb-"
_OWNER = "owner"  # a file that says which process the folder belongs to


def claim(folder: Path) -> None:
    """Note in a private folder that it belongs to this process.

    Raises
    ------
    OSError
        It cannot be written.
    """
    (folder / _OWNER).write_text(f"{socket.gethostname()}\n{os.getpid()}\n{describe_process(os.getpid())}\n", "utf-8")


def sweep(base: Path) -> None:
    """Remove the private folders of this user and machine whose process is gone."""
    for folder in base.glob(f"{PREFIX}*"):
        with suppress(OSError, ValueError):
            host, pid, process = (folder / _OWNER).read_text(encoding="utf-8").splitlines()
            is_own = not hasattr(os, "getuid") or folder.lstat().st_uid == os.getuid()
            is_near = host == socket.gethostname() and not folder.is_symlink()
            if is_own and is_near and describe_process(int(pid)) != process:
                shutil.rmtree(folder, ignore_errors=True)
