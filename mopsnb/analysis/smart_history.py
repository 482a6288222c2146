"""What a goal's metric has done before: past changes of the same length, and the figure that the baseline claims."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from mopsnb.analysis.cards import Card
from mopsnb.analysis.measures import RATIO_MONTHS
from mopsnb.analysis.months import NAN, Month, Total, add_up, measure_length
from mopsnb.analysis.process import chart_process

YEAR = 12
JUMP = 1.5  # a level this many times another may come from a change of what is recorded


@dataclass(frozen=True, slots=True)
class Jump:
    """A new level of a metric that is at least half as large again as the one before, or that much smaller.

    Parameters
    ----------
    start
        The month from which it holds, about.
    before, after
        The two levels, in the metric's unit.
    """

    start: date
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class PastChanges:
    """Changes of a metric over the length of a goal, all before the goal starts.

    Parameters
    ----------
    changes
        One change a window, oldest first: fractions of the earlier figure, or differences in the metric's unit.
    are_relative
        Whether the changes are fractions.
    length
        The goal's length in months.
    months
        How many complete months with data lie before the start.
    needed
        How many months one change needs.
    comparison
        What each window is compared with, in words.
    jumps
        The new levels before the start that windows span.
    spanning
        How many of the windows span one.
    """

    changes: tuple[float, ...]
    are_relative: bool
    length: int
    months: int
    needed: int
    comparison: str
    jumps: tuple[Jump, ...] = ()
    spanning: int = 0

    @property
    def independent(self) -> int:
        """How many of the changes could have been measured on months of their own."""
        return min(len(self.changes), self.months // self.needed)

    def count_reached(self, asked: float, sign: int) -> int:
        """Return how many past changes went at least as far as the asked one in the direction of the sign."""
        return sum(change * sign >= asked * sign - 1e-12 for change in self.changes)


def find_changes(
    card: Card, months: Sequence[Month], start: date, deadline: date, *, are_relative: bool
) -> PastChanges:
    """Return the past changes with which a goal's change is compared.

    An additive metric: the total of as many months as the goal has, against the total of the same months a year
    earlier; against the months right before where the goal is a year or longer, or the history too short. A ratio: sum
    over sum of three months (fewer for a shorter goal), against three months that lie the goal's length before.

    Parameters
    ----------
    card
        The metric.
    months
        Its months in time order.
    start, deadline
        The goal's first and last day; only complete months before the start count.
    are_relative
        Whether changes are measured as fractions of the earlier figure.
    """
    past = [month for month in months if month.is_complete and month.end < start]
    length = measure_length(start, deadline)
    known = add_up(past, additive=card.additive).present
    width, lag, comparison = _choose_windows(card, length, known)
    changes, spans = [], []
    for end in range(width + lag, len(past) + 1):
        now, before = past[end - width : end], past[end - width - lag : end - lag]
        change = _compare(card, now, before, are_relative=are_relative)
        if math.isfinite(change):
            changes.append(change)
            spans.append((before[0].start, now[-1].start))
    jumps = find_jumps(past)
    spanned = tuple(one for one in jumps if any(first < one.start <= last for first, last in spans))
    spanning = sum(any(first < one.start <= last for one in jumps) for first, last in spans)
    return PastChanges(tuple(changes), are_relative, length, known, width + lag, comparison, spanned, spanning)


def find_jumps(months: Sequence[Month]) -> list[Jump]:
    """Return the new levels of a metric that are at least 1.5 times the one before, or that much smaller.

    The levels are those of a process-behavior chart (`chart_process`), the season taken off.
    """
    levels = chart_process([month.value for month in months]).stretches
    found = []
    for before, after in pairwise(levels):
        low, high = sorted((before.limits.center, after.limits.center))
        if low > 0 and high / low >= JUMP:
            found.append(Jump(months[after.first].start, before.limits.center, after.limits.center))
    return found


def find_claims(card: Card, months: Sequence[Month], start: date, deadline: date) -> list[tuple[Total, str]]:
    """Return what the data give for a goal's baseline, with the months in words.

    An additive metric: the total of as many months as the goal has, right before the start and a year before the goal.
    A ratio: the three months right before the start. A figure for which a month lacks data is left out.
    """
    past = [month for month in months if month.is_complete and month.end < start]
    length = measure_length(start, deadline)
    if not past or (start - past[-1].end).days > 31:
        return []
    width = length if card.additive else min(RATIO_MONTHS, length)
    spans = [(past[-width:], f"the {width} months before the start" if width > 1 else "the month before the start")]
    if card.additive and length < YEAR <= len(past):
        earlier = past[-YEAR : len(past) - YEAR + length]
        spans.append((earlier, "the same months a year earlier"))
    claims = []
    for span, words in spans:
        total = add_up(span, additive=card.additive)
        if len(span) == width and not total.missing and math.isfinite(total.value):
            claims.append((total, words))
    return claims


def _choose_windows(card: Card, length: int, known: int) -> tuple[int, int, str]:
    if not card.additive:
        width = min(RATIO_MONTHS, length)
        several = f"{width} months" if width > 1 else "a month"
        return width, length, f"{several} against {several} {length} months earlier"
    if length < YEAR and known >= YEAR + length:
        return length, YEAR, f"{length} months against the same months a year earlier"
    several = f"{length} months" if length > 1 else "a month"
    return length, length, f"{several} against the {several.removeprefix('a ')} right before"


def _compare(card: Card, now: Sequence[Month], before: Sequence[Month], *, are_relative: bool) -> float:
    totals = [add_up(span, additive=card.additive) for span in (now, before)]
    if any(total.missing for total in totals):
        return NAN
    after, earlier = totals[0].value, totals[1].value
    if not are_relative:
        return after - earlier
    return (after - earlier) / abs(earlier) if earlier != 0 else NAN
