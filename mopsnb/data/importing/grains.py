"""Advertising figures that a table already holds in another grain, or under other ids."""

from __future__ import annotations

from mopsnb.data.importing.assembly import Assembly
from mopsnb.data.importing.layout import refuse
from mopsnb.data.importing.overlaps import Side

_NEAR = (
    "old.source = new.source AND old.first <= new.last AND new.first <= old.last "
    "AND (old.account = new.account OR old.account = '' OR new.account = '')"
)


def check_grain(assembly: Assembly, file: str, old: Side, new: Side) -> None:
    """Refuse figures that the table holds in another grain, or under other ids.

    Campaigns are joined by id or by name, never each with each, so that large tables stay quick.

    Parameters
    ----------
    assembly
        Runs the queries.
    file
        The file that is imported, for messages.
    old, new
        The rows of the table, and those of the file.

    Raises
    ------
    DataError
        There are such figures.
    """
    if not {"grain", "source"} <= {*old.columns} & {*new.columns}:
        return
    _check_levels(assembly, file, old, new)
    _check_ids(assembly, file, old, new)


def _summarize(side: Side, *names: str) -> str:
    """Return the query of the first and last day of each combination of these."""
    known = {
        "account": f"coalesce({side.pick('account_id')}, '')",
        "called": f"coalesce({side.pick('campaign_name')}, '')",
        "made": "starts_with(campaign_id, source || '-')",
        "named": f"{side.pick('campaign_name')} IS NOT NULL",
    }
    parts = ", ".join(f"{known.get(name, name)} AS {name}" for name in names)
    last = f"max(coalesce({side.pick('period_end')}, date))"
    facts = f"min(campaign_id) AS example, min(date) AS first, {last} AS last"
    return f"(SELECT {parts}, {facts} FROM {side.relation} GROUP BY ALL)"


def _check_levels(assembly: Assembly, file: str, old: Side, new: Side) -> None:
    grains = [f"SELECT DISTINCT source, grain FROM {side.relation}" for side in (old, new)]
    differ = f"SELECT 1 FROM ({grains[0]}) AS old JOIN ({grains[1]}) AS new USING (source) WHERE old.grain <> new.grain"
    if not assembly.query(f"{differ} LIMIT 1"):
        return
    by_campaign = [_summarize(side, "source", "grain", "account", "campaign_id") for side in (old, new)]
    by_account = [_summarize(side, "source", "grain", "account") for side in (old, new)]
    whole = "(old.grain = 'account' OR new.grain = 'account')"
    for (one, other), also in ((by_campaign, "old.campaign_id = new.campaign_id"), (by_account, whole)):
        clash = assembly.query(
            f"SELECT old.grain, new.grain FROM {one} AS old JOIN {other} AS new ON {_NEAR} AND {also} "
            f"WHERE old.grain <> new.grain ORDER BY ALL LIMIT 1"
        )
        if clash:
            held, given = (item.replace("_", " ") for item in clash[0])
            seen = f"{given} figures for days of which ad_daily holds {held} figures"
            fix = f"Both would count the same money. Keep one grain: remove data/ad_daily.parquet, or leave out {file}."
            raise refuse(file, seen, f"figures by {held}", fix)


def _check_ids(assembly: Assembly, file: str, old: Side, new: Side) -> None:
    by_name = [_summarize(side, "source", "account", "campaign_id", "called", "made") for side in (old, new)]
    by_kind = [_summarize(side, "source", "account", "made", "named") for side in (old, new)]
    by_id = [_summarize(side, "source", "account", "campaign_id") for side in (old, new)]
    same_name = "old.called = new.called AND new.called <> ''"
    other_id = (
        "(old.campaign_id <> new.campaign_id OR old.account <> new.account) "
        "AND (old.made <> new.made OR (old.account = '') <> (new.account = ''))"
    )
    nameless = "old.made <> new.made AND NOT (old.named AND new.named)"  # nothing tells which campaign is which
    half_told = "old.campaign_id = new.campaign_id AND (old.account = '') <> (new.account = '')"
    for (one, other), which, called in (
        (by_name, f"{same_name} AND {other_id}", "new.called"),
        (by_kind, nameless, "''"),
        (by_id, half_told, "''"),
    ):
        clash = assembly.query(
            f"SELECT old.example, new.example, {called}, old.account = '' FROM {one} AS old "
            f"JOIN {other} AS new ON {_NEAR} AND {which} "
            f"ORDER BY ALL LIMIT 1"
        )
        if clash:
            held, given, name, is_bare = clash[0]
            what = f"the campaign '{name}'" if name else "campaigns"
            seen = f"{what} as {given}, while ad_daily holds the same days as {held}"
            if held == given:
                ways = ("with", "without") if is_bare else ("without", "with")
                seen = (
                    f"the campaign {name or given} {ways[0]} its account, while ad_daily holds the same days {ways[1]}"
                )
            fix = (
                "Export it with the same id columns as before, or remove data/ad_daily.parquet and import all files "
                "again."
            )
            raise refuse(file, seen, "the same ids as before", fix)
