"""Relations whose rows cannot repeat each other, as the data of a workspace show: they are counted as they lie.

Rows of several days, or of several grains, must be compared with each other before they are counted. Most exports hold
days of one grain alone. One look tells, and every question about them is then planned and answered faster.
"""

from __future__ import annotations

from collections.abc import Iterable

from mopsnb.data.connection import Connection, NamingConnection
from mopsnb.data.metric_queries import fetch_rows
from mopsnb.data.relations import Measure, Relation


def count_plainly(connection: Connection, measures: Iterable[Measure]) -> tuple[Measure, ...]:
    """Return measures that count the same, over plain rows where the data allow it.

    Parameters
    ----------
    connection
        Holds the views. A database compares rows in any case: a look at them costs as much there.
    measures
        What is to be read.
    """
    found: dict[str, Relation] = {}
    for relation in (measure.relation for measure in measures if measure.relation.spans):
        if relation.name not in found:
            found[relation.name] = find_plain(connection, relation)
    return tuple(
        measure.model_copy(update={"relation": found[measure.relation.name]})
        if measure.relation.name in found
        else measure
        for measure in measures
    )


def find_plain(connection: Connection, relation: Relation) -> Relation:
    """Return a relation that yields the same rows, without a comparison where none of them can repeat another."""
    if not relation.ask_apart or isinstance(connection, NamingConnection):
        return relation
    is_apart = fetch_rows(connection, relation.ask_apart, {})[0][0]
    return relation.stand_apart() if is_apart else relation
