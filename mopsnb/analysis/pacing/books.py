"""The money of each area or channel, day by day: planned, spent and committed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from mopsnb.analysis.frames import list_rows, read_day, read_number
from mopsnb.analysis.pacing.horizon import Horizon
from mopsnb.strategy.fiscal import FiscalYear, Span

By = Literal["area", "channel"]
Days = npt.NDArray[np.float64]
CENTS = 6  # decimals of money in the tables; rounding to them takes away what binary fractions add


@dataclass(frozen=True, slots=True)
class Book:
    """The money of one area or channel over the horizon.

    Parameters
    ----------
    key
        The area or the channel.
    planned, spent, committed
        Money on each day of the horizon. A plan is spread evenly over the days of its month.
    plan_year, expected, spent_year, committed_year
        The year's plan, the part of it up to the report's day, what was spent from the year's first day to the
        report's, and what is committed in the year.
    has_ads
        Whether any of its spend is advertising.
    totals
        The periods of amounts that total several months; no month has its part of them.
    """

    key: str
    planned: Days
    spent: Days
    committed: Days
    plan_year: float
    expected: float
    spent_year: float
    committed_year: float
    has_ads: bool
    totals: tuple[Span, ...]


def open_books(spend: pd.DataFrame, plan: pd.DataFrame, horizon: Horizon, by: By) -> list[Book]:
    """Return a book for each area or channel with a plan or spend in the year, in alphabetical order.

    Advertising whose channel no plan names stands under the channel, as an area of its own. By channel, a booking in an
    area that is planned for one channel counts there, whatever channel the booking names.

    Parameters
    ----------
    spend, plan
        As the workspace returns them.
    horizon
        The year, and the report's day.
    by
        ``area`` or ``channel``.
    """
    spend, plan = limit_rows(spend, plan, horizon)
    plan = plan[plan["area"] != ""]
    spend, plan = spend.assign(key=assign_keys(spend, plan, by)), plan.assign(key=plan[by])
    first = pd.Timestamp(horizon.year.first)
    keys = {*plan.loc[plan["period_end"] >= first, "key"], *spend.loc[spend["date"] >= first, "key"]}
    return [open_book(key, spend[spend["key"] == key], plan[plan["key"] == key], horizon) for key in sorted(keys)]


def limit_rows(spend: pd.DataFrame, plan: pd.DataFrame, horizon: Horizon) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows within the horizon; of spend after the report's day what is committed alone."""
    first, last, day = (pd.Timestamp(day) for day in (horizon.origin, horizon.year.last, horizon.as_of))
    spend = spend[(spend["date"] >= first) & (spend["date"] <= last) & (spend["is_committed"] | (spend["date"] <= day))]
    return spend, plan[(plan["period_end"] >= first) & (plan["period_start"] <= last)]


def assign_keys(spend: pd.DataFrame, plan: pd.DataFrame, by: By) -> pd.Series:
    """Return the area or channel under which each row of spend is compared with a plan."""
    if by == "area":
        return spend["area"].where(spend["area"] != "", spend["channel"])
    planned: dict[str, set[str]] = {}
    for area, channel in zip(plan["area"], plan["channel"], strict=True):
        planned.setdefault(area, set()).add(channel)
    only = {area: next(iter(channels)) for area, channels in planned.items() if len(channels) == 1}
    pairs = zip(spend["area"], spend["channel"], strict=True)
    return pd.Series([only.get(area, channel) for area, channel in pairs], index=spend.index, dtype="str")


def open_book(key: str, spend: pd.DataFrame, plan: pd.DataFrame, horizon: Horizon) -> Book:
    """Return the book of rows that belong together."""
    year, as_of = horizon.year, horizon.as_of
    paid = spend[~spend["is_committed"]]
    owed = spend[spend["is_committed"]]
    spans = [
        (read_day(row["period_start"]), read_day(row["period_end"]), read_number(row["planned"]))
        for row in list_rows(plan)
    ]
    planned = np.zeros(horizon.length)
    for first, last, amount in spans:
        start, stop = max(horizon.place(first), 0), min(horizon.place(last) + 1, horizon.length)
        planned[start:stop] += amount / ((last - first).days + 1)
    totals = paid[paid["first_day"].dt.to_period("M") != paid["date"].dt.to_period("M")]
    pairs = zip(totals["first_day"], totals["date"], strict=True)
    return Book(
        key=key,
        planned=planned,
        spent=_spread(paid, horizon),
        committed=_spread(owed, horizon),
        plan_year=_sum_plan(spans, year.first, year.last),
        expected=_sum_plan(spans, year.first, as_of),
        spent_year=_sum_year(paid, year),
        committed_year=_sum_year(owed, year),
        has_ads=bool((paid["kind"] == "ads").any()),
        totals=tuple(sorted({(read_day(first), read_day(last)) for first, last in pairs})),
    )


def add_books(books: Sequence[Book], horizon: Horizon) -> Book:
    """Return several books as one."""
    zero = np.zeros(horizon.length)
    return Book(
        key="total",
        planned=sum((book.planned for book in books), zero),
        spent=sum((book.spent for book in books), zero),
        committed=sum((book.committed for book in books), zero),
        plan_year=round(math.fsum(book.plan_year for book in books), CENTS),
        expected=round(math.fsum(book.expected for book in books), CENTS),
        spent_year=round(math.fsum(book.spent_year for book in books), CENTS),
        committed_year=round(math.fsum(book.committed_year for book in books), CENTS),
        has_ads=any(book.has_ads for book in books),
        totals=tuple(sorted({span for book in books for span in book.totals})),
    )


def _spread(rows: pd.DataFrame, horizon: Horizon) -> Days:
    days = np.zeros(horizon.length)
    np.add.at(days, (rows["date"] - pd.Timestamp(horizon.origin)).dt.days.to_numpy(), rows["amount"].to_numpy())
    return days


def _sum_plan(spans: Sequence[tuple[date, date, float]], first: date, last: date) -> float:
    parts = []
    for start, end, amount in spans:
        inside = (min(end, last) - max(start, first)).days + 1
        if inside > 0:
            parts.append(amount * inside / ((end - start).days + 1))
    return round(math.fsum(parts), CENTS)


def _sum_year(rows: pd.DataFrame, year: FiscalYear) -> float:
    inside = (rows["date"] >= pd.Timestamp(year.first)) & (rows["date"] <= pd.Timestamp(year.last))
    return round(math.fsum(rows.loc[inside, "amount"]), CENTS)
