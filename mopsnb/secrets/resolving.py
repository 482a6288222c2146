"""From a reference to its value: from the run that this process belongs to, else from the places themselves."""

from __future__ import annotations

import os

from mopsnb.secrets.known import recall, remember
from mopsnb.secrets.secret import Secret
from mopsnb.secrets.sources import look_up

BROKER = "MOPSNB_SECRETS"  # a kernel of a run: how it asks the run, see mopsnb.secrets.broker


def resolve(text: str) -> Secret:
    """Find the value of a secret and return the secret.

    From here on `redact`, and everything that a run writes, shows the reference where the value would stand.

    Parameters
    ----------
    text
        ``secret://name``, or the name alone.

    Returns
    -------
    Secret
        `Secret.reveal` gives the value.

    Raises
    ------
    SecretError
        No place holds it, or the text is no name of a secret. The message names the places looked in, and no value.
    """
    secret = Secret(text)
    find_value(secret.name)
    return secret


def find_value(name: str) -> str:
    """Return the value of a secret, and remember it.

    Raises
    ------
    SecretError
        No place holds it.
    """
    value = recall(name)
    if value is None:
        if os.environ.get(BROKER):
            from mopsnb.secrets.broker import ask

            value = ask(os.environ[BROKER], name)
        else:
            value = look_up(name)
        remember(name, value)
    return value
