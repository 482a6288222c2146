"""What a connection has answered already: many figures of a page rest on the same question.

An answer holds as long as every file of the folder is the same (size, times and file number), and as long as the views
and kept rows that the question names are. A database is asked each time: nothing tells that its rows stayed the same.
What a connection does not know, another process may have been told: the question, the SQL of all views and kept rows
that it names and their files are the key under which `mopsnb.data.shelf` knows it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from mopsnb.data.shelf import recall
from mopsnb.data.sql import quote_text

Rows = list[tuple[Any, ...]]
MOST_ROWS = 20_000  # of an answer that is kept
_SCHEMA = "information_schema"
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class _Known:
    folder: Path
    marks: list[tuple[Any, ...]] = field(default_factory=list)
    answers: dict[tuple[Any, ...], Any] = field(default_factory=dict)  # the key begins with the query
    texts: dict[str, str] = field(default_factory=dict)  # the SQL behind each view and each kept row's name


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


def is_keeping(connection: object) -> bool:
    """Tell whether a connection keeps answers."""
    return connection in _KNOWN if _KNOWN else False


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
        rows = _ask_anyone(known, key, ask)
        if len(rows) > MOST_ROWS:
            return rows
        known.answers[key] = rows
    return list(known.answers[key])


def describe_files(connection: object) -> str:
    """Return a text that changes with every change of the folder's files; empty where no answers are kept."""
    known = _KNOWN.get(connection)
    return repr(sorted(_mark(known.folder))) if known else ""


def note(connection: object, name: str, text: str) -> None:
    """Remember the SQL behind a view or kept rows."""
    if known := _KNOWN.get(connection):
        known.texts[name] = text


def _ask_anyone(known: _Known, key: tuple[Any, ...], ask: Callable[[], Rows]) -> Rows:
    """Return the rows from where other processes keep theirs; ask where nobody knows."""
    if _SCHEMA in key[0]:
        return ask()
    texts = _collect_texts(known.texts, key[0])
    spelled = " ".join(texts.values())
    files = [path for path in _list_files(known.folder) if quote_text(str(path)) in spelled]
    if not files:
        return ask()
    return recall(("rows", key, sorted(texts.items())), files, ask)


def _collect_texts(texts: Mapping[str, str], query: str) -> dict[str, str]:
    """Return the SQL of every name that a query rests on, also by way of another."""
    found: dict[str, str] = {}
    waiting = [query]
    while waiting:
        for name in set(_WORD.findall(waiting.pop())) & texts.keys() - found.keys():
            found[name] = texts[name]
            waiting.append(texts[name])
    return found


def _list_files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


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
