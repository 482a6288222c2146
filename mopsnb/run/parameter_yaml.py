"""The keys of a YAML 1.2 file of parameters, each with its line and with the type that YAML gives its value."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode
from ruamel.yaml.reader import ReaderError

from mopsnb.run.given import Scalar
from mopsnb.run.parameter_files import Entry, FileFault
from mopsnb.run.wording import shorten

# The core schema of YAML 1.2. What is none of these is text: NO, 2026-01-31, 17:00.
_CORE: tuple[tuple[re.Pattern[str], Callable[[str], Scalar]], ...] = (
    (re.compile(r"null|Null|NULL|~|"), lambda _: None),
    (re.compile(r"true|True|TRUE|false|False|FALSE"), lambda text: text.lower() == "true"),
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+"), lambda text: int(text, 0)),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"), float),
    (re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"), lambda text: float(text.replace(".", "", 1))),
)
_OWN = "tag:yaml.org,2002:"
_LONGEST = 400  # digits of a number; Python refuses to read thousands


def parse_yaml(text: str, name: str) -> list[Entry]:
    """Return the keys of a YAML text.

    Parameters
    ----------
    text
        YAML 1.2. Text without any key, such as comments alone, holds no parameters.
    name
        The file's name, for the messages.

    Raises
    ------
    FileFault
        The text is no YAML, or no list of keys with values.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReusedAnchorWarning)
            root: Node | None = YAML(typ="safe", pure=True).compose(text)
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise FileFault(f"{name}, line {line}: found a control character, expected text. Delete it.") from None
    except MarkedYAMLError as error:
        from mopsnb.strategy.advice import explain_syntax

        fault = explain_syntax(error, text)
        place, found = f"{name}, line {fault.line}", shorten(fault.found)
        raise FileFault(f"{place}: found {found}, expected {fault.expected}. {fault.fix}") from None
    except RecursionError:
        raise FileFault(f"{name}: brackets nested too deeply, expected keys with single values.") from None
    if root is None or (isinstance(root, ScalarNode) and not root.value and not root.style):
        return []
    if not isinstance(root, MappingNode):
        line = root.start_mark.line + 1
        raise FileFault(f"{name}, line {line}: found no keys, expected names with values, such as 'months: 12'.")
    return _read_block(root, name, is_top=True)


def _read_block(node: MappingNode, name: str, *, is_top: bool) -> list[Entry]:
    entries = []
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            raise FileFault(f"{name}, line {line}: found a list or block as a key, expected the name of a parameter.")
        if isinstance(value, MappingNode):
            below = Entry(key.value, line, oddity="a block")
            if is_top:
                below = Entry(key.value, line, block=_read_block(value, name, is_top=False))
            entries.append(below)
        elif isinstance(value, ScalarNode):
            entries.append(_read_scalar(key.value, line, value))
        else:
            entries.append(Entry(key.value, line, oddity="a list"))
    return entries


def _read_scalar(key: str, line: int, node: ScalarNode) -> Entry:
    tag = str(node.tag)
    is_plain = not node.style
    if not tag.startswith(_OWN) or (not is_plain and tag != f"{_OWN}str"):
        return Entry(key, line, oddity=f"the tag {tag.replace(_OWN, '!!')}")
    if is_plain and tag != f"{_OWN}str":
        return Entry(key, line, node.value, _resolve(node.value))
    return Entry(key, line, node.value, node.value)


def _resolve(text: str) -> Scalar:
    for pattern, read in _CORE:
        if len(text) <= _LONGEST and pattern.fullmatch(text):
            return read(text)
    return text  # ruamel.yaml knows more than the core schema, days for example
