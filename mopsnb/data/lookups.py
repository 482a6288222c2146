"""Small tables that many questions look names up in, read once a connection instead of once a question.

SQL spells each lookup out, so that every engine can answer it. Where a connection keeps answers (`mopsnb.data.recall`),
the lookup's rows are kept in a table of its own, and a question names that table: DuckDB plans it in half the time.
"""

from __future__ import annotations

from mopsnb.data.connection import Connection
from mopsnb.data.recall import find, is_keeping, keep
from mopsnb.data.sql import quote_name

MAP = (
    "(SELECT LOWER(TRIM(source)) AS system, LOWER(TRIM(source_name)) AS key, MIN(campaign_id) AS campaign, "
    "MIN(channel) AS channel FROM campaign_map GROUP BY LOWER(TRIM(source)), LOWER(TRIM(source_name)))"
)
_HOLDERS = ("campaign", "campaign_map")  # the tables that know campaigns by id
OWNERS = "(SELECT campaign_id AS id, MIN(channel) AS channel FROM campaign GROUP BY campaign_id)"
_IDS = {table: f"SELECT campaign_id AS id FROM {table} WHERE campaign_id IS NOT NULL" for table in _HOLDERS}
KNOWN: dict[tuple[str, ...], str] = {(table,): f"({query})" for table, query in _IDS.items()}
KNOWN[_HOLDERS] = f"({' UNION '.join(_IDS.values())})"
_NAMES = {MAP: "mopsnb_names", OWNERS: "mopsnb_owners"}
_NAMES |= {text: f"mopsnb_known_{place}" for place, text in enumerate(KNOWN.values())}


def shorten(connection: Connection, query: str) -> str:
    """Return a query that finds the same rows, with the tables of lookups instead of their SQL where they are kept.

    Parameters
    ----------
    connection
        Holds the views.
    query
        A SELECT that spells lookups out as this module does.
    """
    if not is_keeping(connection):
        return query
    for text, name in _NAMES.items():
        if text in query:
            key = (text, "lookup")  # it is forgotten with the view that its text names
            if find(connection, key) is None:
                connection.execute(f"CREATE OR REPLACE TEMP TABLE {quote_name(name)} AS {text[1:-1]}").fetchall()
                keep(connection, key, name)
            query = query.replace(text, name)
    return query
