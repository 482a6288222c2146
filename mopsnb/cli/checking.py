"""What ``mopsnb check`` finds in a workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mopsnb.errors import Fault, InputError, ScheduleError, StrategyError
from mopsnb.findings import Finding, sort_findings
from mopsnb.run.imports import import_without_grammar

if TYPE_CHECKING:
    from mopsnb.strategy import Strategy


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Faults and findings of a workspace.

    Parameters
    ----------
    workspace
        Its name, or the folder where it cannot be opened.
    tables
        The canonical tables that it holds.
    faults
        What keeps a file from being used, one a kind.
    findings
        What needs attention and stops nothing.
    message
        Why it cannot be opened; empty where it can.
    """

    workspace: str
    tables: Sequence[str] = ()
    faults: Sequence[Fault] = ()
    findings: Sequence[Finding] = ()
    message: str = ""

    @property
    def exit_code(self) -> int:
        """0, or 3 where something cannot be used."""
        return InputError.exit_code if self.faults or self.message else 0

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON."""
        return {
            "workspace": self.workspace,
            "ok": self.exit_code == 0,
            "message": self.message,
            "tables": list(self.tables),
            "faults": [fault.to_dict() for fault in self.faults],
            "findings": [finding.to_dict() for finding in self.findings],
        }

    def __str__(self) -> str:
        if self.message:
            then = ["The tables are checked once the strategy file can be read."] if self.faults else []
            return "\n".join([self.message, *(f"  {fault}" for fault in self.faults), *then])
        lines = [f"{self.workspace}: the strategy file is sound. {_count(len(self.tables), 'table')} in data/."]
        if self.faults:
            lines += ["", f"{_count(len(self.faults), 'kind')} of fault:", *(f"  {fault}" for fault in self.faults)]
        if self.findings:
            lines += ["", f"{_count(len(self.findings), 'finding')}:"]
            lines += [f"  {item.severity:<8} {item.title.rstrip('.')}. {item.fix}".rstrip() for item in self.findings]
        if not self.faults:
            lines += ["", "Nothing keeps it from running."]
        return "\n".join(lines)


def check_workspace(workspace: str) -> CheckReport:
    """Check a workspace's strategy file, its goals against the metrics, every table, and its schedules.

    Parameters
    ----------
    workspace
        The folder.
    """
    import_without_grammar("mopsnb.workspace")
    from mopsnb.data.goals import review_goals
    from mopsnb.workspace import open as open_workspace

    try:
        opened = open_workspace(workspace, strict=False)
        found = [*opened.findings(), *review_goals(opened.strategy, opened.definitions, opened.tables)]
        findings = sort_findings({item.id: item for item in found}.values())
        faults = [*_check_holidays(opened.strategy), *opened.faults(), *_check_schedules(Path(workspace))]
        return CheckReport(opened.name, opened.tables, faults, findings)
    except InputError as error:
        return CheckReport(workspace, faults=error.faults, message=error.message)


def _check_holidays(strategy: Strategy) -> Sequence[Fault]:
    if not strategy.organization.holidays:
        return ()
    from mopsnb.analysis.service.timetable import read_timetable

    try:
        read_timetable(strategy)
    except StrategyError as error:
        return error.faults
    return ()


def _check_schedules(workspace: Path) -> Sequence[Fault]:
    from mopsnb.schedule.reading import FILE, read_schedules

    if not (workspace / FILE).exists():
        return ()
    try:
        read_schedules(workspace)
    except ScheduleError as error:
        return error.faults
    return ()


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
