"""Cases: goals made ready for tracking, or the sentence that says what they lack."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from mopsnb.analysis.cards import Card, explain_unknown, find_card
from mopsnb.analysis.months import Month, count_months, read_months, shift_month
from mopsnb.analysis.paths import Path, Shape, weigh_seasons
from mopsnb.analysis.process import chart_process
from mopsnb.analysis.wording import join_words
from mopsnb.strategy import Goal


@dataclass(frozen=True, slots=True)
class Case:
    """A goal that can be tracked: all fields there, metric known.

    Parameters
    ----------
    goal, card, months, path
        The goal, its metric, the metric's months in time order, and the target path.
    as_of
        The last day that counts.
    note
        What the reader must know about the path; empty for nothing.
    lack
        Why there is no month, and how to supply it; empty where that is not known.
    other
        The path of the other shape: the seasonal one beside a linear path, and the linear one beside a seasonal one.
        None for a ratio, and where the history is too short for a season.
    """

    goal: Goal
    card: Card
    months: Sequence[Month]
    path: Path
    as_of: date
    note: str = ""
    lack: str = ""
    other: Path | None = None

    @property
    def until(self) -> date:
        """The last day that counts for the goal: the day that the data is as of, or the deadline."""
        return min(self.as_of, self.path.deadline)

    @property
    def sign(self) -> int:
        """1 where the goal wants more, -1 where it wants less, 0 where it holds a metric that nobody wishes either."""
        asked = self.path.target - self.path.baseline
        return (asked > 0) - (asked < 0) or self.card.wish


def is_number(value: float | None) -> bool:
    """Tell whether a field holds a finite number."""
    return value is not None and math.isfinite(value)


def list_gaps(goal: Goal) -> list[str]:
    """Return the fields without which a goal cannot be tracked and which it lacks."""
    given = {
        "metric": bool(goal.metric),
        "baseline": is_number(goal.baseline),
        "target": is_number(goal.target),
        "start": goal.start is not None,
        "deadline": goal.deadline is not None,
    }
    return [name for name, is_there in given.items() if not is_there]


def explain_undefined(goal: Goal, catalogue: pd.DataFrame) -> str:
    """Return the sentence that says what a goal's definition lacks, whatever the data holds; empty for nothing."""
    gaps = list_gaps(goal)
    if gaps:
        return f"The goal names {join_words([f'no {gap}' for gap in gaps])}."
    if find_card(catalogue, goal.metric) is None:
        return explain_unknown(catalogue, goal.metric)
    if goal.start and goal.deadline and goal.deadline < goal.start:
        return f"The deadline ({goal.deadline}) lies before the start ({goal.start})."
    return ""


def open_case(
    goal: Goal, catalogue: pd.DataFrame, frame: pd.DataFrame | None, as_of: date | None, shape: Shape
) -> Case | str:
    """Return the case of a goal that is defined, or the sentence that says why it cannot be tracked.

    With the shape ``auto`` the goal's own ``path`` counts; where it names none, the path follows the season that the
    process-behavior chart of the same months confirms, and is linear without one.
    """
    card = find_card(catalogue, goal.metric)
    if card is None or goal.start is None or goal.deadline is None or goal.baseline is None or goal.target is None:
        return explain_undefined(goal, catalogue)
    if as_of is None:
        return "There is no dated row in the data yet."
    months = read_months(frame)
    seasons = weigh_seasons(months, goal.start) if card.additive else None
    asked = goal.path or shape if shape == "auto" else shape
    weights, note = _choose_weights(card, months, seasons, asked)
    path = Path(goal.start, goal.deadline, goal.baseline, goal.target, card.additive, weights)
    other = replace(path, weights=None if weights else seasons) if seasons else None
    # Without a frame the metric cannot be limited to the goal's scope, whatever tables there are.
    lack = card.lacks if frame is not None and not months else ""
    return Case(goal, card, months, path, as_of, note, lack, other)


def list_starts(first: date, last: date) -> list[date]:
    """Return the first day of every month from the month of one day to the month of another."""
    return [shift_month(first, step) for step in range(count_months(first, last) + 1)]


def _choose_weights(
    card: Card, months: Sequence[Month], seasons: tuple[float, ...] | None, shape: Shape
) -> tuple[tuple[float, ...] | None, str]:
    """Return the weights of the path, None for a linear one, and the sentence that says why."""
    if shape == "linear" or not card.additive:
        return None, ""  # a level has no shares of a year
    if seasons is None:
        return None, "The path is linear: a seasonal one needs two full years of data before the start."
    if shape == "seasonal":
        return seasons, "The path follows the seasons of the metric's own past."
    chart = chart_process([month.value for month in months if month.is_complete])
    if chart.is_seasonal:
        return seasons, "The path follows the usual share of each month: chance hardly makes a season as clear as this."
    return None, "The path is linear: chance may make what looks like a season."
