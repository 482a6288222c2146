"""Opening hours of a day, as the strategy file writes them."""

from __future__ import annotations

import itertools
import re

_SPAN = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*[-–]\s*([0-9]{1,2}):([0-9]{2})")
MIDNIGHT = 24 * 60  # minutes


def split_open_times(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of a day as minutes after midnight, in order.

    Parameters
    ----------
    text
        One or more spans, joined by commas; empty: closed.

    Raises
    ------
    ValueError
        The text is no list of spans that follow one another; its words are the proposed fix.

    Examples
    --------
    >>> split_open_times("09:00-12:30, 13:30-17:00")
    ((540, 750), (810, 1020))
    """
    spans = [_read_span(part.strip()) for part in text.split(",")] if text.strip() else []
    for before, after in itertools.pairwise(spans):
        if after[0] < before[1]:
            raise ValueError("Write the spans in order, none beginning before the one in front of it ends.")
    return tuple(spans)


def read_open_times(text: str) -> str:
    """Return opening hours as they are written; a ValueError says how to write them."""
    split_open_times(text)
    return text


def _read_span(text: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(text)
    if not found:
        raise ValueError("Write when the day opens and closes, in 24 hours: 09:00-17:00.")
    hour, minute, last_hour, last_minute = map(int, found.groups())
    opens, closes = hour * 60 + minute, last_hour * 60 + last_minute
    if minute > 59 or last_minute > 59 or closes > MIDNIGHT:
        raise ValueError("The clock has no such time; the latest is 24:00.")
    if closes <= opens:
        raise ValueError("Write a night as two spans: 22:00-24:00, and 00:00-06:00 on the next weekday.")
    return opens, closes
