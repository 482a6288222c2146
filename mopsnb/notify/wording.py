"""Texts from data, made fit for a message: one line each, no address of a person, no secret."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

NO_ADDRESS = "[e-mail address]"
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,63}")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^a-z])")
# Controls and line ends would begin a new header; marks of direction let a name read backwards.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def clean(text: Any) -> str:
    r"""Return a text as one line that shows what it is, without e-mail addresses and secrets.

    Examples
    --------
    >>> clean("Ada\r\nBcc: eve@example.com")
    'Ada Bcc: [e-mail address]'
    """
    shown = "".join(" " if unicodedata.category(c) in _UNSEEN else c for c in ("" if text is None else str(text)))
    return conceal(" ".join(shown.split()))


def conceal(text: str) -> str:
    """Return a text with references in the place of secrets, and without e-mail addresses."""
    from mopsnb.secrets import redact

    shown = redact(text)
    return _ADDRESS.sub(NO_ADDRESS, shown) if "@" in shown else shown


def calm(text: str) -> str:
    """Return a text in which a name from data calls nobody in a chat and hides no link behind a word."""
    return text.replace("@", "@\u200b").replace("<", "‹").replace(">", "›").replace("](", "] (")


def holds_address(text: str) -> bool:
    """Tell whether an e-mail address stands in a text."""
    return "@" in text and _ADDRESS.search(text) is not None


def map_texts(value: Any, change: Callable[[str], str]) -> Any:
    """Return plain values for JSON with every text in them changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {change(str(key)): map_texts(item, change) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [map_texts(item, change) for item in value]
    return value


def shorten(text: str, longest: int) -> str:
    """Return the first sentences that fit, or the first words where not even one sentence does.

    Examples
    --------
    >>> shorten("Spend is high. It has been so since May.", 20)
    'Spend is high.'
    >>> shorten("Spend has been high since May", 21)
    'Spend has been high…'
    """
    if len(text) <= longest:
        return text
    kept = ""
    for sentence in _SENTENCE.split(text):
        if len(kept) + len(sentence) + 1 > longest:
            break
        kept = f"{kept} {sentence}".strip()
    if kept:
        return kept
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def count(number: int, noun: str) -> str:
    """Return ``1 finding``, ``2 findings``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
