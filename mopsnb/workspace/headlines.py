"""Headlines from a frame, as the analysis hands them on."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pandas as pd

from mopsnb.results import Headline

FIELDS = tuple(item.name for item in fields(Headline))
MONEY = "currency"  # a metric's unit in the catalogue; a result names the currency itself


def read_headlines(frame: pd.DataFrame, currency: str | None = None) -> tuple[Headline, ...]:
    """Return the headlines of a frame, in its order.

    Parameters
    ----------
    frame
        The columns of `mopsnb.results.Headline`; those without a default are required. Missing cells stay missing.
        A further column ``interval`` says what low and high are (or, after ``none:``, why there are none), and joins
        the formula; others are left out.
    currency
        The code that takes the place of the unit ``currency``.
    """
    blanks: dict[str, Any] = dict.fromkeys(("unit", "period", "formula", "status", "base_unit"), "")
    rows: list[dict[str, Any]] = []
    for record in frame.to_dict("records"):
        row: dict[str, Any] = {
            str(key): value if pd.notna(value) else blanks.get(str(key)) for key, value in record.items()
        }
        if row["unit"] == MONEY and currency:
            row["unit"] = currency
        if row.get("interval"):
            row["formula"] = "; ".join(filter(None, [str(row.get("formula") or "").rstrip("."), _name_interval(row)]))
        rows.append({key: value for key, value in row.items() if key in FIELDS})
    return tuple(Headline(**row) for row in rows)


def _name_interval(row: dict[str, Any]) -> str:
    reason = str(row["interval"]).removeprefix("none: ")
    if reason != row["interval"]:
        return f"no interval: {reason}"
    return f"interval: {reason}" if row.get("low") is not None and row.get("high") is not None else ""
