"""A cron expression as calendar events of systemd (``OnCalendar``).

Where systemd cannot say the same, the events come more often: ``mopsnb due`` decides what is due.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cronsim import CronSim

from mopsnb.schedule.cron import Cron

_NAMES = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
_EVERY_DAY = frozenset(range(1, 32))
_EVERY_WEEKDAY = frozenset(range(7))


def write_calendars(cron: Cron, zone: str) -> list[str]:
    """Return the events of an expression.

    Parameters
    ----------
    cron
        The expression.
    zone
        The IANA time zone.

    Examples
    --------
    >>> from mopsnb.schedule.cron import read_cron
    >>> write_calendars(read_cron("30 6 * * MON-FRI"), "Europe/Berlin")
    ['Mon,Tue,Wed,Thu,Fri *-*-* 06:30:00 Europe/Berlin']
    >>> write_calendars(read_cron("0 6 L * *"), "UTC")
    ['*-*~01 06:00:00 UTC']
    """
    time = f"{_list(cron.hours, 24)}:{_list(cron.minutes, 60)}:00"
    month = _list(sorted(cron.months), 12)
    return [f"{weekdays} *-{month}{day} {time} {zone}".lstrip() for weekdays, day in _list_days(cron)]


def _list_days(cron: Cron) -> list[tuple[str, str]]:
    """Return weekdays and days of the month, as systemd writes them, one of which must fit."""
    days, weekdays = set(cron.matcher.days), set(cron.matcher.weekdays)
    plain = {item % 7 for item in weekdays if isinstance(item, int)}
    any_day, any_weekday = days >= _EVERY_DAY, plain >= _EVERY_WEEKDAY
    if any_day and any_weekday:
        return [("", "-*")]
    if any_weekday and cron.matcher.day_and:
        return list(_list_month_days(days))
    if any_day and cron.matcher.day_and:
        return list(_list_weekdays(weekdays))
    if not cron.matcher.day_and:
        return [*_list_month_days(days), *_list_weekdays(weekdays)]
    if len(plain) == len({item if isinstance(item, tuple) else item % 7 for item in weekdays}) and min(days) > 0:
        return [(_name(plain), f"-{_list(sorted(days), 31)}")]
    return [("", "-*")]


def _list_month_days(days: set[int]) -> Iterator[tuple[str, str]]:
    numbers = sorted(day for day in days if day > 0)
    if numbers:
        yield "", f"-{_list(numbers, 31)}"
    if CronSim.LAST in days:
        yield "", "~01"
    if CronSim.LAST_WEEKDAY in days:
        yield "Mon..Fri", "~01"
        yield "Fri", "~02,03"  # the month ends on a weekend


def _list_weekdays(weekdays: set[int | tuple[int, int]]) -> Iterator[tuple[str, str]]:
    plain = {item % 7 for item in weekdays if isinstance(item, int)}
    if plain:
        yield _name(plain), "-*"
    for item in sorted(item for item in weekdays if isinstance(item, tuple)):
        weekday, number = item
        if number == CronSim.LAST:
            yield _name({weekday % 7}), "~07/1"
        else:
            yield _name({weekday % 7}), f"-{7 * number - 6:02}..{min(7 * number, 31):02}"


def _name(weekdays: set[int]) -> str:
    # systemd's week begins on Monday.
    return ",".join(_NAMES[day] for day in sorted(weekdays, key=lambda day: (day - 1) % 7))


def _list(values: Sequence[int], size: int) -> str:
    return "*" if len(values) == size else ",".join(f"{value:02}" for value in values)
