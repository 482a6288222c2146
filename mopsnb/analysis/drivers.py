"""What moved a metric between two periods: each segment's part, split into mix and rate, adding up to the change."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from mopsnb.analysis.cards import Card
from mopsnb.analysis.frames import FLAG, NUMBER, TEXT, Row, build_frame, list_rows, read_number
from mopsnb.analysis.months import NAN
from mopsnb.analysis.wording import FormatValue, format_plainly

REST = "(counted elsewhere)"
NOT_BEFORE, NOT_NOW = "none before", "none now"  # of a segment in the two periods; it may have been there earlier
DRIVER_COLUMNS = {
    **{"segment": TEXT, "status": TEXT, "before": NUMBER, "after": NUMBER, "share_before": NUMBER},
    **{"share_after": NUMBER, "mix": NUMBER, "rate": NUMBER, "effect": NUMBER, "is_rest": FLAG},
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with what it was divided from; the denominator of an additive metric is NaN."""

    value: float
    numerator: float
    denominator: float


def split_change(
    before: Mapping[str, Figure], after: Mapping[str, Figure], totals: tuple[Figure, Figure], *, additive: bool
) -> pd.DataFrame:
    """Return what each segment did to the change of a metric; the effects add up to the change.

    A segment's part of an additive metric is how much it changed. Of a ratio, ``R = ∑ share × rate`` with each
    segment's share of the base, it has two parts, both taken at the middle of the two periods, so that no order
    matters and nothing is left over:

    - rate: ``(share₀ + share₁) / 2 × (rate₁ − rate₀)``
    - mix: ``(share₁ − share₀) × ((rate₀ + rate₁) / 2 − (R₀ + R₁) / 2)``

    A segment that has no base in one of the periods has no rate there: it came or went, and all of its effect is mix.
    Where it has a numerator without a base (spend without a click), what it adds is a rate effect. What the segments
    cannot explain, because the total counts a person once and two segments count the same person, is a row of its own.

    Parameters
    ----------
    before, after
        Segment to its figure; a segment with no row in a period is left out of it.
    totals
        The metric's own figures of the two periods.
    additive
        Whether segments add up.

    Returns
    -------
    pandas.DataFrame
        segment, status (`NOT_BEFORE`, `NOT_NOW`, ``no data`` or empty), before, after, share_before and share_after (of
        the base), mix, rate, effect (their sum), is_rest. The largest effect first, the rest last. Empty where a
        total is missing.

    References
    ----------
    Marshall, A. and Edgeworth, F. Y.: weights of the middle between two periods; the same as a Shapley value of two
    factors.
    """
    if not (math.isfinite(totals[0].value) and math.isfinite(totals[1].value)):
        return build_frame([], DRIVER_COLUMNS)
    names = list(dict.fromkeys([*before, *after]))
    pairs = {name: (before.get(name), after.get(name)) for name in names}
    rows = _split_sum(pairs) if additive else _split_ratio(pairs, totals)
    rows.sort(key=lambda row: (-abs(read_number(row["effect"])), str(row["segment"])))
    explained = math.fsum(read_number(row["effect"]) for row in rows)
    rest = totals[1].value - totals[0].value - explained
    scale = max(abs(totals[0].value), abs(totals[1].value))
    if abs(rest) > 1e-9 * scale or any(row["status"] == "no data" for row in rows):
        rows.append({"segment": REST, "effect": rest, "rate": rest, "mix": 0.0, "is_rest": True, "status": ""})
    return build_frame([{"is_rest": False} | dict(row) for row in rows], DRIVER_COLUMNS)


def read_figures(frame: pd.DataFrame, dimension: str, month: pd.Timestamp) -> dict[str, Figure]:
    """Return the figures of one month by segment; a segment without a row in the month is left out.

    Parameters
    ----------
    frame
        What ``Workspace.metric(name, by=["month", dimension])`` returned.
    dimension
        The column that names the segments.
    month
        The first day of the month.
    """
    rows = list_rows(frame[frame["month"] == month])
    figures = {str(row[dimension]): read_figure(row) for row in rows}
    return {name: one for name, one in figures.items() if not (math.isnan(one.value) and math.isnan(one.denominator))}


def read_figure(row: Row) -> Figure:
    """Return a row's value, numerator and denominator."""
    value, numerator, denominator = (read_number(row[name]) for name in ("value", "numerator", "denominator"))
    return Figure(value, numerator, denominator)


def _split_sum(pairs: Mapping[str, tuple[Figure | None, Figure | None]]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for name, (old, new) in pairs.items():
        first, last = (one.value if one else 0.0 for one in (old, new))
        known = math.isfinite(first) and math.isfinite(last)
        status = "no data" if not known else NOT_BEFORE if first == 0 != last else NOT_NOW if last == 0 != first else ""
        effect = last - first if known else 0.0
        shown = {"before": old.value if old else NAN, "after": new.value if new else NAN}
        rows.append({"segment": name, "status": status, "mix": 0.0, "rate": effect, "effect": effect} | shown)
    return rows


def _split_ratio(
    pairs: Mapping[str, tuple[Figure | None, Figure | None]], totals: tuple[Figure, Figure]
) -> list[dict[str, object]]:
    known = {name: pair for name, pair in pairs.items() if all(one is None or _is_known(one) for one in pair)}
    bases = [math.fsum(one.denominator for one in column if one) for column in zip(*known.values(), strict=True)]
    factor = _find_factor(totals)
    middle = (totals[0].value + totals[1].value) / 2
    rows: list[dict[str, object]] = []
    for name, pair in pairs.items():
        row: dict[str, object] = {"segment": name, "before": _value(pair[0]), "after": _value(pair[1])}
        if name not in known or min(bases) == 0:
            rows.append(row | {"status": "no data", "mix": 0.0, "rate": 0.0, "effect": 0.0})
            continue
        tops = [factor * one.numerator if one else 0.0 for one in pair]
        downs = [one.denominator if one else 0.0 for one in pair]
        share = [down / base for down, base in zip(downs, bases, strict=True)]
        mix, rate = _weigh(tops, downs, bases, middle)
        status = NOT_BEFORE if downs[0] == 0 < downs[1] else NOT_NOW if downs[1] == 0 < downs[0] else ""
        shares = {"share_before": share[0], "share_after": share[1], "status": status}
        rows.append(row | shares | {"mix": mix, "rate": rate, "effect": mix + rate})
    return rows


def _weigh(tops: list[float], downs: list[float], bases: list[float], middle: float) -> tuple[float, float]:
    """Return a segment's mix and rate effects."""
    parts = [top / base for top, base in zip(tops, bases, strict=True)]
    share = [down / base for down, base in zip(downs, bases, strict=True)]
    if any(down == 0 and top != 0 for top, down in zip(tops, downs, strict=True)) or max(downs) == 0:
        moved = (share[1] - share[0]) * middle
        return -moved, parts[1] - parts[0]
    rates = [top / down if down else NAN for top, down in zip(tops, downs, strict=True)]
    rates = [rates[1 - place] if math.isnan(rate) else rate for place, rate in enumerate(rates)]
    rate = (share[0] + share[1]) / 2 * (rates[1] - rates[0])
    return (share[1] - share[0]) * ((rates[0] + rates[1]) / 2 - middle), rate


def _is_known(figure: Figure) -> bool:
    return math.isfinite(figure.numerator) and math.isfinite(figure.denominator)


def _find_factor(totals: tuple[Figure, Figure]) -> float:
    # A ratio may carry a factor, such as 1,000 for a cost per thousand.
    for one in totals:
        if one.numerator and math.isfinite(one.numerator) and one.denominator:
            return one.value * one.denominator / one.numerator
    return 1.0


def _value(figure: Figure | None) -> float:
    return figure.value if figure else NAN


def tell_change(
    drivers: pd.DataFrame,
    card: Card,
    totals: tuple[Figure, Figure],
    when: tuple[str, str],
    format_value: FormatValue = format_plainly,
) -> str:
    """Return what moved a metric, in plain text.

    Parameters
    ----------
    drivers
        What ``split_change`` returned.
    card
        The metric.
    totals
        Its figures of the two periods.
    when
        The two periods in words, such as ``August 2026``.
    format_value
        Turns a value and its unit into text.
    """
    if drivers.empty:
        return f"{card.title} has no data in {when[0]} or {when[1]}, so its change has no parts."
    change = totals[1].value - totals[0].value

    def sign(value: float) -> str:
        return write_change(value, card.unit, format_value)

    ends = " to ".join(f"{format_value(one.value, card.unit)} in {day}" for one, day in zip(totals, when, strict=True))
    parts = list_rows(drivers[~drivers["is_rest"]].head(2))
    named = " and ".join(f"{row['segment']} ({sign(read_number(row['effect']))}{_note(row)})" for row in parts)
    text = f"{card.title} changed by {sign(change)}, from {ends}. The largest parts: {named}."
    if not card.additive:
        mix = math.fsum(drivers["mix"])
        rate = math.fsum(drivers.loc[~drivers["is_rest"], "rate"])
        text += f" Rates within segments made {sign(rate)}, the mix of segments {sign(mix)}."
    rest = math.fsum(drivers.loc[drivers["is_rest"], "effect"])
    if drivers["is_rest"].any():
        text += f" Segments that count the same thing twice, or have no data, leave {sign(rest)} without a place."
    return text


def write_change(value: float, unit: str, format_value: FormatValue) -> str:
    """Return a difference with its sign; a difference of shares is in percentage points.

    Examples
    --------
    >>> write_change(-0.008, "fraction", format_plainly), write_change(12.0, "count", format_plainly)
    ('−0.8 points', '+12')
    """
    size = format_value(abs(value), unit)
    if unit == "fraction":
        size = f"{size.removesuffix('%').rstrip()} points"
    return f"{'+' if value > 0 else '−' if value < 0 else '±'}{size}"


def _note(row: Row) -> str:
    return f", {row['status']}" if row["status"] else ""
