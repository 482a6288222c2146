"""A ratio's forecast beside the forecasts of what it is divided from: two ways to the same figure, which may differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from mopsnb.analysis.forecast.metrics import Forecast
from mopsnb.analysis.months import Month, read_months
from mopsnb.analysis.season import Floats
from mopsnb.analysis.wording import FormatValue, format_month, format_plainly
from mopsnb.findings import Finding, make_id

LEAST = 12  # months in which a metric must be a ratio's part to count as that part
_NEAR = 1e-9  # relative: what two ways of adding up may differ


@dataclass(frozen=True, slots=True)
class Beside:
    """What the forecasts of a ratio's parts make, for the last month that all three reach.

    Parameters
    ----------
    forecast, above, below
        The forecasts of the ratio, of what is divided, and of what it is divided by.
    place
        The month among those of the ratio's forecast.
    value
        The forecast of the one ÷ that of the other, in the ratio's unit.
    """

    forecast: Forecast
    above: Forecast
    below: Forecast
    place: int
    value: float

    @property
    def limits(self) -> tuple[float, float]:
        """The interval (80%) of the ratio's own forecast."""
        low, high = self.forecast.outlook.limits() if self.forecast.outlook else (np.array([np.nan]),) * 2
        return float(low[self.place]), float(high[self.place])

    @property
    def is_inside(self) -> bool:
        """Whether the interval holds what the parts make."""
        return self.limits[0] <= self.value <= self.limits[1]


def compare_parts(forecasts: Mapping[str, Forecast], monthly: pd.DataFrame) -> list[Beside]:
    """Return what the forecasts of each ratio's parts make, where both parts are metrics with a forecast.

    A metric is a ratio's part where its value is that part in every complete month, of at least 12.

    Parameters
    ----------
    forecasts
        As `forecast_metrics` returns them.
    monthly
        Columns metric, period_start, value, numerator, denominator, is_complete; any order.
    """
    series: dict[str, list[Month]] = {}
    for name, frame in monthly.groupby("metric", sort=False):
        series[str(name)] = [month for month in read_months(frame) if month.is_complete]
    sums = {
        name: {month.start: month.value for month in months}
        for name, months in series.items()
        if name in forecasts and forecasts[name].card.additive
    }
    found = []
    for name, forecast in forecasts.items():
        if forecast.outlook is None or name in sums or name not in series:
            continue
        above, below, scale = find_parts(series[name], sums)
        if above:
            found += _divide(forecast, forecasts[above], forecasts[below], scale)
    return found


def find_parts(months: Sequence[Month], sums: Mapping[str, Mapping[date, float]]) -> tuple[str, str, float]:
    """Return the totals that a ratio is made of, and the factor of their quotient; no names where they are not known.

    Parameters
    ----------
    months
        The ratio's complete months.
    sums
        Totals by name: the first day of a month to its value.

    Returns
    -------
    tuple
        The name of what is divided, of what it is divided by, and what the quotient is multiplied by.
    """
    if len(months) < LEAST or not sums:
        return "", "", float("nan")
    table: Floats = np.array(
        [
            (month.value, month.numerator, month.denominator, *(one.get(month.start, np.nan) for one in sums.values()))
            for month in months
        ],
        dtype=np.float64,
    )
    above, below = (_match(table[:, column], table[:, 3:], list(sums)) for column in (1, 2))
    if not (above and below):
        return "", "", float("nan")
    return above, below, float(np.nanmedian(table[:, 0] * table[:, 2] / table[:, 1]))


def tell_parts(
    readings: pd.DataFrame, found: list[Beside], *, format_value: FormatValue = format_plainly
) -> pd.DataFrame:
    """Return readings that go on with what the forecasts of a ratio's parts make.

    Parameters
    ----------
    readings
        Columns metric and reading.
    found
        What `compare_parts` returned.
    format_value
        Turns a value and its unit into text.
    """
    told = {one.forecast.card.name: f" {_tell(one, format_value)}" for one in found}
    pairs = zip(readings["metric"], readings["reading"], strict=True)
    return readings.assign(reading=[f"{text}{told.get(name, '')}" for name, text in pairs])


def report_parts(found: list[Beside], *, format_value: FormatValue = format_plainly) -> list[Finding]:
    """Return a finding for each ratio whose own forecast does not hold what those of its parts make."""
    return [
        Finding(
            id=make_id("metrics", "forecasts", one.forecast.card.name),
            severity="info",
            title=f"{one.forecast.card.title}: its forecast and those of its parts disagree",
            evidence=_tell(one, format_value),
            fix="Plan with the range from one to the other, until one of them has come true.",
            where=one.forecast.card.name,
            stake="result",
            period=f"{one.forecast.starts[one.place]:%Y-%m}",
        )
        for one in found
        if not one.is_inside
    ]


def _match(part: Floats, values: Floats, names: list[str]) -> str:
    """Return the metric whose values are a ratio's part; empty where none is, or nearly all months are missing."""
    for place, name in enumerate(names):
        both = np.isfinite(part) & np.isfinite(values[:, place])
        alike = np.isclose(part[both], values[both, place], rtol=_NEAR, atol=0.0)
        if both.sum() >= LEAST and both.sum() == np.isfinite(part).sum() and alike.all():
            return name
    return ""


def _divide(forecast: Forecast, above: Forecast, below: Forecast, scale: float) -> list[Beside]:
    shared = [day for day in forecast.starts if day in above.starts and day in below.starts]
    if not shared or above.outlook is None or below.outlook is None or not np.isfinite(scale):
        return []
    place, over, under = (list(one.starts).index(shared[-1]) for one in (forecast, above, below))
    divisor = float(below.outlook.median[under])
    if divisor <= 0:
        return []
    return [Beside(forecast, above, below, place, float(above.outlook.median[over]) / divisor * scale)]


def _tell(one: Beside, format_value: FormatValue) -> str:
    card, month = one.forecast.card, format_month(one.forecast.starts[one.place])
    own = float(one.forecast.outlook.median[one.place]) if one.forecast.outlook else float("nan")
    value, median, low, high = (format_value(number, card.unit) for number in (one.value, own, *one.limits))
    made = f"The forecasts of {one.above.card.title} ÷ {one.below.card.title} for {month} make {value}"
    if one.is_inside:
        return f"{made}, inside the interval around its own forecast."
    return f"{made}, outside the interval of {low} to {high} around its own forecast of {median}: trust neither alone."
