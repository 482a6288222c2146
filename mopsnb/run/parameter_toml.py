"""The keys of a TOML file of parameters, each with its line and with the type that TOML gives its value."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from mopsnb.run.parameter_files import Entry, FileFault
from mopsnb.run.wording import shorten

_HEADER = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?")
_PAIR = re.compile(r"\s*([A-Za-z0-9_.\"' -]+?)\s*=\s*(.*?)\s*")


def parse_toml(text: str, name: str) -> list[Entry]:
    """Return the keys of a TOML text.

    Parameters
    ----------
    text
        TOML 1.0.
    name
        The file's name, for the messages.

    Raises
    ------
    FileFault
        The text is no TOML.
    """
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise FileFault(_explain(str(error), text, name)) from None
    places = _list_places(text)
    return [_read(key, value, places, ()) for key, value in values.items()]


def _read(key: str, value: Any, places: Mapping[tuple[str, ...], tuple[int, str]], above: tuple[str, ...]) -> Entry:
    line, written = places.get((*above, key), places.get(above, (0, "")))
    if isinstance(value, dict):
        if above:
            return Entry(key, line, oddity="a block")
        return Entry(key, line, block=[_read(name, below, places, (key,)) for name, below in value.items()])
    if isinstance(value, list):
        return Entry(key, line, oddity="a list")
    if isinstance(value, bool):
        return Entry(key, line, str(value).lower(), value)
    if isinstance(value, int | float):
        # As it is written: 0x10 and 1_000 are numbers that a text would lose.
        inside = "" if (*above, key) in places else rf".*?\b{re.escape(key)}[\"']?\s*=\s*"
        number = re.match(rf"{inside}([-+.\w]+)", written)
        return Entry(key, line, number[1] if number else repr(value), value)
    return Entry(key, line, str(value), value)


def _list_places(text: str) -> dict[tuple[str, ...], tuple[int, str]]:
    """Return where keys stand and what is written behind them; tomllib does not tell. A key in braces is left out."""
    places: dict[tuple[str, ...], tuple[int, str]] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.fullmatch(line):
            table = _split(header[1])
            places.setdefault(table, (number, ""))
        elif pair := _PAIR.fullmatch(line):
            places.setdefault((*table, *_split(pair[1])), (number, pair[2]))
    return places


def _split(key: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in key.split("."))


def _explain(problem: str, text: str, name: str) -> str:
    lines: Sequence[str] = text.splitlines()
    place = re.search(r"\(at line (\d+)", problem)
    number = min(int(place[1]) if place else len(lines), len(lines))
    line = lines[number - 1] if lines else ""
    if re.search(r"Cannot overwrite|Cannot declare|already", problem):
        return f"{name}, line {number}: found '{shorten(line.strip())}', which is given twice."
    is_bare = re.fullmatch(r"\s*[\w.-]+\s*=\s*[^\"'\s].*", line)
    fix = " Put quotes around a text, and leave no zeros in front of a number." if is_bare else ""
    return f"{name}, line {number}: found '{shorten(line.strip())}', expected TOML, such as 'months = 12'.{fix}"
