"""Spend against the phased plan: one row an area, a channel, or all together."""

from __future__ import annotations

import math
from datetime import date
from typing import Literal

import pandas as pd

from mopsnb.analysis.frames import DAY, FLAG, NUMBER, TEXT, WHOLE, build_frame
from mopsnb.analysis.months import NAN
from mopsnb.analysis.pacing.books import CENTS, Book, add_books, assign_keys, limit_rows, open_book, open_books
from mopsnb.analysis.pacing.crossing import Stretch, find_crossing, find_since, find_stretch
from mopsnb.analysis.pacing.horizon import Horizon, find_horizon
from mopsnb.analysis.pacing.names import choose_owner, find_owners, name_key
from mopsnb.analysis.pacing.projection import Projection, add_projections, project
from mopsnb.analysis.pacing.ratio import LEAST
from mopsnb.analysis.pacing.status import OVER, UNDER, judge_pace
from mopsnb.analysis.stakeholders import name_owner
from mopsnb.analysis.wording import count_things
from mopsnb.strategy import Strategy

Grouping = Literal["area", "channel", "total"]
RECENT_DAYS = 30  # days of the recent pace, for comparison with what the rest of the plan allows
MONTH_DAYS = 365.25 / 12
OFF_PLAN = (*OVER, *UNDER)
PACE_COLUMNS = {
    **{"id": TEXT, "name": TEXT, "owner": TEXT, "year": TEXT, "year_start": DAY, "year_end": DAY, "as_of": DAY},
    **{"plan_year": NUMBER, "expected": NUMBER, "spent": NUMBER, "committed": NUMBER, "variance": NUMBER},
    **{"variance_share": NUMBER, "projected": NUMBER, "low": NUMBER, "high": NUMBER, "interval": TEXT},
    **{"gap": NUMBER, "gap_share": NUMBER, "pace": NUMBER, "months": WHOLE, "remaining": NUMBER},
    **{"per_month": NUMBER, "per_day": NUMBER, "recent_per_day": NUMBER, "crosses_on": DAY, "crosses_early": DAY},
    **{"crosses_late": DAY, "has_crossed": FLAG, "off_since": DAY, "status": TEXT, "stretch_start": DAY},
    **{"stretch_end": DAY, "stretch_amount": NUMBER},
}


def pace_budget(
    spend: pd.DataFrame, plan: pd.DataFrame, strategy: Strategy, as_of: date | None, *, by: Grouping = "area"
) -> pd.DataFrame:
    """Compare spend with the phased plan of the fiscal year in which a day lies.

    Parameters
    ----------
    spend
        Columns date, first_day, area, channel, kind (``ads`` or ``other``), is_committed, owner, amount; see
        `mopsnb.data.spending.read_spend`.
    plan
        Columns year_start, year_end, period_start, period_end, area, channel, planned; see
        `mopsnb.data.spending.read_plan`. It may be empty.
    strategy
        Its fiscal year, channels and coordinator.
    as_of
        The report's day; None: there are no rows.
    by
        ``area``, ``channel``, or ``total`` for one row that adds up the areas.

    Returns
    -------
    pandas.DataFrame
        A row an area, the one whose year will end furthest from its plan on top; money in the workspace's currency,
        NaN where it is missing:

        - id, name, owner (of most of its campaigns' spend; else the coordinator), year, year_start, year_end, as_of
        - plan_year, expected (planned up to the day, prorated by days inside a month), spent, committed (promised in
          the year, not yet invoiced), variance (spent − expected), variance_share (÷ expected)
        - projected (year-end), low, high, interval (what the limits are, or why there are none), gap (projected −
          plan_year), gap_share (÷ plan_year), pace (spend ÷ plan over the months), months (how many)
        - remaining (plan − spent − committed), per_month and per_day (what it allows; 0 where nothing remains),
          recent_per_day (mean of the last 30 days)
        - crosses_on (the year's plan; NaT: not within the year), crosses_early, crosses_late (the same for the
          interval's limits), has_crossed, off_since (on the present side of the phased plan without a break)
        - status; see `mopsnb.analysis.pacing.status.judge_pace`
        - stretch_start, stretch_end, stretch_amount (where the status is off the plan: the days that made most of the
          difference, and spend − plan in them; see `mopsnb.analysis.pacing.crossing.find_stretch`)
    """
    horizon = find_horizon(spend, plan, strategy, as_of)
    if horizon is None:
        return build_frame([], PACE_COLUMNS)
    pairs = project_books(spend, plan, horizon, by)
    if by == "total":
        owners: dict[str, str] = {}
    else:
        owners = find_owners(spend, horizon, assign_keys(spend, limit_rows(spend, plan, horizon)[1], by))
    rows = []
    for book, projection in pairs:
        row = _describe(book, projection, horizon, is_total=by == "total")
        row |= {
            "name": name_key(book.key, strategy, by),
            "owner": name_owner(strategy, choose_owner(book.key, owners, strategy)),
        }
        rows.append(row)
    frame = build_frame(rows, PACE_COLUMNS)
    order = frame["gap"].abs().fillna(-1.0)
    return frame.loc[order.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def project_books(
    spend: pd.DataFrame, plan: pd.DataFrame, horizon: Horizon, by: Grouping
) -> list[tuple[Book, Projection]]:
    """Return the book and the projection of each area or channel, or of all areas as one.

    Parameters
    ----------
    spend, plan, by
        As for `pace_budget`.
    horizon
        The year, and the report's day.
    """
    books = open_books(spend, plan, horizon, "area" if by == "total" else by)
    if by != "total":
        return [(book, project(book, horizon)) for book in books]
    if _is_undivided(plan, horizon):
        book = open_book("total", *limit_rows(spend, plan, horizon), horizon)
        return [(book, project(book, horizon))]
    if not books:
        return []
    total = add_books(books, horizon)
    return [(total, add_projections([project(book, horizon) for book in books], total, horizon))]


def _is_undivided(plan: pd.DataFrame, horizon: Horizon) -> bool:
    """Tell whether the year has a plan that names no area."""
    inside = plan[plan["year_start"] == pd.Timestamp(horizon.year.first)]
    return len(inside) > 0 and bool((inside["area"] == "").all())


def _describe(book: Book, projection: Projection, horizon: Horizon, *, is_total: bool) -> dict[str, object]:
    year = horizon.year
    is_planned = book.plan_year > 0
    crossing = find_crossing(book, projection, horizon)
    status = judge_pace(book, projection, crossing, horizon, is_total=is_total)
    stretch = find_stretch(book, horizon) if status in OFF_PLAN and not is_total else None
    gap = round(projection.value - book.plan_year, CENTS) if is_planned else NAN
    variance = round(book.spent_year - book.expected, CENTS) if is_planned else NAN
    remaining = round(book.plan_year - book.spent_year - book.committed_year, CENTS) if is_planned else NAN
    return {
        **{"id": book.key, "year": year.name, "year_start": year.first, "year_end": year.last, "as_of": horizon.as_of},
        "plan_year": book.plan_year if is_planned else NAN,
        "expected": book.expected if is_planned else NAN,
        **{"spent": book.spent_year, "committed": book.committed_year, "variance": variance},
        "variance_share": variance / book.expected if book.expected > 0 else NAN,
        **{"projected": projection.value, "low": projection.low, "high": projection.high},
        **{"interval": _explain(projection, horizon), "gap": gap},
        "gap_share": gap / book.plan_year if is_planned else NAN,
        "pace": projection.pace.value if is_planned and projection.pace.count >= LEAST and not is_total else NAN,
        **{"months": projection.pace.count, "remaining": remaining},
        **_allow(remaining, horizon),
        "recent_per_day": _find_recent(book, horizon),
        **{"crosses_on": crossing.on, "crosses_early": crossing.early, "crosses_late": crossing.late},
        **{"has_crossed": crossing.is_past, "off_since": find_since(book, horizon)},
        **_tell(stretch),
        "status": status,
    }


def _allow(remaining: float, horizon: Horizon) -> dict[str, object]:
    """Return what the rest of the plan allows a day and a month; less than a month to go counts as one."""
    if math.isnan(remaining) or not horizon.days_left:
        return {"per_month": NAN, "per_day": NAN}
    left = max(remaining, 0.0)
    return {"per_month": left / max(1.0, horizon.days_left / MONTH_DAYS), "per_day": left / horizon.days_left}


def _find_recent(book: Book, horizon: Horizon) -> float:
    stop = horizon.place(horizon.as_of) + 1
    return round(math.fsum(book.spent[stop - RECENT_DAYS : stop]) / RECENT_DAYS, CENTS)


def _tell(stretch: Stretch | None) -> dict[str, object]:
    if stretch is None:
        return {"stretch_amount": NAN}
    return {"stretch_start": stretch.first, "stretch_end": stretch.last, "stretch_amount": stretch.amount}


def _explain(projection: Projection, horizon: Horizon) -> str:
    count = projection.pace.count
    if not horizon.days_left:
        return "none: the year is over"
    if count < LEAST:
        return f"none: {count_things(count, 'complete month')} {'is' if count == 1 else 'are'} too few"
    months = f"the last {count} complete months"
    if not math.isfinite(projection.high):
        return f"none: nothing was spent in {months}"
    return f"95%, from how much {months} differed from their pace"
