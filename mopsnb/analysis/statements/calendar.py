"""Days, months, quarters and years as people write them in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mopsnb.analysis.months import shift_month

MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?P<year>20\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
# The first pattern that fits a place wins; longer forms stand before their parts.
_FORMS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("day", rf"\b{_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)\b"),
        ("day", rf"\b(?P<day>\d{{1,2}})\.\s?(?P<number>\d{{1,2}})\.\s?{_YEAR}\b"),
        ("slash", rf"\b(?P<one>\d{{1,2}})/(?P<two>\d{{1,2}})/{_YEAR}\b"),
        ("day", rf"\b{_DAY}(?: of)? {_MONTH},?(?: {_YEAR})?\b"),
        ("day", rf"\b{_MONTH} {_DAY}(?!\d),?(?: {_YEAR}\b)?"),
        ("month", rf"\b{_MONTH},?(?: of)? {_YEAR}\b"),
        ("quarter", rf"\b(?P<next>next) year's (?P<ordinal>{'|'.join(ORDINALS)}) quarter\b"),
        ("quarter", rf"\b{_YEAR}[ -]?q(?P<quarter>[1-4])\b"),
        ("quarter", rf"\bq(?P<quarter>[1-4])\b(?:(?:[ /-]|,? of |, ){_YEAR}\b)?"),
        ("quarter", rf"\b(?P<ordinal>{'|'.join(ORDINALS)}) quarter\b(?:(?:,? of)?(?: the)?(?: year)? {_YEAR}\b)?"),
        ("half", rf"\bh(?P<half>[12])\b(?:[ /-]?{_YEAR}\b)?"),
        ("half", rf"\b(?P<ordinal>first|second) half\b(?:(?: of)?(?: the)?(?: year)? {_YEAR}\b)?"),
        ("fiscal", rf"\b(?:fiscal year|financial year|fy)[ -]?(?:{_YEAR}|(?P<short>\d\d)\b)?"),
        ("relative", r"\b(?P<which>this|current|next) (?:calendar )?(?P<unit>year|quarter|month)\b"),
        ("year", rf"\b(?:calendar )?(?:year )?{_YEAR}\b"),
        ("year", r"\byear[ -]?end\b|\beoy\b|\bend of (?:the |this )?(?:calendar )?year\b|\bwithin the year\b"),
        ("month", rf"(?:(?<=\bby )|(?<=\bin )|(?<=\bof )|(?<=\buntil ))(?:the )?{_MONTH}"),
    )
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of days that a sentence names.

    Parameters
    ----------
    first, last
        Its days; None where they cannot be told.
    place
        Where it begins and ends in the sentence.
    words
        How the sentence writes it.
    kind
        ``day``, ``month``, ``quarter``, ``half``, ``year`` or ``slash``.
    note
        What was assumed, or why it cannot be told; empty for nothing.
    """

    first: date | None
    last: date | None
    place: tuple[int, int]
    words: str
    kind: str
    note: str = ""


def find_stretches(text: str, today: date, fiscal_start: str = "01-01") -> Iterator[Stretch]:
    """Yield the days, months, quarters and years that a sentence in small letters names, in its order.

    Parameters
    ----------
    text
        The sentence in small letters.
    today
        A stretch without a year is the next one that ends on this day or later.
    fiscal_start
        The day on which the fiscal year starts, as MM-DD.
    """
    taken: list[tuple[int, int]] = []
    found = []
    for kind, form in _FORMS:
        for match in form.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            stretch = _read(kind, match, today, fiscal_start)
            if stretch is not None:
                taken.append(match.span())
                found.append(stretch)
    yield from sorted(found, key=lambda stretch: stretch.place)


def _read(kind: str, match: re.Match[str], today: date, fiscal_start: str) -> Stretch | None:
    parts = {name: value for name, value in match.groupdict().items() if value}
    year = int(parts.get("year", 0))
    place, words = match.span(), match[0].strip()
    try:
        if kind == "slash":
            return _read_slashes(parts, year, place, words)
        if kind == "day":
            month = int(parts["number"]) if "number" in parts else _number_month(parts["month"])
            day = date(year or today.year, month, int(parts["day"]))
            if not year and day < today:
                day = date(today.year + 1, month, day.day)
            return Stretch(day, day, place, words, kind, "" if year else f"'{words}' is read as {day}.")
        first, months = _find_first(kind, parts, year, today, fiscal_start)
    except ValueError:
        return Stretch(None, None, place, words, kind, f"'{words}' is no day of the calendar.")
    last = shift_month(first, months) - timedelta(days=1)
    is_open = not year and kind in ("month", "quarter", "half") and not words.startswith("next")
    if is_open and last < today:
        first, last = shift_month(first, 12), shift_month(first, 12 + months) - timedelta(days=1)
    note = "" if year else f"'{words}' is read as the time until {last}."
    return Stretch(first, last, place, words, "year" if kind == "fiscal" else kind, note)


def _find_first(kind: str, parts: dict[str, str], year: int, today: date, fiscal_start: str) -> tuple[date, int]:
    """Return the first day of a stretch and its length in months."""
    if kind == "relative":
        return _find_relative(parts["unit"], parts["which"] == "next", today)
    if kind == "fiscal":
        short = int(parts.get("short", 0))
        return _find_fiscal(year or (2000 + short if short else 0), today, fiscal_start), 12
    month, length = 1, 12
    if kind == "month":
        month, length = _number_month(parts["month"]), 1
    elif kind == "quarter":
        month, length = int(parts.get("quarter") or ORDINALS[parts["ordinal"]]) * 3 - 2, 3
    elif kind == "half":
        month, length = int(parts.get("half") or ORDINALS[parts["ordinal"]]) * 6 - 5, 6
    return date((year or today.year) + ("next" in parts), month, 1), length


def _find_relative(unit: str, step: int, today: date) -> tuple[date, int]:
    if unit == "month":
        return shift_month(today, step), 1
    if unit == "quarter":
        return shift_month(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), 3 * step), 3
    return date(today.year + step, 1, 1), 12


def _find_fiscal(year: int, today: date, fiscal_start: str) -> date:
    month, day = int(fiscal_start[:2]), int(fiscal_start[3:])
    return date(year or today.year - ((today.month, today.day) < (month, day)), month, 1)


def _read_slashes(parts: dict[str, str], year: int, place: tuple[int, int], words: str) -> Stretch:
    one, two = int(parts["one"]), int(parts["two"])
    if one != two and max(one, two) <= 12:
        note = f"'{words}' may be two days: write the year first, such as {year}-{one:02}-{two:02}."
        return Stretch(None, None, place, words, "slash", note)
    day = date(year, two, one) if one > 12 else date(year, one, two)
    return Stretch(day, day, place, words, "day")


def _number_month(name: str) -> int:
    return MONTH_NAMES.index(name[:3]) + 1
