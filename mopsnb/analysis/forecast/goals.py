"""Goals and their forecasts: where each ends, how likely it is reached, and what the months left must bring."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import pandas as pd

from mopsnb.analysis.cards import Card, find_card
from mopsnb.analysis.forecast.chances import Chance, find_chance, say_chance
from mopsnb.analysis.forecast.metrics import FARTHEST, Forecast, forecast_months
from mopsnb.analysis.forecast.paces import find_odd_months, measure_pace, tell_odd_months, write_pace
from mopsnb.analysis.forecast.windows import GoalParts, tell_year_before
from mopsnb.analysis.frames import NUMBER, TEXT, Row, build_frame, list_rows, read_day, read_number
from mopsnb.analysis.months import Month, count_months, read_months, shift_month
from mopsnb.analysis.wording import FormatValue, format_month, format_plainly, join_words
from mopsnb.strategy import Goal

OPEN = ("behind", "at_risk", "on_track", "not_started")
DOUBTFUL, LIKELY = 0.25, 0.75  # a status and a chance disagree beyond these
EVEN = 0.5
CHANCE_COLUMNS = {
    **{"forecast": NUMBER, "forecast_low": NUMBER, "forecast_high": NUMBER, "probability": NUMBER, "chance": TEXT},
    **{"range": TEXT, "needed": TEXT, "pace": TEXT, "pace_per_month": NUMBER, "outlook": TEXT},
}


def forecast_goals(
    goals: Iterable[Goal], catalogue: pd.DataFrame, history: Mapping[str, pd.DataFrame], as_of: date | None
) -> dict[str, Forecast]:
    """Return the forecast of each goal's metric in the goal's scope, by the goal's id.

    Goals on the same metric and scope share one forecast, so that the way to forecast is chosen once. It reaches as far
    as the next period of the longest of them, and at most 18 months. A goal that is over, and one without a known
    metric or a complete month, has none.

    Parameters
    ----------
    goals
        The goals, also those whose fields were read from their statements.
    catalogue
        Index: metric. Columns title, unit, direction, additive; where known proportion.
    history
        Goal id to the monthly frame of its metric in its scope.
    as_of
        The last day that counts; None where there is no data at all.
    """
    shared: dict[tuple[object, ...], Forecast] = {}
    found: dict[str, Forecast] = {}
    wanted = [goal for goal in goals if as_of and (goal.deadline is None or goal.deadline > as_of)]
    for goal in wanted:
        card, months = find_card(catalogue, goal.metric), read_months(history.get(goal.id))
        if card is None or as_of is None or not any(month.is_complete for month in months):
            continue
        key = (goal.metric, *sorted((name, str(value)) for name, value in goal.scope.items()))
        if key not in shared:
            ends = [_end_next(other) for other in wanted if other.metric == goal.metric]
            reach = max((count_months(as_of, day) for day in ends if day), default=0)
            shared[key] = forecast_months(card, months, min(reach + 1, FARTHEST))
        found[goal.id] = shared[key]
    return found


def find_end(goal: Goal) -> date | None:
    """Return a goal's deadline, or a year from its start where it names none; None without either."""
    if goal.deadline is not None or goal.start is None:
        return goal.deadline
    return _shift_year(goal.start, 1) - timedelta(days=1)


def _end_next(goal: Goal) -> date | None:
    end = find_end(goal)
    if goal.start is None or end is None or end < goal.start:
        return end
    return follow_period(goal.start, end)[1]


def follow_period(start: date, deadline: date) -> tuple[date, date]:
    """Return first and last day of the next period like another: the same days a year later, or the fewest years."""
    years = 1 + max(0, deadline.year - start.year - ((deadline.month, deadline.day) < (start.month, start.day)))
    return _shift_year(start, years), _shift_year(deadline, years)


def _shift_year(day: date, years: int) -> date:
    first = shift_month(day, 12 * years)
    last = shift_month(first, 1) - timedelta(days=1)
    is_end = (shift_month(day, 1) - day).days == 1
    return last if is_end else min(first.replace(day=1) + timedelta(days=day.day - 1), last)


def add_chances(
    progress: pd.DataFrame,
    forecasts: Mapping[str, Forecast],
    history: Mapping[str, pd.DataFrame],
    *,
    beside: Sequence[GoalParts] = (),
    format_value: FormatValue = format_plainly,
) -> pd.DataFrame:
    """Return the progress of goals with where the forecast sees each at its deadline.

    Status and probability answer two questions: the status compares the figure with the path, by a stated rule; the
    probability says what the metric's own history makes of the time left. They stand side by side, and the outlook
    says so where they disagree.

    Parameters
    ----------
    progress
        What ``analysis.track_goals`` returned.
    forecasts
        What `forecast_goals` returned.
    history
        Goal id to the monthly frame of its metric in its scope.
    beside
        What `compare_goal_parts` returned.
    format_value
        Turns a value and its unit into text.

    Returns
    -------
    pandas.DataFrame
        Its rows and columns, and: forecast (the middle one at the deadline), forecast_low and forecast_high (80%
        interval), probability (of reaching the target, 0 to 1), chance (in words for a table; in doubt where the
        forecasts of the metric's parts lie outside the interval), range (the interval), needed (what a month must bring
        from now, or how far a rate must move in one), pace (the same of the latest three complete months, and without
        those outside the usual range), pace_per_month (as a number, of all three) and outlook (a sentence, with the
        reason where there is no probability). A goal that is over or cannot be followed has none of them.
    """
    rows: list[Row] = []
    parts = {one.goal: one for one in beside}
    for row in list_rows(progress):
        name = str(row["goal"])
        forecast, months = forecasts.get(name), read_months(history.get(name))
        added = {} if row["status"] not in OPEN else _look(row, forecast, months, format_value)
        if added.get("forecast") is not None and name in parts:
            added["outlook"] = f"{added['outlook']} {parts[name].told}"
            if added["chance"] and not parts[name].is_inside:
                added["chance"] = f"{added['chance']}, in doubt"
        rows.append(added)
    looks = build_frame(rows, CHANCE_COLUMNS)
    return pd.concat([progress.reset_index(drop=True), looks], axis=1)


def _look(row: Row, forecast: Forecast | None, months: Sequence[Month], format_value: FormatValue) -> dict[str, object]:
    if forecast is None:
        return {"outlook": "The metric has no complete month with data, so there is no forecast."}
    unit, deadline, target = str(row["unit"]), read_day(row["deadline"]), read_number(row["target"])
    sign = {"up": 1, "down": -1}.get(str(row["direction"]), 0)
    found = find_chance(forecast, months, target, read_day(row["start"]), deadline, sign=sign)
    pace, need = measure_pace(forecast.card, months), read_number(row["needed_per_month"])
    is_there = not forecast.card.additive and need * (sign or forecast.card.wish) < 0
    told = {"needed": "hold the level" if is_there else write_pace(need, unit, forecast.card, format_value, math.ceil)}
    told["pace"], bent = _tell_pace(forecast.card, months, unit, format_value)
    ends = f"{format_value(found.low, unit)} to {format_value(found.high, unit)}"
    numbers = {"forecast": found.median, "forecast_low": found.low, "forecast_high": found.high}
    text = [found.read(unit, deadline, format_value), _compare(str(row["status"]), found)]
    text += [tell_year_before(forecast, months, row, format_value), forecast.explain(format_value), bent]
    return {
        **numbers,
        **told,
        "pace_per_month": pace,
        "probability": found.probability,
        "chance": say_share(found.probability, format_value),
        "range": ends if math.isfinite(found.low) else "",
        "outlook": " ".join(dict.fromkeys(filter(None, text))),
    }


def _tell_pace(card: Card, months: Sequence[Month], unit: str, format_value: FormatValue) -> tuple[str, str]:
    """Return the recent pace for a table, and a sentence about months that bend it."""
    odd = find_odd_months(card, months)
    pace, without = (write_pace(measure_pace(card, months, left), unit, card, format_value) for left in ((), odd))
    beside = f" ({without} without {join_words([format_month(day) for day in odd])})" if odd and without else ""
    return f"{pace}{beside}", tell_odd_months(odd, without)


def say_share(probability: float, format_value: FormatValue = format_plainly) -> str:
    """Return a probability for a table: whole percent, and its limits where it is nearly 0 or 1; empty where unknown.

    Examples
    --------
    >>> [say_share(share) for share in (0.637, 0.0004, 1.0, float("nan"))]
    ['64%', 'below 1%', 'above 99%', '']
    """
    return "" if math.isnan(probability) else say_chance(probability, format_value).removeprefix("the chance is ")


def _compare(status: str, found: Chance) -> str:
    if status == "on_track" and found.probability < DOUBTFUL:
        return "Status and forecast disagree: it is on its path, but the forecast does not carry it to the target."
    if status == "on_track" and found.probability < EVEN:
        return "It is on its path today, and the forecast gives the target less than an even chance."
    if status in ("behind", "at_risk") and found.probability > LIKELY:
        return "Status and forecast disagree: it is behind its path, but the forecast carries it to the target."
    return ""


def describe_chances(progress: pd.DataFrame) -> str:
    """Return how many running goals the forecast gives an even chance or better; empty where none has a probability.

    Parameters
    ----------
    progress
        What `add_chances` returned.
    """
    running = progress[progress["status"].isin(["behind", "at_risk", "on_track"])]
    known = running[running["probability"].notna()]
    if not len(known):
        return ""
    likely = int((known["probability"] >= EVEN).sum())
    verb = "is" if likely == 1 else "are"
    text = f"Of the {len(known)} running goals with a forecast, {likely} {verb} more likely than not to be reached"
    lows = known[known["probability"] < EVEN].sort_values("probability", kind="stable")
    if not len(lows):
        return f"{text}."
    first = list_rows(lows)[0]
    chance = first.get("chance") or say_share(read_number(first["probability"]))
    return f"{text}. The least likely: {first['statement']} ({chance})."
