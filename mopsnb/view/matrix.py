"""A matrix of ties: which row is tied to which column, and which stands alone."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from mopsnb.view import theme
from mopsnb.view.columns import Column
from mopsnb.view.figure import Figure, Words, make_figure, read_layers
from mopsnb.view.formats import is_known
from mopsnb.view.html import Html
from mopsnb.view.marks import layer, make_tooltip
from mopsnb.view.series import require_columns
from mopsnb.view.text import no_data

CELLS = 24  # pixels of a row's cells
LINE = 15  # pixels of a line of its name, above them
HEAD = 96  # pixels of the columns' names
LONG = 44  # letters of a line that a phone has room for
LINES = 2  # of a name
GAP = 0.06


def trace_matrix(links: pd.DataFrame, *, title: str = "", reading: str = "") -> Figure | Html:
    """Return goals and what they are tied to: a filled cell is a tie, a hollow one none.

    Parameters
    ----------
    links
        What ``analysis.list_links`` returned: goal, statement, link, kind and count (0: no tie), in the rows' order.
    title
        The finding; empty: how many goals stand alone in one column or more.
    reading
        A computed sentence that reads the chart.

    Returns
    -------
    Figure or Html
        A note that there is no data, where there is no goal.

    Raises
    ------
    ValueError
        A column is missing.
    """
    require_columns(links, ("goal", "statement", "link", "kind", "count"), "a matrix of ties")
    if not len(links):
        return no_data("Traceability", fix="Write goals in strategy.yml, with a metric and stakeholders.")
    links = links[links["count"].map(is_known)]
    titles = {str(goal): str(name) for goal, name in zip(links["goal"], links["statement"], strict=True)}
    rows, columns = list(titles), list(dict.fromkeys(links["link"]))
    names = [_wrap(titles[goal]) for goal in rows]
    head = LINE * max(len(lines) for lines in names) + 4
    height = head + CELLS
    cells = [_place(record, rows, columns, head / height) for record in links.to_dict("records")]
    alone = _list_alone(links, rows)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, len(columns)], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[-HEAD / height, len(rows)], nice=False, reverse=True), axis=None)
    heads = [{"x": place + 0.5, "y": -0.15, "text": name} for place, name in enumerate(columns)]
    labels = [
        {"x": 0.02, "y": place + (head - LINE * len(lines)) / height, "text": "\n".join(lines)}
        for place, lines in enumerate(names)
    ]
    tooltip = make_tooltip(row="Goal", column="Tied to", text="How often")
    full, empty = [c for c in cells if c["count"]], [c for c in cells if not c["count"]]
    corners: dict[str, Any] = {"x2": alt.X2("x2"), "y2": alt.Y2("y2")}
    layers = [
        layer(empty).mark_rect(style="mops-gap", filled=False).encode(x, y, tooltip=tooltip, **corners),
        layer(full).mark_rect(style="mops-bar").encode(x, y, tooltip=tooltip, **corners),
        layer(labels)
        .mark_text(style="mops-name", align="left", baseline="top", lineBreak="\n", lineHeight=LINE - 1)
        .encode(x, y, text=alt.Text("text:N")),
        layer(heads)
        .mark_text(style="mops-note", align="left", baseline="middle", angle=270)
        .encode(x, y, text=alt.Text("text:N")),
    ]
    shown = [kind for kind, part in zip(layers, (empty, full, labels, heads), strict=True) if part]
    spec = read_layers(shown, HEAD + height * len(rows))
    lack = f"{len(alone)} of {len(rows)} goals lack a metric, a task or a stakeholder"
    said = title or (lack if alone else "Every goal has its ties")
    words = Words(said, _describe(links, titles, alone), "A filled cell is a tie, a hollow one is none.", reading)
    table = links.pivot_table(index="goal", columns="link", values="count").reindex(index=rows, columns=columns)
    table = table.rename(index=titles).rename_axis(columns=None).reset_index()
    table.columns = ["statement", *(f"c{place}" for place in range(len(columns)))]
    described = {"statement": Column("Goal")} | {f"c{i}": Column(name, "count") for i, name in enumerate(columns)}
    return make_figure(spec, words, table, described)


def _place(record: dict[Any, Any], rows: list[str], columns: list[str], head: float) -> dict[str, Any]:
    row, column = rows.index(str(record["goal"])), columns.index(record["link"])
    count = int(record["count"])
    box = {"x": column + GAP, "x2": column + 1 - GAP, "y": row + head, "y2": row + head + 0.8 * (1 - head)}
    text = theme.current().formats.count(count)
    return box | {"row": record["statement"], "column": record["link"], "count": count, "text": text}


def _list_alone(links: pd.DataFrame, rows: list[str]) -> list[str]:
    """Return the rows that have no tie at all in one kind of column."""
    ties = links.groupby(["goal", "kind"], sort=False)["count"].sum()
    return [name for name in rows if (ties[name] == 0).any()]


def _describe(links: pd.DataFrame, titles: dict[str, str], alone: list[str]) -> str:
    ties = links.groupby(["goal", "kind"], sort=False)["count"].sum()
    parts = [
        f"{titles[name]}: no {' and no '.join(str(kind) for kind, n in ties[name].items() if n == 0)}" for name in alone
    ]
    start = f"Matrix of {len(titles)} goals and their metric, tasks and stakeholders. "
    return start + (f"Without a tie: {'; '.join(parts)}." if parts else "Each has a tie in every group.")


def _wrap(name: str) -> list[str]:
    """Return a name in lines that a phone has room for; what does not fit stands in the tooltip."""
    lines = wrap(name, LONG)
    return lines if len(lines) <= LINES else [*lines[: LINES - 1], f"{lines[LINES - 1][: LONG - 1].rstrip()}…"]
