"""Each request under an agreement: how long it took on the agreement's clock, and whether the promise was kept."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from mopsnb.analysis.service.clock import Clock, Floats, add_time, measure_time
from mopsnb.analysis.service.spans import Ints, find_midnight
from mopsnb.analysis.service.timetable import Timetable
from mopsnb.strategy import Agreement, Strategy

TOLERANCE = 1e-9  # units of a clock: far less than a millisecond, far more than the rounding of a sum
BREACHES = ("late", "overdue")
DECIDED = ("in_time", *BREACHES)
JUDGED_COLUMNS = {
    **dict.fromkeys(("agreement", "request_id", "owner", "state", "fault"), "str"),
    **dict.fromkeys(("opened_at", "closed_at", "due_at"), "datetime64[us, UTC]"),
    **{"opened_on": "datetime64[us]", "month": "datetime64[us]", "is_closed": "bool"},
    **dict.fromkeys(("paused_hours", "took", "threshold", "over"), "float64"),
}


def judge_requests(
    requests: pd.DataFrame, strategy: Strategy, timetable: Timetable, as_of: date | None
) -> pd.DataFrame:
    """Return each request with the time it took, or has waited so far, and whether the promise was kept.

    Parameters
    ----------
    requests
        Columns agreement, request_id, owner, opened_at, closed_at, paused_hours; see
        `mopsnb.data.service.read_requests`.
    strategy
        Its agreements: threshold and clock.
    timetable
        When the teams work.
    as_of
        The report's day; an open request has waited until its end. None: there are no rows.

    Returns
    -------
    pandas.DataFrame
        A row a request, in the order of ``requests``:

        - agreement, request_id, owner, opened_at, closed_at, paused_hours (0 where none is recorded), is_closed
        - opened_on (local day) and month (its first day)
        - took (up to the closing, or up to the end of the report's day, pauses taken off; in units of the agreement's
          clock; NaN where it has a fault), threshold, over (took − threshold), due_at (NaT without a threshold)
        - state: ``in_time``; ``late`` (closed after its threshold); ``overdue`` (open, and past it: a breach already);
          ``waiting`` (open and within it: not decided yet); ``untimed`` (the agreement has no threshold); ``faulty``
        - fault: ``unknown_agreement``, ``closed_before_opened``, ``paused_too_long`` (longer than it took); else empty

    Raises
    ------
    StrategyError
        An instant lies outside the years of the calendar.
    """
    if as_of is None or not len(requests):
        return pd.DataFrame({name: [] for name in JUDGED_COLUMNS}).astype(JUDGED_COLUMNS)
    frame = requests.copy()
    frame["paused_hours"] = frame["paused_hours"].fillna(0.0)
    frame["is_closed"] = frame["closed_at"].notna()
    frame["opened_on"] = frame["opened_at"].dt.tz_convert(timetable.time_zone).dt.tz_localize(None).dt.normalize()
    frame["month"] = frame["opened_on"] - pd.to_timedelta(frame["opened_on"].dt.day - 1, unit="D")
    frame[["took", "threshold"]] = np.nan
    frame[["fault", "state"]] = ""
    frame["due_at"] = pd.Series(pd.NaT, index=frame.index, dtype=JUDGED_COLUMNS["due_at"])
    now = find_midnight(as_of + timedelta(days=1), timetable.time_zone)
    opened = to_instants(frame["opened_at"])
    ended = np.where(frame["is_closed"], to_instants(frame["closed_at"]), now)
    for agreement in strategy.agreements:
        mine = (frame["agreement"] == agreement.id).to_numpy()
        if mine.any():
            paused = find_pauses(frame.loc[mine, "paused_hours"].to_numpy(), agreement, timetable)
            clock: Clock = agreement.clock
            frame.loc[mine, "took"] = measure_time(timetable, clock, opened[mine], ended[mine]) - paused
            if agreement.threshold is not None:
                frame.loc[mine, "threshold"] = agreement.threshold
                due = add_time(timetable, clock, opened[mine], paused + agreement.threshold)
                frame.loc[mine, "due_at"] = to_stamps(due)
    known = frame["agreement"].isin([agreement.id for agreement in strategy.agreements])
    frame["fault"] = _find_faults(frame, known)
    frame.loc[frame["fault"] != "", ["took"]] = np.nan
    # An open request may have been paused for longer than it has been open so far: it has not waited yet.
    frame["took"] = frame["took"].where(frame["is_closed"], frame["took"].clip(lower=0.0))
    frame["over"] = frame["took"] - frame["threshold"]
    frame["state"] = _name_states(frame)
    return frame[list(JUDGED_COLUMNS)].astype(JUDGED_COLUMNS)


def find_pauses(paused_hours: Floats, agreement: Agreement, timetable: Timetable) -> Floats:
    """Return pauses in units of an agreement's clock.

    Paused hours are hours of the same kind as the clock's: business hours for ``business_hours`` and
    ``business_days``, hours around the clock for ``hours`` and ``days``. A business day has the mean hours of the
    week's open days.
    """
    hours = {"business_days": timetable.day_hours, "days": 24.0}.get(agreement.clock, 1.0)
    return np.asarray(paused_hours, dtype=np.float64) / hours


def to_instants(stamps: pd.Series) -> Ints:
    """Return timestamps as microseconds since 1970 in UTC; the value of a missing one means nothing."""
    return np.asarray(stamps.astype("datetime64[us, UTC]").astype("int64"), dtype=np.int64)


def to_stamps(instants: Ints) -> pd.DatetimeIndex:
    """Return microseconds since 1970 as timestamps in UTC."""
    return pd.DatetimeIndex(np.asarray(instants).astype("datetime64[us]")).tz_localize("UTC")


def _find_faults(frame: pd.DataFrame, known: pd.Series) -> pd.Series:
    is_backward = frame["is_closed"] & (frame["closed_at"] < frame["opened_at"])
    is_overlong = frame["is_closed"] & (frame["took"] < -TOLERANCE)
    conditions = [~known, is_backward, is_overlong]
    names = ["unknown_agreement", "closed_before_opened", "paused_too_long"]
    return pd.Series(np.select(conditions, names, default=""), index=frame.index)


def _name_states(frame: pd.DataFrame) -> pd.Series:
    is_over = frame["over"] > TOLERANCE
    conditions = [frame["fault"] != "", frame["threshold"].isna(), frame["is_closed"] & ~is_over, frame["is_closed"],
                  is_over]  # fmt: skip
    names = ["faulty", "untimed", "in_time", "late", "overdue"]
    return pd.Series(np.select(conditions, names, default="waiting"), index=frame.index)
