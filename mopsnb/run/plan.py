"""What is settled before the first kernel starts: notebooks, their parameters, the values given."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mopsnb import assets
from mopsnb.errors import ParameterError, StepError
from mopsnb.run.given import VARIABLE, read_options, read_variables
from mopsnb.run.parameters import (
    Parameter,
    Setting,
    Value,
    parse_date,
    raise_faults,
    read_parameters,
    settle_parameters,
)
from mopsnb.run.preload import find_laden
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
    origins
        Where each value given came from.
    """

    request: RunRequest
    notebooks: Path
    declared: dict[str, list[Parameter]]
    given: dict[str, dict[str, Value]]
    broken: dict[str, str] = field(default_factory=dict)
    origins: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def jobs(self) -> int:
        """How many notebooks run side by side: as asked, else one more than processors, so that none of them idles."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return max(1, min(self.request.jobs or cores + 1, len(self.request.steps)))

    @property
    def order(self) -> list[Step]:
        """The steps as they begin: first those with the most to do before their first figure."""
        laden = find_laden([self.notebooks / step.notebook for step in self.request.steps])
        return sorted(self.request.steps, key=lambda step: self.notebooks / step.notebook not in laden)

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

    def show_origins(self, step: Step) -> dict[str, str]:
        """Return where each value of `show_values` came from."""
        own = {"as_of": "--as-of" if self.request.as_of else "the data"} | self.origins[step.slug]
        names = [parameter.name for parameter in self.declared[step.slug]]
        return {name: own.get(name, "the notebook") for name in names if name not in ("workspace", "results_dir")}


def make_plan(request: RunRequest) -> Plan:
    """Check a request's parameters against the notebooks it names.

    The values come from the request's file of parameters, from environment variables and from the request itself; the
    last of them that gives a value wins.

    Raises
    ------
    ParameterError
        A value cannot be used. The message lists every one.
    """
    notebooks = request.notebooks or assets.folder("notebooks")
    declared: dict[str, list[Parameter]] = {}
    broken: dict[str, str] = {}
    for step in request.steps:
        try:
            declared[step.slug] = read_parameters(notebooks / step.notebook)
        except StepError as error:
            declared[step.slug], broken[step.slug] = [], str(error)
    settled, faults = _settle(request, declared, notebooks)
    try:
        parse_date(request.as_of)
    except ParameterError as error:
        faults.insert(0, str(error))
    raise_faults(faults)
    given = {step: {name: item.value for name, item in settings.items()} for step, settings in settled.items()}
    origins = {step: {name: item.origin for name, item in settings.items()} for step, settings in settled.items()}
    return Plan(request, notebooks, declared, given, broken, origins)


def _settle(
    request: RunRequest, declared: dict[str, list[Parameter]], notebooks: Path
) -> tuple[dict[str, dict[str, Setting]], list[str]]:
    others = {step.slug: step.notebook for step in STEPS if step.slug not in declared}
    sources, faults = [], []
    also: dict[str, Sequence[Parameter]] = dict.fromkeys(others, ())
    if request.parameter_file or any(name.startswith(VARIABLE) for name in os.environ):
        also = {slug: _read_other(notebooks / path) for slug, path in others.items()}
    every = {step: [parameter.name for parameter in parameters] for step, parameters in (declared | also).items()}
    if request.parameter_file:
        from mopsnb.run.parameter_files import read_parameter_file

        sources.append(read_parameter_file(request.parameter_file, every))
    sources.append(read_variables(os.environ, every))
    sources.append(read_options(request.parameters, declared, others))
    for _, wrong in sources:
        faults += wrong
    settled, wrong = settle_parameters(declared, [found for found, _ in sources], also)
    return settled, [*faults, *wrong]


def _read_other(notebook: Path) -> Sequence[Parameter]:
    """Return what a step declares that does not run; a notebook that cannot be read declares nothing here."""
    try:
        return read_parameters(notebook)
    except StepError:
        return ()
