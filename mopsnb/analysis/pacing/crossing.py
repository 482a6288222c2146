"""Days that matter: when spend crosses a plan, since when it is off it, and the stretch that made the difference."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from mopsnb.analysis.pacing.books import CENTS, Book, Days
from mopsnb.analysis.pacing.horizon import Horizon
from mopsnb.analysis.pacing.projection import Projection

ROUNDING = 0.005  # half a cent
DAILY = 0.5  # money that moves on at least this share of days is looked at by day, else by month
CLEAR = 5.0  # standard deviations by which a stretch must differ from the rest of the year
LEAST_DAYS = 7  # a shorter stretch of daily money is a slip for the daily watch, not a pace


@dataclass(frozen=True, slots=True)
class Crossing:
    """The day on which spend crosses the year's plan.

    Parameters
    ----------
    on
        The day; None where it does not happen within the year.
    early, late
        The same for the upper and the lower limit of the projection; None where that does not cross, or has no limit.
    is_past
        Whether it has happened.
    """

    on: date | None = None
    early: date | None = None
    late: date | None = None
    is_past: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days that differ from the plan more than the rest of the year.

    Parameters
    ----------
    first, last
        The first and the last day.
    amount
        Spend − plan of these days.
    """

    first: date
    last: date
    amount: float


def find_crossing(book: Book, projection: Projection, horizon: Horizon) -> Crossing:
    """Return the day on which a book's spend exceeds its plan for the year for good."""
    if book.plan_year <= 0:
        return Crossing()
    so_far = _cumulate(book.spent, horizon)
    if book.spent_year > book.plan_year + ROUNDING:
        return Crossing(_find_since(so_far, np.full(len(so_far), book.plan_year), horizon), is_past=True)
    room = book.plan_year - book.spent_year
    rest = projection.value - book.spent_year
    scales = [(limit - book.spent_year) / rest if rest > 0 else math.nan for limit in (projection.high, projection.low)]
    on, early, late = (_find_first(projection.path * scale, room, horizon) for scale in (1.0, *scales))
    return Crossing(on, early, late)


def find_since(book: Book, horizon: Horizon) -> date | None:
    """Return the day since which spend has been on its present side of the phased plan; None where it is on it."""
    spent, planned = _cumulate(book.spent, horizon), _cumulate(book.planned, horizon)
    if not len(spent) or book.plan_year <= 0 or abs(book.spent_year - book.expected) <= ROUNDING:
        return None
    return _find_since(spent, planned, horizon) if spent[-1] > planned[-1] else _find_since(planned, spent, horizon)


def find_stretch(book: Book, horizon: Horizon) -> Stretch | None:
    """Return the stretch of days that made most of the difference to the plan; None where none stands out, or all do.

    Money that moves on most days: the stretch of a week or more whose mean difference to the plan a day stands out
    most from the other days, if it does so by more than `CLEAR` standard deviations of a day (which come from the
    changes from one day to the next). Other money: the months in a row whose differences add up to the most.

    References
    ----------
    Olshen, A. B. et al. (2004). Circular binary segmentation for the analysis of array-based DNA copy number data.
    Biostatistics 5, 557–572: the statistic of one segment against the rest.
    """
    start, stop = horizon.place(horizon.year.first), horizon.place(horizon.as_of) + 1
    gaps = book.spent[start:stop] - book.planned[start:stop]
    sign = 1.0 if book.spent_year > book.expected else -1.0
    if np.count_nonzero(book.spent[start:stop]) >= DAILY * len(gaps):
        ends = _scan(sign * gaps)
    else:
        ends = _collect(sign * gaps, horizon)
    if ends is None or ends == (0, len(gaps) - 1):
        return None
    first, last = ends
    amount = round(float(math.fsum(gaps[first : last + 1])), CENTS)
    base = horizon.year.first
    return Stretch(base + timedelta(days=first), base + timedelta(days=last), amount)


def _cumulate(days: Days, horizon: Horizon) -> Days:
    return np.cumsum(days[horizon.place(horizon.year.first) : horizon.place(horizon.as_of) + 1])


def _find_since(upper: Days, lower: Days, horizon: Horizon) -> date:
    below = np.flatnonzero(upper <= lower + ROUNDING)
    return horizon.year.first + timedelta(days=int(below[-1]) + 1 if len(below) else 0)


def _find_first(path: Days, room: float, horizon: Horizon) -> date | None:
    over = np.flatnonzero(path > room + ROUNDING)
    return horizon.as_of + timedelta(days=int(over[0]) + 1) if len(over) else None


def _scan(gaps: Days) -> tuple[int, int] | None:
    count = len(gaps)
    if count <= LEAST_DAYS:
        return None
    noise = float(np.sqrt(np.mean(np.diff(gaps) ** 2) / 2))
    sums = np.concatenate([[0.0], np.cumsum(gaps - gaps.mean())])
    lengths = np.subtract.outer(np.arange(count + 1), np.arange(count + 1)).astype(float)
    inside = (lengths >= LEAST_DAYS) & (lengths < count)
    scale = np.where(inside, lengths * (1 - lengths / count), 1.0)
    scores = np.where(inside, np.subtract.outer(sums, sums) / np.sqrt(scale), -np.inf)
    last, first = np.unravel_index(int(np.argmax(scores)), scores.shape)
    if scores[last, first] <= CLEAR * noise:
        return None
    return int(first), int(last) - 1


def _collect(gaps: Days, horizon: Horizon) -> tuple[int, int] | None:
    base = horizon.place(horizon.year.first)
    spans = [(horizon.place(a) - base, min(horizon.place(b) - base, len(gaps) - 1)) for a, b in horizon.year.months]
    spans = [(first, last) for first, last in spans if first < len(gaps)]
    best, found, total, start = 0.0, None, 0.0, 0
    for place, (first, last) in enumerate(spans):
        if total <= 0:
            total, start = 0.0, place
        total += math.fsum(gaps[first : last + 1])
        if total > best + ROUNDING:
            best, found = total, (spans[start][0], last)
    return found
