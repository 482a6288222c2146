"""What ready-made charts share: axes with units, months in a row, labels that keep apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from mopsnb.view.formats import Formats, is_known, to_date

TICKS = 5
LABELS = 7  # month labels that fit a phone
ZOOM_FROM = 0.6  # a line that never falls below this share of its top is drawn without the zero
LINE_GAP = 15  # pixels from one text line to the next
_BIG = 1_000_000


@dataclass(frozen=True, slots=True)
class ValueScale:
    """A value axis: its ends, its ticks and how they are written.

    Parameters
    ----------
    low, high
        The ends, in the unit.
    ticks
        The values that carry a label.
    format
        A d3 number format.
    title
        What is measured, with the unit where the labels do not carry it.
    """

    low: float
    high: float
    ticks: tuple[float, ...]
    format: str
    title: str

    def axis(self) -> alt.Y:
        """Return the axis for Altair: the title lies flat above the labels."""
        return alt.Y(
            "y:Q",
            scale=alt.Scale(domain=[self.low, self.high], nice=False, zero=False),
            axis=alt.Axis(
                values=list(self.ticks), format=self.format, title=self.title or None, titleAngle=0, titleAlign="left",
                titleAnchor="end", titleX=0, titleY=-12, titleBaseline="bottom", titleLimit=280,
            ),
        )  # fmt: skip

    def spread(self, values: Sequence[float], height: int, lines: Sequence[int]) -> list[float]:
        """Return places for the middles of labels, in the unit, so that none covers another or leaves the plot.

        Parameters
        ----------
        values
            Where the labels belong.
        height
            The plot's height in pixels.
        lines
            How many lines each label has.
        """
        unit = (self.high - self.low) / height
        half = [LINE_GAP * count / 2 * unit for count in lines]
        order = sorted(range(len(values)), key=lambda place: (values[place], place))
        at = list(values)
        floor = self.low - LINE_GAP / 2 * unit
        for place in order:
            at[place] = max(at[place], floor + half[place])
            floor = at[place] + half[place]
        ceiling = self.high + LINE_GAP / 2 * unit
        for place in reversed(order):
            at[place] = min(at[place], ceiling - half[place])
            ceiling = at[place] - half[place]
        return at


def scale_values(
    values: Iterable[Any], unit: str, title: str, formats: Formats, *, zero: bool | None = None
) -> ValueScale:
    """Return the value axis for these values.

    Parameters
    ----------
    values
        Everything that is drawn, targets and limits included.
    unit
        As in `Formats.value`.
    title
        What is measured.
    formats
        Writes where the axis starts.
    zero
        Whether the axis starts at 0; None: unless the values lie close together far above it. The title says so.
    """
    known = [float(x) for x in values if is_known(x)]
    bottom, top = (min(known), max(known)) if known else (0.0, 1.0)
    from_zero = zero if zero is not None else not bottom > ZOOM_FROM * top
    if from_zero:
        bottom, top = min(bottom, 0.0), max(top, 0.0)
    else:
        room = max((top - bottom) * 0.15, abs(top) * 0.02)  # a flat line stays flat
        bottom, top = bottom - room, top + room
    if top - bottom < 1e-9:
        top = bottom + (0.01 if unit == "fraction" else 1)
    step = _nice((top - bottom) / TICKS)
    if unit in ("count", "goals") and step < 1:
        step = 1.0
    first, last = math.floor(bottom / step + 1e-9), math.ceil(top / step - 1e-9)
    ticks = tuple(round(place * step, 12) for place in range(first, last + 1))
    words = title
    if label := _name_unit(unit, formats):
        words = f"{title}, {label}" if title else label
    if ticks[0] > 0:
        words = f"{words} (axis starts at {formats.value(ticks[0], unit)})"
    return ValueScale(ticks[0], ticks[-1], ticks, _tick_format(step, max(map(abs, ticks)), unit), words)


def _nice(step: float) -> float:
    size = 10 ** math.floor(math.log10(step))
    return float(next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= step * 0.999))


def _tick_format(step: float, largest: float, unit: str) -> str:
    if unit == "fraction":
        return f",.{_decimals(step * 100)}%"
    return ",.3~s" if largest >= _BIG else f",.{_decimals(step)}f"


def _decimals(step: float) -> int:
    return next(digits for digits in range(12) if abs(round(step, digits) - step) < step * 1e-6)


def _name_unit(unit: str, formats: Formats) -> str:
    if unit in ("currency", "currency_per_unit"):
        return formats.currency_code or ""
    return "" if unit in ("", "fraction", "count", "ratio") else unit


def month_axis(months: Sequence[Any], *, centered: bool = False) -> alt.X:
    """Return a time axis over months with at most seven labels; the year stands below January and below the first.

    Parameters
    ----------
    months
        The months' first days, in order; not empty.
    centered
        Whether labels stand below the middle of the month, as for bars.
    """
    first, last = (to_date(month).replace(day=1) for month in (months[0], months[-1]))
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((size for size in (1, 2, 3, 6, 12) if count <= LABELS * size), 12 * math.ceil(count / (12 * LABELS)))
    starts = [_shift(first, place) for place in range(count)]
    labeled = [day for day in starts if _is_labeled(day, step)] or starts[:1]
    places = [to_milliseconds(day.replace(day=16) if centered else day) for day in labeled]
    year = "utcFormat(datum.value, '%Y')"
    words = f"[utcFormat(datum.value, '%b'), utcmonth(datum.value) == 0 || datum.index == 0 ? {year} : '']"
    # As an expression: plain numbers become datetime(…), which the browser's expression interpreter misreads.
    ticks = alt.ExprRef(f"[{', '.join(map(str, places))}]")
    axis = alt.Axis(values=ticks, labelExpr=year if step >= 12 else words, title=None, labelFlush=True)
    # The ends come from the data: Vega-Lite cannot join a given domain of times with that of a second end.
    return alt.X("x:T", scale=alt.Scale(type="utc", nice=False), axis=axis)


def _is_labeled(day: date, step: int) -> bool:
    return (day.month - 1) % step == 0 if step < 12 else day.month == 1 and day.year % (step // 12) == 0


def _shift(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


def to_milliseconds(day: Any) -> int:
    """Return a day as milliseconds since 1970 in UTC, which Vega reads the same everywhere."""
    return int(pd.Timestamp(to_date(day)).timestamp() * 1000)


def span_month(month: Any, gap: float = 0.12) -> tuple[int, int]:
    """Return where a month's bar starts and ends, in milliseconds; ``gap`` is the share of the month left free."""
    start = to_date(month).replace(day=1)
    first, last = to_milliseconds(start), to_milliseconds(_shift(start, 1))
    room = round((last - first) * gap / 2)
    return first + room, last - room


def wrap_name(name: str, width: int = 16) -> str:
    """Return a name broken over lines of about so many characters, at spaces alone."""
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)
