"""Sparklines: a series as a small picture in a table's cell, and as blocks of text in a terminal."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from typing import Any

from mopsnb.view.formats import MISSING, is_known

BLOCKS = "▁▂▃▄▅▆▇█"
WIDTH, HEIGHT, EDGE = 104, 26, 4  # pixels
LINE, END = "#6d87ab", "#c2571a"  # both legible on white and on dark paper


def write_blocks(values: Sequence[Any]) -> str:
    """Return a series as blocks, the lowest value as the lowest block; a gap is a space.

    Examples
    --------
    >>> write_blocks([1, 3, None, 8])
    '▁▃ █'
    """
    known = [float(value) for value in values if is_known(value)]
    if not known:
        return MISSING
    low, span = min(known), (max(known) - min(known)) or 1.0
    top = len(BLOCKS) - 1
    return "".join(BLOCKS[round((float(x) - low) / span * top)] if is_known(x) else " " for x in values)


def draw_spark(values: Sequence[Any], alt: str) -> str:
    """Return a series as a picture for a table's cell: its line, broken at gaps, and a dot at its last value.

    It is a picture with its data inside, because the report takes drawings out of a cell's HTML.

    Parameters
    ----------
    values
        One value a month, oldest first; None or NaN where missing. At least one is known.
    alt
        What a reader sees who cannot see the line.
    """
    known = [place for place, value in enumerate(values) if is_known(value)]
    numbers = [float(values[place]) for place in known]
    low, span = min(numbers), max(numbers) - min(numbers)
    step = (WIDTH - 2 * EDGE) / max(1, len(values) - 1)
    room = HEIGHT - 2 * EDGE
    points: dict[int, tuple[float, float]] = {}
    for place, number in zip(known, numbers, strict=True):
        share = (number - low) / span if span else 0.5
        points[place] = (round(EDGE + place * step, 1), round(EDGE + (1 - share) * room, 1))
    path = "".join(f"{'L' if place - 1 in points else 'M'}{x} {y}" for place, (x, y) in points.items())
    x, y = points[known[-1]]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<path d="{path}" fill="none" stroke="{LINE}" stroke-width="1.6" stroke-linejoin="round"/>'
        f'<circle cx="{x}" cy="{y}" r="2.6" fill="{END}"/></svg>'
    )
    source = f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
    return f'<img src="{source}" alt="{escape(alt)}" width="{WIDTH}" height="{HEIGHT}">'
