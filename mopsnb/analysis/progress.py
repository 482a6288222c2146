"""Progress: each goal's figure against its target path, with a status and its reason."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pandas as pd

from mopsnb.analysis.cards import find_card
from mopsnb.analysis.cases import Case, explain_undefined, open_case
from mopsnb.analysis.frames import DAY, NUMBER, TEXT, build_frame
from mopsnb.analysis.measures import RATIO_MONTHS, measure
from mopsnb.analysis.months import count_months, measure_length
from mopsnb.analysis.paths import Shape, rate_achievement
from mopsnb.analysis.reasons import (
    explain_end,
    explain_gaps,
    explain_pace,
    explain_shape,
    explain_silence,
    explain_start,
)
from mopsnb.analysis.stakeholders import name_goal, name_owner
from mopsnb.analysis.status import find_need, rate_status
from mopsnb.analysis.wording import MONTHS, FormatValue, count_things, format_plainly, write_percent
from mopsnb.strategy import Goal, Strategy

AWAY = "moved away from the target"
PROGRESS_COLUMNS = {
    **dict.fromkeys(("goal", "statement", "metric", "title", "unit", "direction", "owner", "stakeholders"), TEXT),
    **{"scope": TEXT, "start": DAY, "deadline": DAY, "baseline": NUMBER, "target": NUMBER},
    **{"actual": NUMBER, "actual_period": TEXT, "expected": NUMBER, "gap": NUMBER, "achieved": NUMBER},
    **{
        "share_of_time": NUMBER,
        "days_left": NUMBER,
        "status": TEXT,
        "reason": TEXT,
        "needed_per_month": NUMBER,
        "n": NUMBER,
    },
    **dict.fromkeys(("numerator", "denominator", "low", "high"), NUMBER),
    **{
        "base": TEXT,
        "interval": TEXT,
        "season": NUMBER,
        "shape": TEXT,
        "achieved_text": TEXT,
        "basis": TEXT,
        "aim": TEXT,
    },
}


def track_goals(
    strategy: Strategy,
    catalogue: pd.DataFrame,
    history: Mapping[str, pd.DataFrame],
    as_of: date | None,
    *,
    shape: Shape = "auto",
    format_value: FormatValue = format_plainly,
) -> pd.DataFrame:
    """Return where each goal stands, one row a goal in the strategy's order.

    An additive metric (clicks, spend) is the total from the start to ``as_of``, its path a total that grows to
    the target, its baseline the total of a period as long as the goal's. A ratio is sum over sum of the last three
    complete months since the start, its path a level that moves from baseline to target, averaged over
    the same months.

    The status of a running goal follows the share of the change expected so far that has been achieved,
    ``(actual − base) ÷ (expected − base)``: on_track from 0.9, at_risk from 0.5, else behind. A goal that lacks a field
    or names an unknown metric is not_defined; one without data that counts is no_data. ``docs/methods.md`` has the
    whole rule.

    Parameters
    ----------
    strategy
        Its goals.
    catalogue
        Index: metric. Columns title, unit, direction, additive and, where known, proportion.
    history
        Goal id to the monthly frame of its metric in its scope: period_start, value, numerator, denominator,
        is_complete.
    as_of
        The last day that counts; None where there is no data at all.
    shape
        ``linear``: each day is expected to bring the same. ``seasonal``: each calendar month brings its usual share,
        for additive metrics with two full years before the start; else linear, and the reason says so. ``auto``: what
        the goal's ``path`` names; else seasonal where ``chart_process`` confirms a season, and linear where not.
    format_value
        Turns a value and its unit into text for the reason.

    Returns
    -------
    pandas.DataFrame
        goal, statement, metric, title, unit, direction (``up``, ``down``, ``hold``), owner, stakeholders (names),
        scope, start, deadline, baseline, target, actual, actual_period (ISO interval), expected, gap (actual −
        expected, in the unit), achieved (share of the change expected so far), share_of_time (0 to 1), days_left
        (to the deadline, negative after it), status, reason,
        needed_per_month (of an additive metric: what each remaining month must bring, or may; of a ratio: how far it
        must move each month), n (the size of a ratio's base), base (what it counts, in words), numerator, denominator,
        low, high and interval (95%, of a ratio), season (what a confirmed one multiplies a cost with in these months; 1
        for none), shape (of the path that was used), achieved_text (achieved in words), basis and aim (what the actual
        figure and the target cover, in words: the days of a total, the months of a rate).
    """
    rows = []
    for goal in strategy.goals:
        row = _describe(strategy, goal, catalogue)
        flaw = explain_undefined(goal, catalogue)
        case = flaw or open_case(goal, catalogue, history.get(goal.id), as_of, shape)
        if isinstance(case, str):
            rows.append(row | {"status": "not_defined" if flaw else "no_data", "reason": case})
        else:
            rows.append(row | _judge(case, format_value))
    return build_frame(rows, PROGRESS_COLUMNS)


def _describe(strategy: Strategy, goal: Goal, catalogue: pd.DataFrame) -> dict[str, object]:
    card = find_card(catalogue, goal.metric)
    return {
        "goal": goal.id,
        "statement": name_goal(goal),
        "metric": goal.metric,
        "title": card.title if card else goal.metric,
        "base": card.base if card and not card.additive else "",
        "unit": card.unit if card else "",
        "direction": _name_direction(goal, card.wish if card else 0),
        "owner": name_owner(strategy, goal.owner),
        "stakeholders": ", ".join(name_owner(strategy, person) for person in goal.stakeholders),
        "scope": name_scope(goal, strategy),
        "start": goal.start,
        "deadline": goal.deadline,
        "baseline": goal.baseline,
        "target": goal.target,
    }


def _name_direction(goal: Goal, wish: int) -> str:
    if goal.baseline is None or goal.target is None:
        return {1: "up", -1: "down"}.get(wish, "")
    return "up" if goal.target > goal.baseline else "down" if goal.target < goal.baseline else "hold"


def name_scope(goal: Goal, strategy: Strategy) -> str:
    """Return a goal's scope as ``channel: Email, Social media; region: EU``; empty for all rows."""
    names = {channel.id: channel.name or channel.id for channel in strategy.channels}
    parts = []
    for key, value in sorted(goal.scope.items()):
        values = [value] if isinstance(value, str) else value
        parts.append(f"{key}: {', '.join(names.get(item, item) if key == 'channel' else item for item in values)}")
    return "; ".join(parts)


def _judge(case: Case, format_value: FormatValue) -> dict[str, object]:
    path = case.path
    days = (path.deadline - path.start).days + 1
    elapsed = (case.until - path.start).days + 1
    row: dict[str, object] = {"share_of_time": max(0, elapsed) / days, "shape": _name_shape(case)}
    row |= {"days_left": (path.deadline - case.as_of).days, "aim": _name_aim(case)}
    if case.as_of < path.start:
        need = path.target if path.additive else path.target - path.baseline
        need /= measure_length(path.start, path.deadline)
        return row | {
            "status": "not_started",
            "reason": explain_start(case, format_value),
            "needed_per_month": need,
        }
    found = measure(case)
    if found is None:
        return row | {"status": "no_data", "reason": explain_silence(case)}
    status = rate_status(case, found)
    if status == "no_data":
        reason = explain_gaps(case, found)
    elif status in ("met", "missed"):
        reason = explain_end(case, found, status, format_value)
    else:
        reason = explain_pace(case, found, status, format_value)
        reason = " ".join(filter(None, (reason, _compare_shapes(case, status, format_value))))
    return row | {
        "actual": found.actual,
        "actual_period": f"{found.first}/{found.last}",
        "expected": found.expected,
        "gap": found.actual - found.expected,
        "achieved": (achieved := rate_achievement(found.actual, found.expected, found.base)),
        "achieved_text": say_achieved(achieved, format_value),
        "basis": _name_basis(case, found.first, found.last),
        "status": status,
        "reason": reason,
        "needed_per_month": find_need(case, found, status),
        "n": found.denominator,
        **{"numerator": found.numerator, "denominator": found.denominator},
        **{"low": found.low, "high": found.high, "interval": found.interval, "season": found.season},
    }


def _name_basis(case: Case, first: date, last: date) -> str:
    """Return what a goal's figure covers: ``since Jan 1, 2026``, ``3 months to Sep 2026``."""
    if case.card.additive:
        return f"since {_shorten_day(first)}"
    return _name_months(count_months(first, last) + 1, last)


def _name_aim(case: Case) -> str:
    """Return what a goal's target and its forecast cover, likewise."""
    if case.card.additive:
        return f"{_shorten_day(case.path.start)} to {_shorten_day(case.path.deadline)}"
    return _name_months(RATIO_MONTHS, case.path.deadline)


def _name_months(count: int, last: date) -> str:
    return f"{count_things(count, 'month')} to {MONTHS[last.month - 1][:3]} {last.year}"


def _shorten_day(day: date) -> str:
    return f"{MONTHS[day.month - 1][:3]} {day.day}, {day.year}"


def say_achieved(achieved: float, format_value: FormatValue = format_plainly) -> str:
    """Return the share of the expected change for a table; a figure that moved the other way says so in words.

    Examples
    --------
    >>> [say_achieved(share) for share in (0.56, 0.0, -4.13, float("nan"))]
    ['56%', '0%', 'moved away from the target', '']
    """
    if math.isnan(achieved):
        return ""
    return write_percent(achieved, format_value) if round(achieved * 100) >= 0 else AWAY


def _compare_shapes(case: Case, status: str, format_value: FormatValue) -> str:
    """Return what the path of the other shape would say; empty where there is none."""
    if case.other is None:
        return ""
    turned = replace(case, path=case.other)
    found = measure(turned)
    return explain_shape(turned, found, (status, rate_status(turned, found)), format_value) if found else ""


def _name_shape(case: Case) -> str:
    return "seasonal" if case.path.weights else "linear"
