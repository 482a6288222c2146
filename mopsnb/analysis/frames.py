"""Frames with fixed columns and types, also when they are empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

TEXT, NUMBER, DAY, FLAG, WHOLE = "str", "float64", "datetime64[us]", "bool", "int64"


Row = Mapping[str, object]


def build_frame(rows: Iterable[Row], columns: Mapping[str, str]) -> pd.DataFrame:
    """Return rows as a frame whose columns and types do not depend on what is in it.

    Parameters
    ----------
    rows
        One mapping a row; a key that is left out is missing.
    columns
        Column name to type: one of the names at the top of this module.

    Examples
    --------
    >>> build_frame([], {"goal": TEXT, "actual": NUMBER}).dtypes.astype(str).tolist()
    ['str', 'float64']
    """
    kept = list(rows)
    series = {name: _build_series([row.get(name) for row in kept], kind) for name, kind in columns.items()}
    return pd.DataFrame(series, columns=list(columns))


def list_rows(frame: pd.DataFrame) -> list[Row]:
    """Return a frame's rows as mappings from column to value."""
    names = [str(name) for name in frame.columns]
    columns = [frame[name].to_list() for name in frame.columns]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def read_day(value: object) -> date:
    """Return a day of a frame's column of days, which is not missing."""
    return pd.Timestamp(value).date()  # type: ignore[arg-type]


def read_number(value: object) -> float:
    """Return a number of a frame's column of numbers; NaN where it is missing."""
    return float(value)  # type: ignore[arg-type]


def _build_series(values: list[object], kind: str) -> pd.Series:
    if kind == DAY:
        days = [pd.Timestamp(value) if isinstance(value, date) else pd.NaT for value in values]
        return pd.Series(days, dtype=DAY)
    if kind == TEXT:
        return pd.Series(["" if value is None else str(value) for value in values], dtype=TEXT)
    return pd.Series(values, dtype=kind)
