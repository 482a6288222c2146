"""By what a relation's rows can be broken down and filtered, and the SQL that does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mopsnb.data.contract import TABLES
from mopsnb.data.naming import Names, clean, label, resolve_names
from mopsnb.data.relations import Measure, Naming, Relation
from mopsnb.data.sql import quote_name, quote_text
from mopsnb.errors import UsageError, suggest

Columns = Mapping[str, Sequence[str]]  # table to the columns that the workspace's view of it has
Filters = Mapping[str, Sequence[str]]  # breakdown to the values that count
PERSON = "mopsnb_person_"  # the start of the columns that come from a row's contact
# What a contact says of itself, beyond the columns that the contract does not know.
_TRAITS = ("record_type", "lead_source", "owner", "account_id", "industry", "country", "region", "job_title", "brand")
_ORIGIN = Naming(
    systems=("'crm'", f"{PERSON}source"), channels=(f"{PERSON}lead_source",), channel=f"{PERSON}lead_source"
)


@dataclass(frozen=True, slots=True)
class Facts:
    """A relation's rows with what they can be broken down by.

    Parameters
    ----------
    source
        What stands after FROM.
    condition
        The filters, as SQL that starts with ``AND``; or nothing.
    segments
        SQL of each breakdown's label.
    values
        The bound values of the filters.
    """

    source: str
    condition: str
    segments: tuple[str, ...]
    values: dict[str, str]


def list_dimensions(relation: Relation, columns: Columns) -> dict[str, str]:
    """Return what a relation can be broken down by, with the SQL of its label.

    Parameters
    ----------
    relation
        What is counted.
    columns
        The columns of the workspace's tables.

    Returns
    -------
    dict
        ``channel`` and ``campaign`` where its rows name them; columns of its table, those that the contract does not
        know included; and what the row's contact says of itself.
    """
    found: dict[str, str] = {}
    names, origin = _resolve(relation, columns)
    found |= {key: text for key, text in (("channel", names.channel), ("campaign", names.campaign)) if text}
    found |= {key: quote_text(values[0]) for key, values in relation.fixed.items() if len(values) == 1}
    extras = _list_extras(relation.tables[0], columns) if relation.keeps_columns or not relation.sql else []
    own = [*relation.dimensions, *extras]
    found |= {column: label(quote_name(column)) for column in own if column not in found}
    if origin.channel:
        found.setdefault("channel", origin.channel)
    for column in _list_traits(relation, columns):
        found.setdefault(column, label(quote_name(f"{PERSON}{column}")))
    return found


def gather_facts(relation: Relation, columns: Columns, by: Sequence[str], where: Filters) -> Facts:
    """Return a relation's rows with the breakdowns and filters that are asked for.

    Parameters
    ----------
    relation
        What is counted.
    columns
        The columns of the workspace's tables.
    by
        Breakdowns that `list_dimensions` names.
    where
        Breakdowns that `list_dimensions` names, with the values that count.
    """
    dimensions = list_dimensions(relation, columns)
    names, origin = _resolve(relation, columns)
    asked = [dimensions[key] for key in (*by, *where)]
    uses = " ".join(asked)
    joins: list[str] = []
    if PERSON in uses:
        joins.append(_join_person(relation, columns))
    if set(asked) & {names.campaign, names.channel} - {""}:
        joins += names.joins
    elif origin.channel in asked:
        joins += origin.joins
    values: dict[str, str] = {}
    condition = ""
    for key, items in where.items():
        bound = [f"filter_{len(values) + place}" for place in range(len(items))]
        values |= dict(zip(bound, items, strict=True))
        condition += f" AND {dimensions[key]} IN ({', '.join('$' + name for name in bound)})" if bound else " AND FALSE"
    source = " ".join([relation.rows, *joins])
    return Facts(source, condition, tuple(dimensions[key] for key in by), values)


def share_dimensions(parts: Sequence[Measure], columns: Columns) -> list[str]:
    """Return what all parts of a metric can be broken down by, in alphabetical order."""
    sets = [set(list_dimensions(part.relation, columns)) for part in parts]
    return sorted(set.intersection(*sets)) if sets else []


def check_dimensions(title: str, parts: Sequence[Measure], columns: Columns, keys: Sequence[str], grains: str) -> None:
    """Make sure that every part of a metric has these breakdowns.

    Raises
    ------
    UsageError
        One of them does not; the message names what is possible.
    """
    shared = share_dimensions(parts, columns)
    for key in keys:
        lacking = [part.relation for part in parts if key not in list_dimensions(part.relation, columns)]
        if lacking:
            tables = " and ".join(dict.fromkeys(table for relation in lacking for table in relation.tables))
            hint = suggest(key, [*shared, *grains.split(", ")])
            raise UsageError(
                f"{title} cannot be broken down or filtered by '{key}': {tables} has no such column. {hint} "
                f"Possible are {', '.join(shared) or 'no columns'}, and as breakdowns by time {grains}.".replace(
                    "  ", " "
                )
            )


def check_values(title: str, parts: Sequence[Measure], where: Filters) -> None:
    """Make sure that rows can have the values that are asked for.

    Raises
    ------
    UsageError
        Every row of a part has another value.
    """
    for key, values in where.items():
        for relation in (part.relation for part in parts):
            only = relation.fixed.get(key)
            if only and not set(values) & set(only):
                raise UsageError(
                    f"{title} has no {key} {', '.join(values) or '(nothing)'}: every row of {relation.tables[-1]} has "
                    f"{key} {', '.join(only)}. Take a metric of another table, or change the filter."
                )


def _resolve(relation: Relation, columns: Columns) -> tuple[Names, Names]:
    """Return the names that the rows bear themselves, and where their contacts came from."""
    own = resolve_names(relation.naming, columns)
    has_person = relation.person and "lead_source" in _list_traits(relation, columns)
    return own, resolve_names(_ORIGIN, columns) if has_person and not own.channel else Names()


def _list_extras(table: str, columns: Columns) -> list[str]:
    known = {*TABLES[table].fields, *(f"{name}_original" for name in TABLES[table].money)}
    return [column for column in columns.get(table, ()) if column not in known]


def _list_traits(relation: Relation, columns: Columns) -> list[str]:
    if not relation.person or "contact" not in columns:
        return []
    return [*_TRAITS, *_list_extras("contact", columns)]


def _join_person(relation: Relation, columns: Columns) -> str:
    """Return the join to what contacts say of themselves; one row a contact, whatever the table holds."""
    taken = ["source", *_list_traits(relation, columns)]
    traits = ", ".join(f"MIN({clean(quote_name(name))}) AS {quote_name(f'{PERSON}{name}')}" for name in taken)
    people = f"SELECT contact_id AS {PERSON}id, {traits} FROM contact GROUP BY contact_id"
    return f"LEFT JOIN ({people}) AS person ON {PERSON}id = {relation.person}"
