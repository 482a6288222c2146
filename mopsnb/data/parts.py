"""The parts of one metric: which months each is known in, and its numbers by period and segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from mopsnb.data.cells import Answer, Key, Series
from mopsnb.data.connection import Connection
from mopsnb.data.dimensions import Facts
from mopsnb.data.measures import find_ends
from mopsnb.data.metric_queries import Cut, ask_distinct, ask_rows, fetch_rows
from mopsnb.data.months import Bound, Calendar, number_months, number_spans
from mopsnb.data.periods import Period, list_months
from mopsnb.data.relations import Measure, Relation
from mopsnb.data.several_days import Days, find_months, hold_rows, list_left_out


@dataclass(frozen=True, slots=True)
class Part:
    """One measure of a metric with its rows, and the months in which it is known.

    Parameters
    ----------
    measure
        The measure.
    facts
        The rows in scope.
    known
        The months in which it is known: those with rows, or those that its relation covers.
    """

    measure: Measure
    facts: Facts
    known: frozenset[date]

    @property
    def first(self) -> date:
        """The first month in which it is known."""
        return min(self.known)


def open_parts(
    connection: Connection,
    measures: Sequence[Measure],
    facts: Mapping[str, Facts],
    calendar: Calendar,
    spans: tuple[str, str],
) -> list[Part]:
    """Return the parts of a metric with the months in which each is known.

    Parameters
    ----------
    connection
        Holds the views.
    measures
        The numerator's, then the denominator's.
    facts
        The rows of each relation, by its name.
    calendar
        The time zone and the last day.
    spans
        The grain of the spans asked for, and the day on which a fiscal year starts: a row of several days speaks of its
        months where all of them lie in one span.
    """
    known: dict[str, frozenset[date]] = {}
    for relation in (measure.relation for measure in measures):
        if relation.name not in known:
            known[relation.name] = _find_known(connection, relation, facts[relation.name], calendar, spans)
    return [Part(one, facts[one.relation.name], known[one.relation.name]) for one in measures]


def _find_known(
    connection: Connection, relation: Relation, facts: Facts, calendar: Calendar, spans: tuple[str, str]
) -> frozenset[date]:
    values = _bind(facts, relation, calendar)
    source = facts.source if facts.condition else relation.rows  # names alone neither add rows nor take any away
    if relation.begins and relation.covered == "rows":
        return find_months(connection, relation, source, facts.condition, values, spans)
    ends = find_ends(connection, relation, calendar, values, facts.condition, source)
    if not ends:
        return frozenset()
    months = calendar.list_months(ends[0])
    if relation.covered != "rows":
        return frozenset(month for month in months if relation.covered != "span" or month <= ends[1])
    values |= {f"month_{place}": calendar.find_bound(month, relation.clock) for place, month in enumerate(months)}
    condition = f"({relation.where}) AND {relation.time} < $end{facts.condition}"
    cut = Cut(source, number_months(relation.time, len(months)), condition)
    held = {row[0] for row in fetch_rows(connection, ask_rows(cut, ()), values)}
    return frozenset(month for place, month in enumerate(months) if place in held)


def answer_parts(
    connection: Connection,
    parts: Sequence[Part],
    periods: Sequence[Period],
    months: Sequence[date] | None,
    calendar: Calendar,
) -> Answer:
    """Return the numbers of a metric's parts in periods that follow each other.

    Parameters
    ----------
    connection
        Holds the views.
    parts
        The numerator's, then the denominator's.
    periods
        In order, without overlap or space between them.
    months
        The months that count because every part is known in them; None: each part's own, where a period is a month.
    calendar
        The time zone and the last day.
    """
    series: list[Series] = []
    left_out: list[Days] = []
    gaps = [] if months is None else _find_gaps(months, periods)
    for part in parts:
        relation, facts = part.measure.relation, part.facts
        cut, values, within = _cut(part, periods, gaps, calendar)
        if part.measure.kind == "distinct":
            query = ask_distinct(cut, part.measure.columns, [part.measure])
            rows = [(*row[:-1], row[-1], row[-1]) for row in fetch_rows(connection, query, values)]
            counts = fetch_rows(connection, ask_rows(cut, ()), values) if relation.covered == "rows" else []
            held = {_key(row, cut): row[-1] for row in counts}
        else:
            found = fetch_rows(connection, ask_rows(cut, [part.measure]), values)
            rows = [(*row[:-3], row[-2], row[-1]) for row in found]
            held = {_key(row, cut): row[-3] for row in found}
        numbers = {_key(row, cut): (row[-2], row[-1]) for row in rows}
        counted = part.known if months is None else frozenset(months)
        series.append(Series(part.measure, min(part.known, default=None), counted, numbers, frozenset(held)))
        if within:
            left_out += list_left_out(connection, relation, facts.source, facts.condition, values, within)
    return Answer(tuple(periods), tuple(series), tuple(left_out))


def _find_gaps(months: Sequence[date], periods: Sequence[Period]) -> list[date]:
    return sorted({*list_months(periods[0].first, periods[-1].after)} - {*months})


def _bind(facts: Facts, relation: Relation, calendar: Calendar) -> dict[str, Bound | str]:
    return {"end": calendar.find_end(relation.clock), "zone": calendar.zone.key, **facts.values}


def _key(row: Sequence[object], cut: Cut) -> Key:
    return int(str(row[0])), tuple(str(item) for item in row[1 : 1 + len(cut.segments)])


def _cut(
    part: Part, periods: Sequence[Period], gaps: Sequence[date], calendar: Calendar
) -> tuple[Cut, dict[str, Bound | str], str]:
    """Return the rows that count, the bound values, and how a row of several days lies in one period."""
    relation, clock = part.measure.relation, part.measure.relation.clock
    values = _bind(part.facts, relation, calendar)
    values |= {f"bound_{place}": calendar.find_bound(period.first, clock) for place, period in enumerate(periods)}
    values["bound_after"] = calendar.find_bound(periods[-1].after, clock)
    number = number_spans(relation.time, len(periods), "bound")
    condition = f"({relation.where}) AND {relation.time} < $bound_after{part.facts.condition}"
    if part.measure.kind == "level":  # a running total counts what came before, as the period before the first
        number = f"CASE WHEN {relation.time} < $bound_0 THEN -1 ELSE {number} END"
        return Cut(part.facts.source, number, condition, part.facts.segments), values, ""
    condition += f" AND {relation.time} >= $bound_0"
    begins = relation.begins or relation.time  # a row of several days has none of them in a month that is left out
    away = ""
    for place, run in enumerate(_join_months(gaps)):
        away += f" AND NOT ({relation.time} >= $gap_{place} AND {begins} < $resume_{place})"
        values |= {f"gap_{place}": calendar.find_bound(run[0], clock)}
        values |= {f"resume_{place}": calendar.find_bound(run[1], clock)}
    if not relation.begins:
        return Cut(part.facts.source, number, condition + away, part.facts.segments), values, ""
    within, bounds = hold_rows(relation, periods, "bound")
    within += away
    source = part.facts.source.replace(relation.rows, relation.rows_within(within), 1)
    condition += "" if relation.spans else f" AND {within}"  # else the rows are already those within
    return Cut(source, number, condition, part.facts.segments), values | bounds, within


def _join_months(months: Sequence[date]) -> list[tuple[date, date]]:
    """Return runs of months: the first day of each, and the first day behind it."""
    numbered = [(month.year * 12 + month.month - 1, place) for place, month in enumerate(months)]
    runs = []
    for _, run in groupby(numbered, lambda pair: pair[0] - pair[1]):
        numbers = [number for number, _ in run]
        after = numbers[-1] + 1
        runs.append((date(numbers[0] // 12, numbers[0] % 12 + 1, 1), date(after // 12, after % 12 + 1, 1)))
    return runs
