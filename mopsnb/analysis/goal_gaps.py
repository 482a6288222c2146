"""Days without data in the months that a goal's figure rests on: what looks like a dip may be missing data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from mopsnb.analysis.frames import Row, list_rows, read_day, read_number
from mopsnb.analysis.months import count_months, shift_month
from mopsnb.analysis.wording import count_things, format_month

NAMED = 3  # months that a reason names


def note_missing(progress: pd.DataFrame, missing: pd.DataFrame) -> pd.DataFrame:
    """Return the progress of goals with reasons that name the months of their figures that lack days of data.

    The months are those of the figure, and the same of a year earlier, with which the reason compares it.

    Parameters
    ----------
    progress
        What ``track_goals`` returned.
    missing
        What ``find_missing_days`` returned.
    """
    gaps: dict[tuple[str, date], Row] = {
        (str(row["metric"]), read_day(row["period_start"])): row for row in list_rows(missing)
    }
    told = [" ".join([str(row["reason"]), *_tell(row, gaps)]) for row in list_rows(progress)]
    return progress.assign(reason=told)


def _tell(row: Row, gaps: Mapping[tuple[str, date], Row]) -> Sequence[str]:
    if not gaps or not row["actual_period"]:
        return []
    first, last = (date.fromisoformat(day) for day in str(row["actual_period"]).split("/"))
    own = [shift_month(first, step) for step in range(count_months(first, last) + 1)]
    told = []
    for months, figure in (
        (own, "the figure"),
        ([shift_month(day, -12) for day in own], "the figure of a year earlier"),
    ):
        found = [(day, gaps[str(row["metric"]), day]) for day in months if (str(row["metric"]), day) in gaps]
        for day, gap in found[-NAMED:]:
            days = count_things(int(read_number(gap["days"])), "day")
            told.append(
                f"{format_month(day)} lacks {days} of data ({gap['note']}): {figure} may come from missing data."
            )
    return told
