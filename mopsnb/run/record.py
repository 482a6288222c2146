"""run.json: what a run was asked for, how it ended, and under ``volatile`` when and with what."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from typing import Any

from mopsnb.findings import SEVERITIES
from mopsnb.run.causes import choose_cause
from mopsnb.run.history import Changes
from mopsnb.run.publish import KIND
from mopsnb.run.request import StepOutcome

SCHEMA_VERSION = 1
_PACKAGES = (
    "mopsnb",
    "papermill",
    "nbconvert",
    "ipykernel",
    "pandas",
    "numpy",
    "duckdb",
    "altair",
    "vl-convert-python",
)


def build_record(
    facts: Mapping[str, Any],
    steps: Sequence[StepOutcome],
    findings: Sequence[Mapping[str, Any]],
    changes: Changes,
    volatile: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what ``run.json`` holds.

    Parameters
    ----------
    facts
        What the workspace says of itself: ``workspace``, ``is_sample``, ``as_of``, ``data_through`` …, and the
        run's ``status``.
    steps
        How each step ended.
    findings
        Each once, the most severe first.
    changes
        Against the last good run.
    volatile
        Everything that may differ between two runs on the same inputs. Nothing else may.
    """
    counts = Counter(item["severity"] for item in findings)
    return {
        "kind": KIND,
        "schema_version": SCHEMA_VERSION,
        **facts,
        "cause": choose_cause(step.cause for step in steps if step.status == "failed"),
        "steps": [
            {
                "step": step.step.slug,
                "status": step.status,
                "cause": step.cause,
                "error": step.error,
                "page": f"{step.step.slug}.html",
                "result": f"results/{step.step.slug}.json" if step.status != "failed" else None,
                "parameters": dict(step.parameters),
                "parameter_sources": dict(step.origins),
            }
            for step in steps
        ],
        "findings": {severity: counts[severity] for severity in reversed(SEVERITIES)},
        "changes": changes.to_dict(),
        "volatile": dict(volatile),
    }


def decide_status(steps: Sequence[StepOutcome], *, allow_partial: bool = False) -> str:
    """Return the status of a run whose steps all ended: ``ok``, ``failed``, or ``partial`` where that is allowed.

    A partial run has a page that is good beside those that failed, and may become the latest report.
    """
    if not any(step.status == "failed" for step in steps):
        return "ok"
    has_page = any(step.result is not None and step.result["status"] == "ok" for step in steps)
    return "partial" if allow_partial and has_page else "failed"


def describe_times(started: datetime, ended: datetime, steps: Sequence[StepOutcome]) -> dict[str, Any]:
    """Return when a run began and ended, in UTC, and how many seconds each step took."""
    return {
        "started_at": started.isoformat(timespec="seconds"),
        "ended_at": ended.isoformat(timespec="seconds"),
        "seconds": round((ended - started).total_seconds(), 3),
        "step_seconds": {step.step.slug: round(step.seconds, 3) for step in steps},
    }


def list_versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that make a report's figures and pages."""
    found = {package: find_version(package) for package in _PACKAGES}
    return {"python": platform.python_version(), **{package: number for package, number in found.items() if number}}


def find_version(package: str) -> str:
    """Return a package's version; empty where it is not installed, or its folder of metadata is damaged."""
    try:
        return str(version(package) or "")
    except Exception:  # what a damaged folder raises differs from one damage to the next, and no figure rests on it
        return ""
