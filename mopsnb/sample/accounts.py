"""Accounts: the companies that contacts work for, one block at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from mopsnb.sample import columns, company
from mopsnb.sample.clock import Bools, Ints
from mopsnb.sample.names import name_accounts
from mopsnb.sample.streams import stream

PER_BLOCK = 760


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of a block; every array has the shape (PER_BLOCK,).

    Parameters
    ----------
    ids
        Account ids, as an Arrow array.
    names, domains
        Company names and web domains.
    industry, country, region
        Codes into the lists of ``company``.
    employees
        Head count.
    scans
        Whether a security scanner opens every link in incoming mail.
    """

    ids: pa.Array
    names: list[str]
    domains: list[str]
    industry: Ints
    country: Ints
    region: Ints
    employees: Ints
    scans: Bools


def generate_accounts(seed: int, block: int) -> Accounts:
    """Return the accounts of one block."""
    generator = stream(seed, "accounts", block)
    numbers = block * PER_BLOCK + np.arange(PER_BLOCK)
    industry = generator.choice(len(company.INDUSTRIES), PER_BLOCK, p=company.INDUSTRY_SHARE)
    country = generator.choice(len(company.COUNTRIES), PER_BLOCK, p=(0.88, 0.08, 0.02, 0.02))
    region = generator.choice(4, PER_BLOCK, p=(0.29, 0.27, 0.24, 0.20))
    names, domains = name_accounts(numbers, [company.INDUSTRIES[code] for code in industry])
    return Accounts(
        ids=columns.ids("A", numbers, 7),
        names=names,
        domains=domains,
        industry=industry,
        country=country,
        region=np.where(country == 0, region, 4),
        employees=np.clip(np.rint(generator.lognormal(4.75, 1.25, PER_BLOCK)), 3, 24_000).astype(np.int64),
        scans=generator.random(PER_BLOCK) < 0.05,
    )


def size_band(employees: Ints) -> Ints:
    """Return the code of the size band in ``company.SIZE_BANDS``."""
    return np.asarray(np.searchsorted([50, 200, 1_000], employees, side="right"), dtype=np.int64)


def tabulate_accounts(accounts: Accounts, seed: int, block: int) -> pa.Table:
    """Return the table ``account`` of one block. One account in twenty has no head count."""
    generator = stream(seed, "accounts", 1_000_000 + block)
    unknown = generator.random(PER_BLOCK) < 0.05
    tier = np.where(accounts.employees >= 1_000, 0, np.where(accounts.employees >= 200, 1, 2))
    return pa.table(
        {
            "account_id": accounts.ids,
            "name": columns.texts(accounts.names),
            "domain": columns.texts(accounts.domains),
            "industry": columns.pick(company.INDUSTRIES, accounts.industry),
            "country": columns.pick(company.COUNTRIES, accounts.country),
            "region": columns.pick(company.REGIONS, accounts.region),
            "employees": columns.whole(accounts.employees, unknown),
            "owner": columns.pick(company.REPS, accounts.region),
            "tier": columns.pick(("A", "B", "C"), tier),
        }
    )
