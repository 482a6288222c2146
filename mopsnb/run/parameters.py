"""The parameters of a run: text from the command line becomes typed values, or is refused.

The declared type decides what a text means: ``02134`` stays text for ``str`` and
is refused for ``int``; ``false`` is False for ``bool`` alone. Every fault is found
before a kernel starts, and all of them are reported at once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date

from mopsnb.errors import ParameterError, suggest
from mopsnb.run.declaration import RUNNER_SETS, Parameter, Value, read_parameters

__all__ = ["Parameter", "Value", "assign_parameters", "check_parameters", "parse_date", "read_parameters"]

_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_INTEGER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


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
    values, faults = _convert_all(parameters, given, "")
    unknown = [_describe_unknown(name, [p.name for p in parameters]) for name in given if _is_unknown(name, parameters)]
    _raise_faults([*faults, *unknown])
    return values


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
    names = sorted({p.name for parameters in declared.values() for p in parameters})
    common, single, faults = _split_items(given, declared, all_steps)
    for name in common:
        if name not in names and name not in RUNNER_SETS:
            faults.append(_describe_unknown(name, names))
    assigned: dict[str, dict[str, Value]] = {}
    for step, parameters in declared.items():
        own = single.get(step, {})
        faults += [
            _describe_unknown(name, [p.name for p in parameters], step) for name in own if _is_unknown(name, parameters)
        ]
        mine = {p.name for p in parameters} | set(RUNNER_SETS)
        texts = {name: text for name, text in (common | own).items() if name in mine}
        assigned[step], wrong = _convert_all(parameters, texts, step)
        faults += wrong
    _raise_faults(faults)
    return assigned


def parse_date(text: str, name: str = "as_of") -> date | None:
    """Return the date of an ISO text, or None for empty text.

    Raises
    ------
    ParameterError
        The text is not a date of the form 2026-01-31.
    """
    try:
        return date.fromisoformat(_read_date(text)) if text else None
    except ValueError:
        raise ParameterError(f"{name}: found '{_shorten(text)}', expected a date such as 2026-01-31.") from None


def _split_items(
    given: Sequence[str], declared: Mapping[str, Sequence[Parameter]], all_steps: Sequence[str]
) -> tuple[dict[str, str], dict[str, dict[str, str]], list[str]]:
    common: dict[str, str] = {}
    single: dict[str, dict[str, str]] = {}
    faults = []
    for item in given:
        left, equals, text = item.partition("=")
        step, dot, name = left.rpartition(".")
        if not equals or not name:
            faults.append(f"'{_shorten(item)}' is not of the form NAME=VALUE or step.NAME=VALUE.")
        elif dot and step not in declared:
            reason = "does not run this time" if step in all_steps else "does not exist"
            hint = "" if step in all_steps else suggest(step, declared)
            faults.append(f"{left}: the step '{step}' {reason}. {hint}".rstrip())
        else:
            target = single.setdefault(step, {}) if dot else common
            if name in target:
                faults.append(f"{left} is given twice.")
            target[name] = text
    return common, single, faults


def _convert_all(
    parameters: Sequence[Parameter], given: Mapping[str, str], step: str
) -> tuple[dict[str, Value], list[str]]:
    values: dict[str, Value] = {}
    faults = [f"{name} is set by {RUNNER_SETS[name]}, not as a parameter." for name in given if name in RUNNER_SETS]
    for parameter in parameters:
        if parameter.name not in given or parameter.name in RUNNER_SETS:
            continue
        text = given[parameter.name]
        try:
            values[parameter.name] = _convert(parameter, text)
        except ValueError:
            place = f"{step}.{parameter.name}" if step else parameter.name
            faults.append(f"{place}: found '{_shorten(text)}', expected {parameter.allowed}.")
    return values, faults


def _convert(parameter: Parameter, text: str) -> Value:
    """Return the value of a text, or raise ValueError."""
    if not text and parameter.optional:
        return None
    value: Value = text
    if parameter.kind == "bool":
        value = _WORDS.get(text.casefold())
        if value is None:
            raise ValueError(text)
    elif parameter.kind == "int":
        value = int(_match(_INTEGER, text))
    elif parameter.kind == "float":
        value = float(_match(_FLOAT, text))
    elif parameter.kind == "date":
        value = "" if not text and parameter.default == "" else _read_date(text)
    elif any(ord(letter) < 32 or 0xD800 <= ord(letter) <= 0xDFFF or ord(letter) == 127 for letter in text):
        raise ValueError(text)  # control characters, or bytes that are not UTF-8
    _check_limits(parameter, value)
    return value


def _check_limits(parameter: Parameter, value: Value) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        is_low = parameter.low is not None and value < parameter.low
        is_high = parameter.high is not None and value > parameter.high
        if not math.isfinite(value) or is_low or is_high:
            raise ValueError(value)
    if parameter.choices and value not in parameter.choices:
        raise ValueError(value)


def _match(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(text)
    return text


def _read_date(text: str) -> str:
    return date.fromisoformat(_match(_DATE, text)).isoformat()


def _is_unknown(name: str, parameters: Sequence[Parameter]) -> bool:
    return name not in RUNNER_SETS and all(name != p.name for p in parameters)


def _describe_unknown(name: str, known: Sequence[str], step: str = "") -> str:
    free = [other for other in known if other not in RUNNER_SETS]
    where = f"the step '{step}' has" if step else "no step of this run has"
    negation = "no such parameter" if step else "such a parameter"
    listed = f"Known: {', '.join(free)}." if free else "There are none to set."
    return " ".join(filter(None, [f"{_shorten(name)}: {where} {negation}.", suggest(name, free), listed]))


def _shorten(text: str, width: int = 60) -> str:
    shown = text.encode("unicode_escape").decode("ascii") if not text.isprintable() else text
    return shown if len(shown) <= width else shown[: width - 1] + "…"


def _raise_faults(faults: Sequence[str]) -> None:
    faults = list(dict.fromkeys(faults))
    if not faults:
        return
    head = "A parameter cannot be used:" if len(faults) == 1 else f"{len(faults)} parameters cannot be used:"
    raise ParameterError("\n".join([head, *(f"  {fault}" for fault in faults)]))
