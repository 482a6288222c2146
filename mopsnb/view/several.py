"""Several series by month: what lines and strips share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mopsnb.view.columns import Column
from mopsnb.view.formats import Formats, to_date
from mopsnb.view.series import MONTHLY, Series, read_series, require_columns


@dataclass(frozen=True, slots=True)
class Named:
    """A series with its id, its name for people and its unit."""

    key: str
    name: str
    unit: str
    series: Series


def read_all(
    frame: pd.DataFrame, by: str, unit: str | Mapping[str, str], names: Mapping[str, str] | None
) -> list[Named]:
    """Return the series of a long frame that have data, in the order in which the frame first names them.

    Parameters
    ----------
    frame
        Columns period_start, value, ``by`` and, where known, is_complete.
    by
        The column with the series' ids.
    unit
        One unit for all, or the unit of each by its id.
    names
        What people call each series; without it the ids. A name that two series share is followed by the id.

    Raises
    ------
    ValueError
        A column is missing, or a month of a series stands twice.
    """
    require_columns(frame, (*MONTHLY, by), "a chart of several series")
    found = []
    keys = frame[by].dropna().unique().tolist()
    called = name_apart(keys, names)
    for key in keys:
        series = read_series(frame[frame[by] == key])
        if series.known:
            name = called[key]
            found.append(Named(str(key), name, unit if isinstance(unit, str) else unit.get(key, ""), series))
    return found


def name_apart(keys: Sequence[Any], names: Mapping[str, str] | None) -> dict[Any, str]:
    """Return a name for each id, no two the same.

    Examples
    --------
    >>> name_apart(["a", "b", "c"], {"a": "Search", "b": "Search"})
    {'a': 'Search (a)', 'b': 'Search (b)', 'c': 'c'}
    """
    plain = {key: str((names or {}).get(key, key)) for key in keys}
    shared = list(plain.values())
    return {key: f"{name} ({key})" if shared.count(name) > 1 else name for key, name in plain.items()}


def list_months(found: Sequence[Named]) -> list[Any]:
    """Return the first days of all months from the first to the last of any series."""
    months = sorted({month for item in found for month in item.series.months})
    return list(pd.date_range(months[0], months[-1], freq="MS"))


def explain_series(found: Sequence[Named], note: str) -> str:
    """Return the subtitle: the note, and what dots and breaks mean where there are any."""
    parts = [note] if note else []
    if any(item.series.partial is not None for item in found):
        parts.append("Dotted: a month that is not over yet")
    if any(len(item.series.known) < len(item.series.months) for item in found):
        parts.append("A line breaks where a month has no data")
    return " ".join(f"{part}." for part in parts)


def describe_series(found: Sequence[Named], months: Sequence[Any], formats: Formats) -> str:
    """Return the text alternative: each series with its latest complete month."""
    parts = []
    for item in found:
        place = item.series.known[-1] if item.series.latest is None else item.series.latest
        value, month = item.series.numbers[place], item.series.months[place]
        parts.append(f"{item.name} {formats.value(value, item.unit)} in {formats.month(month)}")
    span = f"{formats.month(months[0])} to {formats.month(months[-1])}"
    return f"Lines by month, {span}: {'; '.join(parts)}."


def tabulate_series(found: Sequence[Named], months: Sequence[Any]) -> pd.DataFrame:
    """Return the data table: one row a month, one column a series (``v0``, ``v1`` …)."""
    columns: dict[str, list[Any]] = {"month": [to_date(month) for month in months]}
    for place, item in enumerate(found):
        values = dict(zip(item.series.months, item.series.numbers, strict=True))
        columns[f"v{place}"] = [values.get(month) for month in months]
    return pd.DataFrame(columns)


def column_series(found: Sequence[Named]) -> dict[str, Column]:
    """Return how the columns of `tabulate_series` are shown."""
    columns = {f"v{place}": Column(item.name, "value", item.unit) for place, item in enumerate(found)}
    return {"month": Column("Month", "month"), **columns}
