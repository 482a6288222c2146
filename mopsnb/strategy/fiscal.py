"""Fiscal years: twelve months from the day on which a team's year starts."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta

Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """One fiscal year.

    Parameters
    ----------
    first, last
        Its first and last day.
    day
        The day of the month on which its months start, from 1 to 31; a shorter month starts on its last day.
    """

    first: date
    last: date
    day: int = 1

    @property
    def label(self) -> int:
        """The calendar year in which it starts, as ``budget.year`` in the strategy file names it."""
        return self.first.year

    @property
    def name(self) -> str:
        """``2026`` where it is the calendar year, else ``fiscal year 2026/27``."""
        if self.first.month == self.first.day == 1:
            return str(self.label)
        return f"fiscal year {self.label}/{(self.label + 1) % 100:02d}"

    @property
    def months(self) -> tuple[Span, ...]:
        """First and last day of each of its twelve months."""
        starts = [_start_month(self.first, step, self.day) for step in range(13)]
        return tuple((start, after - timedelta(days=1)) for start, after in itertools.pairwise(starts))

    @property
    def previous(self) -> FiscalYear:
        """The fiscal year before."""
        return FiscalYear(_start_month(self.first, -12, self.day), self.first - timedelta(days=1), self.day)

    def holds(self, day: date) -> bool:
        """Tell whether a day lies in this year."""
        return self.first <= day <= self.last


def open_year(start: str, label: int, *, whole_months: bool = False) -> FiscalYear:
    """Return the fiscal year that starts in a calendar year.

    Parameters
    ----------
    start
        The day on which a fiscal year starts, as ``MM-DD``; see ``organization.fiscal_year_start``.
    label
        The calendar year.
    whole_months
        Start on the first day of that month, for figures that only exist by calendar month.

    Examples
    --------
    >>> year = open_year("04-06", 2026)
    >>> str(year.first), str(year.last), year.name
    ('2026-04-06', '2027-04-05', 'fiscal year 2026/27')
    """
    month, day = int(start[:2]), 1 if whole_months else int(start[3:])
    first = date(label, month, day)
    return FiscalYear(first, _start_month(first, 12, day) - timedelta(days=1), day)


def find_year(start: str, day: date, *, whole_months: bool = False) -> FiscalYear:
    """Return the fiscal year in which a day lies.

    Parameters
    ----------
    start, whole_months
        As for `open_year`.
    day
        The day.
    """
    year = open_year(start, day.year, whole_months=whole_months)
    return year if day >= year.first else year.previous


def _start_month(first: date, step: int, day: int) -> date:
    number = first.year * 12 + first.month - 1 + step
    following = date((number + 1) // 12, (number + 1) % 12 + 1, 1)
    return min(following - timedelta(days=1), date(number // 12, number % 12 + 1, 1) + timedelta(days=day - 1))
