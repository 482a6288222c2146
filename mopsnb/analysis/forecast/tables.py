"""Forecasts as frames for the page and its result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from mopsnb.analysis.cards import find_card
from mopsnb.analysis.forecast.metrics import FARTHEST, Forecast, forecast_months
from mopsnb.analysis.forecast.outlooks import COVERAGE
from mopsnb.analysis.frames import DAY, NUMBER, TEXT, WHOLE, Row, build_frame, read_day
from mopsnb.analysis.months import Month, count_months, read_months
from mopsnb.analysis.wording import FormatValue, format_month, write_percent

FORECAST_COLUMNS = {
    **{"metric": TEXT, "period_start": DAY, "median": NUMBER, "low": NUMBER, "high": NUMBER},
    **{"beside": NUMBER, "method": TEXT, "beside_method": TEXT},
}
METHOD_COLUMNS = {
    **{"metric": TEXT, "title": TEXT, "unit": TEXT, "period": DAY, "median": NUMBER, "low": NUMBER, "high": NUMBER},
    **{"beside": NUMBER, "method": TEXT, "is_baseline": TEXT, "error_ratio": NUMBER, "tested": WHOLE, "months": WHOLE},
    "reading": TEXT,
}
AHEAD = 6  # months that a page shows


def forecast_metrics(
    monthly: pd.DataFrame,
    catalogue: pd.DataFrame,
    names: Sequence[str],
    *,
    horizon: int = AHEAD,
    until: pd.DataFrame | None = None,
) -> dict[str, Forecast]:
    """Return the forecasts of metrics, by name; one without complete months is left out.

    Parameters
    ----------
    monthly
        Columns metric, period_start, value, numerator, denominator, is_complete; any order.
    catalogue
        Index: metric. Columns title, unit, direction, additive; where known proportion.
    names
        The metrics, in the order of the answer.
    horizon
        How many months after the last complete month to reach.
    until
        Columns metric and deadline, as ``analysis.summarize_metrics`` returns them: a metric with a deadline ahead is
        forecast to its month, up to 18 months. None: all reach to the horizon.
    """
    ends = {} if until is None else dict(zip(until["metric"], until["deadline"], strict=True))
    frames = {str(name): frame for name, frame in monthly.groupby("metric", sort=False)}
    found: dict[str, Forecast] = {}
    for name in dict.fromkeys(names):
        card, months = find_card(catalogue, name), read_months(frames.get(name))
        if card is not None and any(month.is_complete for month in months):
            found[name] = forecast_months(card, months, _count_ahead(months, ends.get(name), horizon))
    return found


def _count_ahead(months: Sequence[Month], deadline: object, horizon: int) -> int:
    """Return how many months lie between the last complete month and the deadline's; the horizon where none do."""
    if deadline is None or deadline is pd.NaT:
        return horizon
    last = next(month.start for month in reversed(months) if month.is_complete)
    ahead = count_months(last, read_day(deadline))
    return min(ahead, FARTHEST) if ahead > 0 else horizon


def tabulate_forecasts(forecasts: Mapping[str, Forecast]) -> pd.DataFrame:
    """Return a row a metric and month ahead: median, interval (80%), and what the other way says.

    Returns
    -------
    pandas.DataFrame
        metric, period_start, median, low, high, beside (the baseline, or the best model where the baseline was best),
        method and beside_method.
    """
    rows: list[Row] = []
    for name, forecast in forecasts.items():
        outlook = forecast.outlook
        if outlook is None:
            continue
        low, high = outlook.limits()
        other = outlook.other.candidate.title if outlook.other else ""
        for place, day in enumerate(forecast.starts):
            numbers = {"median": outlook.median[place], "low": low[place], "high": high[place]}
            told = {"beside": outlook.beside[place], "method": forecast.method, "beside_method": other}
            rows.append({"metric": name, "period_start": day} | numbers | told)
    return build_frame(rows, FORECAST_COLUMNS)


def tabulate_methods(forecasts: Mapping[str, Forecast]) -> pd.DataFrame:
    """Return a row a metric: how it is forecast, how well that did, and the last month ahead.

    Returns
    -------
    pandas.DataFrame
        metric, title, unit, period (the last month ahead), median, low, high and beside of that month, method,
        is_baseline (``yes`` where no model beat the baseline), error_ratio (its mean error at earlier dates
        divided by the other way's), tested (at how many dates), months (of history), reading (in words).
    """
    rows: list[Row] = []
    for name, forecast in forecasts.items():
        card, outlook = forecast.card, forecast.outlook
        row: dict[str, object] = {"metric": name, "title": card.title, "unit": card.unit, "months": forecast.months}
        row |= {"reading": forecast.explain(), "tested": 0}
        if outlook is not None:
            low, high = outlook.limits()
            ends = {"median": outlook.median[-1], "low": low[-1], "high": high[-1], "beside": outlook.beside[-1]}
            told = {"method": forecast.method, "is_baseline": "yes" if outlook.chosen.candidate.is_baseline else ""}
            row |= ends | told | {"period": forecast.starts[-1], "tested": outlook.chosen.origins}
            if outlook.other is not None and outlook.other.mean_error > 0:
                row["error_ratio"] = outlook.chosen.mean_error / outlook.other.mean_error
        rows.append(row)
    return build_frame(rows, METHOD_COLUMNS)


def tell_outlooks(
    readings: pd.DataFrame, forecasts: Mapping[str, Forecast], *, format_value: FormatValue | None = None
) -> pd.DataFrame:
    """Return readings that go on with the last month ahead, and with what its forecast rests on.

    Parameters
    ----------
    readings
        Columns metric and reading, for example a summary.
    forecasts
        As `forecast_metrics` returns them.
    format_value
        Turns a value and its unit into text; None: the figures are left out.
    """
    ahead = {name: f" {_tell(forecast, format_value)}" for name, forecast in forecasts.items()}
    pairs = zip(readings["metric"], readings["reading"], strict=True)
    return readings.assign(reading=[f"{text}{ahead.get(name, '')}" for name, text in pairs])


def _tell(forecast: Forecast, format_value: FormatValue | None) -> str:
    if forecast.outlook is None or format_value is None:
        return forecast.explain()
    low, high = forecast.outlook.limits()
    ends = (forecast.outlook.median[-1], low[-1], high[-1])
    median, least, most = (format_value(float(value), forecast.card.unit) for value in ends)
    month = format_month(forecast.starts[-1])
    share = write_percent(COVERAGE, format_value)
    return f"{month} is forecast at {median}, with {share} between {least} and {most}. {forecast.explain(format_value)}"
