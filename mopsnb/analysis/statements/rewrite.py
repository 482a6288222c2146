"""A flawed goal as it would pass: every field filled, what is proposed marked, the verdict taken before it is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from mopsnb.analysis.cards import Card, find_card
from mopsnb.analysis.frames import TEXT, build_frame
from mopsnb.analysis.months import read_months, shift_month
from mopsnb.analysis.progress import name_scope
from mopsnb.analysis.smart import LETTERS
from mopsnb.analysis.smart_attainable import REACHED
from mopsnb.analysis.smart_history import find_changes, find_claims
from mopsnb.analysis.smart_letters import propose_checkpoints
from mopsnb.analysis.smart_question import Question, find_proposed
from mopsnb.analysis.stakeholders import find_coordinator, map_stakeholders, name_goal
from mopsnb.analysis.statements.completion import explain_metric, tidy_figure
from mopsnb.analysis.statements.entries import find_gaps, write_yaml
from mopsnb.analysis.statements.readings import Readings
from mopsnb.analysis.wording import FormatValue, format_day, format_plainly
from mopsnb.strategy import Goal, Strategy

REACHED_ONCE_IN = 3  # a proposed target is a change that one in three past changes reached
PROPOSED_CHANCE = 0.5  # of the likely target
_QUALITY = re.compile(r"\b(?:quality|better (?:leads?|customers?|traffic|contacts?))\b", re.IGNORECASE)
REWRITE_COLUMNS = dict.fromkeys(("goal", "statement", "rewrite", "proposed", "lacks", "yaml"), TEXT)


def rewrite_goals(
    readings: Readings,
    catalogue: pd.DataFrame,
    history: Mapping[str, pd.DataFrame],
    verdicts: pd.DataFrame,
    *,
    format_value: FormatValue = format_plainly,
    proposed: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return every goal that fails a letter as it would pass all of them.

    What the goal or its statement says stays where it can. What is proposed is a suggestion to decide on: a target that
    one in three past changes reached (the forecast's likely one where that is not between likely and stretch), a year
    from the start, the weightiest stakeholder, a goal without a parent as its
    parent, the coordinator as owner. A goal without a metric cannot be rewritten: which one it is, its owner must say.

    Parameters
    ----------
    readings, catalogue, history
        As for ``size_goals``.
    verdicts
        What ``judge_goals`` returned for these readings.
    format_value
        Turns a value and its unit into text for the sentence.
    proposed
        What ``forecast.propose_for_goals`` returned, so that no rewrite asks for less than the likely target of its
        period; None: the past alone proposes.

    Returns
    -------
    pandas.DataFrame
        One row a goal with a letter that fails: goal, statement, rewrite (the new sentence), proposed (the fields
        that nobody has said yet, joined by ``, ``), lacks (why there is no rewrite), yaml (the entry to paste).
    """
    rows: list[dict[str, object]] = []
    flawed = set(verdicts.loc[verdicts["verdict"] == "fail", "goal"])
    for found in readings.completions:
        if found.goal.id not in flawed or readings.today is None:
            continue
        months = read_months(history.get(found.goal.id))
        card = find_card(catalogue, found.goal.metric)
        strategy = readings.strategy
        question = Question(found.goal, strategy, catalogue, card, months, format_value)
        question = replace(question, proposed=find_proposed(proposed, found.goal.id))
        failed = set(verdicts.loc[(verdicts["goal"] == found.goal.id) & (verdicts["verdict"] == "fail"), "letter"])
        draft = _Draft(question, failed, readings.today)
        lacks = explain_metric(found.reading, catalogue) if card is None and not found.goal.metric else ""
        lacks = lacks or explain_quality(found.goal, card)
        better, filled, lacks = (found.goal, (), lacks) if lacks else draft.write()
        row: dict[str, object] = {"goal": found.goal.id, "statement": name_goal(found.goal), "lacks": lacks}
        if not lacks:
            row |= {
                "rewrite": better.statement,
                "proposed": ", ".join(filled),
                "yaml": write_yaml(better, filled, gaps=find_gaps(better)),
            }
        rows.append(row)
    return build_frame(rows, REWRITE_COLUMNS)


def explain_quality(goal: Goal, card: Card | None) -> str:
    """Return why a goal about quality has no rewrite on a metric that counts; empty where nothing speaks against it.

    More of something is another goal than better ones: which rate shows the quality, the owner must say.
    """
    if card is None or not card.additive or not _QUALITY.search(goal.statement) or goal.target is not None:
        return ""
    reason = f"The statement asks for quality, and {card.title} counts how many."
    return f"{reason} Name a rate that shows the quality under goals, {goal.id}, such as the share that converts."


@dataclass(slots=True)
class _Draft:
    question: Question
    failed: set[str]
    today: date

    def write(self) -> tuple[Goal, tuple[str, ...], str]:
        """Return the rewritten goal, what is proposed in it, and what it lacks; with a lack there is no rewrite."""
        goal, card = self.question.goal, self.question.card
        if card is None:
            return goal, (), f"The catalogue has no metric '{goal.metric}': name one that shows the change."
        changed = self._set_time(goal) | self._set_links(goal)
        goal = goal.model_copy(update=changed)
        changed |= self._set_figures(goal)
        goal = self.question.goal.model_copy(update=changed)
        if {"S", "M", "A"} & self.failed or "target" in changed or "deadline" in changed:
            goal = goal.model_copy(update={"statement": self._phrase(goal)})
        # The likely target has an even chance by its making; a target of the past alone is judged by the past alone.
        is_likely = "target" in changed and changed["target"] == self.question.proposed.get("likely")
        question = replace(self.question, goal=goal, chance=PROPOSED_CHANCE if is_likely else None)
        verdicts = {letter: judge(question) for letter, (_, judge) in LETTERS.items()}
        if "fail" in {verdict.verdict for letter, verdict in verdicts.items() if letter == "T"}:
            changed["checkpoints"] = propose_checkpoints(goal.start or self.today, goal.deadline or self.today)
            goal = goal.model_copy(update={"checkpoints": changed["checkpoints"]})
            question = replace(question, goal=goal)
            verdicts = {letter: judge(question) for letter, (_, judge) in LETTERS.items()}
        lacks = [f"{LETTERS[x][0]}: {v.reason}" for x, v in verdicts.items() if v.verdict == "fail"]
        if verdicts["A"].verdict == "fail":
            lacks = [self._explain_reach(goal)]
        return goal, tuple(changed), " ".join(lacks)

    def _explain_reach(self, goal: Goal) -> str:
        found, way = self.question.proposed, "say in the action plan what will be different."
        if not found or goal.baseline is None:
            return f"No past change of that length went this way: {way}"
        baseline, likely, stretch = (self.question.show(x) for x in (goal.baseline, found["likely"], found["stretch"]))
        text = (
            f"The baseline is {baseline}; of the possible futures every second reaches {likely}, one in ten {stretch}"
        )
        return f"{text}. No target better than the baseline has an even chance, so {way}"

    def _set_time(self, goal: Goal) -> dict[str, object]:
        if "T" not in self.failed:
            return {}
        changed: dict[str, object] = {}
        start, deadline = goal.start, goal.deadline
        is_over = deadline is not None and (deadline <= self.today or (start is not None and deadline <= start))
        if start is None or is_over:
            start = changed["start"] = self.today + timedelta(days=1)
        if deadline is None or is_over:
            changed["deadline"] = shift_month(start, 12) + timedelta(days=min(start.day, 28) - 2)
        return changed

    def _set_links(self, goal: Goal) -> dict[str, object]:
        if "R" not in self.failed:
            return {}
        strategy: Strategy = self.question.strategy
        changed: dict[str, object] = {}
        people = map_stakeholders(strategy)["id"].tolist()
        if not {*goal.stakeholders} & {*people} and people:
            changed["stakeholders"] = people[:1]
        ids = {other.id for other in strategy.goals} - {goal.id}
        top = [x.id for x in strategy.goals if x.parent is None and x.id != goal.id and x.metric]
        parents = [name for name in top if not any(x.parent == goal.id for x in strategy.goals)]
        if goal.parent not in ids and not (goal.benefit_customers and goal.benefit_team) and parents:
            changed["parent"] = parents[0]
        if not goal.owner and find_coordinator(strategy):
            changed["owner"] = find_coordinator(strategy)
        return changed

    def _set_figures(self, goal: Goal) -> dict[str, object]:
        card, months = self.question.card, self.question.months
        if card is None or goal.start is None or goal.deadline is None or not {"M", "A", "T"} & self.failed:
            return {}
        changed: dict[str, object] = {}
        baseline = goal.baseline
        claims = find_claims(card, months, goal.start, goal.deadline)
        if claims and ("M" in self.failed or baseline is None):
            baseline = changed["baseline"] = tidy_figure(claims[-1][0].value, card)
        if baseline is None or (goal.target is not None and not {"M", "A"} & self.failed):
            return changed
        asked = 0.0 if goal.target is None or goal.baseline is None else goal.target - goal.baseline
        sign = (asked > 0) - (asked < 0) or card.wish
        past = find_changes(card, months, goal.start, goal.deadline, are_relative=baseline != 0)
        if sign and past.changes:
            ranked = sorted((change * sign for change in past.changes), reverse=True)
            best = ranked[(len(ranked) - 1) // REACHED_ONCE_IN]
            if best <= 0:
                best = ranked[int((len(ranked) - 1) * REACHED)]  # one in ten is what a pass asks
            if best > 0:
                step = best * sign * (abs(baseline) or 1)
                changed["target"] = tidy_figure(baseline + step, card, towards=-sign)
        return changed | self._agree(changed, baseline, sign)

    def _agree(self, changed: dict[str, object], baseline: float, sign: int) -> dict[str, object]:
        """Return the forecast's likely target where what the past proposes is less than that, or beyond its stretch."""
        found, target = self.question.proposed, changed.get("target")
        if not found or not sign:
            return {}
        likely, stretch = found["likely"] * sign, found["stretch"] * sign
        if isinstance(target, float | int) and likely <= target * sign <= stretch:
            return {}
        if likely > baseline * sign:
            return {"target": found["likely"]}
        changed.pop("target", None)
        return {}

    def _phrase(self, goal: Goal) -> str:
        card = self.question.card
        if card is None or goal.baseline is None or goal.target is None or goal.deadline is None:
            return goal.statement
        scope = name_scope(goal, self.question.strategy)
        what = f"{card.title}{f' ({scope})' if scope else ''}"
        show = self.question.show
        if goal.target == goal.baseline:
            return f"Keep {what} at {show(goal.target)} until {format_day(goal.deadline)}"
        verb = "Increase" if goal.target > goal.baseline else "Reduce"
        return f"{verb} {what} from {show(goal.baseline)} to {show(goal.target)} by {format_day(goal.deadline)}"
