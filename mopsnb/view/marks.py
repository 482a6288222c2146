"""Marks that several ready-made charts draw: layers over a few records, labels that stay legible."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from mopsnb.view.axes import ValueScale

X = alt.X("x:T")
Y = alt.Y("y:Q")
LINE_HEIGHT = 14  # pixels

Label = tuple[str, float, str]  # style, value, text


class Records(alt.InlineData):
    """Data that charts share, as nobody changes them: Altair copies and checks them with every layer otherwise."""

    _class_is_valid_at_instantiation = False

    def __deepcopy__(self, memo: object) -> Records:
        return self


def layer(records: Sequence[dict[str, Any]]) -> alt.Chart:
    """Return an Altair chart over records, without marks yet."""
    return alt.Chart(Records(values=list(records)))


def make_tooltip(**fields: str) -> list[alt.Tooltip]:
    """Return a tooltip that shows these fields of text under these titles."""
    return [alt.Tooltip(f"{name}:N", title=title) for name, title in fields.items()]


def label_points(records: Sequence[dict[str, Any]], style: str, *, halo: bool = True, **mark: Any) -> list[alt.Chart]:
    """Return text at points, over a rim of the paper's color that keeps it legible on a line.

    Parameters
    ----------
    records
        x (a day), y and text. A line break in the text starts a new line.
    style
        ``mops-label``, ``mops-name`` or ``mops-note``.
    halo
        Whether it needs the rim.
    mark
        Properties of the text mark: dx, dy, align.
    """
    weight = {"fontWeight": 600} if style == "mops-label" else {}
    shape = {"lineBreak": "\n", "lineHeight": LINE_HEIGHT, "baseline": "middle"}
    names = ("mops-halo", style) if halo else (style,)
    texts = [layer(records).mark_text(**{**shape, **weight, **mark, "style": name}) for name in names]
    return [text.encode(X, Y, text=alt.Text("text:N")) for text in texts]


def label_ends(
    labels: Sequence[Label],
    x: int,
    scale: ValueScale,
    height: int,
    *,
    keys: tuple[Sequence[dict[str, Any]], alt.Scale] | None = None,
) -> list[alt.Chart]:
    """Return labels right of the plot, moved up or down where two would cover each other.

    Parameters
    ----------
    labels
        Style, value and text of each.
    x
        The right end of the plot, in milliseconds.
    scale
        The value axis.
    height
        The plot's height in pixels.
    keys
        A record with the field name for each label, and the scale that gives names their colors: a square of that
        color stands before the label.
    """
    lines = [text.count("\n") + 1 for _, _, text in labels]
    places = scale.spread([value for _, value, _ in labels], height, lines)
    layers: list[alt.Chart] = []
    for (style, _, text), place, count in zip(labels, places, lines, strict=True):
        up = -LINE_HEIGHT // 2 * (count - 1)  # Vega hangs further lines below the first
        record = {"x": x, "y": place, "text": text}
        layers += label_points([record], style, dx=24 if keys else 10, dy=up, align="left", halo=False)
    if keys:
        squares = [key | {"x": x, "y": y, "text": "■"} for key, y in zip(keys[0], places, strict=True)]
        mark = layer(squares).mark_text(style="mops-name", align="left", baseline="middle", dx=10, dy=-LINE_HEIGHT // 2)
        layers.append(mark.encode(X, Y, text=alt.Text("text:N"), color=alt.Color("name:N", scale=keys[1], legend=None)))
    return layers
