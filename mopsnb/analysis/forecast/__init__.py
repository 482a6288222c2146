"""Forecasts of metrics: chosen by a rolling-origin backtest, with an interval and the baseline beside them.

>>> from mopsnb.analysis import forecast
>>> forecast.say_chance(0.25)
'the chance is 25%'
"""

from mopsnb.analysis.forecast.calendars import compare_calendars
from mopsnb.analysis.forecast.chances import Chance, find_chance, say_chance
from mopsnb.analysis.forecast.goals import add_chances, describe_chances, forecast_goals
from mopsnb.analysis.forecast.metrics import Forecast, forecast_months
from mopsnb.analysis.forecast.outlooks import Outlook, look_out
from mopsnb.analysis.forecast.parts import Beside, compare_parts, report_parts, tell_parts
from mopsnb.analysis.forecast.planning import propose_for_goals
from mopsnb.analysis.forecast.proposals import propose_targets
from mopsnb.analysis.forecast.tables import forecast_metrics, tabulate_forecasts, tabulate_methods, tell_outlooks
from mopsnb.analysis.forecast.windows import GoalParts, compare_goal_parts, report_goal_parts

__all__ = [
    "Beside",
    "Chance",
    "Forecast",
    "GoalParts",
    "Outlook",
    "add_chances",
    "compare_calendars",
    "compare_goal_parts",
    "compare_parts",
    "describe_chances",
    "find_chance",
    "forecast_goals",
    "forecast_metrics",
    "forecast_months",
    "look_out",
    "propose_for_goals",
    "propose_targets",
    "report_goal_parts",
    "report_parts",
    "say_chance",
    "tabulate_forecasts",
    "tabulate_methods",
    "tell_outlooks",
    "tell_parts",
]
