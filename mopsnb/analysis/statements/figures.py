"""Numbers as people write them in a sentence: 34.5k, $1,200, 4.5 %, two points, a fifth."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_UNITS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
_TENS = {
    **{"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90},
}
# The longest stand first, as patterns are made of them.
NUMBER_WORDS = {
    **{f"{tens}{gap}{unit}": _TENS[tens] + _UNITS[unit] for tens in _TENS for gap in "- " for unit in _UNITS},
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10},
    **{"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17},
    **{"eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60},
    **{"seventy": 70, "eighty": 80, "ninety": 90},
}
PARTS = {
    **{"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9},
    **{"tenth": 10, "twelfth": 12, "twentieth": 20},
}
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+,\d{1,2}(?=\s?(?:%|percent))|\d*\.?\d+"
NUMBER = (
    rf"(?:[$€£]|usd\s|eur\s)?\s?(?:(?:{_DIGITS})\s?(?:(?:k|mn|m|bn|thousand|million|billion)\b)?|"
    rf"\b(?:{'|'.join(NUMBER_WORDS)})\b)"
    r"(?:\s?(?:%[- ]?points?\b|percentage[- ]points?\b|pp\b|points?\b|%|percent\b|per cent\b|"
    r"euros?\b|eur\b|usd\b|dollars?\b|pounds?\b|minutes?\b|mins?\b|hours?\b|hrs?\b|h\b|days?\b|x\b))?"
)
_READ = re.compile(
    rf"(?P<digits>{_DIGITS})\s?(?:(?P<scale>k|mn|m|bn|thousand|million|billion)\b)?\s?(?P<unit>.*)$|"
    rf"(?P<word>{'|'.join(NUMBER_WORDS)})\b\s?(?P<unit2>.*)$",
)
Measure = Literal["", "percent", "points", "times"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a sentence.

    Parameters
    ----------
    value
        As written, with its thousands and millions: 4.5 for ``4.5 %``. Minutes are hours: 0.5 for ``30 minutes``.
    measure
        ``percent``, ``points`` (of a percentage, or of a rating), ``times``, or empty.
    words
        How the sentence writes it.
    """

    value: float
    measure: Measure
    words: str


def read_figure(words: str) -> Figure:
    """Return the number that a piece of text, found with ``NUMBER``, stands for.

    Raises
    ------
    ValueError
        It is no number.

    Examples
    --------
    >>> read_figure("34.5k").value, read_figure("4.5 %").measure, read_figure("€1,200").value
    (34500.0, 'percent', 1200.0)
    """
    text = words.strip()
    match = _READ.search(text)
    if match is None:
        raise ValueError(f"{words!r} is no number")
    unit = (match["unit"] or match["unit2"] or "").strip()
    if match["word"]:
        value = float(NUMBER_WORDS[match["word"]])
    else:
        digits = match["digits"]
        is_decimal_comma = re.fullmatch(r"\d+,\d{1,2}", digits)
        value = float(digits.replace(",", "." if is_decimal_comma else "")) * _SCALES.get(match["scale"] or "", 1)
    if unit.startswith("min"):
        value /= 60  # the catalogue knows hours and days
    measure: Measure = ""
    if "point" in unit or unit == "pp":
        measure = "points"
    elif unit in ("%", "percent", "per cent"):
        measure = "percent"
    elif unit == "x":
        measure = "times"
    return Figure(value, measure, text)
