"""Shares by month with their intervals and what was promised, a strip each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from mopsnb.view import theme
from mopsnb.view.axes import month_axis, to_milliseconds, wrap_name
from mopsnb.view.columns import Column
from mopsnb.view.figure import Figure, Words, make_figure, read_layers
from mopsnb.view.formats import Formats, is_known, to_date
from mopsnb.view.html import Html
from mopsnb.view.marks import LINE_HEIGHT, X, Y, layer, make_tooltip
from mopsnb.view.series import list_records, require_columns
from mopsnb.view.text import no_data

STRIP = 132  # pixels of one strip
MOST_STRIPS = 12
NAME_WIDTH = 40  # characters of a line of a name that fit a phone
_COLUMNS = ("period_start", "name", "value", "low", "high", "counted", "target", "is_complete", "is_below")
_ROOM = 0.62  # the part of a strip that its scale takes; the name stands above it
_STEP = 0.25  # the scale starts at a quarter


@dataclass(frozen=True, slots=True)
class _Strip:
    name: str
    rows: list[dict[str, Any]]

    @property
    def target(self) -> float | None:
        value = self.rows[-1]["target"]
        return float(value) if is_known(value) else None


def shares(frame: pd.DataFrame, *, title: str, reading: str = "") -> Figure | Html:
    """Return shares by month as strips, each month with its interval, and the share promised.

    All strips have one scale, up to 100% and down to the quarter that lies below every interval and promise. A month
    that is clearly below the promise is a triangle. A month that is not decided yet is hollow.

    Parameters
    ----------
    frame
        Columns period_start, name (of the strip), value, low and high (fractions; missing: no interval), counted (the
        base), target (missing: none), is_complete and is_below. Strips stand in the order of the
        frame.
    title
        The finding.
    reading
        A computed sentence that reads the chart.

    Returns
    -------
    Figure or Html
        A note that there is no data, where no month has a value.

    Raises
    ------
    ValueError
        A column is missing, or there are more than twelve strips.
    """
    require_columns(frame, _COLUMNS, "a chart of shares")
    known = frame[frame["value"].notna()]
    strips = [_Strip(str(name), list_records(known[known["name"] == name])) for name in known["name"].unique()]
    if not strips:
        return no_data(title)
    if len(strips) > MOST_STRIPS:
        raise ValueError(f"{len(strips)} strips are too many to read, at most {MOST_STRIPS}")
    formats = theme.current().formats
    months = list(pd.date_range(known["period_start"].min(), known["period_start"].max(), freq="MS"))
    span = to_milliseconds(months[0]), to_milliseconds(months[-1])
    lowest = [value for column in ("low", "value", "target") for value in known[column] if is_known(value)]
    bottom = min(max(math.floor(min(lowest) / _STEP) * _STEP, 0.0), 1 - _STEP)
    drawn = [_draw(strip, (len(strips) - 1 - place, bottom), span, formats) for place, strip in enumerate(strips)]
    records = {kind: [record for strip in drawn for record in strip[kind]] for kind in drawn[0]}
    spec = read_layers(_layer(records, months, len(strips)), STRIP * len(strips))
    words = Words(title, _describe(strips, months, formats), _explain(records, _write_round(bottom, formats)), reading)
    return make_figure(spec, words, _tabulate(strips), _list_columns())


def _draw(
    strip: _Strip, place: tuple[int, float], span: tuple[int, int], formats: Formats
) -> dict[str, list[dict[str, Any]]]:
    floor, bottom = place

    def lift(share: float) -> float:
        return round(floor + 0.06 + (share - bottom) / (1 - bottom) * _ROOM, 6)

    points = [
        {
            **{"x": to_date(row["period_start"]).isoformat(), "y": lift(row["value"])},
            **{"y1": lift(row["low"]), "y2": lift(row["high"]), "month": formats.month(row["period_start"])},
            "value": formats.value(row["value"], "fraction"),
            "interval": f"{formats.value(row['low'], 'fraction')} to {formats.value(row['high'], 'fraction')}",
            **{"base": formats.count(row["counted"]), "kind": _name_kind(row)},
        }
        for row in strip.rows
    ]
    target, last = strip.target, strip.rows[-1]
    free = bottom + (1 - bottom) * (0.9 if target is not None and target < (1 + bottom) / 2 else 0.35)
    edges = [{"x": span[0], "x2": span[1], "y": lift(share)} for share in (bottom, 1.0)]
    promise = [] if target is None else [{"x": span[1], "y": lift(target)}]
    return {
        "edges": edges,
        "targets": [edges[0] | {"y": item["y"]} for item in promise],
        "bars": points,
        "plain": [point for point in points if point["kind"] == "plain"],
        "below": [point for point in points if point["kind"] == "below"],
        "open": [point for point in points if point["kind"] == "open"],
        "names": [{"x": span[0], "y": floor + 0.97, "text": wrap_name(strip.name, NAME_WIDTH)}],
        "figures": [
            {"x": span[1], "y": lift(free), "text": f"last {formats.value(last['value'], 'fraction')}"},
        ],
        "notes": [item | {"text": f"promise {_write_round(target, formats)}"} for item in promise],
        "zeros": [{"x": span[1], "y": lift(bottom), "text": _write_round(bottom, formats)}],
    }


def _write_round(share: float | None, formats: Formats) -> str:
    """Return a share without decimals where it has none."""
    is_whole = share is not None and abs(share * 100 - round(share * 100)) < 1e-9
    return formats.percent(share, 0 if is_whole else None)


def _name_kind(row: Mapping[str, Any]) -> str:
    if row["is_below"]:
        return "below"
    return "plain" if row["is_complete"] else "open"


def _layer(records: Mapping[str, list[dict[str, Any]]], months: list[Any], count: int) -> list[alt.Chart]:
    blank = alt.Axis(labels=False, title=None, grid=False, values=[])
    x, y = month_axis(months), alt.Y("y:Q", scale=alt.Scale(domain=[0, count], nice=False), axis=blank)
    text: dict[str, Any] = {"align": "left", "lineBreak": "\n", "lineHeight": LINE_HEIGHT}
    label: dict[str, Any] = {"style": "mops-label", "fontWeight": 600, "baseline": "top", **text}
    note: dict[str, Any] = {"style": "mops-note", "baseline": "middle", "dx": 10, **text}
    tooltip = make_tooltip(month="Month", value="In time", interval="95% interval", base="Decided requests")
    triangle: dict[str, Any] = {"style": "mops-latest", "filled": True, "shape": "triangle-down"}
    parts: dict[str, alt.Chart] = {kind: layer(found) for kind, found in records.items()}
    rule: dict[str, Any] = {"x2": alt.X2("x2")}
    layers = {
        "edges": parts["edges"].mark_rule(style="mops-edge").encode(x, y, **rule),
        "targets": parts["targets"].mark_rule(style="mops-target").encode(x, y, **rule),
        "bars": parts["bars"].mark_rule(style="mops-interval").encode(x, y=alt.Y("y1:Q"), y2=alt.Y2("y2")),
        "plain": parts["plain"].mark_point(style="mops-point", filled=True).encode(x, y, tooltip=tooltip),
        "open": parts["open"].mark_point(style="mops-hollow", filled=True).encode(x, y, tooltip=tooltip),
        "below": parts["below"].mark_point(**triangle).encode(x, y, tooltip=tooltip),
        "names": parts["names"].mark_text(**label).encode(X, Y, text=alt.Text("text:N")),
        "figures": parts["figures"]
        .mark_text(**{**label, "baseline": "middle", "dx": 10})
        .encode(X, Y, text=alt.Text("text:N")),
        "notes": parts["notes"].mark_text(**note).encode(X, Y, text=alt.Text("text:N")),
        "zeros": parts["zeros"].mark_text(**note).encode(X, Y, text=alt.Text("text:N")),
    }
    return [chart for kind, chart in layers.items() if records[kind]]


def _explain(records: Mapping[str, list[dict[str, Any]]], bottom: str) -> str:
    parts = [
        f"Each strip runs from {bottom} to 100%. Bars: the 95% interval of the month, by when requests were opened"
    ]
    if records["targets"]:
        parts.append("Dashed: the share promised")
    if records["below"]:
        parts.append("Triangle: clearly below the promise")
    if records["open"]:
        parts.append("Hollow: the month is not over, or some of its requests are not decided")
    return " ".join(f"{part}." for part in parts)


def _describe(strips: list[_Strip], months: list[Any], formats: Formats) -> str:
    parts = []
    for strip in strips:
        last = strip.rows[-1]
        text = f"{strip.name} {formats.value(last['value'], 'fraction')} in {formats.month(last['period_start'])}"
        if strip.target is not None:
            text += f", promised {formats.value(strip.target, 'fraction')}"
        below = [formats.month(row["period_start"]) for row in strip.rows if row["is_below"]]
        parts.append(text + (f", clearly below in {', '.join(below)}" if below else ""))
    span = f"{formats.month(months[0])} to {formats.month(months[-1])}"
    return f"Shares by month with intervals, {span}: {'; '.join(parts)}."


def _tabulate(strips: list[_Strip]) -> pd.DataFrame:
    keys = ("period_start", "name", "counted", "value", "low", "high", "target")
    rows = [{key: row[key] for key in keys} for strip in strips for row in strip.rows]
    frame = pd.DataFrame(rows, columns=list(keys))
    return frame.sort_values(["name", "period_start"], kind="stable", ignore_index=True)


def _list_columns() -> dict[str, Column]:
    return {
        "period_start": Column("Month", "month"),
        "name": Column("Promise"),
        "counted": Column("Decided requests", "count"),
        "value": Column("In time", "percent"),
        "low": Column("From", "percent"),
        "high": Column("To", "percent"),
        "target": Column("Promised", "percent"),
    }
