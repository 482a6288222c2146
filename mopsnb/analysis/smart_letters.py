"""The rules of the SMART letters S, R and T."""

from __future__ import annotations

from datetime import date, timedelta

from mopsnb.analysis.cases import is_number
from mopsnb.analysis.months import has_data
from mopsnb.analysis.progress import name_scope
from mopsnb.analysis.smart_question import Question, Verdict
from mopsnb.analysis.smart_statement import find_channels, names_metric, names_size, split_outcomes
from mopsnb.analysis.stakeholders import name_owner
from mopsnb.analysis.statements.completion import explain_metric
from mopsnb.analysis.wording import count_things, format_day, format_span, join_words


def judge_specific(question: Question) -> Verdict:
    """Judge whether a goal names one metric, one outcome, what changes, and where."""
    goal, card = question.goal, question.card
    if not goal.metric:
        why = explain_metric(question.found.reading, question.catalogue) if question.found else ""
        return Verdict(
            "fail", why or "It names no metric.", f"Write under {question.key} the one metric that shows the change."
        )
    outcomes = split_outcomes(goal.statement)
    title = card.title if card else goal.metric
    if len(outcomes) > 1:
        listed = join_words([f"'{outcome}'" for outcome in outcomes])
        return Verdict(
            "fail",
            f"The statement names {len(outcomes)} outcomes: {listed}.",
            f"Keep the outcome that {title} measures, and make a goal of its own from each other one.",
        )
    return (
        _check_words(question, title)
        or _check_scope(question, title)
        or Verdict("pass", f"It names one metric, {title}, {_name_place(question)}.")
    )


def judge_relevant(question: Question) -> Verdict:
    """Judge whether a goal serves somebody, leads somewhere, and belongs to somebody."""
    goal = question.goal
    names = {person.id: person.name or person.id for person in question.strategy.stakeholders}
    served = [names[person] for person in goal.stakeholders if person in names]
    parents = {other.id for other in question.strategy.goals} - {goal.id}
    has_parent = bool(goal.parent) and goal.parent in parents
    lacks, fixes = [], []
    if not served:
        lacks.append("no stakeholder whom it serves")
        fixes.append("stakeholders")
    if not has_parent and not (goal.benefit_customers and goal.benefit_team):
        gaps = [name for name in ("benefit_customers", "benefit_team") if not getattr(goal, name)]
        lacks.append(f"neither a parent goal nor {join_words(gaps, 'and')}")
        fixes.append(f"parent, or {join_words(gaps)}")
    if not goal.owner:
        lacks.append("no owner")
        fixes.append("owner")
    if lacks:
        return Verdict("fail", f"It names {join_words(lacks)}.", f"Write {'; '.join(fixes)} under {question.key}.")
    link = f"leads to the goal {goal.parent}" if has_parent else "names its benefit to customers and to the team"
    return Verdict(
        "pass", f"It serves {join_words(served)}, {link}, and {name_owner(question.strategy, goal.owner)} owns it."
    )


def judge_time_bound(question: Question) -> Verdict:
    """Judge whether a goal has a start, a deadline and at least one look at progress in between."""
    goal = question.goal
    if goal.start is None or goal.deadline is None:
        gaps = [name for name in ("start", "deadline") if getattr(goal, name) is None]
        return Verdict(
            "fail",
            f"It has {join_words([f'no {gap}' for gap in gaps])}.",
            f"Write {join_words(gaps)} under {question.key}.",
        )
    start, deadline = goal.start, goal.deadline
    if deadline <= start:
        reason = f"The deadline, {format_day(deadline)}, does not lie after the start, {format_day(start)}."
        return Verdict("fail", reason, f"Correct start and deadline under {question.key}.")
    span = f"It runs from {format_span(start, deadline)}"
    inside = [day for day in goal.checkpoints if start <= day <= deadline]
    if inside:
        return Verdict("pass", f"{span} with {count_things(len(inside), 'checkpoint')}.")
    additive = question.card.additive if question.card else True
    has_months = any(has_data(month, additive=additive) for month in question.months)
    if has_months and _has_month_end(start, deadline):
        return Verdict("pass", f"{span}; the monthly figures are its checkpoints.")
    if question.card is None:
        # Without a metric there are no figures to look at: that is what Specific and Measurable say.
        return Verdict("pass", f"{span}. Once it has a metric, the monthly figures are its checkpoints.")
    outside = f", and {len(goal.checkpoints)} outside that time" if goal.checkpoints else ""
    days = ", ".join(str(day) for day in propose_checkpoints(start, deadline))
    return Verdict(
        "fail",
        f"{span} without a checkpoint{outside}, and no monthly figures tell how it goes.",
        f"Write checkpoints under {question.key}, for example [{days}].",
    )


def _check_words(question: Question, title: str) -> Verdict | None:
    goal = question.goal
    is_read = question.found is not None and "metric" in question.found.filled
    if is_read or names_metric(goal.statement, goal.metric, title) or names_size(goal.statement):
        return None
    # By how much is what Measurable asks.
    lacks = "what changes" if is_number(goal.target) else "what changes and by how much"
    said = f"The statement '{goal.statement}' does not say" if goal.statement else "There is no statement that says"
    if question.card is None:
        way = "name a metric of the catalogue under"
        return Verdict(
            "fail", f"{said} {lacks}.", f"First {way} {question.key}; then say in the statement how it changes."
        )
    fix = f"Name {title} and the change in the statement, for example {_propose_statement(question, title)}"
    return Verdict("fail", f"{said} {lacks}.", fix)


def _check_scope(question: Question, title: str) -> Verdict | None:
    goal, card = question.goal, question.card
    if goal.scope:
        return None
    ids = {name.casefold(): channel.id for channel in question.strategy.channels for name in (channel.name, channel.id)}
    about = f"{title} {card.table} {card.base} {card.formula}".casefold() if card else title.casefold()
    beyond = [channel for channel in find_channels(goal.statement, ids) if channel not in about]
    if not beyond:
        return None
    return Verdict(
        "fail",
        f"The statement is about {join_words(beyond)}, but without a scope {title} counts everything.",
        f"Write a scope under {question.key}, for example {{channel: {ids.get(beyond[0], beyond[0])}}}.",
    )


def _name_place(question: Question) -> str:
    goal = question.goal
    return f"in the scope {name_scope(goal, question.strategy)}" if goal.scope else "for everything that it counts"


def _propose_statement(question: Question, title: str) -> str:
    goal = question.goal
    by = f" by {format_day(goal.deadline)}" if goal.deadline else ""
    if goal.baseline is None or goal.target is None:
        return f"'Change {title} by … %{by}'."
    return f"'Bring {title} from {question.show(goal.baseline)} to {question.show(goal.target)}{by}'."


def _has_month_end(start: date, deadline: date) -> bool:
    return (start.year, start.month) < (deadline.year, deadline.month)


def propose_checkpoints(start: date, deadline: date) -> list[date]:
    """Return two days that divide the time of a goal into three parts."""
    days = (deadline - start).days
    return sorted({start + timedelta(days=days * part // 3) for part in (1, 2)})
