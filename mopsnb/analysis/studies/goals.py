"""The study of the page on goals: another target, another deadline, another path."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import cast

import pandas as pd

from mopsnb.analysis.cards import Card, find_card
from mopsnb.analysis.cases import explain_undefined
from mopsnb.analysis.drawing import draw_paths
from mopsnb.analysis.drivers import write_change
from mopsnb.analysis.forecast import find_chance, forecast_months
from mopsnb.analysis.forecast.metrics import Forecast
from mopsnb.analysis.frames import Row, list_rows, read_number
from mopsnb.analysis.months import read_months
from mopsnb.analysis.paths import Shape
from mopsnb.analysis.progress import track_goals
from mopsnb.analysis.stakeholders import name_goal
from mopsnb.analysis.studies.study import (
    Answer,
    Choice,
    Study,
    Values,
    build_lines,
    build_parts,
    is_changed,
    read_amount,
)
from mopsnb.analysis.wording import FormatValue, format_day, format_plainly
from mopsnb.errors import ParameterError
from mopsnb.strategy import Goal, Strategy

FARTHEST = 18  # months ahead that a forecast reaches
SHAPES = (("As each goal asks", "auto"), ("A steady path", "linear"), ("With the usual season", "seasonal"))
LONGEST = 60  # characters of a goal's sentence in the list


def study_goals(
    strategy: Strategy,
    catalogue: pd.DataFrame,
    history: Mapping[str, pd.DataFrame],
    as_of: date | None,
    shape: str,
    *,
    format_value: FormatValue = format_plainly,
) -> Study:
    """Return the study of goals.

    Parameters
    ----------
    strategy, catalogue, history, as_of
        As for ``track_goals``.
    shape
        The shape of the paths at first.
    format_value
        Turns a value and its unit into text.
    """
    goals = {goal.id: goal for goal in strategy.goals if not explain_undefined(goal, catalogue)}
    listed = {name: goal for name, goal in goals.items() if name in history and len(history[name])}
    # A goal that still runs is the one that a reader can do something about.
    order = sorted(listed, key=lambda name: not (as_of and cast(date, listed[name].deadline) >= as_of))
    board = _Board(strategy, catalogue, history, as_of, format_value)
    return Study("goals", partial(_offer, board, listed, order, shape), partial(board.answer, listed))


def _offer(
    board: _Board, goals: Mapping[str, Goal], order: list[str], shape: str, values: Values
) -> tuple[Choice, ...]:
    if not order or board.as_of is None:
        return ()
    goal = goals[str(values.get("goal", order[0]))]
    target = board.show_target(goal)
    unit = " (%)" if board.find_scale(goal) != 1 else ""
    options = tuple((_shorten(name_goal(goals[name])), name) for name in order)
    step = float(10 ** (math.floor(math.log10(abs(target))) - 1)) if target else 1.0
    return (
        Choice("goal", "Goal", order[0], options=options),
        Choice("path", "Path", shape, options=SHAPES, is_parameter=True),
        Choice("target", f"What if the target were{unit}", target, "number", low=-1e12, step=step, key=goal.id),
        Choice("deadline", "What if the deadline were", str(goal.deadline), "day", key=goal.id),
    )


def _shorten(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


class _Board:
    """The goals' figures, and a forecast for each goal that was asked for."""

    def __init__(
        self,
        strategy: Strategy,
        catalogue: pd.DataFrame,
        history: Mapping[str, pd.DataFrame],
        as_of: date | None,
        format_value: FormatValue,
    ) -> None:
        self.strategy, self.catalogue, self.history = strategy, catalogue, history
        self.as_of, self.format_value = as_of, format_value
        self._forecasts: dict[str, Forecast] = {}

    def find_scale(self, goal: Goal) -> float:
        """Return 100 where the goal's figure is shown in percent, else 1."""
        return 100.0 if self._read_card(goal).unit == "fraction" else 1.0

    def show_target(self, goal: Goal) -> float:
        """Return a goal's target as its field shows it."""
        return float(f"{cast(float, goal.target) * self.find_scale(goal):.6g}")

    def _read_card(self, goal: Goal) -> Card:
        card = find_card(self.catalogue, goal.metric)
        if card is None:
            raise KeyError(goal.metric)
        return card

    def answer(self, goals: Mapping[str, Goal], values: Values) -> Answer:
        """Return the answer for the goal, target, deadline and path that are chosen."""
        goal = goals[str(values["goal"])]
        asked, deadline = read_amount(values, "target"), _read_day(values["deadline"], cast(date, goal.start))
        if not math.isfinite(asked):
            raise ParameterError("The target is empty, expected a number.")
        is_moved = is_changed(asked, self.show_target(goal))
        target = asked / self.find_scale(goal) if is_moved else cast(float, goal.target)
        tried = goal.model_copy(update={"target": target, "deadline": deadline})
        shape = cast(Shape, values["path"])
        row, lines = self._follow(tried, shape, "Path")
        before = None
        if is_moved or deadline != goal.deadline:
            lines = [{**line, "series": "What if"} if line["series"] == "Path" else line for line in lines]
            before, own = self._follow(goal, shape, "Path")
            lines += [line for line in own if line["series"] == "Path"]
        show = partial(self._show, str(row["unit"]))
        additive = self._read_card(goal).additive
        name = _shorten(name_goal(goal))
        verb = "what if " if before is not None else ""
        return Answer(
            title=f"{name}: {verb}{show(target)} by {format_day(deadline)}",
            lines=build_lines(lines),
            parts=build_parts(_list_parts(lines, additive=additive)),
            unit=str(row["unit"]),
            measure=str(row["title"]),
            part_unit=str(row["unit"]),
            part_measure="Added in these months" if additive else "Mean of these months",
            is_ratio=not additive,
            sentences=tuple(self._tell(tried, row, before)),
        )

    def _show(self, unit: str, value: float) -> str:
        return self.format_value(value, unit)

    def _follow(self, goal: Goal, shape: Shape, path: str) -> tuple[Row, list[Row]]:
        strategy = self.strategy.model_copy(update={"goals": [goal]})
        asked = (strategy, self.catalogue, self.history, self.as_of)
        row = list_rows(track_goals(*asked, shape=shape, format_value=self.format_value))[0]
        lines: list[Row] = []
        for point in list_rows(draw_paths(*asked, shape=shape)):
            lines.append({"x": point["period_start"], "series": path, "value": point["expected"], "is_known": False})
            lines.append({"x": point["period_start"], "series": "Actual", "value": point["actual"],
                          "is_known": bool(point["is_complete"])})  # fmt: skip
        return row, lines

    def _tell(self, goal: Goal, row: Row, before: Row | None) -> list[str]:
        told = [str(row["reason"])]
        if math.isfinite(read_number(row["needed_per_month"])):
            told.append(self._tell_need(goal, row))
        if before is not None and math.isfinite(read_number(before["needed_per_month"])):
            told.append(f"For the goal as it stands: {self._pace(goal, before)} a month.")
        months = read_months(self.history[goal.id])
        deadline = cast(date, goal.deadline)
        if self.as_of and deadline > self.as_of:
            forecast = self._forecast(goal)
            sides = cast(float, goal.target), cast(float, goal.baseline)
            sign = (sides[0] > sides[1]) - (sides[0] < sides[1])
            chance = find_chance(forecast, months, sides[0], cast(date, goal.start), deadline, sign=sign)
            told.append(chance.read(str(row["unit"]), deadline, self.format_value))
        return [text for text in told if text]

    def _tell_need(self, goal: Goal, row: Row) -> str:
        top = "target − reached so far" if self._read_card(goal).additive else "target − level now"
        return f"Required pace: {self._pace(goal, row)} a month. Formula: ({top}) ÷ calendar months left."

    def _pace(self, goal: Goal, row: Row) -> str:
        need, unit = read_number(row["needed_per_month"]), str(row["unit"])
        additive = self._read_card(goal).additive
        return self.format_value(need, unit) if additive else write_change(need, unit, self.format_value)

    def _forecast(self, goal: Goal) -> Forecast:
        if goal.id not in self._forecasts:
            months = read_months(self.history[goal.id])
            self._forecasts[goal.id] = forecast_months(self._read_card(goal), months, FARTHEST)
        return self._forecasts[goal.id]


def _list_parts(lines: list[Row], *, additive: bool) -> list[Row]:
    """Return what each month adds to a total, or the level of each month with the weight 1."""
    found: list[Row] = []
    for series in dict.fromkeys(str(line["series"]) for line in lines):
        before = 0.0
        for line in (one for one in lines if one["series"] == series):
            value = read_number(line["value"])
            part: Row = {"x": line["x"], "segment": series}
            if additive:
                found.append({**part, "value": value - before})
                before = value
            elif math.isfinite(value):
                found.append({**part, "numerator": value, "denominator": 1.0})
    return found


def _read_day(value: object, start: date) -> date:
    try:
        day = date.fromisoformat(str(value))
    except ValueError as error:
        raise ParameterError(f"The deadline is '{value}', expected a day such as 2026-12-31.") from error
    if day <= start:
        raise ParameterError(f"The deadline is {day}, expected a day after the goal's start, {start}.")
    return day
