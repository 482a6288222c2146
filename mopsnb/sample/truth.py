"""The truth behind the sample, for grading: what was planted, with tables, columns, dates and sizes.

The parts are made where they belong (`anomalies`, `outcomes`); this module joins them.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from mopsnb.sample import ads as advertising
from mopsnb.sample import company, email, mailing, service
from mopsnb.sample.anomalies import describe_anomalies, describe_regular
from mopsnb.sample.clock import CONTACTS_FROM, END, HORIZON, KNOWN_MONTHS, START, TIME_ZONE, month_name
from mopsnb.sample.contact_tables import LEAK_BY_MISTAKE, LEAK_FILLED
from mopsnb.sample.outcomes import Ledger, describe_goals
from mopsnb.sample.quality import BROKEN
from mopsnb.sample.routing import AGREEMENT, THRESHOLD_HOURS
from mopsnb.sample.service import AGREEMENTS, Requests
from mopsnb.sample.strategy import UNSERVED, UNTENDED
from mopsnb.sample.tasks import Task, find_overdue
from mopsnb.sample.team import STALE, UNUSED
from mopsnb.sample.totals import Totals
from mopsnb.sample.web import UNMAPPED

SCHEMA_VERSION = 1
_LATER = ("record_type", "lifecycle_stage", "lead_status", "converted_at", "last_activity_at", "updated_at",
          "email_opt_out", "merged_into", "is_deleted")  # fmt: skip


def describe_truth(ledger: Ledger, figures: dict[str, float], requests: Requests, tasks: list[Task]) -> dict[str, Any]:
    """Return the truth as plain values for JSON.

    Parameters
    ----------
    ledger
        What the sample added up to.
    figures
        The goals' baselines and targets.
    requests, tasks
        Requests under agreements, and planned work.
    """
    totals = ledger.totals
    months = [month_name(month) for month in range(KNOWN_MONTHS)]
    return {
        "schema_version": SCHEMA_VERSION,
        "seed": ledger.seed,
        "scale": ledger.scale,
        "company": {"name": company.NAME, "domain": company.DOMAIN, "currency": company.CURRENCY},
        "period": {
            "start": START.isoformat(),
            "end": END.isoformat(),
            "time_zone": TIME_ZONE,
            "oldest_contact": CONTACTS_FROM.isoformat(),
            "simulated_to": HORIZON.isoformat(),
        },
        "channel_response": _describe_response(ledger.scale),
        "email": _describe_email(),
        "conversion": _describe_conversion(),
        "leak": {
            "table": "contact",
            "column": company.LEAK_COLUMN,
            "why": "It is filled when the discovery call is held, which is when the contact becomes an opportunity.",
            "filled_of_converted": LEAK_FILLED,
            "filled_of_others": LEAK_BY_MISTAKE,
        },
        "anomalies": describe_anomalies(ledger),
        "not_anomalies": describe_regular(),
        "duplicates": _describe_duplicates(totals),
        "broken_records": _describe_broken(totals),
        "stale_accounts": [
            {"tool_id": tool, "person": person, "last_login_on": day.isoformat(), "role": role}
            for tool, person, day, role in STALE
        ]
        + [{"tool_id": UNUSED[0], "person": UNUSED[1], "last_login_on": None, "role": UNUSED[2]}],
        "service": _describe_service(totals, requests),
        "routing_gap": {
            "table": "assignment_event",
            "start_on": company.ROUTING_GAP[0].isoformat(),
            "end_on": company.ROUTING_GAP[1].isoformat(),
            "region": "South",
            "contact_ids": totals.waiting,
        },
        "tasks": {
            "without_accountable": [task.id for task in tasks if task.accountable is None],
            "overdue": find_overdue(tasks),
        },
        "unmapped_traffic": {"table": "web_daily", "column": "campaign", "values": list(UNMAPPED)},
        "needs": {"unserved": list(UNSERVED), "goals_without_tasks": list(UNTENDED)},
        "goals": describe_goals(ledger, figures),
        "monthly": {
            name: dict(zip(months, values[:KNOWN_MONTHS].tolist(), strict=True))
            for name, values in totals.months.items()
        },
    }


def _describe_response(scale: int) -> dict[str, Any]:
    return {
        "table": "ad_daily",
        "formula": (
            "adstocked(t) = (1 - adstock) * spend(t) + adstock * adstocked(t - 1); "
            "expected conversions(t) = saturation * adstocked(t) / (half_point + adstocked(t)) "
            "* season[month] * weekday * peak; spend is a channel's total of a day; "
            "before the first day the channel spent the mean of its first 30 days"
        ),
        "channels": {
            channel.id: {
                "saturation": round(channel.saturation * scale, 6),
                "half_point": channel.half_point * scale,
                "adstock": channel.adstock,
                "value_per_conversion": channel.value,
            }
            for channel in company.CHANNELS
        },
        "season": {f"{month:02d}": value for month, value in enumerate(company.SEASON, start=1)},
        "weekday": dict(zip(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), company.WEEKDAY, strict=True)),
        "peak": company.PEAK,
        "peak_days": [[first.isoformat(), last.isoformat()] for first, last in company.PEAK_DAYS if first <= END],
        "noise_log_sd": advertising.NOISE,
        "value_noise_log_sd": advertising.VALUE_NOISE,
        "taken_as_lead": company.TAKEN_AS_LEAD,
    }


def _describe_email() -> dict[str, Any]:
    return {
        "table": "email_event",
        "meaning": "Usual chances for one delivered email; sends and contacts have multipliers of their own.",
        "click": email.CLICK,
        "unsubscribe": email.UNSUBSCRIBE,
        "complaint": email.COMPLAINT,
        "open_by_a_person": email.OPEN,
        "contacts_behind_a_privacy_proxy": mailing.PROXIED,
        "open_by_a_proxy": email.PROXY_OPENS,
        "times_clicks": {
            company.PROVIDER_MOVE.isoformat(): company.CLICKS_WITH_PROVIDER,
            company.OFFER_LIBRARY.isoformat(): company.CLICKS_WITH_OFFERS,
        },
        "times_unsubscribes": {company.FREQUENCY_CAP.isoformat(): company.LEAVES_WITH_CAP},
    }


def _describe_conversion() -> dict[str, Any]:
    return {
        "table": "contact",
        "target": "is_converted",
        "meaning": "The contact became an opportunity. Those created in the last two months had little time for it.",
        "intercept": company.INTERCEPT,
        "log_odds": company.EFFECTS,
        "log_odds_per_unit": {"pages_before_form": company.PER_PAGE},
        "noise_columns": list(company.NOISE_COLUMNS),
        "later_columns": list(_LATER),
    }


def _describe_duplicates(totals: Totals) -> dict[str, Any]:
    groups = [group for planted in totals.planted for group in planted.duplicates]
    return {
        "table": "contact",
        "note": "Each group is one person. The first id is the original. Scale 1 is listed; larger samples hold more.",
        "groups": groups,
    }


def _describe_broken(totals: Totals) -> dict[str, Any]:
    found: dict[str, list[str]] = {kind: [] for kind in BROKEN}
    for planted in totals.planted:
        for kind, names in planted.broken.items():
            found[kind] += names
    return {
        kind: {"table": "contact", "column": BROKEN[kind][0], "contact_ids": names} for kind, names in found.items()
    }


def _describe_service(totals: Totals, requests: Requests) -> dict[str, Any]:
    in_time = requests.in_time()
    described: dict[str, Any] = {}
    for code, agreement in enumerate(AGREEMENTS):
        mine = requests.agreement == code
        open_ = mine & ~requests.answered()
        late = np.flatnonzero(mine & requests.answered() & ~in_time)
        described[agreement.id] = {
            "threshold_business_hours": agreement.minutes / 60,
            "requests": int(mine.sum()),
            "in_time": int((mine & in_time).sum()),
            "late": len(late),
            "open": int(open_.sum()),
            "late_request_ids": [service.request_id(position) for position in late.tolist()],
            "slump": _span(agreement.slump),
        }
    months = [month_name(month) for month in range(KNOWN_MONTHS)]
    calls = totals.calls[:, :KNOWN_MONTHS]
    described[AGREEMENT] = {
        "threshold_business_hours": THRESHOLD_HOURS,
        "requests": int(calls[0].sum()),
        "in_time": int(calls[1].sum()),
        "late": int((calls[0] - calls[1] - calls[2]).sum()),
        "open": int(calls[2].sum()),
        "slump": _span(company.RESPONSE_SLUMP),
        "requests_by_month": dict(zip(months, calls[0].tolist(), strict=True)),
        "in_time_by_month": dict(zip(months, calls[1].tolist(), strict=True)),
    }
    return {
        "table": "service_event",
        "clock": "9:00 to 17:00 local time, Monday to Friday, without federal holidays; paused hours are taken off",
        "agreements": described,
    }


def _span(days: tuple[date, date]) -> dict[str, str]:
    return {"start_on": days[0].isoformat(), "end_on": days[1].isoformat()}
