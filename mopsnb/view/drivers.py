"""What moved a figure: bars to the left and to the right of no change."""

from __future__ import annotations

from typing import Any, Literal

import altair as alt
import pandas as pd

from mopsnb.view import theme
from mopsnb.view.columns import Column
from mopsnb.view.figure import Figure, Words, make_figure, read_layers
from mopsnb.view.formats import is_known
from mopsnb.view.gallery import Gallery
from mopsnb.view.html import Html
from mopsnb.view.marks import layer, make_tooltip
from mopsnb.view.series import require_columns
from mopsnb.view.text import no_data

BAR = 44  # pixels of one bar with its name above it
MOST = 8  # bars; the others are one bar together
ROWS = 12  # of the table; the others are one row together
NEARLY = 1e-9  # of the largest effect: what rounding makes
ROOM = 0.5  # of the longest bar, kept free on both sides for figures
OTHERS = "(all others)"


def driver_bars(drivers: pd.DataFrame, *, unit: str, title: str, reading: str = "") -> Figure | Html:
    """Return each segment's effect on a change as a bar: right of the line it raised the figure, left it lowered it.

    Parameters
    ----------
    drivers
        Columns segment, before, after, mix, rate and effect, the largest effect first, as
        ``analysis.split_change`` returns it. Beyond eight, segments are added up as one bar; the table shows 12.
    unit
        The unit of the effects.
    title
        The finding.
    reading
        A computed sentence that reads the chart.

    Returns
    -------
    Figure or Html
        A note that there is no data, where no effect is known.

    Raises
    ------
    ValueError
        A column is missing.
    """
    require_columns(drivers, ("segment", "before", "after", "mix", "rate", "effect"), "driver_bars")
    if not drivers["effect"].map(is_known).any():
        return no_data(title)
    formats = theme.current().formats
    rows = _gather(drivers)
    records: list[dict[str, Any]] = []
    for place, (name, effect) in enumerate(reversed(rows)):
        sign = "+" if effect > 0 else "−" if effect < 0 else ""
        spans = {"y": place + 0.14, "y2": place + 0.52, "middle": place + 0.33, "above": place + 0.74}
        text = f"{sign}{formats.value(abs(effect), unit)}"
        records.append({"name": name, "x": 0.0, "x2": effect, "text": text} | spans)
    longest = max(abs(effect) for _, effect in rows) or 1.0
    ends = [min(0.0, *(x for _, x in rows)) - ROOM * longest, max(0.0, *(x for _, x in rows)) + ROOM * longest]
    blank = alt.Axis(labels=False, title=None, values=[], domain=False, ticks=False, grid=False)
    x = alt.X("x:Q", scale=alt.Scale(domain=ends, nice=False), axis=blank)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, len(rows)], nice=False), axis=blank)
    tooltip = make_tooltip(name="Segment", text="Effect")
    bars = layer(records).mark_rect(style="mops-bar").encode(x, y, x2=alt.X2("x2"), y2=alt.Y2("y2"), tooltip=tooltip)
    layers = [
        bars,
        layer([{"x": 0.0, "y": 0, "y2": len(rows)}]).mark_rule(style="mops-edge").encode(x, y, y2=alt.Y2("y2")),
    ]
    sides: tuple[tuple[int, Literal["left", "right"], int], ...] = ((1, "left", 6), (-1, "right", -6))
    for side, align, shift in sides:
        told = [one for one in records if (one["x2"] >= 0) == (side > 0)]
        if told:
            mark = layer(told).mark_text(style="mops-label", fontWeight=600, align=align, baseline="middle", dx=shift)
            layers.append(mark.encode(alt.X("x2:Q"), alt.Y("middle:Q"), text=alt.Text("text:N")))
            names = layer(told).mark_text(style="mops-name", align=align, baseline="middle")
            layers.append(names.encode(alt.X("x:Q"), alt.Y("above:Q"), text=alt.Text("name:N")))
    parts = "; ".join(f"{one['name']} {one['text']}" for one in reversed(records))
    words = Words(title, f"Bars: {parts}.", "Right of the line: raised the figure. Left: lowered it.", reading)
    spec = read_layers(layers, BAR * len(rows))
    shown = _tabulate(drivers)
    return make_figure(spec, words, shown, {key: one for key, one in _columns(unit).items() if key in shown})


def _gather(drivers: pd.DataFrame) -> list[tuple[str, float]]:
    pairs = [(str(name), float(x)) for name, x in zip(drivers["segment"], drivers["effect"], strict=True)]
    if len(pairs) <= MOST:
        return pairs
    return [*pairs[: MOST - 1], (OTHERS, sum(x for _, x in pairs[MOST - 1 :]))]


def _tabulate(drivers: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the table: no segment is cut in silence, and a total has no mix to show.

    The rows beyond the limit are one row whose effect is their sum. Before and after of rates cannot be added up.
    """
    moved = drivers["after"].fillna(0) - drivers["before"].fillna(0)
    is_listed = drivers["before"].notna() | drivers["after"].notna()
    is_sum = not (drivers["mix"] != 0).any() and bool(
        ((moved - drivers["effect"]).abs()[is_listed] <= NEARLY * drivers["effect"].abs().max()).all()
    )
    names = ["segment", "before", "after", *([] if is_sum else ["mix", "rate"]), "effect"]
    shown = drivers[names].reset_index(drop=True)
    if len(shown) <= ROWS:
        return shown
    head, tail = shown.iloc[: ROWS - 1], shown.iloc[ROWS - 1 :]
    added = [name for name in names[1:] if is_sum or name in ("mix", "rate", "effect")]
    rest = {"segment": f"{OTHERS}, {len(tail)} in all"} | {name: tail[name].sum(min_count=1) for name in added}
    return pd.concat([head, pd.DataFrame([rest], columns=names)], ignore_index=True)


def _columns(unit: str) -> dict[str, Column]:
    titles = {"before": "Before", "after": "After", "mix": "From the mix", "rate": "From rates", "effect": "Effect"}
    return {"segment": Column("Segment")} | {key: Column(title, "value", unit) for key, title in titles.items()}


def driver_gallery(drivers: pd.DataFrame, readings: pd.DataFrame) -> Gallery:
    """Return a chart of effects for each metric.

    Parameters
    ----------
    drivers, readings
        What ``analysis.explain_moves`` returned.
    """
    items: list[Figure | Html] = []
    for row in readings.to_dict("records"):
        mine = drivers[drivers["metric"] == row["metric"]]
        items.append(driver_bars(mine, unit=str(row["unit"]), title=str(row["title"]), reading=str(row["reading"])))
    return Gallery(tuple(items or [no_data("What moved the figures")]))
