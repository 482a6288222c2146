"""What the analyses of a budget look at: the fiscal year, the day that counts, and since when spend is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from mopsnb.strategy import Strategy
from mopsnb.strategy.fiscal import FiscalYear, Span, find_year


@dataclass(frozen=True, slots=True)
class Horizon:
    """The days that are compared: the fiscal year and the one before.

    Parameters
    ----------
    year
        The fiscal year in which the report's day lies.
    as_of
        The report's day.
    known_from
        The first day with spend in the data; None where there is none.
    ad_months
        The months of both years in which the data holds any advertising.
    """

    year: FiscalYear
    as_of: date
    known_from: date | None
    ad_months: frozenset[Span] = frozenset()

    @property
    def origin(self) -> date:
        """The first day looked at."""
        return self.year.previous.first

    @property
    def length(self) -> int:
        """How many days are looked at."""
        return (self.year.last - self.origin).days + 1

    @property
    def months(self) -> tuple[Span, ...]:
        """The months of both years."""
        return self.year.previous.months + self.year.months

    @property
    def days_left(self) -> int:
        """How many days of the year come after the report's day."""
        return (self.year.last - self.as_of).days

    @property
    def is_covered(self) -> bool:
        """Whether spend is known from the year's first month on, so that what was spent is not too low."""
        return self.known_from is not None and self.known_from <= self.year.months[0][1]

    def place(self, day: date) -> int:
        """Return a day's position; the first day has 0."""
        return (day - self.origin).days

    def list_complete(self) -> list[Span]:
        """Return the months for which spend is known from their first to their last day, in time order.

        Where spend is known from the year's first month on, that month counts: its first bill may come late in it.
        """
        if self.known_from is None:
            return []
        start = min(self.known_from, self.year.first) if self.is_covered else self.known_from
        return [(first, last) for first, last in self.months if first >= start and last <= self.as_of]


def find_horizon(spend: pd.DataFrame, plan: pd.DataFrame, strategy: Strategy, as_of: date | None) -> Horizon | None:
    """Return what to look at; None where no day is known.

    Parameters
    ----------
    spend, plan
        As the workspace returns them. The plan says from when to when its years run.
    strategy
        Its fiscal year serves where there is no plan for the report's day.
    as_of
        The report's day.
    """
    if as_of is None:
        return None
    day = pd.Timestamp(as_of)
    rows = plan[(plan["year_start"] <= day) & (plan["year_end"] >= day)]
    if len(rows):
        first, last = rows["year_start"].iloc[0].date(), rows["year_end"].iloc[0].date()
        year = FiscalYear(first, last, first.day)
    else:
        year = find_year(strategy.organization.fiscal_year_start, as_of)
    known = spend.loc[~spend["is_committed"] & (spend["date"] <= day)]
    known_from = known["first_day"].min().date() if len(known) else None
    ads = known.loc[known["kind"] == "ads", "date"]
    months = [
        (first, last)
        for first, last in year.previous.months + year.months
        if ((ads >= pd.Timestamp(first)) & (ads <= pd.Timestamp(last))).any()
    ]
    return Horizon(year, as_of, known_from, frozenset(months))
