"""The secrets that this process knows, and texts without them."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING

from mopsnb.secrets.secret import SCHEME
from mopsnb.secrets.sources import list_variables

if TYPE_CHECKING:
    from mopsnb.secrets.patterns import Redactor

_LOCK = threading.Lock()
_values: dict[str, str] = {}  # by name


def remember(name: str, value: str) -> None:
    """Note a value, so that it appears in no text from here on."""
    with _LOCK:
        _values[name] = value


def recall(name: str) -> str | None:
    """Return a value that was remembered, or None."""
    return _values.get(name)


def forget() -> None:
    """Forget every value, as a process that starts anew."""
    with _LOCK:
        _values.clear()


def list_known() -> dict[str, str]:
    """Return the references by value: of what was resolved, and of the variables ``MOPSNB_SECRET_*``."""
    with _LOCK:
        resolved = dict(_values)
    named = list_variables() | resolved
    return {value: SCHEME + name for name, value in named.items()}


def find_redactor() -> Redactor:
    """Return what replaces the secrets known now. Ask once for many texts."""
    return _build(tuple(sorted(list_known().items())))


def redact(text: str) -> str:
    """Return a text in which references stand for the values of secrets.

    Values of every secret that this process resolved, and of every variable ``MOPSNB_SECRET_*``, are replaced, also
    where they are percent-encoded, in base64, or escaped for JSON, HTML or Python. Values of three characters and
    less stay: they stand in too many words.
    """
    return find_redactor()(text) if list_known() else text


@lru_cache(maxsize=4)
def _build(known: tuple[tuple[str, str], ...]) -> Redactor:
    from mopsnb.secrets.patterns import Redactor  # late: most commands know no secret

    return Redactor(dict(known))
