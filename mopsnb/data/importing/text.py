"""Names made from headers, and ids made from names."""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata


def make_name(header: str) -> str:
    """Return a header as the name of a column: lower case, with underscores.

    Examples
    --------
    >>> make_name("Size of Company (FTE)")
    'size_of_company_fte'
    """
    plain = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.casefold()).strip("_")


def make_id(vendor: str, *parts: str) -> str:
    """Return an id that is always the same for the same words.

    Examples
    --------
    >>> make_id("meta_ads", "Leads, DE") == make_id("meta_ads", "Leads, DE")
    True
    """
    words = "\x1f".join(parts)
    return f"{vendor}-{hashlib.sha256(words.encode()).hexdigest()[:12]}"


@functools.lru_cache(maxsize=20_000)
def normalize(header: str) -> str:
    """Return a header as it is compared: lower case, single spaces, without a currency in parentheses.

    Examples
    --------
    >>> normalize(" Amount  spent (EUR)")
    'amount spent'
    """
    text = re.sub(r"\s+", " ", header.replace("\ufeff", "").translate({0xA0: 32, 0x202F: 32})).strip()
    return re.sub(r" ?[(\[][A-Z]{3}[)\]]$", "", text).casefold()
