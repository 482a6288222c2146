"""Where the change that each goal asks for lies among past changes of the same length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from mopsnb.analysis.cards import find_card
from mopsnb.analysis.frames import NUMBER, TEXT, build_frame
from mopsnb.analysis.months import read_months
from mopsnb.analysis.smart_history import find_changes
from mopsnb.analysis.stakeholders import name_goal
from mopsnb.strategy import Goal

RANK_COLUMNS = {
    **dict.fromkeys(("goal", "statement", "unit"), TEXT),
    **dict.fromkeys(
        ("asked", "median", "best", "reached", "windows", "rank", "independent", "months", "needed"), NUMBER
    ),
    **dict.fromkeys(("position", "comparison"), TEXT),
}


def rank_changes(goals: Sequence[Goal], catalogue: pd.DataFrame, history: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the asked change of every goal that has figures and a time, beside past changes of the same length.

    Parameters
    ----------
    goals
        The goals, completed by their statements where these have been read.
    catalogue
        As for ``judge_goals``.
    history
        Goal id to the monthly frame of its metric in its scope. Only complete months before a goal's start count.

    Returns
    -------
    pandas.DataFrame
        One row a goal: goal, statement, unit (``fraction`` of the earlier figure, or the metric's unit), asked, median
        and best (of the past changes, best in the goal's direction), reached (how many went at least as far), windows
        (how many there are), rank (1 where no past change went further), independent (how many the history holds
        without overlap), months (complete ones before the start), needed (for one change), position (in words) and
        comparison (what each window is compared with).
    """
    rows: list[dict[str, object]] = []
    for goal in goals:
        card = find_card(catalogue, goal.metric)
        if card is None or goal.baseline is None or goal.target is None or goal.start is None or goal.deadline is None:
            continue
        if goal.deadline < goal.start:
            continue
        difference = goal.target - goal.baseline
        sign = (difference > 0) - (difference < 0) or card.wish or 1
        is_relative = goal.baseline != 0
        past = find_changes(
            card, read_months(history.get(goal.id)), goal.start, goal.deadline, are_relative=is_relative
        )
        row: dict[str, object] = {"goal": goal.id, "statement": name_goal(goal), "comparison": past.comparison}
        row |= {"unit": "fraction" if is_relative else card.unit, "months": past.months, "needed": past.needed}
        row |= {"asked": difference / abs(goal.baseline) if is_relative else difference, "windows": len(past.changes)}
        row["position"] = f"too little history: {past.months} of {past.needed} months"
        if past.changes:
            row |= _place(past.changes, float(str(row["asked"])), sign) | {"independent": past.independent}
        rows.append(row)
    return build_frame(rows, RANK_COLUMNS)


def _place(changes: Sequence[float], asked: float, sign: int) -> dict[str, object]:
    further = sum(change * sign > asked * sign + 1e-12 for change in changes)
    reached = sum(change * sign >= asked * sign - 1e-12 for change in changes)
    return {
        "median": float(pd.Series(changes).median()),
        "best": max(change * sign for change in changes) * sign,
        "reached": reached,
        "rank": further + 1,
        "position": f"{reached} of {len(changes)} went as far",
    }
