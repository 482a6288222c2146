"""The SQL of the metrics, all of it: spans of time, counts and sums, distinct counts.

It is standard SQL with values by parameter (``$name``), so that another engine can run it transpiled. What is not in
the standard, and must be translated for some engines: ``EXTRACT(EPOCH FROM time)``, ``DATE_TRUNC``, ``AT TIME ZONE``.
`fetch_rows` is the only place that runs it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from mopsnb.data.connection import Connection
from mopsnb.data.lookups import shorten
from mopsnb.data.months import Bound
from mopsnb.data.queries import explain_error
from mopsnb.data.recall import answer
from mopsnb.data.relations import Measure, Relation

Values = Mapping[str, Bound | str]
_QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*\"""")


@dataclass(frozen=True, slots=True)
class Cut:
    """A relation's rows, and how they fall into periods and segments.

    Parameters
    ----------
    source
        What stands after FROM.
    number
        SQL of the number of the row's period.
    condition
        SQL that a row fulfills to count.
    segments
        SQL of each further breakdown.
    """

    source: str
    number: str
    condition: str
    segments: tuple[str, ...] = ()

    @property
    def labels(self) -> list[str]:
        """The columns by which the answer is grouped."""
        return ["period_number", *(f"segment_{place}" for place in range(len(self.segments)))]


def fetch_rows(connection: Connection, query: str, values: Values) -> list[tuple[Any, ...]]:
    """Return the rows that a query finds; of the values, those that it names are bound.

    The same question of the same files is asked once; see `mopsnb.data.recall`.

    Raises
    ------
    UsageError
        The engine does not accept it: a definition names what the data do not have.
    """
    named = set(re.findall(r"\$(\w+)", _QUOTED.sub("", query)))
    bound = {name: value for name, value in values.items() if name in named}
    try:
        return answer(
            connection, query, bound, lambda: connection.execute(shorten(connection, query), bound).fetchall()
        )
    except duckdb.Error as error:
        raise explain_error(error) from error


def ask_span(relation: Relation, source: str, marks: Sequence[str], where: str) -> str:
    """Return SQL for the first and last time of each mark: days, or seconds since 1970."""
    ends = [f"{end}(CASE WHEN {mark} < $end THEN {mark} END)" for mark in marks for end in ("MIN", "MAX")]
    shown = ends if relation.clock == "date" else [f"EXTRACT(EPOCH FROM {end})" for end in ends]
    return f"SELECT {', '.join(shown)} FROM {source} WHERE {where}"


def ask_rows(cut: Cut, measures: Sequence[Measure]) -> str:
    """Return SQL for all rows and, for each measure, its value and how many rows match, by period and segment."""
    inner, outer = [], ["COUNT(*)"]
    for place, measure in enumerate(measures):
        value = measure.columns[0] if measure.columns else "1"
        inner += [f"CASE WHEN {measure.where} THEN {value} END AS value_{place}"]
        inner += [f"CASE WHEN {measure.where} THEN 1 ELSE 0 END AS match_{place}"]
        outer += [f"SUM(value_{place})", f"SUM(match_{place})"]
    groups = ", ".join(cut.labels)
    return f"SELECT {groups}, {', '.join(outer)} FROM ({_number_rows(cut, inner)}) AS numbered GROUP BY {groups}"


def ask_distinct(cut: Cut, columns: Sequence[str], measures: Sequence[Measure]) -> str:
    """Return SQL for how many combinations of columns match each measure, by period and segment."""
    keys = [f"key_{place}" for place in range(len(columns))]
    labels = ", ".join(cut.labels)
    if len(measures) == 1:  # without a flag to carry, the rows of other kinds are never read
        matching = replace(cut, condition=f"{cut.condition} AND ({measures[0].where})")
        numbered = _number_rows(matching, [f"{column} AS {key}" for column, key in zip(columns, keys, strict=True)])
        groups = ", ".join([*cut.labels, *keys])
        once = f"SELECT {labels} FROM ({numbered}) AS numbered GROUP BY {groups}"
        return f"SELECT {labels}, COUNT(*) FROM ({once}) AS combinations GROUP BY {labels}"
    flags = [f"match_{place}" for place in range(len(measures))]
    inner = [f"{column} AS {key}" for column, key in zip(columns, keys, strict=True)]
    inner += [f"CASE WHEN {m.where} THEN 1 ELSE 0 END AS {flag}" for m, flag in zip(measures, flags, strict=True)]
    once = ", ".join(f"MAX({flag}) AS {flag}" for flag in flags)
    return (
        f"SELECT {labels}, {', '.join(f'SUM({flag})' for flag in flags)} FROM ("
        f"SELECT {labels}, {once} FROM ({_number_rows(cut, inner)}) AS numbered "
        f"WHERE {' + '.join(flags)} > 0 GROUP BY {', '.join([labels, *keys])}) AS combinations GROUP BY {labels}"
    )


def _number_rows(cut: Cut, columns: Sequence[str]) -> str:
    shown = [f"{text} AS {label}" for text, label in zip((cut.number, *cut.segments), cut.labels, strict=True)]
    return f"SELECT {', '.join([*shown, *columns])} FROM {cut.source} WHERE {cut.condition}"


def find_tables(connection: Connection) -> list[str]:
    """Return the names of the tables and views that a connection holds, in alphabetical order."""
    return list(find_columns(connection))


def find_columns(connection: Connection) -> dict[str, tuple[str, ...]]:
    """Return the columns of each table and view that a connection holds, the tables in alphabetical order."""
    query = "SELECT table_name, column_name FROM information_schema.columns ORDER BY table_name, ordinal_position"
    found: dict[str, tuple[str, ...]] = {}
    for table, column in fetch_rows(connection, query, {}):
        found[table] = (*found.get(table, ()), column)
    return found
