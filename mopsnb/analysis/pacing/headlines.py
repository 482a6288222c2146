"""The figures that the budget page leads with, as a frame with the columns of a headline."""

from __future__ import annotations

import math
from datetime import timedelta

import pandas as pd

from mopsnb.analysis.frames import Row, build_frame, list_rows, read_day, read_number
from mopsnb.analysis.headlines import HEADLINE_COLUMNS
from mopsnb.analysis.pacing.books import CENTS
from mopsnb.analysis.pacing.returns import CAVEAT
from mopsnb.analysis.wording import count_things, format_month

STATUSES = {
    **{"exceeded": "missed", "over_plan": "behind", "may_go_over": "at_risk", "may_run_out_early": "at_risk"},
    "on_plan": "on_track",
}
COMMITTED = (
    "bookings of the fiscal year with the status committed, those for days to come included where the report's day is "
    "the last day of the data"
)


def lead_with_budget(spend: pd.DataFrame, total: pd.DataFrame, returns: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Return spend, plan and return as headlines.

    The fiscal year comes first: ``projected_year_end``, ``spend_to_date``, ``expected_to_date``, ``remaining_budget``,
    ``daily_allowance``, ``committed_in_year`` and ``return_on_ad_spend``. The last is ``spend_all_data``: all spend in
    the data up to the report's day, for reconciliation. What needs a plan is left out where the year has none, and what
    needs advertising or commitments where there are none.

    Parameters
    ----------
    spend
        As the workspace returns it.
    total
        What ``pace_budget`` returned with ``by="total"``.
    returns
        What ``rate_returns`` returned with ``by="total"``.
    currency
        The workspace's currency, such as ``EUR``.

    Returns
    -------
    pandas.DataFrame
        The columns of `mopsnb.analysis.lead_with_metrics`. Empty where there is neither spend nor plan.
    """
    year = list_rows(total)
    rows = _lead_with_year(year[0], currency) if year else []
    rows += [
        _lead_with_return(row, currency)
        for row in list_rows(returns)
        if math.isfinite(read_number(row["return_on_ad_spend"]))
    ]
    return build_frame([*rows, *_lead_with_all(spend, year, currency)], HEADLINE_COLUMNS)


def _lead_with_all(spend: pd.DataFrame, year: list[Row], currency: str) -> list[dict[str, object]]:
    paid = spend[~spend["is_committed"]]
    if year:
        paid = paid[paid["date"] <= pd.Timestamp(read_day(year[0]["as_of"]))]
    if not len(paid):
        return []
    first = read_day(paid["first_day"].min())
    row = {
        **{"name": "spend_all_data", "title": f"Spend in all data, since {format_month(first)}", "unit": currency},
        "value": round(math.fsum(paid["amount"]), CENTS),
        "period": f"{first}/{read_day(paid['date'].max())}",
        **{"n": float(paid["rows"].sum()), "base": "rows"},
        "formula": "advertising spend + other spend of all rows up to the report's day, each amount once, "
        "committed bookings left out; the base is the number of rows",
    }
    return [row]


def _lead_with_year(row: Row, currency: str) -> list[dict[str, object]]:
    first, last, end = (read_day(row[name]) for name in ("year_start", "as_of", "year_end"))
    to_date, whole, rest = f"{first}/{last}", f"{first}/{end}", f"{min(last + timedelta(days=1), end)}/{end}"
    is_planned = math.isfinite(read_number(row["plan_year"]))
    months = count_things(int(read_number(row["months"])), "complete month")
    pace = "areas without a plan go on at their mean spend a day"
    if is_planned:
        pace = f"the rest of each area's plan × its spend ÷ plan over the last {months}; {pace}"
    rows: list[dict[str, object]] = [
        {
            **{"name": "projected_year_end", "title": "Projected for the year", "value": row["projected"]},
            **{"low": row["low"], "high": row["high"], "interval": row["interval"], "target": row["plan_year"]},
            **{"formula": f"spent so far + {pace}", "status": STATUSES.get(str(row["status"]), ""), "period": whole},
        },
        {
            **{"name": "spend_to_date", "title": f"Spent in {row['year']}", "value": row["spent"], "period": to_date},
            "formula": "advertising spend + other spend that is invoiced or paid, since the start of the fiscal year",
        },
    ]
    if is_planned:
        rows.append(
            {
                **{"name": "expected_to_date", "title": "Planned to date", "value": row["expected"]},
                "period": to_date,
                "formula": "the plan of past months + the running month's plan × its days so far ÷ its days",
            }
        )
    if is_planned:
        remaining = {"name": "remaining_budget", "title": "Left of the year's plan", "value": row["remaining"]}
        rows.append(
            remaining | {"period": rest, "formula": f"the year's plan − spent − committed; committed: {COMMITTED}"}
        )
    if math.isfinite(read_number(row["per_day"])):
        title = "What the plan allows a day" + (", beyond what is committed" if read_number(row["committed"]) else "")
        allowed = {"name": "daily_allowance", "title": title, "value": row["per_day"]}
        rows.append(
            allowed | {"period": rest, "formula": "what is left of the year's plan ÷ the days left; at least 0"}
        )
    if read_number(row["committed"]) != 0:
        committed = {"name": "committed_in_year", "title": "Committed, not yet invoiced", "value": row["committed"]}
        rows.append(committed | {"period": whole, "formula": COMMITTED})
    return [item | {"unit": currency} for item in rows]


def _lead_with_return(row: Row, currency: str) -> dict[str, object]:
    kept = {name: row[name] for name in ("low", "high")}
    note = f" {row['note']}" if row["note"] else ""
    return kept | {
        **{"name": "return_on_ad_spend", "title": "Return on ad spend", "value": row["return_on_ad_spend"]},
        **{"unit": "ratio", "period": f"{read_day(row['first_day'])}/{read_day(row['last_day'])}"},
        **{"n": row["spend_with_value"], "base": "of spend that reports a value", "base_unit": currency},
        **{"interval": "95%, from how much the months differ" if math.isfinite(read_number(row["low"])) else ""},
        "formula": "conversion value ÷ advertising spend, over the rows that report a value; the base is that spend. "
        f"{CAVEAT}{note}",
    }
