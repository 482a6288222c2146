"""Goals whose empty fields are filled from their statement, with what was read, assumed and left open."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from mopsnb.analysis.cards import Card, find_card
from mopsnb.analysis.months import Month, measure_length, shift_month
from mopsnb.analysis.smart_history import find_claims
from mopsnb.analysis.statements.figures import Figure
from mopsnb.analysis.statements.reading import Reading, read_statement
from mopsnb.analysis.wording import format_plainly, join_words
from mopsnb.strategy import Goal, Strategy

YEAR = 12
PER_CENT = 100


@dataclass(frozen=True, slots=True)
class Completion:
    """A goal with its empty fields filled from its statement.

    Parameters
    ----------
    goal
        The goal; what its fields said before stays.
    reading
        What its statement says.
    filled
        The fields that were filled.
    notes
        What was assumed and what the statement leaves open, in sentences.
    """

    goal: Goal
    reading: Reading
    filled: tuple[str, ...]
    notes: tuple[str, ...] = ()


def place_goal(goal: Goal, strategy: Strategy, catalogue: pd.DataFrame, today: date) -> Completion:
    """Return a goal with the metric, scope, time and links that its statement names; figures need data and come later.

    Parameters
    ----------
    goal
        The goal. A field that is filled is never changed.
    strategy, catalogue
        As for ``read_statement``.
    today
        The last day of the data.
    """
    # A length such as "in one year" counts from the start that the fields give.
    before = goal.start - timedelta(days=1) if goal.start else today
    reading = read_statement(goal.statement, strategy, catalogue, before)
    notes: list[str] = []
    filled: dict[str, object] = {}
    if not goal.metric:
        if reading.metric:
            filled["metric"] = reading.metric
            notes += _name_namesakes(reading, catalogue)
        elif goal.statement:
            notes.append(explain_metric(reading, catalogue))
    card = find_card(catalogue, goal.metric or reading.metric)
    if not goal.scope and reading.channels and card is not None:
        about = f"{card.title} {card.table} {card.base} {card.formula}".casefold().replace("_", " ")
        beyond = [name for name in reading.channels if name.replace("_", " ") not in about]
        if beyond:
            filled["scope"] = {"channel": beyond[0] if len(beyond) == 1 else beyond}
            declared = {channel.id for channel in strategy.channels}
            strange = [name for name in beyond if name not in declared]
            if strange and declared:
                notes.append(f"The strategy declares no channel {join_words(strange, 'or')}.")
    if not goal.metric and not goal.scope and reading.limits and card is not None:
        quoted = join_words([f"'{words}'" for words in reading.limits])
        notes.append(f"It also says {quoted}, which no scope holds: the figures count everything.")
    if goal.statement and goal.deadline is None:
        notes += reading.period.notes
        filled |= {"start": goal.start or reading.period.start, "deadline": reading.period.deadline}
        if reading.period.deadline is None:
            notes.append("It names no day by which it shall be reached.")
    if not goal.stakeholders and reading.stakeholders:
        filled["stakeholders"] = list(reading.stakeholders)
    if not goal.parent and reading.parent and reading.parent != goal.id:
        filled["parent"] = reading.parent
    filled = {name: value for name, value in filled.items() if value and value != getattr(goal, name)}
    return Completion(goal.model_copy(update=filled), reading, tuple(filled), tuple(filter(None, notes)))


def size_goal(found: Completion, catalogue: pd.DataFrame, months: list[Month], today: date) -> Completion:
    """Return a completion whose baseline and target come from its statement and the months of its metric.

    A relative change starts from the data: the same months a year earlier where the goal is shorter than a year, else
    as many months as the goal has, right before its start; of a ratio the three months before. A figure per month of
    an additive metric counts for each month of the goal.

    Parameters
    ----------
    found
        What ``place_goal`` returned.
    catalogue
        As for ``find_card``.
    months
        The months of the goal's metric in its scope, in time order.
    today
        The last day of the data.
    """
    goal, change = found.goal, found.reading.change
    card = find_card(catalogue, goal.metric)
    if card is None or goal.baseline is not None or goal.target is not None or not goal.statement:
        return found
    start = goal.start or today + timedelta(days=1)
    deadline = goal.deadline or shift_month(start, YEAR) - timedelta(days=1)
    opening = today + timedelta(days=1)
    sizing = _Sizing(found.reading, card, months, start, max(deadline, start), opening, bool(goal.scope))
    baseline, notes = sizing.find_baseline()
    target, more = sizing.find_target(baseline)
    if goal.deadline is None and change.kind and card.additive:
        more = [*more, "Until a deadline is given, its figures are those of twelve months."]
    filled = {"baseline": baseline, "target": target}
    filled = {name: value for name, value in filled.items() if value is not None}
    return replace(
        found,
        goal=goal.model_copy(update=filled),
        filled=(*found.filled, *filled),
        notes=(*found.notes, *notes, *more),
    )


@dataclass(frozen=True, slots=True)
class _Sizing:
    reading: Reading
    card: Card
    months: list[Month]
    start: date
    deadline: date
    opening: date  # the day after the data ends
    is_scoped: bool

    @property
    def length(self) -> int:
        return measure_length(self.start, self.deadline)

    def find_baseline(self) -> tuple[float | None, list[str]]:
        given = self.reading.change.baseline
        # A goal that starts later takes what is known by now.
        wait = max(timedelta(0), self.start - self.opening)
        claims = find_claims(self.card, self.months, self.start - wait, self.deadline - wait)
        known = claims[-1][0].value if claims else None
        if given is not None:
            value, note = self._scale(given, known)
            return value, note
        if not self.reading.change.kind:
            return None, []
        if known is None:
            if not self.months and self.is_scoped:
                return None, [f"The data hold no month of {self.card.title} in that scope: it may not fit the metric."]
            return None, [f"There is too little data for the baseline of {self.card.title}."]
        span = claims[-1][1].replace("the start", f"{self.opening}") if wait else claims[-1][1]
        return known, [f"The baseline comes from the data for {span}: {format_plainly(known, self.card.unit)}."]

    def find_target(self, baseline: float | None) -> tuple[float | None, list[str]]:
        change = self.reading.change
        if change.kind == "level" and change.target is not None:
            value, notes = self._scale(change.target, baseline)
            return value, [] if change.baseline is not None else notes
        if not change.kind:
            return None, ["It does not say by how much."]
        sign = {"up": 1, "down": -1, "better": self.card.wish, "": 0}[change.way]
        if sign == 0:
            return None, [f"It does not say whether {self.card.title} shall rise or fall."]
        if baseline is None or change.amount is None:
            return None, []
        if change.kind == "fraction":
            notes = []
            if self.card.unit == "fraction":
                notes = [f"'{change.words}' is read as a part of the baseline, not as percentage points."]
            return tidy_figure(baseline * (1 + sign * change.amount), self.card), notes
        amount = change.amount
        if self.card.unit == "fraction":
            amount /= PER_CENT
        elif self.card.additive and self.reading.is_monthly:
            amount *= self.length
        return tidy_figure(baseline + sign * amount, self.card), []

    def _scale(self, figure: Figure, near: float | None) -> tuple[float, list[str]]:
        """Return a figure of the statement in the unit of the field, with what was assumed."""
        value = figure.value
        if self.card.unit == "fraction":
            return tidy_figure(value / PER_CENT, self.card), (
                [] if figure.measure else [f"'{figure.words}' is read as percent."]
            )
        if not self.card.additive or self.length == 1:
            return value, []
        if self.reading.is_monthly:
            return value * self.length, [f"A figure per month counts {self.length} times in the goal's total."]
        if near and abs(value * self.length - near) < abs(value - near):
            note = f"'{figure.words}' fits a month of the data, not {self.length} months: it is read per month."
            return value * self.length, [note]
        return value, []


def _name_namesakes(reading: Reading, catalogue: pd.DataFrame) -> list[str]:
    titles = {str(name): str(title) for name, title in catalogue["title"].to_dict().items()}
    return [
        f"'{mention.words}' is read as {titles[mention.metrics[0]]}; "
        f"{join_words([titles[name] for name in mention.others])} may be called so too."
        for mention in reading.mentions
        if mention.others
    ]


def explain_metric(reading: Reading, catalogue: pd.DataFrame) -> str:
    """Return the sentence that says why no single metric was read; empty where one was."""
    if reading.metric:
        return ""
    titles = {str(name): str(title) for name, title in catalogue["title"].to_dict().items()}
    unclear = next((mention for mention in reading.mentions if len(mention.metrics) > 1), None)
    if unclear:
        return f"'{unclear.words}' may mean {join_words([titles[name] for name in unclear.metrics], 'or')}."
    if reading.mentions:
        named = dict.fromkeys(titles[mention.metrics[0]] for mention in reading.mentions)
        return f"It names {len(named)} metrics: {join_words(list(named))}."
    return "It names no metric of the catalogue."


def tidy_figure(value: float, card: Card, towards: int = 0) -> float:
    """Return a figure without the digits that arithmetic leaves behind; a count of things is whole.

    Parameters
    ----------
    value, card
        The figure and its metric.
    towards
        1 rounds up, -1 down, 0 to the nearest.
    """
    if card.unit == "count" and abs(value) >= 1:
        return float(math.ceil(value) if towards > 0 else math.floor(value) if towards < 0 else round(value))
    if towards and value:
        step = 10.0 ** (math.floor(math.log10(abs(value))) - 3)  # four figures
        return float(f"{(math.ceil(value / step) if towards > 0 else math.floor(value / step)) * step:.4g}")
    return float(f"{value:.6g}")
