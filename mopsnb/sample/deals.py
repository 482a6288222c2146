"""Deals of a block: new business from opportunities, then renewals and expansions of those who bought."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from mopsnb.sample.accounts import Accounts
from mopsnb.sample.clock import FIRST_INSTANT, HORIZON_INSTANT, add_business_minutes
from mopsnb.sample.contacts import Contacts
from mopsnb.sample.lifecycle import Lifecycle
from mopsnb.sample.streams import stream

TYPES = ("new", "renewal", "expansion")
_DAY, _YEAR = 86_400, 31_557_600
WIN_RATE = 0.33
RENEWAL_RATE = 0.91


@dataclass(slots=True)
class Deals:
    """The deals of a block as lists, one entry a deal, in the order in which they were found.

    ``close`` is when a deal ends, even if that lies after the last day; ``won`` how it ends.
    ``members`` holds the contacts' positions, the primary one first. ``customers`` maps an account
    to when it became a customer and what it pays a year.
    """

    account: list[int] = field(default_factory=list)
    kind: list[int] = field(default_factory=list)
    created: list[int] = field(default_factory=list)
    close: list[int] = field(default_factory=list)
    won: list[bool] = field(default_factory=list)
    amount: list[float] = field(default_factory=list)
    members: list[list[int]] = field(default_factory=list)
    customers: dict[int, tuple[int, float]] = field(default_factory=dict)

    def add(self, kind: str, account: int, span: tuple[int, int], won: bool, amount: float, members: list[int]) -> None:
        """Add a deal that is open on some day from the start on.

        Those closed before were not carried over; those open were typed in on the first Monday.
        """
        if span[0] <= HORIZON_INSTANT and span[1] >= FIRST_INSTANT:
            typed = FIRST_INSTANT + 33 * 3_600 + len(self.account) * 1_717 % 28_800
            created = max(span[0], typed) if span[0] < FIRST_INSTANT else span[0]
            self.account.append(account)
            self.kind.append(TYPES.index(kind))
            self.created.append(created)
            self.close.append(max(span[1], created + _DAY))
            self.won.append(won)
            self.amount.append(round(amount, -1))
            self.members.append(members)


def _at_work(instant: float) -> int:
    """Return an instant within business hours soon after; the minute follows from the instant, so it varies."""
    minutes = 15.0 + int(instant) % 419
    return int(add_business_minutes(np.array([int(instant)]), np.array([minutes]))[0])


def run_deals(contacts: Contacts, life: Lifecycle, accounts: Accounts, seed: int, block: int) -> Deals:
    """Return a block's deals, and let their outcome set the last stages of the contacts on them.

    An opportunity of an account whose deal is open joins that deal. Deals closed before the data starts are
        history: they leave customers, and no row.
    """
    generator = stream(seed, "deals", block)
    deals = Deals()
    found = np.flatnonzero(life.converts)
    found = found[np.lexsort((life.entered["opportunity"][found], contacts.account[found]))]
    latest: dict[int, int] = {}
    for contact in found.tolist():
        account, when = int(contacts.account[contact]), int(life.entered["opportunity"][contact])
        last = latest.get(account, -1)
        if last >= 0 and when < deals.close[last]:
            deals.members[last].append(contact)
            continue
        if account in deals.customers:
            _mark(life, [contact], max(when, deals.customers[account][0]), won=True)
            continue
        size = accounts.employees[account] if account >= 0 else 25
        yearly = float(generator.lognormal(9.42 + 0.3 * np.log(size / 100), 0.42))
        end = _at_work(when + generator.lognormal(15.45, 0.5))
        if end < FIRST_INSTANT:  # history: many of those who bought were carried over, few of those who did not
            won = bool(generator.random() < 0.66) and account >= 0
            if won:
                deals.customers[account] = (end, yearly)
            _mark(life, [contact], end, won=won)
            continue
        won = bool(generator.random() < WIN_RATE)
        deals.add("new", account, (when, end), won, yearly, [contact])
        if account >= 0:
            latest[account] = len(deals.account) - 1
            if won and end <= HORIZON_INSTANT:
                deals.customers[account] = (deals.close[-1], deals.amount[-1])
    for members, end, won in zip(deals.members, deals.close, deals.won, strict=True):
        _mark(life, members, end, won=won)
    _renew(deals, generator)
    return deals


def _mark(life: Lifecycle, members: list[int], when: int, *, won: bool) -> None:
    stage = "customer" if won else "recycled"
    for contact in members:
        after = max(when, int(life.entered["opportunity"][contact]) + 3_600)
        if after <= HORIZON_INSTANT:
            life.entered[stage][contact] = after


def _renew(deals: Deals, generator: np.random.Generator) -> None:
    """Add yearly renewals until one is lost, and now and then an expansion."""
    for account, (since, yearly) in sorted(deals.customers.items()):
        price, due = yearly, since + _YEAR
        # Who was a customer before the data starts renews on the anniversary that falls into the data.
        due += max(0, -(-(FIRST_INSTANT - due) // _YEAR)) * _YEAR
        while due - 60 * _DAY <= HORIZON_INSTANT:
            won = bool(generator.random() < RENEWAL_RATE)
            price *= float(generator.uniform(1.0, 1.07))
            start = _at_work(due - generator.uniform(60, 75) * _DAY)
            deals.add("renewal", account, (start, _at_work(due + generator.normal(0, 6) * _DAY)), won, price, [])
            if not won:
                break
            if generator.random() < 0.16:
                begin = _at_work(due + generator.uniform(60, 250) * _DAY)
                end = _at_work(begin + generator.lognormal(14.6, 0.4))
                extra = price * float(generator.uniform(0.15, 0.5))
                deals.add("expansion", account, (begin, end), bool(generator.random() < 0.62), extra, [])
            due += _YEAR
