"""Which runs of a workspace are kept, and the removal of the others.

A run is kept where any rule keeps it, as users of backup programs expect: it is one of the newest ``keep``,
or it is younger than ``days``. It goes only where no rule that was given keeps it.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mopsnb.disk import refuse_write
from mopsnb.errors import UsageError
from mopsnb.run.durable import sync_folder
from mopsnb.run.locking import hold
from mopsnb.run.names import read_moment
from mopsnb.run.publish import GOOD, LATEST, is_report, list_strangers
from mopsnb.run.resuming import read_record

_REMOVING = "removing"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one run, and why.

    Parameters
    ----------
    run
        The name of its folder.
    stays
        Whether it is kept.
    reason
        The rule that keeps it, or that none does.
    """

    run: str
    stays: bool
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        return asdict(self)


def prune(
    runs: Path, *, keep: int | None = None, days: int | None = None, dry_run: bool = False, now: datetime | None = None
) -> list[Verdict]:
    """Remove the runs of a workspace that no rule keeps.

    Parameters
    ----------
    runs
        The workspace's folder ``runs``.
    keep
        How many of the newest runs stay, good or not; None: no such rule.
    days
        Runs that began less than this many days ago stay; None: no such rule.
    dry_run
        Say what would go, and remove nothing.
    now
        When it is; None: by the clock.

    Returns
    -------
    list of Verdict
        For every run, the newest first. A folder that is not a run of ours is not looked at: reports in other
        folders, runs that are at work, and what people put there.

    Raises
    ------
    UsageError
        Neither rule was given.
    OutputError
        A run cannot be removed.
    """
    if keep is None and days is None:
        raise UsageError("Say which runs to keep: --keep N for the newest, --days D for the young ones, or both.")
    if not runs.is_dir():
        return []
    if dry_run:
        return _judge(runs, keep, days, now or datetime.now(UTC))
    with hold(runs / ".lock", ["prune"]):
        verdicts = _judge(runs, keep, days, now or datetime.now(UTC))
        for left in runs.glob(f".????????T??????Z-????????.{_REMOVING}-????????"):
            shutil.rmtree(left, ignore_errors=True)
        for verdict in verdicts:
            if not verdict.stays:
                _remove(runs / verdict.run)
    return verdicts


def find_last_good(runs: Path) -> str:
    """Return the name of the last good run: where ``latest`` leads, else the newest good one; empty without any."""
    latest = runs / LATEST
    if latest.is_symlink() and is_report(latest):
        return latest.resolve().name
    good = [path.name for path in runs.iterdir() if _is_run(path) and read_record(path).get("status") in GOOD]
    return max(good, default="")


def _judge(runs: Path, keep: int | None, days: int | None, now: datetime) -> list[Verdict]:
    names = sorted((path.name for path in runs.iterdir() if _is_run(path)), reverse=True)
    good = find_last_good(runs)
    return [_judge_run(runs / name, rank, (keep, days), now, good) for rank, name in enumerate(names, 1)]


def _judge_run(path: Path, rank: int, rules: tuple[int | None, int | None], now: datetime, good: str) -> Verdict:
    keep, days = rules
    if path.name == good:
        return Verdict(path.name, True, "the last good run")
    if keep is not None and rank <= keep:
        return Verdict(path.name, True, f"one of the newest {keep}")
    if days is not None and now - _find_begin(path) < timedelta(days=days):
        return Verdict(path.name, True, f"younger than {days} {'day' if days == 1 else 'days'}")
    if others := list_strangers(sorted(item.name for item in path.iterdir())):
        return Verdict(path.name, True, f"it holds what is not the report's: {', '.join(others[:3])}")
    return Verdict(path.name, False, "no rule keeps it")


def _find_begin(path: Path) -> datetime:
    """Return when a run began: by its record, for a name may go on from the run before it."""
    try:
        return datetime.fromisoformat(str(read_record(path)["volatile"]["started_at"])).astimezone(UTC)
    except (KeyError, TypeError, ValueError):
        return read_moment(path.name) or datetime.max.replace(tzinfo=UTC)


def _is_run(path: Path) -> bool:
    return bool(read_moment(path.name)) and not path.is_symlink() and path.is_dir() and is_report(path)


def _remove(path: Path) -> None:
    # Out of sight first, in one step: half of a report must never look like one.
    hidden = path.with_name(f".{path.name}.{_REMOVING}-{secrets.token_hex(4)}")
    try:
        path.rename(hidden)
        sync_folder(path.parent)
    except OSError as error:
        raise refuse_write("the folder of runs", path.parent, error) from error
    with suppress(OSError):
        shutil.rmtree(hidden)


def summarize(verdicts: Sequence[Verdict], *, dry_run: bool) -> str:
    """Return what was removed and what was kept as lines for people."""
    gone = [verdict for verdict in verdicts if not verdict.stays]
    word = "would be removed" if dry_run else "removed"
    lines = [f"{verdict.run}  {'kept' if verdict.stays else word}: {verdict.reason}" for verdict in verdicts]
    noun = "run" if len(verdicts) == 1 else "runs"
    return "\n".join([*lines, f"{len(gone)} of {len(verdicts)} {noun} {word}."])
