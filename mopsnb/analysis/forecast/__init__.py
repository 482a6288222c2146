"""Forecasts of metrics: chosen by a rolling-origin backtest, with an interval and the baseline beside them.

>>> from mopsnb.analysis import forecast
>>> forecast.say_chance(0.25)
'the chance is 25 %'
"""

from mopsnb.analysis.forecast.chances import Chance, find_chance, say_chance
from mopsnb.analysis.forecast.metrics import Forecast, forecast_months
from mopsnb.analysis.forecast.outlooks import Outlook, look_out
from mopsnb.analysis.forecast.proposals import propose_targets
from mopsnb.analysis.forecast.tables import forecast_metrics, tabulate_forecasts, tabulate_methods, tell_outlooks

__all__ = [
    "Chance",
    "Forecast",
    "Outlook",
    "find_chance",
    "forecast_metrics",
    "forecast_months",
    "look_out",
    "propose_targets",
    "say_chance",
    "tabulate_forecasts",
    "tabulate_methods",
    "tell_outlooks",
]
