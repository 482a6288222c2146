"""Invented names of people and companies. A number gives the same name at any scale."""

from __future__ import annotations

from functools import cache

import numpy as np

from mopsnb.sample.clock import Ints
from mopsnb.sample.story import read_rows, read_words

FIRST = read_words("first_names")
LAST = read_words("last_names")
_STEMS = read_words("place_stems")
_ENDS = read_words("place_ends")
PLACES = ("", "of Ohio", "of Maine", "of Iowa", "of Oregon", "of Georgia", "of Vermont", "of Texas", "of Utah")
AREA_CODES = ("207", "212", "216", "303", "305", "312", "404", "415", "503", "512", "602", "612", "617", "704", "713")
FREE_MAIL = ("mailbox.example", "homepost.example", "inboxly.example")
_SPREAD = 7_919  # a prime: neighbors in number are no neighbors in name


def _group(name: str, key: str, value: str) -> dict[str, tuple[str, ...]]:
    """Return the values of a table by key."""
    found: dict[str, tuple[str, ...]] = {}
    for row in read_rows(name):
        found[row[key]] = (*found.get(row[key], ()), row[value])
    return found


KINDS = _group("account_kinds", "industry", "kind")


@cache
def list_titles(level: str, industry: str) -> tuple[str, ...]:
    """Return the job titles of a level that exist in an industry."""
    rows = read_rows("titles")
    return tuple(row["title"] for row in rows if row["job_level"] == level and row["industry"] in {"", industry})


def name_accounts(numbers: Ints, industries: list[str]) -> tuple[list[str], list[str]]:
    """Return company names and web domains. Domains never repeat; names do not within one bundled sample.

    Parameters
    ----------
    numbers
        The accounts' numbers in the whole sample, shape (n,).
    industries
        Their industries, of length n; a name fits its industry.
    """
    pairs = len(_STEMS) * len(_ENDS)
    names, domains = [], []
    for number, industry in zip(numbers.tolist(), industries, strict=True):
        lap, place = number // pairs, number * _SPREAD % pairs
        stem = _STEMS[place // len(_ENDS)] + _ENDS[place % len(_ENDS)]
        kind = KINDS[industry][lap % len(KINDS[industry])]
        where = PLACES[lap // 5 % len(PLACES)]
        names.append(" ".join(part for part in (stem, kind, where) if part))
        slug = "-".join([stem, *kind.replace("&", "and").split()]).lower()
        domains.append(f"{slug}.example" if lap < 5 else f"{slug}-{np.base_repr(number, 36).lower()}.example")
    return names, domains
