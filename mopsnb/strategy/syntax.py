"""Read YAML 1.2 into plain values, and remember on which line each one stands.

Every scalar stays the text that people wrote, quoted or not: ``NO``, ``17:00`` and ``0123`` survive,
and the models decide by key what becomes a number or a date. A scalar without text is None.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from mopsnb.secrets.addresses import ADDRESS
from mopsnb.strategy.advice import SyntaxFault, explain_syntax, shorten

MAX_VALUES = 100_000  # a file that repeats itself through aliases could grow without end
_CORE_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class Problem:
    """A fault, before it is put in words for people.

    Parameters
    ----------
    path
        The keys and positions that lead to the value.
    expected
        What should stand there.
    fix
        How to put it right.
    found
        What stands there; empty: the value at the path.
    at
        Line and column, from 0; None: where the value at the path stands.
    """

    path: tuple[str | int, ...]
    expected: str
    fix: str = ""
    found: str = ""
    at: tuple[int, int] | None = None


@dataclass(frozen=True)
class Document:
    """A file's values and where they stand.

    Parameters
    ----------
    data
        Mappings, lists, texts and None.
    root
        The tree of YAML nodes.
    problems
        What is wrong with the YAML itself, such as a key that stands twice.
    """

    data: dict[str, Any]
    root: MappingNode
    problems: tuple[Problem, ...]

    def locate(self, path: Sequence[str | int]) -> tuple[int, int]:
        """Return line and column, from 0, of the value at a path, or of the block that lacks it."""
        node: Node = self.root
        mark = node.start_mark
        for step in path:
            if isinstance(node, MappingNode):
                pair = next((pair for pair in node.value if pair[0].value == step), None)
                if pair is None:
                    break
                key, node = pair
                # An empty value is marked behind the line's end, a block on its first line: the key's line counts.
                below = isinstance(node, MappingNode | SequenceNode) and not node.flow_style
                mark = key.start_mark if below or _is_empty(node) else node.start_mark
            elif isinstance(node, SequenceNode) and isinstance(step, int):
                node = node.value[step]
                mark = node.start_mark
        return mark.line, mark.column


def parse_yaml(text: str, section: str = "goals") -> Document:
    """Return the values of a YAML text with their places.

    Parameters
    ----------
    text
        YAML 1.2.
    section
        A key of the file, as an example for who left it out.

    Raises
    ------
    SyntaxFault
        The text is no YAML, is empty, or is no mapping.
    """
    try:
        return _read_document(text, _compose(text), section)
    except RecursionError as error:
        raise SyntaxFault(0, "brackets nested too deeply", "keys with values", "Close the brackets.") from error


def _read_document(text: str, root: Node | None, section: str) -> Document:
    if root is None or _is_empty(root):
        raise SyntaxFault(0, "nothing but blank lines or comments" if text else "an empty file",
                          "keys with values", "Write at least 'version: 1'.")  # fmt: skip
    if not isinstance(root, MappingNode):
        found = "a list" if isinstance(root, SequenceNode) else shorten(str(root.value)) or "nothing"
        fix = f"Remove the dashes at the start of the lines and name the section, for example '{section}:'."
        if isinstance(root, ScalarNode):
            fix = "Put a colon and a space between each key and its value."
        raise SyntaxFault(root.start_mark.line + 1, found, "keys with values, such as 'version: 1'", fix)
    reader = _Reader()
    data = reader.read(root, ())
    return Document(data, root, tuple(reader.problems))


def _compose(text: str) -> Node | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReusedAnchorWarning)
            root: Node | None = YAML(typ="safe", pure=True).compose(text)
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        found = f"the control character {ord(text[error.position]):#04x}" if error.position < len(text) else "bytes"
        raise SyntaxFault(line, found, "text", "Delete the character.") from error
    except MarkedYAMLError as error:
        raise explain_syntax(error, text) from error
    return root


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and (node.tag == f"{_CORE_TAG}null" or not node.value.strip())


class _Reader:
    """Turns nodes into plain values, and notes what is wrong on the way."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.open: list[Node] = []
        self.count = 0

    def read(self, node: Node, path: tuple[str | int, ...]) -> Any:
        self.count += 1
        line, column = node.start_mark.line, node.start_mark.column
        if self.count > MAX_VALUES or any(node is above for above in self.open):
            raise SyntaxFault(line + 1, "a block that repeats itself", f"at most {MAX_VALUES:,} values",
                              "Write the values out instead of using & and *.")  # fmt: skip
        if not str(node.tag).startswith(_CORE_TAG):
            fix = "Put quotes around a text that starts with !."
            self.problems.append(Problem(path, "a plain value", fix, str(node.tag), (line, column)))
        if isinstance(node, ScalarNode):
            if ADDRESS.search(node.value):
                fix = "Put the address where secrets are kept, and write its name here: secret://NAME."
                self.problems.append(Problem(path, "no password", fix, "an address with a password", (line, column)))
            return None if _is_empty(node) else node.value.strip()
        self.open.append(node)
        if not isinstance(node, MappingNode):
            values: Any = [self.read(item, (*path, position)) for position, item in enumerate(node.value)]
        else:
            values = self._read_pairs(node, path)
        self.open.pop()
        return values

    def _read_pairs(self, node: MappingNode, path: tuple[str | int, ...]) -> dict[str, Any]:
        lines: dict[str, int] = {}
        values: dict[str, Any] = {}
        for key, value in node.value:
            at = (key.start_mark.line, key.start_mark.column)
            if not isinstance(key, ScalarNode):
                fix = "Put quotes around a text that starts with { or [."
                self.problems.append(Problem(path, "a key of plain text", fix, "a list or block as key"))
            elif key.value in lines:
                fix = f"Line {lines[key.value]} has this key already; keep one of the two."
                self.problems.append(Problem((*path, key.value), "each key once", fix, key.value, at))
            else:
                lines[key.value] = at[0] + 1
                values[key.value] = self.read(value, (*path, key.value))
        return values
