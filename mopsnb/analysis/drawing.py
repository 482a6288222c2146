"""Points for charts: each goal's target path and actual figures by month."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from mopsnb.analysis.cases import Case, list_starts, open_case
from mopsnb.analysis.frames import DAY, FLAG, NUMBER, TEXT, build_frame
from mopsnb.analysis.measures import split_total
from mopsnb.analysis.months import NAN, shift_month
from mopsnb.analysis.paths import Shape
from mopsnb.strategy import Strategy

PATH_COLUMNS = {
    **{"goal": TEXT, "period_start": DAY, "period_end": DAY, "expected": NUMBER, "actual": NUMBER},
    **{"actual_through": DAY, "is_complete": FLAG},
}


def draw_paths(
    strategy: Strategy,
    catalogue: pd.DataFrame,
    history: Mapping[str, pd.DataFrame],
    as_of: date | None,
    *,
    shape: Shape = "auto",
) -> pd.DataFrame:
    """Return target path and actual figures by month, for charts; goals that cannot be tracked have no rows.

    For an additive metric both are running totals, ``expected`` through ``period_end``, ``actual`` through
    ``actual_through``; a missing month makes every later total unknown. For a ratio both are the month's level.

    Returns
    -------
    pandas.DataFrame
        goal, period_start, period_end (the month's or the goal's last day), expected, actual (NaN
        where missing or ahead), actual_through (the last day that ``actual`` counts), is_complete.
    """
    rows: list[dict[str, object]] = []
    for goal in strategy.goals:
        case = open_case(goal, catalogue, history.get(goal.id), as_of, shape)
        if not isinstance(case, str):
            rows += _draw_totals(case) if case.card.additive else _draw_levels(case)
    return build_frame(rows, PATH_COLUMNS)


def _draw_totals(case: Case) -> list[dict[str, object]]:
    parts = {part.month: part for part in split_total(case)} if case.as_of >= case.path.start else {}
    rows: list[dict[str, object]] = []
    so_far = 0.0
    for begin in list_starts(case.path.start, case.path.deadline):
        part = parts.get(begin)
        so_far = so_far + part.value if part else NAN
        end = min(shift_month(begin, 1) - timedelta(days=1), case.path.deadline)
        expected, _ = case.path.expect_total([(case.path.start, end)])
        last = part.last if part and math.isfinite(so_far) else None
        rows.append(_draw_point(case, begin, end, (expected, so_far, last)))
    return rows


def _draw_levels(case: Case) -> list[dict[str, object]]:
    known = {month.start: month for month in case.months if month.start <= case.as_of}
    rows = []
    for begin in list_starts(case.path.start, case.path.deadline):
        end = min(shift_month(begin, 1) - timedelta(days=1), case.path.deadline)
        expected = case.path.expect_level(max(begin, case.path.start), end)
        month = known.get(begin)
        value = month.value if month else NAN
        last = min(month.end, case.as_of) if month and math.isfinite(value) else None
        rows.append(_draw_point(case, begin, end, (expected, value, last)))
    return rows


def _draw_point(case: Case, begin: date, end: date, point: tuple[float, float, date | None]) -> dict[str, object]:
    expected, actual, through = point
    return {
        "goal": case.goal.id,
        "period_start": begin,
        "period_end": end,
        "expected": expected,
        "actual": actual,
        "actual_through": through,
        "is_complete": end <= case.as_of,
    }
