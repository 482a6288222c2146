"""Spend and plans made by hand for the tests of budget pacing."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd

from mopsnb.data.spending import PLAN_COLUMNS, SPEND_COLUMNS
from mopsnb.strategy import Budget, BudgetArea, Channel, Organization, Person, Strategy
from mopsnb.strategy.fiscal import FiscalYear, find_year, open_year

NAN = math.nan
YEAR = open_year("01-01", 2026)


def paid(day: str, amount: float, area: str = "print", **more: Any) -> dict[str, Any]:
    """One booking."""
    row = {"date": day, "first_day": more.pop("first_day", day), "area": area, "amount": amount}
    return {**row, "channel": "", "kind": "other", "value": NAN, "amount_with_value": 0.0, **more}


def ads(day: str, amount: float, area: str = "search_ads", channel: str = "search", **more: Any) -> dict[str, Any]:
    """One day of advertising; with a value, all of its spend reports one."""
    covered = 0.0 if math.isnan(more.get("value", NAN)) else amount
    return paid(day, amount, area, channel=channel, kind="ads", **{"amount_with_value": covered, **more})


def make_spend(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """A frame of spend as the workspace returns it."""
    blank = {"is_committed": False, "owner": "", "rows": 1}
    frame = pd.DataFrame([blank | row for row in rows], columns=list(SPEND_COLUMNS))
    return frame.astype(SPEND_COLUMNS).sort_values(["date", "area", "channel"], kind="stable", ignore_index=True)


def make_plan(areas: dict[str, list[float]], *, year: FiscalYear = YEAR, **channels: str) -> pd.DataFrame:
    """A frame of a year's plan as the workspace returns it: area to its twelve months."""
    rows = [
        {
            **{"fiscal_year": year.label, "year_start": year.first, "year_end": year.last, "area": area},
            **{"period_start": first, "period_end": last, "planned": amount, "channel": channels.get(area, "")},
            **{"source": "budget_plan", "version": "", "versions": 1},
        }
        for area, months in areas.items()
        for (first, last), amount in zip(year.months, months, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(PLAN_COLUMNS)).astype(PLAN_COLUMNS)


def make_strategy(*areas: BudgetArea, total: float = 1200.0, start: str = "01-01", **more: Any) -> Strategy:
    """A strategy with a coordinator, two channels, and a budget where areas are given."""
    return Strategy(
        organization=Organization(currency="EUR", fiscal_year_start=start),
        channels=[Channel(id="search", name="Paid search"), Channel(id="social", name="Social media")],
        people=[Person(id="tia", name="Tia", coordinator=True)],
        budget=Budget(year=2026, total=total, areas=list(areas)) if areas else None,
        **more,
    )


def pay_monthly(amounts: Iterable[float], area: str = "print", year: int = 2026, **more: Any) -> list[dict[str, Any]]:
    """One booking on the 15th of each month, from January on."""
    return [paid(f"{year}-{month:02d}-15", amount, area, **more) for month, amount in enumerate(amounts, start=1)]


def pay_daily(first: str, last: str, amount: float, area: str = "search_ads", **more: Any) -> list[dict[str, Any]]:
    """The same amount of advertising on each day."""
    return [ads(f"{day:%Y-%m-%d}", amount, area, **more) for day in pd.date_range(first, last)]


def year_of(day: str, start: str = "01-01") -> FiscalYear:
    """The fiscal year in which a day lies."""
    return find_year(start, date.fromisoformat(day))
