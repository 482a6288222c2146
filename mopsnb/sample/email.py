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
from mopsnb.sample.luck import Luck, draw_luck
from mopsnb.sample.mailing import Emails, Mailing, start_mailing
from mopsnb.sample.streams import stream

KINDS = ("newsletter", "onboarding", "events", "product", "customers")
# Usual rates for one delivered email, before multipliers.
CLICK, UNSUBSCRIBE, COMPLAINT = 0.0213, 0.0023, 0.00016
OPEN, PROXY_OPENS, SCANNER_CLICKS, BURST_CLICKS = 0.17, 0.94, 0.12, 0.2
MORE = 0.22  # the chance that a reader who clicked clicks again
HARD, HARD_OR_SOFT, LATE, DROPPED = 0.0021, 0.0095, 0.004, 0.0008
PREFERENCE_PAGE = 0.35  # unsubscribes without a campaign, compared with those from an email
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class _Delivery:
    """One email on its way: recipients, when each got it, the variant each got, and their luck."""

    send: Send
    position: int
    who: Ints
    when: Ints
    variant: Ints
    luck: Luck

    def of(self, found: Bools | Ints) -> tuple[int, int, Ints]:
        """Return campaign, email and variants of some recipients, as `Mailing.add` takes them."""
        return self.send.campaign, self.position, self.variant[found]

    def cut(self, found: Bools, when: Ints) -> _Delivery:
        """Return the same email for some of its recipients, at another time."""
        return _Delivery(
            self.send, self.position, self.who[found], when[found], self.variant[found], self.luck.cut(found)
        )


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
        # Luck is drawn for all contacts, so that who is mailed does not change what others do.
        luck = draw_luck(generator, len(contacts))
        now = int(to_utc(day_of(send.day), send.hour * 3_600))
        listed = _audience(send, contacts, life, now) & mailing.reachable(now)
        who = np.flatnonzero(listed & (luck["share"] < send.share))
        luck = luck.cut(who)
        variant = np.floor(luck["variant"] * send.rates.variants).astype(np.int64) - (send.rates.variants == 1)
        mail = _deliver(mailing, _Delivery(send, position, who, now + luck.seconds("sent", 0, 2_400), variant, luck))
        _engage(mailing, mail)
        _leave(mailing, mail)
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
    if send.day >= company.FREQUENCY_CAP:
        return company.CLICKS_WITH_OFFERS, company.LEAVES_WITH_CAP, 0.75
    if send.day >= company.OFFER_LIBRARY:
        return company.CLICKS_WITH_OFFERS, 1.0, 0.75
    if send.day >= company.PROVIDER_MOVE:
        return company.CLICKS_WITH_PROVIDER, 1.0, 0.75
    return 1.0, 1.0, 1.35


def _deliver(mailing: Mailing, mail: _Delivery) -> _Delivery:
    """Send one email, record what becomes of it on its way, and return what arrived."""
    bounce = _progress(mail.send)[2]
    dropped = mail.luck["dropped"] < DROPPED
    mailing.add("dropped", mail.who[dropped], mail.when[dropped], mail.of(dropped))
    mail = mail.cut(~dropped, mail.when)
    who, sent, luck = mail.who, mail.when, mail.luck
    mailing.add("sent", who, sent, mail.of(np.arange(len(who))))
    hard, late = luck["fate"] < HARD * bounce, luck["fate"] > 1 - LATE
    soft = ~hard & (luck["fate"] < HARD_OR_SOFT * bounce)
    mailing.add("bounce_hard", who[hard], (sent + luck.seconds("delay", 1, 300))[hard], mail.of(hard))
    mailing.add("bounce_soft", who[soft], (sent + luck.seconds("delay", 60, 7_200))[soft], mail.of(soft))
    mailing.add("deferred", who[late], sent[late] + 30, mail.of(late))
    mailing.dead[who[hard]] = True
    took = np.where(late, luck.seconds("delay", 1_800, 14_400), luck.seconds("delay", 1, 90))
    mail = mail.cut(~hard & ~soft, sent + took)
    mailing.add("delivered", mail.who, mail.when, mail.of(np.arange(len(mail.who))))
    return mail


def _engage(mailing: Mailing, mail: _Delivery) -> None:
    """Record opens of people and of privacy proxies, clicks of people, and clicks of link scanners."""
    send, who, luck = mail.send, mail.who, mail.luck
    keen = mailing.interest[who]
    lift = np.where(mail.variant == 1, 1.08, 1.0)
    clicks = luck["click"] < np.minimum(CLICK * _progress(send)[0] * send.rates.click * keen * lift, 0.9)
    looks = clicks | (luck["look"] < OPEN * np.minimum(keen, 3.0) * lift)
    proxy = mailing.proxied[who] & (luck["proxy"] < PROXY_OPENS)
    mailing.add("open", who[proxy], (mail.when + luck.seconds("proxy_delay", 20, 900))[proxy], mail.of(proxy))
    opened = mail.when + 30 + luck.waits()
    mailing.add("open", who[looks], opened[looks], mail.of(looks))
    clicked = opened + luck.seconds("click_delay", 5, 240)
    mailing.add("click", who[clicks], clicked[clicks], mail.of(clicks))
    for chance in (MORE, MORE**2, MORE**3):  # a second, third and fourth click of the same reader
        again = clicks & (luck["more"] < chance)
        clicked = clicked + luck.seconds("click_delay", 10, 3_600)
        mailing.add("click", who[again], clicked[again], mail.of(again))
    scanned = mailing.scanned[who] & (luck["scan"] < SCANNER_CLICKS)
    if send.day == company.BOT_BURST and send.kind == "newsletter":
        scanned |= luck["scan"] < BURST_CLICKS
    for second in (1, 2, 4):
        when = mail.when + luck.seconds("proxy_delay", second, 10 * second)
        mailing.add("click", who[scanned], when[scanned], mail.of(scanned), bot=True)


def _leave(mailing: Mailing, mail: _Delivery) -> None:
    """Record unsubscribes and complaints; those who care least leave most."""
    send, who, luck = mail.send, mail.who, mail.luck
    seen = mail.when + 90 + luck.waits()
    reluctance = np.where(mailing.interest[who] < 0.5, 1.3, 0.85)
    leaves = luck["leave"] < UNSUBSCRIBE * _progress(send)[1] * send.rates.unsubscribe * reluctance
    mailing.unsubscribe(who[leaves], seen[leaves], mail.of(leaves), luck.cut(leaves))
    angry = luck["complain"] < COMPLAINT * send.rates.complaint
    mailing.add("spam", who[angry], seen[angry] + 30, mail.of(angry))
    mailing.dead[who[angry]] = True
    if send.kind == "newsletter":  # some leave through the preference page, which names no campaign
        alone = luck["page"] < UNSUBSCRIBE * _progress(send)[1] * PREFERENCE_PAGE
        when = (mail.when + luck.seconds("page_delay", _DAY, 24 * _DAY))[alone]
        mailing.unsubscribe(who[alone], when, (-1, -1, np.full(len(when), -1)), luck.cut(alone))
