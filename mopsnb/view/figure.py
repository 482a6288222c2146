"""A chart with everything that it needs to be read: title, text alternative, reading and data.

One output carries the chart in four forms, so that it is drawn wherever the notebook is opened:

- ``application/vnd.vegalite.v5+json`` for JupyterLab, which knows no later Vega-Lite;
- ``image/svg+xml`` for print, for readers without scripts and for other viewers;
- ``application/vnd.mopsnb.figure+json`` for the report, whose page draws title and data itself;
- ``text/plain`` for a terminal.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import altair
import pandas as pd

from mopsnb.view import stills, theme
from mopsnb.view.columns import Column, describe_columns, write_cells

FIGURE_MIME = "application/vnd.mopsnb.figure+json"
LAB_MIME = "application/vnd.vegalite.v5+json"
LAB_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
LAB_WIDTH = 680  # pixels; what a notebook beside its file browser leaves
LINE = 76  # characters of a title that fit a notebook's width
_COMPOSED = ("hconcat", "vconcat", "concat", "facet", "repeat")


@dataclass(frozen=True, slots=True)
class Words:
    """What a chart says in words.

    Parameters
    ----------
    title
        The finding: what a reader takes away.
    alt
        What a reader sees who cannot see the chart.
    subtitle
        Formula, base and unit, and what shading and symbols mean.
    reading
        A computed sentence that reads the chart.
    """

    title: str
    alt: str
    subtitle: str = ""
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart as the output of a cell. Make one with `chart` or a ready-made chart.

    Parameters
    ----------
    words
        Title, text alternative, subtitle and reading.
    spec
        The Vega-Lite 6 specification with its data, without a title and without colors.
    columns
        The columns of the data table: name, label and align (``left`` or ``right``).
    rows
        The data table's cells as text.
    """

    words: Words
    spec: Mapping[str, Any]
    columns: tuple[Mapping[str, str], ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    _cache: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def id(self) -> str:
        """An id made of the title and the content: the same for the same chart, different for any other."""
        content = json.dumps([self.words.title, self.words.alt, self.spec], sort_keys=True, default=str)
        slug = re.sub(r"[^a-z0-9]+", "-", self.words.title.casefold()).strip("-")[:40].rstrip("-")
        return f"figure-{slug or 'chart'}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"

    def with_words(self, **changes: str) -> Figure:
        """Return the figure with another ``title``, ``subtitle``, ``alt`` or ``reading``."""
        return replace(self, words=replace(self.words, **changes), _cache={})

    def draw_svg(self) -> str:
        """Return the chart as SVG on white paper, without its title; ids are unique to the figure."""
        if "svg" not in self._cache:
            svg = stills.draw_still(stills.make_still_spec(self.spec))
            self._cache["svg"] = stills.finish_still(svg, self.id, self.words.alt)
        return self._cache["svg"]

    def make_lab_spec(self) -> dict[str, Any]:
        """Return the specification for JupyterLab: Vega-Lite 5, colors of the light mode, words above the chart.

        Its width is fixed: JupyterLab 4.6 stops answering when a chart asks for the width of its container.
        """
        spec = stills.draw_on_paper(self.spec, LAB_WIDTH)
        below = [line for part in (self.words.subtitle, self.words.reading) for line in textwrap.wrap(part, LINE + 14)]
        title = {"text": textwrap.wrap(self.words.title, LINE), "subtitle": below}
        return spec | {"$schema": LAB_SCHEMA, "title": {key: lines for key, lines in title.items() if lines}}

    def make_payload(self) -> dict[str, Any]:
        """Return what the report makes the figure from."""
        return {
            "id": self.id,
            "title": self.words.title,
            "subtitle": self.words.subtitle,
            "alt": self.words.alt,
            "reading": self.words.reading,
            "columns": [dict(column) for column in self.columns],
            "rows": [list(row) for row in self.rows],
            "spec": dict(self.spec),
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        still = {} if os.environ.get(stills.SWITCH) == "later" else {stills.MIME: self.draw_svg()}
        forms = {LAB_MIME: self.make_lab_spec(), FIGURE_MIME: self.make_payload(), "text/plain": repr(self)}
        return still | forms

    def __repr__(self) -> str:
        return "\n".join(part for part in (self.words.title, self.words.alt, self.words.reading) if part)


def chart(
    chart: altair.TopLevelMixin,
    *,
    title: str,
    alt: str,
    data: pd.DataFrame,
    columns: Mapping[str, Column] | None = None,
    reading: str = "",
) -> Figure:
    """Return an Altair chart as a figure that draws in JupyterLab and in the report.

    Parameters
    ----------
    chart
        The chart. A single or layered chart takes the width that there is; a chart of several panels keeps its own. A
        subtitle set on it (``alt.Title("", subtitle=…)``) is kept as the figure's subtitle.
    title
        The finding.
    alt
        What a reader sees who cannot see the chart.
    data
        The figures behind the chart, shown as a table.
    columns
        Which columns the table shows, and how; None: all, guessed from their types.
    reading
        A computed sentence that reads the chart.

    Raises
    ------
    ValueError
        Title or text alternative is empty, or a column does not exist.

    Examples
    --------
    >>> import altair, pandas
    >>> leads = pandas.DataFrame({"channel": ["search", "social"], "leads": [42, 17]})
    >>> bars = altair.Chart(leads).mark_bar().encode(x="leads:Q", y="channel:N")
    >>> figure = chart(bars, title="Search brings most leads", alt="Bars: search 42, social 17.", data=leads)
    >>> figure.rows
    (('search', '42'), ('social', '17'))
    """
    spec = read_spec(chart)
    given = spec.pop("title", None)
    lines = given.get("subtitle", "") if isinstance(given, dict) else ""
    subtitle = " ".join(lines) if isinstance(lines, list) else str(lines)
    return make_figure(spec, Words(title, alt, subtitle, reading), data, columns)


def make_figure(
    spec: Mapping[str, Any], words: Words, data: pd.DataFrame, columns: Mapping[str, Column] | None = None
) -> Figure:
    """Return a specification with its words and its data as a figure; for ready-made charts.

    Raises
    ------
    ValueError
        Title or text alternative is empty, or a column does not exist.
    """
    for name in ("title", "alt"):
        if not getattr(words, name).strip():
            raise ValueError(f"a chart needs its {name}: {'the finding' if name == 'title' else 'what it shows'}")
    formats = theme.current().formats
    shown = describe_columns(data, columns)
    cells = [write_cells(data, name, column, formats) for name, column in shown.items()]
    described = tuple({"name": name, "label": c.label, "align": c.align} for name, c in shown.items())
    kept = _fit(dict(spec)) | {"description": words.alt}
    if locale := theme.locale_config(formats):
        kept["config"] = {"locale": locale} | kept.get("config", {})
    return Figure(words, kept, described, tuple(zip(*cells, strict=True)))


def read_spec(chart: altair.TopLevelMixin) -> dict[str, Any]:
    """Return an Altair chart as a Vega-Lite specification without Altair's own colors."""
    with altair.theme.enable("none"):
        spec: dict[str, Any] = json.loads(json.dumps(chart.to_dict()))
    return spec


def read_layers(layers: Sequence[altair.Chart], height: float) -> dict[str, Any]:
    """Return layers over each other as one Vega-Lite specification; for ready-made charts.

    Each is written by Altair and put beside the others here: ``altair.layer`` copies every part of them twice, and
    comparing the whole with Vega-Lite's schema, as tests do, takes longer than the rest.

    Parameters
    ----------
    layers
        Without parameters, transforms of the whole, or views of their own.
    height
        Of the drawing, in pixels.
    """
    datasets: dict[str, Any] = {}
    drawn = []
    with altair.theme.enable("none"):
        for layer in layers:
            spec = layer.to_dict(validate=False)
            datasets |= spec.pop("datasets", {})
            drawn.append({name: part for name, part in spec.items() if name != "$schema"})
    whole = {"$schema": altair.SCHEMA_URL, "datasets": datasets, "height": height, "layer": drawn}
    combined: dict[str, Any] = json.loads(json.dumps(whole))
    return combined


def _fit(spec: dict[str, Any]) -> dict[str, Any]:
    panels = any(key in spec for key in _COMPOSED) or any(
        key in spec.get("encoding", {}) for key in ("row", "column", "facet")
    )
    if panels:
        return spec
    width = spec.get("width", "container")
    fitted = {"width": width, "height": spec.get("height", 280)}
    if width == "container":
        fitted["autosize"] = {"type": "fit-x", "contains": "padding"}
    return spec | fitted
