"""One metric by spans of time, channels, campaigns and segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from mopsnb.data.catalogue import Metric
from mopsnb.data.cells import compute_cell, list_segments
from mopsnb.data.connection import Connection
from mopsnb.data.dimensions import check_dimensions, check_values, gather_facts
from mopsnb.data.metric_queries import find_columns
from mopsnb.data.months import Calendar
from mopsnb.data.parts import Part, answer_parts, open_parts
from mopsnb.data.periods import GRAINS, TO_DATE, TOTAL, Period, list_months, list_periods, list_to_date
from mopsnb.data.plain_rows import count_plainly
from mopsnb.data.reach import Reach, is_reached_until, read_reaches
from mopsnb.data.several_days import is_touched
from mopsnb.errors import UsageError

TIMES = (*GRAINS, TOTAL, TO_DATE)
_ANSWERS = ("value", "numerator", "denominator", "is_complete", "span", "period_start", "period_end")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a metric.

    Parameters
    ----------
    by
        Breakdowns: at most one of `TIMES`, and any that `mopsnb.data.dimensions.list_dimensions` names.
    where
        Column to the value or values that count.
    start, end
        The first and last day that count; None: as far as the data reach.
    tables
        The tables that the metric and its breakdowns may read.
    fiscal_start
        The day on which a fiscal year starts, as ``MM-DD``.
    """

    by: tuple[str, ...] = ("month",)
    where: Mapping[str, Sequence[str]] | None = None
    start: date | None = None
    end: date | None = None
    tables: tuple[str, ...] = ()
    fiscal_start: str = "01-01"

    @property
    def time(self) -> str:
        """The breakdown by time; ``total`` where there is none."""
        return next((key for key in self.by if key in TIMES), TOTAL)

    @property
    def segments(self) -> tuple[str, ...]:
        """The other breakdowns, each once."""
        return tuple(dict.fromkeys(key for key in self.by if key not in TIMES))


def break_down(connection: Connection, metric: Metric, request: Request, calendar: Calendar) -> pd.DataFrame:
    """Return the figures of one metric, a row a period and segment.

    A figure over several months rests on the months in which all its parts are known, as its monthly figures do.
    Distinct counts and levels are counted anew over the whole span, never added up from months.

    Parameters
    ----------
    connection
        Holds one typed view for each table of the workspace that the metric, ``by`` and ``where`` need.
    metric
        The metric.
    request
        What is asked of it.
    calendar
        The time zone and the last day.

    Returns
    -------
    pandas.DataFrame
        The breakdowns, ``value``, ``numerator``, ``denominator`` (float64, NaN where missing) and, where one
        breakdown is by time, ``is_complete``. Periods bear their first day, a part that is cut off included. By
        ``to_date`` there are ``span`` (this year, last year), ``period_start`` and ``period_end`` as well. Rows
        that name no campaign or channel are ``(none)``, those whose campaign nothing maps ``(unmapped)``.

    Raises
    ------
    UsageError
        A breakdown or filter is not possible; the message names what is.
    """
    _check_request(request)
    columns = {table: found for table, found in find_columns(connection).items() if table in request.tables}
    measures = count_plainly(connection, metric.find_measures(columns))
    keys = (*request.segments, *(request.where or {}))
    check_dimensions(metric.title, measures or metric.parts, columns, keys, ", ".join(TIMES))
    check_values(metric.title, measures, request.where or {})
    relations = {part.relation.name: part.relation for part in measures}
    facts = {
        name: gather_facts(relation, columns, request.segments, request.where or {})
        for name, relation in relations.items()
    }
    grain = TOTAL if request.time == TO_DATE else request.time
    parts = open_parts(connection, measures, facts, calendar, (grain, request.fiscal_start))
    first = _find_first(metric, parts)
    rows = []
    if first:
        months = _find_months(metric, parts, first, calendar)
        spans = _list_spans(request, first, calendar)
        counted = None if request.time == "month" else months
        answers = [answer_parts(connection, parts, group, counted, calendar) for group in spans]
        reaches = read_reaches(connection, measures, calendar)
        segments = list_segments(answers, request.segments)
        for group, answer in zip(spans, answers, strict=True):
            for place, period in enumerate(group):
                is_complete = _is_complete(period, parts, reaches, months)
                is_complete &= not is_touched(period.first, period.last, answer.left_out)
                for segment in segments:
                    cell = compute_cell(metric, answer, place, segment, bool(request.segments))
                    rows.append((*_show(request, period, segment), *cell, is_complete))
    return _make_frame(request, rows)


def _check_request(request: Request) -> None:
    if not request.by:
        raise UsageError("Name at least one breakdown, such as month.")
    wrong = [key for key in (request.where or {}) if key in TIMES]
    if wrong:
        raise UsageError(f"'{wrong[0]}' is a span of time, not a filter: use start and end, such as 2026-01-01.")
    taken = [key for key in request.segments if key in _ANSWERS]
    if taken:
        raise UsageError(f"Every answer has a column '{taken[0]}' of its own: rename the column in the file.")
    if request.start and request.end and request.start > request.end:
        raise UsageError(f"start {request.start} lies behind end {request.end}: no day lies between them.")
    times = [key for key in dict.fromkeys(request.by) if key in TIMES]
    if len(times) > 1:
        raise UsageError(f"A figure has one span of time; found {', '.join(times)}. Name one of {', '.join(TIMES)}.")


def _find_first(metric: Metric, parts: Sequence[Part]) -> date | None:
    """Return the first month that numerator and base share; None where one of them has no row."""
    tops, bottoms = (parts[:-1], parts[-1:]) if metric.denominator else (parts, ())
    begun = [part.first for part in tops if part.known]
    if not begun or not all(part.known for part in bottoms):
        return None
    return max([min(begun), *(part.first for part in bottoms)])


def _find_months(metric: Metric, parts: Sequence[Part], first: date, calendar: Calendar) -> list[date]:
    """Return the months from the first in which every part that has begun is known."""
    bottoms = parts[-1:] if metric.denominator else ()
    found = []
    for month in calendar.list_months(first):
        begun = [part for part in parts if part.known and (part in bottoms or part.first <= month)]
        if all(month in part.known for part in begun):
            found.append(month)
    return found


def _list_spans(request: Request, begin: date, calendar: Calendar) -> list[list[Period]]:
    """Return the periods in groups within which they follow each other without overlap."""
    first = max(begin, request.start or date.min)
    after = min(calendar.as_of, request.end or date.max) + timedelta(days=1)
    if first >= after:
        return []
    if request.time == TO_DATE:
        return [[span] for span in list_to_date(first, after, request.fiscal_start) if span.first < span.after]
    return [list_periods(request.time, first, after, request.fiscal_start)]


def _is_complete(period: Period, parts: Sequence[Part], reaches: dict[str, Reach], months: Sequence[date]) -> bool:
    known = set(months)
    whole = period.is_whole and all(month in known for month in list_months(period.first, period.after))
    return whole and is_reached_until((part.measure for part in parts), period.first, period.last, reaches)


def _show(request: Request, period: Period, segment: tuple[str, ...]) -> tuple[Any, ...]:
    given = dict(zip(request.segments, segment, strict=True))
    shown: list[Any] = []
    for key in dict.fromkeys(request.by):
        if key == TO_DATE:
            span = "last year" if period.is_last_year else "this year"
            shown += [period.name, span, period.label, period.last]
        elif key != TOTAL:
            shown.append(given.get(key, period.label))
    return tuple(shown)


def _make_frame(request: Request, rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    kinds: dict[str, str] = {}
    for key in request.by:
        if key == TO_DATE:
            kinds |= {TO_DATE: "str", "span": "str", "period_start": "datetime64[us]", "period_end": "datetime64[us]"}
        elif key != TOTAL:
            kinds[key] = "datetime64[us]" if key in TIMES else "str"
    kinds |= dict.fromkeys(("value", "numerator", "denominator"), "float64")
    kinds["is_complete"] = "bool"
    frame = pd.DataFrame(rows, columns=list(kinds)).astype(kinds)
    return frame if request.time != TOTAL else frame.drop(columns="is_complete")
