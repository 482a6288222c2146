"""A paragraph for who reads nothing else, ready to forward: from the same figures as the first page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mopsnb.run.lines import Decision, GoalLine, Sentence

FEW = ("no", "one", "two", "three")
_SPACE = re.compile(r"\s+")


def write_brief(
    name: str,
    through: str,
    leading: Sequence[Sentence | None],
    goals: Sequence[GoalLine],
    decisions: Sequence[Decision],
) -> str:
    """Return three to five sentences of plain text on the goal, the budget and what is decided.

    Parameters
    ----------
    name
        The organization.
    through
        The last day of the data, in words; empty where there is none.
    leading
        The top goal with its chance, then where the budget ends, as the first page tells them; None where one is
        not known.
    goals
        The running goals.
    decisions
        What is decided now, the most important first.

    Returns
    -------
    str
        One paragraph, without Markdown. Empty where there is neither a goal nor a budget nor a decision to tell of.

    Examples
    --------
    >>> write_brief("Acme", "March 31, 2026", [Sentence("Spend will exceed the plan."), None], [], [])
    'Marketing at Acme, data through March 31, 2026: Spend will exceed the plan. No decision is due.'
    """
    told = [sentence.text for sentence in leading if sentence]
    told += [] if leading and leading[0] else _count_goals(goals)
    if not told and not decisions:
        return ""
    head = f"Marketing at {name}{f', data through {through}' if through else ''}:"
    return _SPACE.sub(" ", " ".join([head, *told, _tell_decisions(decisions)]))


def _count_goals(goals: Sequence[GoalLine]) -> list[str]:
    """Return how many goals are well where no top goal leads; nothing where none can be judged."""
    judged = [goal for goal in goals if goal.status in ("on_track", "at_risk", "behind")]
    well = sum(goal.status == "on_track" for goal in judged)
    if not judged:
        return []
    return [f"Of {len(judged)} running {'goal' if len(judged) == 1 else 'goals'}, {well or 'none'} "
            f"{'are' if well > 1 else 'is'} on track."]  # fmt: skip


def _tell_decisions(decisions: Sequence[Decision]) -> str:
    if not decisions:
        return "No decision is due."
    count = len(decisions)
    told = "; ".join(f"({place}) {_shorten(decision)}" for place, decision in enumerate(decisions, start=1))
    number = FEW[count] if count < len(FEW) else str(count)
    return f"{number.capitalize()} {'decision is' if count == 1 else 'decisions are'} due: {told}."


def _shorten(decision: Decision) -> str:
    """Return what is off and who decides by when; what to do in detail stays on the page."""
    finding = decision.finding
    by = f", by {decision.by}" if decision.by else ""
    return f"{finding.title.rstrip('.')} ({finding.owner}{by})"
