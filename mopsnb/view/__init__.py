"""What a notebook shows: charts, tables, cards and prose that look the same everywhere.

>>> from mopsnb import view
>>> theme = view.use_theme("USD", "en_US")
>>> view.format_value(0.004, "fraction")
'0.40%'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mopsnb.view.columns import Column
from mopsnb.view.data_presets import DAY_COLUMNS, FRESHNESS_COLUMNS, MISSING_COLUMNS
from mopsnb.view.formats import MISSING, Formats
from mopsnb.view.goal_presets import CHANGE_COLUMNS, PLAN_COLUMNS, PROSPECT_COLUMNS, RUNNING_COLUMNS
from mopsnb.view.html import Html, Prose, escape
from mopsnb.view.presets import (
    ACTION_COLUMNS,
    AD_COLUMNS,
    AGE_COLUMNS,
    ATTAINMENT_COLUMNS,
    BAND_COLUMNS,
    BREACH_COLUMNS,
    CALL_COLUMNS,
    CHANNEL_COLUMNS,
    DEFINITION_COLUMNS,
    DURATION_COLUMNS,
    EXCLUDED_COLUMNS,
    FLAW_COLUMNS,
    GOAL_COLUMNS,
    LEFT_OUT_COLUMNS,
    MASKED_CALL_COLUMNS,
    METHOD_COLUMNS,
    METRIC_COLUMNS,
    MODEL_COLUMNS,
    NEED_COLUMNS,
    OPENS_COLUMNS,
    OWNER_COLUMNS,
    PACE_COLUMNS,
    PAST_COLUMNS,
    POINT_COLUMNS,
    PROJECTION_COLUMNS,
    PROMISE_COLUMNS,
    READING_COLUMNS,
    REMAINING_COLUMNS,
    RETURN_COLUMNS,
    REWRITE_COLUMNS,
    ROLLUP_COLUMNS,
    SEGMENT_COLUMNS,
    START_COLUMNS,
    TRACE_COLUMNS,
    VERDICT_COLUMNS,
)
from mopsnb.view.style import STYLE
from mopsnb.view.text import findings, headlines, no_data, say
from mopsnb.view.theme import Theme, format_value, site_configs, use_theme

if TYPE_CHECKING:
    from mopsnb.view.charts import (
        bars,
        driver_bars,
        driver_gallery,
        driver_tree,
        goal_progress,
        lines,
        shares,
        small_multiples,
        spend_by_channel,
        stakeholder_map,
        trace_matrix,
        trend,
        trend_gallery,
    )
    from mopsnb.view.explorer import explore
    from mopsnb.view.figure import Figure, chart
    from mopsnb.view.gallery import Gallery, definitions, fold, goal_gallery, target_gallery
    from mopsnb.view.glance import glance
    from mopsnb.view.linked_charts import linked
    from mopsnb.view.tables import table

__all__ = [
    "ACTION_COLUMNS",
    "AD_COLUMNS",
    "AGE_COLUMNS",
    "ATTAINMENT_COLUMNS",
    "BAND_COLUMNS",
    "BREACH_COLUMNS",
    "CALL_COLUMNS",
    "CHANGE_COLUMNS",
    "CHANNEL_COLUMNS",
    "DAY_COLUMNS",
    "DEFINITION_COLUMNS",
    "DURATION_COLUMNS",
    "EXCLUDED_COLUMNS",
    "FLAW_COLUMNS",
    "FRESHNESS_COLUMNS",
    "GOAL_COLUMNS",
    "LEFT_OUT_COLUMNS",
    "MASKED_CALL_COLUMNS",
    "METHOD_COLUMNS",
    "METRIC_COLUMNS",
    "MISSING",
    "MISSING_COLUMNS",
    "MODEL_COLUMNS",
    "NEED_COLUMNS",
    "OPENS_COLUMNS",
    "OWNER_COLUMNS",
    "PACE_COLUMNS",
    "PAST_COLUMNS",
    "PLAN_COLUMNS",
    "POINT_COLUMNS",
    "PROJECTION_COLUMNS",
    "PROMISE_COLUMNS",
    "PROSPECT_COLUMNS",
    "READING_COLUMNS",
    "REMAINING_COLUMNS",
    "RETURN_COLUMNS",
    "REWRITE_COLUMNS",
    "ROLLUP_COLUMNS",
    "RUNNING_COLUMNS",
    "SEGMENT_COLUMNS",
    "START_COLUMNS",
    "STYLE",
    "TRACE_COLUMNS",
    "VERDICT_COLUMNS",
    "Column",
    "Figure",
    "Formats",
    "Gallery",
    "Html",
    "Prose",
    "Theme",
    "bars",
    "chart",
    "definitions",
    "driver_bars",
    "driver_gallery",
    "driver_tree",
    "escape",
    "explore",
    "findings",
    "fold",
    "format_value",
    "glance",
    "goal_gallery",
    "goal_progress",
    "headlines",
    "lines",
    "linked",
    "no_data",
    "say",
    "shares",
    "site_configs",
    "small_multiples",
    "spend_by_channel",
    "stakeholder_map",
    "table",
    "target_gallery",
    "trace_matrix",
    "trend",
    "trend_gallery",
    "use_theme",
]

_LATE = {
    "bars": "charts",
    "driver_bars": "charts",
    "driver_gallery": "charts",
    "driver_tree": "charts",
    "goal_progress": "charts",
    "lines": "charts",
    "shares": "charts",
    "small_multiples": "charts",
    "spend_by_channel": "charts",
    "stakeholder_map": "charts",
    "trace_matrix": "charts",
    "trend": "charts",
    "explore": "explorer",
    "linked": "linked_charts",
    "trend_gallery": "charts",
    "Figure": "figure",
    "chart": "figure",
    "Gallery": "gallery",
    "definitions": "gallery",
    "fold": "gallery",
    "glance": "glance",
    "goal_gallery": "gallery",
    "target_gallery": "gallery",
    "table": "tables",
}


def __getattr__(name: str) -> Any:
    # Loaded at first use: a page is written without the libraries that draw charts and tables.
    if name not in _LATE:
        raise AttributeError(f"module 'mopsnb.view' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"mopsnb.view.{_LATE[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
