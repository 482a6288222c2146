"""Contacts of a block: who they are, where they came from, when; before anything happens to them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from mopsnb.sample import company, names
from mopsnb.sample.accounts import PER_BLOCK, Accounts, size_band
from mopsnb.sample.ads import Advertising
from mopsnb.sample.campaigns import Plan
from mopsnb.sample.clock import CONTACTS_FROM, DAYS, Bools, Floats, Ints, date_of, day_of, to_utc
from mopsnb.sample.streams import stream

BLOCKS = 6  # blocks of contacts at scale 1
CAPACITY = 4_000  # contact numbers reserved for a block; ids never collide between blocks
_HOURS = np.array([1, 1, 1, 1, 1, 2, 3, 5, 9, 12, 13, 12, 9, 10, 11, 10, 9, 7, 5, 4, 4, 4, 3, 2], dtype=float)
_WEEK = np.array([1.12, 1.18, 1.17, 1.12, 1.0, 0.66, 0.68])
# New contacts a day that no advertising brings, at the start of the data and scale 1, and their yearly growth.
_DAILY = {"organic_search": (1.75, 1.16), "referral": (0.32, 1.15), "content": (0.85, 1.12), "direct": (0.36, 1.05)}
_DAILY |= {"list_import": (0.14, 0.9)}
_CONSENT = {"list_import": 0.12, "direct": 0.62, "event": 0.66}


@dataclass(slots=True)
class Contacts:
    """The contacts of a block, in the order in which they were created; shapes (n,).

    Parameters
    ----------
    numbers
        Their numbers in the whole sample, of which ids are made.
    created
        Instants.
    source
        Codes into ``company.SOURCES``.
    campaign
        The position of the campaign that brought them; -1 for none.
    account
        The position of their account in the block; -1 for none known.
    industry, country, region, level, interest, band
        Codes into the lists of ``company``.
    pages
        Pages seen before the first form.
    free_mail
        Whether the address belongs to a free mail service.
    first, last
        Positions of their names in ``names``.
    consent
        Whether they agreed to receive email.
    """

    numbers: Ints
    created: Ints
    source: Ints
    campaign: Ints
    account: Ints
    industry: Ints
    country: Ints
    region: Ints
    level: Ints
    interest: Ints
    band: Ints
    pages: Ints
    free_mail: Bools
    first: Ints
    last: Ints
    consent: Bools

    def __len__(self) -> int:
        return len(self.numbers)

    def cut(self, count: int) -> Contacts:
        """Return the first contacts."""
        return Contacts(*(getattr(self, part.name)[:count] for part in fields(self)))


def _draw_days(generator: np.random.Generator, rate: Floats, first: int) -> Ints:
    """Return the days of arrivals, given expected arrivals a day."""
    counts = generator.poisson(rate)
    return np.repeat(np.arange(len(rate)) + first, counts)


def _arrive(plan: Plan, ads: Advertising, generator: np.random.Generator, blocks: int) -> tuple[Ints, Ints, Ints]:
    """Return day, source and campaign of every arrival of a block.

    Arrivals follow what brings them: ads by day and campaign, webinars and events around their dates,
    and for the rest a slow growth. Before the data starts, only those who were carried over are known.
    """
    days, sources, campaigns = [], [], []

    def add(found: Ints, source: str, campaign: int) -> None:
        days.append(found)
        sources.append(np.full(len(found), company.SOURCES.index(source)))
        campaigns.append(np.full(len(found), campaign))

    for row, position in enumerate(ads.campaigns):
        channel = company.CHANNEL_IDS[ads.channels[row]]
        add(_draw_days(generator, ads.leads[row] / blocks, 0), channel, int(position))
    scale = blocks / BLOCKS
    week = _WEEK[(np.arange(DAYS) + date_of(0).weekday()) % 7]
    season = np.array(company.SEASON)[[date_of(day).month - 1 for day in range(DAYS)]]
    for source, (rate, growth) in _DAILY.items():
        expected = rate * growth ** (np.arange(DAYS) / 365.25) * week * season * scale / blocks
        add(_draw_days(generator, expected, 0), source, -1)
    for kind, positions, size in (("webinar", plan.webinars, 27.0), ("event", plan.shows, 40.0)):
        for order, position in enumerate(positions):
            campaign = plan.campaigns[position]
            close = campaign.end.toordinal() - date_of(0).toordinal() - (14 if kind == "webinar" else 21)
            volume = size * (1 + 0.03 * order) * scale / blocks
            found = close + 1 - generator.geometric(0.3, generator.poisson(volume)) * (1 if kind == "webinar" else -1)
            add(np.clip(found - (2 if kind == "event" else 0), 0, DAYS - 1), kind, position)
    old = np.arange(day_of(CONTACTS_FROM), 0)
    ramp = np.linspace(3.0, 5.4, len(old)) * _WEEK[(old + date_of(0).weekday()) % 7] * scale / blocks
    found = _draw_days(generator, ramp, int(old[0]))
    days.append(found)
    share = np.array([0.17, 0.09, 0.04, 0.03, 0.05, 0.07, 0.22, 0.06, 0.07, 0.07, 0.07, 0.03, 0.03])
    sources.append(generator.choice(len(company.SOURCES), len(found), p=share))
    campaigns.append(np.full(len(found), -1))
    return np.concatenate(days), np.concatenate(sources), np.concatenate(campaigns)


def generate_contacts(plan: Plan, ads: Advertising, accounts: Accounts, seed: int, place: tuple[int, int]) -> Contacts:
    """Return the contacts of one block.

    Parameters
    ----------
    plan, ads
        What brings contacts.
    accounts
        The block's accounts.
    seed
        The sample's seed.
    place
        The block's number and how many blocks there are.
    """
    block, blocks = place
    generator = stream(seed, "contacts", block)
    days, source, campaign = _arrive(plan, ads, generator, blocks)
    n = len(days)
    hours = generator.choice(24, n, p=_HOURS / _HOURS.sum())
    created = to_utc(days, hours * 3_600 + generator.integers(0, 3_600, n))
    order = np.lexsort((source, created))
    created, source, campaign = created[order], source[order], campaign[order]
    size = np.sqrt(accounts.employees.astype(float))
    account = generator.choice(PER_BLOCK, n, p=size**0.5 / (size**0.5).sum())
    free = generator.random(n) < 0.11
    known = ~free | (generator.random(n) < 0.3)
    level = generator.choice(5, n, p=(0.09, 0.19, 0.37, 0.30, 0.05))
    return Contacts(
        numbers=block * CAPACITY + np.arange(n),
        created=created,
        source=source,
        campaign=campaign,
        account=np.where(known, account, -1),
        industry=accounts.industry[account],
        country=accounts.country[account],
        region=accounts.region[account],
        level=level,
        interest=generator.choice(5, n, p=(0.27, 0.31, 0.14, 0.15, 0.13)),
        band=size_band(accounts.employees[account]),
        pages=np.clip(generator.geometric(0.22, n), 1, 15),
        free_mail=free,
        first=generator.integers(0, len(names.FIRST), n),
        last=generator.integers(0, len(names.LAST), n),
        consent=generator.random(n) < np.array([_CONSENT.get(name, 0.76) for name in company.SOURCES])[source],
    )


def log_odds(contacts: Contacts) -> Floats:
    """Return each contact's true log-odds of becoming an opportunity, shape (n,)."""
    coded = (
        ("job_level", company.JOB_LEVELS, contacts.level),
        ("company_size", company.SIZE_BANDS, contacts.band),
        ("product_interest", company.INTERESTS, contacts.interest),
        ("industry", company.INDUSTRIES, contacts.industry),
        ("lead_source", company.SOURCES, contacts.source),
        ("is_free_mail", ("false", "true"), contacts.free_mail.astype(np.int64)),
    )
    total = np.full(len(contacts), company.INTERCEPT) + company.PER_PAGE * contacts.pages
    for column, labels, codes in coded:
        total += np.array([company.EFFECTS[column][label] for label in labels])[codes]
    return np.asarray(total)
