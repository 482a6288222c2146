"""What is known of each schedule's last run: ``runs/schedule-state.json``.

The file is replaced as a whole, under a lock that is held for that moment alone. A second lock for each schedule is
held while its run is at work, so that no slot runs twice; the system frees it when the process ends, however it ends.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from mopsnb.disk import refuse_write
from mopsnb.errors import LockedError
from mopsnb.run.durable import replace_text

NAME = "schedule-state.json"
KIND = "mopsnb schedule state"
BROKEN = f"{NAME}.broken"
_PATIENCE = 30  # seconds; the file's lock is held for some milliseconds


@dataclass(frozen=True, slots=True)
class Attempt:
    """A run that was begun and of which no end is known.

    Parameters
    ----------
    slot
        The moment for which it runs.
    started_at
        When it was begun.
    number
        How many runs in a row were begun of which no end is known, this one among them.
    """

    slot: datetime
    started_at: datetime
    number: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one schedule.

    Parameters
    ----------
    cron, time_zone
        As they stood when this was written. Where they have changed, earlier slots mean nothing.
    since
        Slots up to this moment are dealt with.
    running
        The run that was begun and has not ended.
    last
        How the last one ended, as plain values.
    ahead
        Slots up to this later moment are dealt with too, should the clock come to it by a jump; None: no such moment.
    """

    cron: str
    time_zone: str
    since: datetime
    running: Attempt | None = None
    last: Mapping[str, Any] | None = None
    ahead: datetime | None = None

    def begin(self, slot: datetime, now: datetime) -> Entry:
        """Return the entry with a run begun."""
        number = self.running.number + 1 if self.running else 1
        return replace(self, running=Attempt(slot, now, number))

    def end(self, slot: datetime, last: Mapping[str, Any]) -> Entry:
        """Return the entry with a slot dealt with."""
        return replace(self, since=max(slot, self.since), running=None, last=dict(last))


class State:
    """The state of a workspace's schedules.

    Parameters
    ----------
    workspace
        The workspace's folder.
    warn
        Hears of a state file that cannot be read.
    """

    def __init__(self, workspace: Path, warn: Callable[[str], None]) -> None:
        self.folder = workspace / "runs"
        self.path = self.folder / NAME
        self.warn = warn
        self._has_warned = False
        self._ended: dict[str, Entry] = {}  # ends that could not be written: this process at least knows of them

    def read(self) -> dict[str, Entry]:
        """Return what is known of each schedule, by its id; nothing where no file can be read."""
        return self._read_file() | self._ended

    def _read_file(self) -> dict[str, Entry]:
        try:
            return _parse(self.path.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it holds no state of schedules"
            if not self._has_warned:
                self.warn(f"{self.path} cannot be read: {why}. Schedules begin anew, and the file becomes {BROKEN}.")
            self._has_warned = True
            return {}

    def write(self, name: str, entry: Entry) -> None:
        """Write what is known of one schedule and leave the others as they are.

        Raises
        ------
        OutputError
            The file cannot be written. No schedule may run then: it would run again and again.
        """
        if entry.running is None:
            self._ended[name] = entry
        try:
            with self._hold(".schedule-state.lock", _PATIENCE):
                entries = self._read_file()
                if not entries and self.path.exists():
                    self.path.replace(self.path.with_name(BROKEN))
                replace_text(self.path, _dump(entries | self._ended | {name: entry}))
        except OSError as error:
            raise refuse_write("the state of the schedules", self.folder, error) from error
        self._ended.clear()

    @contextmanager
    def claim(self, name: str) -> Iterator[bool]:
        """Give whether this process alone may deal with a schedule, and keep others off it until the end."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / f".schedule-{name}.lock", timeout=0)
            lock.acquire()
        except Timeout:
            yield False
            return
        except OSError as error:
            raise refuse_write("the state of the schedules", self.folder, error) from error
        try:
            yield True
        finally:
            lock.release()

    @contextmanager
    def _hold(self, name: str, patience: float) -> Iterator[None]:
        try:
            with FileLock(self.folder / name, timeout=patience):
                yield
        except Timeout as error:
            raise LockedError(
                f"Another process holds {self.path} for {patience} seconds. End it, and try again."
            ) from error


def read_zones(workspace: Path) -> dict[str, str]:
    """Return the time zone that each schedule had when it was last looked at, by its id."""
    return {name: entry.time_zone for name, entry in State(workspace, lambda _: None).read().items()}


def show_time(moment: datetime) -> str:
    """Return a moment in UTC as files and JSON hold it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _parse(text: str) -> dict[str, Entry]:
    content = json.loads(text)
    if content["kind"] != KIND:
        raise ValueError("another program's file")
    return {name: _read_entry(values) for name, values in content["schedules"].items()}


def _read_entry(values: Mapping[str, Any]) -> Entry:
    running = values.get("running")
    attempt = running and Attempt(
        _read_time(running["slot"]), _read_time(running["started_at"]), int(running["number"])
    )
    ahead = _read_time(values["ahead"]) if values.get("ahead") else None
    return Entry(values["cron"], values["time_zone"], _read_time(values["since"]), attempt, values.get("last"), ahead)


def _read_time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _dump(entries: Mapping[str, Entry]) -> str:
    schedules = {name: _show_entry(entries[name]) for name in sorted(entries)}
    content = {"kind": KIND, "schema_version": 1, "schedules": schedules}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _show_entry(entry: Entry) -> dict[str, Any]:
    running = entry.running and {
        "slot": show_time(entry.running.slot),
        "started_at": show_time(entry.running.started_at),
        "number": entry.running.number,
    }
    return {
        "cron": entry.cron,
        "time_zone": entry.time_zone,
        "since": show_time(entry.since),
        "running": running,
        "last": entry.last,
        **({"ahead": show_time(entry.ahead)} if entry.ahead else {}),
    }
