"""What a notebook's parameters cell declares.

The cell tagged ``parameters`` is the only declaration. It is read with Python's
own parser and never executed. A line states the name, the type, the default and,
in the comment, what the value may be::

    months: int = 24  # months shown [1..60]
    by: str = "month"  # grain {month, quarter}

``[low..high]`` is a range with both ends included; one end may be left out.
``{a, b}`` lists the choices. The rest of the comment is the help text.
"""

from __future__ import annotations

import ast
import io
import json
import math
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from mopsnb.errors import StepError

Kind = Literal["str", "int", "float", "bool", "date"]
Value: TypeAlias = str | int | float | bool | None

RUNNER_SETS = {
    "workspace": "the first argument of 'mopsnb run'",
    "as_of": "the option --as-of",
    "results_dir": "the option --out",
}
_PYTHON_KINDS: dict[type, Kind] = {bool: "bool", int: "int", float: "float", str: "str"}
_RANGE = re.compile(r"\[\s*(-?[\d.]*?)\s*\.\.\s*(-?[\d.]*?)\s*\]")
_CHOICES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a notebook.

    Parameters
    ----------
    name
        The variable's name.
    kind
        ``str``, ``int``, ``float``, ``bool`` or ``date``. A date travels as ISO text.
    default
        The value in the notebook.
    help
        The comment without choices and range.
    choices
        The values allowed; empty: any.
    low, high
        The limits, both included; None: no limit.
    optional
        Whether empty text stands for None.
    """

    name: str
    kind: Kind
    default: Value
    help: str = ""
    choices: tuple[Value, ...] = ()
    low: float | None = None
    high: float | None = None
    optional: bool = False

    @property
    def allowed(self) -> str:
        """What a value may be, in words."""
        if self.choices:
            return "one of " + ", ".join(str(choice) for choice in self.choices)
        text = {
            "str": "text",
            "int": "a whole number",
            "float": "a number",
            "bool": "true or false",
            "date": "a date such as 2026-01-31",
        }[self.kind]
        if self.low is not None and self.high is not None:
            text += f" from {_show_limit(self.low)} to {_show_limit(self.high)}"
        elif self.low is not None:
            text += f" of at least {_show_limit(self.low)}"
        elif self.high is not None:
            text += f" of at most {_show_limit(self.high)}"
        return text + (", or empty" if self.optional or (self.kind == "date" and self.default == "") else "")

    def to_dict(self) -> dict[str, Any]:
        """Return the parameter as plain values for JSON."""
        return {
            "name": self.name,
            "type": self.kind,
            "default": self.default,
            "choices": list(self.choices),
            "low": self.low,
            "high": self.high,
            "optional": self.optional,
            "help": self.help,
            "set_by_runner": self.name in RUNNER_SETS,
        }


def read_parameters(notebook: Path) -> list[Parameter]:
    """Read a notebook's parameters cell.

    Parameters
    ----------
    notebook
        The ``.ipynb`` file.

    Returns
    -------
    list of Parameter
        In the order of the cell. Empty where no cell is tagged ``parameters``.

    Raises
    ------
    StepError
        The file is not a notebook, or a line of the cell is not a typed literal.
        This is a fault of the notebook, not of the person who runs it.
    """
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        tagged = [cell for cell in cells if "parameters" in cell.get("metadata", {}).get("tags", [])]
        sources = [source if isinstance(source := cell["source"], str) else "".join(source) for cell in tagged]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StepError(f"{notebook.name} cannot be read as a notebook: {error}.") from error
    if len(sources) > 1:
        raise StepError(f"{notebook.name} has {len(sources)} cells tagged 'parameters', expected one.")
    try:
        return parse_parameters(sources[0]) if sources else []
    except (ValueError, SyntaxError) as error:
        raise StepError(f"{notebook.name}, parameters cell: {error}") from error


def parse_parameters(source: str) -> list[Parameter]:
    """Read the source of a parameters cell.

    Raises
    ------
    ValueError
        A line is not a typed literal, or its default breaks its own comment.
    SyntaxError
        The source is not Python.

    Examples
    --------
    >>> [months] = parse_parameters("months: int = 24  # months shown [1..60]")
    >>> months.kind, months.default, months.low, months.high, months.help
    ('int', 24, 1.0, 60.0, 'months shown')
    """
    comments = _read_comments(source)
    parameters = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # a docstring
        parameters.append(_read_line(node, comments.get(node.end_lineno or node.lineno, "")))
    return parameters


def _read_comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string.lstrip("#").strip() for token in tokens if token.type == tokenize.COMMENT}


def _read_line(node: ast.stmt, comment: str) -> Parameter:
    target: ast.expr | None = node.target if isinstance(node, ast.AnnAssign) else None
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
    if not isinstance(node, ast.AnnAssign | ast.Assign) or not isinstance(target, ast.Name) or node.value is None:
        raise ValueError(f"line {node.lineno} is not of the form 'name: type = value'.")
    try:
        default = ast.literal_eval(node.value)
    except ValueError:
        raise ValueError(f"the default of '{target.id}' is not a literal value.") from None
    if isinstance(node, ast.AnnAssign):
        kind, choices, optional = _read_type(node.annotation, target.id)
    elif type(default) in _PYTHON_KINDS:
        kind, choices, optional = _PYTHON_KINDS[type(default)], (), False
    else:
        raise ValueError(f"'{target.id}' needs a type, such as '{target.id}: str = \"\"'.")
    if kind == "str" and re.search(r"\bISO date\b", comment):
        kind = "date"
    return _with_limits(Parameter(target.id, kind, default, comment, choices, optional=optional))


def _read_type(node: ast.expr, name: str) -> tuple[Kind, tuple[Value, ...], bool]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _read_type(ast.parse(node.value, mode="eval").body, name)
    if isinstance(node, ast.Name) and node.id in ("str", "int", "float", "bool", "date"):
        return node.id, (), False  # type: ignore[return-value]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        sides = [node.left, node.right]
        typed = [side for side in sides if not (isinstance(side, ast.Constant) and side.value is None)]
        if len(typed) == 1:
            return *_read_type(typed[0], name)[:2], True
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        if node.value.id == "Optional":
            return *_read_type(node.slice, name)[:2], True
        if node.value.id == "Literal":
            values = ast.literal_eval(node.slice)
            choices = values if isinstance(values, tuple) else (values,)
            kinds = {_PYTHON_KINDS.get(type(value)) for value in choices if value is not None}
            if len(kinds) == 1 and (kind := kinds.pop()):
                return kind, tuple(value for value in choices if value is not None), None in choices
    raise ValueError(
        f"the type of '{name}' is '{ast.unparse(node)}', expected str, int, float, bool, date, "
        f"Literal[...] or one of them with '| None'."
    )


def _with_limits(bare: Parameter) -> Parameter:
    help_text, low, high, choices = bare.help, None, None, bare.choices
    if bare.kind in ("int", "float") and (match := _RANGE.search(help_text)):
        low, high = (_read_limit(text, bare.name) for text in match.groups())
        help_text = help_text.replace(match.group(), "")
    if match := _CHOICES.search(help_text):
        words = [word.strip().strip("\"'") for word in match.group(1).split(",")]
        choices = tuple(_read_choice(word, bare) for word in words if word)
        help_text = help_text.replace(match.group(), "")
    help_text = re.sub(r"\s+([,.;:])", r"\1", " ".join(help_text.split())).strip(" ,;:")
    parameter = Parameter(bare.name, bare.kind, bare.default, help_text, choices, low, high, bare.optional)
    _check_default(parameter)
    return parameter


def _show_limit(limit: float) -> str:
    return str(int(limit)) if limit == int(limit) else str(limit)


def _read_limit(text: str, name: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        raise ValueError(f"the range of '{name}' has the limit '{text}', expected a number.") from None


def _read_choice(word: str, parameter: Parameter) -> Value:
    if parameter.kind not in ("int", "float"):
        return word
    try:
        return int(word) if parameter.kind == "int" else float(word)
    except ValueError:
        raise ValueError(f"the choice '{word}' of '{parameter.name}' is not of type {parameter.kind}.") from None


def _check_default(parameter: Parameter) -> None:
    default, kind = parameter.default, parameter.kind
    types = {"str": (str,), "date": (str,), "bool": (bool,), "int": (int,), "float": (int, float)}[kind]
    is_typed = isinstance(default, types) and (kind == "bool" or not isinstance(default, bool))
    if not (is_typed or (default is None and parameter.optional)):
        raise ValueError(f"the default of '{parameter.name}' is {default!r}, expected {parameter.allowed}.")
    outside = isinstance(default, int | float) and not isinstance(default, bool) and (
        not math.isfinite(default)
        or (parameter.low is not None and default < parameter.low)
        or (parameter.high is not None and default > parameter.high)
    )  # fmt: skip
    if outside or (parameter.choices and default is not None and default not in parameter.choices):
        raise ValueError(f"the default of '{parameter.name}' is {default!r}, expected {parameter.allowed}.")
