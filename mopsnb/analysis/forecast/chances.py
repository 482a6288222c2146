"""The chance that a metric reaches a target by a deadline, counted in possible futures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from mopsnb.analysis.cards import Card
from mopsnb.analysis.forecast.metrics import Forecast
from mopsnb.analysis.forecast.outlooks import COVERAGE
from mopsnb.analysis.measures import RATIO_MONTHS
from mopsnb.analysis.months import NAN, Month, has_data, shift_month
from mopsnb.analysis.season import Floats
from mopsnb.analysis.wording import FormatValue, format_day, format_plainly, write_percent


@dataclass(frozen=True, slots=True)
class Chance:
    """Where a goal's figure will end.

    Parameters
    ----------
    probability
        The share of possible futures that reach the target, 0 to 1; NaN where it cannot be known.
    median, low, high
        The figure at the deadline, and the limits that hold 80% of futures, in the metric's unit.
    reason
        Why there is no probability, in words; empty where there is one.
    """

    probability: float
    median: float = NAN
    low: float = NAN
    high: float = NAN
    reason: str = ""

    def read(self, unit: str, deadline: date, format_value: FormatValue) -> str:
        """Return the chance as a sentence."""
        if math.isnan(self.probability):
            return self.reason
        middle, low, high = (format_value(number, unit) for number in (self.median, self.low, self.high))
        share, chance = write_percent(COVERAGE, format_value), say_chance(self.probability, format_value)
        return (
            f"The forecast for {format_day(deadline)} is {middle} ({share} of futures lie between {low} "
            f"and {high}); {chance} that the target is reached."
        )


def say_chance(probability: float, format_value: FormatValue = format_plainly) -> str:
    """Return a probability in words.

    Examples
    --------
    >>> say_chance(0.637), say_chance(0.0004), say_chance(1.0)
    ('the chance is 64%', 'the chance is below 1%', 'the chance is above 99%')
    """
    if probability < 0.01:
        return f"the chance is below {write_percent(0.01, format_value)}"
    if probability > 0.99:
        return f"the chance is above {write_percent(0.99, format_value)}"
    return f"the chance is {write_percent(probability, format_value)}"


def find_chance(
    forecast: Forecast, months: Sequence[Month], target: float, start: date, deadline: date, *, sign: int = 0
) -> Chance:
    """Return the probability that a goal's figure is at or beyond its target at the deadline.

    The figure of an additive metric is the sum from start to deadline: what complete months have brought, and the
    forecast of the rest; a month that only partly belongs to the goal counts by its share of days. The figure of a
    ratio is the mean level of the last three full months before the deadline, each with the same weight.

    Parameters
    ----------
    forecast
        Of the metric in the goal's scope.
    months
        The metric's months in time order.
    target
        In the metric's unit.
    start, deadline
        The goal's first and last day.
    sign
        1 where the figure must be at least the target, -1 where at most; 0: as the metric wishes, up by default.
    """
    if not math.isfinite(target):
        return Chance(NAN, reason="The goal names no target.")
    total = draw_outcomes(forecast, months, start, deadline)
    if isinstance(total, str):
        return Chance(NAN, reason=total)
    direction = sign or forecast.card.wish or 1
    low, median, high = (float(np.quantile(total, share)) for share in (0.5 - COVERAGE / 2, 0.5, 0.5 + COVERAGE / 2))
    return Chance(float(np.mean(total * direction >= target * direction)), median, low, high)


def draw_outcomes(forecast: Forecast, months: Sequence[Month], start: date, deadline: date) -> Floats | str:
    """Return a goal's figure at the deadline in each possible future, or why there is none; see `find_chance`."""
    if forecast.outlook is None:
        return forecast.note
    wanted = list_counted(forecast.card, start, deadline)
    ahead = {day: place for place, day in enumerate(forecast.starts)}
    past = {month.start: month for month in months if month.start < forecast.starts[0]}
    draws = forecast.outlook.draws
    total: Floats = np.zeros(len(draws))
    for day in wanted:
        share = _share(day, start, deadline) if forecast.card.additive else 1 / len(wanted)
        month = past.get(day)
        if day in ahead:
            total = total + share * draws[:, ahead[day]]
        elif month and has_data(month, additive=forecast.card.additive) and math.isfinite(month.value):
            total = total + share * month.value
        else:
            far = day >= forecast.starts[0]
            return "The deadline lies beyond what can be forecast." if far else "A month that counts has no data."
    return total


def list_counted(card: Card, start: date, deadline: date) -> list[date]:
    """Return the first days of the months that make up a goal's figure at its deadline.

    All months of a total; of a ratio the last three full months before the deadline.
    """
    if card.additive:
        count = (deadline.year - start.year) * 12 + deadline.month - start.month + 1
        return [shift_month(start, step) for step in range(count)]
    after = shift_month(deadline, 1)
    last = shift_month(deadline, 0 if (after - deadline).days == 1 else -1)
    days = [shift_month(last, -step) for step in range(RATIO_MONTHS)]
    return sorted(day for day in days if day >= start) or [last]


def _share(month: date, start: date, deadline: date) -> float:
    """Return the share of a month's days that lie from start to deadline."""
    following = shift_month(month, 1)
    first = max(month, start)
    return min((following - first).days, (deadline - first).days + 1) / (following - month).days
