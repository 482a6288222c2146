"""The rule of the SMART letter M: metric, unit, baseline and target, and whether they agree with each other."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mopsnb.analysis.cards import Card, explain_unknown
from mopsnb.analysis.cases import is_number
from mopsnb.analysis.intervals import estimate_wilson
from mopsnb.analysis.months import Total
from mopsnb.analysis.smart_history import find_claims
from mopsnb.analysis.smart_question import Question, Verdict
from mopsnb.analysis.smart_statement import find_size
from mopsnb.analysis.wording import join_words, write_number

BASELINE_FACTOR = 2.0  # a baseline further from the data than this measures something else
CHANCE = 1.96  # standard deviations within which two counts may differ by chance
SIZE_TOLERANCE = 0.01  # how far the statement's change and the fields' may differ: one percentage point
MOST_OF_A_RATE = 1.0  # a rate above 1 is a percentage that was not written as a fraction


def judge_measurable(question: Question) -> Verdict:
    """Judge whether a goal's figures can be measured: metric, unit, baseline, target, direction, agreement."""
    goal, card = question.goal, question.card
    if not goal.metric:
        return Verdict("fail", "It names no metric.", f"Name a metric of the catalogue under {question.key}.")
    if card is None:
        reason = explain_unknown(question.catalogue, goal.metric)
        return Verdict("fail", reason, f"Name a metric of the catalogue under {question.key}.")
    if not card.unit:
        return Verdict(
            "fail", f"The catalogue gives {card.title} no unit.", f"Add the unit of {card.name} to the catalogue."
        )
    baseline, target = goal.baseline, goal.target
    if baseline is None or target is None or not (math.isfinite(baseline) and math.isfinite(target)):
        gaps = [name for name in ("baseline", "target") if not is_number(getattr(goal, name))]
        return Verdict("fail", f"It has {join_words([f'no {gap}' for gap in gaps])}.", _propose_figures(question, gaps))
    return (
        _check_rate(question, card, baseline, target)
        or _check_direction(question, card, baseline, target)
        or _check_size(question, baseline, target)
        or _check_baseline(question, card, baseline)
        or Verdict("pass", f"{_tell_change(question, baseline, target)}{_tell_claim(question, card, baseline)}")
    )


def _check_rate(question: Question, card: Card, baseline: float, target: float) -> Verdict | None:
    if question.found is not None and "target" in question.found.filled:
        return None  # the statement has its own percent sign
    largest = max(abs(baseline), abs(target))
    if card.unit != "fraction" or largest <= MOST_OF_A_RATE:
        return None
    return Verdict(
        "fail",
        f"{card.title} is a fraction, and {largest:g} stands for {question.show(largest)}.",
        f"Write percentages as fractions under {question.key}: {largest / 100:g} stands for {largest:g}%.",
    )


def _check_direction(question: Question, card: Card, baseline: float, target: float) -> Verdict | None:
    asked = (target > baseline) - (target < baseline)
    if asked * card.wish >= 0:
        return None
    better = "more" if card.wish > 0 else "less"
    return Verdict(
        "fail",
        f"It goes from {question.show(baseline)} to {question.show(target)}, but for {card.title} {better} is better.",
        f"Swap or correct baseline and target under {question.key}.",
    )


def _check_size(question: Question, baseline: float, target: float) -> Verdict | None:
    size = find_size(question.goal.statement)
    if size is None or baseline == 0:
        return None
    relative, points = abs(target - baseline) / abs(baseline), abs(target - baseline)
    is_rate = question.card is not None and question.card.unit == "fraction"
    # "By 2%" of a rate may mean two points; either reading that fits is taken.
    readings = [points] if size.kind == "points" else [relative, points] if is_rate else [relative]
    tolerance = SIZE_TOLERANCE * (abs(size.value) if size.kind == "points" else 1)
    if any(abs(abs(size.value) - reading) <= tolerance for reading in readings):
        return None
    return Verdict(
        "fail",
        f"The statement says {size.text}, but from {question.show(baseline)} to {question.show(target)} "
        f"it is {question.format_value(relative, 'fraction')}.",
        f"Make the statement, baseline and target under {question.key} say the same.",
    )


def _check_baseline(question: Question, card: Card, baseline: float) -> Verdict | None:
    claims = _find_claims(question, card)
    if not claims or any(_is_near(card, baseline, claim) for claim, _ in claims):
        return None
    value, words = claims[0][0].value, claims[0][1]
    length = "; the baseline of a total covers a time as long as the goal's" if card.additive else ""
    return Verdict(
        "fail",
        f"The baseline is {question.show(baseline)}, but the data give {question.show(value)} for {words}{length}.",
        f"Write baseline: {write_number(value)} under {question.key}, and a target to match.",
    )


def _is_near(card: Card, baseline: float, claim: Total) -> bool:
    low, high = sorted((abs(baseline), abs(claim.value)))
    if baseline * claim.value >= 0 and high <= BASELINE_FACTOR * low:
        return True
    # Small counts differ by more than that through chance alone.
    if card.proportion:
        least, most = estimate_wilson(claim.numerator, claim.denominator)
        return least <= baseline <= most
    return card.unit == "count" and high - low <= CHANCE * math.sqrt(low + high)


def _find_claims(question: Question, card: Card) -> list[tuple[Total, str]]:
    goal = question.goal
    if goal.start is None or goal.deadline is None or goal.deadline < goal.start:
        return []
    return find_claims(card, question.months, goal.start, goal.deadline)


def _tell_change(question: Question, baseline: float, target: float) -> str:
    if target == baseline:
        return f"It holds {question.show(baseline)}."
    text = f"It goes from {question.show(baseline)} to {question.show(target)}"
    if baseline == 0:
        return f"{text}."
    sign = "+" if target > baseline else "−"
    return f"{text}, {sign}{question.format_value(abs(target - baseline) / abs(baseline), 'fraction')}."


def _tell_claim(question: Question, card: Card, baseline: float) -> str:
    claims = _find_claims(question, card)
    if not claims:
        return ""
    claim, words = min(claims, key=lambda pair: abs(pair[0].value - baseline))
    return f" For {words} the data give {question.show(claim.value)}."


def _propose_figures(question: Question, gaps: Sequence[str]) -> str:
    text = f"Write {join_words(gaps)} under {question.key}"
    claims = _find_claims(question, question.card) if question.card and "baseline" in gaps else []
    return f"{text}; for {claims[0][1]} the data give {write_number(claims[0][0].value)}." if claims else f"{text}."
