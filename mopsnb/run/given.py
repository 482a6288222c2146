"""Values as they were given, before they are checked: what, for which step, and where it stands.

Options and environment variables give texts. A file gives values that already have a type.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import TypeAlias

from mopsnb.errors import suggest
from mopsnb.run.declaration import RUNNER_SETS
from mopsnb.run.wording import shorten

Scalar: TypeAlias = str | int | float | bool | date | time | None

OPTION = "--param"
VARIABLE = "MOPSNB_PARAM_"
BETWEEN = "__"  # between a step and a parameter in a variable's name


@dataclass(frozen=True, slots=True)
class Given:
    """One value for a parameter.

    Parameters
    ----------
    name
        The parameter.
    text
        The value as it was written.
    step
        The step that it is for; empty: every step that has the parameter.
    origin
        Where it stands, for messages and ``run.json``; empty: nothing to say.
    value
        What a file says that it is. It counts where ``is_typed``.
    is_typed
        Whether it comes from a format with types of its own.
    oddity
        What stands there in the place of a single value, such as ``a list``; empty: a single value.
    is_standing
        Whether it stands there for many runs, so that a step that does not run this time is no fault.
    """

    name: str
    text: str
    step: str = ""
    origin: str = ""
    value: Scalar = None
    is_typed: bool = False
    oddity: str = ""
    is_standing: bool = False

    @property
    def found(self) -> str:
        """The value as messages repeat it."""
        return self.oddity or f"'{shorten(self.text)}'"

    @property
    def citation(self) -> str:
        """Where it stands, as a sentence with a space before it."""
        return f" Given by {self.origin}." if self.origin else ""


def read_options(
    items: Sequence[str], steps: Collection[str], others: Collection[str]
) -> tuple[list[Given], list[str]]:
    """Read the items of ``--param``.

    Parameters
    ----------
    items
        ``NAME=VALUE`` or ``step.NAME=VALUE``.
    steps
        The steps of this run.
    others
        Steps that exist and do not run.

    Returns
    -------
    tuple of list of Given and list of str
        The values, and what is wrong.
    """
    found: list[Given] = []
    faults = []
    for item in items:
        left, equals, text = item.partition("=")
        step, dot, name = left.rpartition(".")
        given = Given(name, text, step, OPTION)
        if not equals or not name:
            faults.append(f"'{shorten(item)}' is not of the form NAME=VALUE or step.NAME=VALUE.")
        elif dot and step not in steps:
            reason = "does not run this time" if step in others else "does not exist"
            hint = "" if step in others else suggest(step, steps)
            faults.append(f"{shorten(left)}: the step '{shorten(step)}' {reason}. {hint}".rstrip())
        else:
            if any((given.name, given.step) == (other.name, other.step) for other in found):
                faults.append(f"{left} is given twice.")
            found.append(given)
    return found, faults


def read_variables(
    environment: Mapping[str, str], names: Mapping[str, Collection[str]]
) -> tuple[list[Given], list[str]]:
    """Read the variables ``MOPSNB_PARAM_<NAME>`` and ``MOPSNB_PARAM_<STEP>__<NAME>``.

    Parameters
    ----------
    environment
        All environment variables.
    names
        The parameters of every step that exists, by the step's id.

    Returns
    -------
    tuple of list of Given and list of str
        The values, and which variables name nothing.
    """
    places = _list_places(names)
    found: list[Given] = []
    faults = []
    for variable in sorted(environment):
        if not variable.startswith(VARIABLE):
            continue
        if variable not in places:
            hint = suggest(variable, places)
            listed = ", ".join(sorted(place for place in places if _is_free(*places[place]))) or "none"
            faults.append(f"{shorten(variable)}: no step has such a parameter. {hint} Known: {listed}.")
            continue
        step, name = places[variable]
        found.append(Given(name, environment[variable], step, variable, is_standing=True))
    return found, [fault.replace("  ", " ") for fault in faults]


def _list_places(names: Mapping[str, Collection[str]]) -> dict[str, tuple[str, str]]:
    places = {}
    for step, parameters in names.items():
        for name in parameters:
            places[f"{VARIABLE}{step.upper()}{BETWEEN}{name.upper()}"] = (step, name)
    for name in sorted({name for parameters in names.values() for name in parameters}):
        places[VARIABLE + name.upper()] = ("", name)
    return places


def _is_free(step: str, name: str) -> bool:
    return not step and name not in RUNNER_SETS
