"""A secret as code holds it: a reference to read and to write, and a value that has to be asked for."""

from __future__ import annotations

import re
from typing import Any, Self

from mopsnb.errors import SecretError

SCHEME = "secret://"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
NAME_RULE = "letters, digits, '_', '-' and '.', such as secret://warehouse"


class Secret(str):
    """A reference to a secret whose value is asked for with `reveal`.

    It is the text ``secret://name`` and nothing more, so it can be printed, formatted, pickled, put into a frame or
    written as JSON without harm.

    Parameters
    ----------
    text
        ``secret://name``, or the name alone.

    Raises
    ------
    SecretError
        The text is no name of a secret. The message does not repeat it: it may be a value.

    Examples
    --------
    >>> f"{Secret('warehouse')}"
    'secret://warehouse'
    """

    __slots__ = ()  # the value lives in mopsnb.secrets.known: nothing that walks through objects meets it here

    def __new__(cls, text: str) -> Self:
        """Make the reference."""
        return super().__new__(cls, SCHEME + read_name(text))

    @property
    def name(self) -> str:
        """The name without ``secret://``."""
        return str(self).removeprefix(SCHEME)

    def reveal(self) -> str:
        """Return the value. Hand it to what needs it, and keep it in no variable of a notebook.

        Raises
        ------
        SecretError
            No place holds the secret.
        """
        from mopsnb.secrets.resolving import find_value

        return find_value(self.name)

    def __repr__(self) -> str:
        return f"Secret('{self}')"

    def __reduce__(self) -> tuple[Any, ...]:
        return Secret, (str(self),)


def is_reference(text: object) -> bool:
    """Return whether a value is a text of the form ``secret://name``.

    Examples
    --------
    >>> is_reference("secret://warehouse"), is_reference("postgresql://host/db")
    (True, False)
    """
    return isinstance(text, str) and text.startswith(SCHEME) and bool(NAME.fullmatch(text.removeprefix(SCHEME)))


def read_name(text: str) -> str:
    """Return the name in a reference.

    Raises
    ------
    SecretError
        It is no name of a secret.
    """
    name = text.removeprefix(SCHEME)
    if not NAME.fullmatch(name):
        raise SecretError(f"This is not the name of a secret. Write {SCHEME} and a name of {NAME_RULE}.")
    return name
