"""Headlines from a frame, as the analysis hands them on."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mopsnb.results import Headline


def read_headlines(frame: pd.DataFrame) -> tuple[Headline, ...]:
    """Return the headlines of a frame, in its order.

    Parameters
    ----------
    frame
        The columns of `mopsnb.results.Headline`; those without a default are required. Missing cells stay missing.
    """
    blanks: dict[str, Any] = dict.fromkeys(("unit", "period", "formula", "status"), "")
    records: list[dict[str, Any]] = frame.to_dict("records")  # type: ignore[assignment]
    rows: list[dict[str, Any]] = [
        {key: value if pd.notna(value) else blanks.get(key) for key, value in record.items()} for record in records
    ]
    return tuple(Headline(**row) for row in rows)
