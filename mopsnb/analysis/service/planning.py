"""Back-planning: when to start, or to ask, so that it is done by the day of an event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import cast

import numpy as np
import pandas as pd

from mopsnb.analysis.frames import DAY, FLAG, NUMBER, TEXT, build_frame, list_rows, read_number
from mopsnb.analysis.service.clock import UNITS, Clock, add_time, take_time
from mopsnb.analysis.service.requests import to_stamps
from mopsnb.analysis.service.spans import find_midnight
from mopsnb.analysis.service.timetable import Timetable
from mopsnb.errors import ParameterError

PLAN_COLUMNS = {
    **dict.fromkeys(("id", "name", "basis", "unit"), TEXT),
    **{
        "needs": NUMBER,
        "event_on": DAY,
        "start_on": DAY,
        "start_at": TEXT,
        "is_past": FLAG,
        "note": TEXT,
        "ready_on": DAY,
    },
}
BASES = {"work": "your estimate", "promise": "as promised", "p90": "as nine in ten took"}


def find_event(event: str, lead_days: float, timetable: Timetable, as_of: date | None) -> date | None:
    """Return the day to plan back from.

    Parameters
    ----------
    event
        An ISO date; empty: the first day on which work that starts after the report's day can be done.
    lead_days
        The business days that the work needs.
    timetable
        When the teams work.
    as_of
        The report's day. None together with an empty ``event``: there is no day.

    Raises
    ------
    ParameterError
        ``event`` is not a date.
    """
    if event.strip():
        try:
            return date.fromisoformat(event.strip())
        except ValueError as error:
            raise ParameterError(f"event is '{event}', expected a day such as 2026-12-04.") from error
    if as_of is None:
        return None
    ready = _local(add_time(timetable, "business_days", *_at(as_of, lead_days, timetable)), timetable)
    # The event needs the work to be over when its day begins.
    return ready.date() if ready == ready.normalize() else ready.date() + timedelta(days=1)


def plan_back(
    rated: pd.DataFrame, event: date | None, lead_days: float, timetable: Timetable, as_of: date | None
) -> pd.DataFrame:
    """Return when to start the work for an event, and when to ask for what each agreement promises.

    All has to be done when the day of the event begins.

    Parameters
    ----------
    rated
        What ``rate_agreements`` returned: thresholds, clocks and p90.
    event
        The day of the event; None: there are no rows.
    lead_days
        The business days that the work for the event needs.
    timetable
        When the teams work.
    as_of
        The report's day.

    Returns
    -------
    pandas.DataFrame
        id (``work``, or the agreement's), name, basis (the estimate; as promised; as nine in ten took), needs and unit,
        event_on, start_on and start_at (the last local day, and the time on it as HH:MM, at which to start or ask),
        is_past (that moment lies before the end of the report's day), note (says so), ready_on (the day on which it is
        done if it starts right after the report's day). The work comes first, then what must be asked for first.
    """
    if event is None or as_of is None:
        return build_frame([], PLAN_COLUMNS)
    work = {"id": "work", "name": "The work for the event", "basis": BASES["work"], "needs": lead_days}
    rows = [_plan(work, "business_days", event, timetable, as_of)]
    asked = [_plan(row, clock, event, timetable, as_of) for row, clock in _list_needs(rated)]
    asked.sort(key=lambda row: (row["start_on"], row["start_at"]))
    return build_frame([*rows, *asked], PLAN_COLUMNS)


def _list_needs(rated: pd.DataFrame) -> Iterator[tuple[dict[str, object], Clock]]:
    for row in list_rows(rated):
        for basis, column in (("promise", "threshold"), ("p90", "p90")):
            needs = read_number(row[column])
            if np.isfinite(needs):
                need = {"id": row["id"], "name": row["name"], "basis": BASES[basis], "needs": needs}
                yield need, cast(Clock, row["clock"])


def _plan(need: dict[str, object], clock: Clock, event: date, timetable: Timetable, as_of: date) -> dict[str, object]:
    amount = read_number(need["needs"])
    midnight = np.array([find_midnight(event, timetable.time_zone)])
    latest = take_time(timetable, clock, midnight, np.array([amount]))
    start, now = _local(latest, timetable), find_midnight(as_of + timedelta(days=1), timetable.time_zone)
    ready = _local(add_time(timetable, clock, *_at(as_of, amount, timetable)), timetable)
    is_past = bool(latest[0] < now)
    return need | {
        **{"unit": UNITS[clock], "event_on": event, "start_on": start.date(), "start_at": f"{start:%H:%M}"},
        **{"is_past": is_past, "note": "too late" if is_past else "", "ready_on": ready.date()},
    }


def _at(as_of: date, amount: float, timetable: Timetable) -> tuple[np.ndarray, np.ndarray]:
    return np.array([find_midnight(as_of + timedelta(days=1), timetable.time_zone)]), np.array([float(amount)])


def _local(instants: np.ndarray, timetable: Timetable) -> pd.Timestamp:
    return to_stamps(instants)[0].tz_convert(timetable.time_zone)
