"""Engagement of a block's contacts: what leads did, and which webinars and events they came to."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from mopsnb.sample import columns, company
from mopsnb.sample.block import Block
from mopsnb.sample.campaigns import Plan
from mopsnb.sample.clock import FIRST_INSTANT, LAST_INSTANT, Ints, day_of, to_utc
from mopsnb.sample.streams import stream

ACTIVITIES = (
    "page_view",
    "form_submit",
    "pricing_view",
    "content_download",
    "webinar_attended",
    "demo_request",
    "email_click",
)
_WEIGHT = (0.62, 0.10, 0.10, 0.13, 0.0, 0.05, 0.0)
_BEFORE_CONVERSION = (0.42, 0.12, 0.24, 0.10, 0.0, 0.12, 0.0)
_VALUE = (1, 5, 6, 4, 8, 15, 2)
STATUSES = ("registered", "attended", "no_show", "responded")
_DAY = 86_400


class Members:
    """Who took part in which campaign: positions of contacts and campaigns, status codes, instants of response."""

    def __init__(self, block: Block, plan: Plan) -> None:
        contacts, life = block.contacts, block.life
        generator = stream(block.seed, "members", block.number)
        came = np.flatnonzero(contacts.campaign >= 0)
        webinar = contacts.source[came] == company.SOURCES.index("webinar")
        status = np.where(webinar, np.where(generator.random(len(came)) < 0.58, 1, 2), 3)
        parts = [(came, contacts.campaign[came], status, contacts.created[came])]
        for position in plan.webinars:
            campaign = plan.campaigns[position]
            held = int(to_utc(day_of(campaign.end) - 14, 13 * 3_600))
            if held > LAST_INSTANT:
                continue
            open_to = (contacts.created < held - 16 * _DAY) & (contacts.campaign != position) & contacts.consent
            fits = contacts.interest == company.INTERESTS.index(campaign.interest)
            chance = np.where(fits, 0.011, 0.0035) * np.where(
                life.converts & (life.entered["opportunity"] > held), 2.2, 1.0
            )
            who = np.flatnonzero(open_to & (generator.random(len(contacts)) < chance))
            signed = held - generator.integers(_DAY, 15 * _DAY, len(who))
            attended = np.where(generator.random(len(who)) < 0.55, 1, 2)
            parts.append((who, np.full(len(who), position), attended, signed))
        joined = [np.concatenate(part) for part in zip(*parts, strict=True)]
        order = np.lexsort((joined[0], joined[1], joined[3]))
        self.contact, self.campaign, self.status, self.when = (part[order] for part in joined)

    def tabulate(self, plan: Plan, contact_ids: pa.Array) -> pa.Table:
        """Return the table ``campaign_member`` of the block."""
        return pa.table(
            {
                "campaign_id": columns.pick(plan.ids, self.campaign),
                "contact_id": columns.gather(contact_ids, self.contact),
                "status": columns.pick(STATUSES, self.status),
                "has_responded": columns.flags(self.status != 2),
                "first_responded_at": columns.stamps(self.when, self.status == 2),
            }
        )


def generate_activities(block: Block, members: Members) -> pa.Table:
    """Return the table ``lead_activity`` of a block: visits, forms, webinars and email clicks, in time order.

    Those who become an opportunity do more in the weeks before, and look at prices and demos.
    """
    contacts, life, emails = block.contacts, block.life, block.emails
    generator = stream(block.seed, "activity", block.number)
    n = len(contacts)
    end = np.minimum(np.minimum(life.entered["opportunity"], contacts.created + 240 * _DAY), LAST_INSTANT)
    usual = np.repeat(np.arange(n), generator.poisson(1.6, n))
    spread = generator.beta(0.5, 1.6, len(usual))
    when = contacts.created[usual] + (spread * np.maximum(end - contacts.created, 60)[usual]).astype(np.int64)
    kind = generator.choice(len(ACTIVITIES), len(usual), p=_WEIGHT)
    keen = np.repeat(np.arange(n), np.where(life.converts, generator.poisson(4.0, n), 0))
    back = np.minimum(generator.exponential(9 * _DAY, len(keen)), (end - contacts.created)[keen] * 0.95)
    closer = end[keen] - 60 - back.astype(np.int64)
    sort = generator.choice(len(ACTIVITIES), len(keen), p=_BEFORE_CONVERSION)
    clicks = np.flatnonzero(emails.of("click"))
    seen = np.flatnonzero(members.status == 1)
    parts: tuple[list[Ints], ...] = (
        [usual, keen, emails.contact[clicks], members.contact[seen]],
        [when, closer, emails.when[clicks], members.when[seen] + 3_600],
        [kind, sort, np.full(len(clicks), 6), np.full(len(seen), 4)],
    )
    who, at, what = (np.concatenate(part) for part in parts)
    keep = np.flatnonzero((at >= FIRST_INSTANT) & (at <= LAST_INSTANT) & (at >= contacts.created[who]))
    unique = np.unique(np.stack([at[keep], who[keep], what[keep]], axis=1), axis=0)
    return pa.table(
        {
            "contact_id": columns.gather(block.contact_ids, unique[:, 1]),
            "activity_type": columns.pick(ACTIVITIES, unique[:, 2]),
            "occurred_at": columns.stamps(unique[:, 0]),
            "value": columns.decimals(np.array(_VALUE, dtype=np.float64)[unique[:, 2]], 0),
        }
    )
