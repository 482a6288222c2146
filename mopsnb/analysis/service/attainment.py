"""How often each agreement was kept, with its interval, and how long requests took."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import pandas as pd

from mopsnb.analysis.frames import NUMBER, TEXT, WHOLE, build_frame
from mopsnb.analysis.intervals import estimate_wilson
from mopsnb.analysis.months import NAN, shift_month
from mopsnb.analysis.service.clock import UNITS
from mopsnb.analysis.service.requests import BREACHES, DECIDED
from mopsnb.analysis.service.survival import Quantile, estimate_quantile
from mopsnb.analysis.stakeholders import name_owner
from mopsnb.analysis.wording import write_number
from mopsnb.strategy import Agreement, Strategy

NOBODY = "nobody named"  # the owner of a request whose row names none
FEW = 10  # decided requests below which a share says little, unless its whole interval lies on one side of the promise
ORDER = ("missed", "at_risk", "not_defined", "too_few", "no_data", "on_track", "met")
ATTAINMENT_COLUMNS = {
    **dict.fromkeys(("id", "name", "clause", "deliverable", "provider", "consumer", "promise", "on_breach"), TEXT),
    **dict.fromkeys(("clock", "unit", "status"), TEXT),
    **dict.fromkeys(("threshold", "target"), NUMBER),
    **dict.fromkeys(("requests", "counted", "in_time", "late", "overdue", "waiting", "faulty"), WHOLE),
    **dict.fromkeys(("kept", "low", "high", "gap"), NUMBER),
    **dict.fromkeys(("p50", "p50_low", "p50_high", "p90", "p90_low", "p90_high"), NUMBER),
}
OWNER_COLUMNS = {
    **dict.fromkeys(("agreement", "name", "owner", "status"), TEXT),
    **dict.fromkeys(("counted", "in_time", "late", "overdue", "waiting"), WHOLE),
    **dict.fromkeys(("kept", "low", "high", "target"), NUMBER),
}


def rate_agreements(judged: pd.DataFrame, strategy: Strategy) -> pd.DataFrame:
    """Return how often each agreement was kept.

    Attainment is requests closed in time ÷ requests that are decided: closed, or open past their threshold. An open
    request within its threshold is not counted yet. The interval is Wilson's, 95%.

    Parameters
    ----------
    judged
        Rows of ``judge_requests``; `select_months` chooses those of the last months.
    strategy
        Its agreements.

    Returns
    -------
    pandas.DataFrame
        A row an agreement, those in trouble first:

        - id, name (the clause, else the deliverable, else the id), clause, deliverable, provider and consumer (names),
          promise (``8 business hours``), on_breach, clock, unit, threshold, target (the share promised)
        - requests (all), counted (decided), in_time, late, overdue, waiting, faulty
        - kept (in_time ÷ counted; NaN where none is decided), low, high, gap (kept − target)
        - p50, p90 (time by which half, and nine in ten, are closed; NaN where too few are), and the limits of their
          95% intervals
        - status: ``missed`` (the whole interval is below the promise), ``at_risk`` (below it, and the interval holds
          it), ``on_track`` (not below it, and the interval holds it), ``met`` (the whole interval is not below it),
          ``too_few`` (fewer than 10 are decided, and the interval holds the promise), ``no_data`` (none is decided),
          ``not_defined`` (no threshold, or no share promised)
    """
    rows = []
    names = name_agreements(strategy)
    for agreement in strategy.agreements:
        mine = judged[judged["agreement"] == agreement.id]
        counts = _count(mine)
        low, high = estimate_wilson(counts["in_time"], counts["counted"])
        share = _divide(counts["in_time"], counts["counted"])
        target = NAN if agreement.attainment is None else agreement.attainment
        timed = mine[mine["fault"] == ""]
        times, closed = timed["took"].to_numpy(), timed["is_closed"].to_numpy()
        rows.append(
            {
                **_describe(agreement, strategy),
                "name": names[agreement.id],
                **counts,
                **{"kept": share, "low": low, "high": high, "target": target, "gap": share - target},
                **_name_quantile("p50", estimate_quantile(times, closed, 0.5)),
                **_name_quantile("p90", estimate_quantile(times, closed, 0.9)),
                "status": _rate(counts["counted"], (share, low, high), agreement),
            }
        )
    frame = build_frame(rows, ATTAINMENT_COLUMNS)
    order = pd.DataFrame({"status": frame["status"].map(ORDER.index), "gap": frame["gap"].fillna(0.0)})
    return frame.loc[order.sort_values(["status", "gap"], kind="stable").index].reset_index(drop=True)


def rate_owners(judged: pd.DataFrame, strategy: Strategy) -> pd.DataFrame:
    """Return how often each owner kept each agreement, the most breaches first.

    Parameters
    ----------
    judged, strategy
        As for `rate_agreements`.

    Returns
    -------
    pandas.DataFrame
        agreement, name, owner (a name; ``nobody named`` where the row has none), counted, in_time, late, overdue,
        waiting, kept, low, high, target, status. Differences between owners whose intervals overlap may be chance.
    """
    rows = []
    names = name_agreements(strategy)
    for agreement in strategy.agreements:
        mine = judged[(judged["agreement"] == agreement.id) & judged["state"].isin([*DECIDED, "waiting"])]
        for owner, theirs in mine.groupby("owner", sort=True):
            counts = _count(theirs)
            low, high = estimate_wilson(counts["in_time"], counts["counted"])
            share = _divide(counts["in_time"], counts["counted"])
            rows.append(
                {
                    **{
                        "agreement": agreement.id,
                        "name": names[agreement.id],
                        "target": agreement.attainment,
                        **counts,
                    },
                    **{"owner": name_owner(strategy, str(owner)) or NOBODY, "kept": share, "low": low, "high": high},
                    "status": _rate(counts["counted"], (share, low, high), agreement),
                }
            )
    frame = build_frame(rows, OWNER_COLUMNS)
    breaches = frame["late"] + frame["overdue"]
    return frame.loc[breaches.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def select_months(judged: pd.DataFrame, as_of: date | None, months: int) -> pd.DataFrame:
    """Return the requests opened in the last months, that of the report's day included."""
    if as_of is None:
        return judged
    return judged[judged["month"] >= pd.Timestamp(shift_month(as_of, 1 - months))]


def name_agreements(strategy: Strategy) -> dict[str, str]:
    """Return what people call each agreement, by its id: its clause, else its deliverable, else its id.

    A name that two agreements share is followed by the id.
    """
    plain = {item.id: item.clause or item.deliverable or item.id for item in strategy.agreements}
    called = list(plain.values())
    return {key: f"{name} ({key})" if called.count(name) > 1 and name != key else name for key, name in plain.items()}


def write_promise(agreement: Agreement) -> str:
    """Return an agreement's threshold in words: ``8 business hours``; empty where it has none."""
    if agreement.threshold is None:
        return ""
    unit = UNITS[agreement.clock]
    return f"{write_number(agreement.threshold)} {unit.removesuffix('s') if agreement.threshold == 1 else unit}"


def _describe(agreement: Agreement, strategy: Strategy) -> dict[str, object]:
    return {
        **{"id": agreement.id, "clause": agreement.clause},
        **{"deliverable": agreement.deliverable, "on_breach": agreement.on_breach},
        **{"provider": name_owner(strategy, agreement.provider), "consumer": name_owner(strategy, agreement.consumer)},
        **{"promise": write_promise(agreement), "clock": agreement.clock, "unit": UNITS[agreement.clock]},
        "threshold": agreement.threshold,
    }


def _count(mine: pd.DataFrame) -> dict[str, int]:
    states = mine["state"].value_counts()
    counts = {name: int(states.get(name, 0)) for name in (*DECIDED, "waiting", "faulty")}
    return {**counts, "requests": len(mine), "counted": counts["in_time"] + sum(counts[name] for name in BREACHES)}


def _divide(top: int, bottom: int) -> float:
    return top / bottom if bottom else NAN


def _rate(counted: int, estimate: Sequence[float], agreement: Agreement) -> str:
    share, low, high = estimate
    if agreement.threshold is None or agreement.attainment is None:
        return "not_defined"
    if not counted:
        return "no_data"
    if high < agreement.attainment:
        return "missed"
    if low >= agreement.attainment:
        return "met"
    if counted < FEW:
        return "too_few"
    return "on_track" if share >= agreement.attainment or math.isclose(share, agreement.attainment) else "at_risk"


def _name_quantile(name: str, found: Quantile) -> dict[str, object]:
    return {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
