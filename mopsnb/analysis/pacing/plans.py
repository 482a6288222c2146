"""Findings about the plan itself: versions, areas that cannot be told apart, and what two sources say differently."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from mopsnb.analysis.pacing.names import TOGETHER, name_key
from mopsnb.analysis.stakeholders import find_coordinator
from mopsnb.analysis.wording import FormatValue, format_plainly, join_words
from mopsnb.findings import Finding, make_id
from mopsnb.strategy import Budget, Strategy
from mopsnb.strategy.fiscal import FiscalYear

ROUNDING = 0.005  # share of the budget by which two plans may differ before they disagree


def check_plan(
    plan: pd.DataFrame,
    year: FiscalYear,
    strategy: Strategy,
    currency: str,
    *,
    format_value: FormatValue = format_plainly,
) -> list[Finding]:
    """Return what a reader should know about a year's plan.

    Several versions plan the same month; areas share a channel and are compared together; money is not allocated to an
    area yet; the budget names no area; the table and the strategy file agree on the total and not on the areas (that
    they disagree on the total is reported by the workspace).

    Parameters
    ----------
    plan
        The year's rows.
    year
        The fiscal year.
    strategy
        Its budget, and the coordinator who owns these findings.
    currency
        The workspace's currency, such as ``EUR``.
    format_value
        Turns a value and its unit into text.
    """
    owner = find_coordinator(strategy)
    budget = strategy.budget if strategy.budget and strategy.budget.year == year.label else None
    found = [*_check_versions(plan, year, owner), *_check_joined(plan, year, strategy, owner)]
    if budget and (plan["source"] == "strategy.yml").any():
        found += _check_allocation(budget, year, owner, currency, format_value)
    elif budget:
        found += _compare_areas(plan, budget, year, owner, currency, format_value)
    return found


def _check_versions(plan: pd.DataFrame, year: FiscalYear, owner: str) -> Iterator[Finding]:
    several = plan[plan["versions"] > 1]
    if not len(several):
        return
    used = [name or "the rows without a version" for name in sorted(several["version"].unique())]
    months = several["period_start"].nunique()
    yield Finding(
        id=make_id("budget_pacing", "versions", year.name),
        severity="info",
        title=f"Several versions plan the same months of {year.name}, and the last by name counts",
        evidence=f"{months} of {plan['period_start'].nunique()} months have more than one version. "
        f"{join_words(used)} counts there.",
        fix="Remove the versions of budget_plan that no longer hold, or rename them so that the valid one sorts last.",
        owner=owner,
        where="budget_plan",
    )


def _check_joined(plan: pd.DataFrame, year: FiscalYear, strategy: Strategy, owner: str) -> Iterator[Finding]:
    for area in sorted({area for area in plan["area"] if TOGETHER in area}):
        yield Finding(
            id=make_id("budget_pacing", "joined", area, year.name),
            severity="info",
            title=f"{name_key(area, strategy, 'area')} are compared with their plan together",
            evidence="They share a channel, and its ads do not tell which area they belong to.",
            fix="Name each area's campaigns in budget_plan (column campaign_id), or give each area its own channel.",
            owner=owner,
            where=area,
        )


def _check_allocation(
    budget: Budget, year: FiscalYear, owner: str, currency: str, format_value: FormatValue
) -> Iterator[Finding]:
    if not budget.areas:
        yield Finding(
            id=make_id("budget_pacing", "undivided", year.name),
            severity="info",
            title=f"The budget for {year.name} names no area, so only all spend together has a plan",
            evidence=f"Its total of {format_value(budget.total, currency)} is spread evenly over the year.",
            fix="Name areas with their shares under the key budget of strategy.yml.",
            owner=owner,
            where="budget",
        )
        return
    rest = 1 - math.fsum(area.share for area in budget.areas)
    if rest * budget.total > ROUNDING * budget.total:
        yield Finding(
            id=make_id("budget_pacing", "unallocated", year.name),
            severity="info",
            title=f"Part of the budget for {year.name} belongs to no area yet",
            evidence=f"{format_value(rest * budget.total, currency)} ({format_value(rest, 'fraction')} of "
            f"{format_value(budget.total, currency)}) is not allocated. The plan compares the rest.",
            fix="Allocate it to areas when it is decided, so that it is phased.",
            owner=owner,
            where="budget",
        )


def _compare_areas(
    plan: pd.DataFrame, budget: Budget, year: FiscalYear, owner: str, currency: str, format_value: FormatValue
) -> Iterator[Finding]:
    table = {str(area): math.fsum(group["planned"]) for area, group in plan.groupby("area", sort=True)}
    shares: dict[str, list[float]] = {}
    joined = {part.casefold(): area for area in table for part in area.split(TOGETHER)}
    for item in budget.areas:
        shares.setdefault(joined.get(item.id.casefold(), item.id), []).append(item.share * budget.total)
    file = {area: math.fsum(parts) for area, parts in shares.items()}
    slack = ROUNDING * budget.total
    if not budget.areas or abs(math.fsum(table.values()) - budget.total) > slack:
        return
    differ = [area for area in sorted({*table, *file}) if abs(table.get(area, 0.0) - file.get(area, 0.0)) > slack]
    if not differ:
        return
    parts = [
        f"{area} {format_value(table.get(area, 0.0), currency)} in the table and "
        f"{format_value(file.get(area, 0.0), currency)} in the file"
        for area in differ
    ]
    yield Finding(
        id=make_id("budget_pacing", "plans-differ", year.name),
        severity="warning",
        title=f"The table budget_plan and strategy.yml divide the budget for {year.name} differently",
        evidence=f"For the year: {'; '.join(parts)}.",
        fix="Correct one of them. Until then the table counts.",
        owner=owner,
        where="budget_plan",
    )
