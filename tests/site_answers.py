"""Findings, goals and headlines made by hand, for the tests of the report site."""

import pandas as pd

EVIL = "<img src=x onerror=\"document.title='broken'\"> & <b>bold</b>"

FINDINGS = [
    {
        "id": "goals.missed.leads",
        "severity": "error",
        "title": "The goal 'More leads' is missed.",
        "evidence": "800 of 1,000 leads by June 30, 2026.",
        "fix": "Agree on a new target with sales.",
        "owner": "jo",
        "where": "leads",
    },
    {
        "id": "freshness.email_event",
        "severity": "warning",
        "title": f"The newest email event of {EVIL} is 9 days old.",
        "evidence": "Last row on September 21, 2026.",
        "fix": "Export the events again.",
        "owner": "",
        "where": "email_event",
    },
    {
        "id": "metrics.signal.email_churn_rate",
        "severity": "info",
        "title": "Email churn rose above its usual range in August.",
        "evidence": "0.52%, usual range 0.31% to 0.47%.",
        "fix": "",
        "owner": "",
        "where": "email_churn_rate",
    },
]


def make_goals():
    """Return the table ``progress`` with one goal in each status."""
    base = {
        "metric": "total_clicks",
        "direction": "up",
        "stakeholders": "Sales",
        "scope": "",
        "start": pd.Timestamp("2026-01-01"),
        "deadline": pd.Timestamp("2026-12-31"),
        "baseline": 120000.0,
        "actual_period": "2026-01-01/2026-09-30",
        "share_of_time": 0.748,
        "needed_per_month": 14000.0,
        "n": float("nan"),
        "numerator": 1.0,
        "denominator": float("nan"),
        "unit": "count",
        "title": "Total clicks",
    }
    rows = [
        (
            "clicks",
            "Increase total clicks from email by 25% in one year",
            108000.0,
            112000.0,
            150000.0,
            "at_risk",
            "Mara",
        ),
        ("leads", "Win 1,000 leads for sales in the first half", 800.0, 1000.0, 1000.0, "missed", "jo"),
        ("revenue", "Win 2.4 million in new revenue", 1_950_000.0, 1_800_000.0, 2_400_000.0, "on_track", "Ines"),
        ("churn", "Bring email churn down to 0.4%", 0.0045, 0.0046, 0.004, "on_track", "Mara"),
        ("events", "Fill the four regional events", float("nan"), float("nan"), 400.0, "no_data", "Tom"),
    ]
    frame = pd.DataFrame(
        [
            base
            | {"goal": g, "statement": s, "actual": a, "expected": e, "target": t, "status": status, "owner": owner}
            | {"reason": "There is no event in the data yet." if status == "no_data" else ""}
            for g, s, a, e, t, status, owner in rows
        ]
    )
    churn = frame["goal"] == "churn"
    frame.loc[churn, ["unit", "baseline", "denominator"]] = ["fraction", 0.006, 50000.0]
    frame.loc[frame["goal"] == "revenue", "unit"] = "USD"
    return frame


def make_headline(name, title, value, unit, **more):
    """Return a headline figure as the results file holds it."""
    keys = ("period", "n", "low", "high", "formula", "target", "status", "change")
    return {"name": name, "title": title, "value": value, "unit": unit} | {key: more.get(key) for key in keys}


HEADLINES = [
    make_headline(
        "email_churn_rate",
        "Email churn rate",
        0.0045,
        "fraction",
        period="2026-09",
        n=41200,
        formula="contacts with an unsubscribe ÷ contacts who were sent an email",
        target=0.004,
        status="at_risk",
        change=-0.08,
    ),
    make_headline(
        "click_through_rate",
        "Click-through rate",
        0.0321,
        "fraction",
        period="2026-09",
        change=0.042,
        formula="clicks ÷ unique impressions",
        n=118000,
    ),
    make_headline(
        "total_clicks",
        "Total clicks",
        108000,
        "count",
        period="2026-01-01/2026-09-30",
        target=150000,
        status="on_track",
    ),
    make_headline("spend", "Spend", 48210.55, "USD", period="2026-09", change=0.011),
    make_headline("cost_per_lead", "Cost per lead", None, "USD", period="2026-09"),
]
