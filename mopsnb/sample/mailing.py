"""A block's mailing list: who can be reached, and every event so far."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np

from mopsnb.sample.accounts import Accounts
from mopsnb.sample.clock import FIRST_INSTANT, HORIZON_INSTANT, Bools, Floats, Ints
from mopsnb.sample.columns import NEVER
from mopsnb.sample.contacts import Contacts
from mopsnb.sample.luck import Luck

TYPES = (
    *("sent", "delivered", "open", "click", "unsubscribe", "resubscribe", "bounce_hard", "bounce_soft"),
    *("spam", "dropped", "deferred"),
)
CODE = {name: code for code, name in enumerate(TYPES)}
FADING_DAYS = 640.0  # mean time until a contact who ignores the mail is left out
PROXIED = 0.2  # the share of contacts whose mail program opens every email by itself
TWICE, BACK = 0.06, 0.08  # the share of unsubscribes that arrive twice, and of those who come back
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Emails:
    """The email events of a block in time order, shapes (n,): positions of contact, campaign and email."""

    contact: Ints
    kind: Ints
    when: Ints
    campaign: Ints
    email: Ints
    variant: Ints
    bot: Bools

    def cut(self, instant: int) -> Emails:
        """Return the events up to an instant."""
        count = int(np.searchsorted(self.when, instant, side="right"))
        return Emails(*(getattr(self, part.name)[:count] for part in fields(self)))

    def of(self, kind: str) -> Bools:
        """Return which events are of a type and not a bot's."""
        return np.asarray((self.kind == CODE[kind]) & ~self.bot)

    def opted_out(self, count: int) -> Bools:
        """Return which of the first contacts have left the list, shape (count,): their last such event says so."""
        out = np.zeros(count, dtype=bool)
        found = np.flatnonzero(np.isin(self.kind, [CODE["unsubscribe"], CODE["resubscribe"]]))
        out[self.contact[found]] = self.kind[found] == CODE["unsubscribe"]
        return out


@dataclass(slots=True)
class Mailing:
    """The state of a block's mailing list, and the events so far in parts.

    Parameters
    ----------
    interest
        How keen each contact is, mean 1, shape (n,).
    proxied, scanned
        Who reads mail behind a privacy proxy; whose links a security scanner opens.
    mailable, until
        When each contact may first be mailed (``NEVER`` for those who did not agree), and when they are left
        out because they ignore the mail.
    off, on
        When the latest unsubscribe came, and the resubscribe after it.
    dead
        Whose address bounced for good, or who complained.
    parts
        Events: contact, type, instant, campaign, email, variant, whether a bot did it.
    """

    interest: Floats
    proxied: Bools
    scanned: Bools
    mailable: Ints
    until: Ints
    off: Ints
    on: Ints
    dead: Bools
    parts: list[tuple[Ints, ...]] = field(default_factory=list)

    def reachable(self, now: int) -> Bools:
        """Return who can be mailed at an instant."""
        subscribed = (self.off > now) | (self.on <= now)
        return np.asarray((self.mailable <= now) & (self.until > now) & subscribed & ~self.dead)

    def add(self, kind: str, who: Ints, when: Ints, send: tuple[int, int, Ints], *, bot: bool = False) -> None:
        """Record events. ``send`` holds the positions of campaign and email and the variants; -1 for none."""
        n = len(who)
        what = (np.full(n, CODE[kind]), when, np.full(n, send[0]), np.full(n, send[1]))
        self.parts.append((who, *what, send[2], np.full(n, int(bot))))

    def unsubscribe(self, who: Ints, when: Ints, send: tuple[int, int, Ints], luck: Luck) -> None:
        """Record unsubscribes: some arrive twice, some people come back later."""
        fresh = (self.off[who] == NEVER) | (self.on[who] < when)
        who, when, luck = who[fresh], when[fresh], luck.cut(fresh)
        self.add("unsubscribe", who, when, (send[0], send[1], send[2][fresh]))
        twice = luck["twice"] < TWICE
        later = (when + luck.seconds("twice_delay", 120, 30 * _DAY))[twice]
        self.add("unsubscribe", who[twice], later, (-1, -1, np.full(len(later), -1)))
        back = luck["back"] < BACK
        returns = when + luck.seconds("back_delay", 31 * _DAY, 160 * _DAY)
        self.add("resubscribe", who[back], returns[back], (-1, -1, np.full(int(back.sum()), -1)))
        self.off[who] = when
        self.on[who] = np.where(back, returns, NEVER)

    def collect(self) -> Emails:
        """Return all events in time order, without those after the horizon."""
        joined = [np.concatenate(part) for part in zip(*self.parts, strict=True)]
        contact, kind, when = joined[:3]
        keep = np.flatnonzero((when <= HORIZON_INSTANT) & (when >= FIRST_INSTANT))
        order = keep[np.lexsort((kind[keep], contact[keep], when[keep]))]
        contact, kind, when, campaign, email, variant, bot = (part[order] for part in joined)
        return Emails(contact, kind, when, campaign, email, variant, bot.astype(bool))


def start_mailing(contacts: Contacts, accounts: Accounts, generator: np.random.Generator) -> Mailing:
    """Return the mailing list of a block before the first send."""
    n = len(contacts)
    scans = np.where(contacts.account >= 0, accounts.scans[contacts.account], False)
    patience = (generator.exponential(FADING_DAYS, n) * _DAY).astype(np.int64) + 60 * _DAY
    return Mailing(
        interest=generator.gamma(2.5, 1 / 2.5, n),
        proxied=generator.random(n) < PROXIED,
        scanned=scans.astype(bool),
        mailable=np.where(contacts.consent, contacts.created, NEVER),
        until=np.maximum(contacts.created, FIRST_INSTANT) + patience,
        off=np.full(n, NEVER),
        on=np.full(n, NEVER),
        dead=np.zeros(n, dtype=bool),
    )
