"""Running totals over the blocks: what the strategy file and the truth say about the generated rows."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mopsnb.sample.block import Block
from mopsnb.sample.clock import (
    DAYS,
    FIRST_INSTANT,
    LAST_INSTANT,
    MONTHS,
    Bools,
    Ints,
    business_minutes,
    local_day,
    month_name,
    month_of_day,
)
from mopsnb.sample.columns import NEVER
from mopsnb.sample.deals import TYPES, Deals
from mopsnb.sample.lifecycle import Lifecycle
from mopsnb.sample.mailing import CODE, Emails
from mopsnb.sample.quality import Planted
from mopsnb.sample.routing import THRESHOLD_HOURS, Routing

_EMAIL = {"sent": "sent", "delivered": "delivered", "clicks": "click", "unsubscribe_events": "unsubscribe"}
_EMAIL |= {"hard_bounces": "bounce_hard", "spam_complaints": "spam"}
_DISTINCT = {"recipients": "sent", "unsubscribed_contacts": "unsubscribe", "delivered_pairs": "delivered"}
_SENDS = (("delivered", False), ("click", False), ("click", True), ("unsubscribe", False), ("spam", False))
SERIES = (*_EMAIL, "bot_clicks", *_DISTINCT, "leads", "marketing_qualified_leads", "new_customers", "revenue_won")


@dataclass
class Totals:
    """Totals in the company's time zone up to the horizon, and what the first blocks planted.

    Parameters
    ----------
    months
        Series by name, each of the shape (MONTHS,), from October 2023 on. ``leads`` are contacts that were
        neither merged nor deleted, ``marketing_qualified_leads`` first entries into the stage.
    clicks
        Clicks of people on emails by day, shape (DAYS,).
    planted
        What each of the first blocks planted, in block order.
    sends
        Deliveries, clicks, clicks of bots, unsubscribes and complaints by send: shape (5, number of sends).
    calls
        Requests for a first call, calls in time and calls that are open, by month: shape (3, MONTHS).
    waiting
        Ids of leads that nobody was given, of the first blocks.
    """

    sends: Ints
    months: dict[str, Ints] = field(default_factory=lambda: {name: np.zeros(MONTHS, dtype=np.int64) for name in SERIES})
    clicks: Ints = field(default_factory=lambda: np.zeros(DAYS, dtype=np.int64))
    planted: list[Planted] = field(default_factory=list)
    calls: Ints = field(default_factory=lambda: np.zeros((3, MONTHS), dtype=np.int64))
    waiting: list[str] = field(default_factory=list)

    def add_block(self, block: Block, contact: pa.Table) -> None:
        """Add a simulated block, given its table of contacts as known on the last day."""
        self._add_email(block.emails)
        self._add_contacts(block, contact)
        self._add_stages(block.life)
        self._add_deals(block.deals)

    def _add_email(self, emails: Emails) -> None:
        # Contacts belong to one block, so distinct counts of blocks add up.
        day = local_day(emails.when)
        month = month_of_day(day)
        for name, kind in _EMAIL.items():
            self._count(name, month[~emails.bot & (emails.kind == CODE[kind])])
        self._count("bot_clicks", month[emails.bot & (emails.kind == CODE["click"])])
        for name, kind in _DISTINCT.items():
            found = ~emails.bot & (emails.kind == CODE[kind])
            pair = emails.campaign[found] + 1 if name == "delivered_pairs" else 0
            self._count(name, np.unique(np.stack([month[found], emails.contact[found] * 1_000 + pair]), axis=1)[0])
        for row, (kind, bot) in enumerate(_SENDS):
            found = (emails.kind == CODE[kind]) & (emails.bot == bot) & (emails.email >= 0)
            self.sends[row] += np.bincount(emails.email[found], minlength=self.sends.shape[1])
        self.clicks += np.bincount(day[emails.of("click")], minlength=DAYS)

    def _add_contacts(self, block: Block, contact: pa.Table) -> None:
        kept = contact.filter(pc.invert(contact["is_deleted"]))
        self._count("leads", _months(kept["created_at"].cast(pa.int64()).to_numpy() // 1_000_000))
        self._count("leads", _months(block.contacts.created[block.contacts.created > LAST_INSTANT]))

    def _add_stages(self, life: Lifecycle) -> None:
        # What came before the data starts was not carried over, so a later second entry is the first one known.
        again = np.where(life.entered["mql"] < FIRST_INSTANT, life.again, NEVER)
        first = np.where(life.entered["mql"] < FIRST_INSTANT, again, life.entered["mql"])
        self._count("marketing_qualified_leads", _months(first))

    def _add_deals(self, deals: Deals) -> None:
        close, won = np.array(deals.close), np.array(deals.won)
        month = np.where(won, _months(close), -1)
        new = np.array(deals.kind) == TYPES.index("new")
        self._count("new_customers", month[new])
        inside = (month >= 0) & (month < MONTHS)
        np.add.at(self.months["revenue_won"], month[inside], np.rint(np.array(deals.amount)[inside]).astype(np.int64))

    def add_routing(self, routing: Routing, contact_ids: pa.Array, *, listed: bool) -> None:
        """Add a block's first calls; in time is within the agreed business hours after the lead was due."""
        month = month_of_day(local_day(routing.due))
        answered = (routing.called != NEVER) & ~routing.waits
        elapsed = business_minutes(np.where(answered, routing.called, FIRST_INSTANT)) - business_minutes(routing.due)
        in_time = answered & (elapsed <= THRESHOLD_HOURS * 60)
        every = np.ones(len(month), dtype=bool)
        for row, found in enumerate((every, in_time, ~answered)):
            self.calls[row] += np.bincount(month[found], minlength=MONTHS)
        if listed:
            self.waiting += contact_ids.take(pa.array(routing.contact[routing.waits])).to_pylist()

    def _count(self, name: str, months: Ints) -> None:
        found = months[(months >= 0) & (months < MONTHS)]
        self.months[name] += np.bincount(found, minlength=MONTHS)

    def total(self, name: str, first: str, last: str) -> int:
        """Return a series' total over months ``YYYY-MM``, both included."""
        names = [month_name(month) for month in range(MONTHS)]
        return int(self.months[name][names.index(first) : names.index(last) + 1].sum())


def _months(instants: Ints) -> Ints:
    """Return local months; instants that never come have month -1."""
    known: Bools = instants != NEVER
    return np.where(known, month_of_day(local_day(np.where(known, instants, FIRST_INSTANT))), -1)
