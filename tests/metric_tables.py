"""Tables made by hand for the tests of metrics: typed as the contract says, absent columns NULL."""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd

from mopsnb.data.breakdown import Request, break_down
from mopsnb.data.contract import TABLES
from mopsnb.data.metric_queries import find_tables
from mopsnb.data.metrics import compute_monthly, read_catalogue
from mopsnb.data.months import Calendar
from mopsnb.data.views import name_type

Figures = dict[str, tuple[float | None, float | None, float | None]]


def make_tables(**tables: Iterable[Mapping[str, Any]]) -> duckdb.DuckDBPyConnection:
    """Return a connection that holds these canonical tables, given as rows."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    for name, rows in tables.items():
        fields = TABLES[name].fields
        columns = ", ".join(f'"{field}" {name_type(spec)}' for field, spec in fields.items())
        connection.execute(f'CREATE TABLE "{name}" ({columns})')
        given = [dict(row) for row in rows]
        names = list(dict.fromkeys(field for row in given for field in row))
        assert set(names) <= set(fields), f"{name} has no column {set(names) - set(fields)}"
        if names:
            cells = ", ".join(f"CAST(? AS {name_type(fields[field])})" for field in names)
            values = ", ".join([f"({cells})"] * len(given))
            quoted = ", ".join(f'"{field}"' for field in names)
            cast = [row.get(field) for row in given for field in names]
            connection.execute(f'INSERT INTO "{name}" ({quoted}) VALUES {values}', cast)
    return connection


def compute(
    connection: duckdb.DuckDBPyConnection,
    *metrics: str,
    zone: str = "UTC",
    as_of: str = "2026-12-31",
    scope: Any = None,
) -> pd.DataFrame:
    """Return the monthly frame of metrics; all of them where none is named."""
    day = date.fromisoformat(as_of)
    return compute_monthly(connection, read_catalogue(), metrics or None, time_zone=zone, as_of=day, scope=scope)


def figures(connection: duckdb.DuckDBPyConnection, metric: str, **options: Any) -> Figures:
    """Return month to value, numerator and denominator of one metric; None where missing."""
    frame = compute(connection, metric, **options)
    assert set(frame["metric"]) <= {metric}
    return {
        f"{row.period_start:%Y-%m}": tuple(
            None if math.isnan(number) else number for number in (row.value, row.numerator, row.denominator)
        )
        for row in frame.itertuples()
    }


def values(connection: duckdb.DuckDBPyConnection, metric: str, **options: Any) -> dict[str, float | None]:
    """Return month to value of one metric; None where missing."""
    return {month: numbers[0] for month, numbers in figures(connection, metric, **options).items()}


def split(
    tables: duckdb.DuckDBPyConnection,
    metric: str,
    *by: str,
    as_of: str = "2026-06-30",
    zone: str = "UTC",
    **options: Any,
) -> pd.DataFrame:
    """Return the rows of a broken-down metric as tuples of its breakdowns, value, numerator and denominator."""
    calendar = Calendar(ZoneInfo(zone), date.fromisoformat(as_of))
    request = Request(by or ("month",), tables=tuple(find_tables(tables)), **options)
    return break_down(tables, read_catalogue()[metric], request, calendar)


def event(kind: str, contact: str, at: str, campaign: str | None = "k1", **more: Any) -> dict[str, Any]:
    """Return a row of email_event; a bare day means noon UTC."""
    moment = f"{at}T12:00:00Z" if len(at) == 10 else at
    return {"event_type": kind, "contact_id": contact, "occurred_at": moment, "campaign_id": campaign, **more}


def ad(day: str, spend: str, campaign: str = "a1", channel: str = "search", **more: Any) -> dict[str, Any]:
    """Return a row of ad_daily."""
    return {"date": day, "spend": spend, "campaign_id": campaign, "channel": channel, "currency": "EUR", **more}


def booking(day: str, amount: str, status: str | None = "paid", **more: Any) -> dict[str, Any]:
    """Return a row of spend_actual."""
    row = {"spend_id": f"{day}/{amount}/{status}", "date": day, "amount": amount, "status": status, "area": "other"}
    return {**row, "currency": "EUR", **more}


def contact(name: str, created: str, email: str | None = "someone@example.com", **more: Any) -> dict[str, Any]:
    """Return a row of contact; a bare day means noon UTC."""
    moment = f"{created}T12:00:00Z" if len(created) == 10 else created
    return {"contact_id": name, "email": email, "created_at": moment, **more}


def deal(name: str, closed: str | None, account: str | None = None, **more: Any) -> dict[str, Any]:
    """Return a row of deal that was won, opened on 2026-01-01; a bare day means noon UTC."""
    row = {"deal_id": name, "account_id": account, "stage": "won", "created_at": "2026-01-01T12:00:00Z", "is_won": True}
    return {**row, "closed_at": closed and f"{closed}T12:00:00Z", **more}
