"""One run at a time: who comes second waits, skips or fails, as asked.

The lock is the operating system's own, on a file that stays. It ends with the process that holds it,
however that ends, so a killed run never leaves a workspace locked.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mopsnb.disk import refuse_write
from mopsnb.errors import LockedError
from mopsnb.run.durable import replace_text

if TYPE_CHECKING:
    from filelock import BaseFileLock

OnLock = Literal["wait", "skip", "fail"]
PATIENCE = 1.0  # seconds before a run says that it waits
_POLL = 0.1


@contextmanager
def hold(
    lock: Path,
    steps: Sequence[str] = (),
    *,
    on_lock: OnLock = "wait",
    timeout: float | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[None]:
    """Hold a place while the block runs.

    Parameters
    ----------
    lock
        The lock's file, see `mopsnb.run.publish.Place.lock`. Its folder exists.
    steps
        What this run does, for the message of whoever comes second.
    on_lock
        What to do while another run holds it: ``wait``, or give up at once (``skip`` and ``fail``).
    timeout
        Seconds to wait; None: no limit.
    say
        Hears of it when the wait takes longer than a second.

    Raises
    ------
    LockedError
        Another run holds it. The message names its process, since when, and its steps.
    OutputError
        The lock cannot be made.
    """
    from filelock import FileLock

    handle = FileLock(lock, poll_interval=_POLL)
    try:
        with suppress(FileExistsError):
            lock.touch(mode=0o644, exist_ok=False)  # where a disk takes no file, the library waits for ever
        _acquire(handle, lock, on_lock, timeout, say)
    except OSError as error:
        raise refuse_write("the lock of a run", lock.parent, error) from error
    try:
        _sign(lock, steps)
        yield
    finally:
        with suppress(OSError):
            _find_sign(lock).unlink(missing_ok=True)
            if lock.name != ".lock" and os.name == "posix":  # beside a folder that is not ours: leave nothing there
                lock.unlink()
        handle.release()


def describe_holder(lock: Path) -> str:
    """Say who holds a place: process, machine where it is another one, since when, and what it does."""
    try:
        sign: dict[str, Any] = json.loads(_find_sign(lock).read_text(encoding="utf-8"))
        since = datetime.fromisoformat(sign["since"])
        where = "" if sign["host"] == socket.gethostname() else f" on {sign['host']}"
        steps = ", ".join(sign["steps"])
        return f"process {sign['pid']}{where}, since {since:%Y-%m-%d %H:%M:%S} UTC" + (f", {steps}" if steps else "")
    except (OSError, ValueError, KeyError, TypeError):
        return "it has not signed yet"  # between taking the lock and saying so


def _acquire(
    handle: BaseFileLock, lock: Path, on_lock: OnLock, timeout: float | None, say: Callable[[str], None]
) -> None:
    from filelock import Timeout

    first = 0.0 if on_lock != "wait" else PATIENCE if timeout is None else min(PATIENCE, timeout)
    try:
        handle.acquire(timeout=first)
        return
    except Timeout:
        if on_lock != "wait":
            raise _refuse(lock) from None
    say(f"Waiting for another run ({describe_holder(lock)})")
    try:
        handle.acquire(timeout=-1 if timeout is None else max(0.0, timeout - first))
    except Timeout:
        raise _refuse(lock, f" after {timeout:g} second{'' if timeout == 1 else 's'}") from None


def _refuse(lock: Path, waited: str = "") -> LockedError:
    fix = "Wait longer with --lock-timeout" if waited else "Wait for it with --on-lock wait"
    what = lock.parent.parent if lock.name == ".lock" else lock.with_name(lock.name[1 : -len(".lock")])
    still = "still holds" if waited else "holds"
    who = f"Another run {still} {what}{waited} ({describe_holder(lock)})."
    return LockedError(f"{who} {fix}, or leave it to that run with --on-lock skip.")


def _sign(lock: Path, steps: Sequence[str]) -> None:
    sign = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
        "steps": list(steps),
    }
    with suppress(OSError):  # the message is a courtesy; the lock holds without it
        replace_text(_find_sign(lock), json.dumps(sign))


def _find_sign(lock: Path) -> Path:
    return lock.with_name(f"{lock.name}.json")
