"""A strip each for many series by month, below one another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from mopsnb.view import theme
from mopsnb.view.axes import month_axis, to_milliseconds
from mopsnb.view.figure import Figure, Words, make_figure, read_layers
from mopsnb.view.html import Html
from mopsnb.view.marks import X, Y, layer, make_tooltip
from mopsnb.view.several import (
    Named,
    column_series,
    describe_series,
    explain_series,
    list_months,
    read_all,
    tabulate_series,
)
from mopsnb.view.text import no_data

STRIP = 76  # pixels of one strip
MOST_STRIPS = 12


def small_multiples(
    frame: pd.DataFrame,
    *,
    by: str,
    unit: str | Mapping[str, str],
    title: str,
    names: Mapping[str, str] | None = None,
    reading: str = "",
) -> Figure | Html:
    """Return many series as strips below one another, each with a scale of its own that holds the 0.

    Strips show shapes side by side. Sizes are compared in the figures at their ends and in the table.

    Parameters
    ----------
    frame
        Columns period_start, value, the column that ``by`` names and, where known, is_complete. Strips stand in
        the order in which the frame first names them.
    by
        The column that tells the series apart: ``metric``, ``channel``.
    unit
        One unit for all, or the unit of each by its id.
    title
        The finding.
    names
        What people call each series; without it the ids.
    reading
        A computed sentence that reads the chart.

    Returns
    -------
    Figure or Html
        A note that there is no data, where no series has a value.

    Raises
    ------
    ValueError
        There are more than twelve series, a column is missing, or a month stands twice.
    """
    found = read_all(frame, by, unit, names)
    if not found:
        return no_data(title)
    if len(found) > MOST_STRIPS:
        raise ValueError(
            f"{len(found)} strips are too many to read, at most {MOST_STRIPS}: choose the ones that matter"
        )
    formats = theme.current().formats
    months = list_months(found)
    span = to_milliseconds(months[0]), to_milliseconds(months[-1])
    drawn = [_draw_strip(item, len(found) - 1 - place, span) for place, item in enumerate(found)]
    blank = alt.Axis(labels=False, title=None, grid=False, values=[])
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, len(found)], nice=False), axis=blank)
    layers = _layer_strips(
        {kind: [r for strip in drawn for r in strip[kind]] for kind in drawn[0]}, month_axis(months), y
    )
    spec = read_layers(layers, STRIP * len(found))
    note = "Each strip has a scale of its own that starts at 0. Figures: the latest complete month and the highest"
    words = Words(title, describe_series(found, months, formats), explain_series(found, note), reading)
    return make_figure(spec, words, tabulate_series(found, months), column_series(found))


def _draw_strip(item: Named, floor: int, span: tuple[int, int]) -> dict[str, list[dict[str, Any]]]:
    # One unit of height a strip: the shape below, the name above it, the figures to its right.
    formats = theme.current().formats
    known = [x for x in item.series.numbers if x is not None]
    bottom, top = min([*known, 0.0]), max([*known, 0.0])
    reach = (top - bottom) or 1.0

    def lift(x: float) -> float:
        return round(floor + 0.06 + (x - bottom) / reach * 0.62, 6)

    base = lift(0.0)
    records = [
        record | {"y": lift(record["y"]), "y2": base, "part": f"{floor}.{record['segment']}"}
        for record in item.series.points(formats, item.unit)
    ]
    is_open = item.series.partial is not None
    closed = records[:-1] if is_open else records
    touches = is_open and bool(closed) and closed[-1]["part"] == records[-1]["part"]
    right = {"x": span[1], "y": floor + 0.28, "text": f"max {formats.value(max(known), item.unit)}"}
    strip = {
        "edges": [{"x": span[0], "x2": span[1], "y": base}],
        "closed": closed,
        "open": records[-2:] if touches else [],
        "points": records,
        "names": [{"x": span[0], "y": floor + 0.86, "text": item.name}],
        "notes": [right],
        "latest": [],
        "figures": [],
    }
    if item.series.latest is not None:
        value = item.series.numbers[item.series.latest] or 0.0
        strip["latest"] = [{"x": to_milliseconds(item.series.months[item.series.latest]), "y": lift(value)}]
        strip["figures"] = [{"x": span[1], "y": floor + 0.5, "text": formats.value(value, item.unit)}]
    return strip


def _layer_strips(records: dict[str, list[dict[str, Any]]], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    parts: dict[str, Any] = {"x": x, "y": y, "detail": alt.Detail("part:N")}
    words: dict[str, Any] = {"x": X, "y": Y, "text": alt.Text("text:N")}
    text: dict[str, Any] = {"align": "left", "baseline": "middle"}
    tooltip = make_tooltip(month="Month", value="Value")
    layers = [
        layer(records["edges"]).mark_rule(style="mops-edge").encode(x, y, x2=alt.X2("x2")),
        layer(records["closed"]).mark_area(style="mops-area", line=False).encode(**parts, y2=alt.Y2("y2")),
        layer(records["closed"]).mark_line(style="mops-line").encode(**parts),
        layer(records["open"]).mark_line(style="mops-open").encode(**parts),
        layer(records["points"]).mark_point(style="mops-point", filled=True, size=14).encode(x, y, tooltip=tooltip),
        layer(records["latest"]).mark_point(style="mops-latest", filled=True, size=60).encode(x, y),
        layer(records["names"]).mark_text(style="mops-label", fontWeight=600, **text).encode(**words),
        layer(records["figures"]).mark_text(style="mops-label", fontWeight=600, dx=12, **text).encode(**words),
        layer(records["notes"]).mark_text(style="mops-note", dx=12, **text).encode(**words),
    ]
    kinds = ("edges", "closed", "closed", "open", "points", "latest", "names", "figures", "notes")
    return [drawn for kind, drawn in zip(kinds, layers, strict=True) if records[kind]]
