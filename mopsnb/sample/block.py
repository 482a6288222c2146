"""A block: a few thousand contacts with all that happens to them. The sample is made block by block."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from mopsnb.sample import columns
from mopsnb.sample.accounts import Accounts, generate_accounts
from mopsnb.sample.ads import Advertising
from mopsnb.sample.campaigns import Plan
from mopsnb.sample.clock import LAST_INSTANT
from mopsnb.sample.contacts import Contacts, generate_contacts
from mopsnb.sample.deals import Deals, run_deals
from mopsnb.sample.email import run_email
from mopsnb.sample.lifecycle import Lifecycle, run_lifecycle
from mopsnb.sample.mailing import Emails


@dataclass(frozen=True, slots=True)
class Block:
    """The parts of a block that others are made from.

    ``contacts``, ``life`` and ``emails`` are either the whole simulation up to the horizon, or what was known
    on the last day (see `Block.known`). ``deals`` always hold how deals end.
    """

    seed: int
    number: int
    accounts: Accounts
    contacts: Contacts
    contact_ids: pa.Array
    life: Lifecycle
    deals: Deals
    emails: Emails

    def known(self) -> Block:
        """Return the block as it was known on the last day."""
        count = int((self.contacts.created <= LAST_INSTANT).sum())
        return Block(
            self.seed,
            self.number,
            self.accounts,
            self.contacts.cut(count),
            self.contact_ids.slice(0, count),
            self.life.cut(count, LAST_INSTANT),
            self.deals,
            self.emails.cut(LAST_INSTANT),
        )


def run_block(plan: Plan, ads: Advertising, seed: int, place: tuple[int, int]) -> Block:
    """Simulate one block up to the horizon.

    Parameters
    ----------
    plan, ads
        The campaigns, and the advertising that brings contacts.
    seed
        The sample's seed.
    place
        The block's number, and how many blocks there are.
    """
    number = place[0]
    accounts = generate_accounts(seed, number)
    contacts = generate_contacts(plan, ads, accounts, seed, place)
    life = run_lifecycle(contacts, seed, number)
    deals = run_deals(contacts, life, accounts, seed, number)
    emails = run_email(plan, contacts, life, accounts, (seed, number))
    return Block(seed, number, accounts, contacts, columns.ids("C", contacts.numbers, 8), life, deals, emails)
