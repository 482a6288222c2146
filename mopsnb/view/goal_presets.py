"""Columns of the tables that look ahead or back on the page of goals."""

from __future__ import annotations

from collections.abc import Mapping

from mopsnb.view.columns import Column

RUNNING_COLUMNS: Mapping[str, Column] = {
    "statement": Column("Goal"),
    "status": Column("Status", "status"),
    "chance": Column("Chance of target"),
    "actual": Column("Actual", "value", "unit"),
    "basis": Column("Actual covers"),
    "expected": Column("Expected by now", "value", "unit"),
    "target": Column("Target at the deadline", "value", "unit"),
    "owner": Column("Owner"),
}
PROSPECT_COLUMNS: Mapping[str, Column] = {
    "statement": Column("Goal"),
    "achieved_text": Column("Achieved"),
    "aim": Column("Forecast covers"),
    "forecast": Column("Forecast", "value", "unit"),
    "range": Column("80% of futures"),
    "needed": Column("Needed from now"),
    "pace": Column("Recent pace"),
}
PLAN_COLUMNS: Mapping[str, Column] = {
    "statement": Column("Goal"),
    "span": Column("Period"),
    "target": Column("Target today", "value", "unit"),
    "chance": Column("Its chance"),
    "conservative_text": Column("Conservative (chance)"),
    "likely_text": Column("Likely (chance)"),
    "stretch_text": Column("Stretch (chance)"),
    "reason": Column("Why none"),
}
CHANGE_COLUMNS: Mapping[str, Column] = {
    "statement": Column("Goal"),
    "what": Column("What"),
    "before": Column("Last run"),
    "now": Column("This run"),
    "why": Column("Why"),
}
