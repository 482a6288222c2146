"""Cells that their file holds as values, written as text like those of a text file."""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from mopsnb.data.importing.numbers import TYPED

_EXACT = 2**53  # whole numbers from here on lose digits in a float


def show_cell(value: Any) -> str:
    """Return a typed cell as text. A number is marked as one, so that no style of writing is looked for in it."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is the one value unlike itself
        text = ""
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, int | float | Decimal):
        text = TYPED + _show_number(value)
    elif isinstance(value, datetime):
        text = value.isoformat(sep=" ")
    elif isinstance(value, bytes):
        text = value.decode("utf-8", errors="replace")
    elif isinstance(value, list | tuple):
        text = ";".join(show_cell(item) for item in value)
    else:
        text = value.isoformat() if isinstance(value, date) else str(value)
    return text


def _show_number(value: float | Decimal) -> str:
    if not math.isfinite(value):
        return str(value)
    if isinstance(value, float) and abs(value) >= _EXACT:
        return f"{value:.14E}"
    if value == int(value):
        return str(int(value))
    return repr(value) if isinstance(value, float) else str(value)
