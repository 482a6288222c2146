"""One figure of a breakdown, from the numbers of a metric's parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from mopsnb.data.catalogue import Metric
from mopsnb.data.measures import Number
from mopsnb.data.periods import Period, list_months
from mopsnb.data.relations import Measure

Key = tuple[int, tuple[str, ...]]  # the number of a period, and the labels of a segment
Cell = tuple[float | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Series:
    """The numbers of one part.

    Parameters
    ----------
    measure
        The measure.
    first
        The first month in which it is known; None: there is none.
    known
        The months that count.
    numbers
        Value and matching rows by period and segment.
    held
        The periods and segments with rows.
    """

    measure: Measure
    first: date | None
    known: frozenset[date]
    numbers: Mapping[Key, tuple[Number | None, int]]
    held: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Answer:
    """The numbers of all parts over periods that follow each other.

    Parameters
    ----------
    periods
        The periods.
    series
        The numerator's parts, then the denominator's.
    left_out
        The first and last day of totals that count in no period, as they lie in two of them or share days with others.
    """

    periods: tuple[Period, ...]
    series: tuple[Series, ...]
    left_out: tuple[tuple[date, date], ...]


def list_segments(answers: Sequence[Answer], names: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the segments that have rows in any period, in alphabetical order; without names, the one of all rows."""
    if not names:
        return [()]
    return sorted({key[1] for answer in answers for part in answer.series for key in (*part.held, *part.numbers)})


def compute_cell(metric: Metric, answer: Answer, place: int, segment: tuple[str, ...], is_split: bool) -> Cell:
    """Return value, numerator and denominator of one period and segment; None where missing.

    Parameters
    ----------
    metric
        The metric.
    answer
        The numbers of its parts.
    place
        The number of the period.
    segment
        The labels of the segment.
    is_split
        Whether there are segments. A part that a segment has no rows of then adds nothing to the others;
        without segments it makes the figure missing.
    """
    period = answer.periods[place]
    parts = answer.series[:-1] if metric.denominator else answer.series
    begun = [part for part in parts if part.first and part.first < period.after]
    numbers = [_read(part, period, place, segment) for part in begun]
    filled = [number for number in numbers if number is not None]
    top = sum(filled) if filled and (is_split or len(filled) == len(numbers)) else None
    bottom = _read(answer.series[-1], period, place, segment) if metric.denominator else None
    value: float | None = None
    if top is not None and metric.denominator is None:
        value = float(Fraction(top) * metric.scale)
    elif top is not None and bottom:
        value = float(Fraction(top) / Fraction(bottom) * metric.scale)
    return value, _to_float(top), _to_float(bottom)


def _to_float(number: Number | None) -> float | None:
    return None if number is None else float(number)


def _read(part: Series, period: Period, place: int, segment: tuple[str, ...]) -> Number | None:
    if not any(month in part.known for month in list_months(period.first, period.after)):
        return None
    if part.measure.kind == "level":
        before = [part.numbers.get((number, segment), (0, 0))[0] or 0 for number in range(-1, place)]
        return sum(before)
    if part.measure.relation.covered == "rows" and (place, segment) not in part.held:
        return None
    value, matches = part.numbers.get((place, segment), (None, 0))
    is_fact = part.measure.kind != "sum" or (not matches and part.measure.relation.covered != "rows")
    return 0 if value is None and is_fact else value
