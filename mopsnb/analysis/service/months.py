"""Month by month: how often each agreement was kept, and the stretches in which it was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from mopsnb.analysis.frames import DAY, FLAG, NUMBER, TEXT, WHOLE, build_frame, list_rows, read_day, read_number
from mopsnb.analysis.intervals import estimate_wilson
from mopsnb.analysis.months import NAN, shift_month
from mopsnb.analysis.service.attainment import FEW, name_agreements
from mopsnb.analysis.service.requests import DECIDED
from mopsnb.strategy import Strategy

MONTH_COLUMNS = {
    **{"agreement": TEXT, "name": TEXT, "period_start": DAY},
    **dict.fromkeys(("counted", "in_time", "waiting"), WHOLE),
    **dict.fromkeys(("value", "low", "high", "target"), NUMBER),
    **{"is_complete": FLAG, "is_below": FLAG},
}


@dataclass(frozen=True, slots=True)
class Slump:
    """Months in a row, each of which lies clearly below the promise."""

    first: date
    last: date
    in_time: int
    counted: int


def trace_months(judged: pd.DataFrame, strategy: Strategy, as_of: date | None, *, months: int = 12) -> pd.DataFrame:
    """Return how often each agreement was kept among the requests opened in each month.

    Parameters
    ----------
    judged
        What ``judge_requests`` returned.
    strategy
        Its agreements; those without a threshold have no rows.
    as_of
        The report's day; its month is the last. None: there are no rows.
    months
        How many months.

    Returns
    -------
    pandas.DataFrame
        A row a month and agreement, in the strategy's order, from the first month with a request on: agreement, name,
        period_start, counted (decided), in_time, waiting (not decided), value (in_time ÷ counted; NaN where none is
        decided), low, high (Wilson, 95%), target, is_complete (the month is over and nothing waits), is_below (the
        whole interval lies below the promise; months in which fewer than 10 requests are decided are looked at together
        with the next ones, until 10 are, and those below the promise are marked).
    """
    rows: list[dict[str, Any]] = []
    names = name_agreements(strategy)
    starts = [shift_month(as_of, step - months + 1) for step in range(months)] if as_of else []
    for agreement in strategy.agreements if as_of else []:
        mine = judged[(judged["agreement"] == agreement.id) & judged["state"].isin([*DECIDED, "waiting"])]
        sizes = mine.groupby(["month", "state"]).size()
        counts = Counter(dict(zip(sizes.index.tolist(), sizes.tolist(), strict=True)))
        first = mine["month"].min() if len(mine) else pd.Timestamp.max
        target = NAN if agreement.attainment is None else agreement.attainment
        mine_rows: list[dict[str, Any]] = []
        for start in (start for start in starts if pd.Timestamp(start) >= first):
            states = {name: counts[pd.Timestamp(start), name] for name in (*DECIDED, "waiting")}
            in_time, waiting = states["in_time"], states["waiting"]
            counted = sum(states.values()) - waiting
            low, high = estimate_wilson(in_time, counted)
            is_over = as_of is not None and shift_month(start, 1) - timedelta(days=1) <= as_of
            mine_rows.append(
                {
                    **{"agreement": agreement.id, "name": names[agreement.id], "period_start": start},
                    **{"counted": counted, "in_time": in_time, "waiting": waiting, "target": target},
                    **{"value": in_time / counted if counted else NAN, "low": low, "high": high},
                    **{"is_complete": is_over and not waiting, "is_below": False},
                }
            )
        _mark_below(mine_rows, target)
        rows += mine_rows
    return build_frame(rows, MONTH_COLUMNS)


def _mark_below(rows: list[dict[str, Any]], target: float) -> None:
    """Mark the months that lie clearly below a promise; a few requests alone show nothing, so small months join."""
    for place, row in enumerate(rows):
        span = [row]
        for other in [*rows[place + 1 :], *rows[:place][::-1]]:
            if _count(span) >= FEW:
                break
            span.append(other)
        counted = _count(span)
        if counted >= FEW and estimate_wilson(sum(one["in_time"] for one in span), counted)[1] < target:
            for one in span:
                one["is_below"] |= one["value"] < target


def _count(rows: list[dict[str, Any]]) -> int:
    return sum(int(row["counted"]) for row in rows)


def find_slumps(months: pd.DataFrame, agreement: str) -> list[Slump]:
    """Return the stretches of months in which an agreement was clearly not kept, in order of time.

    Parameters
    ----------
    months
        What ``trace_months`` returned.
    agreement
        The agreement's id.
    """
    return list(_join(months[(months["agreement"] == agreement) & months["is_below"]]))


def _join(below: pd.DataFrame) -> Iterator[Slump]:
    current: Slump | None = None
    for row in list_rows(below):
        start = read_day(row["period_start"])
        in_time, counted = int(read_number(row["in_time"])), int(read_number(row["counted"]))
        if current and shift_month(current.last, 1) == start:
            current = Slump(current.first, start, current.in_time + in_time, current.counted + counted)
            continue
        if current:
            yield current
        current = Slump(start, start, in_time, counted)
    if current:
        yield current
