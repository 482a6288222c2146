"""How messages repeat what somebody gave: short, printable, and without passwords."""

from __future__ import annotations

import re

from mopsnb.secrets import redact
from mopsnb.secrets.addresses import ADDRESS

# A setting of a connection that holds a password.
_SETTING = re.compile(r"(?P<before>\b(?:password|passwd|pwd)\s*=\s*)(?P<password>[^\s;&]+)", re.IGNORECASE)


def has_password(text: str) -> bool:
    """Return whether a text holds a password in the open, as database addresses do, or a known secret.

    Examples
    --------
    >>> has_password("postgresql://reader:hunter2@host/db"), has_password("postgresql://reader@host/db")
    (True, False)
    """
    return bool(ADDRESS.search(text) or _SETTING.search(text)) or redact(text) != text


def shorten(text: str, width: int = 60) -> str:
    """Return a text for a message: without passwords, escaped where it cannot be printed, cut where it is long.

    Examples
    --------
    >>> shorten("postgresql://reader:hunter2@host/db")
    'postgresql://reader:***@host/db'
    """
    text = redact(text)
    for pattern in (ADDRESS, _SETTING):
        text = pattern.sub(r"\g<before>***", text)
    shown = text.encode("unicode_escape").decode("ascii") if not text.isprintable() else text
    return shown if len(shown) <= width else shown[: width - 1] + "…"
