"""Bars: spend by channel and month, and one figure compared across categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from mopsnb.view import theme
from mopsnb.view.axes import month_axis, scale_values, span_month
from mopsnb.view.columns import Column
from mopsnb.view.figure import Figure, Words, make_figure, read_layers, read_spec
from mopsnb.view.formats import Formats, is_known
from mopsnb.view.html import Html
from mopsnb.view.line_charts import slot_scale
from mopsnb.view.marks import layer, make_tooltip
from mopsnb.view.series import require_columns
from mopsnb.view.several import name_apart
from mopsnb.view.text import no_data

HEIGHT = 300
BAR = 44  # pixels of one horizontal bar with its name above it
LONG_NAME = 12  # characters beyond which a phone has room for two names in a row, not three
NARROWEST = 300  # pixels that a phone leaves for a bar and its figure
MOST_BARS = 25
MOST_GAPS = 3  # that the subtitle names
UNNAMED = "No channel"


def spend_by_channel(
    frame: pd.DataFrame,
    *,
    title: str,
    unit: str = "currency",
    names: Mapping[str, str] | None = None,
    reading: str = "",
) -> Figure | Html:
    """Return amounts by month as bars, stacked by channel.

    A channel has the same color on every page. The channels beyond the ten that have a color are shown together
    as Other. A month that is not over is drawn pale.

    Parameters
    ----------
    frame
        Columns period_start, channel, value and, where known, is_complete; one row a month and channel. Amounts
        without a channel are shown under that name.
    title
        The finding.
    unit
        The unit of the values.
    names
        What people call each channel; without it the theme's names.
    reading
        A computed sentence that reads the chart.

    Returns
    -------
    Figure or Html
        A note that there is no data, where no value is known.

    Raises
    ------
    ValueError
        A column is missing, a month of a channel stands twice, or a value is negative.
    """
    require_columns(frame, ("period_start", "channel", "value"), "spend by channel")
    frame = frame[frame["value"].map(is_known)]
    if not len(frame):
        return no_data(title)
    frame = frame.assign(channel=[str(x) if is_known(x) and x != "" else UNNAMED for x in frame["channel"]])
    if frame.duplicated(["period_start", "channel"]).any():
        raise ValueError("a month of a channel stands twice: add up its rows first")
    if (frame["value"] < 0).any():
        raise ValueError("a negative amount cannot be stacked: show it as a line or in a table")
    formats = theme.current().formats
    table, slots = _stack(frame, names)
    months = table.index.tolist()
    scale = scale_values(table.sum(axis=1), unit, "", formats, zero=True)
    open_months = (
        set(frame.loc[~frame["is_complete"].astype(bool), "period_start"]) if "is_complete" in frame else set()
    )
    records = list(_cut_bars(table, unit, formats, open_months))
    long = max(len(name) for name in table.columns) > LONG_NAME
    legend = alt.Legend(values=list(table.columns), columns=2 if long else 3)
    bars = (
        layer(records)
        .mark_bar(style="mops-stack")
        .encode(
            month_axis(months, centered=True),
            scale.axis(),
            x2=alt.X2("x2"),
            y2=alt.Y2("y2"),
            color=alt.Color("name:N", scale=slot_scale(slots), legend=legend),
            opacity=alt.Opacity("opacity:Q", scale=None),
            tooltip=make_tooltip(name="Channel", month="Month", value="Amount", total="All channels"),
        )
    )
    subtitle = _explain(table, open_months, formats)
    words = Words(title, _describe_stack(table, unit, formats), subtitle, reading)
    shown = table.assign(total=table.sum(axis=1)).rename_axis("month").reset_index()
    shown.columns = ["month", *(f"c{place}" for place in range(table.shape[1])), "total"]
    columns = {"month": Column("Month", "month")}
    columns |= {f"c{place}": Column(name, "value", unit) for place, name in enumerate(table.columns)}
    columns["total"] = Column("All channels", "value", unit)
    return make_figure(read_spec(bars.properties(height=HEIGHT)), words, shown, columns)


def _stack(frame: pd.DataFrame, names: Mapping[str, str] | None) -> tuple[pd.DataFrame, dict[str, int]]:
    ids = sorted(frame["channel"].unique())
    slots = theme.assign_slots(ids, theme.current().channels)
    called = name_apart(ids, _name_channels(ids) if names is None else names)
    gray = [key for key in ids if slots[key] == theme.SLOTS]
    shown = called | (dict.fromkeys(gray, theme.OTHER) if len(gray) > 1 else {})
    named = frame.assign(name=frame["channel"].map(shown), month=pd.to_datetime(frame["period_start"]))
    table = named.pivot_table(index="month", columns="name", values="value", aggfunc="sum", sort=True)
    table = table.reindex(pd.date_range(table.index[0], table.index[-1], freq="MS"))
    by_name: dict[Any, int] = {shown[key]: slots[key] for key in ids}
    return table[sorted(by_name, key=lambda name: by_name[name])], by_name


def _name_channels(ids: Sequence[str]) -> dict[str, str]:
    # What stands among channels and is none of them is an area of the budget: a word of its own, so with a capital.
    look = theme.current()
    return {key: look.name(key) if key in look.names else _label(key) for key in ids} if look.names else {}


def _cut_bars(table: pd.DataFrame, unit: str, formats: Formats, open_months: set[Any]) -> Any:
    for month, row in table.iterrows():
        start, end = span_month(month)
        below = 0.0
        total = formats.value(row.sum(), unit)
        for name, value in row.items():
            if not is_known(value) or value == 0:
                continue
            words = {"name": name, "month": formats.month(month), "value": formats.value(value, unit), "total": total}
            yield {
                **{"x": start, "x2": end, "y": round(below, 6), "y2": round(below + value, 6)},
                **{"opacity": 0.45 if month in open_months else 1, **words},
            }
            below += value


def _explain(table: pd.DataFrame, open_months: set[Any], formats: Formats) -> str:
    parts = [f"Pale: {formats.month(max(open_months))}, not over yet."] if open_months else []
    # Inside a channel's months a missing one makes the whole bar too short.
    gaps = [
        f"{name} in {formats.month(month)}"
        for name, column in table.items()
        for month, value in column.loc[column.first_valid_index() : column.last_valid_index()].items()
        if not is_known(value)
    ]
    if gaps:
        rest = f" and {len(gaps) - MOST_GAPS} more, see the data" if len(gaps) > MOST_GAPS else ""
        parts.append(f"Nothing is recorded: {', '.join(gaps[:MOST_GAPS])}{rest}.")
    return " ".join(parts)


def _describe_stack(table: pd.DataFrame, unit: str, formats: Formats) -> str:
    total = table.sum().sort_values(ascending=False, kind="stable")
    parts = "; ".join(f"{name} {formats.value(value, unit)}" for name, value in total.items())
    span = f"{formats.month(table.index[0])} to {formats.month(table.index[-1])}"
    return f"Stacked bars by month, {span}. Over the whole time: {parts}."


def bars(frame: pd.DataFrame, *, category: str, value: str, unit: str, title: str, reading: str = "") -> Figure | Html:
    """Return one figure across categories as horizontal bars, each with its figure at its end.

    Parameters
    ----------
    frame
        One row a category, in the order in which the bars shall stand.
    category
        The column with the categories' names.
    value
        The column with the figures. A missing one has no bar and says so.
    unit
        The unit of the figures.
    title
        The finding.
    reading
        A computed sentence that reads the chart.

    Returns
    -------
    Figure or Html
        A note that there is no data, where no figure is known.

    Raises
    ------
    ValueError
        A column is missing, there are more than 25 categories, or one stands twice.
    """
    require_columns(frame, (category, value), "bars")
    if not frame[value].map(is_known).any():
        return no_data(title)
    if len(frame) > MOST_BARS:
        raise ValueError(f"{len(frame)} bars are too many to read, at most {MOST_BARS}: choose the ones that matter")
    if frame[category].duplicated().any():
        raise ValueError(f"a category of {category!r} stands twice: add up its rows first")
    formats = theme.current().formats
    if (frame[value] < 0).any():
        raise ValueError("bars start at 0 and grow to the right: show negative figures in a table")
    records: list[dict[str, Any]] = [
        {
            "name": str(name),
            "x": 0.0,
            "x2": float(x) if is_known(x) else 0.0,
            "text": formats.value(x, unit) if is_known(x) else "no data",
        }
        for name, x in zip(frame[category], frame[value], strict=True)
    ]
    for place, record in enumerate(reversed(records)):
        record |= {"y": place + 0.14, "y2": place + 0.52, "middle": place + 0.33, "above": place + 0.74}
    # Each bar carries its figure, so the axis needs no ticks, but room for the longest figure.
    room = min(0.6, max(7 * len(record["text"]) + 10 for record in records) / NARROWEST)
    ends = [0, (max(record["x2"] for record in records) or 1.0) / (1 - room)]
    blank = alt.Axis(labels=False, title=None, values=[], domain=False, ticks=False, grid=False)
    x = alt.X("x:Q", scale=alt.Scale(domain=ends, nice=False), axis=blank)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, len(records)], nice=False), axis=blank)
    drawn = [record for record in records if record["text"] != "no data"]
    tooltip = make_tooltip(name="Name", text="Value")
    text: dict[str, Any] = {"align": "left", "baseline": "middle"}
    layers = [
        layer(drawn).mark_rect(style="mops-bar").encode(x, y, x2=alt.X2("x2"), y2=alt.Y2("y2"), tooltip=tooltip),
        layer(drawn)
        .mark_text(style="mops-label", fontWeight=600, dx=6, **text)
        .encode(alt.X("x2:Q"), alt.Y("middle:Q"), text=alt.Text("text:N")),
        layer(records)
        .mark_text(style="mops-name", **text)
        .encode(alt.X("x:Q"), alt.Y("above:Q"), text=alt.Text("name:N")),
    ]
    absent = [record for record in records if record["text"] == "no data"]
    if absent:
        layers.append(
            layer(absent)
            .mark_text(style="mops-note", **text)
            .encode(alt.X("x2:Q"), alt.Y("middle:Q"), text=alt.Text("text:N"))
        )
    parts = "; ".join(f"{record['name']} {record['text']}" for record in records)
    words = Words(title, f"Bars: {parts}.", "", reading)
    columns = {category: Column(_label(category)), value: Column(_label(value), "value", unit)}
    return make_figure(read_layers(layers, BAR * len(records)), words, frame, columns)


def _label(name: str) -> str:
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]
