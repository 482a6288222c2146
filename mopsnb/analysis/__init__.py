"""What figures mean: pure functions from frames and the strategy to frames and findings.

Nothing here opens a file, reads a clock, prints or draws. The rules and formulas stand in
``docs/methods.md``.
"""

from mopsnb.analysis.actions import plan_actions
from mopsnb.analysis.days import find_odd_days
from mopsnb.analysis.drawing import draw_paths
from mopsnb.analysis.headlines import LEADING_METRICS, describe_goals, lead_with_goals, lead_with_metrics
from mopsnb.analysis.moves import BREAKDOWNS, explain_moves
from mopsnb.analysis.process_tables import chart_metrics, read_processes
from mopsnb.analysis.progress import track_goals
from mopsnb.analysis.risks import find_risks
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
from mopsnb.analysis.smart import find_flaws, judge_goals
from mopsnb.analysis.stakeholders import check_coverage, map_stakeholders
from mopsnb.analysis.tree import grow_tree
from mopsnb.analysis.trends import find_signals, summarize_metrics

__all__ = [
    "BREAKDOWNS",
    "LEADING_METRICS",
    "chart_metrics",
    "check_coverage",
    "compare_metrics",
    "define_metrics",
    "describe_goals",
    "draw_paths",
    "explain_moves",
    "find_flaws",
    "find_odd_days",
    "find_risks",
    "find_signals",
    "grow_tree",
    "judge_goals",
    "lead_with_goals",
    "lead_with_metrics",
    "list_shown",
    "map_stakeholders",
    "plan_actions",
    "read_processes",
    "select_goals",
    "select_metric",
    "select_months",
    "summarize_metrics",
    "tabulate_months",
    "tabulate_verdicts",
    "track_goals",
]
