"""Whether a budget is on its plan: the rule."""

from __future__ import annotations

import math

from mopsnb.analysis.pacing.books import Book
from mopsnb.analysis.pacing.crossing import Crossing
from mopsnb.analysis.pacing.horizon import Horizon
from mopsnb.analysis.pacing.projection import Projection
from mopsnb.analysis.pacing.ratio import LEAST

AREA_TOLERANCE = 0.05  # share of its plan by which an area may end above or below it
TOTAL_TOLERANCE = 0.02  # the same for all areas together, where differences even out
EXCEEDED = 0.01  # share of the year's plan by which spend must be above it to count as exceeded
OVER = ("exceeded", "over_plan", "may_go_over", "may_run_out_early")
UNDER = ("under_plan", "may_stay_under")
EARLY_TOLERANCE = 0.10  # share by which both spend to date and the projection must be off to be worth a look
EARLY_DAYS = 30  # days without money at the year's end that an owner wants to know of


def judge_pace(
    book: Book, projection: Projection, crossing: Crossing, horizon: Horizon, *, is_total: bool = False
) -> str:
    """Return how an area stands.

    ``no_plan``
        Nothing is planned for the year.
    ``no_spend``
        Something should have been spent by now, and nothing was.
    ``exceeded``
        Spend is above the plan of the whole year.
    ``over_plan``, ``under_plan``
        The year will end off its plan by more than the tolerance, and the whole interval of the projection lies on that
        side; or spend and commitments together are above the year's plan.
    ``may_go_over``, ``may_stay_under``
        Spend to date and projection are both off by more than 10%, but the interval holds the plan.
    ``may_run_out_early``
        The projection is above the plan by more than the tolerance, or by more than 1% and uses it up more than 30
        days before the year's end, but the interval holds the plan.
    ``too_early``
        Fewer than three complete months, and nothing has been exceeded.
    ``on_plan``
        None of these. So is low spend where the data starts after the year's first month: it may be incomplete.
    """
    if book.plan_year <= 0:
        return "no_plan"
    tolerance = TOTAL_TOLERANCE if is_total else AREA_TOLERANCE
    return _judge_facts(book, horizon) or _judge_outlook(book, projection, crossing, horizon, tolerance)


def _judge_facts(book: Book, horizon: Horizon) -> str:
    """Return a status that needs no projection; empty where there is none."""
    most = book.plan_year * (1 + EXCEEDED)
    if book.spent_year > most:
        return "exceeded"
    if book.spent_year + book.committed_year > most:
        return "over_plan"
    return "no_spend" if book.spent_year == 0 and book.expected > 0 and horizon.is_covered else ""


def _judge_outlook(book: Book, projection: Projection, crossing: Crossing, horizon: Horizon, tolerance: float) -> str:
    if horizon.days_left and projection.pace.count < LEAST:
        return "too_early"
    share = projection.value / book.plan_year - 1
    low, high = (limit if math.isfinite(limit) else projection.value for limit in (projection.low, projection.high))
    variance = book.spent_year / book.expected - 1 if book.expected > 0 else 0.0
    over, under = "on_plan", "on_plan"
    if share > tolerance and low > book.plan_year:
        over = "over_plan"
    elif min(share, variance) > EARLY_TOLERANCE:
        over = "may_go_over"
    elif share > tolerance or (share > EXCEEDED and _leaves_days(crossing, horizon)):
        over = "may_run_out_early"
    if share < -tolerance and high < book.plan_year:
        under = "under_plan"
    elif max(share, variance) < -EARLY_TOLERANCE:
        under = "may_stay_under"
    return over if share > 0 or not horizon.is_covered else under


def _leaves_days(crossing: Crossing, horizon: Horizon) -> bool:
    """Tell whether the plan is used up so early that a month of the year is left without money."""
    return crossing.on is not None and (horizon.year.last - crossing.on).days > EARLY_DAYS
