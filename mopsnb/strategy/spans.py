"""Lengths of time as people write them: ``30m``, ``36h``, ``1h30m``."""

from __future__ import annotations

import re
from datetime import timedelta

_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_SPAN = re.compile(r"(?:(?P<d>[0-9]{1,4})d)?(?:(?P<h>[0-9]{1,5})h)?(?:(?P<m>[0-9]{1,6})m)?(?:(?P<s>[0-9]{1,7})s)?")
_WORDS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def read_span(text: str) -> timedelta:
    """Return a length of time; a ValueError says how to write it.

    Examples
    --------
    >>> read_span("1h30m")
    datetime.timedelta(seconds=5400)
    """
    match = _SPAN.fullmatch(text.replace(" ", ""))
    if text and match:
        return timedelta(**{_UNITS[unit]: int(number) for unit, number in match.groupdict(default="0").items()})
    if text.isdigit():
        raise ValueError(f"Add the unit: {text}s, {text}m, {text}h or {text}d.")
    raise ValueError("Write a number and a unit without a space: s, m, h or d. They can stand together: 1h30m.")


def write_span(span: timedelta) -> str:
    """Return a length of time as the file has it.

    Examples
    --------
    >>> write_span(timedelta(hours=36)), write_span(timedelta(minutes=90)), write_span(timedelta(days=7))
    ('36h', '1h30m', '7d')
    """
    seconds = int(span.total_seconds())
    if seconds % 86_400 == 0 and seconds > 86_400:
        return f"{seconds // 86_400}d"
    parts = ((seconds // 3_600, "h"), (seconds // 60 % 60, "m"), (seconds % 60, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0s"


def describe_span(span: timedelta) -> str:
    """Return a length of time in words, in at most two units; parts of a second are dropped.

    Examples
    --------
    >>> describe_span(timedelta(hours=36)), describe_span(timedelta(seconds=61)), describe_span(timedelta(0))
    ('1 day 12 hours', '1 minute 1 second', '0 seconds')
    """
    left = int(span.total_seconds())
    words: list[str] = []
    for word, size in _WORDS:
        number, left = divmod(left, size)
        if number and len(words) < 2:
            words.append(f"{number} {word}{'' if number == 1 else 's'}")
    return " ".join(words) or "0 seconds"
