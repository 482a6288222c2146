"""One sentence that reads a metric's month: the value, what it was before, signal or noise."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from mopsnb.analysis.cards import Card, is_proportion
from mopsnb.analysis.intervals import ProcessLimits
from mopsnb.analysis.months import Month, has_data
from mopsnb.analysis.wording import MONTHS, FormatValue, count_things, format_month

BASE_WORDS = 7  # a longer base does not fit into the sentence
OF_THE_MONTH = (" in the month", " at the start of the month")  # the sentence names the month itself


def read_month(card: Card, months: Sequence[Month], limits: ProcessLimits, format_value: FormatValue) -> str:
    """Return the reading of the last of a metric's complete months.

    Parameters
    ----------
    card
        The metric.
    months
        Its complete months in time order, the month in question last. Not empty.
    limits
        The usual range; NaN where too few months are known.
    format_value
        Turns a value and its unit into text.
    """
    latest = months[-1]
    month = format_month(latest.start)
    if not has_data(latest, additive=card.additive):
        return f"{card.title} has no data in {month}.{_name_last(card, months)}"
    if math.isnan(latest.value):
        return f"{card.title} has no value in {month}: there is nothing to divide by{_name_base(card)}."
    value = format_value(latest.value, card.unit)
    text = f"{card.title} {choose_verb(card)} {value} in {month}{_name_parts(card, months, format_value)}"
    moves = _name_moves(card, months, format_value)
    if moves:
        text += f", {moves}"
    return f"{text}; {_place(latest.value, limits, card, format_value)}."


def _place(value: float, limits: ProcessLimits, card: Card, format_value: FormatValue) -> str:
    place = limits.place(value)
    if not place:
        known = count_things(limits.count, "month")
        return f"{known} {'is' if limits.count == 1 else 'are'} too few to say what is usual"
    span = f"{format_value(limits.low, card.unit)} to {format_value(limits.high, card.unit)}"
    if place == "inside":
        return f"the month lies inside the usual range of {span}"
    judgment = {1: "for the better", -1: "for the worse"}.get(card.wish * (1 if place == "above" else -1), "")
    change = f"a change {judgment}" if judgment else "a change"
    return f"the month lies {place} the usual range of {span}, {change} that chance rarely makes"


def _name_parts(card: Card, months: Sequence[Month], format_value: FormatValue) -> str:
    latest = months[-1]
    if not is_proportion(card, months):
        return ""
    base = _shorten_base(card)
    base = f" {base}" if 0 < len(base.split()) <= BASE_WORDS else ""
    parts = format_value(latest.numerator, "count"), format_value(latest.denominator, "count")
    return f" ({parts[0]} of {parts[1]}{base})"


def choose_verb(card: Card) -> str:
    """Return ``were`` for a title that names several things (New customers), else ``was``."""
    head = re.split(r" (?:from|of|in|by|per) ", card.title)[0]
    several = card.additive and any(word.endswith("s") and not word.endswith("ss") for word in head.split())
    return "were" if several else "was"


def _name_moves(card: Card, months: Sequence[Month], format_value: FormatValue) -> str:
    latest = months[-1]
    moves: list[tuple[str, str]] = []
    for back in (1, 12):
        if len(months) <= back or math.isnan(months[-1 - back].value):
            continue
        before = months[-1 - back]
        when = "a year earlier" if back == 12 else f"in {_name_month(before, latest)}"
        figure, now = (format_value(value, card.unit) for value in (before.value, latest.value))
        if figure == now:
            moves.append(("the same as", when))
        else:
            moves.append(("up from" if latest.value > before.value else "down from", f"{figure} {when}"))
    if len(moves) == 2 and moves[0][0] == moves[1][0]:
        return f"{moves[0][0]} {moves[0][1]} and {moves[1][1]}"
    return " and ".join(f"{word} {rest}" for word, rest in moves)


def _name_month(month: Month, beside: Month) -> str:
    return MONTHS[month.start.month - 1] if month.start.year == beside.start.year else format_month(month.start)


def _name_last(card: Card, months: Sequence[Month]) -> str:
    for month in reversed(months):
        if has_data(month, additive=card.additive):
            return f" The last month with data is {format_month(month.start)}."
    return ""


def _name_base(card: Card) -> str:
    return f" ({_shorten_base(card)})" if card.base else ""


def _shorten_base(card: Card) -> str:
    base = card.base
    for ending in OF_THE_MONTH:
        base = base.removesuffix(ending)
    return base
