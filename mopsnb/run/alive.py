"""The sign of life of a run at work: who does it, since when, and how far it is.

It lies in the hidden folder in which the report is built, from that folder's first moment on. Where it is still there
and its process is not, the run was killed: `mopsnb.run.aftermath` files it. A process number alone would not do: the
system gives numbers away again, so the time at which the process began belongs to it.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from mopsnb.run.durable import replace_text
from mopsnb.run.progress import Progress
from mopsnb.run.publish import ALIVE
from mopsnb.secrets.known import find_redactor, list_known

LOCK = "alive.lock"
KIND = "mopsnb run at work"
SILENCE = 3600  # seconds after which a building folder without a sign of life counts as left behind


@dataclass(slots=True)
class Alive:
    """The sign of life of this process's run. Make one with `begin`.

    Parameters
    ----------
    folder
        The building folder.
    facts
        What the sign says.
    """

    folder: Path
    facts: dict[str, Any]
    _handle: int | None = None
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def begin(cls, folder: Path, facts: Mapping[str, Any], steps: Sequence[str]) -> Alive:
        """Give the sign of life.

        Parameters
        ----------
        folder
            The building folder.
        facts
            What is known of the run so far: plain values for JSON, no secrets.
        steps
            The ids of its steps.

        Raises
        ------
        OSError
            It cannot be written.
        """
        own = {
            "kind": KIND,
            "pid": os.getpid(),
            "process": describe_process(os.getpid()),
            "host": socket.gethostname(),
        }
        alive = cls(folder, {**own, **facts, "steps": dict.fromkeys(steps, "waiting")})
        alive._handle = _hold(folder / LOCK)
        alive._write()
        return alive

    @property
    def started(self) -> datetime:
        """When the run began."""
        return datetime.fromisoformat(self.facts["started_at"])

    def learn(self, facts: Mapping[str, Any], parameters: Mapping[str, Mapping[str, Any]]) -> None:
        """Add what the workspace tells once it is open, and the values that each step runs with."""
        with self._guard, suppress(OSError):
            self.facts |= facts
            for item in self.facts["about"]:
                item["parameters"] = dict(parameters[item["step"]])
            self._write()

    def note(self, step: str, status: str) -> None:
        """Note how far a step is: ``running``, or how it ended. Several threads do."""
        with self._guard, suppress(OSError):
            self.facts["steps"][step] = status
            if self._handle is not None:
                self._write()

    def end(self) -> None:
        """Take the sign away: the report is complete, or what is left of it is filed."""
        with self._guard:
            if self._handle is not None:
                os.close(self._handle)
                self._handle = None
            for name in (ALIVE, LOCK):
                (self.folder / name).unlink(missing_ok=True)

    def refresh(self) -> None:
        """Write the sign anew, without the secrets that are known by now."""
        with self._guard:
            if self._handle is not None:
                self._write()

    def _write(self) -> None:
        self.facts = _hide_secrets(self.facts)
        replace_text(self.folder / ALIVE, json.dumps(self.facts, indent=2, ensure_ascii=False) + "\n")


def _hide_secrets(facts: dict[str, Any]) -> dict[str, Any]:
    """Return facts without secrets in what people gave; what tells the process and its folder stays as it is."""
    if not list_known():
        return facts
    from mopsnb.run.redaction import redact_value

    redactor = find_redactor()
    about = [
        {**item, "parameters": redact_value(item.get("parameters", {}), redactor)} for item in facts.get("about", [])
    ]
    return {**facts, "workspace": redact_value(facts.get("workspace", ""), redactor), "about": about}


class WitnessedProgress(Progress):
    """Hands on what a run tells, and notes in its sign of life how far each step is.

    Parameters
    ----------
    inner
        Who shows it to people.
    alive
        The sign of life.
    """

    def __init__(self, inner: Progress, alive: Alive) -> None:
        self.inner, self.alive = inner, alive

    def plan(self, steps: Sequence[str]) -> None:
        """Take the ids of the run's steps."""
        self.inner.plan(steps)

    def begin(self, step: str, cells: int) -> None:
        """Note that a step's kernel starts."""
        self.alive.note(step, "running")
        self.inner.begin(step, cells)

    def advance(self, step: str, cell: int) -> None:
        """Note that a step begins its next code cell."""
        self.inner.advance(step, cell)

    def finish(self, step: str, status: str, seconds: float) -> None:
        """Note that a step ended."""
        self.alive.note(step, status)
        self.inner.finish(step, status, seconds)

    def say(self, text: str) -> None:
        """Note what the run itself does now."""
        self.inner.say(text)


def read_alive(folder: Path) -> dict[str, Any] | None:
    """Return what a building folder's sign of life says; None where it has none that can be read."""
    try:
        facts = json.loads((folder / ALIVE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return facts if isinstance(facts, dict) and facts.get("kind") == KIND else None


def is_dead(folder: Path) -> bool:
    """Tell whether nobody works in a building folder any more. Where that is not certain, somebody does."""
    facts = read_alive(folder)
    if facts is None:
        with suppress(OSError):
            return time.time() - folder.stat().st_mtime > SILENCE
        return False
    if facts.get("host") == socket.gethostname():
        return describe_process(int(facts.get("pid", 0))) != facts.get("process")
    return _is_free(folder / LOCK)  # a container of its own, or another machine on the same disk


def describe_process(pid: int) -> str:
    """Return what tells a process from every other one that has or had its number; empty where there is none.

    Examples
    --------
    >>> describe_process(os.getpid()) == describe_process(os.getpid()) != ""
    True
    """
    if sys.platform == "linux":
        with suppress(OSError, IndexError):
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
            return (
                "" if fields[0] in "ZX" else f"{pid} of {boot}, tick {fields[19]}"
            )  # an ended one waits for its parent
        return ""
    if os.name == "posix":
        answer = subprocess.run(  # noqa: S603
            ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        state, _, begun = answer.stdout.strip().partition(" ")
        return "" if not state or state.startswith("Z") else f"{pid} since {begun.strip()}"
    return str(pid)  # nothing tells there; the lock of the workspace keeps runs apart


def _hold(path: Path) -> int:
    """Lock a file for as long as this process lives; where the system cannot, it is open and not locked."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with suppress(ImportError, OSError):
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return handle


def _is_free(path: Path) -> bool:
    try:
        import fcntl

        handle = os.open(path, os.O_RDWR)
    except (ImportError, OSError):
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
