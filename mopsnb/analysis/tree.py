"""The driver tree: what a goal asks of each step that leads to it, at the rates of the team's own history."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from mopsnb.analysis.cards import find_card
from mopsnb.analysis.frames import NUMBER, TEXT, WHOLE, Row, build_frame, list_rows, read_day, read_number
from mopsnb.analysis.months import Month, measure_length, read_months
from mopsnb.analysis.season import Floats
from mopsnb.analysis.wording import FormatValue, format_plainly
from mopsnb.strategy import Goal

STEPS = ("revenue_won", "new_customers", "marketing_qualified_leads", "leads", "spend")
HISTORY = 12  # months that the rates rest on
LEAST = 6  # fewer do not show a rate
DRAWS = 2000
SEED = 20_260_102
SHARE = 0.8  # of the rates that the range holds
TREE_COLUMNS = {
    **{"metric": TEXT, "title": TEXT, "unit": TEXT, "above": TEXT, "rate": NUMBER, "needed": NUMBER, "low": NUMBER},
    **{"high": NUMBER, "brought": NUMBER, "times": NUMBER, "months": WHOLE, "reading": TEXT, "rate_text": TEXT},
}


def grow_tree(
    monthly: pd.DataFrame,
    catalogue: pd.DataFrame,
    target: float,
    *,
    steps: Sequence[str] = STEPS,
    length: int = HISTORY,
    format_value: FormatValue = format_plainly,
) -> pd.DataFrame:
    """Return what a target asks of each step below it, with the range that the rates of the last year allow.

    The rate of a step is what it brought for each unit of the step above, sum over sum of the latest twelve complete
    months in which all steps are known. The range comes from drawing these months anew, 2,000 times with the same seed:
    80% of the draws lie inside. Months are drawn whole, so that rates that move together stay together.

    The months are those in which things happened: a deal won in June may come from a lead of March. For a team
    whose volume is steady that cancels out; for one that grows fast, the tree asks for too little of the first steps.

    Parameters
    ----------
    monthly
        Columns metric, period_start, value, numerator, denominator, is_complete.
    catalogue
        Index: metric.
    target
        What the first step must bring, in its unit.
    steps
        Additive metrics from the goal down. One without data is left out, and the step below hangs on the one above.
    length
        How many months the goal has.
    format_value
        Turns a value and its unit into text.

    Returns
    -------
    pandas.DataFrame
        metric, title, unit, above (the metric that it leads to), rate (of this per unit of the one above), needed,
        low and high (of what is needed), brought (in the months of the history), times (needed, as a multiple of
        as many months at the pace of the history), months, reading, rate_text (the rate in words). Empty where less
        than six months or two steps are known.

    References
    ----------
    Efron, B. (1979). Bootstrap methods: another look at the jackknife, The Annals of Statistics 7, 1–26.
    """
    frames = {str(name): frame for name, frame in monthly.groupby("metric", sort=False)}
    known = {name: _read(read_months(frames.get(name))) for name in steps}
    names = [name for name in steps if known[name] and find_card(catalogue, name)]
    shared = sorted(set.intersection(*(set(known[name]) for name in names)))[-HISTORY:] if names else []
    if len(names) < 2 or len(shared) < LEAST:
        return build_frame([], TREE_COLUMNS)
    table = np.array([[known[name][day] for day in shared] for name in names])
    draws = np.random.default_rng(SEED).integers(0, len(shared), (DRAWS, len(shared)))
    sums, drawn = table.sum(axis=1), table[:, draws].sum(axis=2)
    if sums[0] <= 0:
        return build_frame([], TREE_COLUMNS)
    rows: list[Row] = []
    for place, name in enumerate(names):
        card = find_card(catalogue, name)
        needed = target * sums[place] / sums[0]
        low, high = _find_range(target, drawn[place], drawn[0]) if place else (target, target)
        pace = sums[place] * length / len(shared)
        row: dict[str, object] = {
            "metric": name,
            "title": card.title if card else name,
            "unit": card.unit if card else "",
        }
        row |= {"above": names[place - 1] if place else "", "brought": sums[place], "months": len(shared)}
        row |= {"needed": needed, "low": low, "high": high, "times": needed / pace if pace else math.nan}
        row["rate"] = sums[place] / sums[place - 1] if place and sums[place - 1] else math.nan
        row["reading"] = _tell(row, format_value)
        row["rate_text"] = _write_rate(row, rows[-1], format_value) if rows else ""
        rows.append(row)
    return build_frame(rows, TREE_COLUMNS)


def list_steps(goals: Iterable[Goal] = ()) -> list[Goal]:
    """Return the steps of the tree as goals, so that their months are asked for like those of any goal.

    Parameters
    ----------
    goals
        Goals whose months are known already: one on a step, without a scope, stands for the step.
    """
    known = {goal.metric: goal.id for goal in goals if not goal.scope}
    return [Goal(id=known.get(name, name), metric=name) for name in STEPS]


def grow_goal_tree(
    progress: pd.DataFrame,
    history: Mapping[str, pd.DataFrame],
    catalogue: pd.DataFrame,
    *,
    format_value: FormatValue = format_plainly,
) -> pd.DataFrame:
    """Return the driver tree of the goal that stands highest in the chain from revenue to spend.

    It is the first goal that is not over, has no scope, and asks for a total of revenue, else of customers, qualified
    leads or leads.

    Parameters
    ----------
    progress
        What ``track_goals`` returned.
    history
        The monthly frames of the steps of `list_steps`, under any name.
    catalogue
        Index: metric.
    format_value
        Turns a value and its unit into text.

    Returns
    -------
    pandas.DataFrame
        As `grow_tree` returns it, and goal and statement. Empty where no goal fits, or too few months are known.
    """
    chain = STEPS[:-1]
    fitting = [row for row in list_rows(progress) if row["metric"] in chain and not row["scope"]]
    fitting = [row for row in fitting if row["status"] in ("behind", "at_risk", "on_track", "not_started")]
    known = [frame for frame in history.values() if len(frame)]
    if not fitting or not known:
        return build_frame([], TREE_COLUMNS | {"goal": TEXT, "statement": TEXT})
    row = min(fitting, key=lambda one: chain.index(str(one["metric"])))
    tree = grow_tree(
        pd.concat(known),
        catalogue,
        read_number(row["target"]),
        steps=STEPS[chain.index(str(row["metric"])) :],
        length=measure_length(read_day(row["start"]), read_day(row["deadline"])),
        format_value=format_value,
    )
    return tree.assign(goal=str(row["goal"]), statement=str(row["statement"]))


def _read(months: Sequence[Month]) -> dict[date, float]:
    return {month.start: month.value for month in months if month.is_complete and math.isfinite(month.value)}


def _find_range(target: float, step: Floats, goal: Floats) -> tuple[float, float]:
    usable = goal > 0
    asked = target * step[usable] / goal[usable]
    low, high = (float(np.quantile(asked, share)) for share in (0.5 - SHARE / 2, 0.5 + SHARE / 2))
    return low, high


def _tell(row: Row, format_value: FormatValue) -> str:
    unit = str(row["unit"])
    needed, low, high = (format_value(float(row[key]), unit) for key in ("needed", "low", "high"))  # type: ignore[arg-type]
    if not row["above"]:
        return f"{row['title']}: {needed} is the goal."
    return f"{row['title']}: {needed} at the rates of the last {row['months']} months ({low} to {high})."


def _write_rate(row: Row, above: Row, format_value: FormatValue) -> str:
    """Return the rate the way round in which it is no tiny number: 7.4 leads for each customer, $70,600 of revenue."""
    rate = read_number(row["rate"])
    if not math.isfinite(rate) or rate <= 0:
        return ""
    upper, lower, figure = (row, above, rate) if rate >= 1 else (above, row, 1 / rate)
    unit = str(upper["unit"])
    return f"{upper['title']} ÷ {lower['title']}: {format_value(figure, 'ratio' if unit == 'count' else unit)}"
