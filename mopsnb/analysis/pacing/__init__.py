"""Budget pacing: spend against the phased plan, where the year will end, and what advertising returned.

The method stands in ``docs/budget-pacing.md``. Frames come from the workspace (`mopsnb.data.spending`).
"""

from mopsnb.analysis.pacing.deviations import find_deviations
from mopsnb.analysis.pacing.drawing import SERIES_NAMES, draw_channels, draw_months, draw_path
from mopsnb.analysis.pacing.gaps import find_gaps
from mopsnb.analysis.pacing.headlines import lead_with_budget
from mopsnb.analysis.pacing.pace import pace_budget
from mopsnb.analysis.pacing.returns import CAVEAT, rate_returns
from mopsnb.analysis.pacing.words import describe_total, title_channels, title_path

__all__ = [
    "CAVEAT",
    "SERIES_NAMES",
    "describe_total",
    "draw_channels",
    "draw_months",
    "draw_path",
    "find_deviations",
    "find_gaps",
    "lead_with_budget",
    "pace_budget",
    "rate_returns",
    "title_channels",
    "title_path",
]
