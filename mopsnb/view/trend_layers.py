"""The layers of a metric's chart: its months, their usual range, the target, and what lies ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt

from mopsnb.view import theme
from mopsnb.view.axes import ValueScale, to_milliseconds
from mopsnb.view.formats import Formats, is_known
from mopsnb.view.marks import Label, X, Y, label_ends, label_points, layer, make_tooltip
from mopsnb.view.series import Series

HEIGHT = 280
BELOW = 14  # pixels below its point that a triangle stands, so that it shows beside a ring
LABELED = 2  # so many months that lack days are labeled, so that labels do not cover each other
FEW = 12  # months that leave room for a label above the line

Axes = tuple[alt.X, alt.Y]
Rows = Sequence[Mapping[str, Any]]


def draw_band(rows: Rows, axes: Axes, style: str) -> list[alt.Chart]:
    """Return an area between low and high for each run of months of one level, so that a new level breaks it."""
    points = [
        {"x": to_milliseconds(one["period_start"]), "y": one["low"], "y2": one["high"], "level": one.get("level", 0)}
        for one in rows
        if is_known(one["low"]) and is_known(one["high"])
    ]
    return (
        [layer(points).mark_area(style=style).encode(*axes, y2=alt.Y2("y2"), detail=alt.Detail("level:N"))]
        if points
        else []
    )


def draw_target(target: Any, first: Any, last: Any) -> list[alt.Chart]:
    """Return the target's rule from the first month to the last; nothing where there is no target."""
    if not is_known(target):
        return []
    ends = {"x": to_milliseconds(first), "x2": to_milliseconds(last), "y": target}
    return [layer([ends]).mark_rule(style="mops-target").encode(X, Y, x2=alt.X2("x2"))]


def draw_lacks(series: Series, lacks: Mapping[date, int], axes: Axes, formats: Formats, unit: str) -> list[alt.Chart]:
    """Return a triangle at each month that lacks days of data, the newest ones labeled with how many."""
    points = [
        point | {"lack": name_lack(lacks[day])}
        for point in series.points(formats, unit)
        if (day := date.fromisoformat(point["x"])) in lacks
    ]
    if not points:
        return []
    tooltip = make_tooltip(month="Month", value="Value", lack="Data")
    mark = layer(points).mark_point(style="mops-lack", filled=True, shape="triangle-up", yOffset=BELOW)
    labels = [{"x": point["x"], "y": point["y"], "text": point["lack"]} for point in points[-LABELED:]]
    return [mark.encode(*axes, tooltip=tooltip), *label_points(labels, "mops-note", dy=BELOW + 15)]


def name_lack(days: int) -> str:
    """Return how many days are missing, in words."""
    return f"{days} {'day' if days == 1 else 'days'} missing"


def draw_ahead(series: Series, ahead: Rows, axes: Axes, unit: str, formats: Formats) -> list[alt.Chart]:
    """Return the forecast with its interval, and what the other way says."""
    if not ahead:
        return []
    layers = draw_band(ahead, axes, "mops-area")
    beside = [
        {"x": to_milliseconds(one["period_start"]), "y": one["beside"]} for one in ahead if is_known(one.get("beside"))
    ]
    if beside:
        layers.append(layer(beside).mark_line(style="mops-plan").encode(*axes))
    points = [_tell_ahead(one, unit, formats) for one in ahead]
    start = []
    if series.latest is not None:
        start = [{"x": to_milliseconds(series.months[series.latest]), "y": series.numbers[series.latest]}]
    tooltip = make_tooltip(month="Month", value="Forecast", span="80% interval")
    layers.append(layer([*start, *points]).mark_line(style="mops-open").encode(*axes))
    return [*layers, layer(points).mark_point(style="mops-hollow", filled=True, size=28).encode(*axes, tooltip=tooltip)]


def _tell_ahead(one: Mapping[str, Any], unit: str, formats: Formats) -> dict[str, Any]:
    told = {"month": formats.month(one["period_start"]), "value": formats.value(one["median"], unit)}
    span = formats.span(one["low"], one["high"], unit)
    return {"x": to_milliseconds(one["period_start"]), "y": one["median"], "span": span} | told


def draw_months(
    series: Series, outside: Sequence[Any], axes: Axes, floor: float, unit: str, formats: Formats
) -> list[alt.Chart]:
    """Return line and points, a ring at each month outside, a cross at each gap, and the month that is not over.

    Parameters
    ----------
    series
        The months.
    outside
        The first days of the months outside their usual range.
    axes
        The two axes.
    floor
        Where crosses stand: the lower end of the value axis.
    unit, formats
        How values are written.
    """
    points = series.points(formats, unit)
    partial = points.pop() if series.partial is not None else None
    base = {"base": "Base"} if any(x is not None for x in series.bases) else {}
    tooltip = make_tooltip(month="Month", value="Value", **base)
    line = layer(points).mark_line(style="mops-line").encode(*axes, detail=alt.Detail("segment:N"))
    dots = layer(points).mark_point(style="mops-point", filled=True).encode(*axes, tooltip=tooltip)
    layers = [line, dots] if points else []
    days = {day.date().isoformat() for day in outside}
    if odd := [point for point in points if point["x"] in days]:
        layers.append(layer(odd).mark_point(style="mops-goal", filled=True).encode(*axes, tooltip=tooltip))
    if partial:
        if points and points[-1]["segment"] == partial["segment"]:
            layers.append(layer([points[-1], partial]).mark_line(style="mops-open").encode(*axes))
        layers.append(layer([partial]).mark_point(style="mops-hollow", filled=True).encode(*axes, tooltip=tooltip))
    if gaps := series.gaps(formats):
        crosses = layer([gap | {"y": floor} for gap in gaps]).mark_point(
            style="mops-gap", filled=True, shape="cross", angle=45
        )
        layers.append(crosses.encode(*axes, tooltip=make_tooltip(month="Month", value="Value")))
    return layers


def read_interval(row: Mapping[str, Any]) -> list[Any]:
    """Return the limits of a proportion's latest month; the usual range is drawn as a band instead."""
    return [row.get("low"), row.get("high")] if "Wilson" in str(row.get("interval", "")) else []


def draw_labels(row: Mapping[str, Any], series: Series, ahead: Rows, scale: ValueScale, unit: str) -> list[alt.Chart]:
    """Return the latest value and its interval, and right of the plot what the lines end with."""
    formats = theme.current().formats
    labels: list[Label] = []  # what stands right of the plot
    layers: list[alt.Chart] = []
    latest, partial = series.latest, series.partial
    if latest is not None:
        value = series.numbers[latest] or 0.0
        point = {"x": to_milliseconds(series.months[latest]), "y": value, "text": formats.value(value, unit)}
        if low_high := read_interval(row):
            bar = layer([point | {"y": low_high[0], "y2": low_high[1]}]).mark_rule(style="mops-interval")
            layers.append(bar.encode(X, Y, y2=alt.Y2("y2")))
        layers.append(layer([point]).mark_point(style="mops-latest", filled=True).encode(X, Y))
        if ahead or (partial is not None and len(series.months) <= FEW):
            layers += label_points([point], "mops-label", dy=-13)
        else:
            labels.append(("mops-label", value, str(point["text"])))
    if ahead:
        median, beside = ahead[-1]["median"], ahead[-1].get("beside", float("nan"))
        labels.append(("mops-label", float(median), formats.value(median, unit)))
        labels += [("mops-note", float(beside), "other way")] if is_known(beside) else []
    elif partial is not None:
        labels.append(("mops-note", series.numbers[partial] or 0.0, "so far"))
    if "target" in row:
        labels.append(("mops-note", row["target"], f"target\n{formats.value(row['target'], unit)}"))
    end = ahead[-1]["period_start"] if ahead else series.months[-1]
    return layers + label_ends(labels, to_milliseconds(end), scale, HEIGHT)
