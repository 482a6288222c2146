"""The figures that the page about service levels leads with, as a frame with the columns of a headline."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pandas as pd

from mopsnb.analysis.frames import build_frame, list_rows, read_number
from mopsnb.analysis.headlines import HEADLINE_COLUMNS
from mopsnb.analysis.months import shift_month

WELL = ("on_track", "met")
JUDGED = (*WELL, "at_risk", "missed")
GOAL_STATUS = {"missed": "missed", "at_risk": "at_risk", "on_track": "on_track", "met": "met"}


def lead_with_agreements(rated: pd.DataFrame, ages: pd.DataFrame, as_of: date | None, *, months: int) -> pd.DataFrame:
    """Return how many agreements are kept, how many requests wait too long, and each agreement's attainment.

    Parameters
    ----------
    rated
        What ``rate_agreements`` returned.
    ages
        What ``age_requests`` returned.
    as_of
        The report's day; None: there are no rows.
    months
        How many months of requests ``rated`` rests on.

    Returns
    -------
    pandas.DataFrame
        The columns of `mopsnb.analysis.lead_with_metrics`: ``agreements_kept``, ``requests_overdue``, then a row an
        agreement with a decided request, named by its id.
    """
    shown = rated[rated["counted"] > 0]
    if as_of is None or not len(shown):
        return build_frame([], HEADLINE_COLUMNS)
    judged = rated[rated["status"].isin(JUDGED)]
    last = shift_month(as_of, 1) - timedelta(days=1)
    period = f"{shift_month(as_of, 1 - months)}/{min(as_of, last)}"
    rows: list[dict[str, object]] = [
        {
            **{"name": "agreements_kept", "title": "Agreements kept as promised", "unit": "agreements"},
            **{"value": float(judged["status"].isin(WELL).sum()) if len(judged) else None, "n": float(len(judged))},
            **{"base": "agreements that can be judged", "period": period},
            "formula": "agreements whose attainment is not below the share promised, of those that can be judged",
        },
        {
            **{"name": "requests_overdue", "title": "Open past their threshold, all months", "unit": "requests"},
            **{"value": float((ages["up_to_double"] + ages["longer"]).sum()), "n": float(ages["open"].sum())},
            **{"base": "open requests", "period": str(as_of)},
            "formula": "open requests that have waited longer than their agreement's threshold, all months",
        },
    ]
    for row in list_rows(shown):
        rows.append(
            {
                **{key: row[key] for key in ("low", "high", "target")},
                **{"name": row["id"], "title": row["name"], "value": row["kept"], "unit": "fraction"},
                **{"n": float(read_number(row["counted"])), "base": "decided requests", "period": period},
                "interval": "Wilson 95%" if math.isfinite(read_number(row["low"])) else "",
                "status": GOAL_STATUS.get(str(row["status"]), ""),
                "formula": f"requests closed within {row['promise']} ÷ requests closed, or open longer than that",
            }
        )
    return build_frame(rows, HEADLINE_COLUMNS)
