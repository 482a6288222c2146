"""Traffic and money whose campaign nobody has mapped: counted in every total, and queued here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from mopsnb.data.catalogue import Catalogue
from mopsnb.data.connection import Connection
from mopsnb.data.metric_queries import fetch_rows, find_columns
from mopsnb.data.naming import UNMAPPED, clean, resolve_names
from mopsnb.data.plain_rows import find_plain
from mopsnb.data.relations import Relation
from mopsnb.data.sql import quote_name, quote_text
from mopsnb.data.wording import count_of
from mopsnb.findings import Finding, make_id

# What is at stake in each relation, by the column of the queue that it fills.
STAKES = {
    "ad_daily": {"spend": "SUM(spend)", "clicks": "SUM(clicks)"},
    "spend_actual": {"spend": "SUM(amount)"},
    "web_daily": {"sessions": "SUM(sessions)"},
    "email_event": {"clicks": "SUM(CASE WHEN event_type = 'click' THEN 1 ELSE 0 END)"},
    "touchpoint": {"leads": "COUNT(DISTINCT contact_id)"},
    "campaign_member": {"leads": "COUNT(DISTINCT contact_id)"},
    "opened_deal": {"deals": "COUNT(*)"},
}
AMOUNTS = ("spend", "clicks", "sessions", "leads", "deals")
NAMES = ("campaign", "campaign_map")
_WORDS = {"spend": "spend {:,.2f}", "clicks": "{:,.0f} clicks", "sessions": "{:,.0f} sessions"}
_WORDS |= {"leads": "{:,.0f} leads", "deals": "{:,.0f} deals"}


def list_unmapped(connection: Connection, catalogue: Catalogue, tables: Iterable[str]) -> pd.DataFrame:
    """Return the campaign names that lead to no campaign, those with the most rows first.

    Parameters
    ----------
    connection
        Holds one typed view for each of the tables.
    catalogue
        The metrics, whose relations say how rows name campaigns.
    tables
        The tables to look at. Without ``campaign`` and ``campaign_map`` every name stands for itself.

    Returns
    -------
    pandas.DataFrame
        ``table``, ``system`` (as ``campaign_map.source`` calls it), ``campaign_id`` and ``campaign_name`` (empty where
        the table has one of them only), ``rows``, ``spend``, ``clicks``, ``sessions``, ``leads``, ``deals`` (NaN where
        the table does not know it), ``proposed_id`` and ``proposed_name`` (the campaign whose name is the same but
        for case, marks and a year; empty where none or several are).
    """
    present = {table: found for table, found in find_columns(connection).items() if table in set(tables)}
    rows: list[dict[str, object]] = []
    if set(NAMES) & set(present):
        relations = {part.relation.name: part.relation for metric in catalogue.values() for part in metric.parts}
        known = _read_campaigns(connection, present)
        for name, stakes in STAKES.items():
            relation = relations.get(name)
            if relation and set(relation.tables) <= set(present):
                plain = find_plain(connection, relation)
                rows += _list_relation(connection, plain, stakes, present, known)
    columns = ["table", "system", "campaign_id", "campaign_name", "rows", *AMOUNTS, "proposed_id", "proposed_name"]
    frame = pd.DataFrame(rows, columns=columns)
    texts = dict.fromkeys(("table", "system", "campaign_id", "campaign_name", "proposed_id", "proposed_name"), "str")
    frame = frame.astype(texts | {"rows": "int64"} | dict.fromkeys(AMOUNTS, "float64"))
    return frame.sort_values(["rows", "table", "campaign_id", "campaign_name"], ascending=[False, True, True, True],
                             kind="stable", ignore_index=True)  # fmt: skip


def report_unmapped(queue: pd.DataFrame) -> list[Finding]:
    """Return a finding with how many names are not mapped and what is at stake; none where all are."""
    if queue.empty:
        return []
    parts = []
    for table, rows in queue.groupby("table", sort=True):
        sums = {name: rows[name].sum() for name in AMOUNTS if rows[name].notna().any()}
        amounts = ", ".join(_WORDS[name].format(total) for name, total in sums.items())
        parts.append(f"{table}: {count_of(len(rows), 'name')}, {amounts}")
    proposed = int((queue["proposed_id"] != "").sum())
    return [
        Finding(
            make_id("campaigns", "unmapped"),
            "warning",
            f"{count_of(len(queue), 'campaign name')} of other systems belong{'s' if len(queue) == 1 else ''} to no "
            "campaign",
            f"{'; '.join(parts)}. Totals count them; by campaign they are {UNMAPPED}.",
            "Add a row for each name to data/campaign_map.csv; ws.unmapped() lists them"
            + (f" and proposes a campaign for {proposed}." if proposed else "."),
            where="campaign_map",
        )
    ]


def normalize_name(name: str) -> str:
    """Return what is left of a campaign's name without case, accents, marks and a year.

    Examples
    --------
    >>> normalize_name("Spring sensor offer 2026"), normalize_name("SpringSensorOffer")
    ('springsensoroffer', 'springsensoroffer')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    letters = re.sub(r"[^a-z0-9]+", "", re.sub(r"(?<!\d)20\d\d(?!\d)", "", plain).casefold())
    return letters or re.sub(r"[^a-z0-9]+", "", plain.casefold())


def _list_relation(
    connection: Connection,
    relation: Relation,
    stakes: dict[str, str],
    tables: Mapping[str, Sequence[str]],
    known: list[tuple[str, str]],
) -> list[dict[str, object]]:
    names = resolve_names(relation.naming, tables)
    parts = [clean(part) for part in relation.naming.campaign]
    is_name = relation.naming.campaign[0] != "campaign_id"
    identity = "NULL" if is_name else parts[0]
    title = parts[0] if is_name else parts[1] if len(parts) > 1 else "NULL"
    system = f"COALESCE({', '.join(clean(system) for system in _order_systems(relation))}, '')"
    rows, count, amounts = _count_names(relation, stakes, tables[relation.tables[0]])
    query = (
        f"SELECT shown_system, shown_id, shown_name, {', '.join([count, *amounts])} FROM (SELECT *, "
        f"{system} AS shown_system, COALESCE({identity}, '') AS shown_id, COALESCE({title}, '') AS shown_name, "
        f"{names.campaign} AS shown_campaign FROM {' '.join([rows, *names.joins])}"
        f") AS named WHERE shown_campaign = {quote_text(UNMAPPED)} GROUP BY shown_system, shown_id, shown_name"
    )
    found = []
    for told, number, name, total, *sums in fetch_rows(connection, query, {}):
        proposal = _propose((name, number), known)
        row = {"table": relation.tables[0], "system": told, "campaign_id": number, "campaign_name": name, "rows": total}
        row |= {key: None if value is None else float(value) for key, value in zip(stakes, sums, strict=True)}
        found.append(row | {"proposed_id": proposal[0], "proposed_name": proposal[1]})
    return found


def _count_names(relation: Relation, stakes: dict[str, str], columns: Sequence[str]) -> tuple[str, str, list[str]]:
    """Return what stands after FROM, and SQL of the number of rows and of what is at stake.

    Where sums alone are at stake, the rows of each name are counted first: there are few names, and each is looked up
    once. Different contacts cannot be added up, so that their rows stay as they are.
    """
    rows = relation.rows_within(f"{relation.time} IS NOT NULL")
    if any("DISTINCT" in stake for stake in stakes.values()):
        return f"(SELECT * FROM {rows} WHERE {relation.where}) AS sound", "COUNT(*)", list(stakes.values())
    naming = relation.naming
    words = set(re.findall(r"\w+", " ".join((*naming.systems, *naming.campaign, *naming.channels, naming.channel))))
    keys = ", ".join(quote_name(column) for column in columns if column in words)
    parts = ", ".join(f"{stake} AS stake_{place}" for place, stake in enumerate(stakes.values()))
    counted = f"SELECT {keys}, COUNT(*) AS times, {parts} FROM {rows} WHERE {relation.where} GROUP BY {keys}"
    return f"({counted}) AS counted", "SUM(times)", [f"SUM(stake_{place})" for place in range(len(stakes))]


def _order_systems(relation: Relation) -> list[str]:
    """Return what names a row's system, the table's own columns before the name that the catalogue gives it."""
    fixed = [system for system in relation.naming.systems if system.startswith("'")]
    given = [system for system in relation.naming.systems if not system.startswith("'")]
    return fixed or given


def _read_campaigns(connection: Connection, tables: Iterable[str]) -> list[tuple[str, str]]:
    queries = {
        "campaign": "SELECT campaign_id, name FROM campaign",
        "campaign_map": "SELECT campaign_id, source_name FROM campaign_map WHERE campaign_id IS NOT NULL",
    }
    return [row for table, query in queries.items() if table in tables for row in fetch_rows(connection, query, {})]


def _propose(names: Sequence[str], known: list[tuple[str, str]]) -> tuple[str, str]:
    """Return the one campaign that bears a name but for its spelling; two empty texts where none or several do."""
    titles: dict[str, str] = {}
    for number, title in known:
        titles.setdefault(number, title)
    for name in filter(None, names):
        wanted = normalize_name(name)
        alike = {number for number, title in known if wanted and title and normalize_name(title) == wanted}
        if len(alike) == 1:
            number = alike.pop()
            return number, titles[number]
    return "", ""
