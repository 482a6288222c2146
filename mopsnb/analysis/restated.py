"""What changed since the run before: statuses, goals, and old figures that were restated, with the reason."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from mopsnb.analysis.cards import find_card
from mopsnb.analysis.frames import DAY, FLAG, NUMBER, TEXT, Row, build_frame, list_rows, read_day, read_number
from mopsnb.analysis.stakeholders import name_goal, name_owner
from mopsnb.analysis.wording import FormatValue, count_things, format_month, format_plainly, join_words
from mopsnb.findings import Finding, make_id
from mopsnb.strategy import Strategy

SAME = 1e-9  # relative difference below which two figures are one
FIGURE_COLUMNS = {
    **dict.fromkeys(("goal", "metric", "scope", "formula", "unit"), TEXT),
    "period_start": DAY,
    **dict.fromkeys(("value", "numerator", "denominator"), NUMBER),
    "is_complete": FLAG,
}
CHANGE_COLUMNS = {
    **dict.fromkeys(("goal", "statement", "kind", "what", "before", "now", "why"), TEXT),
    "size": NUMBER,
}
_FIELDS = ("baseline", "target", "start", "deadline")
Tables = Mapping[str, pd.DataFrame]


def list_figures(strategy: Strategy, catalogue: pd.DataFrame, history: Tables) -> pd.DataFrame:
    """Return the months of every goal as the next run compares them with its own.

    Parameters
    ----------
    strategy, catalogue
        The goals, and what their metrics mean.
    history
        Goal id to the monthly frame of its metric in its scope.

    Returns
    -------
    pandas.DataFrame
        goal, metric, scope, formula and unit; period_start, value, numerator, denominator and is_complete.
    """
    rows: list[dict[str, object]] = []
    for goal in strategy.goals:
        card = find_card(catalogue, goal.metric)
        if card is None or goal.id not in history:
            continue
        scope = "; ".join(f"{key}: {value}" for key, value in sorted(goal.scope.items()))
        base = {"goal": goal.id, "metric": goal.metric, "scope": scope, "formula": card.formula, "unit": card.unit}
        for row in list_rows(history[goal.id]):
            rows.append(base | {name: row[name] for name in list(FIGURE_COLUMNS)[5:]})
    return build_frame(rows, FIGURE_COLUMNS)


def compare_runs(
    strategy: Strategy, now: Tables, before: Tables, *, format_value: FormatValue = format_plainly
) -> pd.DataFrame:
    """Return what changed since the run before, a row a change.

    Only months that were complete in both runs can be restated: a month that still ran then has only gone on. The
    reason is the first of these that holds: the goal has another metric or scope, the metric has another formula, the
    figure was missing, its base or what it counts has changed through rows that came, went or were corrected.

    Parameters
    ----------
    strategy
        Its goals, for their names.
    now, before
        Tables of both runs: ``progress`` as ``track_goals`` returns it and ``figures`` as ``list_figures`` does. Where
        one is missing, nothing of its kind is compared.
    format_value
        Turns a value and its unit into text.

    Returns
    -------
    pandas.DataFrame
        goal, statement, kind (``status``, ``goal`` for its fields, ``restated``), what, before, now and why in words,
        and size (the relative change of a restated figure; missing where there is none). Statuses come first, then
        fields, then figures from the largest change on.
    """
    names = {goal.id: name_goal(goal) for goal in strategy.goals}
    rows: list[dict[str, object]] = []
    then = {str(row["goal"]): row for row in list_rows(before.get("progress", pd.DataFrame()))}
    for row in list_rows(now.get("progress", pd.DataFrame())):
        old = then.get(str(row["goal"]))
        if old is not None:
            rows += _compare_goal(row, old, format_value)
    rows.sort(key=lambda row: row["kind"] != "status")
    restated = _compare_figures(now.get("figures"), before.get("figures"), format_value)
    restated.sort(key=lambda row: -abs(_size(row)))
    found = [row | {"statement": names.get(str(row["goal"]), str(row["goal"]))} for row in [*rows, *restated]]
    return build_frame(found, CHANGE_COLUMNS)


def describe_changes(changes: pd.DataFrame) -> str:
    """Return what changed since the run before in a few sentences; empty where nothing did."""
    parts = []
    moved = changes[changes["kind"] == "status"]
    if len(moved):
        listed = [f"“{row['statement']}” from {row['before']} to {row['now']}" for row in list_rows(moved)]
        parts.append(f"Since the last run, {join_words(listed)}.")
    edited = changes[changes["kind"] == "goal"]
    if len(edited):
        listed = [f"{row['what']} of “{row['statement']}”" for row in list_rows(edited)]
        parts.append(f"The strategy file changed: {join_words(listed)}.")
    restated = changes[changes["kind"] == "restated"]
    if len(restated):
        goals = restated["goal"].nunique()
        parts.append(
            f"{count_things(len(restated), 'older monthly figure')} of {count_things(goals, 'goal')} "
            f"{'was' if len(restated) == 1 else 'were'} restated; the findings below say which and why."
        )
    return " ".join(parts)


def report_restated(changes: pd.DataFrame, strategy: Strategy) -> list[Finding]:
    """Return a note for each goal whose older figures differ from those of the run before, with the reasons."""
    restated = changes[changes["kind"] == "restated"]
    findings = []
    owners = {goal.id: name_owner(strategy, goal.owner) for goal in strategy.goals}
    for goal in restated["goal"].unique():
        mine = list_rows(restated[restated["goal"] == goal])
        shown = [f"{row['what']}: {row['before']} is now {row['now']}. {row['why']}" for row in mine[:3]]
        more = f" {count_things(len(mine) - 3, 'more month')}." if len(mine) > 3 else ""
        findings.append(
            Finding(
                id=make_id("goals", "restated", str(goal)),
                severity="info",
                title=f"Older figures of the goal '{mine[0]['statement']}' were restated",
                evidence=" ".join(shown) + more,
                fix="Tell those who read the last report, if the difference matters to them.",
                owner=owners.get(str(goal), ""),
                where=str(goal),
            )
        )
    return findings


def _compare_goal(now: Row, before: Row, format_value: FormatValue) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    base: dict[str, object] = {"goal": now["goal"]}
    if now["status"] != before["status"]:
        said = {"before": _say(before["status"]), "now": _say(now["status"]), "why": now.get("reason", "")}
        rows.append(base | {"kind": "status", "what": "Status"} | said)
    for name in _FIELDS:
        values = [_show(row.get(name), str(row.get("unit", "")), format_value) for row in (before, now)]
        if values[0] != values[1]:
            why = "The strategy file says something else now."
            rows.append(base | {"kind": "goal", "what": name, "before": values[0], "now": values[1], "why": why})
    return rows


def _compare_figures(
    now: pd.DataFrame | None, before: pd.DataFrame | None, format_value: FormatValue
) -> list[dict[str, object]]:
    if now is None or before is None or not {*FIGURE_COLUMNS} <= {*before.columns}:
        return []
    then = {(str(row["goal"]), read_day(row["period_start"])): row for row in list_rows(before)}
    rows: list[dict[str, object]] = []
    for row in list_rows(now):
        old = then.get((str(row["goal"]), read_day(row["period_start"])))
        if old is None or not (row["is_complete"] and old["is_complete"]):
            continue
        value, known = read_number(row["value"]), read_number(old["value"])
        if _is_same(value, known):
            continue
        unit = str(row["unit"])
        size = (value - known) / abs(known) if math.isfinite(value) and math.isfinite(known) and known else math.nan
        said = {"before": format_value(known, str(old["unit"])), "now": format_value(value, unit), "size": size}
        month = format_month(read_day(row["period_start"]))
        rows.append({"goal": row["goal"], "kind": "restated", "what": month, "why": _explain(row, old)} | said)
    return rows


def _explain(now: Row, before: Row) -> str:
    if now["metric"] != before["metric"] or now["scope"] != before["scope"]:
        return "The goal has another metric or scope now."
    if now["formula"] != before["formula"]:
        return f"The metric has another formula now: {now['formula']}."
    value, known = read_number(now["value"]), read_number(before["value"])
    if math.isnan(known):
        return "The month had no data in the last run; it has some now."
    if math.isnan(value):
        return "The month had data in the last run; it has none now."
    parts = []
    for name, words in (("numerator", "what it counts"), ("denominator", "its base")):
        new, old = read_number(now[name]), read_number(before[name])
        if not _is_same(new, old):
            parts.append(f"{words} went from {format_plainly(old, '')} to {format_plainly(new, '')}")
    changed = f": {join_words(parts)}" if parts else ""
    return f"Rows of that month came, went or were corrected after the last run{changed}."


def _is_same(a: float, b: float) -> bool:
    return (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=SAME, abs_tol=1e-12)


def _show(value: object, unit: str, format_value: FormatValue) -> str:
    if value is None or value is pd.NaT:
        return format_value(math.nan, unit)
    return format_value(float(value), unit) if isinstance(value, int | float) else read_day(value).isoformat()


def _size(row: Mapping[str, object]) -> float:
    size = read_number(row["size"])
    return math.inf if math.isnan(size) else size


def _say(status: object) -> str:
    return str(status).replace("_", " ")
