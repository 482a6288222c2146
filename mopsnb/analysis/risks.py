"""Findings about goals that are missed, behind, at risk, or cannot be tracked."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from mopsnb.analysis.frames import list_rows, read_day, read_number
from mopsnb.analysis.reasons import is_noise
from mopsnb.analysis.wording import FormatValue, format_day, format_plainly
from mopsnb.findings import Finding, Severity, make_id, sort_findings

RISKS: dict[str, tuple[Severity, str]] = {
    "missed": ("error", "The goal '{}' was missed"),
    "behind": ("warning", "The goal '{}' is behind its path"),
    "at_risk": ("info", "The goal '{}' is at risk"),
    "no_data": ("warning", "The goal '{}' cannot be tracked"),
}


STILL_NEWS = 92  # days after its deadline for which a missed goal calls for action
UNLIKELY = 0.1  # below this chance, another target is proposed before more of the same
MONEY = "currency"  # the unit of a metric in money
_LARGE = 100  # from here on what a month needs is a whole number: up for more, down for a cap


def find_risks(progress: pd.DataFrame, *, format_value: FormatValue = format_plainly) -> list[Finding]:
    """Return a finding for each goal that is missed (error), behind or without data (warning), or at risk (info).

    A goal that was missed more than a quarter ago is for information, and so is one that is behind by no more than the
    noise of its figure. A goal that is not defined is no finding here: its SMART verdict is. Of one severity, the goal
    that has achieved the smallest part of its change comes first.

    Parameters
    ----------
    progress
        What ``track_goals`` returned.
    format_value
        Turns a value and its unit into text.
    """
    findings = []
    for row in sorted((row for row in list_rows(progress) if row["status"] in RISKS), key=_rank):
        status = str(row["status"])
        severity, title = RISKS[status]
        if status == "missed" and read_number(row["days_left"]) < -STILL_NEWS:
            severity = "info"
        actual, expected, low, high = (read_number(row[name]) for name in ("actual", "expected", "low", "high"))
        season = read_number(row.get("season", 1.0))
        if status == "behind" and is_noise(actual, expected * season, low, high):
            severity, title = "info", f"{title}, within the noise"
        findings.append(
            Finding(
                id=make_id("goals", status, str(row["goal"])),
                severity=severity,
                title=title.format(row["statement"]),
                evidence=str(row["reason"]),
                fix=_propose_fix(row, format_value),
                owner=str(row["owner"]),
                where=str(row["goal"]),
                stake="result",
                period=str(row.get("actual_period") or ""),
                due=f"{read_day(row['deadline']):%Y-%m-%d}",
                cost=_tell_cost(row, format_value),
            )
        )
    return sort_findings(findings)


def _propose_fix(row: Mapping[str, object], format_value: FormatValue) -> str:
    if row["status"] == "no_data":
        title = row["title"]
        return f"Supply the missing months of {title}, or name a metric that has data under goals, {row['goal']}."
    if row["status"] == "missed":
        return "Write down with the stakeholders why it was missed, then close it or set a new target and deadline."
    if read_number(row.get("probability", math.nan)) < UNLIKELY:
        return _propose_target(row, format_value)
    title, unit, need = str(row["title"]), str(row["unit"]), read_number(row["needed_per_month"])
    until = format_day(read_day(row["deadline"]))
    if math.isfinite(read_number(row["denominator"])):
        actual, target = (format_value(read_number(row[key]), unit) for key in ("actual", "target"))
        step = f"Bring {title} from {actual} to {target} by {until}"
    elif math.isnan(need):
        step = f"Decide what brings {title} back to its path by {until}"
    elif row["direction"] == "down":
        most = format_value(float(math.floor(need)) if need >= _LARGE else need, unit)
        step = f"Keep {title} to at most {most} a month until {until}"
    else:
        least = format_value(float(math.ceil(need)) if need >= _LARGE else need, unit)
        step = f"Bring {title} to {least} a month until {until}"
    return f"{step}, or agree with the stakeholders on a target that can be reached."


def _tell_cost(row: Mapping[str, object], format_value: FormatValue) -> str:
    """Return that the cost of falling short is not in the data, and what would tell; empty where figures are money."""
    if row["unit"] == MONEY or row["status"] == "no_data":
        return ""
    actual, target = (format_value(read_number(row[key]), str(row["unit"])) for key in ("actual", "target"))
    change = f"each step of {row['title']} from {actual} to {target}"
    return f"What it costs to miss the target is not in the data: what {change} earns or saves would tell."


def _propose_target(row: Mapping[str, object], format_value: FormatValue) -> str:
    target = format_value(read_number(row["target"]), str(row["unit"]))
    until = format_day(read_day(row["deadline"]))
    return (
        f"Agree with the stakeholders on a target for {row['title']} that can be reached, or on what will be done "
        f"differently: the chance of {target} by {until} is {row['chance']}."
    )


def _rank(row: Mapping[str, object]) -> tuple[int, float]:
    achieved = read_number(row["achieved"])
    return list(RISKS).index(str(row["status"])), achieved if math.isfinite(achieved) else math.inf
