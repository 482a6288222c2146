"""Two linked charts: months or scores above, their breakdown below, filtered by what the reader marks above."""

from __future__ import annotations

from typing import Any, Protocol

import altair as alt
import pandas as pd

from mopsnb.view import theme
from mopsnb.view.axes import ValueScale, month_axis, scale_values, to_milliseconds
from mopsnb.view.columns import Column
from mopsnb.view.figure import Figure, Words, make_figure, read_spec
from mopsnb.view.formats import Formats, is_known
from mopsnb.view.html import Html
from mopsnb.view.palette import PALETTES
from mopsnb.view.text import no_data

WIDTH, HEIGHT, BAR = 500, 190, 22
NAME = 210  # pixels of a segment's name
MARK = "Drag over the upper chart to mark {what}: the bars follow. A double click clears."
ASSUMED = [5, 4]


class Linked(Protocol):
    """What is drawn; `mopsnb.analysis.studies.Answer` is one."""

    @property
    def title(self) -> str:
        """The finding."""
        ...

    @property
    def lines(self) -> pd.DataFrame:
        """The upper part: x, series, value, is_known."""
        ...

    @property
    def parts(self) -> pd.DataFrame:
        """The lower part: x, segment, value, numerator, denominator."""
        ...

    @property
    def unit(self) -> str:
        """The unit above."""
        ...

    @property
    def measure(self) -> str:
        """What the values above are."""
        ...

    @property
    def axis(self) -> str:
        """What x is; empty for months."""
        ...

    @property
    def part_unit(self) -> str:
        """The unit below."""
        ...

    @property
    def part_measure(self) -> str:
        """What the values below are."""
        ...

    @property
    def is_ratio(self) -> bool:
        """Whether the lower part is numerator ÷ denominator."""
        ...


def linked(answer: Linked) -> Figure | Html:
    """Return two charts of which the lower one follows what is marked in the upper one.

    Returns
    -------
    Figure or Html
        A note that there is no data, where no value is known.
    """
    lines = answer.lines[answer.lines["value"].map(is_known)]
    if not len(lines):
        return no_data(answer.title)
    formats = theme.current().formats
    brush = alt.selection_interval(name="marked", encodings=["x"])
    # An empty mark, and every mark that leads nowhere, is no filter.
    has_parts = len(answer.parts) > 0
    upper = _draw_lines(answer, lines, formats, brush if has_parts else None)
    chart = alt.vconcat(upper, _draw_parts(answer, formats, brush), spacing=26) if has_parts else upper
    what = "scores" if answer.axis else "months"
    words = Words(answer.title, f"{answer.title}. {answer.measure}.", MARK.format(what=what) if has_parts else "")
    columns = {"series": Column("Series", "text"), "value": Column(answer.measure, "value", answer.unit)}
    return make_figure(read_spec(chart.resolve_scale(color="independent") if has_parts else chart), words,
                       answer.lines, columns)  # fmt: skip


def _place(answer: Linked, x: Any) -> float:
    return float(x) if answer.axis else to_milliseconds(x)


def _draw_lines(answer: Linked, lines: pd.DataFrame, formats: Formats, brush: alt.Parameter | None) -> Any:
    scale = scale_values(lines["value"], answer.unit, answer.measure, formats)
    names = list(dict.fromkeys(lines["series"]))
    colors = alt.Scale(domain=names, range=[_pick_color(name, place) for place, name in enumerate(names)])
    records = [
        {"x": _place(answer, x), "y": float(value), "series": series, "assumed": not known}
        | {"shown": formats.value(value, answer.unit), "when": _name_x(answer, x, formats)}
        for x, series, value, known in zip(*(lines[name] for name in ("x", "series", "value", "is_known")), strict=True)
    ]
    base = alt.Chart(alt.InlineData(values=records)).encode(
        _x_axis(answer, lines), _y_axis(scale), color=alt.Color("series:N", scale=colors, legend=_legend(names)),
        tooltip=[alt.Tooltip("series:N", title="Series"), alt.Tooltip("when:N", title=answer.axis or "Month"),
                 alt.Tooltip("shown:N", title="Value")],
    )  # fmt: skip
    if answer.axis:
        layers: list[alt.Chart] = [base.mark_bar(size=6)]
    else:
        dash = alt.condition("datum.assumed", alt.value(ASSUMED), alt.value([1, 0]))
        line = base.transform_filter("!datum.assumed").mark_line(strokeWidth=2)
        ahead = base.transform_filter("datum.assumed").mark_line(strokeWidth=2).encode(strokeDash=dash)
        layers = [ahead, line, base.mark_point(filled=True, size=26, opacity=1)]
    if brush is not None:
        layers[0] = layers[0].add_params(brush)
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)


def _pick_color(name: str, place: int) -> str:
    look = PALETTES["light"]
    return {"What if": look.series[1], "Plan": look.muted, "Path": look.muted, "Promise": look.muted}.get(
        name, look.series[0] if place == 0 or name == "Actual" else look.series[(place + 1) % len(look.series)]
    )


def _legend(names: list[str]) -> alt.Legend | None:
    return alt.Legend(orient="top", title=None, offset=34) if len(names) > 1 else None


def _x_axis(answer: Linked, lines: pd.DataFrame) -> alt.X:
    if answer.axis:
        return alt.X("x:Q", scale=alt.Scale(zero=False, nice=False), axis=alt.Axis(title=answer.axis, format="d"))
    return month_axis(sorted(set(lines["x"])))


def _y_axis(scale: ValueScale) -> alt.Y:
    return scale.axis()


def _name_x(answer: Linked, x: Any, formats: Formats) -> str:
    return f"{x:g}" if answer.axis else formats.month(x)


def _draw_parts(answer: Linked, formats: Formats, brush: alt.Parameter) -> Any:
    parts = answer.parts
    records: list[dict[str, Any]] = [
        {"x": _place(answer, x), "segment": segment}
        | {str(name): float(value) if is_known(value) else None for name, value in numbers.items()}
        for x, segment, numbers in zip(
            parts["x"], parts["segment"], parts[["value", "numerator", "denominator"]].to_dict("records"), strict=True
        )
    ]
    chart = alt.Chart(alt.InlineData(values=records)).transform_filter(brush)
    if answer.is_ratio:
        chart = chart.transform_filter("isValid(datum.numerator) && isValid(datum.denominator)")
        chart = chart.transform_aggregate(top="sum(numerator)", base="sum(denominator)", groupby=["segment"])
        # A share without a base is missing, and no bar of length 0.
        chart = chart.transform_calculate(total="datum.base > 0 ? datum.top / datum.base : null")
    else:
        chart = chart.transform_filter("isValid(datum.value)")
        chart = chart.transform_aggregate(total="sum(value)", groupby=["segment"])
    style = _write_format(answer.part_unit)
    code = f", {formats.currency_code}" if answer.part_unit == "currency" and formats.currency_code else ""
    title = f"{answer.part_measure}{code}"
    count = parts["segment"].nunique()
    return (
        chart.transform_filter("isValid(datum.total)")
        .mark_bar(style="mops-bar", height={"band": 0.72})
        .encode(
            x=alt.X("total:Q", axis=alt.Axis(title=title, format=style, tickCount=5, grid=True)),
            y=alt.Y("segment:N", sort="-x", axis=alt.Axis(title=None, labelLimit=NAME)),
            tooltip=[alt.Tooltip("segment:N", title="Part"), alt.Tooltip("total:Q", title=title, format=style)],
        )
        .properties(width=WIDTH, height=max(2, count) * BAR)
    )


def _write_format(unit: str) -> str:
    return {"fraction": ".2~%", "ratio": ",.2f", "currency": ",.0f", "count": ",.4~g"}.get(unit, ",.2f")
