"""Numbers, days and lists in the words of a sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

FormatValue = Callable[[float, str], str]
"""Turns a value and its unit into text. The notebook hands in the view's, which follows the locale."""

_NUMBER = re.compile(r"\d[\d.,\u066b]*")
MISSING = "–"
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def format_plainly(value: float, unit: str) -> str:
    """Return a value with its unit in plain American English.

    Parameters
    ----------
    value
        The value; fractions are shown as percent.
    unit
        ``fraction``, ``count``, ``days``, a currency code such as ``EUR``, or any other word.
        Empty, ``ratio`` and ``count`` are not written out.

    Examples
    --------
    >>> format_plainly(0.0031, "fraction"), format_plainly(12034, "count"), format_plainly(4.5, "USD")
    ('0.31%', '12,034', '4.50 USD')
    """
    if not math.isfinite(value):
        return MISSING
    if unit == "fraction":
        return f"{_shorten(value * 100)}%"
    if len(unit) == 3 and unit.isupper():
        return f"{value:,.2f} {unit}" if abs(value) < 1000 else f"{value:,.0f} {unit}"
    # A count of ten and more reads better without decimals, also where it is a mean or a limit.
    is_whole = value == round(value) or abs(value) >= (10 if unit == "count" else 1000)
    text = f"{value:,.0f}" if is_whole else _shorten(value)
    return text if unit in ("", "count", "ratio", "currency") else f"{text} {unit}"


def write_percent(share: float, format_value: FormatValue) -> str:
    """Return a share as whole percent, in the way that a function writes shares: ``64%``, ``64 %``.

    Parameters
    ----------
    share
        Not negative; 1 is 100%.
    format_value
        Turns a value and its unit into text.

    Examples
    --------
    >>> write_percent(0.637, format_plainly), write_percent(12.5, format_plainly)
    ('64%', '1,250%')
    """
    whole = format_value(float(round(share * 100)), "count")
    return _NUMBER.sub(whole, format_value(0.01, "fraction"), count=1)


def _shorten(value: float) -> str:
    size = abs(value)
    digits = 2 if size < 10 else 1 if size < 100 else 0
    if 0 < size < 0.095:
        digits = min(8, 1 - math.floor(math.log10(size)))
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def format_day(day: date) -> str:
    """Return a day as ``September 30, 2026``."""
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def format_month(day: date) -> str:
    """Return the month of a day as ``September 2026``."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def format_span(first: date, last: date) -> str:
    """Return a stretch of days as ``January 1 to September 30, 2026``."""
    if first.year == last.year:
        return f"{MONTHS[first.month - 1]} {first.day} to {format_day(last)}"
    return f"{format_day(first)} to {format_day(last)}"


def format_months(first: date, last: date) -> str:
    """Return a stretch of months as ``July to September 2026``."""
    if (first.year, first.month) == (last.year, last.month):
        return format_month(first)
    if first.year == last.year:
        return f"{MONTHS[first.month - 1]} to {format_month(last)}"
    return f"{format_month(first)} to {format_month(last)}"


def join_words(words: Sequence[str], last: str = "and") -> str:
    """Return words as a list in a sentence.

    Examples
    --------
    >>> join_words(["a baseline", "a start", "a deadline"])
    'a baseline, a start and a deadline'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def name_segment(key: str, names: Mapping[str, str]) -> str:
    """Return what people call a segment of the data; an id that has no name is spelled in words.

    Examples
    --------
    >>> name_segment("list_import", {}), name_segment("events", {"events": "Trade shows"}), name_segment("DACH 2", {})
    ('List import', 'Trade shows', 'DACH 2')
    """
    if key in names:
        return names[key]
    return key.replace("_", " ").capitalize() if re.fullmatch(r"[a-z][a-z_]*", key) else key


def count_things(number: int, singular: str, plural: str = "") -> str:
    """Return a number with its noun: ``1 month``, ``3 months``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def write_number(value: float) -> str:
    """Return a number as one writes it into the strategy file: at most six figures, and never an exponent.

    Examples
    --------
    >>> write_number(10505712.0), write_number(0.00321), write_number(1059)
    ('10505712', '0.00321', '1059')
    """
    if abs(value) >= 1e5:
        return f"{value:.0f}"
    return f"{value:.6f}".rstrip("0").rstrip(".") if 0 < abs(value) < 1e-3 else f"{value:.6g}"
