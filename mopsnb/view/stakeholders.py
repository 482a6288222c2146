"""The map of stakeholders by power and interest."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from mopsnb.view.axes import wrap_name
from mopsnb.view.columns import Column
from mopsnb.view.figure import Figure, Words, make_figure, read_layers
from mopsnb.view.html import Html
from mopsnb.view.marks import layer, make_tooltip
from mopsnb.view.series import list_records, require_columns
from mopsnb.view.text import no_data

HEIGHT = 460
MOST_NAMES = 3  # of people in one place of the map; the table names all
HIGH = 3.5  # 4 and 5 count as high


def stakeholder_map(people: pd.DataFrame, *, title: str = "", reading: str = "") -> Figure | Html:
    """Return stakeholders on the map of power and interest; a hollow point is one whom no goal serves.

    Parameters
    ----------
    people
        What ``analysis.map_stakeholders`` returned: name, power and interest (1 to 5), quadrant, goals (how many).
    title
        The finding; empty: how many are to be managed closely, and how many have no goal.
    reading
        A computed sentence that reads the chart.

    Returns
    -------
    Figure or Html
        A note that there is no data, where there is nobody.

    Raises
    ------
    ValueError
        A column is missing.
    """
    require_columns(people, ("name", "power", "interest", "quadrant", "goals"), "a stakeholder map")
    if not len(people):
        return no_data("Stakeholder map", fix="Name the stakeholders in strategy.yml, each with power and interest.")
    points, labels = _place_people(people)
    axes = (_rate_axis("x", "Interest, 1 to 5"), _rate_axis("y", "Power, 1 to 5"))
    corners = [
        ("keep satisfied", 0.55, 5.42),
        ("manage closely", 3.6, 5.42),
        ("monitor", 0.55, 0.6),
        ("keep informed", 3.6, 0.6),
    ]
    corner = {"x": 3.5, "x2": 5.5, "y": 3.5, "y2": 5.5}
    notes = [{"x": x, "y": y, "text": text} for text, x, y in corners]
    layers = [
        layer([corner]).mark_rect(style="mops-band").encode(*axes, x2=alt.X2("x2"), y2=alt.Y2("y2")),
        layer([{"x": 3.5}]).mark_rule(style="mops-edge").encode(alt.X("x:Q")),
        layer([{"y": 3.5}]).mark_rule(style="mops-edge").encode(alt.Y("y:Q")),
        layer(notes).mark_text(style="mops-note", align="left", baseline="middle", fontStyle="italic").encode(
            axes[0], axes[1], text=alt.Text("text:N")
        ),
    ]  # fmt: skip
    tooltip = make_tooltip(name="Stakeholder", quadrant="Advice", goals="Goals")
    for style, served in (("mops-latest", True), ("mops-hollow", False)):
        group = [point for point in points if point["served"] is served]
        if group:
            layers.append(layer(group).mark_point(style=style, filled=True).encode(*axes, tooltip=tooltip))
    for up in (True, False):
        group = [label for label in labels if label["up"] is up]
        for style in ("mops-halo", "mops-name"):
            for size in sorted({label["lines"] for label in group}):
                shown = [label for label in group if label["lines"] == size]
                dy = -13 - 14 * (size - 1) if up else 14
                mark = layer(shown).mark_text(style=style, lineBreak="\n", lineHeight=14, baseline="middle", dy=dy)
                layers.append(mark.encode(*axes, text=alt.Text("text:N")))
    spec = read_layers(layers, HEIGHT)
    alone = int((people["goals"] == 0).sum())
    close = int((people["quadrant"] == "manage closely").sum())
    subtitle = "Power and interest from 1 to 5; 4 and 5 count as high." + (
        " Hollow: no goal serves them." if alone else ""
    )
    words = Words(title or _find_people(len(people), close, alone), _list_people(people), subtitle, reading)
    columns = {
        "name": Column("Stakeholder"),
        "power": Column("Power", "count"),
        "interest": Column("Interest", "count"),
        "quadrant": Column("Advice"),
        "goals": Column("Goals", "count"),
    }
    return make_figure(spec, words, people, columns)


def _rate_axis(channel: str, title: str) -> Any:
    scale = alt.Scale(domain=[0.5, 5.5], nice=False, zero=False)
    axis: dict[str, Any] = {"values": [1, 2, 3, 4, 5], "format": "d", "title": title, "grid": False}
    if channel == "x":
        return alt.X("x:Q", scale=scale, axis=alt.Axis(**axis))
    axis |= {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 0, "titleY": -12}
    return alt.Y("y:Q", scale=scale, axis=alt.Axis(**axis, titleBaseline="bottom"))


def _place_people(people: pd.DataFrame) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    # People with the same power and interest stand side by side under one label; labels of neighbors alternate.
    cells: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for person in list_records(people):
        cells.setdefault((int(person["interest"]), int(person["power"])), []).append(person)
    points = [point for cell, group in sorted(cells.items()) for point in _line_up(cell, group)]
    labels = []
    for (interest, power), group in sorted(cells.items()):
        names = [wrap_name(str(person["name"]), 12) for person in group]
        if len(names) > MOST_NAMES:
            names = [*names[: MOST_NAMES - 1], f"and {len(group) - MOST_NAMES + 1} more"]
        text = ",\n".join(names)
        beside = (interest - 1, power) in cells or (interest + 1, power) in cells
        up = beside and interest % 2 == 0 and power < 5
        labels.append({"x": interest, "y": power, "text": text, "lines": text.count("\n") + 1, "up": up})
    return points, labels


def _line_up(cell: tuple[int, int], group: list[dict[str, Any]]) -> list[dict[str, Any]]:
    gap = min(0.22, 0.8 / len(group))
    return [
        {
            "x": round(cell[0] + (place - (len(group) - 1) / 2) * gap, 4),
            "y": cell[1],
            "served": int(person["goals"]) > 0,
            **{key: str(person[key]) for key in ("name", "quadrant", "goals")},
        }
        for place, person in enumerate(group)
    ]


def _find_people(count: int, close: int, alone: int) -> str:
    who = f"{close} of {count} stakeholders {'is' if close == 1 else 'are'} to be managed closely"
    lonely = "every one has a goal" if not alone else f"{alone} {'has' if alone == 1 else 'have'} no goal"
    return f"{who}; {lonely}"


def _list_people(people: pd.DataFrame) -> str:
    rows = list_records(people)
    places = "; ".join(f"{row['name']} (power {row['power']}, interest {row['interest']})" for row in rows)
    return f"Map of stakeholders by power and interest: {places}."
