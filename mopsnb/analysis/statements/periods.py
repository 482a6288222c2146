"""The time of a goal as its statement gives it: start and deadline, with what was assumed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from mopsnb.analysis.months import shift_month
from mopsnb.analysis.statements.calendar import Stretch, find_stretches
from mopsnb.analysis.statements.figures import NUMBER_WORDS

_COUNT = rf"(?P<count>\d+|an?|{'|'.join(NUMBER_WORDS)})"
_UNIT = r"(?P<unit>day|week|month|quarter|year)s?\b"
_LENGTH = re.compile(
    rf"\b(?:in|within|over|during|for|throughout|inside)\s+(?:the\s+)?(?:course of\s+)?(?:the\s+)?"
    rf"(?:(?:next|coming|following)\s+)?{_COUNT}\s+(?:calendar\s+)?{_UNIT}"
    rf"|\b(?:in|within|over|during|for)\s+(?:the\s+)?(?:course of\s+)?(?:the\s+)?(?:next|coming|following)\s+"
    rf"(?P<unit2>day|week|month|quarter|year)\b"
    rf"|\b(?:next|coming|following)\s+(?P<count3>\d+|{'|'.join(NUMBER_WORDS)})\s+(?P<unit3>day|week|month|quarter|year)s\b"
)
_BEFORE = re.compile(
    r"(?P<prep>\b(?:no later than|by|until|till|before|in|during|throughout|within|for|over|from|since|starting|"
    r"between|and|to|through|than|against|of))?"
    r"\s*(?:the\s+)?(?P<edge>end|close|beginning|start|middle)?\s*(?:of\s+)?(?:the\s+)?(?:fiscal\s+)?$"
)
_WITHIN = frozenset({"in", "during", "throughout", "within", "for", "over"})
_VAGUE = re.compile(
    r"\b(?:as (?:soon|early|quickly|fast) as possible|asap|soon(?:er or later)?|some ?day|over time|eventually|"
    r"going forward|in the (?:near|long|short|foreseeable) (?:future|run|term)|at some point|"
    r"when (?:time (?:permits|allows)|there is time|we can|possible)|"
    r"continuously|in the years to come|quickly|step by step|every (?:day|week|month|quarter|year)|once [^,.;]+)"
)


@dataclass(frozen=True, slots=True)
class Period:
    """When a goal runs, as its statement says.

    Parameters
    ----------
    start, deadline
        First and last day; None where the statement gives none.
    words
        The part of the statement that says so.
    notes
        What was assumed, and what cannot be told.
    places
        Which parts of the statement speak about time.
    """

    start: date | None = None
    deadline: date | None = None
    words: str = ""
    notes: tuple[str, ...] = ()
    places: tuple[tuple[int, int], ...] = ()


def find_period(text: str, today: date, fiscal_start: str = "01-01") -> Period:
    """Return when a goal starts and ends by its statement.

    A length ("in one year") starts on the day after ``today``, and so does a deadline without a start; a note says so.

    Parameters
    ----------
    text
        The statement in small letters.
    today
        The last day of the data.
    fiscal_start
        The day on which the fiscal year starts, as MM-DD.

    Examples
    --------
    >>> found = find_period("increase clicks by 25 % in one year", date(2025, 12, 31))
    >>> found.start.isoformat(), found.deadline.isoformat(), found.words
    ('2026-01-01', '2026-12-31', 'in one year')
    """
    opening = today + timedelta(days=1)
    lengths = list(_LENGTH.finditer(text))
    kept = [match.span() for match in lengths]
    stretches = [s for s in find_stretches(text, opening, fiscal_start) if not _overlaps(s.place, kept)]
    places = tuple(kept + [s.place for s in stretches])
    if stretches:
        return _choose(text, stretches, opening, places)
    if lengths:
        match = lengths[0]
        count = match["count"] or match["count3"] or "one"
        number = int(count) if count.isdigit() else NUMBER_WORDS.get(count, 1)
        end = _add(opening, number, match["unit"] or match["unit2"] or match["unit3"])
        note = f"'{match[0]}' is read from {opening}, the day after the data ends, to {end}."
        return Period(opening, end, match[0], (note,), places)
    vague = _VAGUE.search(text)
    if vague:
        note = f"'{vague[0]}' is no date."
        return Period(None, None, "", (note,), (vague.span(),))
    return Period()


def _choose(text: str, stretches: list[Stretch], opening: date, places: tuple[tuple[int, int], ...]) -> Period:
    notes = [s.note for s in stretches if s.note and s.first is None]
    known = [s for s in stretches if s.first is not None]
    current = [s for s in known if s.last and s.last >= opening] or known
    if not current:
        return Period(None, None, "", tuple(notes), places)
    final = max(current, key=lambda s: (s.last or opening, s.place))
    notes += [s.note for s in current if s.note]
    before = _BEFORE.search(text[: final.place[0]])
    prep, edge = (before["prep"] or "", before["edge"] or "") if before else ("", "")
    deadline = final.last
    if edge in ("beginning", "start") or (prep == "before" and not edge):
        deadline = final.first if edge else (final.first or opening) - timedelta(days=1)
    elif edge == "middle" and final.first and final.last:
        deadline = final.first + (final.last - final.first) / 2
    start = None
    is_over = final.last is not None and final.last < opening  # a goal that is set now cannot have run then
    if prep in _WITHIN and not edge and final.kind != "day" and not is_over:
        start = final.first
    others = [s for s in current if s is not final and s.first and s.first < (deadline or opening)]
    if others and prep in ("and", "to", "until", "through"):
        start = others[0].first
    if start is None:
        start = opening
        notes.append(f"No start is named: it is read as {opening}, the day after the data ends.")
    opened = before.start() if before else final.place[0]
    words = text[opened : final.place[1]].strip(" ,.;")
    places = (*places, (opened, final.place[1]))
    return Period(start, deadline, words, tuple(dict.fromkeys(notes)), places)


def _add(start: date, number: int, unit: str) -> date:
    if unit in ("day", "week"):
        return start + timedelta(days=number * (7 if unit == "week" else 1) - 1)
    months = number * {"month": 1, "quarter": 3, "year": 12}[unit]
    month, following = shift_month(start, months), shift_month(start, months + 1)
    day = min(month + timedelta(days=start.day - 1), following)  # a 31st in a month of 30 days
    return day - timedelta(days=1)


def _overlaps(place: tuple[int, int], kept: list[tuple[int, int]]) -> bool:
    return any(place[0] < end and start < place[1] for start, end in kept)
