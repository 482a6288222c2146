"""What a schedule names must exist: steps, groups, the parameters of their notebooks.

It works on the plain values, so that it finds its faults beside those of single keys in one pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from mopsnb import assets
from mopsnb.errors import ParameterError, StepError, UsageError
from mopsnb.run.declaration import Parameter, read_parameters
from mopsnb.run.given import read_options
from mopsnb.run.parameter_files import read_parameter_file
from mopsnb.run.parameters import Value, assign_parameters, settle_parameters
from mopsnb.schedule.models import Schedule, list_items
from mopsnb.steps import GROUPS, STEPS, Step, find_step, select_steps
from mopsnb.strategy.names import find_nearest
from mopsnb.strategy.syntax import Problem

Keys = tuple[str | int, ...]


def check_links(data: Mapping[str, Any], folder: Path, notebooks: Path) -> list[Problem]:
    """Return ids that stand twice, steps and groups that do not exist, and parameters that notebooks refuse.

    Parameters
    ----------
    data
        The file's plain values.
    folder
        The workspace, for files of parameters.
    notebooks
        The folder of notebooks.
    """
    schedules = data.get("schedules")
    problems: list[Problem] = []
    seen: set[str] = set()
    for position, entry in enumerate(schedules if isinstance(schedules, list) else []):
        if not isinstance(entry, dict):
            continue
        path: Keys = ("schedules", position)
        name = entry.get("id")
        if isinstance(name, str) and name in seen:
            problems.append(Problem((*path, "id"), "an id that no other schedule has", "Choose another id."))
        elif isinstance(name, str):
            seen.add(name)
        found = list(_check_selection(entry, path))
        problems += found or _check_parameters(entry, path, folder, notebooks)
    return problems


def list_steps(slugs: Sequence[str] | None, group: str) -> tuple[Step, ...]:
    """Return the steps of a schedule, in the registry's order."""
    return select_steps(",".join(slugs or ()), group)


def settle_values(schedule: Schedule, folder: Path) -> list[tuple[Step, dict[str, Value]]]:
    """Return each step of a schedule with the typed values that it gives.

    Parameters
    ----------
    schedule
        The schedule, checked.
    folder
        The workspace, for its file of parameters.
    """
    notebooks = assets.folder("notebooks")
    steps = list_steps(schedule.steps, schedule.group)
    declared = {step.slug: _read_declared(notebooks / step.notebook) for step in steps}
    everything = [step.slug for step in STEPS]
    options, _ = read_options(list_items(schedule.params), declared, everything)
    given = read_parameter_file(folder / schedule.params_file, everything)[0] if schedule.params_file else []
    settled, _ = settle_parameters(declared, [given, options], {})
    return [(step, {name: item.value for name, item in settled[step.slug].items()}) for step in steps]


def _check_selection(entry: Mapping[str, Any], path: Keys) -> Iterator[Problem]:
    slugs, group = entry.get("steps"), entry.get("group")
    if slugs is not None and group is not None:
        yield Problem((*path, "group"), "either steps or a group", "Remove one of the two keys.")
    for position, slug in enumerate(slugs if isinstance(slugs, list) else []):
        if isinstance(slug, str) and not _is_step(slug):
            names = [step.slug for step in STEPS]
            yield Problem((*path, "steps", position), f"one of the steps {', '.join(names)}",
                          find_nearest(slug, names))  # fmt: skip
    if isinstance(group, str):
        try:
            select_steps("", group)
        except UsageError as error:
            yield Problem((*path, "group"), f"one of the groups {', '.join(GROUPS)}", str(error))


def _is_step(slug: str) -> bool:
    try:
        find_step(slug)
    except UsageError:
        return False
    return True


def _check_parameters(entry: Mapping[str, Any], path: Keys, folder: Path, notebooks: Path) -> Iterator[Problem]:
    params, file, slugs, group = (entry.get(key) for key in ("params", "params_file", "steps", "group"))
    named = [slug for slug in slugs if isinstance(slug, str)] if isinstance(slugs, list) else []
    steps = list_steps(named, group if isinstance(group, str) else "")
    declared = {step.slug: _read_declared(notebooks / step.notebook) for step in steps}
    everything = [step.slug for step in STEPS]
    for name, value in params.items() if isinstance(params, dict) else ():
        if isinstance(value, str):
            try:
                assign_parameters(declared, list_items({name: value}), everything)
            except ParameterError as error:
                expected = "a parameter and a value that the notebooks accept"
                yield Problem((*path, "params", name), expected, _cut(error))
    if isinstance(file, str):
        faults = _check_file(folder / file, declared, notebooks)
        if faults:
            expected = "a file of parameters that the notebooks accept"
            yield Problem((*path, "params_file"), expected, " ".join(faults))


def _check_file(file: Path, declared: Mapping[str, list[Parameter]], notebooks: Path) -> list[str]:
    given, faults = read_parameter_file(file, [step.slug for step in STEPS])
    others = {step.slug: _read_declared(notebooks / step.notebook) for step in STEPS if step.slug not in declared}
    _, wrong = settle_parameters(declared, [given], others)
    return list(dict.fromkeys([*faults, *wrong]))


@cache
def _read_declared(notebook: Path) -> list[Parameter]:
    try:
        return read_parameters(notebook)
    except StepError:
        return []  # the run itself says what is wrong with a notebook, on its page


def _cut(error: ParameterError) -> str:
    """Return an error's lines without its head, as one."""
    first, *rest = str(error).splitlines()
    return " ".join(line.strip().removesuffix("Given by --param.").rstrip() for line in rest) or first
