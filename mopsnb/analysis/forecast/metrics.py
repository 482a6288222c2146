"""Forecasts of a metric's months, with the words that say what they rest on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from mopsnb.analysis.cards import Card, is_proportion
from mopsnb.analysis.forecast.outlooks import Outlook, look_out
from mopsnb.analysis.months import Month, has_data, shift_month
from mopsnb.analysis.season import Floats
from mopsnb.analysis.wording import FormatValue, count_things, format_month, format_plainly, write_percent

SHORT = 24  # fewer months do not show a season: the baseline alone is given
HISTORY = 120  # how many months back a forecast looks
GAPS = 0.1  # the share of months that may be missing
FARTHEST = 18  # how many months ahead a forecast reaches


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a metric's months ahead will be.

    Parameters
    ----------
    card
        The metric.
    starts
        The first day of each month ahead, from the month after the last complete month with data.
    outlook
        Medians, intervals and possible futures; None where the history is too short.
    months
        How many months it rests on.
    note
        What the reader must know: why there is none, or what is missing; empty for nothing.
    """

    card: Card
    starts: Sequence[date]
    outlook: Outlook | None
    months: int
    note: str

    @property
    def method(self) -> str:
        """How it was made, in words."""
        return self.outlook.chosen.candidate.title if self.outlook else ""

    def explain(self, format_value: FormatValue = format_plainly) -> str:
        """Return a sentence that says how it was made, and how that did beside the baseline."""
        if self.outlook is None:
            return self.note
        chosen, other = self.outlook.chosen, self.outlook.other
        text = f"Forecast by {self.method}, tested at {count_things(chosen.origins, 'earlier date')}"
        if chosen.candidate.is_baseline and other:
            error = _compare(other.mean_error, chosen.mean_error, format_value)
            text += f": no model was better ({other.candidate.title}: {error})"
        elif other:
            text += f": {_compare(chosen.mean_error, other.mean_error, format_value)} than with {other.candidate.title}"
        return f"{text}. {self.note}".rstrip()


def forecast_months(card: Card, months: Sequence[Month], horizon: int) -> Forecast:
    """Return the forecast of a metric.

    Months that are not complete do not count. A few missing months are read as lying between their neighbors, and the
    note says so. With less than 24 months, the same month a year earlier is the forecast, and with less
    than 18 there is none.

    Parameters
    ----------
    card
        The metric.
    months
        Its months in time order.
    horizon
        How many months after the last complete month to reach, up to 18.
    """
    complete = [month for month in months if month.is_complete]
    known = [month for month in complete if has_data(month, additive=card.additive) and math.isfinite(month.value)]
    if not known:
        return Forecast(card, (), None, 0, f"{card.title} has no complete month with data, so there is no forecast.")
    first, last = known[0].start, known[-1].start
    span = [month for month in complete if first <= month.start <= last][-HISTORY:]
    values = np.array([month.value for month in span])
    missing = int(np.sum(~np.isfinite(values)))
    if missing > GAPS * len(span):
        text = f"{missing} of {len(span)} months have no data: too many for a forecast."
        return Forecast(card, (), None, len(span), text)
    late = (complete[-1].start.year - last.year) * 12 + complete[-1].start.month - last.month
    ahead = min(horizon + late, FARTHEST)
    outlook = look_out(_fill(values), ahead, is_share=is_proportion(card, known))
    if outlook is None:
        text = f"The history is too short for a forecast: {count_things(len(span), 'month')}."
        return Forecast(card, (), None, len(span), text)
    notes = []
    if len(span) < SHORT:
        baseline = next(one for one in (outlook.chosen, outlook.other) if one and one.candidate.is_baseline)
        outlook = Outlook(baseline, None, outlook.scale)
        notes.append(f"The history is short ({len(span)} months), so no model is tried.")
    if missing:
        notes.append(f"{count_things(missing, 'month')} without data is read as lying between its neighbors.")
    if late:
        notes.append(f"The last month with data is {format_month(last)}.")
    starts = tuple(shift_month(last, step + 1) for step in range(ahead))
    return Forecast(card, starts, outlook, len(span), " ".join(notes))


def _fill(values: Floats) -> Floats:
    places = np.arange(len(values))
    known = np.isfinite(values)
    return np.asarray(np.interp(places, places[known], values[known]))


def _compare(error: float, other: float, format_value: FormatValue) -> str:
    if other == 0:
        return "its error is as small" if error == 0 else "its error is larger"
    change = error / other - 1
    size = write_percent(abs(change), format_value)
    return f"its error is {size} {'smaller' if change < 0 else 'larger'}"
