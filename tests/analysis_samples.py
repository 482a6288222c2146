"""Small strategies, catalogues and months for the tests of the analyses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from mopsnb.analysis.months import shift_month
from mopsnb.strategy import Goal, Stakeholder, Strategy

NAN = math.nan
JANUARY = date(2026, 1, 1)
CHURN = {"metric": "email_churn_rate", "baseline": 0.005, "target": 0.004, "statement": "Cut churn"}

CATALOGUE = pd.DataFrame(
    [
        ("total_clicks", "Total clicks from email", "count", "up", True, None, "all emails", "email_event"),
        ("email_churn_rate", "Email churn rate", "fraction", "down", False, True, "recipients", "email_event"),
        ("click_through_rate", "Email click-through rate", "fraction", "up", False, False, "pairs", "email_event"),
        ("cost_per_lead", "Cost per lead", "EUR", "down", False, False, "leads in the month", "ad_daily"),
        ("spend", "Marketing spend", "EUR", "neutral", True, None, "", "ad_daily"),
        ("leads", "Leads", "count", "up", True, None, "all contacts", "contact"),
    ],
    columns=["name", "title", "unit", "direction", "additive", "proportion", "base", "table"],
).set_index("name")
CATALOGUE["formula"] = "numerator ÷ denominator"


def additive(
    first: date, values: Sequence[float], *, partial: bool = False, metric: str = "total_clicks"
) -> pd.DataFrame:
    """Months of an additive metric from the month of a day on; with `partial` the last one still runs."""
    pairs = [(value, NAN) for value in values]
    return _frame(first, [(value, *pair) for value, pair in zip(values, pairs)], partial, metric)


def ratio(
    first: date, pairs: Sequence[tuple[float, float]], *, partial: bool = False, metric: str = "email_churn_rate"
) -> pd.DataFrame:
    """Months of a ratio from numerators and denominators."""
    rows = [(top / bottom if bottom else NAN, top, bottom) for top, bottom in pairs]
    return _frame(first, rows, partial, metric)


def _frame(first: date, rows: Sequence[tuple[float, float, float]], partial: bool, metric: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["value", "numerator", "denominator"], dtype="float64")
    frame.insert(0, "metric", metric)
    frame.insert(1, "period_start", pd.to_datetime([shift_month(first, step) for step in range(len(rows))]))
    frame["is_complete"] = [step < len(rows) - 1 or not partial for step in range(len(rows))]
    return frame


def clicks(*values: float, partial: bool = False) -> pd.DataFrame:
    """Months of clicks from January 2026 on."""
    return additive(JANUARY, values, partial=partial)


def churn(*pairs: tuple[float, float]) -> pd.DataFrame:
    """Complete months of churn, as unsubscribes and recipients, from January 2026 on."""
    return ratio(JANUARY, pairs)


def make_goal(**changes: Any) -> Goal:
    """The framework's sample goal (P19) with every field filled; any field can be changed."""
    fields: dict[str, Any] = {
        "id": "clicks",
        "statement": "Increase total clicks from email by 25% in one year",
        "metric": "total_clicks",
        "scope": {"channel": "email"},
        "baseline": 120_000.0,
        "target": 150_000.0,
        "start": date(2026, 1, 1),
        "deadline": date(2026, 12, 31),
        "owner": "maya",
        "stakeholders": ["sales"],
        "benefit_customers": "Mail that is worth reading",
        "benefit_team": "Fewer campaigns for the same result",
    }
    return Goal(**(fields | changes))


def make_strategy(*goals: Goal, **changes: Any) -> Strategy:
    """A strategy with one stakeholder, sales, and the goals given."""
    people = changes.pop("stakeholders", [Stakeholder(id="sales", name="Sales", power=4, interest=5)])
    return Strategy(goals=list(goals), stakeholders=people, **changes)
