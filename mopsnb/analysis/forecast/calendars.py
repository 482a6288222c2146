"""Planned events of the months ahead beside those of a year before, which forecasts that follow a season repeat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from mopsnb.analysis.forecast.goals import OPEN
from mopsnb.analysis.frames import list_rows, read_day
from mopsnb.analysis.months import find_month_end, shift_month
from mopsnb.analysis.wording import format_day, format_span, join_words

NAMED = 3  # events that the sentence names
UNPLANNED = ("absence", "holiday", "incident", "outage")  # kinds that no plan repeats, and days that every year has


def compare_calendars(events: pd.DataFrame, progress: pd.DataFrame, as_of: date | None) -> str:
    """Return which planned events the months ahead have no more, beside the same months a year before.

    A forecast that repeats the season counts what such events brought. The months ahead are those until the latest
    deadline of a goal that runs, within a year. Nothing is said where the calendar does not reach into them.

    Parameters
    ----------
    events
        Columns kind, note, first_day and last_day; see ``Workspace.events``.
    progress
        Columns status and deadline, as ``analysis.track_goals`` returns them.
    as_of
        The last day that counts.
    """
    running = progress[progress["status"].isin(OPEN)]
    ends = [read_day(row["deadline"]) for row in list_rows(running)]
    ends = [day for day in ends if as_of and as_of < day <= _shift_year(as_of, 1)]
    if as_of is None or not ends:
        return ""
    first, last = date.fromordinal(as_of.toordinal() + 1), max(ends)
    before = [_shift_year(day, -1) for day in (first, last)]
    rows = [row for row in list_rows(events) if str(row["kind"]).casefold() not in UNPLANNED]
    ahead = [row for row in rows if first <= read_day(row["first_day"]) <= last]
    earlier = [row for row in rows if before[0] <= read_day(row["first_day"]) <= before[1]]
    planned = {str(row["kind"]).casefold() for row in ahead}
    gone = [row for row in earlier if str(row["kind"]).casefold() not in planned]
    if not ahead or not gone:
        return ""
    kinds = join_words(list(dict.fromkeys(str(row["kind"]) for row in gone)), "or")
    named = [_name(row) for row in gone[:NAMED]] + ([f"{len(gone) - NAMED} more"] if len(gone) > NAMED else [])
    was, it = ("was", "it") if len(gone) == 1 else ("were", "they")
    return (
        f"The table event_calendar names no {kinds} from {format_span(first, last)}. A year before there {was} "
        f"{join_words(named)}: a forecast that follows the season counts what {it} brought."
    )


def _name(row: Mapping[str, object]) -> str:
    first, last = read_day(row["first_day"]), read_day(row["last_day"])
    name = f"the {row['kind']} “{row['note']}”" if row["note"] else f"a {row['kind']}"
    return f"{name} ({format_day(first) if first == last else format_span(first, last)})"


def _shift_year(day: date, years: int) -> date:
    first = shift_month(day, 12 * years)
    return first.replace(day=min(day.day, find_month_end(first).day))
