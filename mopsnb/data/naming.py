"""Which campaign and channel a row belongs to, whatever its system calls them, as SQL over the canonical tables.

A campaign is known where the table ``campaign`` or ``campaign_map`` has its id. A name of another system leads to a
campaign or channel through ``campaign_map``. Each lookup holds a key once, so no row is ever counted twice.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import product

from mopsnb.data.lookups import KNOWN, MAP, OWNERS
from mopsnb.data.relations import Naming
from mopsnb.data.sql import quote_text

NONE = "(none)"  # a row that names nothing
UNMAPPED = "(unmapped)"  # a row that names a campaign which nothing maps
_OURS = "mopsnb_"  # the start of the columns that joins add; no table of a workspace has such a column
_TITLE = f"{_OURS}title"


@dataclass(frozen=True, slots=True)
class Names:
    """The joins that names need, and what they lead to.

    Parameters
    ----------
    joins
        SQL that follows the rows in FROM.
    campaign, channel
        SQL of the row's campaign and channel; empty where its relation names neither.
    """

    joins: tuple[str, ...] = ()
    campaign: str = ""
    channel: str = ""


def clean(expression: str) -> str:
    """Return SQL of a cell as text, NULL where it is blank."""
    return f"NULLIF(TRIM(CAST({expression} AS VARCHAR)), '')"


def label(expression: str) -> str:
    """Return SQL of a cell as the label of a segment."""
    return f"COALESCE({clean(expression)}, {quote_text(NONE)})"


def resolve_names(naming: Naming, tables: Collection[str]) -> Names:
    """Return how rows find their campaign and channel.

    Parameters
    ----------
    naming
        How the relation names them.
    tables
        The tables that the workspace holds. Without ``campaign`` and ``campaign_map`` each name stands for itself.
    """
    names = [clean(name) for name in naming.campaign]
    own = [clean(naming.channel)] if naming.channel else []
    if not {"campaign", "campaign_map"} & set(tables):
        told = _first([*([_TITLE] if naming.titles else []), *names, quote_text(NONE)]) if names else ""
        return Names(_join_titles(naming, names), told, _first([*own, quote_text(NONE)], own))
    joins, found, seen, channels = [], [], [], []
    if names:
        joins.append(_join_known(names[0], tables))
        found.append(f"{_OURS}known_id")
    if "campaign_map" in tables:
        pairs = [(f"by_channel_{place}", *pair) for place, pair in enumerate(product(naming.systems, naming.channels))]
        channels += [f"{alias}_channel" for alias, _, _ in pairs]
        named = [(f"by_name_{place}", *pair) for place, pair in enumerate(product(naming.systems, naming.campaign))]
        channels += [f"{alias}_channel" for alias, _, _ in named]
        found += [f"{alias}_campaign" for alias, _, _ in named]
        seen = [f"{alias}_key IS NOT NULL" for alias, _, _ in named]
        joins += [_join_map(*lookup) for lookup in (*pairs, *named)]
    channels += own
    if names and "campaign" in tables:
        key, value = f"{_OURS}owner_id", f"{_OURS}owner_channel"
        owner = f"SELECT id AS {key}, channel AS {value} FROM {OWNERS} AS owners"
        joins.append(f"LEFT JOIN ({owner}) AS owner_names ON {key} = {_first(found)}")
        channels.append(value)
    campaign = ""
    if names:
        nothing = [f"{_first(names)} IS NULL", *seen]
        rest = " ".join(f"WHEN {test} THEN {quote_text(NONE)}" for test in nothing)
        campaign = f"CASE WHEN {_first(found)} IS NOT NULL THEN {_first(found)} {rest} ELSE {quote_text(UNMAPPED)} END"
    return Names(tuple(joins), campaign, _first([*map(clean, channels), quote_text(NONE)], channels))


def _first(expressions: list[str], needed: list[str] | None = None) -> str:
    """Return SQL of the first filled expression; nothing where none that is needed is there."""
    if needed == []:
        return ""
    return f"COALESCE({', '.join(expressions)})" if len(expressions) > 1 else expressions[0]


def _join_titles(naming: Naming, names: list[str]) -> tuple[str, ...]:
    """Return the join to a campaign's title; with its id where several campaigns have the same one."""
    if not naming.titles:
        return ()
    key, title = clean("campaign_id"), f"MIN({clean('campaign_name')})"
    several = (
        f"CASE WHEN COUNT(*) OVER (PARTITION BY {title}) > 1 THEN {title} || ' (' || {key} || ')' ELSE {title} END"
    )
    titled = f"SELECT {key} AS {_OURS}titled_id, {several} AS {_TITLE} FROM {naming.titles} GROUP BY {key}"
    return (f"LEFT JOIN ({titled}) AS titled_names ON {_OURS}titled_id = {names[0]}",)


def _join_known(name: str, tables: Collection[str]) -> str:
    lookup = KNOWN[tuple(table for table in ("campaign", "campaign_map") if table in tables)]
    known = f"SELECT id AS {_OURS}known_id FROM {lookup} AS ids"
    return f"LEFT JOIN ({known}) AS known_names ON {_OURS}known_id = {name}"


def _join_map(alias: str, system: str, name: str) -> str:
    lookup = (
        f"SELECT system AS {alias}_system, key AS {alias}_key, campaign AS {alias}_campaign, "
        f"channel AS {alias}_channel FROM {MAP} AS names"
    )
    told = f"{alias}_system = LOWER({clean(system)}) AND {alias}_key = LOWER({clean(name)})"
    return f"LEFT JOIN ({lookup}) AS {alias} ON {told}"
