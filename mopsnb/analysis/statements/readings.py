"""All goals of a strategy as their statements complete them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from mopsnb.analysis.months import read_months
from mopsnb.analysis.statements.completion import Completion, place_goal, size_goal
from mopsnb.strategy import Goal, Strategy


@dataclass(frozen=True, slots=True)
class Readings:
    """A strategy's goals, their empty fields filled from their statements.

    Parameters
    ----------
    source
        The strategy as it is written.
    completions
        One a goal, in its order.
    today
        The last day of the data; None where there is none, and nothing was read.
    """

    source: Strategy
    completions: tuple[Completion, ...]
    today: date | None

    @property
    def strategy(self) -> Strategy:
        """The strategy with the completed goals in place of its own."""
        return self.source.model_copy(update={"goals": self.goals})

    @property
    def goals(self) -> list[Goal]:
        """The completed goals, in the strategy's order."""
        return [found.goal for found in self.completions] if self.today else list(self.source.goals)

    def find(self, goal: str) -> Completion | None:
        """Return the completion of a goal, by its id."""
        return next((found for found in self.completions if found.goal.id == goal), None)


def read_goals(strategy: Strategy, catalogue: pd.DataFrame, as_of: date | None) -> Readings:
    """Return the goals with the metric, scope, time and links that their statements name.

    Their figures need the metric's months: hand these to ``size_goals``.

    Parameters
    ----------
    strategy
        Its goals; a field that is filled stays.
    catalogue
        Index: metric. Columns title, unit, direction, additive and table; synonyms where known.
    as_of
        The last day of the data. "In one year" starts on the day after it.
    """
    if as_of is None:
        return Readings(strategy, (), None)
    return Readings(strategy, tuple(place_goal(goal, strategy, catalogue, as_of) for goal in strategy.goals), as_of)


def size_goals(readings: Readings, catalogue: pd.DataFrame, history: Mapping[str, pd.DataFrame]) -> Readings:
    """Return the readings with baseline and target, read from the statement and the data.

    Parameters
    ----------
    readings
        What ``read_goals`` returned.
    catalogue
        As for ``read_goals``.
    history
        Goal id to the monthly frame of the completed goal's metric in its scope.
    """
    if readings.today is None:
        return readings
    sized = [
        size_goal(found, catalogue, read_months(history.get(found.goal.id)), readings.today)
        for found in readings.completions
    ]
    return Readings(readings.source, tuple(sized), readings.today)
