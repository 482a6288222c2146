"""The study of the page on service levels: one agreement, a period, owners, and the day of an event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

import pandas as pd

from mopsnb.analysis.frames import Row, list_rows, read_number
from mopsnb.analysis.service import (
    Timetable,
    describe_plan,
    find_event,
    plan_back,
    rate_agreements,
    select_months,
    trace_months,
)
from mopsnb.analysis.service.requests import DECIDED
from mopsnb.analysis.stakeholders import name_owner
from mopsnb.analysis.studies.study import (
    Answer,
    Choice,
    Study,
    Values,
    build_lines,
    build_parts,
    choose_months,
    read_amount,
    read_whole,
)
from mopsnb.analysis.wording import FormatValue, count_things, format_plainly
from mopsnb.strategy import Strategy

MOST_DAYS = 400
Case = tuple[pd.DataFrame, pd.DataFrame, Strategy, Timetable, date | None]


def study_service(
    judged: pd.DataFrame,
    strategy: Strategy,
    timetable: Timetable,
    as_of: date | None,
    given: Mapping[str, object],
    *,
    format_value: FormatValue = format_plainly,
) -> Study:
    """Return the study of service levels.

    Parameters
    ----------
    judged
        What ``judge_requests`` returned.
    strategy, timetable, as_of
        As for ``plan_back``.
    given
        What the notebook's parameters ``months``, ``lead_days`` and ``event`` are at first.
    format_value
        Turns a value and its unit into text.
    """
    by_month = trace_months(judged, strategy, as_of, months=60) if as_of else judged.iloc[:0]
    case = (judged, by_month, strategy, timetable, as_of)
    return Study("service_levels", partial(_offer, case, dict(given)), partial(_answer, case, format_value))


def _offer(case: Case, given: Mapping[str, object], values: Values) -> tuple[Choice, ...]:
    _, by_month, _, _, as_of = case
    if as_of is None or not len(by_month):
        return ()
    names = by_month.drop_duplicates("agreement")
    options = tuple(zip(names["name"], names["agreement"], strict=True))
    chosen = str(values.get("agreement", options[0][1]))
    target = list_rows(names[names["agreement"] == chosen])[0]["target"]
    share = round(read_number(target) * 100, 2)
    return (
        Choice("agreement", "Agreement", options[0][1], options=options),
        choose_months(int(str(given["months"]))),
        Choice("promise", "What if we promised (%)", share, "number", high=100, key=chosen),
        Choice("lead_days", "Business days of work", given["lead_days"], "whole", high=MOST_DAYS, is_parameter=True),
        Choice("event", "Day of the event", given["event"], "day", is_parameter=True),
    )


def _answer(case: Case, format_value: FormatValue, values: Values) -> Answer:
    judged, by_month, strategy, timetable, as_of = case
    name, months = str(values["agreement"]), read_whole(values, "months")
    recent = select_months(judged, as_of, months)
    mine = by_month[(by_month["agreement"] == name) & (by_month["period_start"] >= recent["month"].min())]
    promise = read_amount(values, "promise") / 100
    rows: list[Row] = []
    for row in list_rows(mine):
        rows.append({"x": row["period_start"], "series": "In time", "value": row["value"]})
        rows.append({"x": row["period_start"], "series": "Promise", "value": promise, "is_known": False})
    rated = rate_agreements(recent, strategy)
    row = list_rows(rated[rated["id"] == name])[0]
    decided = recent[(recent["agreement"] == name) & recent["state"].isin(DECIDED)]
    counts = decided.groupby(["month", "owner"], sort=True)["state"]
    cut = counts.agg(lambda states: (states == "in_time").sum()).rename("kept").reset_index()
    cut = cut.assign(counted=counts.size().to_numpy())
    found = [
        {"x": item["month"], "segment": name_owner(strategy, str(item["owner"])) or "(nobody)"}
        | {"numerator": item["kept"], "denominator": item["counted"]}
        for item in list_rows(cut)
    ]
    title = f"{row['name']}: {format_value(read_number(row['kept']), 'fraction')} in time"
    return Answer(
        title=f"{title} in {count_things(months, 'month')}",
        lines=build_lines(rows),
        parts=build_parts(found),
        unit="fraction",
        measure="Requests closed in time",
        part_unit="fraction",
        part_measure="In time by owner",
        is_ratio=True,
        sentences=(
            *_tell_promise(row, mine, promise, format_value),
            *_tell_plan(rated, timetable, as_of, values),
        ),
    )


def _tell_promise(row: Row, mine: pd.DataFrame, promise: float, format_value: FormatValue) -> list[str]:
    counted, kept = read_number(row["counted"]), read_number(row["in_time"])
    low, high = read_number(row["low"]), read_number(row["high"])
    if not counted:
        return ["No request of these months is decided, so no promise can be judged."]
    verdict = "kept for sure" if low >= promise else "missed for sure" if high < promise else "neither kept nor missed"
    why = "" if low >= promise or high < promise else ", because it lies inside the interval"
    held = mine[mine["value"].notna()]
    good = int((held["value"] >= promise).sum())
    return [
        f"{format_value(kept, 'count')} of {format_value(counted, 'count')} decided requests were closed in time, "
        f"{format_value(kept / counted, 'fraction')} (95% interval {format_value(low, 'fraction')} to "
        f"{format_value(high, 'fraction')}).",
        f"A promise of {format_value(promise, 'fraction')} is {verdict}{why}. {good} of {len(held)} months reached it.",
    ]


def _tell_plan(rated: pd.DataFrame, timetable: Timetable, as_of: date | None, values: Values) -> list[str]:
    lead = read_whole(values, "lead_days")
    day = find_event(str(values["event"] or ""), lead, timetable, as_of)
    return [describe_plan(plan_back(rated, day, lead, timetable, as_of))]
