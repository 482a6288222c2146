"""A study: what an analyst may choose, and the answer to each choice, from frames that are already in memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from mopsnb.analysis.frames import FLAG, NUMBER, TEXT, Row, build_frame
from mopsnb.analysis.months import NAN

Kind = Literal["pick", "whole", "number", "day"]
Values = Mapping[str, object]
LINE_COLUMNS = {"x": "object", "series": TEXT, "value": NUMBER, "is_known": FLAG}
PART_COLUMNS = {"x": "object", "segment": TEXT, "value": NUMBER, "numerator": NUMBER, "denominator": NUMBER}
OTHERS = "All others"
MOST_SEGMENTS = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose.

    Parameters
    ----------
    name
        Its key among the values chosen; a notebook's parameter of the same name where ``is_parameter``.
    label
        What people read beside it, with the unit.
    value
        What is chosen at first.
    kind
        ``pick`` one of ``options``, a ``whole`` number, a ``number`` or a ``day`` (ISO text, empty for none).
    options
        Text and value of each option.
    low, high, step
        The limits of a number, and how far one press moves it.
    key
        What the first value depends on. Where it changes, the choice starts anew.
    is_parameter
        Whether the scheduled run has a parameter of this name.
    """

    name: str
    label: str
    value: object
    kind: Kind = "pick"
    options: tuple[tuple[str, object], ...] = ()
    low: float = 0.0
    high: float = 1e12
    step: float = 1.0
    key: str = ""
    is_parameter: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a choice shows: one chart of two linked parts, and sentences.

    Parameters
    ----------
    title
        The finding.
    lines
        The upper part: x (a day, or a number), series, value, is_known (False: assumed or planned).
    parts
        The lower part, added up over the x that the reader marks: x, segment, value, numerator, denominator. Empty:
        there is no lower part.
    unit
        The unit of the values above.
    measure, axis
        What the values and x are, in words; ``axis`` is empty where x is a month.
    part_unit, part_measure
        The same below.
    is_ratio
        Whether the lower part is numerator ÷ denominator; else the sum of values.
    sentences
        What the choice means, with the formula.
    """

    title: str
    lines: pd.DataFrame
    parts: pd.DataFrame = field(default_factory=lambda: build_frame([], PART_COLUMNS))
    unit: str = "count"
    measure: str = ""
    axis: str = ""
    part_unit: str = "count"
    part_measure: str = ""
    is_ratio: bool = False
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Study:
    """What a notebook lets its reader try out.

    Parameters
    ----------
    step
        The step's id.
    offer
        From the values chosen so far to the choices; some depend on others.
    answer
        From the values to the answer. It raises `mopsnb.errors.MopsnbError` where a value cannot be used.
    """

    step: str
    offer: Callable[[Values], tuple[Choice, ...]]
    answer: Callable[[Values], Answer]


def build_lines(rows: Sequence[Row]) -> pd.DataFrame:
    """Return rows of the upper part: x, series, value, is_known; without ``is_known`` a row is known."""
    return build_frame([{"is_known": True} | dict(row) for row in rows], LINE_COLUMNS)


def build_parts(rows: Sequence[Row]) -> pd.DataFrame:
    """Return rows of the lower part; beyond twelve segments the smallest are added up as one."""
    frame = build_frame(rows, PART_COLUMNS)
    weight = frame["denominator"].where(frame["denominator"].notna(), frame["value"].abs())
    sizes = weight.groupby(frame["segment"]).sum().sort_values(ascending=False, kind="stable")
    if len(sizes) <= MOST_SEGMENTS:
        return frame
    kept = set(sizes.index[: MOST_SEGMENTS - 1])
    named = frame.assign(segment=[name if name in kept else OTHERS for name in frame["segment"]])
    # A sum without any known value stays missing.
    summed = named.groupby(["x", "segment"], sort=False)[["value", "numerator", "denominator"]].sum(min_count=1)
    return summed.reset_index()[list(PART_COLUMNS)]


def choose_months(value: int) -> Choice:
    """Return the choice of how many months are shown, which every notebook with that parameter has."""
    return Choice("months", "Months shown", value, "whole", low=1, high=60, is_parameter=True)


def read_whole(values: Values, name: str) -> int:
    """Return a whole number among the values chosen."""
    return int(float(str(values[name])))


def read_amount(values: Values, name: str) -> float:
    """Return a number among the values chosen; NaN where it is missing."""
    value = values.get(name)
    return NAN if value is None or value == "" else float(str(value))


def is_changed(value: float, before: float) -> bool:
    """Tell whether a number was changed by more than the rounding of its field."""
    return math.isfinite(value) and not math.isclose(value, before, rel_tol=1e-6, abs_tol=1e-12)
