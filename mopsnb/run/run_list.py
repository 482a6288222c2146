"""The runs of a workspace: what each was asked, how it ended, and whether the last good one is out of date."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from mopsnb.findings import SEVERITIES
from mopsnb.run.durable import replace_text
from mopsnb.run.names import read_moment
from mopsnb.run.publish import GOOD, LATEST
from mopsnb.run.resuming import find_newest, read_record
from mopsnb.run.retention import find_last_good

STATUS = {"ok": "Complete", "partial": "Partial", "failed": "Failed", "killed": "Killed", "stopped": "Stopped"}
WORDS = {"error": "error", "warning": "warning", "info": "note"}  # severities for people
_ENDS = {"killed": "it was ended from outside without a word", "stopped": "it was stopped"}
_CONFIRMED = ".confirmed.json"
_LONGEST = 240  # characters of a reason: the run's own page has all
_OWN = ("the notebook", "the data", "--as-of")  # origins of a value that nobody gave as a parameter


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run.

    Parameters
    ----------
    run
        The name of its folder.
    status
        ``ok``, ``partial``, ``failed``, ``killed`` or ``stopped``.
    started_at
        ISO time in UTC; empty where it is not known.
    seconds
        How long it took; None where it is not known.
    as_of
        The day that its figures are as of.
    steps
        Steps by their status.
    parameters
        What differs from the notebooks' defaults, as ``name=value`` or ``step.name=value``.
    findings
        Counts by severity.
    new, resolved
        Counts of findings against the run before.
    reason
        Why it is not good; empty where it is.
    is_latest
        Whether ``latest`` leads to it.
    """

    run: str
    status: str
    started_at: str
    seconds: float | None
    as_of: str
    steps: Mapping[str, Sequence[str]]
    parameters: Sequence[str]
    findings: Mapping[str, int]
    new: int
    resolved: int
    reason: str
    is_latest: bool

    @property
    def is_good(self) -> bool:
        """Whether ``latest`` may lead to it."""
        return self.status in GOOD

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class RunList:
    """All runs of a workspace, the newest first.

    Parameters
    ----------
    name
        The organization; empty where no run tells.
    lines
        The runs.
    confirmed
        What `confirm_latest` noted; empty where it never had to.
    """

    name: str
    lines: Sequence[RunLine]
    confirmed: Mapping[str, str] = field(default_factory=dict)

    @property
    def latest(self) -> RunLine | None:
        """The last good run."""
        return next((line for line in self.lines if line.is_latest), None)

    @property
    def stale(self) -> str:
        """Why the last good report is out of date, in words; empty where the newest run is good, or it still holds."""
        if not self.lines or self.lines[0].is_good or self.holds:
            return ""
        newest, latest = self.lines[0], self.latest
        last = f"The last good report is from {show_time(latest.started_at)}" if latest else "There is no good report"
        return f"{last}; the run of {show_time(newest.started_at)} {_say_end(newest)}"

    @property
    def holds(self) -> str:
        """Why the last good report is not out of date although the newest run is not good; empty where it is."""
        if not self.lines or self.lines[0].is_good or self.latest is None:
            return ""
        if self.confirmed.get("latest") != self.latest.run or self.confirmed.get("after", "") < self.lines[0].run:
            return ""
        newest = self.lines[0]
        found = "A later run with --if-changed found all as it was for the last good report, which still holds."
        return f"The run of {show_time(newest.started_at)} {_say_end(newest)} {found}"

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        return {
            "kind": "mopsnb runs",
            "schema_version": 1,
            "latest": self.latest.run if self.latest else None,
            "stale": self.stale,
            "holds": self.holds,
            "runs": [line.to_dict() for line in self.lines],
        }


def read_runs(runs: Path) -> RunList:
    """Read the records of a workspace's runs.

    Parameters
    ----------
    runs
        The workspace's folder ``runs``. What is not a run of ours is left out.
    """
    if not runs.is_dir():
        return RunList("", ())
    names = sorted((path.name for path in runs.iterdir() if read_moment(path.name)), reverse=True)
    records = [(name, record) for name in names if (record := read_record(runs / name))]
    good = find_last_good(runs)
    # A run that could not read the strategy file knows the folder's name alone.
    ordered = sorted(records, key=lambda item: item[0] != good)
    teams = [str(record["workspace"]) for _, record in ordered if record.get("workspace")]
    lines = [_read_line(name, record, good) for name, record in records]
    return RunList(teams[0] if teams else "", lines, _read_confirmed(runs))


def confirm_latest(runs: Path) -> bool:
    """Note that the last good report still holds, where a newer run is not good.

    Returns
    -------
    bool
        Whether that is news for the index of runs.
    """
    newest, latest = find_newest(runs), runs / LATEST
    if newest is None or not latest.is_symlink() or read_record(newest).get("status") in GOOD:
        return False
    found = {"latest": latest.resolve().name, "after": newest.name}
    if found == _read_confirmed(runs):
        return False
    replace_text(runs / _CONFIRMED, json.dumps(found) + "\n")
    return True


def _read_confirmed(runs: Path) -> dict[str, str]:
    try:
        found = json.loads((runs / _CONFIRMED).read_text(encoding="utf-8"))
        return {name: str(found[name]) for name in ("latest", "after")}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def show_time(text: str) -> str:
    """Return an ISO time for people, in UTC.

    Examples
    --------
    >>> show_time("2026-11-22T08:00:05+00:00")
    'November 22, 2026, 08:00 UTC'
    """
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return "an unknown time"
    return f"{when:%B} {when.day}, {when.year}, {when:%H:%M} UTC"


def show_seconds(seconds: float | None) -> str:
    """Return a duration for people.

    Examples
    --------
    >>> show_seconds(4.26), show_seconds(61), show_seconds(7325), show_seconds(None)
    ('4.3 s', '1 min 1 s', '2 h 2 min', '')
    """
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, left = divmod(minutes, 60)
    return f"{hours} h {left} min" if hours else f"{minutes} min {rest} s"


def _read_line(name: str, record: Mapping[str, Any], good: str) -> RunLine:
    try:
        return _describe(name, record, good)
    except (AttributeError, KeyError, TypeError, ValueError):  # somebody wrote into run.json
        reason = "Its record cannot be read."
        return RunLine(name, "failed", _show_moment(name), None, "", {}, (), {}, 0, 0, reason, is_latest=name == good)


def _describe(name: str, record: Mapping[str, Any], good: str) -> RunLine:
    volatile, changes = record.get("volatile") or {}, record.get("changes") or {}
    status = {word: word for word in STATUS}[record["status"]]
    steps: dict[str, list[str]] = {}
    for item in record.get("steps", []):
        steps.setdefault(str(item.get("status", "")), []).append(str(item.get("step", "")))
    counts = record.get("findings") or {}
    return RunLine(
        run=name,
        status=status,
        started_at=str(volatile.get("started_at") or _show_moment(name)),
        seconds=None if volatile.get("seconds") is None else float(volatile["seconds"]),
        as_of=str(record.get("as_of") or ""),
        steps=steps,
        parameters=_list_parameters(record.get("steps", [])),
        findings={severity: int(counts.get(severity, 0)) for severity in reversed(SEVERITIES)},
        new=len(changes.get("new", [])),
        resolved=len(changes.get("resolved", [])),
        reason="" if status == "ok" else _find_reason(record),
        is_latest=name == good,
    )


def _show_moment(name: str) -> str:
    moment = read_moment(name)
    return moment.isoformat(timespec="seconds") if moment else ""


def _list_parameters(steps: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what was given, once where every step that has the parameter got the same value."""
    having: Counter[str] = Counter()
    given: dict[tuple[str, str], list[str]] = {}
    for item in steps:
        sources = item.get("parameter_sources") or {}
        for name, value in (item.get("parameters") or {}).items():
            having[name] += 1
            if sources.get(name, _OWN[0]) not in _OWN:
                given.setdefault((name, str(value)), []).append(str(item["step"]))
    found = []
    for (name, value), slugs in sorted(given.items()):
        labels = [name] if len(slugs) == having[name] else [f"{slug}.{name}" for slug in slugs]
        found += [f"{label}={value}" for label in labels]
    return found


def _find_reason(record: Mapping[str, Any]) -> str:
    text = _find_words(record)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _find_words(record: Mapping[str, Any]) -> str:
    failed = [item for item in record.get("steps", []) if item.get("status") == "failed"]
    if record.get("error"):
        return str(record["error"]).partition("\n")[0]
    if record.get("status") in _ENDS or not failed:
        return ""
    more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
    text = str(failed[0].get("error", "")).partition("\n")[0]
    return f"{failed[0].get('step')}: {text.rstrip('.') if more else text}{more}"


def _say_end(line: RunLine) -> str:
    how = _ENDS.get(line.status, "")
    if how:
        return f"did not end: {how}."
    return f"failed: {line.reason or 'its record does not say why'}" + ("" if line.reason.endswith((".", "…")) else ".")
