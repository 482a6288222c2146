"""What a run is asked for, and what it hands back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mopsnb.run.history import Changes
from mopsnb.steps import STEPS, Step


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What to run, on what, and where the report goes.

    Parameters
    ----------
    workspace
        The workspace's folder; empty: the sample company.
    steps
        The steps to run.
    parameters
        Items ``NAME=VALUE`` or ``step.NAME=VALUE``.
    as_of
        ISO date that figures are as of; empty: the latest event or spend date in the data.
    out
        The report's folder; None: ``runs/`` of the workspace, ``report/`` here for the sample.
    jobs
        How many notebooks run side by side; 0: two for each processor.
    timeout
        Seconds for each notebook; None: no limit.
    keep_notebooks
        Whether the executed notebooks go into the report too.
    notebooks
        Another folder of notebooks; None: those that mopsnb brings.
    """

    workspace: str = ""
    steps: Sequence[Step] = STEPS
    parameters: Sequence[str] = ()
    as_of: str = ""
    out: Path | None = None
    jobs: int = 0
    timeout: float | None = None
    keep_notebooks: bool = False
    notebooks: Path | None = None


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """How one step ended.

    Parameters
    ----------
    step
        The step.
    status
        ``ok``, ``no_data`` or ``failed``.
    cause, error
        What stopped it, as a word and in words; empty where nothing did.
    seconds
        How long its notebook took.
    parameters
        Every value it ran with, folders left out.
    result
        What ``results/<step>.json`` holds; None where it failed.
    """

    step: Step
    status: str
    cause: str = ""
    error: str = ""
    seconds: float = 0.0
    parameters: Mapping[str, Any] = field(default_factory=dict)
    result: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What a run left behind.

    Parameters
    ----------
    folder
        The report.
    steps
        How each step ended, in the registry's order.
    findings
        Of all steps, each once, the most severe first, as the results hold them.
    changes
        Against the last good run.
    latest
        Where the workspace's last good report is found; None where the report has a folder of its own.
    record
        What ``run.json`` holds.
    """

    folder: Path
    steps: Sequence[StepOutcome]
    findings: Sequence[Mapping[str, Any]]
    changes: Changes
    latest: Path | None
    record: Mapping[str, Any]

    @property
    def index(self) -> Path:
        """The report's first page."""
        return self.folder / "index.html"

    @property
    def has_failed(self) -> bool:
        """Whether a step did not reach its end."""
        return any(step.status == "failed" for step in self.steps)
