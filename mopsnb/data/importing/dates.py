"""Dates and times as people and programs write them, and whether the day or the month comes first."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from mopsnb.data.importing.numbers import TYPED

Order = Literal["dmy", "mdy"]

_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r" ?(?P<half>[AaPp]\.?[Mm]\.?)? ?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:(?:T|,? +)(.+))?")
_QUICK = re.compile(  # the usual forms of programs, which the standard library reads
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d| UTC)?)?", re.ASCII
)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:,? +(.+))?")
_DAY_NAME = re.compile(r"(\d{1,2})\.?[ /-](?:de )?([^\W\d_]+)\.?,?[ /-](?:de )?(\d{4}|\d{2})(?:,? +(?:at )?(.+))?")
_NAME_DAY = re.compile(r"([^\W\d_]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?:,? +(?:at )?(.+))?")
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? +", re.IGNORECASE)
_AMOUNT = re.compile(r"\d+(?:\.\d+)?")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jän januari janvier janv ene enero gennaio gen janeiro",
            "feb february februar februari février févr fevrier febrero febbraio fevereiro fev",
            "mar march märz mrz mär maerz mars marzo maart mrt março marco",
            "apr april avril avr abril abr aprile",
            "may mai mayo mei maggio mag maio",
            "jun june juni juin junio giugno giu junho",
            "jul july juli juillet juil julio luglio lug julho",
            "aug august août aout agosto ago augustus agostus",
            "sep sept september septembre septiembre settembre set setembro",
            "oct october oktober okt octobre octubre ottobre ott outubro out",
            "nov november novembre noviembre novembro",
            "dec december dezember dez décembre déc decembre diciembre dic dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall clock
_SERIALS = (20_000, 80_000)  # 1954 to 2119 as days of a spreadsheet
Moment = date | datetime


def find_order(text: str) -> str:
    """Return ``dmy`` or ``mdy`` where a cell shows it, ``unclear`` where both fit, or an empty text.

    Examples
    --------
    >>> find_order("30/6/2026"), find_order("6/30/2026"), find_order("1/2/2026"), find_order("2026-01-02")
    ('dmy', 'mdy', 'unclear', '')
    """
    found = _NUMERIC.fullmatch(text.strip())
    if not found or found[2] == ".":  # with points the day comes first, everywhere
        return ""
    first, second = int(found[1]), int(found[3])
    if first == second or (first > 12 and second > 12):
        return ""
    if first > 12:
        return "dmy"
    return "mdy" if second > 12 else "unclear"


def read_moment(text: str, order: Order | None = None) -> Moment | None:
    """Return the day or time that a cell names; None where it names none.

    A time comes with its zone where the cell has one, and as a wall clock otherwise.

    Parameters
    ----------
    text
        The cell: ISO, ``14/Jul/25 3:42 PM``, ``Jul 14, 2026 09:00 am``, ``20260714``, a day number of a
        spreadsheet, seconds, milliseconds or microseconds since 1970, and more.
    order
        Whether the day or the month comes first in ``1/2/2026``; None: such a cell names no day.

    Examples
    --------
    >>> read_moment("14/Jul/25 3:42 PM")
    datetime.datetime(2025, 7, 14, 15, 42)
    >>> read_moment("1/2/2026", "dmy"), read_moment("1/2/2026")
    (datetime.date(2026, 2, 1), None)
    """
    try:
        if _QUICK.fullmatch(text):
            return _read_quick(text)
        return _read(re.sub(r"\s+", " ", text.strip()), order)
    except (ValueError, OverflowError):
        return None


def _read_quick(text: str) -> Moment:
    if len(text) == 10:
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text.removesuffix(" UTC"))
    if text.endswith("UTC"):
        return moment.replace(tzinfo=UTC)
    return moment if moment.tzinfo is None else moment.astimezone(UTC)


def _read(text: str, order: Order | None) -> Moment | None:
    number = text.removeprefix(TYPED)
    whole = number.removesuffix(".0")
    if found := _ISO.fullmatch(text):
        moment = _join(int(found[1]), int(found[2]), int(found[3]), found[4])
    elif found := _COMPACT.fullmatch(whole):
        moment = date(int(found[1]), int(found[2]), int(found[3]))
    elif _AMOUNT.fullmatch(number):
        moment = _read_amount(number)
    elif found := _NUMERIC.fullmatch(text):
        moment = _read_numeric(found, order)
    else:
        moment = _read_named(_WEEKDAY.sub("", text))
    return moment


def _read_numeric(found: re.Match[str], order: Order | None) -> Moment | None:
    first, second = int(found[1]), int(found[3])
    if found[2] == "." or (order is None and first == second):
        order = "dmy"
    if order is None:
        return None
    day, month = (first, second) if order == "dmy" else (second, first)
    return _join(_widen(found[4]), month, day, found[5])


def _read_named(text: str) -> Moment | None:
    if (found := _DAY_NAME.fullmatch(text)) and (named := _MONTHS.get(found[2].casefold())):
        return _join(_widen(found[3]), named, int(found[1]), found[4])
    if (found := _NAME_DAY.fullmatch(text)) and (named := _MONTHS.get(found[1].casefold())):
        return _join(int(found[3]), named, int(found[2]), found[4])
    return None


def _widen(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def _join(year: int, month: int, day: int, clock: str | None) -> Moment | None:
    start = date(year, month, day)
    if not clock:
        return start
    found = _CLOCK.fullmatch(clock.strip())
    if not found:
        return None
    hour, half = int(found["hour"]), (found["half"] or "").casefold().replace(".", "")
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif found["minute"] is None:
        return None
    micro = int((found["part"] or "0").ljust(9, "0")[:6])
    moment = datetime(year, month, day, hour, int(found["minute"] or 0), int(found["second"] or 0), micro)  # noqa: DTZ001
    return _place(moment, found["zone"])


def _place(moment: datetime, zone: str | None) -> datetime:
    if not zone:
        return moment
    if zone in {"Z", "UTC", "GMT"}:
        return moment.replace(tzinfo=UTC)
    sign = -1 if zone[0] == "-" else 1
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return (moment - offset).replace(tzinfo=UTC)


def _read_amount(number: str) -> Moment | None:
    whole = number.partition(".")[0]
    for digits, unit in ((10, 1), (13, 1_000), (16, 1_000_000)):
        if len(whole) == digits:
            return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(whole) * (1_000_000 // unit))
    value = float(number)
    if not _SERIALS[0] <= value <= _SERIALS[1]:
        return None
    moment = _EXCEL_EPOCH + timedelta(seconds=round(value * 86_400))
    return moment.date() if value.is_integer() else moment


def to_utc(moment: Moment, zone: ZoneInfo) -> datetime:
    """Return a day or time as a moment in UTC; without a zone of its own it is of the zone given."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def to_day(moment: Moment, zone: ZoneInfo) -> date:
    """Return the day of a time: its own where the clock shows midnight or has no zone, else the day in the zone."""
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None or (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return moment.date()
    return moment.astimezone(zone).date()
