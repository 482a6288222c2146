"""One metric by month: its line, its usual range, its target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from mopsnb.view import theme
from mopsnb.view.axes import ValueScale, month_axis, scale_values, to_milliseconds
from mopsnb.view.columns import Column
from mopsnb.view.figure import Figure, Words, make_figure, read_spec
from mopsnb.view.formats import Formats, to_date
from mopsnb.view.html import Html
from mopsnb.view.marks import Label, X, Y, label_ends, label_points, layer, make_tooltip
from mopsnb.view.series import Series, read_row, read_series
from mopsnb.view.text import no_data

HEIGHT = 260
FEW = 12  # months that leave room for a label above the line


def trend(monthly: pd.DataFrame, summary: Any = None, *, title: str = "", reading: str = "") -> Figure | Html:
    """Return one metric by month: the line, its usual range, its target.

    The line breaks where a month has no data; such a month carries a cross on the axis. A month that is not over
    is a hollow point on a dotted line.

    Parameters
    ----------
    monthly
        Columns period_start and value, where known also denominator, is_complete and metric. Rows of other metrics
        than the summary's are left out.
    summary
        A row of ``analysis.summarize_metrics``, or any mapping. What it holds is drawn or said: metric, title, unit,
        usual_low and usual_high (the shaded range), low, high and interval (of the latest month), target, formula,
        signal, reading.
    title
        The finding; empty: latest value and change in words.
    reading
        The sentence below; empty: the summary's.

    Returns
    -------
    Figure or Html
        A note that there is no data, where no month has a value.

    Raises
    ------
    ValueError
        A column is missing, or a month stands twice.
    """
    row = read_row(summary)
    formats = theme.current().formats
    if "metric" in row and "metric" in monthly.columns:
        monthly = monthly[monthly["metric"] == row["metric"]]
    name = str(row.get("title") or row.get("metric") or "Value")
    series = read_series(monthly)
    if not series.known:
        return no_data(name, fix=str(row.get("lacks", "")))
    unit = str(row.get("unit", ""))
    extra = [row.get(key) for key in ("usual_low", "usual_high", "target")] + _interval(row)
    scale = scale_values([*series.numbers, *extra], unit, name, formats)
    layers = [
        *_draw_range(row, series, scale),
        *_draw_target(row, series),
        *_draw_line(series, scale, unit, formats),
        *_draw_labels(row, series, scale, unit),
    ]
    words = Words(
        title=title or _find_title(row, series, name, formats),
        alt=_describe(row, series, name, formats),
        subtitle=_explain(row, series, formats),
        reading=reading or str(row.get("reading", "")),
    )
    spec = read_spec(alt.layer(*layers).properties(height=HEIGHT))
    return make_figure(spec, words, _tabulate(series), _columns(series, unit, name))


def _interval(row: Mapping[str, Any]) -> list[Any]:
    # The limits of the latest month alone; the usual range is drawn as a band.
    return [row.get("low"), row.get("high")] if "Wilson" in str(row.get("interval", "")) else []


def _draw_range(row: Mapping[str, Any], series: Series, scale: ValueScale) -> list[alt.Chart]:
    if "usual_low" not in row or "usual_high" not in row:
        return []
    ends = {
        "x": to_milliseconds(series.months[0]),
        "x2": to_milliseconds(series.months[-1]),
        "y": max(row["usual_low"], scale.low),
        "y2": min(row["usual_high"], scale.high),
    }
    return [layer([ends]).mark_rect(style="mops-band").encode(X, Y, x2="x2", y2="y2")]


def _draw_target(row: Mapping[str, Any], series: Series) -> list[alt.Chart]:
    if "target" not in row:
        return []
    ends = {"x": to_milliseconds(series.months[0]), "x2": to_milliseconds(series.months[-1]), "y": row["target"]}
    return [layer([ends]).mark_rule(style="mops-target").encode(X, Y, x2="x2")]


def _draw_line(series: Series, scale: ValueScale, unit: str, formats: Formats) -> list[alt.Chart]:
    points = series.points(formats, unit)
    partial = points.pop() if series.partial is not None else None
    base = {"base": "Base"} if any(x is not None for x in series.bases) else {}
    tooltip = make_tooltip(month="Month", value="Value", **base)
    axes = (month_axis(series.months), scale.axis())
    line = layer(points).mark_line(style="mops-line").encode(*axes, detail="segment:N")
    dots = layer(points).mark_point(style="mops-point", filled=True).encode(*axes, tooltip=tooltip)
    layers = [line, dots] if points else []
    if partial:
        ends = [points[-1], partial] if points and points[-1]["segment"] == partial["segment"] else []
        if ends:
            layers.append(layer(ends).mark_line(style="mops-open").encode(*axes))
        layers.append(layer([partial]).mark_point(style="mops-hollow", filled=True).encode(*axes, tooltip=tooltip))
    if gaps := series.gaps(formats):
        crosses = layer([gap | {"y": scale.low} for gap in gaps]).mark_point(
            style="mops-gap", filled=True, shape="cross", angle=45
        )
        layers.append(crosses.encode(*axes, tooltip=make_tooltip(month="Month", value="Value")))
    return layers


def _draw_labels(row: Mapping[str, Any], series: Series, scale: ValueScale, unit: str) -> list[alt.Chart]:
    formats = theme.current().formats
    labels: list[Label] = []  # what stands right of the plot
    layers: list[alt.Chart] = []
    latest, partial = series.latest, series.partial
    if latest is not None:
        value = series.numbers[latest] or 0.0
        point = {"x": to_milliseconds(series.months[latest]), "y": value, "text": formats.value(value, unit)}
        if low_high := _interval(row):
            layers.append(
                layer([point | {"y": low_high[0], "y2": low_high[1]}])
                .mark_rule(style="mops-interval")
                .encode(X, Y, y2="y2")
            )
        layers.append(layer([point]).mark_point(style="mops-latest", filled=True).encode(X, Y))
        if partial is None or len(series.months) > FEW:
            labels.append(("mops-label", value, str(point["text"])))
        else:
            layers += label_points([point], "mops-label", dy=-13)
    if partial is not None:
        labels.append(("mops-note", series.numbers[partial] or 0.0, "so far"))
    if "target" in row:
        labels.append(("mops-note", row["target"], f"target\n{formats.value(row['target'], unit)}"))
    return layers + label_ends(labels, to_milliseconds(series.months[-1]), scale, HEIGHT)


def _find_title(row: Mapping[str, Any], series: Series, name: str, formats: Formats) -> str:
    if series.latest is None:
        return f"{name}: no complete month yet"
    value, month = series.numbers[series.latest] or 0.0, series.months[series.latest]
    text = f"{name}: {formats.value(value, str(row.get('unit', '')))} in {formats.month(month)}"
    before = series.numbers[series.latest - 1] if series.latest else None
    if before:
        text += f", {formats.change(value / before - 1, formats.month_name(series.months[series.latest - 1]))}"
    signal = str(row.get("signal", ""))
    return f"{text}, {signal} the usual range" if signal in ("above", "below", "inside") else text


def _explain(row: Mapping[str, Any], series: Series, formats: Formats) -> str:
    unit = str(row.get("unit", ""))
    parts = [f"Formula: {row['formula']}"] if "formula" in row else []
    if "usual_low" in row and "usual_high" in row:
        span = f"{formats.value(row['usual_low'], unit)} to {formats.value(row['usual_high'], unit)}"
        parts.append(f"Shaded: the usual range, {span}")
    if interval := _interval(row):
        span = " to ".join(formats.value(x, unit) for x in interval)
        parts.append(f"Thick bar: the 95% interval of the latest month, {span}")
    if series.partial is not None:
        parts.append(f"Hollow: {formats.month(series.months[series.partial])}, not over yet")
    if len(series.known) < len(series.months):
        parts.append("Cross: a month without data")
    return "".join(f"{part.rstrip('.')}. " for part in parts).strip()


def _describe(row: Mapping[str, Any], series: Series, name: str, formats: Formats) -> str:
    unit = str(row.get("unit", ""))

    def tell(place: int) -> str:
        return f"{formats.value(series.numbers[place], unit)} in {formats.month(series.months[place])}"

    first, last = formats.month(series.months[0]), formats.month(series.months[-1])
    low = min(series.known, key=lambda place: (series.numbers[place], place))
    high = max(series.known, key=lambda place: (series.numbers[place], -place))
    text = f"Line chart of {name} by month, {first} to {last}. Lowest {tell(low)}, highest {tell(high)}"
    if series.latest is not None:
        text += f", latest complete month {tell(series.latest)}"
    if "target" in row:
        text += f". Target {formats.value(row['target'], unit)}"
    missing = len(series.months) - len(series.known)
    return f"{text}." + (f" {missing} {'month has' if missing == 1 else 'months have'} no data." if missing else "")


def _tabulate(series: Series) -> pd.DataFrame:
    notes = [
        "no data" if value is None else "" if done else "not over yet"
        for value, done in zip(series.numbers, series.complete, strict=True)
    ]
    frame = {"month": [to_date(month) for month in series.months], "value": series.numbers}
    return pd.DataFrame({**frame, "base": series.bases, "note": notes}).astype({"value": float, "base": float})


def _columns(series: Series, unit: str, name: str) -> dict[str, Column]:
    columns = {"month": Column("Month", "month"), "value": Column(name, "value", unit)}
    if any(base is not None for base in series.bases):
        columns["base"] = Column("Base", "count")
    if any(value is None for value in series.numbers) or not all(series.complete):
        columns["note"] = Column("Note")
    return columns
