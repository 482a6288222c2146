"""Frames for charts: the year's money by day, by month, and by channel."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd

from mopsnb.analysis.frames import DAY, FLAG, NUMBER, TEXT, build_frame
from mopsnb.analysis.months import NAN, shift_month
from mopsnb.analysis.pacing.books import CENTS
from mopsnb.analysis.pacing.horizon import find_horizon
from mopsnb.analysis.pacing.pace import Grouping, project_books
from mopsnb.strategy import Strategy

PATH_COLUMNS = {"date": DAY, "planned": NUMBER, "spent": NUMBER, "projected": NUMBER, "low": NUMBER, "high": NUMBER}
SERIES_COLUMNS = {"period_start": DAY, "series": TEXT, "value": NUMBER, "is_complete": FLAG}
SERIES_NAMES = {"planned": "Plan", "spent": "Spent", "projected": "Projected"}
CHANNEL_COLUMNS = {"period_start": DAY, "channel": TEXT, "value": NUMBER, "is_complete": FLAG}


def draw_path(
    spend: pd.DataFrame,
    plan: pd.DataFrame,
    strategy: Strategy,
    as_of: date | None,
    *,
    by: Grouping = "total",
    key: str = "total",
) -> pd.DataFrame:
    """Return how plan, spend and projection add up over the days of the fiscal year.

    Parameters
    ----------
    spend, plan, strategy, as_of, by
        As for `mopsnb.analysis.pacing.pace_budget`.
    key
        The id of one of its rows.

    Returns
    -------
    pandas.DataFrame
        A row a day of the year: date, planned (up to that day; NaN without a plan), spent (up to that day; NaN after
        the report's day), projected, low and high (NaN before the report's day, and limits where there are none). Empty
        where there is no such row.
    """
    horizon = find_horizon(spend, plan, strategy, as_of)
    pairs = project_books(spend, plan, horizon, by) if horizon else []
    chosen = [pair for pair in pairs if pair[0].key == key]
    if horizon is None or not chosen:
        return build_frame([], PATH_COLUMNS)
    book, projection = chosen[0]
    start, now = horizon.place(horizon.year.first), horizon.place(horizon.as_of)
    planned = np.round(np.cumsum(book.planned[start:]), CENTS)
    spent = np.round(np.cumsum(book.spent[start : now + 1]), CENTS)
    rest = projection.value - book.spent_year
    ends = {"projected": projection.value, "low": projection.low, "high": projection.high}
    scales = {name: (end - book.spent_year) / rest if rest > 0 else 1.0 for name, end in ends.items()}
    rows: list[dict[str, object]] = []
    for place in range(horizon.length - start):
        row: dict[str, object] = {"date": horizon.year.first + timedelta(days=place)}
        row["planned"] = float(planned[place]) if book.plan_year > 0 else NAN
        ahead = place - (now - start)
        row["spent"] = float(spent[place]) if ahead <= 0 else NAN
        for name, scale in scales.items():
            more = 0.0 if ahead == 0 else float(projection.path[ahead - 1]) * scale if ahead > 0 else NAN
            row[name] = round(book.spent_year + more, CENTS)
        rows.append(row)
    return build_frame(rows, PATH_COLUMNS)


def draw_months(path: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return a path as it stands at the end of each month, as series for a chart of lines.

    Parameters
    ----------
    path
        What ``draw_path`` returned.
    as_of
        The report's day; its month is the last with spend, and not complete unless it is the month's last day.

    Returns
    -------
    pandas.DataFrame
        period_start (first of the month), series (``planned``, ``spent``, ``projected``), value, is_complete. The
        projection starts in the report's month.
    """
    rows: list[dict[str, object]] = []
    month_ends = path.groupby(path["date"].dt.to_period("M"), sort=True)
    for name in ("planned", "spent", "projected"):
        for month, days in month_ends:
            first = month.start_time.date()
            known = days[name].dropna()
            if len(known):
                is_open = name == "spent" and shift_month(first, 1) - timedelta(days=1) > as_of
                rows.append(
                    {"period_start": first, "series": name, "value": known.iloc[-1], "is_complete": not is_open}
                )
    return build_frame(rows, SERIES_COLUMNS)


def draw_channels(spend: pd.DataFrame, as_of: date | None, *, months: int = 12) -> pd.DataFrame:
    """Return spend by month and channel, for stacked bars.

    Committed money, and totals of several months, are left out.

    Parameters
    ----------
    spend
        As the workspace returns it.
    as_of
        The report's day; None: there are no rows.
    months
        How many months, the last one being that of the report's day.

    Returns
    -------
    pandas.DataFrame
        period_start (first of the month), channel (the area where no channel is named), value (NaN where credit notes
        exceed the month's spend: a bar cannot show it), is_complete.
    """
    if as_of is None:
        return build_frame([], CHANNEL_COLUMNS)
    month = spend["date"].dt.to_period("M")
    start = pd.Timestamp(shift_month(as_of, 1 - months))
    inside = (spend["date"] >= start) & (spend["date"] <= pd.Timestamp(as_of)) & ~spend["is_committed"]
    chosen = spend[inside & (spend["first_day"].dt.to_period("M") == month)]
    names = chosen["channel"].where(chosen["channel"] != "", chosen["area"])
    rows: list[dict[str, object]] = [
        {
            **{"period_start": period.start_time.date(), "channel": channel},
            "value": value if (value := round(math.fsum(group["amount"]), CENTS)) >= 0 else None,
            "is_complete": shift_month(period.start_time.date(), 1) <= as_of + timedelta(days=1),
        }
        for (period, channel), group in chosen.groupby([month[chosen.index], names], sort=True)
    ]
    return build_frame(rows, CHANNEL_COLUMNS)
