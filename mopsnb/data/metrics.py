"""The monthly figures of the catalogue's metrics."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from mopsnb.data.catalogue import Catalogue, Metric, catalogue_frame, choose_metrics, list_tables, read_catalogue
from mopsnb.data.connection import Connection
from mopsnb.data.measures import Number, Series, find_crossed, read_measures, spread_months
from mopsnb.data.metric_queries import find_tables
from mopsnb.data.months import Calendar
from mopsnb.data.plain_rows import count_plainly
from mopsnb.data.reach import is_reached, read_reaches
from mopsnb.data.scope import Scope

__all__ = ["Metric", "catalogue_frame", "compute_monthly", "list_tables", "read_catalogue"]
COLUMNS = ("metric", "period_start", "value", "numerator", "denominator", "is_complete")


def compute_monthly(
    connection: Connection,
    catalogue: Catalogue,
    names: Sequence[str] | None,
    *,
    time_zone: str,
    as_of: date | None,
    scope: Scope | None = None,
) -> pd.DataFrame:
    """Return the figures of metrics, one row a metric and month.

    Months are calendar months in the time zone. Each metric has a row for every month from its first with
    data to the one of ``as_of``; a month without data, or without a base, has a missing value, never 0.
    Sums are exact until the quotient is taken.

    Parameters
    ----------
    connection
        Holds one typed view for each canonical table of the workspace: timestamps with zone, money in one
        currency, absent columns as NULL.
    catalogue
        As `read_catalogue` returns it.
    names
        The metrics wanted; None: all.
    time_zone
        An IANA name such as ``Europe/Berlin``.
    as_of
        The last day, inclusive; None: nothing is known, so there are no rows.
    scope
        Column to value or values, such as ``{"channel": "search"}``. It limits every part of every metric.

    Returns
    -------
    pandas.DataFrame
        metric (text), period_start (first of the month), value, numerator, denominator (float64, NaN where
        missing; a metric without a base has no denominator), is_complete (the month ended on or before
        ``as_of``, no table that it reads fell silent before the month's end for longer than is usual for it, and no
        total of several days crosses it; a ratio needs all its parts). A metric whose tables are absent or empty has no
        rows.

    Raises
    ------
    UsageError
        There is no such metric.
    DataError
        The scope cannot be applied to a table that a metric counts.
    """
    metrics = choose_metrics(catalogue, names)
    return _compute(connection, metrics, Calendar(ZoneInfo(time_zone), as_of) if as_of else None, scope)


def compute_spread(
    connection: Connection, metric: Metric, *, time_zone: str, as_of: date | None, scope: Scope | None = None
) -> pd.DataFrame:
    """Return one metric by month for a goal: of an additive one, totals across months are spread over their days.

    So the months add up to what was measured. The months that such a total crosses are estimates, and not complete.

    Parameters
    ----------
    connection, time_zone, as_of, scope
        As for `compute_monthly`.
    metric
        The metric.

    Returns
    -------
    pandas.DataFrame
        As `compute_monthly` returns it.

    Raises
    ------
    DataError
        The scope cannot be applied to a table that the metric counts.
    """
    calendar = Calendar(ZoneInfo(time_zone), as_of) if as_of else None
    return _compute(connection, [metric], calendar, scope, spread=metric.additive)


def _compute(
    connection: Connection,
    metrics: Sequence[Metric],
    calendar: Calendar | None,
    scope: Scope | None,
    *,
    spread: bool = False,
) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    if calendar is not None:
        tables = find_tables(connection)
        parts = {metric.name: count_plainly(connection, metric.find_measures(tables)) for metric in metrics}
        wanted = [part for some in parts.values() for part in some]
        reaches = read_reaches(connection, wanted, calendar)
        begins = {table: reach.begins_on for table, reach in reaches.items() if reach.begins_on}
        found = read_measures(connection, wanted, calendar, scope, begins)
        crossed = find_crossed(connection, wanted, calendar, scope)
        if spread:
            crossing = [part for part in wanted if part.kind == "sum" and crossed.get(part.relation.name)]
            found |= {part.name: spread_months(connection, part, calendar, scope) for part in crossing}
        for metric in metrics:
            listed = _list_rows(metric, [found[part.name] for part in parts[metric.name]], calendar)
            for row in listed:
                reached = is_reached(parts[metric.name], row[1], reaches)
                whole = not any(row[1] in crossed.get(part.relation.name, ()) for part in parts[metric.name])
                rows.append((*row, whole and reached and calendar.is_complete(row[1])))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    kinds = {"metric": "str", "period_start": "datetime64[us]", "is_complete": "bool"}
    return frame.astype(kinds | dict.fromkeys(("value", "numerator", "denominator"), "float64"))


def _list_rows(metric: Metric, series: Sequence[Series], calendar: Calendar) -> list[tuple[Any, ...]]:
    """Return the rows of one metric, without is_complete, from the series of its measures, the denominator's last."""
    tops = list(series[:-1] if metric.denominator else series)
    firsts = [min(part) for part in tops if part]
    if not firsts or (metric.denominator and not series[-1]):
        return []
    start = max(min(firsts), min(series[-1])) if metric.denominator else min(firsts)
    rows = []
    for month in calendar.list_months(start):
        top = _add_up(tops, month)
        bottom = series[-1].get(month) if metric.denominator else None
        value: float | None = None
        if top is not None and metric.denominator is None:
            value = float(Fraction(top) * metric.scale)
        elif top is not None and bottom:
            value = float(Fraction(top) / Fraction(bottom) * metric.scale)
        rows.append((metric.name, month, value, _to_float(top), _to_float(bottom)))
    return rows


def _add_up(parts: Sequence[Series], month: date) -> Number | None:
    """Return the sum of the parts that have begun by a month; None where none has, or where one of them is missing."""
    begun = [part.get(month) for part in parts if part and min(part) <= month]
    known = [number for number in begun if number is not None]
    return sum(known) if known and len(known) == len(begun) else None


def _to_float(number: Number | None) -> float | None:
    return None if number is None else float(number)
