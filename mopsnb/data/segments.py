"""Sums and counts of one relation by month and segment, all of them in one query."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction

import pandas as pd

from mopsnb.data.catalogue import Metric
from mopsnb.data.connection import Connection
from mopsnb.data.dimensions import gather_facts
from mopsnb.data.measures import find_ends
from mopsnb.data.metric_queries import Cut, ask_rows, fetch_rows, find_columns
from mopsnb.data.months import Bound, Calendar, number_months
from mopsnb.data.plain_rows import count_plainly

COLUMNS = ("metric", "period_start", "value")


def can_split(metrics: Sequence[Metric], key: str, tables: Collection[str]) -> bool:
    """Tell whether `split_months` can answer: each metric is one sum or count of the same rows, known by its rows.

    Parameters
    ----------
    metrics
        The metrics.
    key
        The breakdown.
    tables
        The tables that the workspace holds.
    """
    if not metrics or any(len(metric.parts) > 1 or metric.parts[0].kind not in ("count", "sum") for metric in metrics):
        return False
    relation = metrics[0].parts[0].relation
    is_one = all(metric.parts[0].relation.name == relation.name for metric in metrics)
    is_known = relation.covered == "rows" and key in relation.dimensions
    return is_one and is_known and set(relation.tables) <= set(tables)


def split_months(
    connection: Connection, metrics: Sequence[Metric], calendar: Calendar, key: str
) -> dict[str, pd.DataFrame]:
    """Return the known months of metrics by segment, each as `mopsnb.data.metrics.compute_monthly` has it in its scope.

    Parameters
    ----------
    connection
        Holds the views that the metrics and the breakdown need.
    metrics
        Metrics of which `can_split` is true.
    calendar
        The time zone and the last day.
    key
        The breakdown, such as ``channel``.

    Returns
    -------
    dict
        Segment to a frame: ``metric``, ``period_start`` and ``value``, in the order of the metrics and of time.
    """
    measures = count_plainly(connection, [metric.parts[0] for metric in metrics])
    relation = measures[0].relation
    facts = gather_facts(relation, find_columns(connection), (key,), {})
    values: dict[str, Bound | str] = {"end": calendar.find_end(relation.clock), "zone": calendar.zone.key}
    ends = find_ends(connection, relation, calendar, values)
    if not ends:
        return {}
    months = calendar.list_months(ends[0])
    values |= {f"month_{place}": calendar.find_bound(month, relation.clock) for place, month in enumerate(months)}
    condition = f"({relation.where}) AND {relation.time} < $end"
    cut = Cut(facts.source, number_months(relation.time, len(months)), condition, facts.segments)
    found: dict[str, list[tuple[int, int, object]]] = {}
    for number, segment, _, *numbers in fetch_rows(connection, ask_rows(cut, measures), values):
        for place, metric in enumerate(metrics):
            value = numbers[2 * place]
            if value is None and measures[place].kind == "count":
                value = 0
            if value is not None:
                found.setdefault(str(segment), []).append((place, int(number), float(Fraction(value) * metric.scale)))
    return {
        segment: pd.DataFrame(
            [(metrics[place].name, months[number], value) for place, number, value in sorted(rows)],
            columns=list(COLUMNS),
        ).astype({"metric": "str", "period_start": "datetime64[us]", "value": "float64"})
        for segment, rows in found.items()
    }
