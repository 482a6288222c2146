"""What the catalogue says about one metric, in the form that the analyses use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from mopsnb.analysis.months import Month, has_data
from mopsnb.errors import suggest

UP_WORDS = frozenset({"up", "higher", "increase", "more"})
DOWN_WORDS = frozenset({"down", "lower", "decrease", "less"})


@dataclass(frozen=True, slots=True)
class Card:
    """One metric.

    Parameters
    ----------
    name, title, unit
        As in the catalogue.
    wish
        1 where more is better, -1 where less is better, 0 where neither is.
    additive
        Whether months add up (clicks do, rates do not).
    proportion
        Whether the value is a share of its base (unsubscribers of recipients); None where the catalogue
        does not say.
    base
        What the value is divided by, in words.
    formula
        How the value is worked out, in words.
    table
        The table that the metric rests on.
    lacks
        What it lacks where it has no data, in words.
    """

    name: str
    title: str
    unit: str
    wish: int
    additive: bool
    proportion: bool | None = None
    base: str = ""
    formula: str = ""
    table: str = ""
    lacks: str = ""


def find_card(catalogue: pd.DataFrame, name: str) -> Card | None:
    """Return the metric's card, or None where the catalogue has no such metric.

    Parameters
    ----------
    catalogue
        Index: the metric's name. Columns title, unit, direction (``up``, ``down`` or empty), additive; where they
        exist also proportion, base, formula, table and lacks.
    name
        The metric.
    """
    if not name or name not in catalogue.index:
        return None
    row = {str(key): value for key, value in catalogue.loc[name].to_dict().items()}
    direction = _text(row.get("direction")).casefold()
    proportion = row.get("proportion")
    return Card(
        name=name,
        title=_text(row.get("title")) or name,
        unit=_text(row.get("unit")),
        wish=1 if direction in UP_WORDS else -1 if direction in DOWN_WORDS else 0,
        additive=bool(row.get("additive", False)),
        proportion=None if proportion is None or proportion is pd.NA else bool(proportion),
        base=_text(row.get("base")),
        formula=_text(row.get("formula")),
        table=_text(row.get("table")),
        lacks=_text(row.get("lacks")),
    )


def explain_unknown(catalogue: pd.DataFrame, name: str) -> str:
    """Return a sentence that says that the catalogue lacks a metric, with the nearest name."""
    hint = suggest(name, [str(known) for known in catalogue.index])
    return f"The catalogue has no metric '{name}'. {hint}".rstrip()


def is_proportion(card: Card, months: Sequence[Month]) -> bool:
    """Tell whether a binomial interval fits the metric.

    The catalogue decides where it says so. Else it fits a fraction whose parts are whole numbers, and whose
    numerator never exceeds its base.
    """
    if card.proportion is not None:
        return card.proportion
    known = [month for month in months if has_data(month, additive=False)]
    return (
        not card.additive
        and card.unit == "fraction"
        and bool(known)
        and all(0 <= m.numerator <= m.denominator and m.numerator.is_integer() for m in known)
        and all(month.denominator.is_integer() for month in known)
    )


def _text(value: object) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value)  # noqa: PLR0124
