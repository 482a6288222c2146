"""The still picture of a chart: SVG for print, for readers without scripts and for viewers that know no Vega-Lite."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from mopsnb.view.palette import PALETTES, config

MIME = "image/svg+xml"
SWITCH = "MOPSNB_STILLS"  # "later": who runs the notebook draws the still pictures itself
VEGA_LITE = "6.4"  # what Altair writes and the report draws
WIDTH = 720  # pixels; a still picture cannot follow the page


def draw_on_paper(spec: Mapping[str, Any], width: int) -> dict[str, Any]:
    """Return a specification with the colors of the light mode and a width of its own where it asks for the page's."""
    # What the chart itself configures wins over the theme.
    own = dict(spec.get("config", {}))
    themed = config("light") | {"background": PALETTES["light"].paper}
    for key, value in own.items():
        below = themed.get(key)
        themed[key] = below | value if isinstance(below, dict) and isinstance(value, dict) else value
    sized = {"width": width} if spec.get("width") == "container" else {}
    return dict(spec) | {"config": themed} | sized


def make_still_spec(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the specification that a figure's still picture is drawn from."""
    still = draw_on_paper(spec, WIDTH)
    still["config"]["aria"] = False  # one label for the whole picture instead of one for each mark
    return still


def draw_still(spec: Mapping[str, Any]) -> str:
    """Return a specification drawn as SVG. The first call in a process takes half a second.

    Raises
    ------
    ValueError
        Vega cannot draw it.
    """
    import vl_convert

    return str(vl_convert.vegalite_to_svg(dict(spec), vl_version=VEGA_LITE, allowed_base_urls=[]))


def finish_still(svg: str, figure: str, alt: str) -> str:
    """Return a drawn SVG with ids that no other figure has, and with its text alternative.

    Parameters
    ----------
    svg
        What `draw_still` returned.
    figure
        The figure's id.
    alt
        What a reader sees who cannot see the chart.
    """
    for name in sorted(set(re.findall(r'\bid="([^"]+)"', svg)), key=len, reverse=True):
        svg = re.sub(rf'\bid="{re.escape(name)}"', f'id="{figure}-{name}"', svg)
        svg = re.sub(rf"url\(#{re.escape(name)}\)", f"url(#{figure}-{name})", svg)
        svg = re.sub(rf'href="#{re.escape(name)}"', f'href="#{figure}-{name}"', svg)
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(alt)}"', 1)
