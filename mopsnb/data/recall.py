"""What a connection has answered already: many figures of a page rest on the same question.

An answer holds as long as every file of the folder is the same (size, times and file number), and as long as the views
and kept rows that the question names are. A database is asked each time: nothing tells that its rows stayed the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

Rows = list[tuple[Any, ...]]
MOST_ROWS = 20_000  # of an answer that is kept
_SCHEMA = "information_schema"


@dataclass(slots=True)
class _Known:
    folder: Path
    marks: list[tuple[Any, ...]] = field(default_factory=list)
    answers: dict[tuple[Any, ...], Any] = field(default_factory=dict)  # the key begins with the query


_KNOWN: WeakKeyDictionary[object, _Known] = WeakKeyDictionary()


def keep_answers(connection: object, folder: Path) -> None:
    """Let a connection keep its answers.

    Parameters
    ----------
    connection
        It reads no other files than those of the folder.
    folder
        The folder.
    """
    _KNOWN[connection] = _Known(folder)


def answer(connection: object, query: str, values: Mapping[str, object], ask: Callable[[], Rows]) -> Rows:
    """Return the rows that a query finds, from memory where they are known.

    Parameters
    ----------
    connection
        What is asked.
    query, values
        The question.
    ask
        Asks it. What it raises is not kept.
    """
    known = _open(connection)
    if known is None:
        return ask()
    # Equal numbers of different types, such as 1 and TRUE, are different questions.
    key = (query, *sorted((name, type(value).__name__, str(value)) for name, value in values.items()))
    if key not in known.answers:
        rows = ask()
        if len(rows) > MOST_ROWS:
            return rows
        known.answers[key] = rows
    return list(known.answers[key])


def find(connection: object, key: tuple[Any, ...]) -> Any:
    """Return what was kept under a key; None where nothing was, or the files have changed."""
    known = _open(connection)
    return None if known is None else known.answers.get(key)


def keep(connection: object, key: tuple[Any, ...], found: object) -> None:
    """Keep something that rests on the files alone. The key begins with a text that names the views behind it."""
    if known := _open(connection):
        known.answers[key] = found


def _open(connection: object) -> _Known | None:
    """Return what is known of a connection's files as they are now; None where nothing is kept."""
    known = _KNOWN.get(connection) if _KNOWN else None
    if known is not None and (marks := _mark(known.folder)) != known.marks:
        known.answers.clear()
        known.marks = marks
    return known


def forget(connection: object, view: str = "") -> None:
    """Forget the answers that rest on a view, and those about what there is; without a view all of them."""
    if known := _KNOWN.get(connection):
        stale = [key for key in known.answers if view in key[0] or _SCHEMA in key[0]]
        for key in stale:
            del known.answers[key]


def _mark(folder: Path) -> list[tuple[Any, ...]]:
    """Return what tells the files of a folder from their next versions."""
    marks: list[tuple[Any, ...]] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                found = entry.stat()
                marks.append((entry.name, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino))
    except OSError as error:
        marks.append((str(error),))
    return marks
