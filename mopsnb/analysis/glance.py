"""All metrics at a glance: value, target, change, signal or noise, forecast, a row a metric."""

from __future__ import annotations

import pandas as pd

from mopsnb.analysis.frames import Row, list_rows, read_day
from mopsnb.analysis.wording import format_month

KEPT = ("metric", "title", "unit", "value", "target", "change", "change_last_year", "period")


def glance_at_metrics(
    summary: pd.DataFrame, limits: pd.DataFrame, ahead: pd.DataFrame, catalogue: pd.DataFrame
) -> pd.DataFrame:
    """Return a row a metric that has a value, in the catalogue's order.

    Parameters
    ----------
    summary
        What ``summarize_metrics`` returned.
    limits
        What ``chart_metrics`` returned, for the months that the small lines show.
    ahead
        What ``forecast.tabulate_forecasts`` returned; the last month ahead is told.
    catalogue
        Index: metric. Column group.

    Returns
    -------
    pandas.DataFrame
        metric, title, unit, value, target, change, change_last_year and period of the summary, group, history (the
        values of all complete months, a list), verdict (signal or noise in words), ahead (the last month of the
        forecast), median, low and high of that month.
    """
    known = summary[summary["value"].notna()]
    charts = {str(name): frame for name, frame in limits.groupby("metric", sort=False)}
    last = ahead.drop_duplicates("metric", keep="last").set_index("metric")
    last = last[["period_start", "median", "low", "high"]].rename(columns={"period_start": "ahead"})
    history = [charts[name]["value"].tolist() if name in charts else [] for name in known["metric"]]
    verdicts = [judge_month(row, charts.get(str(row["metric"]))) for row in list_rows(known)]
    table = known[list(KEPT)].join(last, on="metric").reset_index(drop=True)
    group = catalogue["group"].reindex(table["metric"]).to_numpy()
    return table.assign(group=group, history=pd.Series(history, dtype=object), verdict=verdicts)


def judge_month(row: Row, chart: pd.DataFrame | None) -> str:
    """Return in words whether a metric's latest month is a signal, and since when its level holds.

    Parameters
    ----------
    row
        A row of ``summarize_metrics``.
    chart
        The metric's rows of ``chart_metrics``; None: its level is not told.
    """
    words = {"above": "Signal: above usual", "below": "Signal: below usual", "inside": "Noise"}
    verdict = words.get(str(row["signal"]), "Too few months")
    if chart is None or verdict == "Too few months" or not chart["level"].iloc[-1]:
        return verdict
    first = chart.loc[chart["level"] == chart["level"].iloc[-1], "period_start"].iloc[0]
    return f"{verdict}; level since {format_month(read_day(first))}"
