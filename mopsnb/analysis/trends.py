"""Trends: each metric's latest complete month, what is usual for it, and whether that makes it a signal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from mopsnb.analysis.cards import Card, find_card, is_proportion
from mopsnb.analysis.frames import DAY, NUMBER, TEXT, WHOLE, Row, build_frame, list_rows
from mopsnb.analysis.intervals import ProcessLimits, estimate_wilson
from mopsnb.analysis.months import NAN, Month, has_data, read_months
from mopsnb.analysis.process import Process, chart_process
from mopsnb.analysis.readings import read_month
from mopsnb.analysis.targets import find_target
from mopsnb.analysis.wording import FormatValue, format_plainly

SUMMARY_COLUMNS = {
    **{"metric": TEXT, "title": TEXT, "unit": TEXT, "direction": TEXT, "period": DAY, "value": NUMBER},
    **dict.fromkeys(("numerator", "denominator", "previous", "change", "last_year", "change_last_year"), NUMBER),
    **{"low": NUMBER, "high": NUMBER, "interval": TEXT, "usual_low": NUMBER, "usual_high": NUMBER},
    **{"usual_months": WHOLE, "signal": TEXT, "reading": TEXT, "target": NUMBER, "target_note": TEXT},
    **{"status": TEXT, "goal": TEXT, "deadline": DAY, "owner": TEXT, "table": TEXT, "last_with_data": DAY},
    **{"target_span": TEXT},
}


@dataclass(frozen=True, slots=True)
class Trend:
    """One metric's latest complete month beside its past.

    Parameters
    ----------
    card
        The metric.
    months
        Its complete months in time order; the last is the month in question. Not empty.
    chart
        Its process-behavior chart.
    """

    card: Card
    months: Sequence[Month]
    chart: Process

    @property
    def limits(self) -> ProcessLimits:
        """The month's natural limits, its season put back; NaN where its level has too few months."""
        low, center, high = self.chart.limits_at(len(self.months) - 1)
        level = self.chart.stretches[-1].limits
        return ProcessLimits(center, low, high, level.mean_moving_range, level.count)

    @property
    def latest(self) -> Month:
        """The month in question."""
        return self.months[-1]

    @property
    def signal(self) -> str:
        """``above``, ``below`` or ``inside`` the usual range; empty where that cannot be said."""
        return self.limits.place(self.latest.value)

    @property
    def last_with_data(self) -> Month | None:
        """The latest complete month that has data; a ratio with a base of 0 has."""
        known = (m for m in reversed(self.months) if has_data(m, additive=self.card.additive))
        return next(known, None)

    def look_back(self, months: int) -> float:
        """Return the value so many months before; NaN where there is none."""
        return self.months[-1 - months].value if len(self.months) > months else NAN


def summarize_metrics(
    monthly: pd.DataFrame,
    catalogue: pd.DataFrame,
    goals: pd.DataFrame | None = None,
    *,
    format_value: FormatValue = format_plainly,
) -> pd.DataFrame:
    """Return each metric's last complete month with its change, its interval, its usual range and a reading.

    The usual range of a month is its natural limits: ``mean ± 2.66 × mean moving range`` of the months of its level,
    the season taken off first and put back; see ``chart_process``. A month outside the range is a signal, a month
    inside it is noise.

    Parameters
    ----------
    monthly
        Columns metric, period_start, value, numerator, denominator, is_complete; any order.
    catalogue
        Index: metric. Columns title, unit, direction, additive; where known proportion, base and table.
    goals
        What ``track_goals`` returned, for target, status and owner; None for no goals.
    format_value
        Turns a value and its unit into text for the reading.

    Returns
    -------
    pandas.DataFrame
        One row a metric of the catalogue that has rows, in the catalogue's order: metric, title, unit, direction,
        period (first day of the last complete month), value, numerator, denominator, previous (the month
        before), change (fraction of it), last_year, change_last_year, low, high and interval (Wilson 95% for a
        proportion, else the usual range), usual_low, usual_high, usual_months (how many months its level rests on),
        signal (``above``, ``below``, ``inside`` or empty), reading (in words), target, target_note, target_span,
        status, goal and deadline (of the goal that runs on the whole metric), owner, table, last_with_data (first day
        of that month).
    """
    rows: list[Row] = []
    goal_rows = [] if goals is None else list_rows(goals)
    frames = {str(name): frame for name, frame in monthly.groupby("metric", sort=False)}
    for name in catalogue.index:
        card, months = find_card(catalogue, str(name)), read_months(frames.get(str(name)))
        if card is None or not months:
            continue
        row: dict[str, object] = {"metric": card.name, "title": card.title, "unit": card.unit, "table": card.table}
        row |= {"direction": {1: "up", -1: "down"}.get(card.wish, ""), "owner": _find_owner(card, goal_rows)}
        closed = [month for month in months if month.is_complete]
        if closed:
            trend = Trend(card, closed, chart_process([month.value for month in closed]))
            row |= find_target(card, closed[-1], months, goal_rows, format_value)
            rows.append(row | _summarize(trend, format_value))
        else:
            rows.append(row | {"usual_months": 0, "reading": f"{card.title} has no complete month yet."})
    return build_frame(rows, SUMMARY_COLUMNS)


def _summarize(trend: Trend, format_value: FormatValue) -> dict[str, object]:
    latest, limits = trend.latest, trend.limits
    previous, last_year = trend.look_back(1), trend.look_back(12)
    low, high, interval = limits.low, limits.high, f"usual range of {limits.count} months"
    if is_proportion(trend.card, trend.months):
        low, high = estimate_wilson(latest.numerator, latest.denominator)
        interval = "Wilson 95%"
    known = trend.last_with_data
    return {
        **{"period": latest.start, "value": latest.value},
        **{"numerator": latest.numerator, "denominator": latest.denominator},
        **{"previous": previous, "change": compare(latest.value, previous)},
        **{"last_year": last_year, "change_last_year": compare(latest.value, last_year)},
        **{"low": low, "high": high, "interval": "" if math.isnan(low) else interval},
        **{"usual_low": limits.low, "usual_high": limits.high, "usual_months": limits.count, "signal": trend.signal},
        "reading": read_month(trend.card, trend.months, limits, format_value),
        "last_with_data": known.start if known else None,
    }


def compare(value: float, before: float) -> float:
    """Return the change as a fraction of the value before; NaN where one is missing or the value before is 0."""
    return (value - before) / abs(before) if before != 0 else NAN


def _find_owner(card: Card, goals: Sequence[Row]) -> str:
    owners = (str(row["owner"]) for row in goals if row["metric"] == card.name and row["owner"])
    return next(owners, "")
