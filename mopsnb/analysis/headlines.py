"""Headlines: the figures that a page leads with, as frames with the columns of a headline."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from mopsnb.analysis.cards import find_card
from mopsnb.analysis.frames import NUMBER, TEXT, Row, build_frame, list_rows, read_day, read_number
from mopsnb.analysis.wording import join_words

HEADLINE_COLUMNS = {
    **{"name": TEXT, "title": TEXT, "value": NUMBER, "unit": TEXT, "period": TEXT, "n": NUMBER},
    **{
        "base": TEXT,
        "low": NUMBER,
        "high": NUMBER,
        "interval": TEXT,
        "formula": TEXT,
        "target": NUMBER,
        "status": TEXT,
        "change": NUMBER,
        "signal": TEXT,
        "usual_low": NUMBER,
        "usual_high": NUMBER,
        "target_span": TEXT,
        "base_unit": TEXT,
    },
}
LEADING_METRICS = (
    "total_clicks",
    "email_churn_rate",
    "click_through_rate",
    "spend",
    "cost_per_lead",
    "customer_acquisition_cost",
)
SHOWN_METRICS = (
    "email_churn_rate",
    "unsubscribe_rate",
    "list_churn_rate",
    "click_through_rate",
    "total_clicks",
    "unique_click_rate",
    "click_to_open_rate",
    "open_rate",
    "emails_sent",
    "emails_delivered",
    "hard_bounce_rate",
    "spam_complaint_rate",
    "spend",
    "ad_spend",
    "ad_impressions",
    "ad_clicks",
    "ad_click_through_rate",
    "cost_per_click",
    "ad_conversions",
    "return_on_ad_spend",
    "leads",
    "marketing_qualified_leads",
    "cost_per_lead",
    "new_customers",
    "customer_acquisition_cost",
    "revenue_won",
)
WELL = ("on_track", "met")
GOAL_WORDS = {
    "missed": "are missed",
    "behind": "are behind",
    "at_risk": "are at risk",
    "on_track": "are on track",
    "met": "are met",
    "not_started": "have not started",
    "no_data": "have no data yet",
    "not_defined": "are not defined yet",
}


def lead_with_metrics(
    summary: pd.DataFrame, catalogue: pd.DataFrame, names: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return metrics as headlines.

    Parameters
    ----------
    summary
        What ``summarize_metrics`` returned.
    catalogue
        Index: metric; its column formula says how the figure is worked out.
    names
        The metrics to lead with, in this order; None for all, in the summary's order. A metric that the
        summary lacks is left out. Where it lacks all of them, as many as are named lead, in the summary's order.

    Returns
    -------
    pandas.DataFrame
        name, title, value, unit, period (``YYYY-MM``), n (the size of a ratio's base), base (what n counts), low,
        high, interval (what low and high are), formula (the catalogue's), target, status, change (against the
        month before), signal, usual_low and usual_high (whether the month lies inside its usual range), target_span
        (what the target covers, in words), base_unit (of n, where it is money; empty: a count).
    """
    records = {str(row["metric"]): row for row in list_rows(summary)}
    rows = []
    wanted = list(records) if names is None else [name for name in names if name in records]
    for name in wanted or list(records)[: len(names or ())]:
        row = records[name]
        card = find_card(catalogue, name)
        formula = card.formula if card else ""
        period = "" if row["period"] is pd.NaT else f"{read_day(row['period']):%Y-%m}"
        keys = ["title", "value", "unit", "low", "high", "interval", "target", "status", "change"]
        keys += ["signal", "usual_low", "usual_high", "target_span"]
        base = card.base if card else ""
        named = {"name": name, "period": period, "n": row["denominator"], "base": base, "formula": formula}
        rows.append({key: row[key] for key in keys} | named)
    return build_frame(rows, HEADLINE_COLUMNS)


def lead_with_goals(progress: pd.DataFrame) -> pd.DataFrame:
    """Return how many goals do well, and then each goal, as headlines.

    The first headline, ``goals_on_track``, counts the goals that are on track or met; its base is every goal
    that has started and can be judged.

    Parameters
    ----------
    progress
        What ``track_goals`` returned.

    Returns
    -------
    pandas.DataFrame
        The columns of ``lead_with_metrics``; name is ``goals_on_track``, then the id of each goal. Empty
        where there is no goal.
    """
    judged = progress[~progress["status"].isin(["no_data", "not_defined", "not_started"])]
    rows: list[dict[str, object]] = []
    if len(progress):
        rows.append(
            {
                "name": "goals_on_track",
                "title": "Goals on track or met",
                "value": float(judged["status"].isin(WELL).sum()) if len(judged) else None,
                "unit": "goals",
                "n": float(len(judged)),
                "formula": "goals that are on track or met, of those that have started and have data",
            }
        )
    for row in list_rows(progress):
        kept = {key: row[key] for key in ("unit", "n", "low", "high", "interval", "target", "status")}
        kept |= {"name": row["goal"], "title": row["statement"], "value": row["actual"]}
        rows.append(kept | {"period": row["actual_period"], "formula": _tell_formula(row)})
    return build_frame(rows, HEADLINE_COLUMNS)


def _tell_formula(row: Row) -> str:
    if row["status"] == "not_defined":
        return "not worked out: the goal is not defined yet"
    title = "" if row["title"] == row["metric"] else f"{row['title']}: "  # a metric that the catalogue does not know
    if row["status"] == "not_started":
        return f"{title}not worked out: the goal has not started yet"
    if math.isfinite(read_number(row["denominator"])):
        base = f"; base: {row['base']}, each month counted for itself" if row.get("base") else ""
        return f"{title}sum over sum of the latest complete months{base}"
    return f"{title}total since the start"


def describe_goals(progress: pd.DataFrame) -> str:
    """Return how the goals stand, in one sentence of plain text.

    Parameters
    ----------
    progress
        What ``track_goals`` returned.

    Examples
    --------
    >>> describe_goals(pd.DataFrame({"status": ["on_track", "behind", "on_track"]}))
    'Of 3 goals, 1 is behind and 2 are on track.'
    """
    if not len(progress):
        return "The strategy file names no goal yet. Add goals under the key goals of strategy.yml."
    counts = progress["status"].value_counts()
    parts = []
    for status, words in GOAL_WORDS.items():
        count = int(counts.get(status, 0))
        if count:
            parts.append(f"{count} {words if count > 1 else words.replace('are ', 'is ').replace('have ', 'has ')}")
    total = len(progress)
    return f"Of {total} {'goals' if total > 1 else 'goal'}, {join_words(parts, 'and')}."
