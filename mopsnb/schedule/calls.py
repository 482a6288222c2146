"""How often a scheduler that cannot do time zones must call ``mopsnb due`` so that no run is late.

Every time zone in use is a multiple of 15 minutes away from UTC. A call at a schedule's minute, and 15, 30 and 45
minutes later, thus meets its hour in any time zone. ``mopsnb due`` decides which of the calls has something to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mopsnb.schedule.cron import Cron

Days = tuple[str, str, str]  # day of the month, month, weekday
STEP = 15
_YEAR = 366
_DAY_MINUTES = 24 * 60


def list_minutes(crons: Iterable[Cron]) -> list[int]:
    """Return the minutes of every hour at which to call."""
    late = {minute % STEP for cron in crons for minute in cron.minutes}
    return sorted(minute for minute in range(60) if minute % STEP in late)


def write_field(values: Sequence[int], size: int) -> str:
    """Return a field of a crontab.

    Examples
    --------
    >>> write_field([0, 15, 30, 45], 60), write_field([7, 22, 37, 52], 60), write_field(range(24), 24)
    ('*/15', '7,22,37,52', '*')
    """
    values = sorted(values)
    if len(values) == size:
        return "*"
    step = size // len(values)
    if len(values) > 2 and values == list(range(0, size, step)):
        return f"*/{step}"
    return ",".join(map(str, values))


def list_offsets(zone: ZoneInfo, moment: datetime) -> list[int]:
    """Return by how many minutes a zone is ahead of UTC in the year that follows a moment."""
    days = (moment + timedelta(days=number) for number in range(_YEAR))
    offsets = (day.astimezone(zone).utcoffset() or timedelta(0) for day in days)
    return sorted({int(offset.total_seconds()) // 60 for offset in offsets})


def translate_to_utc(cron: Cron, zone: ZoneInfo, moment: datetime) -> list[str]:
    """Return cron expressions in UTC that call at every moment at which a schedule may be due.

    Where a zone's clocks change, the lines hold the hours of both its offsets: one of the calls is early or late by
    the difference, and finds nothing to do. Where a day cannot be said in UTC, the lines call on more days.

    Parameters
    ----------
    cron
        The expression.
    zone
        Where its clock hangs.
    moment
        The year that follows counts for the zone's offsets.
    """
    hours: dict[tuple[int, Days], set[int]] = {}
    for offset in list_offsets(zone, moment):
        for minute, days, hour in _translate(cron, offset):
            hours.setdefault((minute, days), set()).add(hour)
    minutes: dict[tuple[frozenset[int], Days], list[int]] = {}
    for (minute, days), found in hours.items():
        minutes.setdefault((frozenset(found), days), []).append(minute)
    return [
        " ".join([write_field(sorted(some), 60), write_field(sorted(found), 24), *days])
        for (found, days), some in minutes.items()
    ]


def _translate(cron: Cron, offset: int) -> Iterator[tuple[int, Days, int]]:
    """Yield minute, days and hour in UTC, for a clock that is ahead by some minutes."""
    for hour in cron.hours:
        for minute in cron.minutes:
            day, rest = divmod(hour * 60 + minute - offset, _DAY_MINUTES)
            yield rest % 60, _move_days(cron, day), rest // 60


def _move_days(cron: Cron, move: int) -> Days:
    """Return day, month and weekday, a day earlier or later; more days where that cannot be said."""
    _, _, day, month, weekday = cron.fields
    is_plain = not any(sign in f"{day} {weekday}" for sign in "L#W") and not needs_both(day, weekday)
    if is_plain and move == 0:
        return day, month, weekday
    weekdays = {number % 7 for number in cron.matcher.weekdays} if is_plain else set()
    if is_plain and day == "*" and month == "*":
        moved = sorted((number + move) % 7 for number in weekdays)
        return "*", "*", write_field(moved, 7)
    return "*", "*", "*"


def needs_both(day: str, weekday: str) -> bool:
    """Tell whether day and weekday must both fit, which other crons read as: one of the two."""
    return day != "*" and weekday != "*" and (day.startswith("*") or weekday.startswith("*"))
