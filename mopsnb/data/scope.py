"""A goal's scope, such as ``{channel: search}``, as a condition on the rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mopsnb.data.relations import Relation
from mopsnb.data.sql import quote_name
from mopsnb.errors import DataError, UsageError, suggest

Scope = Mapping[str, str | Sequence[str]]


def limit_rows(relation: Relation, scope: Scope | None) -> tuple[str, dict[str, str]]:
    """Return the condition that limits a relation's rows to a scope, and its bound values.

    Parameters
    ----------
    relation
        What is counted. Its ``dimensions`` can be filtered; its ``fixed`` columns hold for every row,
        as the channel ``email`` does for email events, and need no condition.
    scope
        Column to the value or values that count. Empty: every row.

    Returns
    -------
    tuple
        SQL that starts with ``AND``, or an empty text; the parameters that it names.

    Raises
    ------
    DataError
        A key is no column that can be filtered, or asks for a value that no row can have.
    """
    conditions: list[str] = []
    parameters: dict[str, str] = {}
    for key, value in (scope or {}).items():
        values = list_values(key, value)
        if key in relation.fixed:
            _check_fixed(relation, key, values)
        elif key in relation.dimensions:
            names = [f"scope_{len(parameters) + number}" for number in range(len(values))]
            parameters.update(zip(names, values, strict=True))
            conditions.append(
                f" AND {quote_name(key)} IN ({', '.join('$' + name for name in names)})" if names else " AND FALSE"
            )
        else:
            raise DataError(_explain(relation, key))
    return "".join(conditions), parameters


def list_values(key: str, value: object) -> tuple[str, ...]:
    """Return the values that count as texts, given one or several; yes and no as the engine writes them.

    Raises
    ------
    UsageError
        There is none.

    Examples
    --------
    >>> list_values("channel", "email"), list_values("is_bot", True), list_values("tier", [1, 2])
    (('email',), ('true',), ('1', '2'))
    """
    items = [value] if isinstance(value, str) or not isinstance(value, Iterable) else list(value)
    if any(item is None or item != item for item in items):  # noqa: PLR0124 - what differs from itself is missing
        raise UsageError(f"The filter '{key}' has no value. Rows that name nothing have the value '(none)'.")
    return tuple(str(item).lower() if isinstance(item, bool) else str(item) for item in items)


def _check_fixed(relation: Relation, key: str, values: Sequence[str]) -> None:
    allowed = relation.fixed[key]
    if not set(values) & set(allowed):
        raise DataError(
            f"The scope asks for {key} {', '.join(values) or '(nothing)'}, but every row of {relation.tables[-1]} "
            f"has {key} {', '.join(allowed)}. Take a metric of another table, or change the scope."
        )


def _explain(relation: Relation, key: str) -> str:
    columns = sorted([*relation.dimensions, *relation.fixed])
    tables = " and ".join(relation.tables)
    can = f"It can be limited by {', '.join(columns)}." if columns else "It cannot be limited by any column."
    hint = suggest(key, columns)
    return f"The scope '{key}' cannot be applied to {tables}. {can} {hint}".rstrip()
