"""Columns of the tables that tell how fresh and how complete the data is."""

from __future__ import annotations

from collections.abc import Mapping

from mopsnb.view.columns import Column

FRESHNESS_COLUMNS: Mapping[str, Column] = {
    "table": Column("Table"),
    "source": Column("Source"),
    "last_on": Column("Newest row", "date"),
    "age_days": Column("Days old", "count"),
    "allowed_days": Column("Days allowed", "count"),
    "rows": Column("Rows", "count"),
}
DAY_COLUMNS: Mapping[str, Column] = {
    "first_on": Column("First day", "date"),
    "last_on": Column("Last day", "date"),
    "measure": Column("Figure"),
    "segment": Column("Channel", "name"),
    "value": Column("A day", "number"),
    "usual": Column("Usual", "number"),
    "reading": Column("Reading"),
}
MISSING_COLUMNS: Mapping[str, Column] = {
    "period_start": Column("Month", "month"),
    "title": Column("Metric"),
    "days": Column("Days missing", "count"),
    "note": Column("Which days"),
}
