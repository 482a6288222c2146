"""Touchpoints: what contacts met on their way, before and after the company knew their name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mopsnb.sample import columns, company
from mopsnb.sample.block import Block
from mopsnb.sample.campaign_tables import tag_name
from mopsnb.sample.campaigns import Plan
from mopsnb.sample.clock import FIRST_INSTANT, LAST_INSTANT, Bools, Ints
from mopsnb.sample.contacts import Contacts
from mopsnb.sample.streams import stream
from mopsnb.sample.web import MEDIUM

CHANNELS = (*company.CHANNEL_IDS, "organic_search", "referral", "webinar", "event", "content", "direct", "email")
_FOLLOW = ("organic_search", "direct", "retargeting", "content", "webinar", "professional_social", "review_sites")
_FOLLOW_SHARE = (0.27, 0.24, 0.14, 0.13, 0.08, 0.08, 0.06)
_MEDIUM = MEDIUM | {"organic_search": "organic", "direct": "(none)"}
CLOSING_WEBINARS = 0.22  # of the later touches of those who become an opportunity, the share that is a webinar
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class _Touches:
    """Touches, shapes (n,): position of the contact, instant, channel, campaign (-1 for none), name unknown."""

    who: Ints
    when: Ints
    channel: Ints
    campaign: Ints
    hidden: Bools


def generate_touchpoints(block: Block, plan: Plan) -> pa.Table:
    """Return the table ``touchpoint`` of a block, in time order."""
    generator = stream(block.seed, "touchpoints", block.number)
    contacts = block.contacts
    n = len(contacts)
    first = _Touches(
        np.arange(n), contacts.created, _first_channel(contacts), contacts.campaign, np.zeros(n, dtype=bool)
    )
    parts = [first, _follow(block, generator), _precede(contacts, generator), _read(block)]
    who, when, channel, campaign, hidden = (
        np.concatenate([getattr(part, name) for part in parts]) for name in _Touches.__slots__
    )
    campaign = _name_ads(campaign, channel, plan, generator)
    keep = np.flatnonzero((when >= FIRST_INSTANT) & (when <= LAST_INSTANT))
    order = keep[np.lexsort((channel[keep], who[keep], when[keep]))]
    touches = _Touches(who[order], when[order], channel[order], campaign[order], hidden[order])
    return _tabulate(plan, block, touches)


def _first_channel(contacts: Contacts) -> Ints:
    """Return the channel of the touch that made each contact known; an imported name came by direct contact."""
    labels = ["direct" if source == "list_import" else source for source in company.SOURCES]
    return np.array([CHANNELS.index(label) for label in labels])[contacts.source]


def _draw_channels(count: int, generator: np.random.Generator) -> Ints:
    codes = np.array([CHANNELS.index(channel) for channel in _FOLLOW])
    return np.asarray(codes[generator.choice(len(_FOLLOW), count, p=_FOLLOW_SHARE)])


def _follow(block: Block, generator: np.random.Generator) -> _Touches:
    """Return later touches: more for those who become an opportunity, all before that, and more webinars."""
    contacts, converts = block.contacts, block.life.converts
    reached = block.life.entered["opportunity"] - 3_600
    end = np.minimum(reached, np.minimum(contacts.created + 150 * _DAY, LAST_INSTANT))
    who = np.repeat(np.arange(len(contacts)), generator.poisson(np.where(converts, 3.2, 0.9)))
    span = np.maximum(end - contacts.created - 30, 1)[who]
    when = contacts.created[who] + 30 + (generator.random(len(who)) * span).astype(np.int64)
    channel = _draw_channels(len(who), generator)
    closing = converts[who] & (generator.random(len(who)) < CLOSING_WEBINARS)
    channel = np.where(closing, CHANNELS.index("webinar"), channel)
    return _Touches(who, when, channel, np.full(len(who), -1), np.zeros(len(who), dtype=bool))


def _precede(contacts: Contacts, generator: np.random.Generator) -> _Touches:
    """Return touches of visitors whose name was not known yet."""
    who = np.repeat(np.arange(len(contacts)), generator.poisson(0.45, len(contacts)))
    when = contacts.created[who] - generator.integers(600, 40 * _DAY, len(who))
    channel = _draw_channels(len(who), generator)
    return _Touches(who, when, channel, np.full(len(who), -1), np.ones(len(who), dtype=bool))


def _read(block: Block) -> _Touches:
    """Return the first click of each contact on each email."""
    emails = block.emails
    clicks = np.flatnonzero(emails.of("click"))
    _, first = np.unique(emails.contact[clicks] * 100_000 + emails.email[clicks], return_index=True)
    clicks = clicks[np.sort(first)]
    channel = np.full(len(clicks), CHANNELS.index("email"))
    hidden = np.zeros(len(clicks), dtype=bool)
    return _Touches(emails.contact[clicks], emails.when[clicks], channel, emails.campaign[clicks], hidden)


def _name_ads(campaign: Ints, channel: Ints, plan: Plan, generator: np.random.Generator) -> Ints:
    """Return the campaigns, with one filled in for each touch of an ad channel that has none."""
    result = campaign.copy()
    for code, name in enumerate(company.CHANNEL_IDS):
        found = np.flatnonzero((channel == code) & (campaign < 0))
        result[found] = generator.choice(np.array(plan.ads[name]), len(found))
    return result


def _tabulate(plan: Plan, block: Block, touches: _Touches) -> pa.Table:
    n = len(touches.who)
    tags = [tag_name(campaign.name) for campaign in plan.campaigns]
    return pa.table(
        {
            "touch_id": columns.ids(f"T{block.number:05d}", np.arange(n), 6),
            "contact_id": columns.gather(block.contact_ids, touches.who, touches.hidden),
            "anonymous_id": columns.ids(f"v{block.number:05d}", touches.who, 4),
            "occurred_at": columns.stamps(touches.when),
            "channel": columns.pick(CHANNELS, touches.channel),
            "campaign_id": columns.pick(plan.ids, touches.campaign),
            "utm_source": columns.pick(CHANNELS, touches.channel),
            "utm_medium": columns.pick([_MEDIUM.get(channel, channel) for channel in CHANNELS], touches.channel),
            "utm_campaign": columns.pick(tags, touches.campaign),
        }
    )
