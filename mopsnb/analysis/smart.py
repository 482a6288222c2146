"""SMART: a verdict per goal and letter, with the reason and what to write so that it passes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from mopsnb.analysis.cards import find_card
from mopsnb.analysis.frames import TEXT, Row, build_frame, list_rows, read_number
from mopsnb.analysis.months import read_months
from mopsnb.analysis.smart_attainable import judge_attainable
from mopsnb.analysis.smart_letters import judge_relevant, judge_specific, judge_time_bound
from mopsnb.analysis.smart_measurable import judge_measurable
from mopsnb.analysis.smart_question import Question, Verdict, find_proposed
from mopsnb.analysis.stakeholders import name_goal, name_owner
from mopsnb.analysis.statements.readings import Readings
from mopsnb.analysis.wording import FormatValue, format_plainly, join_words
from mopsnb.findings import Finding, make_id, sort_findings
from mopsnb.strategy import Strategy

LETTERS: dict[str, tuple[str, Callable[[Question], Verdict]]] = {
    "S": ("Specific", judge_specific),
    "M": ("Measurable", judge_measurable),
    "A": ("Attainable", judge_attainable),
    "R": ("Relevant", judge_relevant),
    "T": ("Time-bound", judge_time_bound),
}
STANDINGS = {
    **{"on_track": "is on track", "at_risk": "is at risk", "behind": "is behind its path"},
    **{"met": "is met", "missed": "was missed"},
}
VERDICT_COLUMNS = dict.fromkeys(("goal", "statement", "letter", "name", "verdict", "reason", "fix", "owner"), TEXT)


@dataclass(frozen=True, slots=True)
class Prospects:
    """What is known about goals beside their past.

    Parameters
    ----------
    progress
        What ``forecast.add_chances`` returned: the status, the figures and the probability of reaching the target.
    proposed
        What ``forecast.propose_for_goals`` returned: a goal out of reach is told the likely target of its period.
    """

    progress: pd.DataFrame | None = None
    proposed: pd.DataFrame | None = None


def judge_goals(
    strategy: Strategy,
    catalogue: pd.DataFrame,
    history: Mapping[str, pd.DataFrame],
    *,
    format_value: FormatValue = format_plainly,
    readings: Readings | None = None,
    prospects: Prospects | None = None,
) -> pd.DataFrame:
    """Return the SMART verdict of every goal, letter by letter.

    Parameters
    ----------
    strategy
        Its goals, stakeholders and channels.
    catalogue
        Index: metric. Columns title, unit, direction, additive; where known proportion.
    history
        Goal id to the monthly frame of its metric in its scope: period_start, value, numerator, denominator,
        is_complete. Only complete months before a goal's start say whether it is attainable.
    format_value
        Turns a value and its unit into text for reasons and fixes.
    readings
        What ``size_goals`` returned: empty fields are then filled from the statements before the goals are judged.
    prospects
        Progress and proposed targets. A goal that is not there is judged by its past alone.

    Returns
    -------
    pandas.DataFrame
        Five rows a goal, in the order S, M, A, R, T: goal, statement, letter, name (of the letter), verdict (``pass``,
        ``fail``, ``unknown``), reason (with the numbers), fix (what to write so that it passes; empty for a
        pass), owner. ``docs/methods.md`` has the rules.
    """
    rows: list[dict[str, object]] = []
    prospects = prospects or Prospects()
    tracked = {} if prospects.progress is None else {str(row["goal"]): row for row in list_rows(prospects.progress)}
    for goal in readings.goals if readings else strategy.goals:
        found = readings.find(goal.id) if readings else None
        row = tracked.get(goal.id, {})
        chance = read_number(row.get("probability", math.nan))
        months = read_months(history.get(goal.id))
        question = Question(goal, strategy, catalogue, find_card(catalogue, goal.metric), months, format_value)
        question = replace(question, found=found, chance=chance if math.isfinite(chance) else None)
        question = replace(question, proposed=find_proposed(prospects.proposed, goal.id))
        question = replace(question, standing=_tell_standing(question, row))
        for letter, (name, judge) in LETTERS.items():
            verdict = judge(question)
            who: dict[str, object] = {
                "goal": goal.id,
                "statement": name_goal(goal),
                "owner": name_owner(strategy, goal.owner),
            }
            said = {"verdict": verdict.verdict, "reason": verdict.reason, "fix": verdict.fix}
            rows.append(who | {"letter": letter, "name": name} | said)
    return build_frame(rows, VERDICT_COLUMNS)


def _tell_standing(question: Question, row: Row) -> tuple[str, str]:
    """Return a goal's status, and what its progress says in a sentence."""
    status = str(row.get("status", ""))
    actual, expected = (read_number(row.get(name, math.nan)) for name in ("actual", "expected"))
    if status not in STANDINGS or not math.isfinite(actual):
        return "", ""
    text = f"Progress: it {STANDINGS[status]}, {question.show(actual)}"
    if status in ("met", "missed"):
        return status, f"{text} for a target of {question.show(read_number(row['target']))}."
    return status, f"{text} where the path expects {question.show(expected)} by now."


def find_flaws(verdicts: pd.DataFrame, progress: pd.DataFrame | None = None) -> list[Finding]:
    """Return a warning for each goal that fails a letter, with the reason and the fix of each letter that it fails.

    The goal that fails most letters comes first.

    Parameters
    ----------
    verdicts
        What ``judge_goals`` returned.
    progress
        What ``track_goals`` returned. A goal that is on track or met has shown that it is attainable, whatever its
        past said: that letter is then no finding.
    """
    proven = set() if progress is None else set(progress.loc[progress["status"].isin(["on_track", "met"]), "goal"])
    failed = [
        row
        for row in list_rows(verdicts)
        if row["verdict"] == "fail" and not (row["letter"] == "A" and row["goal"] in proven)
    ]
    findings = []
    counts = Counter(str(row["goal"]) for row in failed)
    for goal in sorted(counts, key=lambda goal: -counts[goal]):
        rows = [row for row in failed if row["goal"] == goal]
        names = [str(row["name"]).casefold() for row in rows]
        findings.append(
            Finding(
                id=make_id("goals", "smart", goal),
                severity="warning",
                title=f"The goal '{rows[0]['statement']}' is not {join_words(names, 'and')}",
                evidence=" ".join(f"{row['name']}: {row['reason']}" for row in rows),
                fix=" ".join(str(row["fix"]) for row in rows),
                owner=str(rows[0]["owner"]),
                where=goal,
            )
        )
    return sort_findings(findings)
