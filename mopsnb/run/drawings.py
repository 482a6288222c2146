"""The still picture of a chart on a page: only shapes and text, and no more bytes than it needs."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from markupsafe import Markup

from mopsnb.run.markup import separate_ids

EMPTY = Markup("")
_SVG = re.compile(r"<svg\b.*</svg>", re.DOTALL)
_PIECE = re.compile(r'<(/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"<>]*")*)\s*(/?)>|([^<>]+)')
_ATTRIBUTE = re.compile(r'\s+([\w:-]+)="([^"]*)"')
_SHAPES = re.compile(
    r"svg|g|path|text|tspan|rect|line|circle|ellipse|polygon|polyline|defs|clipPath|"
    r"linearGradient|radialGradient|stop"
)
_LOOKS = re.compile(
    r"xmlns|version|width|height|viewBox|preserveAspectRatio|id|d|transform|x|y|x1|y1|x2|y2|dx|"
    r"dy|cx|cy|r|rx|ry|points|fill|fill-opacity|fill-rule|stroke|stroke-width|stroke-opacity|"
    r"stroke-dasharray|stroke-dashoffset|stroke-linecap|stroke-linejoin|stroke-miterlimit|opacity|"
    r"clip-path|clip-rule|display|text-anchor|dominant-baseline|font-family|font-size|font-style|"
    r"font-weight|font-variant|letter-spacing|offset|stop-color|stop-opacity|gradientUnits|"
    r"gradientTransform|clipPathUnits|rotate"
)
# The drawing is hidden from assistive technology, takes no pointer and stands in the page's own type.
_NEEDLESS = re.compile(r"(?:class|role|aria-[a-z]+|pointer-events|cursor|focusable|xmlns:xlink)")
_GEOMETRY = re.compile(r"d|transform|x|y|x1|y1|x2|y2|dx|dy|cx|cy|r|width|height|points")
_LONG = re.compile(r"-?\d*\.\d{3,}(?:e-?\d+)?")
_PAGE_TYPE = "system-ui,"
_UNSEEN = re.compile(r'<path(?: d="(?:M0,0h0v0h0Z)?"| fill="[^"]*"| display="none")+/>|<g></g>')


def clean_svg(svg: str, anchor: str, seen: set[str]) -> Markup:
    """Return a drawing for the page, or empty where there is none.

    Parameters
    ----------
    svg
        What the output holds. Where it has anything but shapes and text, the page shows it as an image, in
        which a browser runs and loads nothing.
    anchor
        The figure's id; the ids of the drawing's parts begin with it.
    seen
        The page's ids so far; the drawing's are added.
    """
    found = _SVG.search(svg)
    if not found:
        return EMPTY
    try:
        plain = "".join(_write_pieces(found[0]))
    except ValueError:
        picture = base64.b64encode(found[0].encode("utf-8", "replace")).decode()
        return Markup('<img alt="" src="data:image/svg+xml;base64,{}">').format(picture)
    while (shorter := _UNSEEN.sub("", plain)) != plain:
        plain = shorter
    # The figure around it carries the text alternative.
    hidden = plain.replace("<svg", '<svg aria-hidden="true" focusable="false"', 1)
    return Markup(separate_ids(hidden, seen, f"{anchor}-part"))  # noqa: S704 - shapes and text, checked piece by piece


def _write_pieces(svg: str) -> Iterator[str]:
    end = 0
    for piece in _PIECE.finditer(svg):
        if piece.start() != end:
            break
        end = piece.end()
        close, name, attributes, empty, text = piece.groups()
        if text is not None:
            yield text
        elif not _SHAPES.fullmatch(name):
            raise ValueError(name)
        elif close:
            yield f"</{name}>"
        else:
            yield f"<{name}{''.join(_write_attributes(attributes))}{empty}>"
    if end != len(svg):
        raise ValueError(svg[end : end + 20])


def _write_attributes(attributes: str) -> Iterator[str]:
    for name, value in _ATTRIBUTE.findall(attributes):
        if _NEEDLESS.fullmatch(name) or (name == "font-family" and value.startswith(_PAGE_TYPE)):
            continue
        if not _LOOKS.fullmatch(name) or re.search(r"url\((?!#)", value):
            raise ValueError(name)
        yield f' {name}="{_LONG.sub(_round, value) if _GEOMETRY.fullmatch(name) else value}"'


def _round(found: re.Match[str]) -> str:
    # A hundredth of a pixel: no screen and no printer shows less.
    shorter = f"{float(found[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if shorter == "-0" else shorter
