"""The names of runs: ``<UTC time>-<id>``, which sort as the runs began."""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

_NAME = re.compile(r"(\d{8}T\d{6}Z)-([0-9a-f]{4})[0-9a-f]{4}")
_TIME = "%Y%m%dT%H%M%SZ"
_TICKS = 0x10000  # of a second, which the first part of the id counts


def name_run(started: datetime) -> str:
    """Return a name for a run: its time in UTC, the fraction of the second and four random characters."""
    fraction = started.microsecond * _TICKS // 1_000_000
    return f"{started:{_TIME}}-{fraction:04x}{secrets.token_hex(2)}"


def name_after(runs: Path, started: datetime) -> str:
    """Return a name that comes after those of all runs in a folder, whatever the clock says.

    Whoever asks holds the lock, so that no other run takes a name meanwhile. Where the clock was set back, the name
    goes on from the newest run's: what counts the newest runs goes by names. ``run.json`` has the clock's time.

    Parameters
    ----------
    runs
        The folder.
    started
        When the run began, in UTC.
    """
    newest = max((moment for path in runs.iterdir() if (moment := read_moment(path.name))), default=None)
    tick = started.replace(microsecond=0) + timedelta(seconds=started.microsecond * _TICKS // 1_000_000 / _TICKS)
    if newest is None or newest < tick:
        return name_run(started)
    with suppress(OverflowError):  # the end of the calendar
        return name_run(newest + timedelta(seconds=1.5 / _TICKS))
    return name_run(started)


def read_moment(name: str) -> datetime | None:
    """Return when a run began, by its name; None for every other name.

    Examples
    --------
    >>> read_moment("20261122T080000Z-8000ff01").isoformat()
    '2026-11-22T08:00:00.500000+00:00'
    >>> read_moment("20261399T080000Z-8000ff01"), read_moment("latest")
    (None, None)
    """
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    with suppress(ValueError):
        moment = datetime.strptime(found[1], _TIME).replace(tzinfo=UTC)
        return moment + timedelta(seconds=int(found[2], 16) / _TICKS)
    return None
