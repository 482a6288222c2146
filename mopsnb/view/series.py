"""Monthly figures made ready for lines: gaps, the month that is not over, the words of a tooltip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mopsnb.view.formats import Formats, is_known, to_date

Row = Mapping[str, Any]
MONTHLY = ("period_start", "value")


@dataclass(frozen=True, slots=True)
class Series:
    """The months of one metric, from the first with data.

    Parameters
    ----------
    months
        The months' first days, in order, without holes.
    numbers
        One value a month; None where missing.
    complete
        Whether the month was over when the data ended.
    bases
        What each value rests on; None where missing.
    """

    months: tuple[Any, ...]
    numbers: tuple[float | None, ...]
    complete: tuple[bool, ...]
    bases: tuple[float | None, ...]

    @property
    def known(self) -> list[int]:
        """The places of the months that have a value."""
        return [place for place, value in enumerate(self.numbers) if value is not None]

    @property
    def latest(self) -> int | None:
        """The place of the last complete month with a value; None where there is none."""
        return next((place for place in reversed(self.known) if self.complete[place]), None)

    @property
    def partial(self) -> int | None:
        """The place of the month that is not over and has a value; None where there is none."""
        last = len(self.months) - 1
        return last if self.months and not self.complete[last] and self.numbers[last] is not None else None

    def points(self, formats: Formats, unit: str) -> list[dict[str, Any]]:
        """Return the known months as records: x, y, segment, and month, value and base as text."""
        records, segment = [], 0
        for place, (month, value) in enumerate(zip(self.months, self.numbers, strict=True)):
            if value is None:
                segment += 1
                continue
            base = self.bases[place]
            records.append(
                {
                    "x": to_date(month).isoformat(),
                    "y": value,
                    "segment": segment,
                    "month": formats.month(month) + ("" if self.complete[place] else ", so far"),
                    "value": formats.value(value, unit),
                    "base": formats.count(base),
                }
            )
        return records

    def gaps(self, formats: Formats) -> list[dict[str, Any]]:
        """Return the months without a value as records: x, month."""
        pairs = zip(self.months, self.numbers, strict=True)
        return [
            {"x": to_date(month).isoformat(), "month": formats.month(month), "value": "no data"}
            for month, value in pairs
            if value is None
        ]


def read_series(monthly: pd.DataFrame) -> Series:
    """Return the months of one metric.

    Parameters
    ----------
    monthly
        Columns period_start, value and, where known, denominator and is_complete. Months before the first
        value are left out; months between that are not listed count as missing.

    Raises
    ------
    ValueError
        A column is missing, a month stands twice, or a day is not the first of its month.
    """
    require_columns(monthly, MONTHLY, "a trend")
    frame = monthly.assign(period_start=pd.to_datetime(monthly["period_start"])).sort_values("period_start")
    early = frame.loc[frame["period_start"].dt.day != 1, "period_start"]
    if len(early):
        raise ValueError(f"{early.iloc[0]:%Y-%m-%d} is no first day of a month: a trend is drawn by month")
    doubled = frame.loc[frame["period_start"].duplicated(), "period_start"]
    if len(doubled):
        raise ValueError(f"{doubled.iloc[0]:%Y-%m} stands twice: pass the months of one metric in one scope")
    known = frame.index[frame["value"].map(is_known)]
    if not len(known):
        return Series((), (), (), ())
    first = frame.loc[known[0], "period_start"]
    frame = frame.set_index("period_start")
    months = pd.date_range(first, frame.index[-1], freq="MS")
    frame = frame.reindex(months)
    return Series(
        months=tuple(months),
        numbers=_numbers(frame, "value"),
        complete=tuple(bool(x) if is_known(x) else True for x in _cells(frame, "is_complete")),
        bases=_numbers(frame, "denominator"),
    )


def require_columns(frame: pd.DataFrame, names: tuple[str, ...], what: str) -> None:
    """Raise a ValueError that names the columns that a chart needs and the frame lacks."""
    lacking = [name for name in names if name not in frame.columns]
    if lacking:
        raise ValueError(f"{what} needs the column {', '.join(lacking)}; the frame has {', '.join(map(str, frame))}")


def list_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame's rows as mappings from column to value."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _cells(frame: pd.DataFrame, name: str) -> list[Any]:
    return frame[name].tolist() if name in frame.columns else [None] * len(frame)


def _numbers(frame: pd.DataFrame, name: str) -> tuple[float | None, ...]:
    return tuple(float(x) if is_known(x) else None for x in _cells(frame, name))


def read_row(row: Any) -> dict[str, Any]:
    """Return a row of a frame, a frame of one row, a mapping or None as a mapping without missing values.

    Raises
    ------
    ValueError
        The frame has several rows.
    """
    if row is None:
        return {}
    if isinstance(row, pd.DataFrame):
        if len(row) > 1:
            raise ValueError(f"one row is expected, the frame has {len(row)}")
        row = row.iloc[0] if len(row) else {}
    items = dict(row)
    return {str(key): value for key, value in items.items() if is_known(value) and value != ""}
