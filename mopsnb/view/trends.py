"""One metric by month: its line, its usual range, its target, and its forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from altair.utils.schemapi import debug_mode

from mopsnb.view import theme
from mopsnb.view.axes import month_axis, scale_values
from mopsnb.view.columns import Column
from mopsnb.view.figure import Figure, Words, make_figure, read_layers
from mopsnb.view.formats import Formats, is_known, to_date
from mopsnb.view.gallery import Gallery
from mopsnb.view.html import Html
from mopsnb.view.series import Series, list_records, read_row, read_series, require_columns
from mopsnb.view.text import no_data
from mopsnb.view.trend_layers import (
    HEIGHT,
    draw_ahead,
    draw_band,
    draw_labels,
    draw_lacks,
    draw_months,
    draw_target,
    name_lack,
    read_interval,
)

_NOTES = {"outside": "outside its usual range", "shift": "a new level begins about here"}
LIMITS = ("metric", "period_start", "low", "high", "level", "signal")
AHEAD = ("metric", "period_start", "median", "low", "high")


def trend(
    monthly: pd.DataFrame,
    summary: Any = None,
    *,
    limits: pd.DataFrame | None = None,
    ahead: pd.DataFrame | None = None,
    title: str = "",
    reading: str = "",
) -> Figure | Html:
    """Return one metric by month: the line, its usual range, its target, and its forecast.

    The line breaks where a month has no data; such a month carries a cross on the axis. A month that is not over
    is a hollow point on a dotted line. A month that lacks days of data carries a triangle.

    Parameters
    ----------
    monthly
        Columns period_start and value, where known also denominator, is_complete and metric. Rows of other metrics
        than the summary's are left out.
    summary
        A row of ``analysis.summarize_metrics``, or any mapping. What it holds is drawn or said: metric, title, unit,
        usual_low and usual_high (of the latest month), low, high and interval (of the latest month), target, formula,
        signal, reading.
    limits
        What ``analysis.chart_metrics`` returned: the usual range of each month, shaded, and a ring at each month
        outside; where ``analysis.mark_missing`` added them, the days that a month lacks. Needs the summary's metric.
        None: none of these is drawn.
    ahead
        What ``forecast.tabulate_forecasts`` returned. Needs the summary's metric. None: no forecast is drawn.
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
    usual, future = _select(limits, LIMITS, row, series), _select(ahead, AHEAD, row, series)
    extra = [one[key] for one in usual for key in ("low", "high")] + [row.get("target")] + read_interval(row)
    extra += [one.get(key) for one in future for key in ("median", "low", "high", "beside")]
    scale = scale_values([*series.numbers, *extra], unit, name, formats)
    axes = (month_axis([*series.months, *(one["period_start"] for one in future)]), scale.axis())
    last = future[-1]["period_start"] if future else series.months[-1]
    outside = [one["period_start"] for one in usual if one["signal"] == "outside"]
    lacks = {to_date(one["period_start"]): int(one["missing_days"]) for one in usual if one.get("missing_days")}
    with debug_mode(False):  # Altair compares each part with its schema; tests hold the whole chart to it
        layers = [
            *draw_band(usual, axes, "mops-band"),
            *draw_target(row.get("target"), series.months[0], last),
            *draw_ahead(series, future, axes, unit, formats),
            *draw_months(series, outside, axes, scale.low, unit, formats),
            *draw_lacks(series, lacks, axes, formats, unit),
            *draw_labels(row, series, future, scale, unit),
        ]
    words = Words(
        title=title or _find_title(row, series, name, formats),
        alt=_describe(row, series, outside, lacks, future, name),
        subtitle=_explain(row, series, usual, future, formats),
        reading=reading or str(row.get("reading", "")),
    )
    spec = read_layers(layers, HEIGHT)
    return make_figure(spec, words, _tabulate(series, usual, future), _columns(series, usual, future, unit, name))


def trend_gallery(
    monthly: pd.DataFrame,
    rows: Sequence[Any],
    *,
    limits: pd.DataFrame | None = None,
    ahead: pd.DataFrame | None = None,
) -> Gallery:
    """Return a `trend` for each row, in this order."""
    return Gallery(tuple(trend(monthly, row, limits=limits, ahead=ahead) for row in rows))


def _select(
    frame: pd.DataFrame | None, names: tuple[str, ...], row: Mapping[str, Any], series: Series
) -> list[dict[str, Any]]:
    """Return the metric's rows from the first month that is drawn on."""
    if frame is None:
        return []
    require_columns(frame, names, "a trend")
    is_shown = (frame["metric"] == row.get("metric")) & (frame["period_start"] >= pd.Timestamp(series.months[0]))
    return list_records(frame[is_shown].sort_values("period_start"))


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


def _explain(
    row: Mapping[str, Any],
    series: Series,
    usual: Sequence[Mapping[str, Any]],
    future: Sequence[Any],
    formats: Formats,
) -> str:
    unit = str(row.get("unit", ""))
    parts = [f"Formula: {row['formula']}"] if "formula" in row else []
    latest = ""
    if "usual_low" in row and "usual_high" in row:
        latest = formats.span(row["usual_low"], row["usual_high"], unit)
    if any(is_known(one["low"]) for one in usual):
        parts.append(f"Shaded: the usual range of each month{latest and f', {latest} for the latest'}")
    elif latest:
        parts.append(f"Usual range of the latest month: {latest}")
    if any(one["signal"] == "outside" for one in usual):
        parts.append("Ring: a month outside it")
    if any(one.get("missing_days") for one in usual):
        parts.append("Triangle: a month that lacks days of data, so a dip there may be no signal")
    if interval := read_interval(row):
        parts.append(f"Thick bar: the 95% interval of the latest month, {formats.span(interval[0], interval[1], unit)}")
    if future:
        parts.append("Dotted: the forecast with its 80% interval")
    if any(is_known(one.get("beside")) for one in future):
        parts.append("Dashed: the other way to forecast that was tested")
    if series.partial is not None:
        parts.append(f"Hollow: {formats.month(series.months[series.partial])}, not over yet")
    if len(series.known) < len(series.months):
        parts.append("Cross: a month without data")
    return "".join(f"{part.rstrip('.')}. " for part in parts).strip()


def _describe(
    row: Mapping[str, Any],
    series: Series,
    outside: Sequence[Any],
    lacks: Mapping[Any, int],
    future: Sequence[Mapping[str, Any]],
    name: str,
) -> str:
    unit, formats = str(row.get("unit", "")), theme.current().formats

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
    if outside:
        text += f". Outside the usual range: {', '.join(map(formats.month, outside))}"
    if lacks:
        text += f". Days of data missing: {', '.join(f'{days} in {formats.month(day)}' for day, days in lacks.items())}"
    if future:
        span = formats.span(future[-1]["low"], future[-1]["high"], unit)
        text += f". Forecast for {formats.month(future[-1]['period_start'])}: "
        text += f"{formats.value(future[-1]['median'], unit)}, 80% interval {span}"
    missing = len(series.months) - len(series.known)
    return f"{text}." + (f" {missing} {'month has' if missing == 1 else 'months have'} no data." if missing else "")


def _tabulate(series: Series, usual: Sequence[Any], future: Sequence[Any]) -> pd.DataFrame:
    known = {to_date(one["period_start"]): one for one in usual}
    rows = []
    for place, (month, value) in enumerate(zip(series.months, series.numbers, strict=True)):
        one = known.get(to_date(month), {})
        note = _NOTES.get(str(one.get("signal", "")), "")
        lack = name_lack(int(one["missing_days"])) if one.get("missing_days") else ""
        note = ", ".join(filter(None, (note, lack)))
        note = "no data" if value is None else note if series.complete[place] else "not over yet"
        row = {"month": to_date(month), "value": value, "base": series.bases[place], "note": note}
        rows.append(row | {"low": one.get("low"), "high": one.get("high")})
    for one in future:
        row = {"month": to_date(one["period_start"]), "value": one["median"], "base": None, "note": "forecast"}
        rows.append(row | {"low": one["low"], "high": one["high"]})
    return pd.DataFrame(rows).astype(dict.fromkeys(("value", "base", "low", "high"), float))


def _columns(series: Series, usual: Sequence[Any], future: Sequence[Any], unit: str, name: str) -> dict[str, Column]:
    columns = {"month": Column("Month", "month"), "value": Column(name, "value", unit)}
    if usual or future:
        columns |= {"low": Column("Low", "value", unit), "high": Column("High", "value", unit)}
    if any(base is not None for base in series.bases):
        columns["base"] = Column("Base", "count")
    if usual or future or any(value is None for value in series.numbers) or not all(series.complete):
        columns["note"] = Column("Note")
    return columns
