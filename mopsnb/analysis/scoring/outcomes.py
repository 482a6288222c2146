"""Who converted, when each lead came in, and which leads are too young to judge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from mopsnb.analysis.scoring.roles import DAY_SECONDS
from mopsnb.analysis.scoring.values import Floats, Ints, list_oddities, read_cells, read_flags
from mopsnb.errors import Fault, StrategyError, suggest
from mopsnb.strategy import LeadScoring

FILE = "strategy.yml"
WAIT_SHARE = 0.9  # the share of conversions that come within the time to wait
DELAYS_LEAST = 30  # fewer conversions with a date do not show how long one takes
DELAYS_SHARE = 0.9  # ... nor does a smaller share of them
ROW_ORDER = "the order of the rows"


@dataclass(frozen=True, slots=True)
class Order:
    """How leads are put in time order.

    Parameters
    ----------
    rows
        Positions of the frame's rows, the earliest lead first; shape (leads,).
    by
        The column that orders them, or ``the order of the rows``.
    created
        When each lead came in, in the frame's order; None where no date says it.
    note
        One sentence for the page; empty where the column asked for orders them all.
    """

    rows: Ints
    by: str
    created: pd.Series | None
    note: str = ""


def read_outcome(frame: pd.DataFrame, settings: LeadScoring) -> tuple[Floats, str]:
    """Return who converted (1, 0, NaN where unknown; shape (leads,)), and one sentence where it needed reading.

    Raises
    ------
    StrategyError
        The table has no such column, or the column holds something else than yes and no.
    """
    name = settings.target
    if name not in frame:
        raise _refuse("target", name, frame)
    oddities = list_oddities(frame[name])
    if oddities:
        fault = Fault(
            FILE, "", "lead_scoring.target", f"'{name}', which holds {', '.join(map(repr, oddities[:3]))}",
            "a column of yes and no, true and false, or 1 and 0", "Name the column that says whether a lead converted.",
        )  # fmt: skip
        raise StrategyError("The lead score has no outcome to learn from.", [fault])
    outcome = read_flags(frame[name])
    unknown = np.isnan(outcome)
    if unknown.any() and (outcome[~unknown] == 1).all() and not unknown.all():
        note = f"{name} is filled only for leads that converted. The others count as not converted."
        return np.where(unknown, 0.0, outcome), note
    return outcome, ""


def order_leads(frame: pd.DataFrame, settings: LeadScoring) -> Order:
    """Return leads in time order, by the column that the strategy names.

    Without that column, the order of the rows is the order of time.

    Raises
    ------
    StrategyError
        The strategy names a column that does not exist, or that holds neither dates nor numbers.
    """
    name, count = settings.order_by, len(frame)
    as_it_stands = np.arange(count)
    if name not in frame:
        if name != LeadScoring().order_by:
            raise _refuse("order_by", name, frame)
        return Order(as_it_stands, ROW_ORDER, None, _say_row_order(name))
    cells = read_cells(frame[name])
    if cells.kind == "empty":
        return Order(as_it_stands, ROW_ORDER, None, _say_row_order(name))
    if cells.kind == "text":
        fault = Fault(
            FILE, "", "lead_scoring.order_by", f"'{name}', which holds {cells.column.levels[0]!r}",
            "a column of dates or numbers", "Name the column that says when a lead came in.",
        )  # fmt: skip
        raise StrategyError("The leads cannot be put in order of time.", [fault])
    created = cells.dates if cells.kind == "date" else None
    moments = created if created is not None else pd.Series(cells.column.cells)
    rows = moments.argsort(kind="stable") if moments.notna().all() else _sort_known(moments)
    missing = int(moments.isna().sum())
    note = f"{missing:,} leads have no {name}. They stand before all others." if missing else ""
    return Order(np.asarray(rows, dtype=np.int64), name, created, note)


def list_delays(frame: pd.DataFrame, outcome: Floats, created: pd.Series | None) -> Floats:
    """Return after how many days each conversion came, ascending; empty where too few are known.

    Parameters
    ----------
    frame
        The leads; the column converted_at says when a lead converted.
    outcome, created
        Who converted and when each lead came in, in the frame's order.
    """
    if created is None or "converted_at" not in frame:
        return np.empty(0)
    cells = read_cells(frame["converted_at"])
    if cells.kind != "date":
        return np.empty(0)
    won = outcome == 1
    days = ((cells.dates - created).dt.total_seconds() / DAY_SECONDS).to_numpy(dtype=np.float64)[won]
    known = days[days >= 0]
    return np.sort(known) if len(known) >= max(DELAYS_LEAST, DELAYS_SHARE * won.sum()) else np.empty(0)


def find_wait(delays: Floats) -> float:
    """Return within how many days nine in ten conversions come; NaN where that is unknown."""
    return float(np.ceil(np.quantile(delays, WAIT_SHARE))) if len(delays) else float("nan")


def find_ages(created: pd.Series | None, as_of: date | None) -> Floats | None:
    """Return how many days old each lead is; NaN where it has no date, None where none has. Shape (leads,).

    Parameters
    ----------
    created
        When each lead came in.
    as_of
        The last day of the data; None: the day on which the latest lead came in.
    """
    if created is None:
        return None
    last = created.max() if as_of is None else pd.Timestamp(as_of, tz="UTC") + pd.Timedelta(days=1)
    return np.asarray((last - created).dt.total_seconds() / DAY_SECONDS, dtype=np.float64)


def _say_row_order(name: str) -> str:
    return f"There is no {name}, so the order of the rows is taken as the order of time."


def _sort_known(moments: pd.Series) -> Ints:
    known = np.flatnonzero(moments.notna())
    ordered = known[np.asarray(moments.iloc[known].argsort(kind="stable"))]
    return np.concatenate([np.flatnonzero(moments.isna()), ordered])


def _refuse(key: str, name: str, frame: pd.DataFrame) -> StrategyError:
    hint = suggest(name, map(str, frame.columns))
    fault = Fault(FILE, "", f"lead_scoring.{key}", f"'{name}'", "a column of the table contact", hint)
    return StrategyError("The lead score names a column that the leads do not have.", [fault])
