"""What the first page says: goals, figures, findings and pages, gathered from the results."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from mopsnb.run.brief import write_brief
from mopsnb.run.context import ExecutedStep, SiteContext
from mopsnb.run.decisions import choose_decisions
from mopsnb.run.finding_lines import gather_findings, list_all, name_finding
from mopsnb.run.lines import Card, CardGroup, FindingLine, GoalLine, Index, PageLine, Sentence
from mopsnb.run.outlook import BUDGET, find_outlook, read_signals, tell_outlook
from mopsnb.run.top_goal import read_top
from mopsnb.steps import GROUPS
from mopsnb.view.formats import Formats, is_known
from mopsnb.view.text import name_previous

# In the order in which a leader reads them: running goals with what goes wrong first, then the others.
GOAL_STATUS = {
    "behind": "behind",
    "at_risk": "at risk",
    "on_track": "on track",
    "not_defined": "not defined yet",
    "no_data": "without data",
    "not_started": "not started",
    "missed": "missed",
    "met": "met",
}
RUNNING = ("on_track", "at_risk", "behind")
ENDED = ("missed", "met")
EVEN = 0.5  # a goal on its path whose chance is smaller is told apart: path and forecast disagree
SHOWN_CARDS = 8  # of one page; the others are folded away
SHOWN_FINDINGS = 5  # and every error
STEP_STATUS = {"ok": "Complete", "no_data": "No data yet", "failed": "Stopped before the end"}
NOT_DEFINED = "Not defined yet"  # of a step that needs no table: the strategy file lacks its section


def build_index(results: Path, context: SiteContext) -> Index:
    """Gather the first page.

    Parameters
    ----------
    results
        The folder ``results`` of the site.
    context
        What every page knows.

    Returns
    -------
    Index
        The same for the same results.
    """
    goals = read_goals(results / "goals" / "progress.parquet", context)
    every = gather_findings(context)
    new = sum(line.is_new for line in list_all(every))
    decisions = choose_decisions(every, context)
    decided = [decision.finding for decision in decisions]
    lines = [line for line in every if line not in decided]
    urgent = [line for line in lines if line.severity != "info"]
    shown = max(SHOWN_FINDINGS, sum(line.severity == "error" for line in urgent))
    usual = read_signals(results / "metrics" / "summary.parquet", context.formats)
    groups = [_read_cards(page, context.formats, usual, has_goals=bool(goals)) for page in context.steps]
    top = read_top(results / "goals", context)
    leading = [] if is_empty(context) else [top, tell_outlook(context)]
    return Index(
        state=describe_state(goals, every, context, top),
        is_empty=is_empty(context),
        brief=write_brief(context.name, context.show_day(context.data_through), leading, goals, decisions),
        goals=[goal for goal in goals if goal.status not in ENDED],
        ended=[goal for goal in goals if goal.status in ENDED],
        cards=[group for group in groups if group.cards],
        decisions=decisions,
        is_calm=not decisions and any(page.status == "ok" for page in context.steps),
        findings=urgent[:shown],
        more=urgent[shown:],
        notes=[line for line in lines if line.severity == "info"],
        has_previous=bool(context.changes),
        new=new,
        resolved=[name_finding(item) for item in context.changes.get("resolved", ())],
        groups=_group_pages(context),
    )


def read_goals(table: Path, context: SiteContext) -> list[GoalLine]:
    """Return the goals from the table ``progress``, worst first; none where there is no such table.

    Of one status, the goal with the smallest part of its change comes first.
    """
    if not table.is_file():
        return []
    rows = pd.read_parquet(table).to_dict("records")
    ranks = list(GOAL_STATUS)
    rows.sort(key=lambda row: (ranks.index(row["status"]) if row["status"] in ranks else len(ranks), _rank_goal(row)))
    return [_read_goal({str(key): value for key, value in row.items()}, context) for row in rows]


def _rank_goal(row: Mapping[Any, Any]) -> float:
    return float(row["achieved"]) if is_known(row.get("achieved")) else math.inf


def _read_goal(row: Mapping[str, Any], context: SiteContext) -> GoalLine:
    status, unit = _text(row["status"]), _text(row["unit"])
    filled, due = measure_way(row)
    actual, expected, target = (_show_goal(row[name], unit, context) for name in ("actual", "expected", "target"))
    aim = f"target {target}" if is_known(row.get("denominator")) else f"of {target}"
    is_running = status in RUNNING
    pace = f"{expected} expected by now{_add_noise(row)}" if due is not None and is_running else ""
    parts = [f"{actual} {aim}" if filled is not None else "", pace]
    return GoalLine(
        statement=_text(row["statement"]) or _text(row["title"]) or str(row["goal"]),
        owner=context.name_person(_text(row["owner"])),
        deadline=context.show_day(row["deadline"]),
        status=status,
        status_words=GOAL_STATUS.get(status, status).capitalize(),
        actual=actual,
        aim=aim,
        filled=filled,
        due=due if is_running else None,
        pace=pace,
        progress=", ".join(part for part in parts if part),
        reason=_text(row["reason"]),
        chance=_text(row.get("chance")) if is_running else "",
        is_unlikely=is_running and is_known(row.get("probability")) and row["probability"] < EVEN,
    )


def _add_noise(row: Mapping[str, Any]) -> str:
    low, expected, high, actual = (row.get(name) for name in ("low", "expected", "high", "actual"))
    ends: list[Any] = [low, expected, high]
    is_noise = all(map(is_known, ends)) and ends == sorted(ends) and actual != expected
    return ", a difference within the noise" if is_noise else ""


def _show_goal(value: Any, unit: str, context: SiteContext) -> str:
    # "901.3 leads expected by now" promises a precision that a path does not have.
    return context.formats.value(round(value) if unit == "count" and is_known(value) else value, unit)


def measure_way(row: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Return how far a goal is and how far it should be, as shares of its way, cut to 0 to 1.

    A total (clicks, spend) goes from 0 to its target, a ratio from its baseline to its target:
    ``(actual − from) ÷ (target − from)``. A ratio is known by its denominator.

    Returns
    -------
    tuple of float or None
        None where a figure is missing or the way has no length.
    """
    start = row["baseline"] if is_known(row.get("denominator")) else 0.0
    ends = (start, row["target"])
    if not all(is_known(value) for value in ends) or start == row["target"]:
        return None, None

    def measure(value: Any) -> float | None:
        return min(max(float((value - start) / (row["target"] - start)), 0.0), 1.0) if is_known(value) else None

    return measure(row["actual"]), measure(row["expected"])


def describe_state(
    goals: Sequence[GoalLine], lines: Sequence[FindingLine], context: SiteContext, top: Sentence | None = None
) -> list[Sentence]:
    """Return where the team stands: failed pages, the top goal, running and other goals, the budget, findings."""
    failed = sum(page.status == "failed" for page in context.steps)
    stopped = f"{failed} of {_count(len(context.steps), 'page')} stopped before the end."
    told = []
    for chosen in (RUNNING, [status for status in reversed(GOAL_STATUS) if status not in RUNNING]):
        counts = {status: sum(goal.status == status for goal in goals) for status in chosen}
        parts = [f"{count} {GOAL_STATUS[status]}{_doubt(goals, status)}" for status, count in counts.items() if count]
        told += [_join(parts)] if parts else []
    about_goals = [Sentence(f"Goals: {'; '.join(told)}.", "goals")] if told else []
    if not goals and any(page.step.slug == "goals" and page.status != "failed" for page in context.steps):
        about_goals.append(Sentence("No goal yet."))
    if is_empty(context):
        return [*about_goals, Sentence("No data yet.")]
    outlook = tell_outlook(context)
    leading = [Sentence(stopped, "pages") if failed else None, top, *about_goals]
    return [sentence for sentence in (*leading, outlook, _count_findings(lines, context)) if sentence]


def _doubt(goals: Sequence[GoalLine], status: str) -> str:
    """Return how many of the goals on track are less likely than not to be reached; empty where none is."""
    count = sum(goal.is_unlikely for goal in goals if goal.status == status == "on_track")
    if not count:
        return ""
    return f" ({count} of them with a chance below {EVEN:.0%})"


def _count_findings(lines: Sequence[FindingLine], context: SiteContext) -> Sentence | None:
    outlook = find_outlook(context)
    told = outlook["severity"] if outlook else ""
    counts = {
        severity: sum(line.severity == severity for line in list_all(lines)) - (told == severity)
        for severity in ("error", "warning")
    }
    parts = [text for severity, count in counts.items() if (text := _count(count, severity))]
    if not parts:
        return Sentence("Nothing needs attention.") if context.steps and not outlook else None
    verb = "needs" if sum(counts.values()) == 1 else "need"
    results = sum(line.is_result for line in list_all(lines) if line.severity != "info")
    results -= int(told in counts and (outlook or {}).get("stake") == "result")
    others = sum(counts.values()) - results
    split = f": {results} on results, {others} on data, lists and definitions" if results and others else ""
    return Sentence(f"{_join(parts)} {verb} attention{', too' if outlook else ''}{split}.", "attention")


def is_empty(context: SiteContext) -> bool:
    """Tell whether the workspace holds nothing yet: no page has data, and nothing failed."""
    return bool(context.steps) and all(page.status == "no_data" for page in context.steps)


def _read_cards(page: ExecutedStep, formats: Formats, usual: Mapping[str, str], *, has_goals: bool) -> CardGroup:
    # The goals have a section of their own above the figures.
    items = [] if has_goals and page.step.slug == "goals" else (page.result or {}).get("headline", [])
    # What is usual is known of a metric, not of another step's figure of the same name.
    known = usual if page.step.slug == "metrics" else {}
    word = "Plan" if page.step.slug == BUDGET else "Target"
    cards = [_read_card(item, formats, known.get(str(item.get("name")), ""), word) for item in items]
    return CardGroup(page.step.slug, page.step.title, cards[:SHOWN_CARDS], cards[SHOWN_CARDS:])


def _read_card(item: Mapping[str, Any], formats: Formats, usual: str, word: str) -> Card:
    unit, status = str(item.get("unit") or ""), str(item.get("status") or "")
    target, period = item.get("target"), str(item.get("period") or "")
    return Card(
        title=str(item.get("title") or item.get("name")),
        value=formats.value(item.get("value"), unit),
        period=formats.period(period),
        change=formats.change(item["change"], name_previous(period, formats)) if is_known(item.get("change")) else "",
        usual=usual or _show_interval(item, formats),
        target=formats.value(target, unit) if is_known(target) else "",
        status=status,
        status_words=GOAL_STATUS.get(status, status.replace("_", " ")).capitalize(),
        target_word=word,
    )


def _show_interval(item: Mapping[str, Any], formats: Formats) -> str:
    low, high = item.get("low"), item.get("high")
    span = formats.span(low, high, str(item.get("unit") or ""))
    return f"interval {span}" if is_known(low) and is_known(high) else ""


def _group_pages(context: SiteContext) -> list[tuple[str, list[PageLine]]]:
    groups = []
    for group, title in GROUPS.items():
        lines = [
            PageLine(page.step.slug, page.step.title, page.step.question, page.status, _name_step(page))
            for page in context.steps
            if page.step.group == group
        ]
        if lines:
            groups.append((title, lines))
    return groups


def _name_step(page: ExecutedStep) -> str:
    is_defined = page.status != "no_data" or page.step.needs
    return STEP_STATUS[page.status] if is_defined else NOT_DEFINED


def _text(value: Any) -> str:
    return str(value) if is_known(value) else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


def _join(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
