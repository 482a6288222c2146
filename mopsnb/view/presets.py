"""Columns of the tables that several notebooks show, so that a cell names them in a word."""

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
METRIC_COLUMNS: Mapping[str, Column] = {
    "title": Column("Metric"),
    "value": Column("Latest month", "value", "unit"),
    "change": Column("Against the month before", "change"),
    "numerator": Column("Counted", "number"),
    "denominator": Column("Base", "number"),
    "formula": Column("Formula"),
}
AD_COLUMNS: Mapping[str, Column] = {
    "period_start": Column("Month", "month"),
    "ad_spend": Column("Ad spend", "currency", digits=2),
    "ad_impressions": Column("Impressions", "count"),
    "ad_clicks": Column("Clicks", "count"),
    "ad_conversions": Column("Conversions, as platforms count them", "number"),
}
GOAL_COLUMNS: Mapping[str, Column] = {
    "statement": Column("Goal"),
    "status": Column("Status", "status"),
    "actual": Column("Actual", "value", "unit"),
    "expected": Column("Expected by now", "value", "unit"),
    "target": Column("Target", "value", "unit"),
    "deadline": Column("Deadline", "date"),
    "owner": Column("Owner"),
}
PEOPLE_COLUMNS: Mapping[str, Column] = {
    "name": Column("Stakeholder"),
    "power": Column("Power", "count"),
    "interest": Column("Interest", "count"),
    "quadrant": Column("Advice"),
    "goals": Column("Goals", "count"),
    "goal_names": Column("Which"),
}
VERDICT_COLUMNS: Mapping[str, Column] = {
    "statement": Column("Goal"),
    "S": Column("Specific"),
    "M": Column("Measurable"),
    "A": Column("Attainable"),
    "R": Column("Relevant"),
    "T": Column("Time-bound"),
}
FLAW_COLUMNS: Mapping[str, Column] = {
    "statement": Column("Goal"),
    "name": Column("Letter"),
    "reason": Column("Why it fails"),
    "fix": Column("What to write"),
}
ACTION_COLUMNS: Mapping[str, Column] = {
    "action": Column("Action"),
    "reason": Column("Because"),
    "owner": Column("Owner"),
    "due": Column("By", "date"),
}
