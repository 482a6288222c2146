"""Findings about budgets that end above or below their plan."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date

import pandas as pd

from mopsnb.analysis.frames import Row, list_rows, read_day, read_number
from mopsnb.analysis.pacing.status import OVER, UNDER
from mopsnb.analysis.pacing.words import Money, is_bound, list_evidence
from mopsnb.analysis.wording import FormatValue, format_day, format_plainly, join_words
from mopsnb.findings import Finding, Severity, make_id, sort_findings

SEVERITIES: dict[str, Severity] = {
    "exceeded": "error",
    "over_plan": "warning",
    "may_go_over": "info",
    "may_run_out_early": "info",
    "under_plan": "info",
    "may_stay_under": "info",
}
TOTAL = "total"  # the id of all areas together
MUCH_LEFT = 0.10  # share of its plan from which money left over calls for action
TITLES = {
    "exceeded": "Spend on {} has exceeded the plan for {}",
    "over_plan": "Spend on {} will exceed the plan for {}",
    "may_go_over": "Spend on {} may exceed the plan for {}",
    "may_run_out_early": "The money for {} may run out before the end of {}",
    "under_plan": "Spend on {} will stay below the plan for {}",
    "may_stay_under": "Spend on {} may stay below the plan for {}",
}


def find_deviations(
    frames: Iterable[pd.DataFrame], currency: str, *, format_value: FormatValue = format_plainly
) -> list[Finding]:
    """Return a finding for each budget that ends, or may end, off its plan.

    A plan that is exceeded is an error; one that will be exceeded is a warning. Money that will be left over is a
    warning from 10% of the plan on, else good to know, as is what may still happen. Of one severity, all areas
    together come first, then the area whose year will end furthest from its plan.

    Parameters
    ----------
    frames
        What ``pace_budget`` returned, by area and in total.
    currency
        The workspace's currency, such as ``EUR``.
    format_value
        Turns a value and its unit into text.
    """
    rows = [row for frame in frames for row in list_rows(frame) if row["status"] in TITLES]
    rows.sort(key=lambda row: (row["id"] != TOTAL, -abs(read_number(row["gap"]))))
    parts = [row for row in rows if row["id"] != TOTAL]
    return sort_findings(_report(row, parts, currency, format_value) for row in rows)


def _report(row: Row, parts: Sequence[Row], currency: str, format_value: FormatValue) -> Finding:
    status, money = str(row["status"]), Money(row, currency, format_value)
    evidence = [part for part in list_evidence(row, money) if part]
    if row["id"] == TOTAL:
        evidence += _name_parts(row, parts, currency, format_value)
    severity = SEVERITIES[status]
    if status == "under_plan" and read_number(row["gap_share"]) <= -MUCH_LEFT:
        severity = "warning"
    return Finding(
        id=make_id("budget_pacing", "over" if status in OVER else "under", str(row["id"]), str(row["year"])),
        severity=severity,
        title=TITLES[status].format(_name(row), row["year"]),
        evidence=" ".join(evidence),
        fix=_propose(row, money, parts if row["id"] == TOTAL else ()),
        owner=str(row["owner"]),
        where=str(row["id"]),
        stake="result",
        period=f"{read_day(row['year_start']):%Y-%m-%d}/{read_day(row['as_of']):%Y-%m-%d}",
        due=_find_due(row),
    )


def _find_due(row: Row) -> str:
    """Return the day on which the plan is spent, or else the last of the year."""
    crosses = row["crosses_on"]
    is_ahead = isinstance(crosses, date) and not pd.isna(crosses) and not row["has_crossed"]
    day = read_day(crosses if is_ahead else row["year_end"])
    return f"{day:%Y-%m-%d}"


def _name_parts(total: Row, parts: Sequence[Row], currency: str, format_value: FormatValue) -> list[str]:
    """Return the sentence that says which findings on areas the total includes; none where there is no such area."""
    sign = math.copysign(1.0, read_number(total["gap"]))
    same = [row for row in parts if sign * read_number(row["gap"]) > 0]
    if not same:
        return []
    side = "above" if sign > 0 else "below"
    named = [f"{row['name']} ({Money(row, currency, format_value)('gap')} {side} its plan)" for row in same]
    own = "which has a finding of its own" if len(same) == 1 else "which have findings of their own"
    return [f"This includes {join_words(named)}, {own}."]


def _propose(row: Row, money: Money, parts: Sequence[Row]) -> str:
    name, until = _name(row), format_day(read_day(row["year_end"]))
    is_over = row["status"] not in UNDER
    if read_day(row["as_of"]) >= read_day(row["year_end"]):
        side = "above" if is_over else "below"
        return f"Write down why spend on {name} ended {side} the plan, and use it for the next one."
    beyond = f" beyond the {money('committed')} that is committed" if read_number(row["committed"]) > 0 else ""
    if not is_over:
        step = f"Plan how to spend {money('per_month')} a month on {name} until {until}{beyond}"
        return f"{step}, or move {money('gap')} to where it brings more."
    if read_number(row["remaining"]) <= 0:
        stop = f"cancel what can be canceled for {name}" if is_bound(row) else f"stop spending on {name}"
        return f"Nothing of the plan is left: {stop}, or agree on {money('gap')} more for the year."
    recent = f" (it was {money('recent_per_day')} a day over the last 30 days)"
    step = f"Hold spend on {name} to {money('per_day')} a day until {until}{beyond}{recent}"
    over = [part for part in parts if read_number(part["gap"]) > 0]
    first = f" Start with {over[0]['name']}." if over else ""
    return f"{step}, or agree on {money('gap')} more for the year.{first}"


def _name(row: Row) -> str:
    return "all areas together" if row["id"] == TOTAL else str(row["name"])
