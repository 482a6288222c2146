"""Traceability: each goal with its metric, its tasks and the stakeholders it is for, and what stands alone."""

from __future__ import annotations

from datetime import date

import pandas as pd

from mopsnb.analysis.cards import find_card
from mopsnb.analysis.frames import NUMBER, TEXT, build_frame
from mopsnb.analysis.stakeholders import find_coordinator, name_goal, name_owner
from mopsnb.analysis.wording import count_things, join_words
from mopsnb.findings import Finding, make_id, sort_findings
from mopsnb.strategy import Strategy

CLOSED = frozenset({"done", "completed", "closed", "cancelled", "canceled", "dropped"})
NO_COLUMNS = ("task_id", "goal", "status")
TRACE_COLUMNS = {
    **dict.fromkeys(("goal", "statement", "metric", "parent", "needs", "stakeholders"), TEXT),
    **dict.fromkeys(("tasks", "open_tasks"), NUMBER),
    "orphan": TEXT,
}
LINK_COLUMNS = {**dict.fromkeys(("goal", "statement", "link", "kind"), TEXT), "count": NUMBER}


def trace_goals(strategy: Strategy, catalogue: pd.DataFrame, tasks: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what each goal is tied to, the goals with most gaps first.

    Parameters
    ----------
    strategy
        Its goals, stakeholders and needs.
    catalogue
        Index: metric. Column title.
    tasks
        The table ``task``: goal (an id) and status. None: there is none, so no goal lacks a task.

    Returns
    -------
    pandas.DataFrame
        One row a goal: goal, statement, metric (its title; empty where the catalogue has none of that name), parent,
        needs and stakeholders (names), tasks and open_tasks (how many; missing without the table), orphan (what it
        lacks, in words; empty for nothing). Tasks of a goal below count for the goals above it, too.
    """
    people = {person.id: person.name or person.id for person in strategy.stakeholders}
    needs = {need.id: need.name or need.id for need in strategy.needs}
    statements = {goal.id: name_goal(goal) for goal in strategy.goals}
    rows: list[dict[str, object]] = []
    for goal in strategy.goals:
        card = find_card(catalogue, goal.metric)
        served = [people[name] for name in goal.stakeholders if name in people]
        row: dict[str, object] = {"goal": goal.id, "statement": name_goal(goal)}
        row |= {"metric": card.title if card else "", "stakeholders": ", ".join(served)}
        row |= {"parent": statements.get(goal.parent or "", "")}
        row["needs"] = "; ".join(needs[name] for name in goal.needs if name in needs)
        lacks = [*([] if card else ["metric"]), *([] if served else ["stakeholder"])]
        if tasks is not None:
            mine = tasks[tasks["goal"].isin(_list_family(strategy, goal.id))]
            row |= {"tasks": len(mine), "open_tasks": int((~mine["status"].isin(CLOSED)).sum())}
            lacks += [] if len(mine) else ["task"]
        row["orphan"] = f"no {join_words(lacks, 'and no').replace(', ', ', no ')}" if lacks else ""
        rows.append(row)
    frame = build_frame(rows, TRACE_COLUMNS)
    gaps = frame["orphan"].str.count("no ")
    return (
        frame.assign(gaps=gaps)
        .sort_values("gaps", ascending=False, kind="stable")
        .drop(columns="gaps")
        .reset_index(drop=True)
    )


def list_links(strategy: Strategy, trace: pd.DataFrame) -> pd.DataFrame:
    """Return the matrix of goals and what they are tied to, a row a cell, in the order of the trace.

    Parameters
    ----------
    strategy
        Its stakeholders are the last columns of the matrix.
    trace
        What ``trace_goals`` returned.

    Returns
    -------
    pandas.DataFrame
        goal, statement, link (the column's name), kind (``metric``, ``task`` or ``stakeholder``) and count (0: no
        tie; of tasks how many; missing where there is no table of tasks).
    """
    goals = {goal.id: goal for goal in strategy.goals}
    rows: list[dict[str, object]] = []
    for row in trace.to_dict("records"):
        base = {"goal": row["goal"], "statement": row["statement"]}
        rows.append(base | {"link": "Metric", "kind": "metric", "count": int(bool(row["metric"]))})
        rows.append(base | {"link": "Tasks", "kind": "task", "count": row["tasks"]})
        for person in strategy.stakeholders:
            count = int(person.id in goals[str(row["goal"])].stakeholders)
            rows.append(base | {"link": person.name or person.id, "kind": "stakeholder", "count": count})
    return build_frame(rows, LINK_COLUMNS)


def check_trace(
    strategy: Strategy, trace: pd.DataFrame, tasks: pd.DataFrame | None, as_of: date | None
) -> list[Finding]:
    """Return goals that run without a task, and open tasks that serve no goal.

    What lacks a metric or a stakeholder is a finding of the SMART verdict and of the coverage.

    Parameters
    ----------
    strategy
        Its goals and people.
    trace
        What ``trace_goals`` returned.
    tasks
        The table ``task``; None: nothing is found.
    as_of
        The last day of the data; a goal whose deadline lies before it needs no task.
    """
    if tasks is None:
        return []
    findings = []
    goals = {goal.id: goal for goal in strategy.goals}
    for row in trace.to_dict("records"):
        goal = goals[str(row["goal"])]
        is_over = as_of is not None and goal.deadline is not None and goal.deadline < as_of
        if row["tasks"] or is_over:
            continue
        findings.append(
            Finding(
                id=make_id("goals", "no-task", goal.id),
                severity="info",
                title=f"No task serves the goal '{name_goal(goal)}'",
                evidence=f"None of {count_things(len(tasks), 'task')} names it, or a goal below it.",
                fix=f"Write {goal.id} in the column goal of the tasks that serve it, or plan one.",
                owner=name_owner(strategy, goal.owner),
                where=goal.id,
            )
        )
    alone = tasks[~tasks["status"].isin(CLOSED) & ~tasks["goal"].isin(list(goals))]
    if len(alone):
        named = join_words([str(name) for name in alone["task_id"].head(5)])
        more = f" and {len(alone) - 5} more" if len(alone) > 5 else ""
        findings.append(
            Finding(
                id=make_id("tasks", "no-goal"),
                severity="info",
                title=f"{count_things(len(alone), 'open task')} serve no goal of the strategy"
                if len(alone) > 1
                else "1 open task serves no goal of the strategy",
                evidence=f"Their column goal is empty or names no goal: {named}{more}.",
                fix="Write in the column goal which goal each serves, or stop the work that serves none.",
                owner=name_owner(strategy, find_coordinator(strategy)),
                where="task",
            )
        )
    return sort_findings(findings)


def _list_family(strategy: Strategy, goal: str) -> set[str]:
    """Return a goal and all goals below it."""
    family = {goal}
    while more := {item.id for item in strategy.goals if item.parent in family} - family:
        family |= more
    return family
