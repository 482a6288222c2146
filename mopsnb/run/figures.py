"""One output of a notebook that draws: a figure of the page, or a picture."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from mopsnb.run.markup import make_slug, separate_ids, take_id

MIME = "application/vnd.mopsnb.figure+json"
VEGA_LITE = ("application/vnd.vegalite.v6+json", "application/vnd.vegalite.v5+json")
NO_ALT = "A chart without a description"
EMPTY = Markup("")
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
            return PageFigure(anchor, "", alt, svg=_clean_svg(svg, anchor, seen), spec=dump_for_script(spec))
    if svg:
        anchor = take_id("picture", seen)
        return PageFigure(anchor, "", NO_ALT, svg=_clean_svg(svg, anchor, seen))
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
        svg=_clean_svg(svg, anchor, seen),
        spec=dump_for_script(spec) if isinstance(spec, Mapping) else EMPTY,
        columns=[Column(str(item["label"]), item.get("align") == "right") for item in payload.get("columns") or ()],
        rows=payload.get("rows") or (),
    )


def dump_for_script(value: Any) -> Markup:
    """Return JSON text that no HTML parser takes for markup, inside or outside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return Markup(text)  # noqa: S704 - holds no character that HTML gives a meaning to


def _clean_svg(svg: str, anchor: str, seen: set[str]) -> Markup:
    found = re.search(r"<svg\b.*</svg>", svg, re.DOTALL)
    if not found:
        return EMPTY
    # The figure around it carries the text alternative: assistive technology skips the drawing.
    start = found[0].index(">")
    opening = re.sub(r"\s(?:role|aria-label|class)=\"[^\"]*\"", "", found[0][:start])
    plain = opening.replace("<svg", '<svg aria-hidden="true" focusable="false"', 1) + found[0][start:]
    return Markup(separate_ids(plain, seen, f"{anchor}-part"))  # noqa: S704 - drawn by Vega, which escapes its text


def _spec_title(spec: Mapping[str, Any]) -> str:
    title = spec.get("title") or ""
    text = title.get("text", "") if isinstance(title, Mapping) else title
    return " ".join(text) if isinstance(text, list) else str(text)


def _text(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)
