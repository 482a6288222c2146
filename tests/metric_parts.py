"""Every number that a metric is made of, in pandas: its rows, which of them count, and how."""

import math

import pandas as pd
from metric_sources import is_true, local_day, to_mask


def _count(rows):
    return len(rows)


def _distinct(*columns):
    return lambda rows: len(rows[list(columns)].fillna("\0").drop_duplicates())


def _sum(*columns):
    def add(rows):
        amounts = [
            [float(cell) for cell in rows[column] if cell is not None and not pd.isna(cell)] for column in columns
        ]
        return math.fsum(amounts[0]) if len(amounts[0]) else None

    return add


def _hold(column, *values):
    return lambda rows: rows[rows[column].isin(values)]


def _filled(*columns):
    return lambda rows: rows[rows[list(columns)].notna().all(axis=1)]


def _sent(rows):
    with_sent = set(rows["source"].where(rows["event_type"] == "sent").dropna())
    blank = bool(((rows["event_type"] == "sent") & rows["source"].isna()).any())
    stands_in = ~rows["source"].isin(with_sent) & ~(rows["source"].isna() & blank)
    return rows[(rows["event_type"] == "sent") | ((rows["event_type"] == "delivered") & stands_in)]


def _ordered(later, earlier):
    return lambda rows: rows[(rows[later] >= rows[earlier]).fillna(False).astype(bool)] if len(rows) else rows


def _seconds(later, earlier, paused=""):
    def add(rows):
        spans = [
            (pd.Timestamp(row[later]) - pd.Timestamp(row[earlier])).total_seconds()
            - (float(row[paused]) * 3600 if paused and not pd.isna(row[paused]) else 0)
            for row in rows.to_dict("records")
        ]
        return math.fsum(spans) if spans else None

    return add


def _is_type(name):
    return lambda rows: rows[rows["type"].str.lower() == name] if len(rows) else rows


def _new(rows):
    return rows[(rows["type"].str.lower() == "new") | (rows["type"].isna() & rows["untyped"])] if len(rows) else rows


def _customers(rows):
    return len(
        {
            f"account {a}" if a is not None and not pd.isna(a) else f"deal {d}"
            for a, d in zip(rows["account_id"], rows["deal_id"], strict=True)
        }
    )


def _in_time(rows):
    due = [local_day(cell, "UTC") for cell in rows["due_on"]]
    flags = [limit is not None and done <= limit for done, limit in zip(rows["done_on"], due, strict=True)]
    return rows[to_mask(rows, flags)]


def _bounced(rows):
    return (
        math.fsum(float(a) - float(b) for a, b in zip(rows["sessions"], rows["engaged_sessions"], strict=True))
        if len(rows)
        else None
    )


def _customer(rows):
    return rows[rows["who_kind"] == "customer"]


def _colleague(rows):
    return rows[rows["who_kind"] == "colleague"]


def _all(rows):
    return rows


def _paid(rows):
    return rows[rows["status"].fillna("paid") != "committed"]


def _rated(kind, column):
    return lambda rows: _filled(column)(kind(rows))


# source, filter, number; `whole` filters look at all rows of the source before they are cut to a period
PARTS = {
    "clicks": ("email", _hold("event_type", "click"), _count),
    "delivered": ("email", _hold("event_type", "delivered"), _count),
    "sent": ("email", _sent, _count),
    "recipients": ("email", _sent, _distinct("contact_id")),
    "left": ("email", _hold("event_type", "unsubscribe"), _distinct("contact_id")),
    "leavers": ("email", _hold("event_type", "unsubscribe", "bounce_hard", "spam"), _distinct("contact_id")),
    "delivered pairs": ("email", _hold("event_type", "delivered"), _distinct("contact_id", "campaign_id")),
    "opening pairs": ("email", _hold("event_type", "open"), _distinct("contact_id", "campaign_id")),
    "clicking pairs": ("email", _hold("event_type", "click"), _distinct("contact_id", "campaign_id")),
    "hard": ("email", _hold("event_type", "bounce_hard"), _count),
    "soft": ("email", _hold("event_type", "bounce_soft"), _count),
    "spam": ("email", _hold("event_type", "spam"), _count),
    "ad spend": ("ads", _all, _sum("spend")),
    "ad shown": ("ads", _all, _sum("impressions")),
    "ad clicks": ("ads", _all, _sum("clicks")),
    "ad won": ("ads", _all, _sum("conversions")),
    "ad value": ("ads", _all, _sum("conversion_value")),
    "spend|clicks": ("ads", _filled("clicks"), _sum("spend")),
    "spend|value": ("ads", _filled("conversion_value"), _sum("spend")),
    "posted": ("send", _all, _sum("recipients")),
    "posted|came": ("send", _filled("delivered"), _sum("recipients")),
    "posted|hard": ("send", _filled("bounces_hard"), _sum("recipients")),
    "posted|soft": ("send", _filled("bounces_soft"), _sum("recipients")),
    "send clicks": ("send", _all, _sum("total_clicks")),
    "came": ("send", _all, _sum("delivered")),
    "send hard": ("send", _all, _sum("bounces_hard")),
    "send soft": ("send", _all, _sum("bounces_soft")),
    **{
        f"{name}|came": ("send", _filled("delivered"), _sum(name))
        for name in ("total_clicks", "unique_clicks", "unique_opens", "unsubscribes", "spam")
    },
    **{
        f"came|{name}": ("send", _filled(name), _sum("delivered"))
        for name in ("total_clicks", "unique_clicks", "unique_opens", "unsubscribes", "spam")
    },
    "spend|shown": ("ads", _filled("impressions"), _sum("spend")),
    "spend|won": ("ads", _filled("conversions"), _sum("spend")),
    "clicks|shown": ("ads", _filled("impressions"), _sum("clicks")),
    "shown|clicks": ("ads", _filled("clicks"), _sum("impressions")),
    "won|clicks": ("ads", _filled("clicks"), _sum("conversions")),
    "clicks|won": ("ads", _filled("conversions"), _sum("clicks")),
    "booked": ("books", _paid, _sum("amount")),
    "sessions": ("web", _all, _sum("sessions")),
    "engaged": ("web", _filled("sessions"), _sum("engaged_sessions")),
    "bounced": ("web", _filled("sessions", "engaged_sessions"), _bounced),
    "sessions|engaged": ("web", _filled("engaged_sessions"), _sum("sessions")),
    "key": ("web", _all, _sum("key_events")),
    "sessions|key": ("web", _filled("key_events"), _sum("sessions")),
    "web revenue": ("web", _all, _sum("revenue")),
    "leads": ("people", _all, _count),
    "converted": ("people", lambda rows: rows[is_true(rows["is_converted"])], _count),
    "mqls": ("mql", _all, _count),
    "sals": ("sal", _all, _count),
    "sqls": ("sql", _all, _count),
    "answer seconds": (
        "given",
        _ordered("first_response_at", "assigned_at"),
        _seconds("first_response_at", "assigned_at"),
    ),
    "answered": ("given", _ordered("first_response_at", "assigned_at"), _count),
    "given": ("given", _all, _count),
    "touches": ("touch", _all, _count),
    "responses": ("member", _all, _count),
    "opened": ("opened", _all, _count),
    "opened amount": ("opened", _all, _sum("amount")),
    "closed": ("closed", _all, _count),
    "closed won": ("closed", lambda rows: rows[is_true(rows["is_won"])], _count),
    "won amount": ("won", _all, _sum("amount")),
    "won priced": ("won", _filled("amount"), _count),
    "deal seconds": ("won", _ordered("closed_at", "created_at"), _seconds("closed_at", "created_at")),
    "deal aged": ("won", _ordered("closed_at", "created_at"), _count),
    "campaign amount": ("won", _filled("campaign_id"), _sum("amount")),
    "expansion": ("won", _is_type("expansion"), _sum("amount")),
    "renewal": ("won", _is_type("renewal"), _sum("amount")),
    "customers": ("won", _new, _customers),
    "ratings": ("answer", _customer, _sum("rating")),
    "rated": ("answer", _rated(_customer, "rating"), _count),
    "efforts": ("answer", _colleague, _sum("effort_rating")),
    "strained": ("answer", _rated(_colleague, "effort_rating"), _count),
    "reply seconds": ("answer", _ordered("reply_at", "submitted_at"), _seconds("reply_at", "submitted_at")),
    "replied": ("answer", _ordered("reply_at", "submitted_at"), _count),
    "pieces": ("piece", _all, _count),
    "seen": ("gain", _all, _sum("impressions")),
    "gained": ("gain", _all, _sum("conversions")),
    "acts|seen": ("gain", _filled("impressions"), _sum("engagements")),
    "seen|acts": ("gain", _filled("engagements"), _sum("impressions")),
    "clicks|seen": ("gain", _filled("impressions"), _sum("clicks")),
    "seen|clicks": ("gain", _filled("clicks"), _sum("impressions")),
    "done": ("task", _all, _count),
    "due": ("task", _filled("due_on"), _count),
    "in time": ("task", _in_time, _count),
    "task seconds": ("task", _ordered("completed_at", "created_at"), _seconds("completed_at", "created_at")),
    "worked": ("task", _ordered("completed_at", "created_at"), _count),
    "asked": ("request", _all, _count),
    "request seconds": (
        "request",
        _ordered("closed_at", "opened_at"),
        _seconds("closed_at", "opened_at", "paused_hours"),
    ),
    "met": ("request", _ordered("closed_at", "opened_at"), _count),
}
