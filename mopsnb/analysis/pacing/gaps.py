"""Findings about what keeps spend and plan from being compared: one without the other, or parts missing."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from mopsnb.analysis.frames import list_rows, read_day, read_number
from mopsnb.analysis.pacing.horizon import Horizon, find_horizon
from mopsnb.analysis.pacing.plans import check_plan
from mopsnb.analysis.stakeholders import find_coordinator
from mopsnb.analysis.wording import FormatValue, format_day, format_month, format_plainly, format_span, join_words
from mopsnb.findings import Finding, make_id, sort_findings
from mopsnb.strategy import Strategy

MATTERS = 0.02  # share of the year's spend from which spend without a plan calls for action
HOW_TO_PLAN = "in the table budget_plan, or under the key budget of strategy.yml"


def find_gaps(
    spend: pd.DataFrame,
    plan: pd.DataFrame,
    pace: pd.DataFrame,
    strategy: Strategy,
    currency: str,
    *,
    format_value: FormatValue = format_plainly,
) -> list[Finding]:
    """Return a finding for each thing that keeps spend and plan of the year from being compared.

    There is no plan; an area has spend and no plan, or a plan and no spend; months of the plan or of the spend are
    missing; parts of the plan disagree (see `mopsnb.analysis.pacing.plans.check_plan`).

    Parameters
    ----------
    spend, plan
        As the workspace returns them.
    pace
        What ``pace_budget`` returned for them by area. It names the year. Without rows there are no findings.
    strategy
        Its budget, and the coordinator who owns these findings.
    currency
        The workspace's currency, such as ``EUR``.
    format_value
        Turns a value and its unit into text.
    """
    if not len(pace):
        return []
    horizon = find_horizon(spend, plan, strategy, read_day(pace["as_of"].iloc[0]))
    if horizon is None:
        return []
    owner = find_coordinator(strategy)
    rows = plan[plan["year_start"] == pd.Timestamp(horizon.year.first)]
    found = [*_find_missing_spend(spend, horizon, owner)]
    if len(rows):
        found += _compare_areas(pace, rows, currency, format_value)
        found += _find_missing_plan(rows, horizon, owner)
        found += check_plan(rows, horizon.year, strategy, currency, format_value=format_value)
    else:
        found.append(_report_no_plan(plan, horizon, owner))
    return sort_findings(found)


def _report_no_plan(plan: pd.DataFrame, horizon: Horizon, owner: str) -> Finding:
    year = horizon.year.name
    known = [str(label) for label in sorted(plan["fiscal_year"].unique())]
    return Finding(
        id=make_id("budget_pacing", "no-plan", year),
        severity="warning",
        title=f"There is no plan for {year}, so spend cannot be compared with one",
        evidence=f"The plans known start in {join_words(known)}." if known else "No plan of any year is known.",
        fix=f"Write the plan for {year} {HOW_TO_PLAN}.",
        owner=owner,
        where="budget_plan",
    )


def _compare_areas(
    pace: pd.DataFrame, plan: pd.DataFrame, currency: str, format_value: FormatValue
) -> Iterator[Finding]:
    """Report areas with spend and no plan, and with a plan and no spend."""
    total = math.fsum(pace["spent"])
    is_divided = bool((plan["area"] != "").any())
    for row in list_rows(pace):
        key, name, year = str(row["id"]), str(row["name"]), str(row["year"])
        spent = read_number(row["spent"])
        day = format_day(read_day(row["as_of"]))
        if row["status"] == "no_plan" and is_divided and spent > 0:
            yield Finding(
                id=make_id("budget_pacing", "unplanned", key, year),
                severity="warning" if spent > MATTERS * total else "info",
                title=f"{name} has spend in {year} and no plan",
                evidence=f"{format_value(spent, currency)} was spent by {day}, "
                f"{format_value(spent / total, 'fraction')} of all spend of the year.",
                fix=f"Plan it as an area {HOW_TO_PLAN}, or correct its area or channel.",
                owner=str(row["owner"]),
                where=key,
            )
        if row["status"] == "no_spend":
            yield Finding(
                id=make_id("budget_pacing", "unspent", key, year),
                severity="warning",
                title=f"{name} has a plan for {year} and no spend",
                evidence=f"{format_value(read_number(row['expected']), currency)} was planned up to {day}, and no row "
                "of ad_daily or spend_actual belongs to it.",
                fix=f"Import its spend, check that its area and channel are written as in the plan, or give up its "
                f"{format_value(read_number(row['plan_year']), currency)}.",
                owner=str(row["owner"]),
                where=key,
            )


def _find_missing_plan(plan: pd.DataFrame, horizon: Horizon, owner: str) -> Iterator[Finding]:
    months = [
        format_month(first)
        for first, last in horizon.year.months
        if not ((plan["period_start"] <= pd.Timestamp(last)) & (plan["period_end"] >= pd.Timestamp(first))).any()
    ]
    if months:
        yield Finding(
            id=make_id("budget_pacing", "plan-months", horizon.year.name),
            severity="warning",
            title=f"The plan for {horizon.year.name} leaves out months, so its year is too small",
            evidence=f"No area has a planned amount for {join_words(months)}.",
            fix="Add these months to the table budget_plan; write 0 where nothing is planned.",
            owner=owner,
            where="budget_plan",
        )


def _find_missing_spend(spend: pd.DataFrame, horizon: Horizon, owner: str) -> Iterator[Finding]:
    year = horizon.year
    if horizon.known_from and not horizon.is_covered:
        first = horizon.known_from
        yield Finding(
            id=make_id("budget_pacing", "late-start", year.name),
            severity="warning",
            title=f"Spend of {year.name} is known from {format_day(first)} on only, so it is too low",
            evidence=f"The year started on {format_day(year.first)}; no row of ad_daily or spend_actual is older than "
            f"{format_day(first)}. Low spend is therefore not reported.",
            fix="Import the spend of the missing months.",
            owner=owner,
            where="spend_actual",
        )
    known = sorted(horizon.ad_months)
    silent = [
        (first, last)
        for first, last in year.months
        if known and first > known[0][0] and last <= horizon.as_of and (first, last) not in horizon.ad_months
    ]
    if silent:
        spans = [format_span(first, last) for first, last in silent]
        yield Finding(
            id=make_id("budget_pacing", "silent-ads", year.name),
            severity="warning",
            title=f"No advertising is known for part of {year.name}, so spend may be too low",
            evidence=f"The table ad_daily has no row for {join_words(spans)}.",
            fix="Import the missing days, or confirm that all campaigns were paused.",
            owner=owner,
            where="ad_daily",
        )
