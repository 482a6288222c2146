"""Read strategy.yml, and say everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mopsnb.errors import Fault, StrategyError
from mopsnb.strategy.advice import SyntaxFault, shorten
from mopsnb.strategy.kinds import describe_path, find_part, find_type, strip_type
from mopsnb.strategy.links import check_links
from mopsnb.strategy.models import Strategy
from mopsnb.strategy.names import find_nearest
from mopsnb.strategy.syntax import Document, Problem, parse_yaml

_START = "Run 'mopsnb init' to get a blank file."


def read_strategy(path: str | Path) -> Strategy:
    """Read a strategy file.

    Parameters
    ----------
    path
        The file, by custom ``strategy.yml`` in the workspace's folder.

    Returns
    -------
    Strategy
        The file's content, checked; frozen.

    Raises
    ------
    StrategyError
        The file cannot be read or has faults: all of them, in the order of the file's lines.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _refuse_file(path, error) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found, fix = f"the byte 0x{content[error.start]:02x}", "Save the file as UTF-8 in your text editor."
        raise _refuse(path.name, SyntaxFault(line, found, "text in UTF-8", fix)) from error
    return parse_strategy(text, path.name)


def parse_strategy(text: str, name: str = "strategy.yml") -> Strategy:
    r"""Read the text of a strategy file.

    Parameters
    ----------
    text
        YAML 1.2.
    name
        The file's name, for the messages.

    Returns
    -------
    Strategy
        The text's content, checked; frozen.

    Raises
    ------
    StrategyError
        The text has faults: all of them, in the order of its lines.

    Examples
    --------
    >>> parse_strategy("version: 1\norganization: {holidays: NO}").organization.holidays
    'NO'
    """
    try:
        document = parse_yaml(text)
    except SyntaxFault as error:
        raise _refuse(name, error) from error
    problems = [*document.problems, *check_links(document.data)]
    try:
        strategy = Strategy.model_validate(document.data)
    except ValidationError as error:
        problems += [_translate(detail) for detail in error.errors(include_url=False)]
    if problems:
        raise _report(name, make_faults(problems, document, name))
    return strategy


def _refuse_file(path: Path, error: OSError) -> StrategyError:
    found, fix = error.strerror or "a file that cannot be opened", "Check the file's permissions."
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        found, fix = "no file", f"Check the path {path}. {_START}"
    elif path.is_dir():
        found, fix = "a folder", f"Rename the folder. {_START}"
    return _report(path.name, [Fault(path.name, "", "", found, "a strategy file", fix)])


def _refuse(name: str, error: SyntaxFault) -> StrategyError:
    place = f"line {error.line}" if error.line else ""
    return _report(name, [Fault(name, place, "", error.found, error.expected, error.fix)])


def _report(name: str, faults: Sequence[Fault]) -> StrategyError:
    count = "one fault" if len(faults) == 1 else f"{len(faults)} faults"
    return StrategyError(f"The strategy file cannot be used: {name} has {count}.", faults)


def _translate(detail: ErrorDetails) -> Problem:
    """Put pydantic's error in the words of the file: what the kind of the key expects, and how to get there."""
    path = detail["loc"]
    context = detail.get("ctx", {})
    if detail["type"] == "extra_forbidden":
        part = find_part(find_type(path[:-1]))
        keys = list(part.model_fields) if part else []
        fix = find_nearest(str(path[-1]), keys) or "Remove the key, or correct its name."
        return Problem(path, f"one of the keys {', '.join(keys)}", fix, str(path[-1]))
    expected = context.get("expected") if detail["type"] == "order" else ""
    fix = context.get("fix") or _propose(detail["type"], path, detail["input"])
    return Problem(path, expected or describe_path(path), fix, context.get("found", ""))


def _propose(kind: str, path: Sequence[str | int], value: Any) -> str:
    """Return how to put a value of the wrong shape right."""
    if kind == "missing":
        return f"Add the key '{path[-1]}' with a value."
    wanted = strip_type(find_type(path))
    if kind == "literal_error" and isinstance(value, str):
        return find_nearest(value, get_args(wanted)) or "Choose one of them."
    if get_origin(wanted) is list:
        return "Start each entry with a dash and a space, for example '- id: …'." if find_part(wanted) else ""
    if find_part(wanted) or get_origin(wanted) is dict:
        return "Put a colon and a space between each key and its value."
    return "Write one value, without dash or brackets." if isinstance(value, list) else ""


def make_faults(problems: Sequence[Problem], document: Document, name: str) -> list[Fault]:
    """Return problems in words for people, in the order of the file's lines.

    Parameters
    ----------
    problems
        What is wrong.
    document
        The file's values and where they stand.
    name
        The file's name.
    """
    found: dict[tuple[tuple[int, int], str], Fault] = {}
    for problem in problems:
        at = problem.at or document.locate(problem.path)
        field = "".join(_name_path(problem.path, document.data))
        value = problem.found or _show(document.data, problem.path)
        fault = Fault(name, f"line {at[0] + 1}", field, value, problem.expected, problem.fix)
        found.setdefault((at, field), fault)
    return [found[key] for key in sorted(found)]


def _name_path(path: Sequence[str | int], data: Any) -> Iterator[str]:
    """Yield the path as people write it: ``goals[clicks].metric``, with the id where an entry has one."""
    for depth, step in enumerate(path):
        data = _step_into(data, step)
        if isinstance(step, int):
            label = data.get("id") if isinstance(data, dict) else None
            yield f"[{label if isinstance(label, str) else step}]"
        else:
            yield f".{step}" if depth else str(step)


def _show(data: Any, path: Sequence[str | int]) -> str:
    for step in path:
        data = _step_into(data, step)
    if data is None or data == {}:
        return "nothing"
    if isinstance(data, list):
        return f"a list of {len(data)}" if data else "an empty list"
    return shorten(data) if isinstance(data, str) else f"the keys {shorten(', '.join(data))}"


def _step_into(data: Any, step: str | int) -> Any:
    if isinstance(data, dict):
        return data.get(str(step))
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None
