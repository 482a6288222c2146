"""One output of a notebook that draws: a figure of the page, or a picture."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from mopsnb.run.drawings import EMPTY, clean_svg
from mopsnb.run.markup import make_slug, take_id

MIME = "application/vnd.mopsnb.figure+json"
VEGA_LITE = ("application/vnd.vegalite.v6+json", "application/vnd.vegalite.v5+json")
NO_ALT = "A chart without a description"
USUAL_HEIGHT = 420  # pixels


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a figure's data table: its heading, and whether its cells are figures."""

    title: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class PageFigure:
    """What the template ``figure.html.j2`` shows.

    Parameters
    ----------
    id
        Unique on the page and stable between runs.
    title
        What the chart finds, in one line.
    alt
        What a reader sees who cannot see the chart.
    subtitle
        Formula, base and unit.
    reading
        A computed sentence below the chart.
    svg
        The picture that stands without scripts and in print.
    spec
        The Vega-Lite specification as JSON text that is safe inside a script element; empty where there is none.
    columns, rows
        The data as a table, every cell as text.
    """

    id: str
    title: str
    alt: str
    subtitle: str = ""
    reading: str = ""
    svg: Markup = EMPTY
    spec: Markup = EMPTY
    columns: Sequence[Column] = ()
    rows: Sequence[Sequence[str]] = ()

    @property
    def is_tall(self) -> bool:
        """Whether the picture is too tall to be printed as small as a usual chart."""
        found = re.search(r'<svg[^>]* height="(\d+)', self.svg)
        return found is not None and int(found[1]) > USUAL_HEIGHT


def read_figure(data: Mapping[str, Any], seen: set[str]) -> PageFigure | None:
    """Return the figure in an output's data, or None where it holds none.

    Parameters
    ----------
    data
        The output's data by mime type. mopsnb's own is preferred; a plain Vega-Lite chart or SVG does as well.
    seen
        The page's ids so far; the figure's are added.
    """
    svg = _text(data.get("image/svg+xml", ""))
    if isinstance(payload := data.get(MIME), Mapping):
        return _read_payload(payload, svg, seen)
    for mime in VEGA_LITE:
        if isinstance(spec := data.get(mime), Mapping):
            title = _spec_title(spec)
            anchor = take_id(make_slug(title or "chart"), seen)
            alt = str(spec.get("description") or title or NO_ALT)
            columns, rows = _read_data(spec)
            drawn = clean_svg(svg or _draw(spec), anchor, seen)
            return PageFigure(anchor, "", alt, svg=drawn, spec=dump_for_script(spec), columns=columns, rows=rows)
    if svg:
        anchor = take_id("picture", seen)
        return PageFigure(anchor, "", NO_ALT, svg=clean_svg(svg, anchor, seen))
    return None


def _read_payload(payload: Mapping[str, Any], svg: str, seen: set[str]) -> PageFigure:
    text = {name: str(payload.get(name) or "") for name in ("id", "title", "subtitle", "alt", "reading")}
    anchor = take_id(make_slug(text["id"] or text["title"] or "chart"), seen)
    spec = payload.get("spec")
    return PageFigure(
        id=anchor,
        title=text["title"],
        subtitle=text["subtitle"],
        alt=text["alt"] or text["title"] or NO_ALT,
        reading=text["reading"],
        svg=clean_svg(svg, anchor, seen),
        spec=dump_for_script(spec) if isinstance(spec, Mapping) else EMPTY,
        columns=[Column(str(item["label"]), item.get("align") == "right") for item in payload.get("columns") or ()],
        rows=payload.get("rows") or (),
    )


def _draw(spec: Mapping[str, Any]) -> str:
    from mopsnb.view.stills import draw_still, make_still_spec

    try:
        return draw_still(make_still_spec(spec))
    except ValueError:
        return ""  # the live chart says on the console what is wrong


def _read_data(spec: Mapping[str, Any]) -> tuple[list[Column], list[list[str]]]:
    """Return the largest of a plain chart's tables, as it stands in the specification."""
    inline = spec.get("data", {})
    given = [*spec.get("datasets", {}).values(), inline.get("values") if isinstance(inline, Mapping) else None]
    tables = [table for table in given if isinstance(table, list)]
    records = [row for row in max(tables, key=len, default=[]) if isinstance(row, Mapping)]
    names = list(dict.fromkeys(name for row in records for name in row))
    columns = [Column(str(name), all(isinstance(row.get(name), int | float) for row in records)) for name in names]
    return columns, [["–" if row.get(name) is None else str(row[name]) for name in names] for row in records]


def dump_for_script(value: Any) -> Markup:
    """Return JSON text that no HTML parser takes for markup, inside or outside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return Markup(text)  # noqa: S704 - holds no character that HTML gives a meaning to


def _spec_title(spec: Mapping[str, Any]) -> str:
    title = spec.get("title") or ""
    text = title.get("text", "") if isinstance(title, Mapping) else title
    return " ".join(text) if isinstance(text, list) else str(text)


def _text(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)
