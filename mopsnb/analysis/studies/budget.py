"""The study of the page on budget pacing: one area or channel, and "what if we spent … a day"."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial

import pandas as pd

from mopsnb.analysis.frames import Row, list_rows, read_day, read_number
from mopsnb.analysis.months import shift_month
from mopsnb.analysis.studies.study import (
    Answer,
    Choice,
    Study,
    Values,
    build_lines,
    build_parts,
    choose_months,
    is_changed,
    read_amount,
    read_whole,
)
from mopsnb.analysis.wording import FormatValue, format_day, format_month, format_plainly

ALL = ""  # the choice of all areas together
BREAKDOWNS = {"area": "Area", "channel": "Channel"}
Paced = Mapping[str, pd.DataFrame]


def study_budget(
    money: tuple[pd.DataFrame, pd.DataFrame],
    paced: Paced,
    months: int,
    *,
    format_value: FormatValue = format_plainly,
) -> Study:
    """Return the study of the budget.

    Parameters
    ----------
    money
        Spend and plan; see `mopsnb.analysis.pacing.pace_budget`.
    paced
        What ``pace_budget`` returned by ``area``, ``channel`` and ``total``.
    months
        How many months are shown at first.
    format_value
        Turns an amount and its unit into text.
    """
    offer = partial(_offer, paced, months)
    return Study("budget_pacing", offer, partial(_answer, money, paced, format_value))


def _offer(paced: Paced, months: int, values: Values) -> tuple[Choice, ...]:
    if not len(paced["total"]):
        return ()
    by, part = str(values.get("by", "area")), str(values.get("part", ALL))
    ids = list(zip(paced[by]["name"], paced[by]["id"], strict=True))
    if part not in {key for _, key in ids}:
        part = ALL
    row = _find_row(paced, by, part)
    pace = round(read_number(row["recent_per_day"]), 2)
    return (
        Choice("by", "Breakdown", "area", options=tuple((label, key) for key, label in BREAKDOWNS.items())),
        Choice("part", "Shown", ALL, options=(("All", ALL), *ids), key=by),
        choose_months(months),
        Choice("per_day", "What if we spent a day", pace, "number", step=_find_step(pace), key=f"{by}/{part}"),
    )


def _find_step(pace: float) -> float:
    return max(1.0, float(10 ** (math.floor(math.log10(pace)) - 1))) if pace > 0 else 1.0


def _find_row(paced: Paced, by: str, part: str) -> Row:
    frame = paced["total"] if part == ALL else paced[by][paced[by]["id"] == part]
    return list_rows(frame)[0]


def _answer(
    money: tuple[pd.DataFrame, pd.DataFrame], paced: Paced, format_value: FormatValue, values: Values
) -> Answer:
    by, part, months = str(values["by"]), str(values["part"]), read_whole(values, "months")
    row = _find_row(paced, by, part)
    as_of, end = read_day(row["as_of"]), read_day(row["year_end"])
    name = "All areas" if part == ALL else str(row["name"])
    recent, asked = read_number(row["recent_per_day"]), read_amount(values, "per_day")
    spent = _select(money[0][~money[0]["is_committed"]], by, part)
    month = spent["date"].dt.to_period("M").dt.to_timestamp()
    first = pd.Timestamp(shift_month(as_of, 1 - months))
    shown = spent.assign(month=month)[(month >= first) & (spent["date"] <= pd.Timestamp(as_of))]
    rows: list[Row] = [
        {"x": day, "series": "Spent", "value": value, "is_known": _end(day) <= as_of}
        for day, value in shown.groupby("month")["amount"].sum().items()
    ]
    plan = _select(money[1], by, part)
    plan = plan[(plan["period_start"] >= first) & (plan["period_start"] <= pd.Timestamp(end))]
    planned = plan.groupby("period_start")["planned"].sum()
    rows += [{"x": day, "series": "Plan", "value": value, "is_known": False} for day, value in planned.items()]
    sentences = list(_tell(row, recent, recent, format_value))
    title = f"{name}: {format_value(recent, 'currency')} a day in the last 30 days"
    if is_changed(asked, recent):
        title = f"{name}: what if we spent {format_value(asked, 'currency')} a day from now on"
        sentences = list(_tell(row, asked, recent, format_value))
        rows += _draw_rest(as_of, end, asked)
    labels = dict(zip(paced[by]["id"], paced[by]["name"], strict=True))
    cut = shown.groupby(["month", by], sort=True)["amount"].sum().reset_index()
    found = [
        {"x": item["month"], "segment": labels.get(item[by], str(item[by])), "value": item["amount"]}
        for item in list_rows(cut)
    ]
    return Answer(
        title=title,
        lines=build_lines(rows),
        parts=build_parts(found),
        unit="currency",
        measure="Spend a month",
        part_unit="currency",
        part_measure=f"Spend by {BREAKDOWNS[by].lower()}",
        sentences=tuple(sentences),
    )


def _select(frame: pd.DataFrame, by: str, part: str) -> pd.DataFrame:
    return frame if part == ALL else frame[frame[by] == part]


def _end(day: object) -> date:
    return shift_month(read_day(day), 1) - timedelta(days=1)


def _draw_rest(as_of: date, end: date, per_day: float) -> list[Row]:
    rows: list[Row] = []
    day = as_of + timedelta(days=1)
    while day <= end:
        after = min(shift_month(day, 1), end + timedelta(days=1))
        amount = per_day * (after - day).days
        rows.append({"x": pd.Timestamp(day.replace(day=1)), "series": "What if", "value": amount, "is_known": False})
        day = after
    return rows


def _tell(row: Row, per_day: float, recent: float, format_value: FormatValue) -> list[str]:
    """Return where the year ends at so much a day, and when the plan is used up."""
    as_of, end = read_day(row["as_of"]), read_day(row["year_end"])
    spent, plan, committed = (read_number(row[key]) for key in ("spent", "plan_year", "committed"))
    days = (end - as_of).days

    def show(value: float) -> str:
        return format_value(value, "currency")

    total = spent + per_day * days
    told = [
        f"At {show(per_day)} a day the year ends on {format_day(end)} with {show(total)}. Formula: spent so far "
        f"({show(spent)}) + amount a day × {days} days left."
    ]
    if math.isfinite(plan):
        side = "above" if total > plan else "below"
        told.append(f"That is {show(abs(total - plan))} {side} the plan of {show(plan)}.")
        left = plan - spent - committed
        lasts = math.floor(left / per_day) if per_day > 0 and left > 0 else None
        if left <= 0:
            told.append("The plan of the year is used up already.")
        elif lasts is not None and lasts < days:
            told.append(
                f"The plan is used up on {format_day(as_of + timedelta(days=lasts + 1))}; committed money counts."
            )
        if days and left > 0:
            told.append(f"To end on plan: {show(left / days)} a day.")
    if is_changed(per_day, recent):
        told.append(f"The last 30 days up to {format_month(as_of)} cost {show(recent)} a day.")
    return told
