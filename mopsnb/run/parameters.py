"""The parameters of a run: what was given becomes typed values, or is refused.

The declared type decides what a text means: ``02134`` stays text for ``str`` and
is refused for ``int``; ``false`` is False for ``bool`` alone. Every fault is found
before a kernel starts, and all of them are reported at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mopsnb.errors import ParameterError, suggest
from mopsnb.run.conversion import RefusalError, convert, read_date
from mopsnb.run.declaration import RUNNER_SETS, Parameter, Value, read_parameters
from mopsnb.run.given import Given, read_options
from mopsnb.run.wording import shorten

__all__ = [
    "Parameter",
    "Setting",
    "Value",
    "assign_parameters",
    "check_parameters",
    "parse_date",
    "raise_faults",
    "read_parameters",
    "settle_parameters",
]


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that a notebook runs with, and where it came from."""

    value: Value
    origin: str


def check_parameters(parameters: Sequence[Parameter], given: Mapping[str, str]) -> dict[str, Value]:
    """Convert the values given for one notebook.

    Parameters
    ----------
    parameters
        What the notebook declares.
    given
        Text by parameter name.

    Returns
    -------
    dict
        Typed values of the names given, in the notebook's order.

    Raises
    ------
    ParameterError
        A name is unknown or belongs to the runner, or a text is not a value of its type,
        range or choices. The message lists every fault.

    Examples
    --------
    >>> from mopsnb.run.declaration import parse_parameters
    >>> months = parse_parameters("months: int = 24  # months shown [1..60]")
    >>> check_parameters(months, {"months": "12"})
    {'months': 12}
    """
    items = [Given(name, text) for name, text in given.items()]
    settings, faults = _convert_all(parameters, items, "")
    known = [parameter.name for parameter in parameters]
    raise_faults([*faults, *(_describe_unknown(item, known) for item in items if _is_unknown(item, known))])
    return {name: setting.value for name, setting in settings.items()}


def assign_parameters(
    declared: Mapping[str, Sequence[Parameter]], given: Sequence[str], all_steps: Sequence[str] = ()
) -> dict[str, dict[str, Value]]:
    """Hand the values of a command line to the steps that declare them.

    Parameters
    ----------
    declared
        What each step of the run declares, by the step's id.
    given
        Items ``NAME=VALUE`` for every step that has the name, or ``step.NAME=VALUE`` for one.
        The second wins over the first.
    all_steps
        Ids of steps that exist but do not run, for a helpful message.

    Returns
    -------
    dict
        For each step, the typed values given.

    Raises
    ------
    ParameterError
        The message lists every fault of every item.
    """
    items, faults = read_options(given, declared, all_steps)
    settled, wrong = settle_parameters(declared, [items], {step: () for step in all_steps if step not in declared})
    raise_faults([*faults, *wrong])
    return {step: {name: item.value for name, item in settings.items()} for step, settings in settled.items()}


def settle_parameters(
    declared: Mapping[str, Sequence[Parameter]],
    sources: Sequence[Sequence[Given]],
    others: Mapping[str, Sequence[Parameter]],
) -> tuple[dict[str, dict[str, Setting]], list[str]]:
    """Hand values of several sources to the steps that declare them.

    Parameters
    ----------
    declared
        What each step of the run declares, by the step's id.
    sources
        Values by source, the weakest first. Within a source, a value for one step wins over one for all.
        A value is checked also where a stronger source overrules it.
    others
        What steps declare that exist and do not run. Values for them are checked where they are for one step alone.

    Returns
    -------
    tuple of dict and list of str
        For each step, the values given and where they came from; and every fault.
    """
    settled: dict[str, dict[str, Setting]] = {step: {} for step in declared}
    faults: list[str] = []
    for source in sources:
        faults += _find_unknown(source, declared, others)
        for step, parameters in [*declared.items(), *others.items()]:
            own = [item for item in source if item.step == step]
            common = [item for item in source if not item.step] if step in declared else []
            for items in (common, own):
                settings, wrong = _convert_all(parameters, items, step)
                faults += wrong
                settled.setdefault(step, {}).update(settings)
    order = {step: [parameter.name for parameter in parameters] for step, parameters in declared.items()}
    return {step: {n: settled[step][n] for n in names if n in settled[step]} for step, names in order.items()}, faults


def parse_date(text: str, name: str = "as_of") -> date | None:
    """Return the date of an ISO text, or None for empty text.

    Raises
    ------
    ParameterError
        The text is not a date of the form 2026-01-31.
    """
    try:
        return date.fromisoformat(read_date(text)) if text else None
    except ValueError:
        raise ParameterError(f"{name}: found '{shorten(text)}', expected a date such as 2026-01-31.") from None


def raise_faults(faults: Sequence[str]) -> None:
    """Raise one error that lists every fault once; none: do nothing.

    Raises
    ------
    ParameterError
        There are faults.
    """
    faults = list(dict.fromkeys(faults))
    if not faults:
        return
    head = "A parameter cannot be used:" if len(faults) == 1 else f"{len(faults)} parameters cannot be used:"
    raise ParameterError("\n".join([head, *(f"  {fault}" for fault in faults)]))


def _convert_all(
    parameters: Sequence[Parameter], items: Sequence[Given], step: str
) -> tuple[dict[str, Setting], list[str]]:
    by_name = {item.name: item for item in items}
    settings: dict[str, Setting] = {}
    faults = [
        f"{item.name} is set by {RUNNER_SETS[item.name]}, not as a parameter.{item.citation}"
        for item in items
        if item.name in RUNNER_SETS
    ]
    for parameter in parameters:
        item = by_name.get(parameter.name)
        if item is None or parameter.name in RUNNER_SETS:
            continue
        try:
            settings[parameter.name] = Setting(convert(parameter, item), item.origin)
        except RefusalError as refusal:
            place = f"{step}.{parameter.name}" if step else parameter.name
            expected = f"{refusal.expected or parameter.allowed}. {refusal.fix}".rstrip()
            faults.append(f"{place}: found {item.found}, expected {expected}{item.citation}")
    return settings, faults


def _find_unknown(
    source: Sequence[Given], declared: Mapping[str, Sequence[Parameter]], others: Mapping[str, Sequence[Parameter]]
) -> list[str]:
    everywhere = _list_names([*declared.values(), *others.values()])
    here = _list_names(declared.values())
    faults = []
    for item in source:
        known = everywhere if item.is_standing else here
        if item.step:
            known = [parameter.name for parameter in declared.get(item.step) or others.get(item.step) or ()]
        if _is_unknown(item, known):
            faults.append(_describe_unknown(item, known))
    return faults


def _list_names(places: Iterable[Sequence[Parameter]]) -> list[str]:
    return sorted({parameter.name for parameters in places for parameter in parameters})


def _is_unknown(item: Given, known: Sequence[str]) -> bool:
    return item.name not in RUNNER_SETS and item.name not in known


def _describe_unknown(item: Given, known: Sequence[str]) -> str:
    free = [other for other in known if other not in RUNNER_SETS]
    where = f"the step '{item.step}' has" if item.step else "no step of this run has"
    if item.is_standing and not item.step:
        where = "no step has"
    negation = "no such parameter" if item.step else "such a parameter"
    listed = f"Known: {', '.join(free)}." if free else "There are none to set."
    parts = [f"{shorten(item.name)}: {where} {negation}.", suggest(item.name, free), listed]
    return " ".join(filter(None, parts)) + item.citation
