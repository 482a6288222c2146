"""Parent goals as their key results stand: equal weights, and no healthier than the weakest."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from mopsnb.analysis.frames import NUMBER, TEXT, build_frame, list_rows, read_number
from mopsnb.analysis.stakeholders import name_goal
from mopsnb.strategy import Strategy

HEALTH = ("missed", "behind", "at_risk", "on_track", "met")  # the weakest first
ROLLUP_COLUMNS = {
    **dict.fromkeys(("goal", "statement", "own_status"), TEXT),
    **dict.fromkeys(("own", "rolled_up", "key_results", "counted"), NUMBER),
    **dict.fromkeys(("health", "weakest", "left_out", "coverage"), TEXT),
}


def roll_up_goals(strategy: Strategy, progress: pd.DataFrame) -> pd.DataFrame:
    """Return how each parent goal stands by the goals right below it.

    A key result counts with the part of its change that it achieved: below 0 as 0, above 1 as 1, all with the same
    weight. One without such a part counts with its own roll-up where it has key results, as 1 or 0 where it holds a
    level that is kept or lost, and is else left out and named. A parent's health is the weakest status among its
    key results and all below them, in the order missed, behind, at risk, on track, met; statuses that say nothing
    about success (not started, no data, not defined) do not count.

    Parameters
    ----------
    strategy
        Its goals and their parents.
    progress
        What ``track_goals`` returned.

    Returns
    -------
    pandas.DataFrame
        One row a goal that others name as their parent, in the strategy's order: goal, statement, own_status and own
        (achieved by the parent's own figure), rolled_up (mean of its key results, 0 to 1), key_results (how many) and
        counted (how many have a figure), health, weakest (statements), left_out (statements of those without a figure)
        and coverage (``2 of 3``).
    """
    found = {str(row["goal"]): row for row in list_rows(progress)}
    names = {goal.id: name_goal(goal) for goal in strategy.goals}
    rows: list[dict[str, object]] = []
    for goal in strategy.goals:
        children = _list_children(strategy, goal.id)
        if not children:
            continue
        scores = {child: _score(strategy, found, child) for child in children}
        known = {child: score for child, score in scores.items() if math.isfinite(score)}
        states = {child: _find_health(strategy, found, child) for child in children}
        ranked = [state for state in HEALTH if state in states.values()]
        health = ranked[0] if ranked else ""
        row = found.get(goal.id, {})
        rows.append(
            {
                "goal": goal.id,
                "statement": names[goal.id],
                "own_status": row.get("status", ""),
                "own": row.get("achieved", math.nan),
                "rolled_up": math.fsum(known.values()) / len(known) if known else math.nan,
                "key_results": len(children),
                "counted": len(known),
                "health": health,
                "weakest": "; ".join(names[child] for child in children if health and states[child] == health),
                "left_out": "; ".join(names[child] for child in children if child not in known),
                "coverage": f"{len(known)} of {len(children)}",
            }
        )
    return build_frame(rows, ROLLUP_COLUMNS)


def _list_children(strategy: Strategy, goal: str) -> list[str]:
    return [item.id for item in strategy.goals if item.parent == goal]


def _score(strategy: Strategy, found: Mapping[str, Mapping[str, object]], goal: str) -> float:
    row = found.get(goal, {})
    achieved, status = read_number(row.get("achieved", math.nan)), str(row.get("status", ""))
    if math.isfinite(achieved):
        return min(1.0, max(0.0, achieved))
    if row.get("direction") == "hold" and status in HEALTH:
        return float(status in ("on_track", "met"))
    below = [_score(strategy, found, child) for child in _list_children(strategy, goal)]
    known = [score for score in below if math.isfinite(score)]
    return math.fsum(known) / len(known) if known else math.nan


def _find_health(strategy: Strategy, found: Mapping[str, Mapping[str, object]], goal: str) -> str:
    states = [str(found.get(goal, {}).get("status", ""))]
    states += [_find_health(strategy, found, child) for child in _list_children(strategy, goal)]
    return next((state for state in HEALTH if state in states), "")
