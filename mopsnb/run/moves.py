"""How a finished report takes its place: one step that a reader never sees half of, and what a power cut leaves."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mopsnb.errors import LockedError, OutputError
from mopsnb.run.durable import exchange, find_leftovers, sync_folder, sync_tree
from mopsnb.run.locking import hold

_NO_LINKS = {None, errno.EPERM, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}  # how a file system says so


def swap(new: Path, target: Path) -> None:
    """Put a folder where another one may stand, which is removed.

    The two change places in one step. A file system that cannot do that gets two moves; `clean_up` undoes
    the first one where a power cut came between them.
    """
    if not target.exists():
        new.rename(target)
        sync_folder(target.parent)
        return
    old = _trade(new, target)
    sync_folder(target.parent)
    _remove(old)


@contextmanager
def announce(latest: Path, folder: Path) -> Iterator[Path]:
    """Make the link that is to lead to a folder beside it before the folder is there.

    Where a process is killed before `lead_to`, the link tells that the folder was to become the latest:
    `clean_up` finishes that, or removes the link where the folder never came. Where links do not exist, nothing tells.
    """
    fresh = latest.with_name(f".{latest.name}.fresh-{secrets.token_hex(4)}")
    try:
        try:
            fresh.symlink_to(folder.name, target_is_directory=True)
        except (OSError, NotImplementedError) as error:
            if os.name == "posix" and getattr(error, "errno", None) not in _NO_LINKS:
                raise
        yield fresh
    except BaseException:
        _remove(fresh)
        raise


def lead_to(latest: Path, folder: Path, fresh: Path) -> None:
    """Let a link lead to a folder beside it, in one step; where links do not exist, it is a copy.

    Parameters
    ----------
    latest
        The link.
    folder
        The folder.
    fresh
        What `announce` gave.

    Raises
    ------
    OSError
        It cannot be done. What stood there before stands there again.
    """
    before, old = (latest.readlink() if latest.is_symlink() else None), None
    try:
        if not fresh.is_symlink():
            shutil.copytree(folder, fresh)
            sync_tree(fresh)
        if fresh.is_symlink() and (latest.is_symlink() or not latest.exists()):
            fresh.replace(latest)
        elif not os.path.lexists(latest):
            fresh.rename(latest)
        else:  # a folder for a link, a link for a folder, or a folder for a folder
            old = _trade(fresh, latest)
    except BaseException:
        _remove(fresh)
        raise
    try:
        sync_folder(latest.parent)
    except OSError:
        with suppress(OSError):
            _put_back(latest, before, old)
        raise
    if old is not None:
        _remove(old)


def leads_to(latest: Path, folder: Path) -> bool:
    """Return whether a link leads to a folder beside it."""
    return latest.is_symlink() and latest.readlink() == Path(folder.name)


def _put_back(latest: Path, before: Path | None, old: Path | None) -> None:
    if old is not None:
        _remove(_trade(old, latest))
    elif before is not None:
        link = latest.with_name(f".{latest.name}.replaced-{secrets.token_hex(4)}")
        link.symlink_to(before)
        link.replace(latest)
    else:
        _remove(latest)


def clean_up(target: Path) -> None:
    """Remove what a process that was killed left beside a folder or link, and undo or finish a move that it began.

    Nobody else may be at work on the target.
    """
    for old in find_leftovers(target.parent, target.name, "replaced"):
        if not os.path.lexists(target):
            with suppress(OSError):
                old.rename(target)
        else:
            _remove(old)
    for left in find_leftovers(target.parent, target.name, "building"):
        _remove(left)
    for left in find_leftovers(target.parent, target.name, "fresh"):
        if left.is_symlink() and left.is_dir() and (target.is_symlink() or not os.path.lexists(target)):
            with suppress(OSError):
                left.replace(target)  # its run was good, and complete on the disk
        _remove(left)


def repair_latest(target: Path) -> None:
    """Do `clean_up` where a link was left behind and nobody is at work; otherwise the next run does it."""
    if any(find_leftovers(target.parent, target.name, "fresh")):
        with suppress(OSError, LockedError, OutputError), hold(target.with_name(".lock"), on_lock="fail"):
            clean_up(target)


def _trade(new: Path, target: Path) -> Path:
    """Put something where something else stands, and return where that stands now."""
    if exchange(new, target):
        return new
    old = target.with_name(f".{target.name}.replaced-{secrets.token_hex(4)}")
    target.rename(old)
    try:
        new.rename(target)
    except BaseException:  # an order to end may come between the two moves
        old.rename(target)
        raise
    return old


def _remove(path: Path) -> None:
    with suppress(OSError):
        if path.is_symlink() or path.is_file():
            path.unlink()
        else:
            shutil.rmtree(path)
