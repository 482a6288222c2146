"""The recent pace of a metric beside the pace that a goal needs, and what bends it."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from datetime import date

from mopsnb.analysis.cards import Card
from mopsnb.analysis.measures import RATIO_MONTHS
from mopsnb.analysis.months import NAN, Month, add_up
from mopsnb.analysis.process import chart_process
from mopsnb.analysis.wording import FormatValue, format_month, join_words


def measure_pace(card: Card, months: Sequence[Month], leave_out: Collection[date] = ()) -> float:
    """Return what a metric's latest three complete months brought in each, or how far a ratio moved in each.

    A ratio's move is its level of the latest three months, sum over sum, minus that of the three before, divided by
    three. NaN where one of these months has no data.

    Parameters
    ----------
    card
        The metric.
    months
        Its months in time order.
    leave_out
        The first days of months that do not count: what is left of their three months stands for the three. NaN where
        nothing is left.
    """
    spans = _list_spans(card, months)
    totals = [add_up(span, additive=card.additive) for span in spans]
    if any(total.missing or total.present < RATIO_MONTHS for total in totals):
        return NAN
    totals = [add_up([one for one in span if one.start not in leave_out], additive=card.additive) for span in spans]
    if not all(total.present for total in totals):
        return NAN
    if card.additive:
        return totals[0].value / totals[0].present
    return (totals[0].value - totals[1].value) / RATIO_MONTHS


def write_pace(
    value: float, unit: str, card: Card, format_value: FormatValue, tidy: Callable[[float], int] = round
) -> str:
    """Return a pace in words; empty where it is unknown.

    Parameters
    ----------
    value
        What a month brings, or how far a rate moves in one.
    unit
        Its unit.
    card
        The metric.
    format_value
        Turns a value and its unit into text.
    tidy
        Makes a count whole: a count of 122.7 a month promises a precision that a plan does not need.
    """
    if not math.isfinite(value):
        return ""
    if card.additive:
        return f"{format_value(float(tidy(value)) if unit == 'count' else value, unit)} a month"
    sign = "+" if value > 0 else "−" if value < 0 else ""
    text = format_value(abs(value), unit)
    if unit == "fraction":  # "0.03% a month" might be a part of the rate; the move is in points
        text = f"{text.rstrip('%').rstrip()} points"
    return f"{sign}{text} a month"


def find_odd_months(card: Card, months: Sequence[Month]) -> list[date]:
    """Return the months of the recent pace that lie outside the usual range of their time, in time order.

    The range is that of a process-behavior chart (`chart_process`). None where the pace is unknown.
    """
    known = [month for month in months if month.is_complete]
    if math.isnan(measure_pace(card, months)):
        return []
    signals = chart_process([month.value for month in known]).signals
    odd = {month.start for month, signal in zip(known, signals, strict=True) if signal == "outside"}
    return [month.start for span in _list_spans(card, months)[::-1] for month in span if month.start in odd]


def tell_odd_months(odd: Sequence[date], without: str) -> str:
    """Return a sentence about months that bend the recent pace; empty where there are none.

    Parameters
    ----------
    odd
        What `find_odd_months` returned.
    without
        The pace without them, in words; empty where it is unknown.
    """
    if not odd:
        return ""
    verb, them = ("lies", "it") if len(odd) == 1 else ("lie", "them")
    counted = join_words([format_month(day) for day in odd])
    text = f"The recent pace counts {counted}, which {verb} outside the usual range"
    return f"{text}; without {them} the pace would be {without}." if without else f"{text}."


def _list_spans(card: Card, months: Sequence[Month]) -> list[Sequence[Month]]:
    """Return the latest three complete months, and of a ratio the three before."""
    known = [month for month in months if month.is_complete]
    latest = known[-RATIO_MONTHS:]
    return [latest] if card.additive else [latest, known[-2 * RATIO_MONTHS : -RATIO_MONTHS]]
