"""The data gate: what keeps a step from starting, because the data that it reads cannot be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mopsnb.errors import InputError
from mopsnb.findings import SEVERITIES, Finding
from mopsnb.run.guard import Stop
from mopsnb.steps import Step

if TYPE_CHECKING:
    from mopsnb.workspace import Workspace

_WORDS = {"error": "Error", "warning": "Warning", "info": "Note"}


def check_gate(steps: Sequence[Step], severity: str, workspace: Workspace) -> dict[str, Stop]:
    """Return the steps that may not start, by their ids, with the reason.

    Parameters
    ----------
    steps
        The steps that are to run.
    severity
        The mildest severity that stops a step; empty: the gate is open.
    workspace
        Its faults and findings on tables are what counts. A finding on something else stops nobody.
    """
    if not severity:
        return {}
    try:
        findings = workspace.findings()
    except Exception as error:  # whoever cannot look must not let pass
        text = str(error) if isinstance(error, InputError) else f"The data gate cannot look: {_name(error)}"
        return {step.slug: Stop("input", text) for step in steps if step.needs or step.uses}
    grave = SEVERITIES[SEVERITIES.index(severity) :]
    found = {
        step.slug: [item for item in findings if item.severity in grave and item.where in _list_tables(step, workspace)]
        for step in steps
    }
    return {slug: Stop("gate", _describe(items, severity)) for slug, items in found.items() if items}


def _list_tables(step: Step, workspace: Workspace) -> set[str]:
    shown = workspace.metrics_in_use if step.any_metric else ()
    return {*step.needs, *step.uses, *(table for name in shown for table in workspace.definitions[name].needs)}


def _name(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def _describe(findings: Sequence[Finding], severity: str) -> str:
    count = f"{len(findings)} finding{'' if len(findings) == 1 else 's'}"
    kind = "severity error" if severity == "error" else "severity warning or error"
    head = f"The data gate stopped this step before it started: {count} of {kind} on the tables that it reads."
    return "\n".join([head, *(_describe_one(item) for item in findings)])


def _describe_one(item: Finding) -> str:
    parts = [f"{_WORDS[item.severity]}: {item.title}", item.evidence, item.fix]
    return " ".join(" ".join(part.split()) for part in parts if part)
