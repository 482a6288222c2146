"""Web traffic by day, source, medium and campaign."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mopsnb.sample import columns, company
from mopsnb.sample.ads import Advertising, between, peak
from mopsnb.sample.campaign_tables import tag_name
from mopsnb.sample.campaigns import Plan
from mopsnb.sample.clock import END, KNOWN_DAYS, Bools, Ints, calendar_month, weekday
from mopsnb.sample.streams import stream

MEDIUM = {
    "paid_search": "cpc",
    "professional_social": "paid-social",
    "display": "display",
    "video": "video",
    "retargeting": "retargeting",
    "review_sites": "listing",
}
_GROUP = {
    "paid_search": "Paid search",
    "professional_social": "Paid social",
    "display": "Display",
    "video": "Video",
    "retargeting": "Display",
    "review_sites": "Referral",
}
# Group, source, medium; sessions a day at the start, yearly growth, share of sessions with a key event.
_UNPAID = (
    ("Organic search", "search-engine", "organic", 118.0, 1.15, 0.018),
    ("Direct", "(direct)", "(none)", 74.0, 1.06, 0.012),
    ("Referral", "trade-press.example", "referral", 17.0, 1.10, 0.02),
    ("Organic social", "professional-network", "social", 13.0, 1.12, 0.008),
)
UNMAPPED = ("spring_offer26", "SpringSensorOffer", "newsletter-test")  # tags that no campaign owns
STRAY = 3.6  # their sessions a day, since the spring offer of 2026


@dataclass(frozen=True, slots=True)
class _Traffic:
    """Sessions by day of one source, medium and campaign, and the share of them with a key event."""

    group: str
    source: str
    medium: str
    campaign: str | None
    sessions: Ints
    rate: float


def generate_web(ads: Advertising, plan: Plan, email_clicks: Ints, seed: int, scale: int) -> pa.Table:
    """Return the table ``web_daily``, in time order.

    Parameters
    ----------
    ads
        Clicks on ads become sessions, campaign by campaign.
    plan
        The campaigns.
    email_clicks
        Clicks of people on emails by day, shape (DAYS,). They become sessions too.
    seed, scale
        The sample's seed and size.
    """
    generator = stream(seed, "web")
    days = np.arange(KNOWN_DAYS)
    found = []
    for channel, position, clicks in zip(ads.channels, ads.campaigns, ads.clicks, strict=True):
        name = company.CHANNEL_IDS[channel]
        sessions = generator.binomial(clicks[:KNOWN_DAYS], 0.93)
        tag = tag_name(plan.campaigns[position].name)
        found.append(_Traffic(_GROUP[name], name, MEDIUM[name], tag, sessions, 0.05))
    season = np.array(company.SEASON)[calendar_month()] * np.array(company.WEEKDAY)[weekday()] * (0.7 + 0.3 * peak())
    for group, source, medium, level, growth, rate in _UNPAID:
        expected = scale * level * growth ** (days / 365.25) * season[:KNOWN_DAYS]
        sessions = generator.poisson(expected * generator.lognormal(0, 0.06, KNOWN_DAYS))
        found.append(_Traffic(group, source, medium, None, sessions, rate))
    read = generator.binomial(email_clicks[:KNOWN_DAYS], 0.96)
    found.append(_Traffic("Email", "email", "email", None, read, 0.06))
    stray = generator.poisson(scale * STRAY * between((company.OVER_MAILING[0], END))[:KNOWN_DAYS])
    for turn, tag in enumerate(UNMAPPED):
        sessions = np.where(days % len(UNMAPPED) == turn, stray, 0)
        found.append(_Traffic("Email", "email", "email", tag, sessions, 0.04))
    return _tabulate(found, between(company.OUTAGE)[:KNOWN_DAYS], generator)


def _tabulate(found: list[_Traffic], lost: Bools, generator: np.random.Generator) -> pa.Table:
    """Return the table; days without sessions have no row, and no key event was recorded on lost days."""
    sessions = np.stack([traffic.sessions for traffic in found], axis=1)
    engaged = generator.binomial(sessions, 0.57)
    users = np.minimum(sessions, generator.binomial(sessions, 0.86) + (sessions > 0))
    key = np.where(lost[:, None], 0, generator.binomial(sessions, np.array([traffic.rate for traffic in found])))
    keep = np.flatnonzero(sessions.ravel() > 0)
    day, row = np.divmod(keep, len(found))
    return pa.table(
        {
            "date": columns.dates(day),
            "channel_group": columns.pick([traffic.group for traffic in found], row),
            "source": columns.pick([traffic.source for traffic in found], row),
            "medium": columns.pick([traffic.medium for traffic in found], row),
            "campaign": columns.pick([traffic.campaign for traffic in found], row),
            "sessions": columns.whole(sessions.ravel()[keep]),
            "engaged_sessions": columns.whole(engaged.ravel()[keep]),
            "users": columns.whole(users.ravel()[keep]),
            "key_events": columns.whole(key.ravel()[keep]),
        }
    )
