"""What a run is asked for, and what it hands back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from mopsnb.findings import SEVERITIES
from mopsnb.run.causes import FOUND, choose_exit_code
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
    parameter_file
        A YAML or TOML file of parameters; None: none. Environment variables and ``parameters`` are stronger.
    as_of
        ISO date that figures are as of; empty: the latest event or spend date in the data.
    out
        The report's folder; None: ``runs/`` of the workspace, ``report/`` here for the sample.
    jobs
        How many notebooks run side by side; 0: one more than processors.
    timeout, cell_timeout
        Seconds for each notebook, and for each cell; None: no limit.
    deadline
        Seconds for all notebooks together; None: no limit.
    memory_limit
        Bytes of memory for each notebook's process; None: no limit.
    gate
        The mildest severity of a finding on a step's tables that stops the step; empty: none does.
    keep_notebooks
        Whether the executed notebooks go into the report too.
    single_file
        Whether the report comes as one file too, to attach.
    notebooks
        Another folder of notebooks; None: those that mopsnb brings.
    on_lock
        What to do while another run holds the workspace: ``wait``, ``skip`` or ``fail``.
    lock_timeout
        Seconds to wait for the other run; None: no limit.
    resume
        Whether steps that the last run completed are taken over from it.
    if_changed
        Whether steps whose inputs are the same as in the last good run are taken over from it.
    allow_partial
        Whether a run with failed steps may become the workspace's latest.
    """

    workspace: str = ""
    steps: Sequence[Step] = STEPS
    parameters: Sequence[str] = ()
    as_of: str = ""
    out: Path | None = None
    jobs: int = 0
    timeout: float | None = None
    keep_notebooks: bool = False
    single_file: bool = False
    notebooks: Path | None = None
    cell_timeout: float | None = None
    deadline: float | None = None
    memory_limit: int | None = None
    gate: Literal["", "error", "warning"] = ""
    on_lock: Literal["wait", "skip", "fail"] = "wait"
    lock_timeout: float | None = None
    resume: bool = False
    if_changed: bool = False
    allow_partial: bool = False
    parameter_file: Path | None = None


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """How one step ended.

    Parameters
    ----------
    step
        The step.
    status
        ``ok``, ``no_data``, ``failed`` or ``unchanged`` (taken over from an earlier run).
    cause, error
        What stopped it, as a word of `mopsnb.run.causes` and in words; empty where nothing did.
    seconds
        How long its notebook took.
    parameters
        Every value it ran with, folders left out.
    result
        What ``results/<step>.json`` holds; None where it failed.
    origins
        Where each of the values came from.
    """

    step: Step
    status: str
    cause: str = ""
    error: str = ""
    seconds: float = 0.0
    parameters: Mapping[str, Any] = field(default_factory=dict)
    result: Mapping[str, Any] | None = None
    origins: Mapping[str, str] = field(default_factory=dict)


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
    is_unchanged
        Whether nothing had to run, and ``folder`` is the last good report.
    """

    folder: Path
    steps: Sequence[StepOutcome]
    findings: Sequence[Mapping[str, Any]]
    changes: Changes
    latest: Path | None
    record: Mapping[str, Any]
    is_unchanged: bool = False

    @property
    def index(self) -> Path:
        """The report's first page."""
        return self.folder / "index.html"

    @property
    def has_failed(self) -> bool:
        """Whether a step did not reach its end."""
        return any(step.status == "failed" for step in self.steps)

    @property
    def exit_code(self) -> int:
        """The exit code of the most serious failure, 0 without one; see `mopsnb.run.causes`."""
        return choose_exit_code(step.cause for step in self.steps if step.status == "failed")

    def find_exit_code(self, fail_on: str = "") -> int:
        """Return the code with which the command line ends.

        Parameters
        ----------
        fail_on
            From which severity on a finding of a run that passed gives the code 4; empty: none does.
        """
        severe = SEVERITIES[SEVERITIES.index(fail_on) :] if fail_on else ()
        is_found = any(item["severity"] in severe for item in self.findings)
        return self.exit_code or (FOUND if is_found else 0)
