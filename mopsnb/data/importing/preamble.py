"""What the lines before the header say: the period that a report covers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from mopsnb.data.importing.dates import Order, find_order, read_moment

Period = tuple[date, date]
_START = re.compile(
    r"^#? ?(?:start date|report start|date range start|startdatum|anfangsdatum|date de début)[^:]*: ?(.+)$", re.I
)
_END = re.compile(r"^#? ?(?:end date|report end|date range end|enddatum|date de fin)[^:]*: ?(.+)$", re.I)
_PAIR = re.compile(r"^(?:report time|berichtszeitraum): ?([^,]+),([^,]+)$", re.I)
_RANGE = re.compile(
    r"^#? ?(?:date range|reporting period|period|zeitraum|dates?)?:? ?(.+?) ?(?: - |–|—| to | bis | au | a )(.+)$", re.I
)


def find_period(records: Sequence[Sequence[str]], order: Order | None = None) -> Period | None:
    """Return the first and the last day of the period that the lines before a header name.

    Parameters
    ----------
    records
        The records before the header.
    order
        Whether the day or the month comes first in numeric dates; without it such a period is not read.

    Examples
    --------
    >>> find_period([["Campaign report"], ["September 1, 2026 - September 3, 2026"]])
    (datetime.date(2026, 9, 1), datetime.date(2026, 9, 3))
    """
    start = end = None
    for record in records:
        cells = [cell.strip() for cell in record if cell.strip()]
        for text in dict.fromkeys([" ".join(cells), *cells]):
            if found := _START.match(text):
                start = start or _read_day(found[1], order)
            elif found := _END.match(text):
                end = end or _read_day(found[1], order)
            elif found := _PAIR.match(text) or _RANGE.match(text):
                first, last = _read_day(found[1], order), _read_day(found[2], order)
                if first and last and first <= last:
                    return first, last
    return (start, end) if start and end and start <= end else None


def _read_day(text: str, order: Order | None) -> date | None:
    text = text.strip(" ,;\"'")
    if order is None and find_order(text) in {"dmy", "mdy"}:
        order = find_order(text)  # type: ignore[assignment]
    moment = read_moment(text, order)
    return moment.date() if isinstance(moment, datetime) else moment
