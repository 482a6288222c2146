"""What changed since the last good run: findings new, still there, and resolved."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mopsnb.findings import SEVERITIES, STAKES
from mopsnb.run.publish import is_report

Findings = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Changes:
    """Findings compared with the run before.

    Parameters
    ----------
    new, persisting, resolved
        Findings as the results hold them, ordered as by `merge_findings`. A finding that several
        steps report counts once.
    has_previous
        Whether there was a run to compare with. Without one nothing is new.
    """

    new: Findings = ()
    persisting: Findings = ()
    resolved: Findings = ()
    has_previous: bool = False

    def to_dict(self) -> dict[str, list[str]]:
        """Return the ids as plain values for JSON."""
        return {name: [item["id"] for item in getattr(self, name)] for name in ("new", "persisting", "resolved")}


@dataclass(slots=True)
class _Seen:
    findings: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    steps: dict[str, set[str]] = field(default_factory=dict)  # finding id → the steps that report it
    ranks: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)  # finding id → its place in the order

    def order(self, ids: Iterable[str]) -> list[Mapping[str, Any]]:
        """Return these findings, the most important first."""
        return [self.findings[key] for key in sorted(ids, key=self.ranks.__getitem__)]


def read_previous(latest: Path | None) -> dict[str, dict[str, Any]]:
    """Return the results of a workspace's last good run, by step; empty where there is none.

    Only ``runs/latest`` counts. A report that went to a folder of its own has no history,
    so that the same inputs give the same bytes wherever the report goes.
    """
    if latest is None or not is_report(latest):
        return {}
    results = {}
    for path in sorted((latest / "results").glob("*.json")):
        try:
            result = json.loads(path.read_text(encoding="utf-8"))
            if all(isinstance(item["id"], str) and item["severity"] in SEVERITIES for item in result["findings"]):
                results[path.stem] = result
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return results


def compare(previous: Mapping[str, Mapping[str, Any]], current: Mapping[str, Mapping[str, Any]]) -> Changes:
    """Compare the findings of two runs.

    A finding is new only if the previous run had the step that reports it, and resolved only
    if this run had it: a step that did not run says nothing.

    Parameters
    ----------
    previous, current
        Results by step. A step that failed has none.

    Examples
    --------
    >>> stale = {"id": "freshness.deal", "severity": "warning"}
    >>> changes = compare({"metrics": {"findings": [stale]}}, {"metrics": {"findings": []}})
    >>> changes.to_dict()
    {'new': [], 'persisting': [], 'resolved': ['freshness.deal']}
    """
    then, now = _gather(previous), _gather(current)
    if not previous:
        return Changes(persisting=merge_findings(current))
    return Changes(
        new=now.order(key for key in now.findings if key not in then.findings and now.steps[key] & set(previous)),
        persisting=now.order(key for key in now.findings if key in then.findings),
        resolved=then.order(
            key for key in then.findings if key not in now.findings and then.steps[key] <= set(current)
        ),
        has_previous=True,
    )


def merge_findings(results: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the findings of all steps, each once, the most important first.

    The most severe come first, and of one severity those about a result: a goal, a promise or money that is off its
    mark. The rest stand by their place among the step's own: a step lists its most important first, so what leads one
    page is not buried below the details of another. Then the order of the steps counts.
    """
    seen = _gather(results)
    return seen.order(seen.findings)


def _gather(results: Mapping[str, Mapping[str, Any]]) -> _Seen:
    seen = _Seen()
    for place, (step, result) in enumerate(results.items()):
        counts: Counter[tuple[int, int]] = Counter()
        for finding in result["findings"]:
            key, severity = finding["id"], finding["severity"]
            seen.findings.setdefault(key, finding)
            seen.steps.setdefault(key, set()).add(step)
            weight = -SEVERITIES.index(severity), -_weigh(finding)
            rank = (*weight, counts[weight], place)
            seen.ranks[key] = min(seen.ranks.get(key, rank), rank)
            counts[weight] += 1
    return seen


def _weigh(finding: Mapping[str, Any]) -> int:
    stake = finding.get("stake", "")  # results of an earlier version have none
    return STAKES.index(stake) if stake in STAKES else 0
