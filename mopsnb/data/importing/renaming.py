"""Campaigns without ids that bear another name in a later export, so that their days would count under both."""

from __future__ import annotations

from mopsnb.data.importing.assembly import Assembled, Assembly
from mopsnb.data.importing.layout import refuse
from mopsnb.data.importing.overlaps import Side
from mopsnb.data.wording import count_of

_MADE = "starts_with(item.campaign_id, item.source || '-')"  # the id was derived from the name
_FIGURES = ("spend", "impressions", "clicks")


def check_renamed(assembly: Assembly, found: Assembled, state: Side, kept: Side, new: Side) -> None:
    """Refuse a campaign whose days the table holds with the same figures under a name that the file lacks.

    Where the figures differ, nothing tells whether it is the same one: a note names both, as one may be the other.

    Parameters
    ----------
    assembly
        Runs the queries.
    found
        The rows of the file.
    state
        The rows of the table.
    kept
        Those of them that the file does not replace.
    new
        The rows of the file.

    Raises
    ------
    DataError
        There is such a campaign.
    """
    if not {"source", "campaign_id", "spend"} <= {*state.columns} & {*new.columns}:
        return
    fresh = f"{_MADE} AND NOT EXISTS (SELECT 1 FROM {state.relation} AS held WHERE held.campaign_id = item.campaign_id)"
    if not assembly.query(f"SELECT 1 FROM {new.relation} AS item WHERE {fresh} LIMIT 1"):
        return
    gone = f"{_MADE} AND NOT EXISTS (SELECT 1 FROM {new.relation} AS given WHERE given.campaign_id = item.campaign_id)"
    sides = [_pick(kept, gone), _pick(new, fresh)]
    near = " AND ".join(f"old.{name} = new.{name}" for name in ("source", "account", "ad_group", "date"))
    equal = " AND ".join(f"old.{name} IS NOT DISTINCT FROM new.{name}" for name in _FIGURES)
    pairs = (
        f"SELECT old.id AS old_id, new.id AS new_id, count(*) AS alike FROM ({sides[0]}) AS old "
        f"JOIN ({sides[1]}) AS new ON {near} AND {equal} WHERE old.spend > 0 GROUP BY ALL"
    )
    clash = assembly.query(
        f"SELECT min(old.called), min(new.called), min(old.date), max(old.date) FROM ({pairs}) AS pairs "
        f"JOIN ({sides[0]}) AS old ON old.id = old_id JOIN ({sides[1]}) AS new ON new.id = new_id AND {near} "
        "GROUP BY old_id, new_id, alike HAVING count(*) = alike ORDER BY ALL LIMIT 1"
    )
    if clash:
        held, given, first, last = clash[0]
        seen = f"the campaign '{given}' with the figures of {first} to {last} that ad_daily holds for '{held}'"
        fix = (
            "Both would count. If it was renamed, export all its days under the new name, remove data/ad_daily.parquet "
            "and import all files again; a column with campaign ids tells such campaigns apart."
        )
        raise refuse(found.part.shape.file, seen, "each campaign under one name", fix)
    _note_doubt(assembly, found, sides)


def _note_doubt(assembly: Assembly, found: Assembled, sides: list[str]) -> None:
    """Name a campaign that the file lacks for days on which it has new ones."""
    rows = assembly.query(
        f"SELECT old.called, min(old.date), max(old.date), (SELECT min(called) FROM ({sides[1]})), "
        f"count(*) OVER () FROM ({sides[0]}) AS old "
        f"WHERE EXISTS (SELECT 1 FROM ({sides[1]}) AS new WHERE new.date = old.date) "
        "GROUP BY old.id, old.called ORDER BY sum(old.spend) DESC, old.called LIMIT 1"
    )
    for held, first, last, given, count in rows:
        found.part.notes.append(
            f"the file lacks {count_of(count, 'campaign')} of ad_daily, for days of which the file has new ones: "
            f"'{held}' ({first} to {last}), while '{given}' is new. If one was renamed, both names count: export with "
            "campaign ids, or remove data/ad_daily.parquet and import all files again"
        )


def _pick(side: Side, where: str) -> str:
    names = {"id": "campaign_id", "called": f"coalesce({side.pick('campaign_name')}, campaign_id)"}
    names |= {"account": f"coalesce({side.pick('account_id')}, '')"}
    names |= {"ad_group": f"coalesce({side.pick('ad_group_id')}, '')"}
    names |= {"source": "source", "date": "date"} | {name: side.pick(name) for name in _FIGURES}
    listed = ", ".join(f"{text} AS {name}" for name, text in names.items())
    return f"SELECT {listed} FROM {side.relation} AS item WHERE {where}"
