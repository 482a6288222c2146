"""When a schedule runs: its slots, also on the days on which clocks change.

A schedule that names hours goes by the clock on the wall. Where the clock skips the hour, it runs once, at the first
moment after the gap; where the hour comes twice, it runs the first time alone. A schedule of every hour goes by the
time that passes: it leaves out what is skipped and runs again in what comes again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mopsnb.schedule.cron import Cron

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
FOREVER = timedelta(days=366 * 40)  # February 29 on a Monday comes every 28 years; 40 where a century has none


def list_slots(cron: Cron, zone: ZoneInfo, after: datetime, until: datetime) -> list[datetime]:
    """Return the slots later than ``after`` and not later than ``until``, in UTC.

    Parameters
    ----------
    cron
        The expression.
    zone
        Where its clock hangs.
    after, until
        Moments with a time zone.
    """
    first = after.astimezone(zone).date() - _DAY  # a clock that goes back at midnight brings the day before again
    last = until.astimezone(zone).date() + _DAY
    found: set[datetime] = set()
    for number in range(max((last - first).days + 1, 0)):
        day = first + number * _DAY
        if cron.is_on(day):
            found.update(_list_day(cron, zone, day))
    return sorted(slot for slot in found if after < slot <= until)


def list_next(cron: Cron, zone: ZoneInfo, after: datetime, count: int) -> list[datetime]:
    """Return the next slots later than a moment, in UTC; fewer where there are no more within forty years."""
    found: list[datetime] = []
    begin, length = after, 2 * _DAY
    while len(found) < count and begin < after + FOREVER:
        end = begin + length
        found += list_slots(cron, zone, begin, end)
        begin, length = end, min(2 * length, 366 * _DAY)
    return found[:count]


def _list_day(cron: Cron, zone: ZoneInfo, day: date) -> Iterator[datetime]:
    for hour in cron.hours:
        for minute in cron.minutes:
            wall = datetime.combine(day, time(hour, minute))
            yield from _find_moments(wall, zone, is_hourly=cron.is_hourly)


def _find_moments(wall: datetime, zone: ZoneInfo, *, is_hourly: bool) -> Iterator[datetime]:
    """Yield the moments at which a clock shows a time, or the one at which it skips it."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        yield first
        if is_hourly and second != first:
            yield second
    elif not is_hourly:
        yield _find_gap_end(wall, zone)


def _find_gap_end(wall: datetime, zone: ZoneInfo) -> datetime:
    # A time in a gap, read with the offset before it, lies as far behind the gap's end as it lies behind its start.
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    late = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    before = early.astimezone(zone).utcoffset()
    while late - early > _MINUTE:
        middle = early + (late - early) / 2
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(second=0, microsecond=0)
