"""How many rows a table has on each day: what as_of, freshness and the search for wild dates rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb
import pandas as pd

from mopsnb.data.files import TableFile
from mopsnb.data.sql import quote_name
from mopsnb.data.views import Calendar, select_typed


@dataclass(frozen=True)
class Days:
    """The rows of one table by local day and source.

    Parameters
    ----------
    frame
        Columns ``day`` (date), ``source`` (text, empty where there is none) and ``rows``; in order.
    """

    frame: pd.DataFrame

    def find_last(self, until: date | None = None) -> date | None:
        """Return the latest day, up to ``until`` where it is given."""
        days = self.frame["day"]
        if until is not None:
            days = days[days <= until]
        last: date | None = days.max() if len(days) else None
        return last

    @property
    def rows(self) -> int:
        """How many dated rows there are."""
        return int(self.frame["rows"].sum())


def count_days(connection: duckdb.DuckDBPyConnection, file: TableFile, time_zone: str) -> Days:
    """Count a table's rows by local day and source.

    The source is what the column ``source`` says; ``ad_daily`` adds the channel. Committed
    spend is left out: it is not spent yet. A file that cannot be read has no days.
    """
    table = file.table
    empty = Days(pd.DataFrame({"day": [], "source": [], "rows": []}).astype({"rows": "int64"}))
    if not file.types or not table.time:
        return empty
    parts = [name for name in ("source",) if name in table.provenance]
    parts += ["channel"] if table.name == "ad_daily" else []
    source = f"concat_ws(' / ', {', '.join(f'cells.{quote_name(name)}' for name in parts)})" if parts else "''"
    where = " WHERE cells.status IS DISTINCT FROM 'committed'" if table.name == "spend_actual" else ""
    query = (
        f"SELECT {Calendar(time_zone).find_day(table, table.time)} AS day, {source} AS source, count(*) AS rows "
        f"FROM ({select_typed(file, time_zone)}) AS cells{where} GROUP BY 1, 2 HAVING day IS NOT NULL ORDER BY 1, 2"
    )
    try:
        rows = connection.execute(query).fetchall()
    except duckdb.Error:  # the fault scan says what is wrong with the file
        return empty
    return Days(pd.DataFrame(rows, columns=["day", "source", "rows"]).astype({"rows": "int64"}))
