"""Email: every send of the plan to the contacts of a block, and what they do with it.

Sends are taken in time order, because who unsubscribes or bounces gets no later one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mopsnb.sample import company
from mopsnb.sample.accounts import Accounts
from mopsnb.sample.campaigns import Plan, Send
from mopsnb.sample.clock import Bools, Ints, day_of, to_utc
from mopsnb.sample.contacts import Contacts
from mopsnb.sample.lifecycle import Lifecycle
from mopsnb.sample.mailing import Emails, Mailing, start_mailing
from mopsnb.sample.streams import stream

KINDS = ("newsletter", "onboarding", "events", "product", "customers")
# Usual rates for one delivered email, before multipliers.
CLICK, UNSUBSCRIBE, COMPLAINT = 0.0213, 0.0021, 0.00015
OPEN, PROXY_OPENS, SCANNER_CLICKS, BURST_CLICKS = 0.17, 0.94, 0.12, 0.2
HARD, HARD_OR_SOFT, LATE, DROPPED = 0.0021, 0.0095, 0.004, 0.0008
PREFERENCE_PAGE = 0.35  # unsubscribes without a campaign, compared with those from an email
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class _Delivery:
    """One delivered email: recipients, when it arrived, the variant each got, and what it can cause."""

    send: Send
    position: int
    who: Ints
    arrived: Ints
    variant: Ints

    def part(self, found: Bools | Ints) -> tuple[int, int, Ints]:
        """Return campaign, email and variants of some recipients, as `Mailing.add` takes them."""
        return self.send.campaign, self.position, self.variant[found]


def run_email(plan: Plan, contacts: Contacts, life: Lifecycle, accounts: Accounts, place: tuple[int, int]) -> Emails:
    """Return the email events of a block up to the horizon.

    Parameters
    ----------
    plan
        The sends in time order.
    contacts, life, accounts
        The block's contacts, their stages and their accounts.
    place
        The sample's seed and the block's number.
    """
    generator = stream(place[0], "email", place[1])
    mailing = start_mailing(contacts, accounts, generator)
    for position, send in enumerate(plan.sends):
        now = int(to_utc(day_of(send.day), send.hour * 3_600))
        listed = np.flatnonzero(_audience(send, contacts, life, now) & mailing.reachable(now))
        chosen = listed[generator.random(len(listed)) < send.share]
        delivery = _deliver(mailing, send, position, (chosen, now), generator)
        _engage(mailing, delivery, generator)
        _leave(mailing, delivery, generator)
    return mailing.collect()


def _audience(send: Send, contacts: Contacts, life: Lifecycle, now: int) -> Bools:
    """Return who belongs to a send's audience at the time of sending."""
    if send.audience == "new":
        return np.asarray(contacts.created > now - 120 * _DAY)
    if send.audience == "customers":
        return np.asarray(life.entered["customer"] <= now)
    if send.audience == "prospects":
        return np.asarray(life.entered["customer"] > now)
    if send.audience in company.INTERESTS:
        wanted, unknown = (company.INTERESTS.index(name) for name in (send.audience, "unknown"))
        return np.asarray((contacts.interest == wanted) | (contacts.interest == unknown))
    return np.ones(len(contacts), dtype=bool)


def _progress(send: Send) -> tuple[float, float, float]:
    """Return the multipliers of clicks, unsubscribes and bounces that the company's own doing explains."""
    if send.day >= company.OFFER_LIBRARY:
        return company.CLICKS_WITH_OFFERS, 1.0, 0.75
    if send.day >= company.PROVIDER_MOVE:
        return company.CLICKS_WITH_PROVIDER, 1.02, 0.75
    return 1.0, 1.06, 1.35


def _deliver(
    mailing: Mailing, send: Send, position: int, to: tuple[Ints, int], generator: np.random.Generator
) -> _Delivery:
    """Send one email, record what becomes of it on its way, and return what arrived."""
    who, now = to
    bounce = _progress(send)[2]
    variant = generator.integers(0, send.rates.variants, len(who)) if send.rates.variants > 1 else np.full(len(who), -1)
    sent = now + np.sort(generator.integers(0, 2_400, len(who)))
    dropped = generator.random(len(who)) < DROPPED
    mailing.add("dropped", who[dropped], sent[dropped], (send.campaign, position, variant[dropped]))
    who, sent, variant = who[~dropped], sent[~dropped], variant[~dropped]
    n = len(who)
    mail = _Delivery(send, position, who, sent, variant)
    mailing.add("sent", who, sent, mail.part(np.arange(n)))
    fate = generator.random(n)
    hard, late = fate < HARD * bounce, fate > 1 - LATE
    soft = ~hard & (fate < HARD_OR_SOFT * bounce)
    mailing.add("bounce_hard", who[hard], sent[hard] + generator.integers(1, 300, int(hard.sum())), mail.part(hard))
    mailing.add("bounce_soft", who[soft], sent[soft] + generator.integers(60, 7_200, int(soft.sum())), mail.part(soft))
    mailing.add("deferred", who[late], sent[late] + 30, mail.part(late))
    mailing.dead[who[hard]] = True
    arrived = sent + np.where(late, generator.integers(1_800, 14_400, n), generator.integers(1, 90, n))
    reached = ~hard & ~soft
    mailing.add("delivered", who[reached], arrived[reached], mail.part(reached))
    return _Delivery(send, position, who[reached], arrived[reached], variant[reached])


def _engage(mailing: Mailing, mail: _Delivery, generator: np.random.Generator) -> None:
    """Record opens of people and of privacy proxies, clicks of people, and clicks of link scanners."""
    send, who, arrived = mail.send, mail.who, mail.arrived
    n = len(who)
    keen = mailing.interest[who]
    lift = np.where(mail.variant == 1, 1.08, 1.0)
    clicks = generator.random(n) < np.minimum(CLICK * _progress(send)[0] * send.rates.click * keen * lift, 0.9)
    looks = clicks | (generator.random(n) < OPEN * np.minimum(keen, 3.0) * lift)
    proxy = mailing.proxied[who] & (generator.random(n) < PROXY_OPENS)
    mailing.add("open", who[proxy], arrived[proxy] + generator.integers(20, 900, int(proxy.sum())), mail.part(proxy))
    opened = arrived + 30 + generator.lognormal(9.2, 1.5, n).astype(np.int64)
    mailing.add("open", who[looks], opened[looks], mail.part(looks))
    clicked = opened + generator.integers(5, 240, n)
    mailing.add("click", who[clicks], clicked[clicks], mail.part(clicks))
    more = generator.geometric(0.78, n) - 1
    again = np.repeat(np.flatnonzero(clicks), more[clicks])
    mailing.add("click", who[again], clicked[again] + generator.integers(10, 5_400, len(again)), mail.part(again))
    scanned = mailing.scanned[who] & (generator.random(n) < SCANNER_CLICKS)
    if send.day == company.BOT_BURST and send.kind == "newsletter":
        scanned |= generator.random(n) < BURST_CLICKS
    robot = np.repeat(np.flatnonzero(scanned), 3)
    when = arrived[robot] + generator.integers(1, 45, len(robot))
    mailing.add("click", who[robot], when, mail.part(robot), bot=True)


def _leave(mailing: Mailing, mail: _Delivery, generator: np.random.Generator) -> None:
    """Record unsubscribes and complaints; those who care least leave most."""
    send, who = mail.send, mail.who
    n = len(who)
    seen = mail.arrived + 60 + generator.lognormal(9.2, 1.5, n).astype(np.int64)
    hazard = (
        UNSUBSCRIBE * _progress(send)[1] * send.rates.unsubscribe * np.where(mailing.interest[who] < 0.5, 1.3, 0.85)
    )
    leaves = generator.random(n) < hazard
    mailing.unsubscribe(who[leaves], seen[leaves], mail.part(leaves), generator)
    angry = generator.random(n) < COMPLAINT * send.rates.complaint
    mailing.add("spam", who[angry], seen[angry] + 30, mail.part(angry))
    mailing.dead[who[angry]] = True
    if send.kind == "newsletter" and n:  # some leave through the preference page, which names no campaign
        alone = who[generator.random(n) < UNSUBSCRIBE * PREFERENCE_PAGE]
        when = int(mail.arrived.min()) + generator.integers(_DAY, 24 * _DAY, len(alone))
        mailing.unsubscribe(alone, when, (-1, -1, np.full(len(alone), -1)), generator)
