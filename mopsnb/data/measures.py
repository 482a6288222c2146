"""Reads measures: one exact number a month, from set-based SQL over the canonical tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from mopsnb.data.months import Bound, Calendar, number_months
from mopsnb.data.relations import Measure, Relation
from mopsnb.data.scope import Scope, limit_rows

Number = int | Decimal
Series = dict[date, Number | None]  # a month that is absent has no data; None: rows, but none that reports the figure


@dataclass(frozen=True, slots=True)
class _Rows:
    """A relation's rows in scope, and the months that they fall into."""

    relation: Relation
    months: list[date]
    known: list[date]
    condition: str
    parameters: dict[str, Bound | str]


def read_measures(
    connection: duckdb.DuckDBPyConnection, measures: Sequence[Measure], calendar: Calendar, scope: Scope | None = None
) -> dict[str, Series]:
    """Return each measure's numbers by month.

    Measures of one relation share queries: one for counts, sums and levels, and one for each set of
    columns whose combinations are counted. Distinct counts take two stages (first group by month and
    combination, then count groups), which needs less memory than COUNT(DISTINCT ...).

    Parameters
    ----------
    connection
        Holds one typed view for each canonical table that the measures read.
    measures
        What to read.
    calendar
        The time zone and the last day.
    scope
        Limits the rows; see `mopsnb.data.scope.limit_rows`.

    Returns
    -------
    dict
        Measure name to numbers by first day of the month. Whole numbers and decimals are exact.

    Raises
    ------
    DataError
        The scope cannot be applied.
    """
    unique = {measure.name: measure for measure in measures}
    relations = {measure.relation.name: measure.relation for measure in unique.values()}
    found: dict[str, Series] = {}
    for relation in relations.values():
        members = [measure for measure in unique.values() if measure.relation.name == relation.name]
        found |= _read_relation(connection, relation, members, calendar, scope)
    return found


def _read_relation(
    connection: duckdb.DuckDBPyConnection,
    relation: Relation,
    measures: Sequence[Measure],
    calendar: Calendar,
    scope: Scope | None,
) -> dict[str, Series]:
    limit, values = limit_rows(relation, scope)
    condition = f"({relation.where}) AND {relation.time} < $end{limit}"
    parameters: dict[str, Bound | str] = {"end": calendar.find_end(relation.clock), **values}
    whole = relation.covered == "span"
    marks = relation.marks or (relation.time,)
    limits = {"end": parameters["end"]} if whole else parameters
    query = _ask_span(relation, marks, "TRUE" if whole else f"({relation.where}){limit}")
    moments = connection.execute(query, limits).fetchone() or ()
    ends = [calendar.find_day(moment, relation.clock) for moment in moments if moment is not None]
    if not ends:
        return {measure.name: {} for measure in measures}
    months = calendar.list_months(min(ends))
    known = [month for month in months if relation.covered != "span" or month <= max(ends)]
    parameters |= {
        f"month_{number}": calendar.find_bound(month, relation.clock) for number, month in enumerate(months) if number
    }
    return _read_months(connection, _Rows(relation, months, known, condition, parameters), measures)


def _read_months(connection: duckdb.DuckDBPyConnection, rows: _Rows, measures: Sequence[Measure]) -> dict[str, Series]:
    plain = [measure for measure in measures if measure.kind != "distinct"]
    by_columns: dict[tuple[str, ...], list[Measure]] = {}
    for measure in measures:
        if measure.kind == "distinct":
            by_columns.setdefault(measure.columns, []).append(measure)
    found: dict[str, Series] = {}
    known = rows.known
    if plain or rows.relation.covered == "rows":
        answers = _fetch_months(connection, _ask_rows(rows, plain), rows)
        if rows.relation.covered == "rows":
            known = [month for number, month in enumerate(rows.months) if number in answers]
        for place, measure in enumerate(plain):
            pairs = {number: (row[1 + 2 * place], row[2 + 2 * place]) for number, row in answers.items()}
            found[measure.name] = _fill(measure, rows, known, pairs)
    for columns, members in by_columns.items():
        answers = _fetch_months(connection, _ask_distinct(rows, columns, members), rows)
        for place, measure in enumerate(members):
            pairs = {number: (row[place], row[place]) for number, row in answers.items()}
            found[measure.name] = _fill(measure, rows, known, pairs)
    return found


def _fill(
    measure: Measure, rows: _Rows, known: Sequence[date], answers: dict[int, tuple[Number | None, int]]
) -> Series:
    """Turn the numbers of a query (value, matching rows) by month number into a series over the known months."""
    if measure.kind == "level":
        total: Number = 0
        levels: Series = {}
        for number, month in enumerate(rows.months):
            levels[month] = total
            total += answers.get(number, (0, 0))[0] or 0
        return {month: levels[month] for month in known}
    series: Series = {}
    for number, month in enumerate(rows.months):
        value, matches = answers.get(number, (None, 0))
        is_fact = measure.kind != "sum" or (not matches and rows.relation.covered != "rows")
        series[month] = 0 if value is None and is_fact else value
    return {month: series[month] for month in known}


def _ask_span(relation: Relation, marks: Sequence[str], where: str) -> str:
    """Return SQL for the first and last time of each mark: days, or seconds since 1970."""
    ends = [f"{end}(CASE WHEN {mark} < $end THEN {mark} END)" for mark in marks for end in ("MIN", "MAX")]
    shown = ends if relation.clock == "date" else [f"EXTRACT(EPOCH FROM {end})" for end in ends]
    return f"SELECT {', '.join(shown)} FROM {relation.rows} WHERE {where}"


def _ask_rows(rows: _Rows, measures: Sequence[Measure]) -> str:
    """Return SQL for all rows and, for each measure, its value and how many rows match, by month number."""
    inner, outer = [], ["COUNT(*)"]
    for place, measure in enumerate(measures):
        value = measure.columns[0] if measure.columns else "1"
        inner += [f"CASE WHEN {measure.where} THEN {value} END AS value_{place}"]
        inner += [f"CASE WHEN {measure.where} THEN 1 ELSE 0 END AS match_{place}"]
        outer += [f"SUM(value_{place})", f"SUM(match_{place})"]
    return (
        f"SELECT month_number, {', '.join(outer)} FROM ({_number_rows(rows, inner)}) AS numbered GROUP BY month_number"
    )


def _ask_distinct(rows: _Rows, columns: Sequence[str], measures: Sequence[Measure]) -> str:
    """Return SQL for how many combinations of columns match each measure, by month number."""
    keys = [f"key_{place}" for place in range(len(columns))]
    flags = [f"match_{place}" for place in range(len(measures))]
    inner = [f"{column} AS {key}" for column, key in zip(columns, keys, strict=True)]
    inner += [f"CASE WHEN {m.where} THEN 1 ELSE 0 END AS {flag}" for m, flag in zip(measures, flags, strict=True)]
    once = ", ".join(f"MAX({flag}) AS {flag}" for flag in flags)
    groups = ", ".join(["month_number", *keys])
    return (
        f"SELECT month_number, {', '.join(f'SUM({flag})' for flag in flags)} FROM ("
        f"SELECT month_number, {once} FROM ({_number_rows(rows, inner)}) AS numbered "
        f"WHERE {' + '.join(flags)} > 0 GROUP BY {groups}) AS combinations GROUP BY month_number"
    )


def _number_rows(rows: _Rows, columns: Sequence[str]) -> str:
    number = f"{number_months(rows.relation.time, len(rows.months))} AS month_number"
    return f"SELECT {', '.join([number, *columns])} FROM {rows.relation.rows} WHERE {rows.condition}"


def _fetch_months(connection: duckdb.DuckDBPyConnection, query: str, rows: _Rows) -> dict[int, tuple[Any, ...]]:
    return {int(row[0]): row[1:] for row in connection.execute(query, rows.parameters).fetchall()}


def find_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the names of the tables and views that a connection holds, in alphabetical order."""
    query = "SELECT table_name FROM information_schema.tables ORDER BY table_name"
    return [row[0] for row in connection.execute(query).fetchall()]
