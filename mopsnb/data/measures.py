"""Reads measures: one exact number a month, from set-based SQL over the canonical tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from mopsnb.data.connection import Connection
from mopsnb.data.contract import TABLES
from mopsnb.data.dimensions import gather_facts
from mopsnb.data.layout import split_months
from mopsnb.data.metric_queries import Cut, ask_distinct, ask_rows, ask_span, fetch_rows, find_columns
from mopsnb.data.months import Bound, Calendar, number_months
from mopsnb.data.periods import find_last, list_months
from mopsnb.data.recall import find, keep
from mopsnb.data.relations import Measure, Relation
from mopsnb.data.scope import Scope, limit_rows, list_values
from mopsnb.data.several_days import list_left_out, touched_months

Number = int | Decimal
Series = dict[date, Number | None]  # a month that is absent has no data; None: rows, but none that reports the figure


@dataclass(frozen=True, slots=True)
class _Rows:
    """A relation's rows in scope, and the months that they fall into."""

    connection: Connection
    relation: Relation
    source: str
    months: list[date]
    known: list[date]
    condition: str
    values: dict[str, Bound | str]

    @property
    def cut(self) -> Cut:
        return Cut(self.source, number_months(self.relation.time, len(self.months)), self.condition)

    def cut_span(self, low: int, high: int) -> Cut:
        """Return the rows of the months from one number to before another."""
        time, condition = self.relation.time, self.condition
        condition += f" AND {time} >= $month_{low}" if low else ""
        condition += f" AND {time} < $month_{high}" if high < len(self.months) else ""
        return Cut(self.source, number_months(time, high, low), condition)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Numbers of months that are counted together: all of them, unless the rows of a large file lie in order."""
        relation = self.relation
        if relation.sql or (relation.time,) != TABLES[relation.tables[0]].time:
            return [(0, len(self.months))]
        begins = [self.values[f"month_{number}"] for number in range(len(self.months))]
        return split_months(self.connection, relation.tables[0], cast(list[Bound], begins))


def read_measures(
    connection: Connection,
    measures: Sequence[Measure],
    calendar: Calendar,
    scope: Scope | None = None,
    begins: Mapping[str, date] | None = None,
) -> dict[str, Series]:
    """Return each measure's numbers by month.

    Measures of one relation share queries: one for counts, sums and levels, and one for each set of
    columns whose combinations are counted. What a connection has told of a measure is not asked again. Distinct counts
    take two stages (first group by month and combination, then count groups), which needs less memory than
    COUNT(DISTINCT ...).

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
    begins
        For tables, days before which they hold no dated row: one look at the rows less.

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
    keys = {name: (measure.model_dump_json(), calendar, repr(scope or {})) for name, measure in unique.items()}
    for relation in relations.values():
        members = [measure for measure in unique.values() if measure.relation.name == relation.name]
        found |= {one.name: kept for one in members if (kept := find(connection, keys[one.name])) is not None}
        members = [one for one in members if one.name not in found]
        rows = _limit_rows(connection, relation, calendar, scope, begins or {}) if members else None
        read = _read_months(connection, rows, members) if rows else {member.name: {} for member in members}
        for name, series in read.items():
            keep(connection, keys[name], series)
        found |= read
    return found


def find_crossed(
    connection: Connection, measures: Sequence[Measure], calendar: Calendar, scope: Scope | None = None
) -> dict[str, frozenset[date]]:
    """Return the months that totals of several days cross or share with other rows, by relation.

    Such totals count in no month, so the figures of these months are not whole.

    Parameters
    ----------
    connection, measures, calendar, scope
        As for `read_measures`.

    Raises
    ------
    DataError
        The scope cannot be applied.
    """
    found: dict[str, frozenset[date]] = {}
    for relation in {part.relation.name: part.relation for part in measures if part.relation.begins}.values():
        source, limit, limits = _apply_scope(connection, relation, scope or {})
        values: dict[str, Bound | str] = {"end": calendar.find_end(relation.clock), "zone": calendar.zone.key, **limits}
        left_out = list_left_out(connection, relation, source, limit, values)
        found[relation.name] = touched_months(left_out, calendar)
    return found


def spread_months(connection: Connection, measure: Measure, calendar: Calendar, scope: Scope | None = None) -> Series:
    """Return the sum of a column by month, totals of several days spread evenly over them.

    Parameters
    ----------
    connection, calendar, scope
        As for `read_measures`.
    measure
        A sum over rows with a first and a last day.

    Raises
    ------
    DataError
        The scope cannot be applied.
    """
    relation = measure.relation
    source, limit, limits = _apply_scope(connection, relation, scope or {})
    values: dict[str, Bound | str] = {"end": calendar.find_end(relation.clock), "zone": calendar.zone.key, **limits}
    within = f"{relation.begins} <= {relation.time} AND {relation.time} < $end"
    source = source.replace(relation.rows, relation.rows_within(within), 1)
    days = f"{relation.begins}, {relation.time}"
    query = f"SELECT {days}, SUM(CASE WHEN {measure.where} THEN {measure.columns[0]} END) FROM {source}"
    found: Series = {}
    for first, last, total in fetch_rows(
        connection, f"{query} WHERE ({relation.where}) AND {within}{limit} GROUP BY {days} ORDER BY {days}", values
    ):
        for month in list_months(first, last + timedelta(days=1)):
            begin, end = max(first, month), min(last, find_last(month))
            share = Decimal((end - begin).days + 1) / ((last - first).days + 1)
            part = None if total is None else total if share == 1 else Decimal(total) * share
            held = found.get(month)
            found[month] = held if part is None else part if held is None else held + part
    return found


def _limit_rows(
    connection: Connection, relation: Relation, calendar: Calendar, scope: Scope | None, begins: Mapping[str, date]
) -> _Rows | None:
    source, limit, limits = _apply_scope(connection, relation, scope or {})
    condition = f"({relation.where}) AND {relation.time} < $end{limit}"
    values: dict[str, Bound | str] = {"end": calendar.find_end(relation.clock), "zone": calendar.zone.key, **limits}
    # Where months without rows are left out anyway, the table's first day does.
    is_plain = relation.covered == "rows" and not relation.sql and (relation.time,) == TABLES[relation.tables[0]].time
    first, last = begins.get(relation.tables[0]), calendar.as_of
    if first is None or not is_plain:
        ends = find_ends(connection, relation, calendar, values, limit, source)
        if not ends:
            return None
        first, last = ends
    months = calendar.list_months(first)
    known = [month for month in months if relation.covered != "span" or month <= last]
    values |= {f"month_{number}": calendar.find_bound(month, relation.clock) for number, month in enumerate(months)}
    return _Rows(connection, relation, source, months, known, condition, values)


def _apply_scope(connection: Connection, relation: Relation, scope: Scope) -> tuple[str, str, dict[str, str]]:
    """Return what stands after FROM, the condition and its values; a channel is the one that breakdowns show."""
    plain = {key: value for key, value in scope.items() if key != "channel" or key not in relation.dimensions}
    limit, limits = limit_rows(relation, plain)
    if len(plain) == len(scope):
        return relation.rows, limit, limits
    channels = {"channel": list_values("channel", scope["channel"])}
    facts = gather_facts(relation, find_columns(connection), (), channels)
    return facts.source, limit + facts.condition, limits | facts.values


def find_ends(
    connection: Connection,
    relation: Relation,
    calendar: Calendar,
    values: Mapping[str, Bound | str],
    limit: str = "",
    source: str = "",
) -> tuple[date, date] | tuple[()]:
    """Return the first and last local day of a relation's marks; nothing where there is no row.

    Records that are covered over a span are looked at as a whole, others within a condition.

    Parameters
    ----------
    connection
        Holds the views.
    relation
        What is counted.
    calendar
        The time zone and the last day.
    values
        The bound values of the condition, and ``end``.
    limit
        The condition, as SQL that starts with ``AND``.
    source
        What stands after FROM where the condition needs more than the relation's rows.
    """
    whole = relation.covered == "span"
    where = "TRUE" if whole else f"({relation.where}){limit}"
    query = ask_span(
        relation, relation.rows if whole else source or relation.rows, relation.marks or (relation.time,), where
    )
    moments = next(iter(fetch_rows(connection, query, values)), ())
    days = [calendar.find_day(moment, relation.clock) for moment in moments if moment is not None]
    return (min(days), max(days)) if days else ()


def _read_months(connection: Connection, rows: _Rows, measures: Sequence[Measure]) -> dict[str, Series]:
    plain = [measure for measure in measures if measure.kind != "distinct"]
    by_columns: dict[tuple[str, ...], list[Measure]] = {}
    for measure in measures:
        if measure.kind == "distinct":
            by_columns.setdefault(measure.columns, []).append(measure)
    found: dict[str, Series] = {}
    known = rows.known
    if plain or rows.relation.covered == "rows":
        answers = _fetch_months(connection, ask_rows(rows.cut, plain), rows)
        if rows.relation.covered == "rows":
            known = [month for number, month in enumerate(rows.months) if number in answers]
        for place, measure in enumerate(plain):
            pairs = {number: (row[1 + 2 * place], row[2 + 2 * place]) for number, row in answers.items()}
            found[measure.name] = _fill(measure, rows, known, pairs)
    for columns, members in by_columns.items():
        counted: dict[int, tuple[Any, ...]] = {}
        # A measure that looks at the whole table would do so for each span.
        is_local = not any("SELECT" in member.where for member in members)
        for span in rows.spans if is_local else [(0, len(rows.months))]:
            counted |= _fetch_months(connection, ask_distinct(rows.cut_span(*span), columns, members), rows)
        for place, measure in enumerate(members):
            pairs = {number: (row[place], row[place]) for number, row in counted.items()}
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


def _fetch_months(connection: Connection, query: str, rows: _Rows) -> dict[int, tuple[Any, ...]]:
    return {int(row[0]): row[1:] for row in fetch_rows(connection, query, rows.values)}
