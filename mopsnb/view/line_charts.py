"""Up to four series by month as lines in one plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from mopsnb.view import theme
from mopsnb.view.axes import month_axis, scale_values, to_milliseconds
from mopsnb.view.figure import Figure, Words, make_figure, read_layers
from mopsnb.view.html import Html
from mopsnb.view.marks import Label, label_ends, layer, make_tooltip
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

HEIGHT = 280
MOST_LINES = 4  # more lines than this cannot be told apart by labels at their ends


def lines(
    frame: pd.DataFrame, *, by: str, unit: str, title: str, names: Mapping[str, str] | None = None, reading: str = ""
) -> Figure | Html:
    """Return up to four series with one unit as lines, each named at its end.

    Parameters
    ----------
    frame
        Columns period_start, value, the column that ``by`` names and, where known, is_complete.
    by
        The column that tells the series apart: ``metric``, ``channel``.
    unit
        The unit of all values.
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
        There are more than four series, a column is missing, or a month stands twice.
    """
    found = read_all(frame, by, unit, names)
    if not found:
        return no_data(title)
    if len(found) > MOST_LINES:
        raise ValueError(f"{len(found)} lines cannot be told apart, {MOST_LINES} can: use small_multiples")
    formats = theme.current().formats
    months = list_months(found)
    scale = scale_values([x for item in found for x in item.series.numbers], unit, "", formats)
    colors = _color_scale(found, theme.current().channels if by == "channel" else ())
    axes = (month_axis(months), scale.axis())
    layers: list[alt.Chart] = []
    labels: list[Label] = []
    keys: list[dict[str, Any]] = []
    for item in found:
        records = [record | {"name": item.name} for record in item.series.points(formats, unit)]
        is_open = item.series.partial is not None
        closed = records[:-1] if is_open else records
        color = alt.Color("name:N", scale=colors, legend=None)
        layers.append(
            layer(closed).mark_line(style="mops-line").encode(*axes, color=color, detail=alt.Detail("segment:N"))
        )
        if is_open and closed and closed[-1]["segment"] == records[-1]["segment"]:
            layers.append(layer(records[-2:]).mark_line(style="mops-open").encode(*axes, color=color))
        tooltip = make_tooltip(name="Series", month="Month", value="Value")
        layers.append(
            layer(records).mark_point(style="mops-point", filled=True).encode(*axes, color=color, tooltip=tooltip)
        )
        last = item.series.numbers[item.series.known[-1] if item.series.latest is None else item.series.latest] or 0.0
        labels.append(("mops-name", last, f"{item.name}\n{formats.value(last, unit)}"))
        keys.append({"name": item.name})
    layers += label_ends(labels, to_milliseconds(months[-1]), scale, HEIGHT, keys=(keys, colors))
    spec = read_layers(layers, HEIGHT)
    words = Words(title, describe_series(found, months, formats), explain_series(found, ""), reading)
    return make_figure(spec, words, tabulate_series(found, months), column_series(found))


def _color_scale(found: Sequence[Named], channels: Sequence[str]) -> alt.Scale:
    slots = theme.assign_slots([item.key for item in found], channels)
    free = [slot for slot in range(theme.SLOTS) if slot not in slots.values()]
    for place, key in enumerate([key for key, slot in slots.items() if slot == theme.SLOTS]):
        slots[key] = free[place]  # lines must differ, also where the colors of channels run out
    return slot_scale({item.name: slots[item.key] for item in found})


def slot_scale(slots: Mapping[str, int]) -> alt.Scale:
    """Return a color scale in which each name has the color of its slot, in both modes.

    The scale lists all slots, so that the mode's own list of colors applies. Slots without a name hold a
    blank that no data carries.
    """
    names = {slot: name for name, slot in slots.items()}
    blanks = ["\N{ZERO WIDTH SPACE}" * (slot + 1) for slot in range(theme.SLOTS + 1)]
    return alt.Scale(domain=[names.get(slot, blanks[slot]) for slot in range(theme.SLOTS + 1)])
