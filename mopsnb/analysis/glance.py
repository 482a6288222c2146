"""All metrics at a glance: value, target, change, signal or noise, forecast, a row a metric."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from mopsnb.analysis.frames import Row, list_rows, read_day, read_number
from mopsnb.analysis.missing_days import count_missing
from mopsnb.analysis.months import count_months
from mopsnb.analysis.signals import NEW
from mopsnb.analysis.wording import MONTHS, FormatValue, count_things, format_plainly

KEPT = ("metric", "title", "unit", "value", "target", "change", "change_last_year", "period")
WITHIN = {
    "Noise": "now inside",
    "Signal: above": "signal: above",
    "Signal: below": "signal: below",
}
SHOWN = 24  # months of a small line


def glance_at_metrics(
    summary: pd.DataFrame,
    limits: pd.DataFrame,
    ahead: pd.DataFrame,
    catalogue: pd.DataFrame,
    *,
    format_value: FormatValue = format_plainly,
) -> pd.DataFrame:
    """Return a row a metric that has a value, in the summary's order.

    Parameters
    ----------
    summary
        What ``summarize_metrics`` returned.
    limits
        What ``chart_metrics`` returned, of all months.
    ahead
        What ``forecast.tabulate_forecasts`` returned; the last month ahead is told.
    catalogue
        Index: metric. Column group.
    format_value
        Turns a value and its unit into text.

    Returns
    -------
    pandas.DataFrame
        metric, title, unit, value, target, change, change_last_year and period of the summary, group, history (the
        values of the last 24 complete months, a list), verdict (signal or noise in words), forecast (of the last
        month ahead, with its 80% interval, in words; empty for none), target_text (the target and the time that it
        covers; empty for none).
    """
    known = list_rows(summary[summary["value"].notna()])
    charts = {str(name): list_rows(frame) for name, frame in limits.groupby("metric", sort=False)}
    last = {str(row["metric"]): row for row in list_rows(ahead)}
    rows = []
    for row in known:
        name = str(row["metric"])
        chart = charts.get(name, [])
        told = {"verdict": judge_month(row, chart), "forecast": _tell(row, last.get(name), format_value)}
        history = [read_number(month["value"]) for month in chart[-SHOWN:]]
        told["target_text"] = _tell_target(row, format_value)
        kept = {key: row[key] for key in KEPT}
        rows.append(kept | {"group": catalogue["group"].get(name, ""), "history": history} | told)
    return pd.DataFrame(rows, columns=[*KEPT, "group", "history", "verdict", "forecast", "target_text"])


def _tell_target(row: Row, format_value: FormatValue) -> str:
    target = read_number(row["target"])
    if not math.isfinite(target):
        return ""
    span, shown = str(row["target_span"]), format_value(target, str(row["unit"]))
    return f"{shown} {span if span.startswith('for ') else f'over {span}'}" if span else shown


def judge_month(row: Row, chart: Sequence[Row]) -> str:
    """Return in words whether a metric's latest month is a signal, and whether its level is a new one.

    Where days of its data are missing, that may be the cause, and it stands in the place of the level.

    Parameters
    ----------
    row
        A row of ``summarize_metrics``, where known with the days that ``mark_missing`` adds.
    chart
        The metric's rows of ``chart_metrics``; empty: its level is not told.
    """
    words = {"above": "Signal: above", "below": "Signal: below", "inside": "Noise"}
    verdict = words.get(str(row["signal"]), "")
    if not verdict:
        return "Too few months"
    if lacks := count_missing(row):
        return f"{verdict.replace('Signal:', 'Missing data?')}; {count_things(lacks, 'day')} missing"
    if not chart or not chart[-1]["level"]:
        return verdict
    first = next(read_day(month["period_start"]) for month in chart if month["level"] == chart[-1]["level"])
    is_new = count_months(first, read_day(chart[-1]["period_start"])) < NEW
    if not is_new:
        return verdict
    since = f"{MONTHS[first.month - 1][:3]} {first.year}"
    return f"New level since about {since}; {WITHIN[verdict]}"


def _tell(row: Row, one: Row | None, format_value: FormatValue) -> str:
    if one is None:
        return ""
    median, low, high = (format_value(read_number(one[key]), str(row["unit"])) for key in ("median", "low", "high"))
    day = read_day(one["period_start"])
    return f"{median} ({low} to {high}) in {MONTHS[day.month - 1][:3]} {day.year}"
