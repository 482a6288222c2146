"""What is settled before the first kernel starts: notebooks, their parameters, the values given."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mopsnb import assets
from mopsnb.errors import StepError
from mopsnb.run.parameters import Parameter, Value, assign_parameters, parse_date, read_parameters
from mopsnb.run.request import RunRequest
from mopsnb.steps import STEPS, Step

if TYPE_CHECKING:
    from mopsnb.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Plan:
    """A request, checked.

    Parameters
    ----------
    request
        What to run.
    notebooks
        The folder of notebooks.
    declared
        The parameters that each step declares, by its id.
    given
        The typed values given for each step.
    broken
        Steps whose notebook cannot be read, with the reason.
    """

    request: RunRequest
    notebooks: Path
    declared: dict[str, list[Parameter]]
    given: dict[str, dict[str, Value]]
    broken: dict[str, str] = field(default_factory=dict)

    @property
    def jobs(self) -> int:
        """How many notebooks run side by side: as asked, else two for each processor, so that none of them idles."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return max(1, min(self.request.jobs or 2 * cores, len(self.request.steps)))

    def give_values(self, step: Step, workspace: Workspace) -> dict[str, Value]:
        """Return the values that a notebook runs with, its defaults left out.

        The folder for results is relative to the kernel's working folder. ``as_of`` is settled
        once for the run, so that every page agrees.
        """
        is_default = workspace.is_sample and not self.request.workspace
        own: dict[str, Value] = {
            "workspace": "" if is_default else str(workspace.path.resolve()),
            "as_of": workspace.as_of.isoformat() if workspace.as_of else "",
            "results_dir": "results",
        }
        names = {parameter.name for parameter in self.declared[step.slug]}
        return {name: value for name, value in own.items() if name in names} | self.given[step.slug]

    def show_values(self, step: Step, workspace: Workspace) -> dict[str, Value]:
        """Return every value that a notebook runs with, its defaults included and folders left out."""
        values = {parameter.name: parameter.default for parameter in self.declared[step.slug]}
        values |= self.give_values(step, workspace)
        return {name: value for name, value in values.items() if name not in ("workspace", "results_dir")}


def make_plan(request: RunRequest) -> Plan:
    """Check a request's parameters against the notebooks it names.

    Raises
    ------
    ParameterError
        A value cannot be used. The message lists every one.
    """
    parse_date(request.as_of)
    notebooks = request.notebooks or assets.folder("notebooks")
    declared: dict[str, list[Parameter]] = {}
    broken: dict[str, str] = {}
    for step in request.steps:
        try:
            declared[step.slug] = read_parameters(notebooks / step.notebook)
        except StepError as error:
            declared[step.slug], broken[step.slug] = [], str(error)
    given = assign_parameters(declared, request.parameters, [step.slug for step in STEPS])
    return Plan(request, notebooks, declared, given, broken)
