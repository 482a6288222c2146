"""What the months before a goal's deadline rest on: the same months a year before, and the forecasts of its parts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from mopsnb.analysis.cards import find_card
from mopsnb.analysis.forecast.chances import find_chance, list_counted
from mopsnb.analysis.forecast.metrics import FARTHEST, Forecast, forecast_months
from mopsnb.analysis.forecast.parts import LEAST, find_parts
from mopsnb.analysis.frames import Row, read_day, read_number
from mopsnb.analysis.months import NAN, Month, add_up, count_months, read_months, shift_month
from mopsnb.analysis.wording import FormatValue, format_months, format_plainly
from mopsnb.findings import Finding, make_id
from mopsnb.strategy import Goal

SAME = 0.005  # relative: a baseline this near to the level of a year is that year's


@dataclass(frozen=True, slots=True)
class GoalParts:
    """What the forecasts of a ratio's parts make of a goal's figure at its deadline.

    Parameters
    ----------
    goal, statement
        The goal, and how people call it.
    value
        The sum of the one part ÷ that of the other over the months that count, in the ratio's unit.
    median, low, high
        The goal's own forecast, and its interval (80%).
    told
        In words.
    """

    goal: str
    statement: str
    value: float
    median: float
    low: float
    high: float
    told: str

    @property
    def is_inside(self) -> bool:
        """Whether the interval holds what the parts make."""
        return self.low <= self.value <= self.high


def tell_year_before(forecast: Forecast, months: Sequence[Month], row: Row, format_value: FormatValue) -> str:
    """Return that the months of a rate's target met it a year before already; empty where they did not.

    Then the season of these months may reach the target, and a goal that is met so shows no change.

    Parameters
    ----------
    forecast
        Of the goal's metric in its scope.
    months
        The metric's months in time order.
    row
        target and baseline (in the metric's unit), start, deadline and direction of the goal.
    format_value
        Turns a value and its unit into text.
    """
    target, baseline = read_number(row["target"]), read_number(row["baseline"])
    start, deadline = read_day(row["start"]), read_day(row["deadline"])
    card = forecast.card
    if card.additive or target == baseline:
        return ""
    counted = list_counted(card, start, deadline)
    wish = {"up": 1, "down": -1}.get(str(row["direction"]), 0)
    earlier = [shift_month(day, -12) for day in counted]
    value = _level(months, earlier)
    if math.isnan(value) or wish == 0 or wish * (value - target) < 0:
        return ""
    span, shown = format_months(earlier[0], earlier[-1]), format_value(value, card.unit)
    text = f"{span} came to {shown}, which met the target already: the season of these months may reach it again"
    year = [shift_month(start, -step) for step in range(12, 0, -1)]
    level = _level(months, year)
    if math.isfinite(level) and abs(level - baseline) <= SAME * abs(baseline):
        return f"{text}. The baseline is the level of {format_months(year[0], year[-1])}."
    return f"{text}."


def compare_goal_parts(
    goals: Iterable[Goal],
    forecasts: Mapping[str, Forecast],
    history: Mapping[str, pd.DataFrame],
    steps: Mapping[str, pd.DataFrame],
    catalogue: pd.DataFrame,
    *,
    format_value: FormatValue = format_plainly,
) -> list[GoalParts]:
    """Return what the forecasts of the parts of each goal's ratio make of its figure at the deadline.

    Only goals without a scope are compared, and only where both parts are totals whose months are known.

    Parameters
    ----------
    goals
        The goals.
    forecasts
        What `forecast_goals` returned.
    history
        Goal id to the monthly frame of its metric in its scope.
    steps
        Monthly frames of totals without a scope, such as those of ``analysis.list_steps``, under any name.
    catalogue
        Index: metric.
    format_value
        Turns a value and its unit into text.
    """
    known = {goal.id: goal for goal in goals if goal.id in forecasts and not goal.scope}
    frames = [*steps.values(), *(history[name] for name in known if name in history)]
    totals = _read_totals(frames, catalogue)
    ahead = {forecasts[name].card.name: forecasts[name] for name in known if forecasts[name].card.additive}
    found = []
    for name, goal in known.items():
        forecast = forecasts[name]
        if forecast.card.additive or goal.start is None or goal.deadline is None or goal.target is None:
            continue
        months = [month for month in read_months(history.get(name)) if month.is_complete]
        above, below, scale = find_parts(months, {part: _list_values(one) for part, one in totals.items()})
        if not above or forecast.outlook is None or len(months) < LEAST:
            continue
        counted = list_counted(forecast.card, goal.start, goal.deadline)
        sums = []
        for part in (above, below):
            ahead[part] = _reach(ahead.get(part), part, totals[part], counted[-1], catalogue)
            sums.append(_sum(ahead[part], totals[part], counted))
        chance = find_chance(forecast, months, goal.target, goal.start, goal.deadline)
        value = sums[0] / sums[1] * scale if sums[1] > 0 else NAN
        if math.isfinite(value) and math.isfinite(chance.median):
            ends = (chance.median, chance.low, chance.high)
            titles = f"{ahead[above].card.title} ÷ {ahead[below].card.title}"
            told = _tell(titles, format_months(counted[0], counted[-1]), value, ends, forecast.card.unit, format_value)
            found.append(GoalParts(name, goal.statement, value, *ends, told))
    return found


def report_goal_parts(found: Sequence[GoalParts]) -> list[Finding]:
    """Return a finding for each goal whose own forecast does not hold what those of its metric's parts make."""
    return [
        Finding(
            id=make_id("goals", "forecasts", one.goal),
            severity="info",
            title=f"The forecast of the goal '{one.statement}' and those of its parts disagree",
            evidence=one.told,
            fix="Plan with the range from one to the other, until one of them has come true.",
            where=one.goal,
            stake="result",
        )
        for one in found
        if not one.is_inside
    ]


def _level(months: Sequence[Month], days: Sequence[date]) -> float:
    """Return the level of a ratio over months, sum over sum; NaN where one of them has no data."""
    known = {month.start: month for month in months if month.is_complete}
    total = add_up([known[day] for day in days if day in known], additive=False)
    return total.value if total.present == len(days) else NAN


def _read_totals(frames: Iterable[pd.DataFrame], catalogue: pd.DataFrame) -> dict[str, list[Month]]:
    found = {}
    for frame in frames:
        name = str(frame["metric"].iloc[0]) if len(frame) and "metric" in frame else ""
        card = find_card(catalogue, name) if name and name not in found else None
        if card is not None and card.additive:
            found[name] = [month for month in read_months(frame) if month.is_complete]
    return found


def _list_values(months: Sequence[Month]) -> dict[date, float]:
    return {month.start: month.value for month in months}


def _reach(known: Forecast | None, name: str, months: Sequence[Month], last: date, catalogue: pd.DataFrame) -> Forecast:
    """Return a forecast that reaches a month: the known one, or another."""
    if known is not None and known.starts and known.starts[-1] >= last:
        return known
    card = find_card(catalogue, name)
    if card is None:
        raise ValueError(f"the catalogue does not hold {name}")
    ends = [month.start for month in months if math.isfinite(month.value)]
    return forecast_months(card, months, min(max(count_months(ends[-1], last), 1), FARTHEST))


def _sum(forecast: Forecast, months: Sequence[Month], counted: Sequence[date]) -> float:
    """Return what months brought, or will bring by their forecast; NaN where one is not known."""
    values = _list_values(months)
    if forecast.outlook is not None:
        values |= dict(zip(forecast.starts, forecast.outlook.median.tolist(), strict=True))
    return math.fsum(values.get(day, NAN) for day in counted)


def _tell(
    titles: str, span: str, value: float, ends: tuple[float, float, float], unit: str, format_value: FormatValue
) -> str:
    shown, median, low, high = (format_value(number, unit) for number in (value, *ends))
    made = f"The forecasts of {titles} for {span} make {shown}"
    if ends[1] <= value <= ends[2]:
        return f"{made}, inside the interval around the goal's own forecast."
    around = f"outside the interval of {low} to {high} around the goal's own forecast of {median}"
    return f"{made}, {around}: trust neither alone."
