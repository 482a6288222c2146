"""How an area stands, in sentences: what was spent, where it will end, and when it crosses its plan."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from mopsnb.analysis.frames import Row, list_rows, read_day, read_number
from mopsnb.analysis.pacing.names import name_key
from mopsnb.analysis.pacing.ratio import LEAST
from mopsnb.analysis.wording import FormatValue, count_things, format_day, format_plainly, format_span
from mopsnb.strategy import Strategy

ROUNDING = 0.005  # half a cent


def describe_total(total: pd.DataFrame, currency: str, *, format_value: FormatValue = format_plainly) -> str:
    """Return how the whole budget stands, in a few plain sentences.

    Parameters
    ----------
    total
        What ``pace_budget`` returned with ``by="total"``.
    currency
        The workspace's currency, such as ``EUR``.
    format_value
        Turns a value and its unit into text.
    """
    rows = list_rows(total)
    if not rows:
        return "There is no spend and no plan for the year yet."
    row = rows[0]
    money = Money(row, currency, format_value)
    if math.isnan(read_number(row["plan_year"])):
        return f"{money('spent')} was spent in {row['year']} by {_day(row, 'as_of')}. {tell_projection(row, money)}"
    return " ".join(part for part in list_evidence(row, money) if part)


def title_path(total: pd.DataFrame, currency: str, *, format_value: FormatValue = format_plainly) -> str:
    """Return the finding of the year's path in a few words, for the title of a chart.

    Parameters
    ----------
    total
        What ``pace_budget`` returned with ``by="total"``.
    currency
        The workspace's currency, such as ``EUR``.
    format_value
        Turns a value and its unit into text.
    """
    rows = list_rows(total)
    if not rows:
        return "Spend of the year"
    row = rows[0]
    money = Money(row, currency, format_value)
    if math.isnan(read_number(row["projected"])):
        return f"{money('spent')} spent so far"
    if math.isnan(read_number(row["plan_year"])):
        return f"{money('spent')} spent so far, {money('projected')} projected by the end of the year"
    side = "above" if read_number(row["gap"]) > 0 else "below"
    share = format_value(abs(read_number(row["gap_share"])), "fraction")
    return f"The year is projected to end at {money('projected')}, {share} {side} its plan of {money('plan_year')}"


def title_channels(
    by_channel: pd.DataFrame, strategy: Strategy, currency: str, *, format_value: FormatValue = format_plainly
) -> str:
    """Return the finding of spend by month and channel in a few words: which channel took most.

    Parameters
    ----------
    by_channel
        What ``draw_channels`` returned.
    strategy
        Its channels' names.
    currency
        The workspace's currency, such as ``EUR``.
    format_value
        Turns a value and its unit into text.
    """
    sums = by_channel.groupby("channel", sort=True)["value"].sum()
    total = math.fsum(sums)
    if not total > 0:
        return "Spend by month and channel"
    name = name_key(str(sums.idxmax()), strategy, "channel")
    share = format_value(float(sums.max()) / total, "fraction")
    return f"{name} took the largest part of spend: {share} of {format_value(total, currency)}"


class Money:
    """Writes the amounts of one row.

    Parameters
    ----------
    row
        A row of what ``pace_budget`` returned.
    currency
        The unit of its amounts.
    format_value
        Turns a value and its unit into text.
    """

    def __init__(self, row: Row, currency: str, format_value: FormatValue) -> None:
        self._row = row
        self._currency = currency
        self._format = format_value

    def __call__(self, name: str) -> str:
        """Return the size of a column's amount, without its sign."""
        return self._format(abs(read_number(self._row[name])), self._currency)

    def share(self, name: str) -> str:
        """Return the size of a column's share, without its sign."""
        return self._format(abs(read_number(self._row[name])), "fraction")


def list_evidence(row: Row, money: Money) -> list[str]:
    """Return the sentences that show how an area with a plan stands."""
    return [tell_spend(row, money), tell_projection(row, money), tell_crossing(row), tell_stretch(row, money)]


def tell_spend(row: Row, money: Money) -> str:
    """Return what was spent and committed, beside what was planned up to the day."""
    day = _day(row, "as_of")
    if read_number(row["expected"]) == 0:
        text = f"{money('spent')} was spent by {day}, when nothing was planned yet."
    else:
        side = "more" if read_number(row["variance"]) > 0 else "less"
        text = f"{money('spent')} was spent by {day}: {money('variance')} ({money.share('variance_share')}) {side} than"
        text += f" the {money('expected')} planned up to then."
        if _has(row, "off_since") and read_day(row["off_since"]) > read_day(row["year_start"]):
            where = "above" if side == "more" else "below"
            text += f" Spend has been {where} the phased plan since {_day(row, 'off_since')}."
    if read_number(row["committed"]) > 0:
        text += f" Another {money('committed')} is committed."
    return text


def tell_projection(row: Row, money: Money) -> str:
    """Return where the year will end, with its interval or why there is none."""
    if read_day(row["as_of"]) >= read_day(row["year_end"]):
        if math.isnan(read_number(row["gap"])):
            return "The year is over."
        return f"The year is over, {money('gap')} {_side(row)} its plan of {money('plan_year')}."
    months = int(read_number(row["months"]))
    basis = f"At the pace of the last {count_things(months, 'complete month')} the year ends at {money('projected')}"
    if is_bound(row):
        basis = f"What is spent and committed already makes {money('projected')} for the year"
    elif months < LEAST:
        basis = f"With the rest of the year as planned it ends at {money('projected')}"
        if math.isnan(read_number(row["plan_year"])):
            return "There are too few complete months to project the year-end."
    limits = " (no interval: too few months, or none with spend)"
    if math.isfinite(read_number(row["high"])):
        limits = f" (95% interval {money('low')} to {money('high')})"
    if math.isnan(read_number(row["gap"])):
        return f"{basis}{limits}."
    return f"{basis}{limits}, {money('gap')} {_side(row)} the year's plan of {money('plan_year')}."


def tell_crossing(row: Row) -> str:
    """Return the day on which spend crosses the year's plan; empty where it does not."""
    if not _has(row, "crosses_on"):
        return ""
    day = _day(row, "crosses_on")
    if row["has_crossed"]:
        return f"Spend crossed the plan of the whole year on {day}."
    text = f"Spend crosses the year's plan on {day}"
    if not _has(row, "crosses_early"):
        return f"{text}."
    early = read_day(row["crosses_early"])
    if not _has(row, "crosses_late"):
        return f"{text} ({format_day(early)} at the earliest, perhaps not within the year)."
    return f"{text} (interval {format_span(early, read_day(row['crosses_late']))})."


def tell_stretch(row: Row, money: Money) -> str:
    """Return the days that made most of the difference; empty where none stands out."""
    if not _has(row, "stretch_start"):
        return ""
    span = format_span(read_day(row["stretch_start"]), read_day(row["stretch_end"]))
    side = "above" if read_number(row["stretch_amount"]) > 0 else "below"
    return f"From {span} spend was {money('stretch_amount')} {side} the plan of these days."


def is_bound(row: Row) -> bool:
    """Tell whether what is committed, and not the pace, says how much the year will be."""
    spent, committed, projected = (read_number(row[name]) for name in ("spent", "committed", "projected"))
    return committed > 0 and abs(projected - spent - committed) <= ROUNDING


def _side(row: Row) -> str:
    return "above" if read_number(row["gap"]) > 0 else "below"


def _has(row: Mapping[str, object], name: str) -> bool:
    return row[name] is not pd.NaT


def _day(row: Row, name: str) -> str:
    return format_day(read_day(row[name]))
