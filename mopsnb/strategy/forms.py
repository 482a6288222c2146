"""Read a YAML file that people write into models, and say everything that is wrong with it at once.

The strategy file and the other files of a workspace are read alike: a :class:`Form` names what differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mopsnb.errors import Fault, InputError
from mopsnb.strategy.advice import SyntaxFault, hide_address, hide_addresses, shorten
from mopsnb.strategy.kinds import describe_path, find_part, find_type, strip_type
from mopsnb.strategy.models import Part
from mopsnb.strategy.names import find_nearest
from mopsnb.strategy.syntax import Document, Problem, parse_yaml

Whole = TypeVar("Whole", bound=Part)


@dataclass(frozen=True)
class Form(Generic[Whole]):
    """What a file holds, and the words of its messages.

    Parameters
    ----------
    whole
        The model of the whole file.
    title
        What people call it: ``strategy file``.
    error
        What is raised where it has faults.
    check_links
        Finds what ties its entries together wrongly, in the plain values.
    section
        A key of the file, as an example.
    start
        How to get a blank one.
    """

    whole: type[Whole]
    title: str
    error: type[InputError]
    check_links: Callable[[dict[str, Any]], Sequence[Problem]]
    section: str
    start: str


def read_form(path: Path, form: Form[Whole]) -> Whole:
    """Read a file.

    Parameters
    ----------
    path
        The file.
    form
        What it holds.

    Returns
    -------
    Part
        The file's content, checked; frozen.

    Raises
    ------
    InputError
        The form's own error: the file cannot be read or has faults, all of them, in the order of its lines.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _refuse_file(path, form, error) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found, fix = f"the byte 0x{content[error.start]:02x}", "Save the file as UTF-8 in your text editor."
        raise _refuse(path.name, form, SyntaxFault(line, found, "text in UTF-8", fix)) from error
    return parse_form(text, path.name, form)


def parse_form(text: str, name: str, form: Form[Whole]) -> Whole:
    """Read the text of a file, as :func:`read_form` does.

    Parameters
    ----------
    text
        YAML 1.2.
    name
        The file's name, for the messages.
    form
        What it holds.
    """
    try:
        document = parse_yaml(text, form.section)
    except SyntaxFault as error:
        raise _refuse(name, form, error) from error
    problems = [*document.problems, *form.check_links(document.data)]
    try:
        whole = form.whole.model_validate(document.data)
    except ValidationError as error:
        problems += [_translate(detail, form.whole) for detail in error.errors(include_url=False)]
    if problems:
        raise _report(name, form, make_faults(problems, document, name))
    return whole


def _refuse_file(path: Path, form: Form[Whole], error: OSError) -> InputError:
    found, fix = error.strerror or "a file that cannot be opened", "Check the file's permissions."
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        found, fix = "no file", f"Check the path {path}. {form.start}"
    elif path.is_dir():
        found, fix = "a folder", f"Rename the folder. {form.start}"
    return _report(path.name, form, [Fault(path.name, "", "", found, f"a {form.title}", fix)])


def _refuse(name: str, form: Form[Whole], error: SyntaxFault) -> InputError:
    place = f"line {error.line}" if error.line else ""
    return _report(name, form, [Fault(name, place, "", error.found, error.expected, error.fix)])


def _report(name: str, form: Form[Whole], faults: Sequence[Fault]) -> InputError:
    count = "one fault" if len(faults) == 1 else f"{len(faults)} faults"
    return form.error(f"The {form.title} cannot be used: {name} has {count}.", [*map(hide_addresses, faults)])


def _translate(detail: ErrorDetails, whole: type[Part]) -> Problem:
    """Put pydantic's error in the words of the file: what the kind of the key expects, and how to get there."""
    path = detail["loc"]
    context = detail.get("ctx", {})
    if detail["type"] == "extra_forbidden":
        part = find_part(find_type(path[:-1], whole))
        keys = list(part.model_fields) if part else []
        fix = find_nearest(str(path[-1]), keys) or "Remove the key, or correct its name."
        return Problem(path, f"one of the keys {', '.join(keys)}", fix, str(path[-1]))
    expected = context.get("expected") if detail["type"] == "order" else ""
    fix = context.get("fix") or _propose(detail["type"], path, detail["input"], whole)
    part = find_part(find_type(path, whole))
    found = context.get("found") or (part.hidden if part else "")
    return Problem(path, expected or describe_path(path, whole), fix, found)


def _propose(kind: str, path: Sequence[str | int], value: Any, whole: type[Part]) -> str:
    """Return how to put a value of the wrong shape right."""
    if kind == "missing":
        return f"Add the key '{path[-1]}' with a value."
    wanted = strip_type(find_type(path, whole))
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
        fault = Fault(name, f"line {at[0] + 1}", field, value, problem.expected, _clear(problem, document.data))
        found.setdefault((at, field), fault)
    return [found[key] for key in sorted(found)]


def _clear(problem: Problem, data: Any) -> str:
    """Return how to put a fault right, without repeating an address."""
    for step in problem.path:
        data = _step_into(data, step)
    return problem.fix.replace(data, hide_address(data)) if isinstance(data, str) and data else problem.fix


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
