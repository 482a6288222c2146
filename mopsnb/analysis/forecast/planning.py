"""Targets for planning: what the history of each goal's metric proposes for its own period and for the next."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import pandas as pd

from mopsnb.analysis.forecast.chances import find_chance
from mopsnb.analysis.forecast.goals import find_end, follow_period, say_share
from mopsnb.analysis.forecast.metrics import Forecast
from mopsnb.analysis.forecast.proposals import PROPOSALS, propose_targets
from mopsnb.analysis.frames import DAY, NUMBER, TEXT, build_frame, list_rows, read_number
from mopsnb.analysis.months import NAN, read_months
from mopsnb.analysis.stakeholders import name_goal
from mopsnb.analysis.wording import FormatValue, format_months, format_plainly, format_span
from mopsnb.strategy import Goal

PERIODS = ("this", "next")
TARGET_COLUMNS = {
    **{"goal": TEXT, "statement": TEXT, "metric": TEXT, "unit": TEXT, "period": TEXT, "span": TEXT, "start": DAY},
    **{"deadline": DAY, "target": NUMBER, "probability": NUMBER, "chance": TEXT},
    **dict.fromkeys(PROPOSALS, NUMBER),
    **{f"{kind}_probability": NUMBER for kind in PROPOSALS},
    **{f"{kind}_text": TEXT for kind in PROPOSALS},
    "reason": TEXT,
}


def propose_for_goals(
    goals: Iterable[Goal],
    forecasts: Mapping[str, Forecast],
    history: Mapping[str, pd.DataFrame],
    *,
    format_value: FormatValue = format_plainly,
) -> pd.DataFrame:
    """Return targets that each goal's history proposes, for the goal's own period and for the next one.

    The next period is that of the same days a year later (for a goal longer than a year: as many years as it needs).

    See `propose_targets` for the three kinds. A goal without a deadline is taken to run a year from its start.

    Parameters
    ----------
    goals
        The goals, also those whose fields were read from their statements.
    forecasts
        What `forecast_goals` returned; a goal that is not there is left out.
    history
        Goal id to the monthly frame of its metric in its scope.
    format_value
        Turns a value and its unit into text.

    Returns
    -------
    pandas.DataFrame
        Two rows a goal with a start: goal, statement, metric, unit, period (``this`` or ``next``), span (in words),
        start, deadline, target and probability (the goal's own, of this period alone), chance (the probability in
        words), conservative, likely and stretch, with the probability of each (``…_probability``) and both in words
        (``…_text``), reason (why there is none).
    """
    rows: list[dict[str, object]] = []
    for goal in goals:
        forecast = forecasts.get(goal.id)
        if forecast is None or goal.start is None:
            continue
        end = find_end(goal) or goal.start
        for period, (first, last) in zip(PERIODS, ((goal.start, end), follow_period(goal.start, end)), strict=True):
            row = _propose(goal, forecast, history[goal.id], (first, last), format_value)
            rows.append(row | _rate_own(goal, forecast, history[goal.id], format_value) if period == "this" else row)
            rows[-1]["period"] = period
    return build_frame(rows, TARGET_COLUMNS)


def _propose(
    goal: Goal, forecast: Forecast, frame: pd.DataFrame, span: tuple[date, date], format_value: FormatValue
) -> dict[str, object]:
    unit = forecast.card.unit
    row: dict[str, object] = {"goal": goal.id, "statement": name_goal(goal), "metric": goal.metric, "unit": unit}
    row |= {"start": span[0], "deadline": span[1], "span": _name_span(*span)}
    for found in list_rows(propose_targets(forecast, read_months(frame), *span, sign=_find_sign(goal))):
        kind, target, share = str(found["kind"]), read_number(found["target"]), read_number(found["probability"])
        if not math.isfinite(target):
            return row | {"reason": found["reason"]}
        row |= {kind: target, f"{kind}_probability": share}
        words = say_share(share, format_value).replace(
            " ", "\N{NO-BREAK SPACE}"
        )  # a share broken over two lines is hard to read
        row[f"{kind}_text"] = f"{format_value(target, unit)} ({words})"
    return row


def _rate_own(goal: Goal, forecast: Forecast, frame: pd.DataFrame, format_value: FormatValue) -> dict[str, object]:
    if goal.target is None or goal.start is None or goal.deadline is None:
        return {"target": goal.target if goal.target is not None else NAN}
    found = find_chance(
        forecast, read_months(frame), goal.target, goal.start, goal.deadline, sign=_find_sign(goal)
    ).probability
    return {"target": goal.target, "probability": found, "chance": say_share(found, format_value)}


def _name_span(start: date, deadline: date) -> str:
    are_whole = start.day == 1 and (deadline + timedelta(days=1)).day == 1
    return format_months(start, deadline) if are_whole else format_span(start, deadline)


def _find_sign(goal: Goal) -> int:
    if goal.target is None or goal.baseline is None:
        return 0
    return (goal.target > goal.baseline) - (goal.target < goal.baseline)
