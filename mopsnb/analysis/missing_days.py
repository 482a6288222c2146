"""Days without data: which months of which metrics they touch, so that a dip they make is not read as a signal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from mopsnb.analysis.frames import DAY, FLAG, TEXT, WHOLE, Row, build_frame, list_rows, read_day, read_number
from mopsnb.analysis.season import Floats
from mopsnb.analysis.wording import count_things, format_day, format_month, format_span, join_words
from mopsnb.findings import Finding, make_id

WEEKS = 13  # before and after a run, whose same weekdays say whether a day usually has rows
LEAST_WEEKS = 8  # fewer same weekdays do not show what is usual
USUAL = 0.9  # of the same weekdays have rows: the day was expected to have some
RUN = 3  # so many expected days in a row without any may be missing
RARE = 0.05  # such runs that chance makes in the whole history: from here on it may be chance
ENDED = 92  # a source of several that is silent for longer has ended
COUNTED_TOGETHER = {"conversions": ("conversions", "conversion_value")}  # one tag of the site counts both
NAMED = 3  # so many gaps of a month are named, and so many months of a metric
MISSING_COLUMNS = {
    **{"metric": TEXT, "title": TEXT, "period_start": DAY, "days": WHOLE, "note": TEXT, "table": TEXT},
    **{"has_rows": FLAG},
}
NO_ROWS = "no rows"
DAYS_NEW, DAYS_KNOWN = 62, 365  # a gap is news for two months, and worth a line for a year
Gap = tuple[str, str, date, date]  # table, what is missing in words, first and last day


def find_missing_days(
    recorded: pd.DataFrame, odd: pd.DataFrame, catalogue: pd.DataFrame, as_of: date | None
) -> pd.DataFrame:
    """Return the months of metrics that lack days of data, a row a metric and month, the newest first.

    Days of a table, or of one of its sources, are missing where at least three in a row have no row although such days
    usually have: at least 9 in 10 of the same weekdays of 13 weeks before and after. So a table that rests on weekends,
    or that has rows every few days, misses none then. Where rows are few, chance leaves days without any: a run counts
    where its chance, exp(−mean rows) of each day or the share of such days without rows where that is more, multiplied
    over its days and by the days of the history, is below 5%. Days on which ads brought nothing at all (a silence) are
    missing for the metrics that read that figure.

    Parameters
    ----------
    recorded
        Columns table, source, day and rows: how many rows each source has on a day.
    odd
        What ``find_odd_days`` returned.
    catalogue
        Index: metric. Columns title, needs (tables) and reads (``table.column``).
    as_of
        The last day that counts; None: there are no days.

    Returns
    -------
    pandas.DataFrame
        metric, title, period_start, days (of the month that are missing, each once), note (which, and what is missing
        on them), table, has_rows (whether rows are there and a figure in them is not).
    """
    if as_of is None or recorded.empty:
        return build_frame([], MISSING_COLUMNS)
    gaps, silences = list(_find_gaps(recorded, as_of)), list(_list_silences(odd))
    rows: list[Row] = []
    for name, needs, reads in zip(catalogue.index, catalogue["needs"], catalogue["reads"], strict=True):
        found = [gap for gap in gaps if gap[0] in needs]
        found += [gap for columns, gap in silences if not columns.isdisjoint(reads)]
        title = str(catalogue.loc[name, "title"])
        rows += [{"metric": str(name), "title": title, **month} for month in _cut_by_month(found)]
    rows.sort(key=lambda row: str(row["period_start"]), reverse=True)
    return build_frame(rows, MISSING_COLUMNS)


def mark_missing(frame: pd.DataFrame, missing: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of metrics and months with how many days of data each lacks.

    Parameters
    ----------
    frame
        A row a metric and month: columns metric, and period_start or period.
    missing
        What ``find_missing_days`` returned.

    Returns
    -------
    pandas.DataFrame
        The frame with the columns missing_days (0 for none) and missing_note (empty for none).
    """
    month = "period_start" if "period_start" in frame.columns else "period"
    keys = list(zip(missing["metric"], missing["period_start"], strict=True))
    days, notes = (dict(zip(keys, missing[name], strict=True)) for name in ("days", "note"))
    places = list(zip(frame["metric"], frame[month], strict=True))
    known = [int(days.get(place, 0)) for place in places]
    return frame.assign(missing_days=known, missing_note=[str(notes.get(place, "")) for place in places])


def tell_missing(told: pd.DataFrame, limits: pd.DataFrame) -> pd.DataFrame:
    """Return a summary whose readings say in which months a dip may be missing data.

    Parameters
    ----------
    told
        Rows with metric and reading.
    limits
        What ``chart_metrics`` and then `mark_missing` returned.
    """
    marked = limits[limits["missing_days"] > 0]
    texts = {}
    for name, months in marked.groupby("metric", sort=False):
        newest = list_rows(months)[-NAMED:]
        texts[str(name)] = " ".join(describe_gap(row) for row in newest)
    pairs = zip(told["metric"], told["reading"], strict=True)
    return told.assign(reading=[f"{text} {texts.get(str(name), '')}".rstrip() for name, text in pairs])


def report_missing(missing: pd.DataFrame, as_of: date | None) -> list[Finding]:
    """Return a finding for each table that lacks days, of its newest month that does, from the last year.

    A warning where the month began within two months, else for information. Days on which rows are there and a figure
    is not have a finding as odd days.

    Parameters
    ----------
    missing
        What ``find_missing_days`` returned, of the metrics that the page shows.
    as_of
        The last day that counts; None: there are none.
    """
    findings = []
    gone = missing[~missing["has_rows"]] if as_of is not None else missing.iloc[:0]
    for table, frame in gone.groupby("table", sort=True):
        newest = frame[frame["period_start"] == frame["period_start"].max()]
        row = list_rows(newest.sort_values("days", ascending=False, kind="stable"))[0]
        month = read_day(row["period_start"])
        age = (as_of - month).days if as_of is not None else DAYS_KNOWN
        if age >= DAYS_KNOWN:
            continue
        days, titles = count_things(int(read_number(row["days"])), "day"), list(dict.fromkeys(newest["title"]))
        named = titles[:NAMED] + ([count_things(len(titles) - NAMED, "more metric")] if len(titles) > NAMED else [])
        findings.append(
            Finding(
                id=make_id("metrics", "missing-days", str(table)),
                severity="warning" if age < DAYS_NEW else "info",
                title=f"{table}: {days} of data missing in {format_month(month)}",
                evidence=f"{row['note']}. A dip of that month may be missing data: {join_words(named)}.",
                fix=f"Export these days again and import them into {table}; if nothing happened on them, all is well.",
                where=str(table),
            )
        )
    return findings


def describe_gap(row: Row) -> str:
    """Return what missing days do to a month; empty where it lacks none.

    Parameters
    ----------
    row
        missing_days, missing_note, period_start or period, and signal with side, or a signal that names the side.
    """
    if not count_missing(row):
        return ""
    days, month = count_things(count_missing(row), "day"), read_day(row.get("period_start", row.get("period")))
    side = str(row.get("side") or row.get("signal") or "")
    word = {"below": "dip", "above": "rise"}.get(side, "figure")
    verdict = f"its {word} may come from missing data rather than be a signal"
    if side not in ("below", "above"):
        verdict = "its figure may come from missing data"
    return f"{format_month(month)} lacks {days} of data ({row['missing_note']}): {verdict}."


def count_missing(row: Row) -> int:
    """Return how many days of data a marked row lacks; 0 where rows are not marked."""
    value = read_number(row.get("missing_days", 0))
    return int(value) if value > 0 else 0


def _find_gaps(recorded: pd.DataFrame, as_of: date) -> Iterator[Gap]:
    """Yield the gaps of whole tables, then those of single sources where others of the table went on."""
    counted = recorded[recorded["rows"] > 0]
    for table, frame in counted.groupby("table", sort=True):
        whole = _find_runs(frame.groupby("day")["rows"].sum().to_dict(), as_of)
        yield from ((str(table), f"{NO_ROWS} in {table}", *run) for run in whole)
        parts = frame.groupby("source", sort=True)
        sources = {str(name): dict(zip(part["day"], part["rows"], strict=True)) for name, part in parts}
        for source, days in sources.items() if len(sources) > 1 else ():
            for first, last in _find_runs(days, as_of):
                is_over = last == as_of and (last - first).days >= ENDED
                if not is_over and not any(start <= first and last <= end for start, end in whole):
                    yield str(table), f"{NO_ROWS} of {source or 'rows without a source'} in {table}", first, last


def _find_runs(counts: Mapping[Any, int], as_of: date) -> list[tuple[date, date]]:
    """Return the first and last day of each run of missing days, from the first day with rows to ``as_of``."""
    known = sorted(day for day in counts if day <= as_of)
    if not known:
        return []
    first = known[0]
    rows = np.zeros((as_of - first).days + 1)
    rows[[(day - first).days for day in known]] = [counts[day] for day in known]
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (rows == 0).astype(int), [0]])))
    runs = [(int(start), int(after)) for start, after in zip(edges[::2], edges[1::2], strict=True)]
    long = [run for run in runs if run[1] - run[0] >= RUN and _is_rare(rows, *run)]
    return [(first + timedelta(days=start), first + timedelta(days=after - 1)) for start, after in long]


def _is_rare(rows: Floats, start: int, after: int) -> bool:
    """Tell whether a run of days without rows, of which enough usually have some, is hardly made by chance.

    What is usual is what the same weekdays before and after it have.
    """
    steps = 7 * np.concatenate([np.arange(-WEEKS, 0), np.arange(1, WEEKS + 1)])
    empty: list[float] = []
    for place in range(start, after):
        around = place + steps
        around = around[(around >= 0) & (around < len(rows)) & ((around < start) | (around >= after))]
        if len(around) < LEAST_WEEKS:
            continue
        share = float(np.mean(rows[around] == 0))
        if share <= 1 - USUAL:
            empty.append(max(share, float(np.exp(-np.mean(rows[around])))))
    return len(empty) >= RUN and float(np.prod(empty)) * len(rows) < RARE


def _list_silences(odd: pd.DataFrame) -> Iterator[tuple[set[str], Gap]]:
    """Yield the columns that a silence of the ad platforms concerns, and the gap."""
    for row in list_rows(odd[odd["kind"] == "silence"]):
        measure = str(row["measure"])
        columns = {f"ad_daily.{name}" for name in COUNTED_TOGETHER.get(measure, (measure,))}
        yield columns, ("ad_daily", f"no {measure} in ad_daily", read_day(row["first_on"]), read_day(row["last_on"]))


def _cut_by_month(gaps: Sequence[Gap]) -> list[Row]:
    """Return a row a month that gaps touch: how many of its days are missing, and the gaps' days within it."""
    months: dict[date, dict[str, list[date]]] = {}
    about: dict[date, dict[str, object]] = {}
    for table, what, first, last in gaps:
        for step in range((last - first).days + 1):
            day = first + timedelta(days=step)
            months.setdefault(day.replace(day=1), {}).setdefault(what, []).append(day)
            about.setdefault(day.replace(day=1), {"table": table, "has_rows": not what.startswith(NO_ROWS)})
    rows: list[Row] = []
    for month, found in months.items():
        named = [f"{_name_days(days)}: {what}" for what, days in list(found.items())[:NAMED]]
        more = len(found) - len(named)
        note = join_words(named) + (f", and {count_things(more, 'more gap')}" if more else "")
        days = {day for gap in found.values() for day in gap}
        rows.append({"period_start": month, "days": len(days), "note": note} | about[month])
    return rows


def _name_days(days: Sequence[date]) -> str:
    if (days[-1] - days[0]).days + 1 > len(days):
        return f"{count_things(len(days), 'day')} from {format_span(days[0], days[-1])}"
    return format_day(days[0]) if days[0] == days[-1] else format_span(days[0], days[-1])
