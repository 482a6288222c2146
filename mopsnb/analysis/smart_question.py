"""What the SMART letters have in common: the question about a goal, and the verdict on it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from mopsnb.analysis.cards import Card
from mopsnb.analysis.frames import list_rows
from mopsnb.analysis.months import Month
from mopsnb.analysis.statements.completion import Completion
from mopsnb.analysis.wording import FormatValue
from mopsnb.strategy import Goal, Strategy

KINDS = ("conservative", "likely", "stretch")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one letter says about a goal: the verdict, its reason, and what to write so that it passes."""

    verdict: Literal["pass", "fail", "unknown"]
    reason: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A goal and all that its letters are judged by.

    Parameters
    ----------
    goal, strategy, catalogue
        The goal, the strategy that it belongs to, and the catalogue of metrics.
    card
        The goal's metric; None where the catalogue has none of that name.
    months
        The metric's months in the goal's scope, in time order.
    format_value
        Turns a value and its unit into text.
    found
        What the statement filled in; None where nothing was read.
    chance
        The probability of reaching the target by the deadline, from a forecast; None where there is none.
    proposed
        Kind (``conservative``, ``likely``, ``stretch``) to the target that the forecast proposes for the goal's own
        period; empty where there is none.
    standing
        What progress says of a goal that runs or is over, with its status; empty where it cannot be followed.
    """

    goal: Goal
    strategy: Strategy
    catalogue: pd.DataFrame
    card: Card | None
    months: Sequence[Month]
    format_value: FormatValue
    found: Completion | None = None
    chance: float | None = None
    proposed: Mapping[str, float] = field(default_factory=dict)
    standing: tuple[str, str] = ("", "")

    @property
    def key(self) -> str:
        """Where the goal stands in the strategy file."""
        return f"goals, {self.goal.id}"

    def show(self, value: float) -> str:
        """Return a value of the goal's metric as text."""
        return self.format_value(value, self.card.unit if self.card else "")


def find_proposed(proposed: pd.DataFrame | None, goal: str) -> dict[str, float]:
    """Return the targets that a forecast proposes for a goal's own period, by kind; empty for none.

    Parameters
    ----------
    proposed
        What ``forecast.propose_for_goals`` returned.
    goal
        The goal's id.
    """
    if proposed is None:
        return {}
    own = proposed[(proposed["goal"] == goal) & (proposed["period"] == "this")]
    found = {kind: float(value) for row in list_rows(own) for kind in KINDS if isinstance(value := row[kind], float)}
    return found if all(math.isfinite(value) for value in found.values()) else {}
