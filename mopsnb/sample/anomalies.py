"""Planted anomalies with their sizes as generated, and what looks like one and is not."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from mopsnb.sample import company
from mopsnb.sample.ads import between
from mopsnb.sample.budget import AREAS
from mopsnb.sample.clock import END, KNOWN_MONTHS, MONTHS, Floats, date_of, day_of, month_name
from mopsnb.sample.outcomes import Ledger


def describe_anomalies(ledger: Ledger) -> list[dict[str, Any]]:
    """Return the anomalies in order of time. Each names the table, what to look at, the days and the size."""
    found = [
        _lost_links(ledger),
        _bots(ledger),
        _outage(ledger),
        _spike(ledger),
        *_over_mailing(ledger),
        _overspend(ledger),
    ]
    return sorted(found, key=lambda item: (str(item["start_on"]), str(item["id"])))


def describe_regular() -> list[dict[str, Any]]:
    """Return what moves the numbers and is no anomaly: seasons, planned changes, pauses."""
    peaks = [
        _item("stocking-season", "ad_daily", "conversions", span, {"times_expected": company.PEAK})
        | {"note": "It comes each November, with more spend and more conversions."}
        for span in company.PEAK_DAYS
        if span[0] <= END
    ]
    return [
        *peaks,
        _item("video-pause", "ad_daily", "spend", company.VIDEO_PAUSE, {"spend": 0}) | {"where": {"channel": "video"}},
        _item("social-pause", "ad_daily", "spend", company.SOCIAL_PAUSE, {"share_of_usual": 0.08})
        | {"where": {"channel": "professional_social"}},
        _item(
            "email-provider-move",
            "email_event",
            "event_type",
            (company.PROVIDER_MOVE, END),
            {"times_clicks": company.CLICKS_WITH_PROVIDER},
        )
        | {"note": "A lasting change: somewhat more clicks, far fewer bounces."},
        _item(
            "offer-library",
            "email_event",
            "event_type",
            (company.OFFER_LIBRARY, END),
            {"times_clicks": round(company.CLICKS_WITH_OFFERS / company.CLICKS_WITH_PROVIDER, 4)},
        )
        | {"note": "A lasting change: better offers have more clicks."},
        _item(
            "frequency-cap",
            "email_event",
            "event_type",
            (company.FREQUENCY_CAP, END),
            {"times_unsubscribes": company.LEAVES_WITH_CAP},
        )
        | {"note": "A lasting change: at most two emails a week to anybody, so fewer leave."},
    ]


def _item(name: str, table: str, column: str, span: tuple[date, date], size: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": name,
        "table": table,
        "column": column,
        "start_on": span[0].isoformat(),
        "end_on": span[1].isoformat(),
        "size": size,
    }


def _sends(ledger: Ledger, day: date, kind: str) -> list[int]:
    return [i for i, send in enumerate(ledger.plan.sends) if send.day == day and send.kind == kind]


def _usual(values: Floats, month: int) -> float:
    """Return the mean of the other months of data."""
    return float(np.mean(np.delete(values[:KNOWN_MONTHS], month)))


def _lost_links(ledger: Ledger) -> dict[str, Any]:
    send = _sends(ledger, company.BROKEN_LINKS, "newsletter")[0]
    size = {"delivered": int(ledger.totals.sends[0, send]), "clicks": int(ledger.totals.sends[1, send])}
    span = (company.BROKEN_LINKS, company.BROKEN_LINKS)
    return _item("broken-links", "email_event", "event_type", span, size) | {
        "where": {"email_id": ledger.plan.sends[send].email},
        "metrics": ["total_clicks", "click_through_rate"],
        "month": "2024-08",
        "note": "The newsletter's links led nowhere, so nobody clicked.",
    }


def _bots(ledger: Ledger) -> dict[str, Any]:
    send = _sends(ledger, company.BOT_BURST, "newsletter")[0]
    size = {"bot_clicks": int(ledger.totals.sends[2, send]), "clicks": int(ledger.totals.sends[1, send])}
    return _item("bot-burst", "email_event", "is_bot", (company.BOT_BURST, company.BOT_BURST), size) | {
        "where": {"email_id": ledger.plan.sends[send].email, "is_bot": True},
        "metrics": [],
        "month": "2025-02",
        "note": "Scanners clicked within a minute of delivery. The rows are flagged, so no metric counts them.",
    }


def _outage(ledger: Ledger) -> dict[str, Any]:
    days = between(company.OUTAGE)
    lost = float(ledger.ads.leads[:, days].sum() / company.TAKEN_AS_LEAD)
    size = {"conversions": 0, "days": int(days.sum()), "conversions_lost": round(lost, 2)}
    return _item("tracking-outage", "ad_daily", "conversions", company.OUTAGE, size) | {
        "where": {"channel": list(company.CHANNEL_IDS)},
        "also": [{"table": "web_daily", "column": "key_events"}],
        "metrics": ["ad_conversions", "return_on_ad_spend"],
        "month": "2025-06",
        "note": "The site's tag was lost. Clicks, sessions and new contacts went on.",
    }


def _spike(ledger: Ledger) -> dict[str, Any]:
    day = day_of(company.SPEND_SPIKE)
    spend = ledger.ads.channel_spend(company.CHANNEL_IDS.index("paid_search"))
    around = np.concatenate([spend[day - 14 : day], spend[day + 1 : day + 15]])
    size = {"spend": round(float(spend[day]), 2), "median_around": round(float(np.median(around)), 2)}
    return _item("spend-spike", "ad_daily", "spend", (company.SPEND_SPIKE, company.SPEND_SPIKE), size) | {
        "where": {"channel": "paid_search"},
        "metrics": ["ad_spend"],
        "month": "2026-03",
        "note": "One day ran without its budget limit.",
    }


def _over_mailing(ledger: Ledger) -> list[dict[str, Any]]:
    months = {name: values.astype(float) for name, values in ledger.totals.months.items()}
    month = [month_name(m) for m in range(MONTHS)].index("2026-05")
    churn = months["unsubscribed_contacts"] / np.maximum(months["recipients"], 1)
    spam = months["spam_complaints"] / np.maximum(months["delivered"], 1)
    send = ledger.plan.sends[_sends(ledger, company.OVER_MAILING[0], "product")[0]]
    shared = {"where": {"campaign_id": ledger.plan.campaigns[send.campaign].id}, "month": "2026-05"}
    churned = {"rate": round(float(churn[month]), 6), "usual_rate": round(_usual(churn, month), 6)}
    angry = {"rate": round(float(spam[month]), 6), "usual_rate": round(_usual(spam, month), 6)}
    return [
        _item("over-mailing-churn", "email_event", "event_type", company.OVER_MAILING, churned)
        | shared
        | {"metrics": ["email_churn_rate"], "note": "Three offers in five days; people left for days after."},
        _item("over-mailing-complaints", "email_event", "event_type", company.OVER_MAILING, angry)
        | shared
        | {"metrics": ["spam_complaint_rate"], "note": "Complaints of the same week."},
    ]


def _overspend(ledger: Ledger) -> dict[str, Any]:
    daily = ledger.ads.channel_spend(company.CHANNEL_IDS.index("professional_social"))
    spend = ledger.monthly(daily)
    area = next(area for area in AREAS if area.channel == "professional_social")
    planned = {f"2026-{month:02d}": float(area.planned(2026, month, ledger.scale)) for month in range(1, 13)}
    names = [month_name(month) for month in range(KNOWN_MONTHS)]
    months = {
        name: {"spend": round(float(spend[names.index(name)]), 2), "planned": round(value, 2)}
        for name, value in planned.items()
        if name in names
    }
    first = day_of(date(2026, 1, 1))
    beyond = np.flatnonzero(np.cumsum(daily[first:]) > sum(planned.values()))
    size = {
        "times_usual": company.OVERSPEND_SIZE,
        "year_to_date": round(sum(month["spend"] for month in months.values()), 2),
        "planned_to_date": round(sum(month["planned"] for month in months.values()), 2),
        "planned_year": round(sum(planned.values()), 2),
        "year_plan_spent_on": date_of(first + int(beyond[0])).isoformat() if len(beyond) else None,
        "by_month": months,
    }
    return _item("social-overspend", "ad_daily", "spend", company.OVERSPEND, size) | {
        "where": {"channel": "professional_social", "area": area.id},
        "metrics": ["ad_spend", "return_on_ad_spend"],
        "note": "The channel ran without its daily cap all summer; its return fell, as its response curve says.",
    }
