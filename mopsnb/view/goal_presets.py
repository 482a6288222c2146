"""Columns of the tables that look ahead or back on the page of goals."""

from __future__ import annotations

from collections.abc import Mapping

from mopsnb.view.columns import Column

PROSPECT_COLUMNS: Mapping[str, Column] = {
    "statement": Column("Goal"),
    "target": Column("Target", "value", "unit"),
    "forecast": Column("Forecast at the deadline", "value", "unit"),
    "range": Column("80% of futures"),
    "chance": Column("Chance of target"),
    "needed": Column("Needed from now"),
    "pace": Column("Latest three months"),
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
