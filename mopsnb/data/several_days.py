"""Rows that total several days: in which spans they count, which months they speak of, and which are left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from mopsnb.data.connection import Connection
from mopsnb.data.metric_queries import fetch_rows
from mopsnb.data.months import Bound, Calendar, number_spans
from mopsnb.data.periods import Period, list_months, list_periods
from mopsnb.data.relations import Relation

Days = tuple[date, date]  # the first and the last day of a total
Values = Mapping[str, Bound | str]


def hold_rows(relation: Relation, periods: Sequence[Period], name: str) -> tuple[str, dict[str, date]]:
    """Return SQL by which all days of a row lie in one period, and its bound values.

    Parameters
    ----------
    relation
        Its rows have a first and a last day.
    periods
        In order, without overlap or space between them.
    name
        What the parameters are called.
    """
    first, last = (number_spans(day, len(periods), name) for day in (relation.begins, relation.time))
    values = {f"{name}_{place}": period.first for place, period in enumerate(periods)}
    values[f"{name}_after"] = periods[-1].after
    within = f"{relation.begins} >= ${name}_0 AND {relation.time} < ${name}_after AND {relation.time} < $end"
    return f"{within} AND {first} = {last}", values


def find_months(
    connection: Connection, relation: Relation, source: str, limit: str, values: Values, spans: tuple[str, str]
) -> frozenset[date]:
    """Return the months of which counted rows speak: each that holds a day of a row that lies in one span.

    Parameters
    ----------
    connection
        Holds the views.
    relation
        Its rows have a first and a last day.
    source
        What stands after FROM, with the relation's rows in it.
    limit
        SQL that starts with ``AND``, or nothing.
    values
        The bound values of the limit, and ``end``.
    spans
        The grain of the spans (`mopsnb.data.periods.GRAINS` or ``total``), and the day on which a fiscal year starts.
    """
    where = f"({relation.where}) AND {relation.time} < $end{limit}"
    every = _replace(source, relation, relation.all_rows)
    ends = fetch_rows(
        connection, f"SELECT MIN({relation.begins}), MAX({relation.time}) FROM {every} WHERE {where}", values
    )
    if not ends or None in ends[0]:
        return frozenset()
    first, last = ends[0]
    within, bounds = hold_rows(relation, list_periods(spans[0], first, last + timedelta(days=1), spans[1]), "span")
    counted = _replace(source, relation, relation.rows_within(within))
    query = f"SELECT DISTINCT {relation.begins}, {relation.time} FROM {counted} WHERE {where} AND {within}"
    found = fetch_rows(connection, query, {**values, **bounds})
    return frozenset(month for begin, end in found for month in list_months(begin, end + timedelta(days=1)))


def list_left_out(
    connection: Connection, relation: Relation, source: str, limit: str, values: Values, within: str = ""
) -> list[Days]:
    """Return the days of the totals that count in no span, as they lie in two, or share days with others.

    Parameters
    ----------
    connection
        Holds the views.
    relation
        Its rows have a first and a last day.
    source
        What stands after FROM, with the relation's rows in it.
    limit
        SQL that starts with ``AND``, or nothing.
    values
        The bound values, ``end`` among them.
    within
        SQL by which all days of a row lie in one of the spans asked for; empty: in one month.
    """
    held = within or f"DATE_TRUNC('month', {relation.begins}) = DATE_TRUNC('month', {relation.time})"
    long = f"({relation.where}) AND {relation.begins} < {relation.time} AND {relation.time} < $end{limit}"
    asked = f"SELECT DISTINCT {relation.begins}, {relation.time} FROM"
    every = _replace(source, relation, relation.all_rows)
    found = fetch_rows(connection, f"{asked} {every} WHERE {long} AND NOT ({held})", values)
    if relation.spans and relation.spans.torn:
        torn = _replace(source, relation, relation.torn_within(held))
        found += fetch_rows(connection, f"{asked} {torn} WHERE {long}", values)
    return sorted({(first, last) for first, last in found})


def is_touched(first: date, last: date, left_out: Iterable[Days]) -> bool:
    """Tell whether a total that is left out has a day in a span."""
    return any(begin <= last and end >= first for begin, end in left_out)


def touched_months(left_out: Iterable[Days], calendar: Calendar) -> frozenset[date]:
    """Return the months, up to the last day, in which totals that are left out have a day."""
    found = (month for begin, end in left_out for month in list_months(begin, end + timedelta(days=1)))
    return frozenset(month for month in found if month <= calendar.last_month)


def _replace(source: str, relation: Relation, rows: str) -> str:
    return source.replace(relation.rows, rows, 1)
