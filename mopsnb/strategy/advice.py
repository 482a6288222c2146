"""Put what a YAML reader says in plain words, with the way to put it right."""

from __future__ import annotations

import re
from dataclasses import replace

from ruamel.yaml.error import MarkedYAMLError

from mopsnb.errors import Fault

_ADVICE = (
    (r"found character '\\t'", "no tab here", "Replace the tab with spaces."),
    (r"found character '(.)' that cannot start", "a plain value", "Put quotes around a text that starts with {0}."),
    (r"mapping values are not allowed", "one key with one value", "Indent the line like the keys around it, look for"
     " a missing colon on the line before, and put quotes around a text that holds a colon and a space."),
    (r"could not find expected ':'", "a key with a colon", "Put a colon and a space after the key."),
    (r"expected <block end>", "a line indented like the ones around it", "Indent the keys of one block alike, and"
     " start each item of a list with a dash."),
    (r"expected ',' or '(.)'", "a comma or a closing {0}", "Add what is missing, here or on the line before."),
    (r"unexpected end of stream", "a closing quote", "Close the quote that opens here."),
    (r"unknown escape character", "no backslash in double quotes", "Use single quotes around the text."),
    (r"undefined alias", "a plain value", "Put quotes around a text that starts with *."),
    (r"found another document", "one document", "Remove the line --- or ... and what follows it."),
    (r"expected the node content", "a value", "Remove the character, or put quotes around the text."),
    (r"expected alphabetic or numeric|undefined tag handle", "a plain value",
     "Put quotes around a text that starts with &, * or !."),
)  # fmt: skip
_SCHEME = r"\b(?!secret://)([A-Za-z][\w+.-]*)://"  # an address may hold a password; the name of a secret holds none
_TO_THE_END = re.compile(rf"{_SCHEME}.*", re.DOTALL)
_IN_QUOTES = re.compile(rf"{_SCHEME}[^\]'\"]*", re.DOTALL)


class SyntaxFault(Exception):  # noqa: N818 - it becomes a Fault
    """The text is no YAML, so that nothing else of it can be judged.

    Parameters
    ----------
    line
        The line, from 1; 0 where the whole file is meant.
    found, expected, fix
        As in :class:`mopsnb.errors.Fault`.
    """

    def __init__(self, line: int, found: str, expected: str, fix: str) -> None:
        super().__init__(line, found, expected, fix)
        self.line, self.found, self.expected, self.fix = line, found, expected, fix


def explain_syntax(error: MarkedYAMLError, text: str) -> SyntaxFault:
    """Return the fault that people read for an error of the YAML reader."""
    problem = str(error.problem)
    opens = "unexpected end of stream" in problem and error.context_mark
    mark = error.context_mark if opens else (error.problem_mark or error.context_mark)
    lines = text.splitlines() or [""]
    number = min(mark.line if mark else 0, len(lines) - 1)
    if "could not find expected ':'" in problem and error.context_mark:
        number = error.context_mark.line
    found = shorten(lines[number]) or "a blank line"
    for pattern, expected, fix in _ADVICE:
        match = re.search(pattern, problem)
        if match:
            return SyntaxFault(number + 1, found, expected.format(*match.groups()), fix.format(*match.groups()))
    return SyntaxFault(number + 1, found, "text in the YAML format", f"A YAML reader says: {problem}.")


def hide_address(text: str) -> str:
    """Return a text without what follows the ``://`` of an address.

    Examples
    --------
    >>> hide_address("- to: mailtos://ada:hunter2@example.com"), hide_address("secret://mail")
    ('- to: mailtos://…', 'secret://mail')
    """
    return _TO_THE_END.sub(r"\1://…", text)


def hide_addresses(fault: Fault) -> Fault:
    """Return a fault that repeats no address, for what people put into a wrong place may hold a password."""
    value, field = hide_address(fault.value), hide_address(fault.field)
    if (value, field) == (fault.value, fault.field):
        return fault
    return replace(fault, value=value, field=field, fix=_IN_QUOTES.sub(r"\1://…", fault.fix))


def shorten(text: str, limit: int = 60) -> str:
    """Return text on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
