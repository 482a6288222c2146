"""What depends on a metric: "what if it were …", by stated formulas, all else the same."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from typing import Protocol

from mopsnb.analysis.cards import Card
from mopsnb.analysis.months import Month
from mopsnb.analysis.wording import FormatValue, format_month

YEAR = 12  # months
# Ratios that have a sum on top, or below.
ON_TOP = {"spend": ("cost_per_lead", "customer_acquisition_cost"), "total_clicks": ("click_through_rate",)}
BELOW = {"leads": ("cost_per_lead",), "new_customers": ("customer_acquisition_cost",)}
SAME = "All else stays as it is: this is arithmetic, and no forecast."


class Figures(Protocol):
    """Other metrics' figures."""

    def card(self, name: str) -> Card:
        """Return what the catalogue says of a metric."""
        ...

    def value(self, name: str, month: date) -> float:
        """Return a metric's value in a month; NaN where it has none."""
        ...

    def segment(self, name: str, by: str, segment: str, month: date) -> float:
        """Return a metric's value of one segment in a month; NaN where it has none."""
        ...


def keep_people(people: float, churn: float, months: int = YEAR) -> float:
    """Return how many of these people are still there after so many months: ``people × (1 − churn)^months``.

    Examples
    --------
    >>> round(keep_people(1000, 0.01), 1)
    886.4
    """
    return float(people * (1 - churn) ** months)


def count_reached(people: float, churn: float, months: int = YEAR) -> float:
    """Return people × months at which they can be written to: the sum of ``people × (1 − churn)^k``, k from 1 on.

    Examples
    --------
    >>> count_reached(100, 0.5, 2)
    75.0
    """
    return math.fsum(keep_people(people, churn, month) for month in range(1, months + 1))


def tell_scenario(
    card: Card, latest: Month, asked: float, others: Figures, format_value: FormatValue
) -> tuple[str, ...]:
    """Return what changes if a metric had another value, in sentences that state the formula.

    Parameters
    ----------
    card
        The metric.
    latest
        Its latest complete month with a value.
    asked
        The value that is tried, in the metric's unit.
    others
        Figures of other metrics.
    format_value
        Turns a value and its unit into text.
    """
    if card.unit == "fraction" and not 0 <= asked <= 1:
        return (f"{format_value(asked, card.unit)} is no share: choose 0% to 100%.",)
    if card.name == "email_churn_rate":
        return (*_tell_churn(latest, asked, others, format_value), SAME)
    if card.additive:
        found = tuple(_tell_sum(card, latest, asked, others, format_value))
        return (*found, SAME) if found else ("No formula of the catalogue ties another metric of this page to it.",)
    return (*_tell_ratio(card, latest, asked, format_value), SAME)


def _tell_churn(latest: Month, asked: float, others: Figures, format_value: FormatValue) -> Iterator[str]:
    people = latest.denominator
    if not people > 0:
        yield f"{format_month(latest.start)} names nobody who was sent an email, so nothing can be worked out."
        return
    now, then = keep_people(people, latest.value), keep_people(people, asked)
    yield (
        f"Of the {format_value(people, 'count')} people emailed in {format_month(latest.start)}, "
        f"{format_value(then, 'count')} would still be there after {YEAR} months instead of "
        f"{format_value(now, 'count')}: {_sign(then - now, 'count', format_value)} people. "
        f"Formula: people × (1 − churn rate)^{YEAR}."
    )
    more = count_reached(people, asked) - count_reached(people, latest.value)
    clicks = others.value("total_clicks", latest.start)
    leads = others.segment("leads", "channel", "email", latest.start)
    for name, count in (("Clicks", clicks), ("Leads from email", leads)):
        if math.isfinite(count):
            yield (
                f"{name} over these {YEAR} months: {_sign(more * count / people, 'count', format_value)}. Formula: "
                f"{name.lower()} per person emailed in {format_month(latest.start)} ({format_value(count, 'count')} ÷ "
                f"{format_value(people, 'count')}) × the difference in people, added up over the months."
            )
    if not math.isfinite(leads):
        yield f"No lead of {format_month(latest.start)} names email as its channel, so leads from email stay unknown."


def _tell_ratio(card: Card, latest: Month, asked: float, format_value: FormatValue) -> Iterator[str]:
    top, base = latest.numerator, latest.denominator
    if not (math.isfinite(top) and base > 0 and latest.value > 0):
        yield "The latest month has no base, so nothing can be worked out."
        return
    month = format_month(latest.start)
    if card.unit == "currency":
        if asked <= 0:
            yield "Choose a value above 0."
            return
        then = base * latest.value / asked
        yield (
            f"For the same {format_value(top, 'currency')} of {month}, what it is divided by would be "
            f"{format_value(then, 'count')} instead of {format_value(base, 'count')}. Formula: {card.formula}, "
            "solved for its base."
        )
    else:
        then, unit = top * asked / latest.value, "currency" if card.unit == "ratio" else "count"
        yield (
            f"On the same base as in {month} ({format_value(base, unit)}), what is counted on top would be "
            f"{format_value(then, unit)} instead of {format_value(top, unit)}. Formula: {card.formula}, solved for its "
            "numerator."
        )


def _tell_sum(card: Card, latest: Month, asked: float, others: Figures, format_value: FormatValue) -> Iterator[str]:
    if not latest.value > 0 or asked <= 0:
        return
    factor = asked / latest.value
    for names, power in ((ON_TOP.get(card.name, ()), 1), (BELOW.get(card.name, ()), -1)):
        for name in names:
            value = others.value(name, latest.start)
            if math.isfinite(value):
                other = others.card(name)
                yield (
                    f"{other.title} in {format_month(latest.start)} would be "
                    f"{format_value(value * factor**power, other.unit)} instead of {format_value(value, other.unit)}. "
                    f"Formula: {other.formula}."
                )


def _sign(value: float, unit: str, format_value: FormatValue) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else '±'}{format_value(abs(value), unit)}"
