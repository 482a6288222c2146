"""Who the work is for: the stakeholder map, and goals and stakeholders that miss each other."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mopsnb.analysis.wording import join_words
from mopsnb.findings import Finding, make_id, sort_findings
from mopsnb.strategy import Goal, Stakeholder, Strategy

HIGH_FROM = 4  # of 1 to 5: above the middle of the scale
QUADRANTS = {
    (True, True): ("manage closely", "Agree goals with them and report to them at each checkpoint."),
    (True, False): ("keep satisfied", "Ask before decisions that affect them, and keep reports to the result."),
    (False, True): ("keep informed", "Send them the report each month and ask what they need."),
    (False, False): ("monitor", "Look each quarter at whether their power or interest has changed."),
}
MAP_COLUMNS = ("id", "name", "power", "interest", "quadrant", "advice", "goals", "goal_names")


def map_stakeholders(strategy: Strategy) -> pd.DataFrame:
    """Return every stakeholder's place on the power and interest map.

    Power and interest of 4 and 5 count as high (Mendelow's grid).

    Parameters
    ----------
    strategy
        Its stakeholders and goals are used.

    Returns
    -------
    pandas.DataFrame
        One row a stakeholder: id, name, power and interest (1 to 5), quadrant, advice, goals (how many goals
        name the stakeholder) and goal_names (their statements, joined by ``; ``). The weightiest come first:
        by power times interest, then power, then id.

    References
    ----------
    Mendelow, A. (1991). Environmental scanning: the impact of the stakeholder concept.
    """
    ranked = sorted(strategy.stakeholders, key=lambda s: (-s.power * s.interest, -s.power, s.id))
    rows = []
    for person in ranked:
        quadrant, advice = QUADRANTS[person.power >= HIGH_FROM, person.interest >= HIGH_FROM]
        goals = [goal for goal in strategy.goals if person.id in goal.stakeholders]
        names = "; ".join(name_goal(goal) for goal in goals)
        place = (person.id, person.name or person.id, person.power, person.interest)
        rows.append((*place, quadrant, advice, len(goals), names))
    frame = pd.DataFrame(rows, columns=list(MAP_COLUMNS))
    return frame.astype({"power": "int64", "interest": "int64", "goals": "int64"})


def check_coverage(strategy: Strategy) -> list[Finding]:
    """Return the goals that serve nobody (errors) and the stakeholders whom no goal serves (warnings)."""
    known = {person.id for person in strategy.stakeholders}
    coordinator = name_owner(strategy, find_coordinator(strategy))
    findings = [
        _report_goal(strategy, goal, known) for goal in strategy.goals if not known.intersection(goal.stakeholders)
    ]
    served = {name for goal in strategy.goals for name in goal.stakeholders}
    lonely = [person for person in strategy.stakeholders if person.id not in served]
    findings += [_report_stakeholder(person, coordinator) for person in lonely]
    return sort_findings(findings)


def find_coordinator(strategy: Strategy) -> str:
    """Return the id of the one person who coordinates the plan; empty where there is none, or more than one."""
    ids = [person.id for person in strategy.people if person.coordinator]
    return ids[0] if len(ids) == 1 else ""


def name_owner(strategy: Strategy, owner: str) -> str:
    """Return what people call an owner: the name of the person or stakeholder with this id, else the text itself."""
    named = [person.name for person in strategy.people if person.id == owner]
    named += [group.name for group in strategy.stakeholders if group.id == owner]
    return next((name for name in named if name), owner)


def name_goal(goal: Goal) -> str:
    """Return what people call a goal: its statement, or its id where it has none."""
    return goal.statement.strip() or goal.id


def _report_goal(strategy: Strategy, goal: Goal, known: set[str]) -> Finding:
    choices = join_words(sorted(known), last="or") or "none is declared yet"
    return Finding(
        id=make_id("goals", "no-stakeholder", goal.id),
        severity="error",
        title=f"The goal '{name_goal(goal)}' serves no stakeholder",
        evidence=f"Its list of stakeholders is empty; the strategy knows {len(known)}.",
        fix=f"Name under goals, {goal.id}, stakeholders whom it serves ({choices}), or drop the goal.",
        owner=name_owner(strategy, goal.owner),
        where=goal.id,
    )


def _report_stakeholder(person: Stakeholder, coordinator: str) -> Finding:
    return Finding(
        id=make_id("stakeholders", "no-goal", person.id),
        severity="warning",
        title=f"No goal serves {person.name or person.id}",
        evidence=f"Power {person.power} of 5, interest {person.interest} of 5, {_list_needs(person.needs)}.",
        fix=f"Ask {person.name or person.id} what they need, and add a goal for it or name them under an existing one.",
        owner=coordinator,
        where=person.id,
    )


def _list_needs(needs: Sequence[str]) -> str:
    return f"needs: {'; '.join(needs)}" if needs else "no need recorded"
