"""The rule of the SMART letter A: the asked change among past changes of the same length."""

from __future__ import annotations

import math
from dataclasses import replace

from mopsnb.analysis.cases import list_gaps
from mopsnb.analysis.smart_history import PastChanges, find_changes
from mopsnb.analysis.smart_question import Question, Verdict
from mopsnb.analysis.wording import count_things, format_month, join_words, write_number, write_percent

REACHED = 0.1  # attainable: at least one in ten past changes went as far
FAR = 0.5  # out of reach: not one past change went even half as far
EVEN = 0.4  # about even, as rounded targets may be: from here a forecast speaks against a past without such a change
OPEN = ": neither shown nor ruled out"
LIKELY, UNLIKELY = 0.25, 0.05  # a forecast decides from and below these, where the past leaves it open


def judge_attainable(question: Question) -> Verdict:
    """Judge whether a goal's change has been reached before in the same time.

    Pass: at least one in ten past changes of the same length reached it. Fail: not one went even half
    as far. Unknown: anything between, or too little history for a single change. Where the past leaves it open, a
    forecast's probability decides, if there is one: pass from one in four, fail below one in twenty. Where the past
    speaks against it and the forecast gives it about an even chance or better, the two disagree: unknown.

    Progress has the last word where it is final, or contradicts: a goal that is met was attainable, and one that is on
    its path is not out of reach, whatever its past said. The reason says so.
    """
    verdict = _judge_ahead(question)
    status, said = question.standing
    if not said:
        return verdict
    told = f"{verdict.reason} {said}"
    if status == "met":
        return Verdict("pass", told if verdict.verdict == "pass" else f"{told} So it was attainable.")
    if status == "on_track" and verdict.verdict == "fail":
        way = "Keep what works now, and name in the action plan what will carry it to the deadline."
        return Verdict("unknown", f"{told} That does not fit: its pace today is what it needs. It stays open.", way)
    if status in ("behind", "at_risk", "missed") and verdict.verdict == "pass":
        told += " The verdict says that such a change is possible; progress, that it "
        told += "did not come." if status == "missed" else "has not come as planned so far."
    return replace(verdict, reason=told)


def _judge_ahead(question: Question) -> Verdict:
    verdict = _judge_past(question)
    if question.chance is None:
        return verdict
    limit = write_percent(max(0.01, min(question.chance, 0.99)), question.format_value)
    share = f"below {limit}" if question.chance < 0.01 else limit
    said = f"The forecast gives it a probability of {share}."
    reason = f"{verdict.reason} {said}"
    if verdict.verdict == "fail" and question.chance >= EVEN:
        way = "Decide by what will be done differently, and name it in the action plan."
        return Verdict("unknown", f"{reason} The past and the forecast disagree.", way)
    if verdict.verdict != "unknown" or list_gaps(question.goal):
        return replace(verdict, reason=reason)
    if UNLIKELY <= question.chance < LIKELY:
        return Verdict("unknown", reason, verdict.fix)
    reason = reason.replace(OPEN, "")
    return Verdict("pass", reason) if question.chance >= LIKELY else Verdict("fail", reason, verdict.fix)


def _judge_past(question: Question) -> Verdict:
    goal, card = question.goal, question.card
    gaps = [name for name in list_gaps(goal) if name != "metric"]
    if card is None or gaps:
        lacks = gaps if card else ["a metric of the catalogue", *gaps]
        listed = join_words(lacks)
        return Verdict("unknown", f"It cannot be judged without {listed}.", f"Write {listed} under {question.key}.")
    if goal.start is None or goal.deadline is None or goal.baseline is None or goal.target is None:
        raise AssertionError("list_gaps has named the missing fields")
    if goal.deadline < goal.start:
        return Verdict(
            "unknown", "The deadline lies before the start.", f"Correct start and deadline under {question.key}."
        )
    if card.proportion and max(goal.target, goal.baseline) > 1:
        most, asked_for = question.show(1), question.show(goal.target)
        reason = f"{card.title} is a part of its base and can never exceed {most}; it asks for {asked_for}."
        return Verdict("fail", reason, f"Write a target of at most {most} under {question.key}.")
    difference = goal.target - goal.baseline
    sign = (difference > 0) - (difference < 0) or card.wish
    if sign == 0:
        reason = f"It holds a level, and for {card.title} neither more nor less is better."
        return Verdict("unknown", reason, f"Write a target under {question.key} that differs from the baseline.")
    are_relative = goal.baseline != 0
    asked = difference / abs(goal.baseline) if are_relative else difference
    past = find_changes(card, question.months, goal.start, goal.deadline, are_relative=are_relative)
    if not past.changes:
        return _tell_short(past)
    return _weigh(question, past, asked, sign)


def _weigh(question: Question, past: PastChanges, asked: float, sign: int) -> Verdict:
    reached, windows = past.count_reached(asked, sign), len(past.changes)
    best = max(change * sign for change in past.changes) * sign
    length = count_things(past.length, "month")
    text = (
        f"It asks for {_show(question, past, asked)} in {length}. " if asked else f"It holds the level for {length}. "
    )
    text += _tell_windows(question, past, reached, best)
    if reached >= REACHED * windows:
        return Verdict("pass", text)
    if best * sign < FAR * asked * sign:
        return Verdict("fail", text, _propose_target(question, past, best, sign))
    reason = f"{text} {'That is less than one in ten' if reached else 'It is a stretch'}{OPEN}."
    return Verdict("unknown", reason, "Name in the action plan what will be done differently, and its expected effect.")


def _tell_windows(question: Question, past: PastChanges, reached: int, best: float) -> str:
    windows = len(past.changes)
    if windows == 1:
        found = "reached it" if reached else "did not reach it"
        return f"The one past change of that length, {_show(question, past, best)}, {found} ({past.comparison})."
    share = question.format_value(round(reached / windows, 2), "fraction")
    text = f"{reached} of {windows} past changes of that length reached it ({share}; "
    text += f"{past.comparison}). The windows overlap; the history holds {past.independent} without overlap."
    if reached == 0:
        text += f" The best was {_show(question, past, best)}."
    return f"{text} {_tell_jumps(question, past)}".rstrip()


def _tell_jumps(question: Question, past: PastChanges) -> str:
    """Return that past changes may come from a change of what is recorded; empty where no level jumped."""
    if not past.jumps:
        return ""
    told = [f"about {format_month(one.start)} from {question.show(one.before)} to {question.show(one.after)}"
            for one in past.jumps]  # fmt: skip
    text = (
        f"{past.spanning} of the windows span{'s' if past.spanning == 1 else ''} a jump of its level {join_words(told)}"
    )
    return f"{text}: they count for little if what is recorded changed then."


def _tell_short(past: PastChanges) -> Verdict:
    needed = count_things(past.needed, "complete month")
    return Verdict(
        "unknown",
        f"One past change of that length needs {needed} with data in a row before the start; there "
        f"{'is' if past.months == 1 else 'are'} {past.months} in all.",
        "Import older data, or write down in the action plan why the change can be reached.",
    )


def _propose_target(question: Question, past: PastChanges, best: float, sign: int) -> str:
    differently = "name in the action plan what will be done differently"
    baseline = question.goal.baseline
    if baseline is not None and question.proposed:
        return f"{_tell_likely(question, baseline, sign)}, or {differently}."
    if best * sign <= 0 or baseline is None:
        return f"First show a change in this direction: set a small target under {question.key}, and {differently}."
    target = baseline + best * (abs(baseline) if past.are_relative else 1)
    if question.card and question.card.unit == "count":
        target = math.floor(target) if sign > 0 else math.ceil(target)  # no part of a thing, and no more than the best
    return f"Write target: {write_number(target)} under {question.key} (the best past change), or {differently}."


def _tell_likely(question: Question, baseline: float, sign: int) -> str:
    likely = question.proposed["likely"]
    if (likely - baseline) * sign > 0:
        return (
            f"Write target: {write_number(likely)} under {question.key}, which the forecast gives about an even chance"
        )
    shown = question.show(likely)
    return f"Agree on another target: the middle forecast, {shown}, is no better than the baseline"


def _show(question: Question, past: PastChanges, change: float) -> str:
    sign = "+" if change > 0 else "−" if change < 0 else ""
    if past.are_relative:
        return f"{sign}{question.format_value(abs(change), 'fraction')}"
    return f"{sign}{question.show(abs(change))}"
