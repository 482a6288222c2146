"""What the tests of the view share: one theme, and frames in the shapes that the analyses hand over."""

import altair
import numpy as np
import pandas as pd
import pytest

from mopsnb import view
from mopsnb.view import figure, theme


@pytest.fixture(autouse=True)
def dollars():
    """American English and dollars; the theme of before comes back afterwards."""
    before = theme.current()
    yield view.use_theme("USD", "en_US", channels=["search", "social", "email"])
    theme._in_force = before


@pytest.fixture(autouse=True)
def schema(monkeypatch):
    """Every layered chart of these tests is compared with the schema of Vega-Lite, which a page's charts are not."""
    plain = figure._fit

    def check(spec):
        if "layer" in spec:
            altair.LayerChart.validate(spec)
        return plain(spec)

    monkeypatch.setattr(figure, "_fit", check)


@pytest.fixture(scope="session")
def evil():
    """A name from data that would break a page, or a careless regular expression."""
    return "<img src=x onerror=alert(1)> & \"quoted\" 'n' \\1 *x* $5 [a](b)"


@pytest.fixture
def monthly():
    """Two years of churn: months 8 and 9 missing, the last not over."""
    months = pd.date_range("2024-11-01", periods=24, freq="MS")
    value = 0.004 + 0.001 * np.sin(np.arange(24) / 3)
    value[[8, 9]] = np.nan
    base = np.where(np.isnan(value), np.nan, 41000.0)
    return pd.DataFrame(
        {
            "metric": "email_churn_rate",
            "period_start": months,
            "value": value,
            "numerator": value * 41000,
            "denominator": base,
            "is_complete": [True] * 23 + [False],
        }
    )


@pytest.fixture
def summary():
    """The summary's row for `monthly`."""
    return {
        "metric": "email_churn_rate",
        "title": "Email churn rate",
        "unit": "fraction",
        "low": 0.0041,
        "high": 0.0049,
        "interval": "Wilson 95%",
        "usual_low": 0.0025,
        "usual_high": 0.0056,
        "target": 0.0038,
        "signal": "inside",
        "formula": "contacts who unsubscribed ÷ contacts who were sent an email",
        "reading": "The month lies inside the usual range.",
    }


@pytest.fixture
def spend():
    """Three channels over a year, the last month not over."""
    months = pd.date_range("2025-10-01", periods=12, freq="MS")
    rows = [
        {"channel": channel, "period_start": month, "value": size * (1 + place / 12), "is_complete": place < 11}
        for channel, size in (("search", 9000.0), ("social", 4000.0), ("print", 700.0))
        for place, month in enumerate(months)
    ]
    return pd.DataFrame(rows)


@pytest.fixture
def paths():
    """The path of a goal on a running total: nine months are known."""
    months = pd.date_range("2026-01-01", periods=12, freq="MS")
    ends = months + pd.offsets.MonthEnd(0)
    actual = [12000.0 * place for place in range(1, 10)] + [np.nan] * 3
    return pd.DataFrame(
        {
            "goal": "clicks",
            "period_start": months,
            "period_end": ends,
            "expected": 150000 * np.arange(1, 13) / 12,
            "actual": actual,
            "actual_through": [day if place < 9 else pd.NaT for place, day in enumerate(ends)],
            "is_complete": [place < 9 for place in range(12)],
        }
    )


@pytest.fixture
def progress():
    """The progress row for `paths`."""
    return {
        "goal": "clicks",
        "statement": "Increase total clicks from email by 25% in one year",
        "title": "Total clicks from email",
        "unit": "count",
        "owner": "mara",
        "scope": "channel: email",
        "start": pd.Timestamp("2026-01-01"),
        "deadline": pd.Timestamp("2026-12-31"),
        "baseline": 120000.0,
        "target": 150000.0,
        "actual": 108000.0,
        "expected": 112500.0,
        "denominator": np.nan,
        "status": "at_risk",
        "reason": "108,000 clicks of 112,500 that were expected.",
    }


@pytest.fixture
def people():
    """Five stakeholders; two share a place, one has no goal."""
    rows = [
        ("Sales leadership", 5, 5, "manage closely", 2),
        ("Chief marketing officer", 5, 5, "manage closely", 3),
        ("Finance", 5, 2, "keep satisfied", 1),
        ("Field sales", 3, 5, "keep informed", 1),
        ("Agencies", 1, 3, "monitor", 0),
    ]
    return pd.DataFrame(rows, columns=["name", "power", "interest", "quadrant", "goals"])


@pytest.fixture
def kept():
    """Two promises: one broken in February and open in March, one without a share promised and without January."""
    rows = [
        ("Tickets are solved", "2026-01-01", 0.95, 0.90, 0.98, 40, 0.9, True, False),
        ("Tickets are solved", "2026-02-01", 0.50, 0.35, 0.65, 40, 0.9, True, True),
        ("Tickets are solved", "2026-03-01", 0.92, 0.80, 0.97, 30, 0.9, False, False),
        ("News arrive", "2026-01-01", np.nan, np.nan, np.nan, 0, np.nan, True, False),
        ("News arrive", "2026-03-01", 0.60, 0.30, 0.85, 9, np.nan, True, False),
    ]
    names = ["name", "period_start", "value", "low", "high", "counted", "target", "is_complete", "is_below"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.assign(period_start=pd.to_datetime(frame["period_start"]))


@pytest.fixture
def figures(monthly, summary, spend, paths, progress, people, kept):
    """One of every ready-made chart, by name."""
    costs = pd.DataFrame({"channel": ["Search", "Email", "Print"], "cost_per_lead": [42.1, 9.4, np.nan]})
    ratio = progress | {
        "unit": "fraction",
        "baseline": 0.006,
        "target": 0.004,
        "actual": 0.0047,
        "denominator": 41000.0,
    }
    levels = paths.assign(expected=np.linspace(0.0059, 0.0041, 12), actual=paths["actual"] / 3e7 + 0.004)
    return {
        "trend": view.trend(monthly, summary),
        "lines": view.lines(spend, by="channel", unit="currency", title="Search leads"),
        "small_multiples": view.small_multiples(spend, by="channel", unit="currency", title="All grow"),
        "goal_total": view.goal_progress(paths, progress),
        "goal_ratio": view.goal_progress(levels, ratio),
        "stakeholder_map": view.stakeholder_map(people),
        "spend_by_channel": view.spend_by_channel(spend, title="Spend grows"),
        "bars": view.bars(costs, category="channel", value="cost_per_lead", unit="currency", title="Email is cheap"),
        "shares": view.shares(kept, title="Tickets fell short"),
    }
