"""Text and plain values for the terminal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mopsnb.findings import SEVERITIES
from mopsnb.run.publish import SINGLE_FILE
from mopsnb.steps import Step

if TYPE_CHECKING:
    from mopsnb.run.declaration import Parameter
    from mopsnb.run.request import RunOutcome

_STATUS = {"ok": "ok", "unchanged": "unchanged", "no_data": "without data yet", "failed": "failed"}


def describe_run(outcome: RunOutcome) -> str:
    """Say where the report is and what needs attention."""
    if outcome.is_unchanged:
        since = outcome.record["volatile"]["started_at"].replace("T", " ").replace("+00:00", " UTC")
        return f"Nothing changed since {since}.\nReport: {show_path(outcome.index)}"
    statuses = Counter(step.status for step in outcome.steps)
    parts = [f"{statuses[status]} {words}" for status, words in _STATUS.items() if statuses[status]]
    lines = [
        f"Report: {show_path(outcome.index)}",
        *_name_single_file(outcome.folder / SINGLE_FILE),
        f"{_count(len(outcome.steps), 'step')}: {', '.join(parts)}",
    ]
    lines.append(_describe_findings(outcome))
    lines += [f"  {item['severity']:<8} {_flatten(item['title'])}" for item in outcome.findings[:3]]
    if outcome.record["data_through"]:
        age = outcome.record["volatile"]["data_age_days"]
        ago = f" ({_count(age, 'day')} ago)" if age > 0 else ""
        lines.append(f"Data through {outcome.record['data_through']}{ago}")
    else:
        lines.append("The workspace holds no dated data yet.")
    return "\n".join(lines)


def _name_single_file(path: Path) -> list[str]:
    return [f"To attach: {show_path(path)} ({path.stat().st_size / 1e6:.1f} MB)"] if path.is_file() else []


def _describe_findings(outcome: RunOutcome) -> str:
    counts = Counter(item["severity"] for item in outcome.findings)
    words = {"error": "error", "warning": "warning", "info": "note"}
    parts = [_count(counts[name], words[name]) for name in reversed(SEVERITIES) if counts[name]]
    text = f"{_count(len(outcome.findings), 'finding')}{': ' if parts else ''}{', '.join(parts)}"
    if outcome.changes.has_previous:
        text += f"; {len(outcome.changes.new)} new and {len(outcome.changes.resolved)} resolved since the last good run"
    return text


def describe_failures(outcome: RunOutcome) -> list[str]:
    """Return what standard error says: each step that failed, and which report is the last good one."""
    lines = [f"{step.step.slug} failed: {step.error}" for step in outcome.steps if step.status == "failed"]
    if lines and outcome.latest and outcome.latest.exists():
        lines.append(f"{show_path(outcome.latest / 'index.html')} is the last good report, from an earlier run.")
    return lines


def list_run(outcome: RunOutcome, code: int) -> dict[str, Any]:
    """Return a run as plain values for JSON: ``run.json``, the findings, and where the report is."""
    return {
        "report": show_path(outcome.index),
        "exit_code": code,
        "is_unchanged": outcome.is_unchanged,
        **outcome.record,
        "findings": [dict(item) for item in outcome.findings],
    }


def describe_new(folder: Path) -> str:
    """Say what to do with a blank workspace."""
    return "\n".join(
        [
            f"A blank workspace is in {folder}.",
            f"1. Write your goals and stakeholders into {folder / 'strategy.yml'}; its comments say how.",
            f"2. mopsnb import FILES --into {folder}   (your exports; mopsnb sources lists what is known)",
            f"3. mopsnb check {folder}",
            f"4. mopsnb run {folder}",
        ]
    )


def list_steps(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Return the registry as plain values for JSON."""
    return [
        {
            "step": step.slug,
            "group": step.group,
            "title": step.title,
            "question": step.question,
            "needs": list(step.needs),
            "uses": list(step.uses),
        }
        for step in steps
    ]


def describe_steps(steps: Sequence[Step]) -> str:
    """Return the registry as a table."""
    return align([("step", "group", "question"), *((step.slug, step.group, step.question) for step in steps)])


def describe_parameters(parameters: Sequence[Parameter]) -> str:
    """Return a step's parameters as a table."""
    from mopsnb.run.declaration import RUNNER_SETS

    rows = [("name", "type", "default", "allowed", "help")]
    for item in parameters:
        help_text = f"{item.help} (set by {RUNNER_SETS[item.name]})" if item.name in RUNNER_SETS else item.help
        default = '""' if item.default == "" else str(item.default)
        rows.append((item.name, item.kind, default, item.allowed, help_text.strip()))
    return align(rows)


def align(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as text with aligned columns; the first row is the header.

    Examples
    --------
    >>> print(align([("a", "b"), ("long", "x")]))
    a     b
    long  x
    """
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def show_path(path: Path) -> str:
    """Return a path as people type it: relative where it lies below the current folder."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _flatten(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[\x00-\x1f\x7f]", " ", text)).strip()


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
