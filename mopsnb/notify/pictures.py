"""Charts as PNG pictures, drawn for the width of a phone and twice as dense."""

from __future__ import annotations

import base64
import json
import struct
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mopsnb.notify import painter
from mopsnb.notify.charts import ChartSource

WIDTH = 380  # pixels of the drawing: on a phone its text keeps nine tenths of its size
SCALE = 2
PATIENCE = 30.0  # seconds for all pictures; a message without them is better than none


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as a picture, with what it says for who does not see it."""

    name: str
    title: str
    alt: str
    png: bytes
    step: str = ""

    @property
    def width(self) -> int:
        """Pixels on a page; the picture itself has twice as many."""
        return int(struct.unpack(">I", self.png[16:20])[0]) // SCALE

    @property
    def height(self) -> int:
        """Pixels on a page."""
        return int(struct.unpack(">I", self.png[20:24])[0]) // SCALE


def draw_pictures(charts: Sequence[ChartSource], patience: float = PATIENCE) -> list[Picture]:
    """Draw charts. One that cannot be drawn, or not in time, is left out.

    Parameters
    ----------
    charts
        The charts, in the order of the message.
    patience
        Seconds for all of them.
    """
    if not charts:
        return []
    from mopsnb.view.stills import VEGA_LITE, draw_on_paper

    specs = [_size_spec(draw_on_paper(chart.spec, WIDTH)) for chart in charts]
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-P", painter.__file__, VEGA_LITE, str(SCALE)],
            input=json.dumps(specs),
            capture_output=True,
            encoding="utf-8",
            timeout=patience,
            check=True,
        )
        drawn = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError):
        return []
    found = [(chart, base64.b64decode(text)) for chart, text in zip(charts, drawn, strict=True) if text]
    return [
        Picture(f"chart-{number}.png", chart.title, chart.alt, png, chart.step)
        for number, (chart, png) in enumerate(found, 1)
    ]


def _size_spec(spec: dict[str, Any]) -> dict[str, Any]:
    return spec | {"padding": {"left": 4, "right": 4, "top": 4, "bottom": 4}} if "padding" not in spec else spec
