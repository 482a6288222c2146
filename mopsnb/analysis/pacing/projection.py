"""Where spend will stand at the end of the year, from the plan and the pace of past months."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from mopsnb.analysis.pacing.books import CENTS, Book, Days
from mopsnb.analysis.pacing.horizon import Horizon
from mopsnb.analysis.pacing.ratio import LEAST, Ratio, estimate_ratio
from mopsnb.strategy.fiscal import Span

PACE_MONTHS = 12  # how many complete months the pace rests on at most


@dataclass(frozen=True, slots=True)
class Projection:
    """What the rest of the year will bring.

    Parameters
    ----------
    value, low, high
        Spend of the whole year and its 95% interval; NaN limits where it cannot be told.
    path
        What comes on top of the spend so far, up to each remaining day; one number a day.
    pace
        Spend ÷ plan over the months (spend a day where nothing is planned).
    is_planned
        Whether the rest follows a plan; else it goes on at its mean pace.
    gaps
        Month to its spend by the pace, and how far the real spend was from that.
    """

    value: float
    low: float
    high: float
    path: Days
    pace: Ratio
    is_planned: bool
    gaps: dict[date, tuple[float, float]] = field(default_factory=dict)


def project(book: Book, horizon: Horizon) -> Projection:
    """Return the projection of one area or channel.

    The rest of the year is the rest of its plan × the pace of the last complete months (spend ÷ plan, at most
    `PACE_MONTHS`). Where nothing is planned, it is the mean spend a day of these months × the days left. With fewer
    than three months the rest is as planned, and there is no interval. What is committed is the least that the rest
    can be.
    """
    is_planned = book.plan_year > 0
    months = list_months(book, horizon)
    tops = [_sum_days(book.spent, month, horizon) for month in months]
    bases = [_sum_days(book.planned, month, horizon) if is_planned else count_days(month) for month in months]
    pace = estimate_ratio(tops, bases)
    is_known = pace.count >= LEAST and math.isfinite(pace.value)
    factor = max(pace.value, 0.0) if is_known else 1.0 if is_planned else 0.0
    now = horizon.place(horizon.as_of) + 1
    weights = book.planned[now:] if is_planned else np.ones(horizon.days_left)
    path = np.maximum(factor * np.cumsum(weights), _owe(book, now))
    least = book.spent_year + book.committed_year
    value = max(book.spent_year + float(path[-1]), least) if len(path) else least
    reach = pace.reach_ahead(float(weights.sum()))
    gaps = {}
    if is_known:
        pairs = zip(months, tops, bases, strict=True)
        gaps = {month[0]: (factor * base, top - factor * base) for month, top, base in pairs}
    return Projection(
        value=round(value, CENTS),
        low=round(max(value - reach, least), CENTS) if math.isfinite(reach) else math.nan,
        high=round(value + reach, CENTS),
        path=path,
        pace=pace,
        is_planned=is_planned,
        gaps=gaps,
    )


def add_projections(parts: Sequence[Projection], book: Book, horizon: Horizon) -> Projection:
    """Return the projection of all areas together.

    Its value is the sum of theirs. Its interval comes from what the areas together differed from their pace in each
    month, so that areas which move together, or against each other, are seen.

    Parameters
    ----------
    parts
        The areas' projections.
    book
        The areas' books as one.
    horizon
        The year, and the report's day.
    """
    value = round(math.fsum(part.value for part in parts), CENTS)
    months = sorted({month for part in parts for month in part.gaps})
    tops, bases = [], []
    for month in months:
        found = [part.gaps[month] for part in parts if month in part.gaps]
        bases.append(math.fsum(base for base, _ in found))
        tops.append(math.fsum(base + gap for base, gap in found))
    pace = estimate_ratio(tops, bases)
    rest = math.fsum(float(part.path[-1]) for part in parts if len(part.path) and part.gaps)
    reach = pace.reach_ahead(rest)
    least = book.spent_year + book.committed_year
    return Projection(
        value=value,
        low=round(max(value - reach, least), CENTS) if math.isfinite(reach) else math.nan,
        high=round(value + reach, CENTS),
        path=sum((part.path for part in parts), np.zeros(horizon.days_left)),
        pace=pace,
        is_planned=any(part.is_planned for part in parts),
        gaps={month: (base, top - base) for month, base, top in zip(months, bases, tops, strict=True)},
    )


def list_months(book: Book, horizon: Horizon) -> list[Span]:
    """Return the complete months that tell an area's pace, in time order; at most the last `PACE_MONTHS`.

    They are months of years that plan something for it; without a plan, months since its first spend. Months whose
    spend is part of a longer total, and months of advertising without any ad row, tell nothing.
    """
    found = []
    before = horizon.year.first
    planned_before = bool(book.planned[: horizon.place(before)].sum() > 0)
    spent = np.flatnonzero(book.spent)
    begun = int(spent[0]) if len(spent) else horizon.length
    for first, last in horizon.list_complete():
        has_begun = horizon.place(last) >= begun
        is_open = first >= before or planned_before if book.plan_year > 0 else has_begun
        is_torn = any(start <= last and first <= end for start, end in book.totals)
        is_silent = book.has_ads and (first, last) not in horizon.ad_months
        if is_open and not is_torn and not is_silent:
            found.append((first, last))
    return found[-PACE_MONTHS:]


def count_days(span: Span) -> float:
    """Return how many days a span has, both ends included."""
    return float((span[1] - span[0]).days + 1)


def _sum_days(days: Days, span: Span, horizon: Horizon) -> float:
    return float(math.fsum(days[horizon.place(span[0]) : horizon.place(span[1]) + 1]))


def _owe(book: Book, now: int) -> Days:
    """Return what is committed up to each remaining day; what should have come already comes on the first one."""
    owed = book.committed[now:].copy()
    if len(owed):
        owed[0] += book.committed_year - math.fsum(owed)
    return np.cumsum(owed)
