"""What figures mean: pure functions from frames and the strategy to frames and findings.

Nothing here opens a file, reads a clock, prints or draws. The rules and formulas stand in
``docs/methods.md``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mopsnb.analysis.actions import plan_actions
from mopsnb.analysis.days import find_odd_days
from mopsnb.analysis.drawing import draw_paths
from mopsnb.analysis.events import name_events
from mopsnb.analysis.glance import glance_at_metrics
from mopsnb.analysis.goal_gaps import note_missing
from mopsnb.analysis.headlines import LEADING_METRICS, describe_goals, lead_with_goals, lead_with_metrics
from mopsnb.analysis.missing_days import find_missing_days, mark_missing, report_missing, tell_missing
from mopsnb.analysis.moves import BREAKDOWNS, explain_moves
from mopsnb.analysis.needs import check_needs, describe_agreement, measure_agreement, rank_needs
from mopsnb.analysis.process_tables import chart_metrics, tell_processes
from mopsnb.analysis.progress import track_goals
from mopsnb.analysis.restated import compare_runs, describe_changes, list_figures, report_restated
from mopsnb.analysis.risks import find_risks
from mopsnb.analysis.rollup import roll_up_goals
from mopsnb.analysis.selection import (
    compare_metrics,
    define_metrics,
    list_shown,
    select_goals,
    select_metric,
    select_months,
    tabulate_months,
    tabulate_verdicts,
)
from mopsnb.analysis.signals import find_signals, report_odd_days
from mopsnb.analysis.smart import Prospects, find_flaws, judge_goals
from mopsnb.analysis.smart_ranks import rank_changes
from mopsnb.analysis.stakeholders import check_coverage, map_stakeholders
from mopsnb.analysis.statements.entries import describe_readings, write_entries
from mopsnb.analysis.statements.readings import read_goals, size_goals
from mopsnb.analysis.statements.rewrite import rewrite_goals
from mopsnb.analysis.tracing import check_trace, list_links, trace_goals
from mopsnb.analysis.tree import grow_goal_tree, grow_tree, list_steps
from mopsnb.analysis.trends import summarize_metrics

if TYPE_CHECKING:
    from mopsnb.analysis import studies

__all__ = [
    "BREAKDOWNS",
    "LEADING_METRICS",
    "Prospects",
    "chart_metrics",
    "check_coverage",
    "check_needs",
    "check_trace",
    "compare_metrics",
    "compare_runs",
    "define_metrics",
    "describe_agreement",
    "describe_changes",
    "describe_goals",
    "describe_readings",
    "draw_paths",
    "explain_moves",
    "find_flaws",
    "find_missing_days",
    "find_odd_days",
    "find_risks",
    "find_signals",
    "glance_at_metrics",
    "grow_goal_tree",
    "grow_tree",
    "judge_goals",
    "lead_with_goals",
    "lead_with_metrics",
    "list_figures",
    "list_links",
    "list_shown",
    "list_steps",
    "map_stakeholders",
    "mark_missing",
    "measure_agreement",
    "name_events",
    "note_missing",
    "plan_actions",
    "rank_changes",
    "rank_needs",
    "read_goals",
    "report_missing",
    "report_odd_days",
    "report_restated",
    "rewrite_goals",
    "roll_up_goals",
    "select_goals",
    "select_metric",
    "select_months",
    "size_goals",
    "studies",
    "summarize_metrics",
    "tabulate_months",
    "tabulate_verdicts",
    "tell_missing",
    "tell_processes",
    "trace_goals",
    "track_goals",
    "write_entries",
]


def __getattr__(name: str) -> Any:
    # Loaded at first use: a headless run has no reader who tries things out.
    if name == "studies":
        return import_module("mopsnb.analysis.studies")
    raise AttributeError(f"module 'mopsnb.analysis' has no attribute {name!r}")
