"""Money by day and area, and the plan that it is compared with: what the budget page rests on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import pandas as pd

from mopsnb.data.areas import Areas, Link, find_areas
from mopsnb.data.spend_queries import ask_ads, ask_bookings, ask_links, ask_plan, ask_unnamed
from mopsnb.strategy import Strategy
from mopsnb.strategy.fiscal import find_year, open_year

Query = Callable[[str, Mapping[str, Any]], pd.DataFrame]
"""Answers one SELECT over the workspace's views: ``Workspace.sql``."""

SPEND_COLUMNS = {
    **{"date": "datetime64[us]", "first_day": "datetime64[us]", "area": "str", "channel": "str", "kind": "str"},
    **{"is_committed": "bool", "owner": "str", "amount": "float64", "value": "float64"},
    **{"amount_with_value": "float64", "rows": "int64"},
}
PLAN_COLUMNS = {
    **{"fiscal_year": "int64", "year_start": "datetime64[us]", "year_end": "datetime64[us]"},
    **{"period_start": "datetime64[us]", "period_end": "datetime64[us]", "area": "str", "channel": "str"},
    **{"planned": "float64", "source": "str", "version": "str", "versions": "int64"},
}


def read_spend(
    query: Query, tables: Collection[str], strategy: Strategy, *, ahead: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return what was spent and committed, by day, area and channel.

    Advertising counts as in the metric ``ad_spend`` over all days: rows that a coarser row of the same campaign covers
    are left out. A total of a period is one amount on its last day. One across months that shares days with a row of
    the same campaign, where neither covers the other, is left out.

    Parameters
    ----------
    query
        Answers SQL over the workspace's views, with money in one currency.
    tables
        The tables that the workspace holds. It needs ``ad_daily`` or ``spend_actual``; where they exist, it uses
        ``budget_plan`` (campaigns and channels of an area) and ``campaign`` (owners).
    strategy
        Its budget says which channel an area's money goes to.
    ahead
        What is committed for later days; see `mopsnb.data.commitments.read_commitments`.

    Returns
    -------
    pandas.DataFrame
        A row a day, area and channel, in this order:

        - date (the day on which the amount counts) and first_day (of the period that it totals; else the same day)
        - area (empty where none is planned for the channel) and channel (empty where none is named)
        - kind (``ads`` or ``other``), is_committed, owner (of the campaign; empty where unknown)
        - amount in the workspace's currency; value (of conversions as the ad platforms report it; NaN where no row
          reports one) and amount_with_value (the amount of the rows that report one)
        - rows (how many rows of the table it adds up)

    Raises
    ------
    CurrencyError
        There are several currencies and no rates.
    DataError
        A table has faults.
    """
    parts = []
    if "ad_daily" in tables:
        parts.append(query(ask_ads(tables), {}))
    if "spend_actual" in tables:
        parts.append(query(ask_bookings(tables), {}))
    if ahead is not None:
        parts.append(ahead)
    frames = [part for part in parts if len(part)]
    if not frames:
        return _shape(pd.DataFrame(columns=list(SPEND_COLUMNS)), SPEND_COLUMNS)
    frame = pd.concat(frames, ignore_index=True)
    text = ["area", "channel", "owner"]
    frame[text] = frame[text].astype("str").where(frame[text].notna(), "")
    areas = _find_areas(query, tables, strategy)
    start = strategy.organization.fiscal_year_start
    years = {day: find_year(start, day.date(), whole_months=True).label for day in frame["date"].unique()}
    frame["area"] = [
        areas.join(years[day], area) if area or kind == "other" else areas.find(years[day], channel)
        for day, area, channel, kind in zip(frame["date"], frame["area"], frame["channel"], frame["kind"], strict=True)
    ]
    frame["channel"] = frame["channel"].map(areas.spell)
    keys = [name for name in SPEND_COLUMNS if name not in {"amount", "value", "amount_with_value", "rows"}]
    return _shape(frame, SPEND_COLUMNS).sort_values(keys, kind="stable", ignore_index=True)


def read_plan(query: Query, tables: Collection[str], strategy: Strategy) -> pd.DataFrame:
    """Return the phased plan: planned money by area, channel and month.

    A fiscal year that the table ``budget_plan`` plans comes from there, also where the strategy file has a budget for
    it. In the table each month counts in its last version by name. The strategy file's budget is spread by its phasing:
    each month's weight, divided by the sum of the weights. What its shares leave unallocated is in no row.

    Parameters
    ----------
    query, tables, strategy
        As for `read_spend`.

    Returns
    -------
    pandas.DataFrame
        A row a month, area and channel, in this order:

        - fiscal_year (the calendar year in which it starts), year_start, year_end
        - period_start and period_end (a calendar month; a month of the fiscal year in the strategy file's budget)
        - area, channel (empty where none is named), planned in the workspace's currency
        - source (``budget_plan`` or ``strategy.yml``), version (empty where it has none), versions (how many plan
          this month; the last by name counts)

    Raises
    ------
    CurrencyError
        There are several currencies and no rates.
    DataError
        The table has faults.
    """
    start = strategy.organization.fiscal_year_start
    rows = _list_table(query, start) if "budget_plan" in tables else []
    budget = strategy.budget
    if budget is not None and budget.year not in {row["fiscal_year"] for row in rows}:
        rows += _list_budget(strategy)
    if not rows:
        return _shape(pd.DataFrame(columns=list(PLAN_COLUMNS)), PLAN_COLUMNS)
    areas = _find_areas(query, tables, strategy)
    frame = pd.DataFrame(rows)
    pairs = zip(frame["fiscal_year"], frame["area"], strict=True)
    frame["area"] = [areas.join(year, area) for year, area in pairs]
    frame["channel"] = frame["channel"].map(areas.spell)
    order = ["period_start", "area", "channel"]
    return _shape(frame, PLAN_COLUMNS).sort_values(order, kind="stable", ignore_index=True)


def _list_table(query: Query, start: str) -> list[dict[str, Any]]:
    frame = query(ask_plan(), {})
    found: list[dict[str, Any]] = []
    records: list[dict[str, Any]] = frame.to_dict("records")  # type: ignore[assignment]
    for row in records:
        year = find_year(start, row["month"].date(), whole_months=True)
        last = (row["month"] + pd.offsets.MonthEnd(0)).date()
        named = {"fiscal_year": year.label, "year_start": year.first, "year_end": year.last, "source": "budget_plan"}
        found.append({**row, **named, "period_start": row.pop("month"), "period_end": last})
    return found


def _list_budget(strategy: Strategy) -> list[dict[str, Any]]:
    budget = strategy.budget
    if budget is None:
        return []
    year = open_year(strategy.organization.fiscal_year_start, budget.year)
    shared = {"fiscal_year": year.label, "year_start": year.first, "year_end": year.last}
    shared |= {"source": "strategy.yml", "version": "", "versions": 1}
    areas = [(area.id, area.channel or "", area.share, area.phasing or [1.0] * 12) for area in budget.areas]
    return [
        {"period_start": first, "period_end": last, "area": area, "channel": channel, **shared}
        | {"planned": round(budget.total * share * weight / sum(weights), 6)}
        for area, channel, share, weights in areas or [("", "", 1.0, [1.0] * 12)]
        for (first, last), weight in zip(year.months, weights, strict=True)
    ]


def _find_areas(query: Query, tables: Collection[str], strategy: Strategy) -> Areas:
    start = strategy.organization.fiscal_year_start

    def label(day: pd.Timestamp) -> int:
        return find_year(start, day.date(), whole_months=True).label

    links: list[Link] = []
    if "budget_plan" in tables:
        frame = query(ask_links(), {})
        links = [Link(label(day), area, channel) for day, area, channel in frame.itertuples(index=False)]
    planned = {link.year for link in links}
    if strategy.budget is not None and strategy.budget.year not in planned:
        links += [Link(strategy.budget.year, area.id, area.channel or "") for area in strategy.budget.areas]
    areas: dict[tuple[int, str], set[str]] = {}
    for link in links:
        areas.setdefault((link.year, link.channel.casefold()), set()).add(link.area.casefold())
    if "ad_daily" not in tables or not any(channel and len(some) > 1 for (_, channel), some in areas.items()):
        return find_areas(links, strategy, [])
    frame = query(ask_unnamed(tables), {})
    return find_areas(links, strategy, [(label(day), channel) for day, channel in frame.itertuples(index=False)])


def _shape(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    return frame[list(columns)].astype(dict(columns))
