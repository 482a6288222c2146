"""Which requests broke a promise, and how old those are that are still open."""

from __future__ import annotations

import pandas as pd

from mopsnb.analysis.frames import DAY, NUMBER, TEXT, WHOLE, Row, build_frame, list_rows, read_number
from mopsnb.analysis.months import NAN
from mopsnb.analysis.service.attainment import NOBODY, name_agreements
from mopsnb.analysis.service.clock import UNITS
from mopsnb.analysis.service.requests import BREACHES
from mopsnb.analysis.stakeholders import name_owner
from mopsnb.strategy import Strategy

BREACH_COLUMNS = {
    **dict.fromkeys(("request_id", "agreement", "name", "owner", "state", "unit"), TEXT),
    **{"opened_on": DAY, "closed_on": DAY, "due_on": DAY},
    **dict.fromkeys(("took", "threshold", "over", "times"), NUMBER),
}
AGE_COLUMNS = {
    **dict.fromkeys(("agreement", "name", "unit", "oldest_request", "oldest_owner", "recent_request"), TEXT),
    **dict.fromkeys(("open", "first_half", "second_half", "up_to_double", "longer"), WHOLE),
    **dict.fromkeys(("threshold", "median_age", "oldest_age"), NUMBER),
    **{"oldest_opened_on": DAY, "next_due_on": DAY},
}


def select_breaches(judged: pd.DataFrame, recent: pd.DataFrame) -> pd.DataFrame:
    """Return the broken promises to look at: what is open, however old, and what was closed late of the last months.

    Parameters
    ----------
    judged
        What ``judge_requests`` returned, all months of it.
    recent
        What ``select_months`` returned of it.
    """
    is_late = (judged["state"] == "late") & judged.index.isin(recent.index)
    return judged[(judged["state"] == "overdue") | is_late]


def list_breaches(
    judged: pd.DataFrame, strategy: Strategy, time_zone: str, recent: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return each broken promise: first what is still open, then what was closed late.

    What is open from before the months that count comes after what was opened in them: an answer to it is often no
    longer wanted.

    Parameters
    ----------
    judged
        Rows of ``judge_requests``.
    strategy
        Its agreements and the names of owners.
    time_zone
        In which days begin.
    recent
        What ``select_months`` returned of the requests; None: all months count.

    Returns
    -------
    pandas.DataFrame
        request_id, agreement, name, owner (a name; ``nobody named``), state (``overdue`` or ``late``), opened_on,
        due_on, closed_on (NaT while it is open), took (so far, where it is open), threshold, over (took − threshold),
        times (took ÷ threshold; NaN where the threshold is 0), unit. Each group has the one that took longest for its
        threshold on top.
    """
    names = name_agreements(strategy)
    units = {agreement.id: UNITS[agreement.clock] for agreement in strategy.agreements}
    found = judged[judged["state"].isin(BREACHES)]
    days = {name: _local_days(found[f"{name}_at"], time_zone) for name in ("due", "closed")}
    frame = found.assign(due_on=days["due"], closed_on=days["closed"])
    is_older = [] if recent is None else (~found.index.isin(recent.index)).tolist()
    rows = [
        {
            **{key: row[key] for key in BREACH_COLUMNS if key in row},
            **{"name": names[str(row["agreement"])], "unit": units[str(row["agreement"])]},
            **{"owner": name_owner(strategy, str(row["owner"])) or NOBODY, "times": _divide(row)},
        }
        for row in list_rows(frame)
    ]
    listed = build_frame(rows, BREACH_COLUMNS)
    order = pd.DataFrame({"is_late": listed["state"] == "late", "times": -listed["times"].fillna(float("inf"))})
    order.insert(1, "is_older", is_older or False)
    return listed.loc[order.sort_values(["is_late", "is_older", "times"], kind="stable").index].reset_index(drop=True)


def age_requests(
    judged: pd.DataFrame, strategy: Strategy, time_zone: str, recent: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return how old the open requests of each agreement are, those with the oldest for their threshold first.

    Parameters
    ----------
    judged
        What ``judge_requests`` returned, all months of it: what is old is what one looks for.
    strategy, time_zone, recent
        As for `list_breaches`.

    Returns
    -------
    pandas.DataFrame
        A row an agreement that has an open request: agreement, name, unit, threshold, open (how many), first_half (up
        to half of the threshold), second_half (up to the threshold), up_to_double, longer; 0 in all four without a
        threshold; median_age and oldest_age (waited so far, in the unit), oldest_request, oldest_owner,
        oldest_opened_on, next_due_on (when the next of them becomes a breach; NaT where none can), recent_request (the
        one past its threshold, of those that ``recent`` holds, that has waited longest; empty for none).
    """
    rows = []
    names = name_agreements(strategy)
    for agreement in strategy.agreements:
        mine = judged[(judged["agreement"] == agreement.id) & ~judged["is_closed"] & (judged["fault"] == "")]
        if not len(mine):
            continue
        threshold = NAN if agreement.threshold is None else agreement.threshold
        oldest = list_rows(mine.nlargest(1, "took"))[0]
        waiting, counted = (
            mine[mine["state"] == "waiting"],
            mine if recent is None else mine[mine.index.isin(recent.index)],
        )
        longest = list_rows(counted[counted["state"] == "overdue"].nlargest(1, "took"))
        half, full, double = (mine["took"] <= threshold * factor for factor in (0.5, 1.0, 2.0))
        full |= mine["state"] == "waiting"  # the same tolerance for rounding as in the verdict
        next_due = _local_days(waiting["due_at"], time_zone).min() if len(waiting) else pd.NaT
        rows.append(
            {
                **{"agreement": agreement.id, "name": names[agreement.id], "unit": UNITS[agreement.clock]},
                **{"threshold": threshold, "open": len(mine), "first_half": int(half.sum())},
                **{"second_half": int((full & ~half).sum()), "up_to_double": int((double & ~full).sum())},
                "longer": 0 if agreement.threshold is None else int((~double & ~full).sum()),
                **{"median_age": float(mine["took"].median()), "oldest_age": oldest["took"]},
                "oldest_request": oldest["request_id"],
                "oldest_owner": name_owner(strategy, str(oldest["owner"])) or NOBODY,
                "oldest_opened_on": oldest["opened_on"],
                "next_due_on": None if next_due is pd.NaT else next_due,
                "recent_request": longest[0]["request_id"] if longest else "",
            }
        )
    frame = build_frame(rows, AGE_COLUMNS)
    order = (frame["oldest_age"] / frame["threshold"].replace(0.0, NAN)).fillna(0.0)
    return frame.loc[order.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def _local_days(stamps: pd.Series, time_zone: str) -> pd.Series:
    days: pd.Series = stamps.dt.tz_convert(time_zone).dt.tz_localize(None).dt.normalize()
    return days


def _divide(row: Row) -> float:
    threshold = read_number(row["threshold"])
    return read_number(row["took"]) / threshold if threshold else NAN
