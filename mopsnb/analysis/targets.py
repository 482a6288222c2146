"""The goal that runs on a metric, as a mark beside the metric's month."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import pandas as pd

from mopsnb.analysis.cards import Card
from mopsnb.analysis.frames import Row, read_day, read_number
from mopsnb.analysis.months import NAN, Month, add_up
from mopsnb.analysis.paths import Path, weigh_seasons
from mopsnb.analysis.wording import MONTHS, FormatValue, format_day


def find_target(
    card: Card, latest: Month, months: Sequence[Month], goals: Sequence[Row], format_value: FormatValue
) -> dict[str, object]:
    """Return target, target_note, target_span (what it covers), status, goal and deadline for a metric's month.

    The goal must run in that month. A goal with a scope counts only where its figure is the whole
    metric's figure, because a part's target says nothing about the whole. Of several goals the one with the
    nearest deadline counts. The target of an additive metric is the month's share of it on the goal's path: by
    days, or by the usual share of each month where the path is seasonal.

    Parameters
    ----------
    card
        The metric.
    latest
        The month in question.
    months
        All months of the metric in time order, the one that still runs included.
    goals
        The rows that ``track_goals`` returned.
    format_value
        Turns a value and its unit into text.
    """
    running = [row for row in goals if row["metric"] == card.name and _runs_in(latest, row)]
    for row in sorted(running, key=lambda row: (read_day(row["deadline"]), str(row["goal"]))):
        if row["scope"] and not _is_whole(card, months, row):
            continue
        deadline, target = read_day(row["deadline"]), read_number(row["target"])
        total = format_value(target, card.unit)
        note, span = f"{total} by {format_day(deadline)}", str(row.get("aim", ""))
        if card.additive:
            span = "for the month"
            path = _read_path(months, row)
            target *= path.share(latest.start, latest.end)
            how = "as in other years" if path.weights else "by days"
            note = f"{MONTHS[latest.start.month - 1]}'s share, {how}, of {note}"
        named = {"status": str(row["status"]), "goal": str(row["goal"]), "deadline": deadline}
        return {"target": target, "target_note": note, "target_span": span} | named
    return {"target": NAN, "target_note": "", "target_span": "", "status": "", "goal": "", "deadline": None}


def _runs_in(month: Month, row: Row) -> bool:
    if row["start"] is pd.NaT or row["deadline"] is pd.NaT or math.isnan(read_number(row["target"])):
        return False
    return read_day(row["start"]) <= month.end and read_day(row["deadline"]) >= month.start


def _is_whole(card: Card, months: Sequence[Month], row: Row) -> bool:
    if not row["actual_period"]:
        return False
    first, last = (date.fromisoformat(day) for day in str(row["actual_period"]).split("/"))
    total = add_up([month for month in months if first <= month.start <= last], additive=card.additive)
    parts = [(total.numerator, row["numerator"]), (total.denominator, row["denominator"])]
    return all(math.isclose(mine, read_number(its)) for mine, its in parts[: 1 if card.additive else 2])


def _read_path(months: Sequence[Month], row: Row) -> Path:
    """Return the path of an additive goal in the shape that its progress names."""
    start, deadline, target = read_day(row["start"]), read_day(row["deadline"]), read_number(row["target"])
    weights = weigh_seasons(months, start) if row.get("shape") == "seasonal" else None
    return Path(start, deadline, read_number(row.get("baseline", NAN)), target, True, weights)
