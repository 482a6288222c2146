"""One metric with its limits month by month, its signals, and its forecast with the baseline beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from mopsnb.view import theme
from mopsnb.view.axes import ValueScale, month_axis, scale_values, to_milliseconds
from mopsnb.view.columns import Column
from mopsnb.view.figure import Figure, Words, make_figure, read_spec
from mopsnb.view.formats import Formats, is_known, to_date
from mopsnb.view.gallery import Gallery
from mopsnb.view.html import Html
from mopsnb.view.marks import X, label_ends, layer, make_tooltip
from mopsnb.view.series import read_row, require_columns
from mopsnb.view.text import no_data

HEIGHT = 280


def outlook(history: pd.DataFrame, ahead: pd.DataFrame, summary: Any, *, reading: str = "") -> Figure | Html:
    """Return one metric's months inside their natural limits, and what lies ahead.

    Parameters
    ----------
    history
        Columns metric, period_start, value, low, high and signal, a row a complete month, as
        ``analysis.chart_metrics`` returns it. Rows of other metrics are left out.
    ahead
        Columns metric, period_start, median, low, high and beside, a row a month ahead, as
        ``forecast.tabulate_forecasts`` returns it. It may be empty: then the history stands alone.
    summary
        A mapping with metric, title and unit; where known target.
    reading
        A computed sentence that reads the chart.

    Returns
    -------
    Figure or Html
        A note that there is no data, where no month has a value.

    Raises
    ------
    ValueError
        A column is missing.
    """
    row = read_row(summary)
    name, unit, formats = str(row.get("title") or row["metric"]), str(row.get("unit", "")), theme.current().formats
    require_columns(history, ("metric", "period_start", "value", "low", "high", "signal"), "outlook")
    past = history[history["metric"] == row["metric"]].to_dict("records")
    future = ahead[ahead["metric"] == row["metric"]].to_dict("records") if len(ahead) else []
    if not any(is_known(one["value"]) for one in past):
        return no_data(name, fix=str(row.get("lacks", "")))
    numbers = [one[key] for one in past for key in ("value", "low", "high")]
    numbers += [one[key] for one in future for key in ("median", "low", "high", "beside")]
    scale = scale_values([*numbers, row.get("target")], unit, name, formats)
    axes = (month_axis([one["period_start"] for one in (*past, *future)]), scale.axis())
    layers = [
        *_draw_band(past, axes, "mops-band"),
        *_draw_target(row, past, future),
        *_draw_ahead(past, future, axes, (unit, formats)),
        *_draw_past(past, axes, (unit, formats)),
        *_draw_labels(row, future or past, scale, (unit, formats)),
    ]
    words = Words(
        _find_title(name, past, future, (unit, formats)), _describe(name, past, future), _explain(past, future), reading
    )
    spec = read_spec(alt.layer(*layers).properties(height=HEIGHT))
    return make_figure(spec, words, _tabulate(past, future), _columns(unit))


def outlook_gallery(
    history: pd.DataFrame, ahead: pd.DataFrame, summary: pd.DataFrame, readings: pd.DataFrame
) -> Gallery:
    """Return a chart for each metric of the readings, with its sentence.

    Parameters
    ----------
    history, ahead
        As `outlook` takes them.
    summary
        What ``analysis.summarize_metrics`` returned.
    readings
        Columns metric and reading, a row a chart.
    """
    rows = {str(row["metric"]): row for row in summary.to_dict("records")}
    told = [(str(one["metric"]), str(one["reading"])) for one in readings.to_dict("records")]
    items = [outlook(history, ahead, rows[name], reading=text) for name, text in told if name in rows]
    return Gallery(tuple(items or [no_data("What lies ahead")]))


def _columns(unit: str) -> dict[str, Column]:
    titles = {"value": "Value", "low": "Low", "high": "High", "beside": "Other way"}
    figures = {key: Column(title, "value", unit) for key, title in titles.items()}
    return {"month": Column("Month", "month")} | figures | {"note": Column("Note")}


Told = tuple[str, Formats]


def _draw_band(rows: Sequence[Any], axes: tuple[alt.X, alt.Y], style: str) -> list[alt.Chart]:
    """Return an area for each run of months with limits of one level, so that a new level breaks it."""
    points = [
        {
            "x": to_milliseconds(one["period_start"]),
            "y": one["low"],
            "y2": one["high"],
            "level": int(one.get("level", 0)),
        }
        for one in rows
        if is_known(one["low"]) and is_known(one["high"])
    ]
    return [layer(points).mark_area(style=style).encode(*axes, y2="y2:Q", detail="level:N")] if points else []


def _draw_target(row: Any, past: Sequence[Any], future: Sequence[Any]) -> list[alt.Chart]:
    if not is_known(row.get("target")):
        return []
    ends = [to_milliseconds(one["period_start"]) for one in (past[0], (*past, *future)[-1])]
    rule = layer([{"x": ends[0], "x2": ends[1], "y": row["target"]}]).mark_rule(style="mops-target")
    return [rule.encode(X, alt.Y("y:Q"), x2="x2")]


def _draw_past(past: Sequence[Any], axes: tuple[alt.X, alt.Y], told: Told) -> list[alt.Chart]:
    unit, formats = told
    points, segment = [], 0
    for one in past:
        if not is_known(one["value"]):
            segment += 1
            continue
        note = {"outside": "outside its limits", "shift": "a new level begins"}.get(str(one["signal"]), "usual")
        shown = {"month": formats.month(one["period_start"]), "value": formats.value(one["value"], unit), "note": note}
        points.append({"x": to_milliseconds(one["period_start"]), "y": one["value"], "segment": segment} | shown)
    tooltip = make_tooltip(month="Month", value="Value", note="Reading")
    layers = [
        layer(points).mark_line(style="mops-line").encode(*axes, detail="segment:N"),
        layer(points).mark_point(style="mops-point", filled=True).encode(*axes, tooltip=tooltip),
    ]
    odd = [point for point in points if point["note"] == "outside its limits"]
    return (
        [*layers, layer(odd).mark_point(style="mops-goal", filled=True).encode(*axes, tooltip=tooltip)]
        if odd
        else layers
    )


def _draw_ahead(past: Sequence[Any], future: Sequence[Any], axes: tuple[alt.X, alt.Y], told: Told) -> list[alt.Chart]:
    if not future:
        return []
    unit, formats = told
    last = next(one for one in reversed(past) if is_known(one["value"]))
    start = {"x": to_milliseconds(last["period_start"]), "y": last["value"]}
    points = [
        {
            **{
                "x": to_milliseconds(one["period_start"]),
                "y": one["median"],
                "month": formats.month(one["period_start"]),
            },
            "value": formats.value(one["median"], unit),
            "span": f"{formats.value(one['low'], unit)} to {formats.value(one['high'], unit)}",
        }
        for one in future
    ]
    beside = [
        {"x": to_milliseconds(one["period_start"]), "y": one["beside"]} for one in future if is_known(one["beside"])
    ]
    tooltip = make_tooltip(month="Month", value="Forecast", span="80% interval")
    layers = _draw_band(future, axes, "mops-area")
    if beside:
        layers.append(layer(beside).mark_line(style="mops-plan").encode(*axes))
    layers.append(layer([start, *points]).mark_line(style="mops-open").encode(*axes))
    return [*layers, layer(points).mark_point(style="mops-hollow", filled=True, size=28).encode(*axes, tooltip=tooltip)]


def _draw_labels(row: Any, rows: Sequence[Any], scale: ValueScale, told: Told) -> list[alt.Chart]:
    unit, formats = told
    last = rows[-1]
    value = last.get("median", last.get("value"))
    labels = [("mops-label", float(value), formats.value(value, unit))] if is_known(value) else []
    if is_known(last.get("beside")):
        labels.append(("mops-note", float(last["beside"]), "other way"))
    if is_known(row.get("target")):
        labels.append(("mops-note", float(row["target"]), "target"))
    return label_ends(labels, to_milliseconds(last["period_start"]), scale, HEIGHT)


def _find_title(name: str, past: Sequence[Any], future: Sequence[Any], told: Told) -> str:
    unit, formats = told
    outside = sum(one["signal"] == "outside" for one in past)
    if not future:
        return f"{name}: {outside or 'no'} {'month' if outside == 1 else 'months'} outside the limits, no forecast"
    last = future[-1]
    span = f"{formats.value(last['low'], unit)} to {formats.value(last['high'], unit)}"
    return f"{name}: {formats.value(last['median'], unit)} forecast for {formats.month(last['period_start'])} ({span})"


def _explain(past: Sequence[Any], future: Sequence[Any]) -> str:
    parts = ["Shaded: the natural limits of each month"] if any(is_known(one["low"]) for one in past) else []
    if any(one["signal"] == "outside" for one in past):
        parts.append("Ring: a month outside them")
    if future:
        parts.append("Dotted: the forecast with its 80% interval")
    if any(is_known(one["beside"]) for one in future):
        parts.append("Dashed: the other way to forecast that was tested")
    return "".join(f"{part}. " for part in parts).strip()


def _describe(name: str, past: Sequence[Any], future: Sequence[Any]) -> str:
    formats = theme.current().formats
    first, last = (formats.month(one["period_start"]) for one in (past[0], past[-1]))
    outside = [formats.month(one["period_start"]) for one in past if one["signal"] == "outside"]
    text = f"Line chart of {name} by month, {first} to {last}, with natural limits. "
    text += f"Outside: {', '.join(outside)}." if outside else "No month lies outside."
    return f"{text} A forecast follows to {formats.month(future[-1]['period_start'])}." if future else text


def _tabulate(past: Sequence[Any], future: Sequence[Any]) -> pd.DataFrame:
    notes = {"outside": "outside its limits", "shift": "a new level begins"}
    rows = [
        {"month": to_date(one["period_start"]), "value": one["value"], "low": one["low"], "high": one["high"]}
        | {"beside": None, "note": notes.get(str(one["signal"]), "")}
        for one in past
    ]
    rows += [
        {"month": to_date(one["period_start"]), "value": one["median"], "low": one["low"], "high": one["high"]}
        | {"beside": one["beside"], "note": "forecast"}
        for one in future
    ]
    frame = pd.DataFrame(rows)
    return frame.astype({"value": float, "low": float, "high": float, "beside": float})
