"""Days that stand out among their neighbors: a day of runaway spend, days on which nothing was recorded."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mopsnb.analysis.frames import DAY, NUMBER, TEXT, WHOLE, Row, build_frame
from mopsnb.analysis.season import Floats

AROUND = 14  # days before and after a day that say what is usual
TIMES = 3.0  # a day of so many times the usual is a spike
FAR = 6.0  # robust standard deviations that a spike must lie away
SILENT_DAYS = 3  # so many days without anything are a silence
SILENT_USUAL = 3.0  # where so much a day is usual; by chance, three such days are silent once in 8,000 times
DAY_COLUMNS = {
    **{"measure": TEXT, "segment": TEXT, "kind": TEXT, "first_on": DAY, "last_on": DAY, "days": WHOLE},
    **{"value": NUMBER, "usual": NUMBER, "reading": TEXT},
}


def find_odd_days(daily: pd.DataFrame) -> pd.DataFrame:
    """Return spikes of single segments, and silences of all segments together, the newest first.

    A spike is a day of at least three times the median of the 14 days before and after it, and six robust standard
    deviations (1.4826 × the median absolute difference) away. A silence is at least three days in a row on which
    all segments together brought nothing, where three a day or more are usual: a sign that the record stopped, not
    that the world did.

    Parameters
    ----------
    daily
        Columns day, segment, measure and value; one row a day, segment and measure. A day without a row counts as one
        without anything, from the first to the last day of its measure.

    Returns
    -------
    pandas.DataFrame
        measure, segment (empty for all), kind (``spike`` or ``silence``), first_on, last_on, days, value (the mean
        of these days), usual (the median of the days around them), reading.
    """
    rows: list[Row] = []
    if daily.empty:
        return build_frame([], DAY_COLUMNS)
    for measure, frame in daily.groupby("measure", sort=True):
        span = pd.date_range(frame["day"].min(), frame["day"].max(), freq="D")
        wide = frame.pivot_table(index="day", columns="segment", values="value", aggfunc="sum").reindex(span)
        for segment in wide.columns:
            rows += _find_spikes(wide[segment].fillna(0).to_numpy(), span, str(measure), str(segment))
        rows += _find_silences(wide.sum(axis=1).to_numpy(), span, str(measure))
    rows.sort(key=lambda row: (str(row["first_on"]), str(row["measure"]), str(row["segment"])), reverse=True)
    return build_frame(rows, DAY_COLUMNS)


def _find_spikes(values: Floats, span: pd.DatetimeIndex, measure: str, segment: str) -> list[Row]:
    rows: list[Row] = []
    usual, spread = _describe_around(values)
    for place in np.flatnonzero((usual > 0) & (values >= TIMES * usual) & (values - usual > FAR * spread)):
        row = {"measure": measure, "segment": segment, "kind": "spike", "days": 1, "value": values[place]}
        text = f"{values[place] / usual[place]:.1f} times the usual on one day."
        day = span[int(place)]
        ends = {"first_on": day, "last_on": day, "usual": usual[place]}
        rows.append(row | ends | {"reading": text})
    return rows


def _describe_around(values: Floats) -> tuple[Floats, Floats]:
    """Return the median and the robust standard deviation of the days around each day, itself left out."""
    padded = np.pad(values, AROUND, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * AROUND + 1).copy()
    windows[:, AROUND] = np.nan
    if len(values) < 2:
        return np.full(len(values), np.nan), np.full(len(values), np.nan)
    usual = np.nanmedian(windows, axis=1)
    return usual, 1.4826 * np.nanmedian(np.abs(windows - usual[:, None]), axis=1)


def _find_silences(values: Floats, span: pd.DatetimeIndex, measure: str) -> list[Row]:
    rows: list[Row] = []
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (values == 0).astype(int), [0]])))
    for first, after in zip(edges[::2], edges[1::2], strict=True):
        around = np.concatenate([values[max(0, first - AROUND) : first], values[after : after + AROUND]])
        if after - first < SILENT_DAYS or not len(around) or np.median(around) < SILENT_USUAL:
            continue
        days, usual = int(after - first), float(np.median(around))
        text = f"Nothing for {days} days, where {usual:.3g} a day are usual. Missing data is likely."
        row = {"measure": measure, "segment": "", "kind": "silence", "days": days, "value": 0.0, "usual": usual}
        rows.append(row | {"first_on": span[int(first)], "last_on": span[int(after) - 1], "reading": text})
    return rows
