"""The look of charts: colors and type of the light and the dark mode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Mode = Literal["light", "dark"]
MODES: tuple[Mode, ...] = get_args(Mode)
FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif'


@dataclass(frozen=True, slots=True)
class Palette:
    """The colors of one mode. Each has a contrast of at least 3:1 on the paper, text at least 4.5:1.

    Parameters
    ----------
    paper
        What a chart lies on.
    ink, muted
        Text that must be read, and text beside it.
    line
        Grid and axis lines, for orientation alone.
    band
        The fill of a usual range.
    series
        Ten colors that stay apart under the three kinds of color blindness; the gray that follows them is for
        everything else.
    good, warn, bad
        Status colors. A word or a shape always says the same.
    """

    paper: str
    ink: str
    muted: str
    line: str
    band: str
    series: tuple[str, ...]
    good: str
    warn: str
    bad: str


def _parse(colors: str) -> tuple[str, ...]:
    return tuple(f"#{color}" for color in colors.split())


PALETTES: Mapping[Mode, Palette] = {
    "light": Palette(
        paper="#ffffff",
        ink="#1b2026",
        muted="#59636e",
        line="#dde2e7",
        band="#e9edf1",
        series=_parse("17429c cc5200 0a9556 9d7bf0 5f4d0a 8a1c5a 0c9cb6 a73eb7 063f30 4954e8 6b747e"),
        good="#1a7137",
        warn="#855700",
        bad="#b8212a",
    ),
    "dark": Palette(
        paper="#14181d",
        ink="#e4e8ec",
        muted="#9ba6b2",
        line="#303942",
        band="#242c34",
        series=_parse("4a7fe6 f9bf9a 27c261 d98df5 a9770a cc5580 62e4fa 8a4ab1 407047 d6ec5d a3adb8"),
        good="#56c271",
        warn="#dfb04a",
        bad="#ff8a82",
    ),
}


def config(mode: Mode = "light") -> dict[str, Any]:
    """Return the Vega-Lite configuration of one mode.

    The background is transparent. Marks name a style (``mops-line``, ``mops-target`` …) instead of a color, so
    that the same specification is drawn in both modes.

    Examples
    --------
    >>> config("dark")["axis"]["labelColor"]
    '#9ba6b2'
    """
    look = PALETTES[mode]
    plain_text = {"font": FONT, "fontSize": 12, "color": look.ink}
    axis = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "padding": {"left": 2, "right": 6, "top": 4, "bottom": 2},
        "axis": axis
        | {"labelColor": look.muted, "titleColor": look.muted, "gridColor": look.line, "domainColor": look.line}
        | {"tickColor": look.line, "labelPadding": 6, "titlePadding": 10, "ticks": False, "domain": False},
        "axisX": {"grid": False, "domain": True, "ticks": True, "tickSize": 4},
        "legend": {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 12, "labelColor": look.ink}
        | {
            "titleColor": look.muted,
            "symbolType": "square",
            "orient": "top",
            "title": None,
            "labelLimit": 160,
            "offset": 30,
        },
        "title": {"font": FONT, "subtitleFont": FONT, "fontSize": 14, "subtitleFontSize": 12, "anchor": "start"}
        | {"color": look.ink, "subtitleColor": look.muted, "offset": 14, "subtitlePadding": 6, "frame": "bounds"},
        "text": {"font": FONT, "fontSize": 12, "color": look.ink},
        "mark": {"color": look.series[0]},
        "rule": {"color": look.muted},
        "range": {"category": list(look.series)},
        "style": _styles(look, plain_text),
    }


def _styles(look: Palette, text: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    # Vega-Lite reads "color" of a style where it would read "fill" of a mark.
    main = look.series[0]
    return {
        "mops-line": {"color": main, "strokeWidth": 2, "strokeJoin": "round", "strokeCap": "round"},
        "mops-open": {"color": main, "strokeWidth": 2, "strokeDash": [1, 5], "strokeCap": "round"},
        "mops-point": {"color": main, "stroke": look.paper, "strokeWidth": 1, "opacity": 1, "size": 28},
        "mops-latest": {"color": main, "stroke": look.paper, "strokeWidth": 1.5, "opacity": 1, "size": 80},
        "mops-hollow": {"color": look.paper, "stroke": main, "strokeWidth": 2, "opacity": 1, "size": 60},
        "mops-gap": {"color": look.muted, "opacity": 1, "size": 36},
        "mops-bar": {"color": main},
        "mops-stack": {"stroke": look.paper, "strokeWidth": 1},
        "mops-area": {"color": main, "opacity": 0.16},
        "mops-band": {"color": look.band, "opacity": 1},
        "mops-interval": {"color": main, "strokeWidth": 6, "opacity": 0.35, "strokeCap": "round"},
        "mops-target": {"color": look.ink, "strokeWidth": 1.5, "strokeDash": [6, 4]},
        "mops-plan": {"color": look.muted, "strokeWidth": 1.5, "strokeDash": [6, 4]},
        "mops-goal": {"color": look.paper, "stroke": look.ink, "strokeWidth": 2, "opacity": 1, "size": 90},
        "mops-whole": {"color": look.ink, "strokeWidth": 3, "strokeCap": "round"},
        "mops-lack": {"color": look.paper, "stroke": look.ink, "strokeWidth": 1.5, "opacity": 1, "size": 70},
        "mops-edge": {"color": look.line, "strokeWidth": 1},
        "mops-label": {**text, "fontWeight": 600},
        "mops-name": {**text},
        "mops-note": {**text, "color": look.muted},
        "mops-halo": {**text, "color": look.paper, "stroke": look.paper, "strokeWidth": 4, "strokeJoin": "round"},
    }
