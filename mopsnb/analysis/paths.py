"""Target paths: where a goal's metric is expected to stand on a day between start and deadline."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from mopsnb.analysis.months import Month, has_data, shift_month

Shape = Literal["auto", "linear", "seasonal"]
SEASON_YEARS = 2  # full years of months that a seasonal path needs


@dataclass(frozen=True, slots=True)
class Path:
    """The way from a goal's baseline to its target.

    Parameters
    ----------
    start, deadline
        First and last day.
    baseline, target
        In the metric's unit. For an additive metric both are totals over a period as long as the goal's.
    additive
        Whether the path is a growing total, or a level that moves.
    weights
        The weight of each calendar month, January first, of which each of its days has the same part. None for a
        linear path, in which each day of the year has the same weight.
    """

    start: date
    deadline: date
    baseline: float
    target: float
    additive: bool
    weights: tuple[float, ...] | None = None

    def share(self, first: date, last: date) -> float:
        """Return the share of the whole path that lies on the days from first to last, both included."""
        return self._weigh(first, last) / self._weigh(self.start, self.deadline)

    def expect_total(self, spans: Sequence[tuple[date, date]]) -> tuple[float, float]:
        """Return what the path and the baseline's pace give over spans of days, for an additive metric."""
        share = math.fsum(self.share(first, last) for first, last in spans)
        return self.target * share, self.baseline * share

    def expect_level(self, first: date, last: date) -> float:
        """Return the mean level of the path over the days from first to last, for a ratio."""
        before = self.share(self.start, first - timedelta(days=1))
        middle = (before + self.share(self.start, last)) / 2
        return self.baseline + (self.target - self.baseline) * middle

    def _weigh(self, first: date, last: date) -> float:
        first, last = max(first, self.start), min(last, self.deadline)
        if last < first:
            return 0.0
        weights = []
        month = shift_month(first, 0)
        while month <= last:
            following = shift_month(month, 1)
            days = (min(last, following - timedelta(days=1)) - max(first, month)).days + 1
            month_days = (following - month).days
            weights.append(self.weights[month.month - 1] * days / month_days if self.weights else days)
            month = following
        return math.fsum(weights)


def weigh_seasons(months: Sequence[Month], start: date) -> tuple[float, ...] | None:
    """Return the weight of each calendar month, from the metric's own past.

    The weight of a month is the mean of its shares in the totals of the full years that end right before the start.

    Parameters
    ----------
    months
        The additive metric's months in time order.
    start
        The goal's first day; only complete months before it count.

    Returns
    -------
    tuple of float or None
        Twelve weights, January first. None where there are less than two full years in an unbroken row,
        where a month is negative, or where a year's total is 0.
    """
    past = [month for month in months if month.is_complete and month.end < start]
    chain: list[Month] = []
    for month in reversed(past):
        if not has_data(month, additive=True) or month.value < 0:
            break
        chain.append(month)
    years = [chain[begin : begin + 12] for begin in range(0, len(chain) - 11, 12)]
    totals = [math.fsum(month.value for month in year) for year in years]
    if len(years) < SEASON_YEARS or min(totals) <= 0:
        return None
    weights = [0.0] * 12
    for year, total in zip(years, totals, strict=True):
        for month in year:
            weights[month.start.month - 1] += month.value / total / len(years)
    return tuple(weights)


def rate_achievement(actual: float, expected: float, base: float) -> float:
    """Return how much of the change expected so far has been achieved: 1 is as expected, 0 is nothing.

    Parameters
    ----------
    actual, expected
        The figure, and where the path expects it, in the metric's unit.
    base
        Where the figure would stand without the goal: the baseline, or the baseline's pace.

    Returns
    -------
    float
        ``(actual − base) ÷ (expected − base)``; NaN where nothing is expected to change.
    """
    asked = expected - base
    return (actual - base) / asked if asked != 0 else math.nan
