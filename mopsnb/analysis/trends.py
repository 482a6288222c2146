"""Trends: each metric's latest complete month, what is usual for it, and whether it is a signal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from mopsnb.analysis.cards import Card, find_card, is_proportion
from mopsnb.analysis.frames import DAY, NUMBER, TEXT, WHOLE, Row, build_frame, list_rows, read_day, read_number
from mopsnb.analysis.intervals import ProcessLimits, drop_signals, estimate_limits, estimate_wilson
from mopsnb.analysis.months import NAN, Month, has_data, read_months
from mopsnb.analysis.readings import read_month
from mopsnb.analysis.targets import find_target
from mopsnb.analysis.wording import FormatValue, format_month, format_plainly, join_words
from mopsnb.findings import Finding, make_id, sort_findings

LIMIT_MONTHS = 24  # how far back the usual range looks
LIMIT_LEAST = 8  # fewer months do not show what is usual
LIMIT_DROPPED = 0.125  # share of these months that may be left out because they were signals themselves
WORSE = {"above": "down", "below": "up"}  # signal to the wished direction that it goes against
SUMMARY_COLUMNS = {
    **{"metric": TEXT, "title": TEXT, "unit": TEXT, "direction": TEXT, "period": DAY, "value": NUMBER},
    **dict.fromkeys(("numerator", "denominator", "previous", "change", "last_year", "change_last_year"), NUMBER),
    **{"low": NUMBER, "high": NUMBER, "interval": TEXT, "usual_low": NUMBER, "usual_high": NUMBER},
    **{"usual_months": WHOLE, "signal": TEXT, "reading": TEXT, "target": NUMBER, "target_note": TEXT},
    **{"status": TEXT, "goal": TEXT, "owner": TEXT, "table": TEXT, "last_with_data": DAY},
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
    limits
        The natural process limits of the months before; NaN where there are too few.
    """

    card: Card
    months: Sequence[Month]
    limits: ProcessLimits

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

    The usual range is ``mean ± 2.66 × mean moving range`` of up to 24 complete months before, from 8 on. Single months
    among them that were signals themselves are left out. A month outside the range is a signal, a month inside it is
    noise.

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
        before), change (fraction of it), last_year, change_last_year, low, high and interval (Wilson 95 % for a
        proportion, else the usual range), usual_low, usual_high, usual_months (how many months it rests on), signal
        (``above``, ``below``, ``inside`` or empty), reading (in words), target, target_note, status and goal (of the
        goal that runs on the whole metric), owner, table, last_with_data (first day of that month).
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
            trend = Trend(card, closed, _find_limits(closed))
            row |= find_target(card, closed[-1], months, goal_rows, format_value)
            rows.append(row | _summarize(trend, format_value))
        else:
            rows.append(row | {"usual_months": 0, "reading": f"{card.title} has no complete month yet."})
    return build_frame(rows, SUMMARY_COLUMNS)


def find_signals(summary: pd.DataFrame) -> list[Finding]:
    """Return a finding for each month outside its usual range, and for each table whose metrics stopped having data.

    A signal for the worse is a warning, any other is for information. What has no data comes first, then the month
    furthest outside its range.

    Parameters
    ----------
    summary
        What ``summarize_metrics`` returned.
    """
    stopped = summary[summary["last_with_data"] < summary["period"]]
    findings = [_report_silence(str(table), group) for table, group in stopped.groupby("table", sort=True)]
    signals = [row for row in list_rows(summary) if row["signal"] in WORSE]
    return sort_findings(
        findings + [_report_signal(row) for row in sorted(signals, key=_measure_distance, reverse=True)]
    )


def _measure_distance(row: Row) -> float:
    """Return how far outside its usual range a month lies, in widths of that range."""
    value, low, high = (read_number(row[name]) for name in ("value", "usual_low", "usual_high"))
    beyond = value - high if row["signal"] == "above" else low - value
    return beyond / (high - low) if high > low else math.inf


def _summarize(trend: Trend, format_value: FormatValue) -> dict[str, object]:
    latest, limits = trend.latest, trend.limits
    previous, last_year = trend.look_back(1), trend.look_back(12)
    low, high, interval = limits.low, limits.high, f"usual range of {limits.count} earlier months"
    if is_proportion(trend.card, trend.months):
        low, high = estimate_wilson(latest.numerator, latest.denominator)
        interval = "Wilson 95 %"
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


def _find_limits(months: Sequence[Month]) -> ProcessLimits:
    values = [month.value for month in months[-1 - LIMIT_MONTHS : -1]]
    limits = estimate_limits(drop_signals(values, LIMIT_DROPPED))
    if limits.count < LIMIT_LEAST:
        limits = estimate_limits(values)
    if limits.count < LIMIT_LEAST:
        return ProcessLimits(limits.center, NAN, NAN, NAN, limits.count)
    return limits


def _find_owner(card: Card, goals: Sequence[Row]) -> str:
    owners = (str(row["owner"]) for row in goals if row["metric"] == card.name and row["owner"])
    return next(owners, "")


def _report_signal(row: Row) -> Finding:
    month = format_month(read_day(row["period"]))
    return Finding(
        id=make_id("metrics", "signal", str(row["metric"])),
        severity="warning" if row["direction"] == WORSE[str(row["signal"])] else "info",
        title=f"{row['title']} in {month}: {row['signal']} the usual range",
        evidence=str(row["reading"]),
        fix=f"Compare {month} by channel and campaign, and record the cause in the table event_calendar.",
        owner=str(row["owner"]),
        where=str(row["metric"]),
    )


def _report_silence(table: str, group: pd.DataFrame) -> Finding:
    month = format_month(read_day(group["period"].max()))
    titles = [str(title) for title in group["title"]]
    days = [format_month(read_day(day)) for day in group["last_with_data"]]
    known = [f"{title} (last in {day})" for title, day in zip(titles, days, strict=True)]
    subject = titles[0] if len(titles) == 1 else f"{len(titles)} metrics"
    source = f"the table {table}" if table else "their source"
    owners = sorted({str(owner) for owner in group["owner"]} - {""})
    return Finding(
        id=make_id("metrics", "no-data", table or "unknown"),
        severity="warning",
        title=f"{subject}: no data in {month}",
        evidence=f"Without data: {join_words(known)}.",
        fix=f"Find out why {source} has no rows for {month}, and import them.",
        owner=owners[0] if len(owners) == 1 else "",
        where=table,
    )
