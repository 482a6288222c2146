"""What stakeholders need: the needs of the interviews ranked, how far they disagree, and what no goal answers."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd

from mopsnb.analysis.concordance import Concordance, measure_concordance, rank_list
from mopsnb.analysis.frames import NUMBER, TEXT, build_frame
from mopsnb.analysis.stakeholders import find_coordinator, name_goal, name_owner
from mopsnb.analysis.wording import count_things, join_words
from mopsnb.findings import Finding, make_id, sort_findings
from mopsnb.strategy import Strategy

SURE = 0.05  # a p-value below it: more agreement than chance gives
NEED_COLUMNS = {
    **dict.fromkeys(("need", "name"), TEXT),
    **dict.fromkeys(("rank", "mean_rank", "best", "worst", "named"), NUMBER),
    **dict.fromkeys(("first_for", "last_for", "goals", "served"), TEXT),
}


def rank_needs(strategy: Strategy) -> pd.DataFrame:
    """Return the needs of the interviews, the most urgent first.

    Each interview counts the same. A need that an interview does not name is tied behind those that it names.

    Parameters
    ----------
    strategy
        Its needs, interviews and goals.

    Returns
    -------
    pandas.DataFrame
        One row a need: need (its id), name, rank (1 is the most urgent; ties share the lower number; missing without
        interviews), mean_rank, best and worst (of all interviews), named (how many name it), first_for and last_for
        (who put it there by name), goals (statements of the goals that answer it), served (``yes`` or ``no``).
    """
    items = [need.id for need in strategy.needs]
    ranks = [rank_list(talk.ranking, items) for talk in strategy.interviews]
    rows: list[dict[str, object]] = []
    for place, need in enumerate(strategy.needs):
        mine = [row[place] for row in ranks]
        goals = [name_goal(goal) for goal in strategy.goals if need.id in goal.needs]
        row: dict[str, object] = {"need": need.id, "name": need.name or need.id, "goals": "; ".join(goals)}
        row |= {"served": "yes" if goals else "no", "named": sum(need.id in t.ranking for t in strategy.interviews)}
        if mine:
            row |= {"mean_rank": math.fsum(mine) / len(mine), "best": min(mine), "worst": max(mine)}
            row["first_for"] = _name_raters(strategy, need.id, 0)
            row["last_for"] = _name_raters(strategy, need.id, -1)
        rows.append(row)
    frame = build_frame(rows, NEED_COLUMNS)
    frame["rank"] = frame["mean_rank"].rank(method="min")
    return frame.sort_values(["mean_rank", "need"], kind="stable").reset_index(drop=True)


def measure_agreement(strategy: Strategy) -> Concordance:
    """Return how far the interviews rank the needs alike: Kendall's W, corrected for ties, with its p-value."""
    items = [need.id for need in strategy.needs]
    return measure_concordance([rank_list(talk.ranking, items) for talk in strategy.interviews])


def describe_agreement(found: Concordance) -> str:
    """Return what Kendall's W says, in words."""
    if math.isnan(found.w):
        return (
            "There are no two interviews that rank two needs or more, so nobody can say how far stakeholders agree. "
            "Write the needs under `needs` and each interview under `interviews` in strategy.yml."
        )
    if found.p_value >= SURE:
        text = "The interviews do not agree beyond chance: talk about the order before goals rest on it. "
    elif found.w >= 0.7:
        text = "The interviews agree to a large part: the order below speaks for all of them. "
    else:
        text = (
            "The interviews agree more than by chance, and still differ: look at who puts a need first and who last. "
        )
    size = "below 0.001" if found.p_value < 0.001 else f"{found.p_value:.3f}"
    return (
        f"{text}{count_things(found.raters, 'interview')} rank {count_things(found.items, 'need')}; Kendall's W is "
        f"**{found.w:.2f}** (0: no agreement, 1: all alike). People who rank at random reach that with a probability "
        f"of {size} ({found.method})."
    )


def check_needs(strategy: Strategy, as_of: date | None) -> list[Finding]:
    """Return the needs that no goal answers (warnings), and the goals that answer no need (notes).

    A goal that serves nobody is an error already, and a goal whose deadline has passed asks nothing more. Without
    any need in the strategy there is nothing to compare with.
    """
    coordinator = name_owner(strategy, find_coordinator(strategy))
    findings = []
    for row in rank_needs(strategy).to_dict("records"):
        if row["served"] == "yes":
            continue
        rank = "" if math.isnan(row["rank"]) else f"It is number {row['rank']:.0f} of {len(strategy.needs)}. "
        findings.append(
            Finding(
                id=make_id("needs", "unserved", str(row["need"])),
                severity="warning",
                title=f"No goal answers the need '{row['name']}'",
                evidence=f"{rank}{row['named']:.0f} of {count_things(len(strategy.interviews), 'interview')} name it.",
                fix=f"Write {row['need']} under needs of a goal that answers it, or say that it waits.",
                owner=coordinator,
                where=str(row["need"]),
            )
        )
    known = {need.id for need in strategy.needs}
    for goal in strategy.goals if known else ():
        is_over = as_of is not None and goal.deadline is not None and goal.deadline < as_of
        if known.intersection(goal.needs) or not goal.stakeholders or is_over:
            continue
        findings.append(
            Finding(
                id=make_id("goals", "no-need", goal.id),
                severity="info",
                title=f"Nobody asked for the goal '{name_goal(goal)}' in an interview",
                evidence=f"It answers none of the {count_things(len(known), 'need')} that the strategy records.",
                fix=f"Write under goals, {goal.id}, the needs that it answers, or ask its stakeholders.",
                owner=name_owner(strategy, goal.owner),
                where=goal.id,
            )
        )
    return sort_findings(findings)


def _name_raters(strategy: Strategy, need: str, place: int) -> str:
    asked = [talk for talk in strategy.interviews if talk.ranking and talk.ranking[place] == need]
    # A list of one has no last place of its own.
    if place:
        asked = [talk for talk in asked if len(talk.ranking) == len(strategy.needs)]
    return join_words(list(dict.fromkeys(name_owner(strategy, talk.stakeholder) for talk in asked)))
