"""Signals as findings: months outside their usual range, new levels, tables that fell silent, days that stand out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from mopsnb.analysis.frames import Row, list_rows, read_day, read_number
from mopsnb.analysis.missing_days import count_missing, describe_gap
from mopsnb.analysis.months import count_months, find_month_end
from mopsnb.analysis.wording import (
    FormatValue,
    count_things,
    format_day,
    format_month,
    format_plainly,
    format_span,
    join_words,
    name_segment,
)
from mopsnb.findings import Finding, make_id, sort_findings

WORSE = {"above": "down", "below": "up"}  # signal to the wished direction that it goes against
RECENT = 6  # earlier months outside are findings for so many months; a reader of the page sees the others in the charts
NEW = 10  # a level is new for so many months from its first one; it takes eight to confirm it
NAMED = 4  # so many metrics of an earlier month are named with their figures
DAYS_NEW, DAYS_KNOWN = 62, 365  # odd days are news for two months, and worth a line for a year


def find_signals(
    summary: pd.DataFrame, limits: pd.DataFrame | None = None, *, format_value: FormatValue = format_plainly
) -> list[Finding]:
    """Return what the months say: at most one finding a metric, one an earlier month, and one a silent table.

    A latest month outside its usual range comes first, the furthest outside on top; a metric without one whose level
    moved of late has its new level. Both are warnings where they go against the wish, else for information. Earlier
    months outside are for information, one finding a month, because metrics of one month tend to share a cause. A month
    that lacks days of data says so, and that it may be no signal.

    Parameters
    ----------
    summary
        What ``summarize_metrics`` returned, where known with the days that ``mark_missing`` adds.
    limits
        What ``chart_metrics`` returned, marked likewise; None: the latest month and silent tables alone.
    format_value
        Turns a value and its unit into text.
    """
    stopped = summary[summary["last_with_data"] < summary["period"]]
    findings = [_report_silence(str(table), group) for table, group in stopped.groupby("table", sort=True)]
    rows = list_rows(summary)
    signals = [row for row in rows if row["signal"] in WORSE]
    findings += [_report_signal(row) for row in sorted(signals, key=_measure_distance, reverse=True)]
    if limits is not None:
        charts = {str(name): list_rows(frame) for name, frame in limits.groupby("metric", sort=False)}
        calm = [row for row in rows if row["signal"] not in WORSE and str(row["metric"]) in charts]
        levels = [_report_level(row, charts[str(row["metric"])], format_value) for row in calm]
        findings += [finding for finding in levels if finding is not None]
        findings += _report_earlier(rows, charts, format_value)
    return sort_findings(findings)


def report_odd_days(odd: pd.DataFrame, as_of: date | None, *, names: Mapping[str, str] | None = None) -> list[Finding]:
    """Return the newest odd day of each figure and kind as a finding, from the last year.

    A warning where it ended within two months, else for information.

    Parameters
    ----------
    odd
        What ``find_odd_days`` returned.
    as_of
        The last day that counts; None: there are none.
    names
        What people call each channel, by its id; an id without a name is spelled in words.
    """
    found: dict[tuple[str, str], Finding] = {}
    for row in list_rows(odd) if as_of is not None else []:
        first, last = read_day(row["first_on"]), read_day(row["last_on"])
        age = (as_of - last).days if as_of is not None else DAYS_KNOWN
        key = str(row["measure"]), str(row["kind"])
        if key in found or age >= DAYS_KNOWN:
            continue
        when = format_span(first, last) if last > first else format_day(first)
        where = f" of {name_segment(str(row['segment']), names or {})}" if row["segment"] else ""
        silent = row["kind"] == "silence"
        told = "nothing was recorded" if silent else "far more than usual on one day"
        check = "Ask whoever runs the tracking" if silent else "Ask the channel's owner"
        goal = "whether data is missing, and import it" if silent else "what happened, and correct a wrong entry"
        found[key] = Finding(
            id=make_id("metrics", "odd-days", *key),
            severity="warning" if age < DAYS_NEW else "info",
            title=f"Ad {key[0]}{where}: {told}, {when}",
            evidence=str(row["reading"]),
            fix=f"{check} {goal}; record the cause in the table event_calendar.",
            where="ad_daily",
            period=f"{first:%Y-%m-%d}/{last:%Y-%m-%d}",
        )
    return sort_findings(found.values())


def _measure_distance(row: Row) -> float:
    """Return how far outside its usual range a month lies, in widths of that range."""
    value, low, high = (read_number(row[name]) for name in ("value", "usual_low", "usual_high"))
    beyond = value - high if row["signal"] == "above" else low - value
    return beyond / (high - low) if high > low else math.inf


def _report_signal(row: Row) -> Finding:
    month, gap = format_month(read_day(row["period"])), describe_gap(row)
    lacks = f", with {count_things(count_missing(row), 'day')} of data missing" if gap else ""
    compare = f"Compare {month} by channel and campaign, and record the cause in the table event_calendar."
    return Finding(
        id=make_id("metrics", "signal", str(row["metric"])),
        severity="warning" if row["direction"] == WORSE[str(row["signal"])] else "info",
        title=f"{row['title']} in {month}: {row['signal']} the usual range{lacks}",
        evidence=f"{gap} {row['reading']}".lstrip(),
        fix=f"Import the missing days first; the month may then be usual. {compare}" if gap else compare,
        owner=str(row["owner"]),
        where=str(row["metric"]),
        stake="result",
        period=f"{read_day(row['period']):%Y-%m}",
    )


def _report_level(row: Row, chart: Sequence[Row], format_value: FormatValue) -> Finding | None:
    """Return the finding that a metric's level is a new one; None where it is not new."""
    months = [one for one in chart if one["level"] == chart[-1]["level"]]
    first, latest = read_day(months[0]["period_start"]), read_day(chart[-1]["period_start"])
    if not chart[-1]["level"] or count_months(first, latest) >= NEW:
        return None
    before = chart[len(chart) - len(months) - 1]
    old, new = (read_number(one["center"]) / read_number(one["factor"]) for one in (before, months[0]))
    side = "above" if new > old else "below"
    words = [format_value(level, str(row["unit"])) for level in (old, new)]
    return Finding(
        id=make_id("metrics", "level", str(row["metric"])),
        severity="warning" if row["direction"] == WORSE[side] else "info",
        title=f"{row['title']}: a {'higher' if new > old else 'lower'} level since about {format_month(first)}",
        evidence=f"The level moved from {words[0]} to {words[1]} and stayed; the usual range starts anew there.",
        fix=f"Find what changed around {format_month(first)}, and set targets from the new level.",
        owner=str(row["owner"]),
        where=str(row["metric"]),
        stake="result",
        period=f"{first:%Y-%m-%d}/{find_month_end(latest):%Y-%m-%d}",
    )


def _report_earlier(rows: Sequence[Row], charts: dict[str, list[Row]], format_value: FormatValue) -> list[Finding]:
    """Return a finding for each earlier month in which metrics lay outside, the newest first."""
    months: dict[date, list[tuple[float, Row, Row]]] = {}
    for row in rows:
        for one in charts.get(str(row["metric"]), [])[-1 - RECENT : -1]:
            if one["signal"] == "outside":
                low, high = read_number(one["low"]), read_number(one["high"])
                value = read_number(one["value"])
                beyond = max(value - high, low - value) / (high - low) if high > low else math.inf
                months.setdefault(read_day(one["period_start"]), []).append((beyond, row, one))
    return [_report_month(day, months[day], format_value) for day in sorted(months, reverse=True)]


def _report_month(day: date, found: list[tuple[float, Row, Row]], format_value: FormatValue) -> Finding:
    ranked = sorted(found, key=lambda one: one[0], reverse=True)
    told = []
    for _, row, one in ranked[:NAMED]:
        value, low, high = (format_value(read_number(one[key]), str(row["unit"])) for key in ("value", "low", "high"))
        told.append(f"{row['title']} ({value}, usual {low} to {high})")
    told += [str(row["title"]) for _, row, _ in ranked[NAMED:]]
    gaps = [(str(row["title"]), describe_gap(one)) for _, row, one in ranked]
    lacks = "".join(f" {title}: {gap}" for title, gap in gaps if gap)
    month = format_month(day)
    subject = str(ranked[0][1]["title"]) if len(ranked) == 1 else f"{len(ranked)} metrics"
    owners = sorted({str(row["owner"]) for _, row, _ in ranked} - {""})
    return Finding(
        id=make_id("metrics", "month", f"{day:%Y-%m}"),
        severity="info",
        title=f"{month}: {subject} outside the usual range",
        evidence=f"Outside: {join_words(told)}.{lacks}",
        fix=("Import the missing days first. " if lacks else "")
        + f"Look for what they share, and record the cause in the table event_calendar under {month}.",
        owner=owners[0] if len(owners) == 1 else "",
        where="metrics",
        period=f"{day:%Y-%m}",
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
        stake="result",
        period=f"{read_day(group['period'].max()):%Y-%m}",
    )
