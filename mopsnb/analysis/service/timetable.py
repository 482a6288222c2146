"""When the teams work: opening hours by weekday, holidays and further closed days, in one time zone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mopsnb.errors import Fault, StrategyError
from mopsnb.strategy import OpeningHours, Strategy
from mopsnb.strategy.hours import split_open_times
from mopsnb.strategy.names import find_nearest

USUAL_WEEK = OpeningHours(**dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-17:00"))


@dataclass(frozen=True, slots=True)
class Timetable:
    """When the teams work.

    Parameters
    ----------
    time_zone
        An IANA time zone: days and opening hours are local to it.
    week
        For Monday to Sunday, the spans in which it is open, in minutes of local wall time after midnight.
    holidays
        A country, or a country and its region, whose public holidays are closed: ``DE``, ``DE-BY``. Empty: none.
    closed_on
        Further closed days.
    """

    time_zone: str
    week: tuple[tuple[tuple[int, int], ...], ...]
    holidays: str = ""
    closed_on: tuple[date, ...] = ()

    @property
    def day_hours(self) -> float:
        """The mean hours of a business day: what a pause is divided by where an agreement counts in days."""
        lengths = [sum(closes - opens for opens, closes in spans) for spans in self.week if spans]
        return sum(lengths) / len(lengths) / 60


def read_timetable(strategy: Strategy) -> Timetable:
    """Return when the teams work, as the block ``organization`` of the strategy says.

    Raises
    ------
    StrategyError
        No calendar of holidays is known for the country or its region. Its message names those that are.
    """
    known = strategy.organization
    hours = known.opening_hours or USUAL_WEEK
    week = tuple(split_open_times(str(getattr(hours, day))) for day in OpeningHours.model_fields)
    timetable = Timetable(known.time_zone, week, known.holidays or "", tuple(known.closed_on))
    list_holidays(timetable.holidays, [2026])  # an unknown calendar is refused before anything is worked out
    return timetable


def list_holidays(place: str, years: Iterable[int]) -> frozenset[date]:
    """Return the public holidays of some years, as observed: where the law moves one to a weekday, that day is in.

    Parameters
    ----------
    place
        A country such as ``DE``, or with its region ``DE-BY``; empty: there are none.
    years
        The years.

    Raises
    ------
    StrategyError
        There is no calendar for the place.

    Examples
    --------
    >>> date(2026, 6, 4) in list_holidays("DE-BY", [2026]), date(2026, 6, 4) in list_holidays("DE", [2026])
    (True, False)
    """
    if not place:
        return frozenset()
    import holidays  # heavy, and only pages that count business time need it

    country, _, region = place.partition("-")
    try:
        return frozenset(holidays.country_holidays(country, subdiv=region or None, years=years))
    except NotImplementedError as error:
        known = holidays.list_supported_countries()
        codes = sorted(code for code in known if len(code) == 2)
        choices = [f"{country}-{name}" for name in known[country]] if country in known else codes
        what = "a region" if country in known else "a country"
        hint = find_nearest(place, choices) if country in known else ""
        fault = Fault(
            file="strategy.yml",
            place="",
            field="organization.holidays",
            value=place,
            expected=f"{what} whose public holidays are known ({', '.join(choices[:20])}"
            f"{', …' if len(choices) > 20 else ''})",
            fix=hint or "Leave the key out, and list the days under organization.closed_on.",
        )
        raise StrategyError("The calendar of business days cannot be worked out.", [fault]) from error
