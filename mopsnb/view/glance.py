"""All metrics at a glance: a table a group, with a small line of each metric's months."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mopsnb.view.columns import Column
from mopsnb.view.gallery import Gallery
from mopsnb.view.tables import MOST_ROWS, table
from mopsnb.view.text import no_data

GLANCE_COLUMNS: Mapping[str, Column] = {
    "title": Column("Metric"),
    "history": Column("24 months", "spark"),
    "value": Column("Latest month", "value", "unit"),
    "target_text": Column("Target"),
    "change": Column("Month before", "change"),
    "change_last_year": Column("Year before", "change"),
    "verdict": Column("Signal or noise"),
    "forecast": Column("Forecast, with 80% of outcomes"),
}


def glance(rows: pd.DataFrame) -> Gallery:
    """Return a table for each group of metrics; longer ones fold.

    Parameters
    ----------
    rows
        What ``analysis.glance_at_metrics`` returned.
    """
    tables = [
        table(part, caption=str(group), columns=GLANCE_COLUMNS, limit=MOST_ROWS)
        for group, part in rows.groupby("group", sort=False)
    ]
    return Gallery(tuple(tables or [no_data("Metrics at a glance")]))
