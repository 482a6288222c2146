"""The texts of the sample company, as small tables that people can edit."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def read_rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of ``<name>.csv`` in file order; an empty cell is an empty text."""
    text = (files(__name__) / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def read_words(name: str) -> tuple[str, ...]:
    """Return the lines of ``<name>.txt``."""
    return tuple((files(__name__) / f"{name}.txt").read_text(encoding="utf-8").split())
