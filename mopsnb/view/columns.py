"""Columns of a table: what they are called and how their cells are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import pandas as pd

from mopsnb.errors import suggest
from mopsnb.view import theme
from mopsnb.view.formats import MISSING, Formats, is_known, share_digits
from mopsnb.view.html import name_status
from mopsnb.view.sparks import write_blocks

Kind = Literal[
    "text",
    "name",
    "percent",
    "percent_points",
    "count",
    "currency",
    "number",
    "signed",
    "value",
    "date",
    "month",
    "change",
    "status",
    "spark",
]
KINDS: tuple[str, ...] = get_args(Kind)
_LEFT = frozenset({"text", "name", "date", "month", "change", "status", "spark"})


@dataclass(frozen=True, slots=True)
class Column:
    """How one column of a frame is shown.

    Parameters
    ----------
    label
        The heading. It names the unit where the cells do not.
    kind
        ``text``; ``name`` (of a channel, by its id; underscores of other words become spaces); ``percent`` (of a
        fraction), ``percent_points`` (a difference of fractions), ``count``, ``currency``, ``number``, ``signed`` (a
        number with its sign: ``+3``); ``value`` (each row in its own unit); ``date``, ``month``; ``change`` (``up
        4.2%``, of a fraction); ``status``; ``spark`` (of a list: a small line).
    unit
        For ``currency`` an ISO code, empty for the workspace's. For ``value`` the frame's column that
        holds the units, or one unit for all rows, such as ``fraction``.
    digits
        Decimals of ``percent``, ``currency`` and ``number``; None: as many as the column deserves.

    Raises
    ------
    ValueError
        The kind is none of these.
    """

    label: str
    kind: Kind = "text"
    unit: str = ""
    digits: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind is {self.kind!r}, expected one of {', '.join(KINDS)}. {suggest(self.kind, KINDS)}")

    @property
    def align(self) -> Literal["left", "right"]:
        """``right`` for figures, so that they stand under one another."""
        return "left" if self.kind in _LEFT else "right"


def write_cells(frame: pd.DataFrame, name: str, column: Column, formats: Formats) -> list[str]:
    """Return a column's cells as text; ``–`` where missing.

    Raises
    ------
    ValueError
        The frame has no such column.
    """
    if name not in frame.columns:
        hint = suggest(name, map(str, frame.columns))
        raise ValueError(f"the frame has no column {name!r}. {hint} It has {', '.join(map(str, frame.columns))}.")
    values = frame[name].tolist()
    if column.kind == "value":
        units = frame[column.unit].tolist() if column.unit in frame.columns else [column.unit] * len(values)
        return [formats.value(x, str(unit)) for x, unit in zip(values, units, strict=True)]
    if column.kind == "spark":
        return [write_blocks(x) if isinstance(x, list) else MISSING for x in values]
    digits = column.digits
    if digits is None and column.kind in ("percent", "currency", "number", "signed"):
        unit = {"percent": "fraction", "currency": "currency"}.get(column.kind, "")
        digits = share_digits(values, unit, column.unit or formats.currency_code)
    return [_write(x, column, digits, formats) for x in values]


def _write(x: Any, column: Column, digits: int | None, formats: Formats) -> str:
    if not is_known(x) or x == "":
        return MISSING
    writers = {
        "text": lambda: str(x),
        "name": lambda: theme.current().name(str(x)),
        "status": lambda: name_status(str(x)),
        "percent": lambda: formats.percent(x, digits),
        "percent_points": lambda: formats.percent_points(x),
        "count": lambda: formats.count(x),
        "currency": lambda: formats.currency(x, column.unit or None, digits),
        "number": lambda: formats.number(x, digits),
        "signed": lambda: formats.signed(x, digits),
        "date": lambda: formats.date(x),
        "month": lambda: formats.month(x),
        "change": lambda: formats.change(x),
    }
    return writers[column.kind]()


def describe_columns(frame: pd.DataFrame, columns: Mapping[str, Column] | None) -> dict[str, Column]:
    """Return the columns as given, else one a column of the frame with a kind guessed from its type."""
    if columns is not None:
        return dict(columns)
    kinds: dict[str, Kind] = {"M": "date", "f": "number", "i": "count", "u": "count"}
    labels = {str(name): str(name).replace("_", " ").capitalize() for name in frame.columns}
    return {name: Column(label, kinds.get(frame[name].dtype.kind, "text")) for name, label in labels.items()}
