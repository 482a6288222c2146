"""The ready-made charts. ``docs/charts.md`` says how to add one."""

from mopsnb.view.bar_charts import bars, spend_by_channel
from mopsnb.view.drivers import driver_bars, driver_gallery
from mopsnb.view.goals import goal_progress
from mopsnb.view.line_charts import lines
from mopsnb.view.matrix import trace_matrix
from mopsnb.view.share_strips import shares
from mopsnb.view.stakeholders import stakeholder_map
from mopsnb.view.strips import small_multiples
from mopsnb.view.trees import driver_tree
from mopsnb.view.trends import trend, trend_gallery

__all__ = [
    "bars",
    "driver_bars",
    "driver_gallery",
    "driver_tree",
    "goal_progress",
    "lines",
    "shares",
    "small_multiples",
    "spend_by_channel",
    "stakeholder_map",
    "trace_matrix",
    "trend",
    "trend_gallery",
]
