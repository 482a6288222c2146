"""A strip each for many series by month, below one another."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from mopsnb.view import theme
from mopsnb.view.axes import month_axis, to_milliseconds
from mopsnb.view.figure import Figure, Words, make_figure, read_spec
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
    """Return many series as strips below one another, each from 0 to its own highest month.

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
    height = STRIP * len(found)
    x = month_axis(months)
    blank = alt.Axis(labels=False, title=None, grid=False, values=[])
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, len(found)], nice=False), axis=blank)
    layers: list[alt.Chart] = []
    span = to_milliseconds(months[0]), to_milliseconds(months[-1])
    for place, item in enumerate(found):
        layers += _draw_strip(item, len(found) - 1 - place, (x, y), span)
    spec = read_spec(alt.layer(*layers).properties(height=height))
    note = "Each strip runs from 0 to its own highest month; the figures are the latest complete month and the highest"
    words = Words(title, describe_series(found, months, formats), explain_series(found, note), reading)
    return make_figure(spec, words, tabulate_series(found, months), column_series(found))


def _draw_strip(item: Named, floor: int, axes: tuple[alt.X, alt.Y], span: tuple[int, int]) -> list[alt.Chart]:
    formats = theme.current().formats
    known = [x for x in item.series.numbers if x is not None]
    top = max([abs(x) for x in known] + [0.0]) or 1.0

    def lift(x: float) -> float:
        return round(floor + max(x, 0.0) / top * 0.62 + 0.06, 6)

    records = [r | {"y": lift(r["y"]), "y2": floor + 0.06} for r in item.series.points(formats, item.unit)]
    is_open = item.series.partial is not None
    closed = records[:-1] if is_open else records
    start, end = span
    base = {"x": start, "x2": end, "y": floor + 0.06}
    layers = [
        layer([base]).mark_rule(style="mops-edge").encode(*axes, x2="x2"),
        layer(closed).mark_area(style="mops-area", line=False).encode(*axes, y2="y2", detail="segment:N"),
        layer(closed).mark_line(style="mops-line").encode(*axes, detail="segment:N"),
        layer([{"x": start, "y": floor + 0.86, "text": item.name}]).mark_text(
            style="mops-label", align="left", baseline="middle", fontWeight=600
        ).encode(X, Y, text="text:N"),
    ]  # fmt: skip
    if is_open and closed and closed[-1]["segment"] == records[-1]["segment"]:
        layers.append(layer(records[-2:]).mark_line(style="mops-open").encode(*axes))
    tooltip = make_tooltip(month="Month", value="Value")
    layers.append(layer(records).mark_point(style="mops-point", filled=True, size=14).encode(*axes, tooltip=tooltip))
    latest = item.series.latest
    if latest is not None:
        value = item.series.numbers[latest] or 0.0
        point = {"x": to_milliseconds(item.series.months[latest]), "y": lift(value)}
        layers.append(layer([point]).mark_point(style="mops-latest", filled=True, size=60).encode(*axes))
        texts = (
            ("mops-label", formats.value(value, item.unit), 0.5),
            ("mops-note", f"max {formats.value(max(known), item.unit)}", 0.28),
        )
        for style, text, at in texts:
            mark = layer([{"x": end, "y": floor + at, "text": text}]).mark_text(
                style=style, align="left", baseline="middle", dx=12, fontWeight=600 if style == "mops-label" else 400
            )
            layers.append(mark.encode(X, Y, text="text:N"))
    return layers
