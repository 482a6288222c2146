"""Words of a command, quoted for the file that they stand in."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

from mopsnb.errors import UsageError

# What ends a line for one reader or the other, and bytes that are no UTF-8 (Python reads them as lone surrogates).
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def quote_shell(words: Sequence[str]) -> str:
    """Return a command for a shell.

    Examples
    --------
    >>> print(quote_shell(["mopsnb", "due", "/data/our team"]))
    mopsnb due '/data/our team'
    """
    return " ".join(shlex.quote(check_word(word)) for word in words)


def quote_crontab(words: Sequence[str]) -> str:
    r"""Return a command for a line of a crontab, where ``%`` ends the command and ``\%`` is the sign itself.

    Raises
    ------
    UsageError
        A word holds a backslash: the crons in use do not agree on what it means.

    Examples
    --------
    >>> print(quote_crontab(["mopsnb", "due", "/data/50% off"]))
    mopsnb due '/data/50\% off'
    """
    for word in words:
        if "\\" in word:
            raise UsageError(f"A crontab cannot hold the backslash in '{word}'. Rename the folder, or use systemd.")
    return quote_shell(words).replace("%", "\\%")


def quote_unit(words: Sequence[str]) -> str:
    """Return a command for ``ExecStart`` of a systemd unit, where ``%`` and ``$`` stand for other things.

    Examples
    --------
    >>> print(quote_unit(["/usr/bin/mopsnb", "due", "/data/50% off"]))
    /usr/bin/mopsnb due "/data/50%% off"
    """
    quoted = []
    for position, word in enumerate(words):
        text = check_word(word).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
        text = text if position == 0 else text.replace("$", "$$")  # the program's path knows no variables
        quoted.append(text if re.fullmatch(r"[\w@%+=:,./-]+", text) else f'"{text}"')
    return " ".join(quoted)


def quote_text(text: str) -> str:
    """Return a text for a setting of a systemd unit that is no command."""
    # A backslash at the end of a line would take in the next one.
    return check_word(text).replace("%", "%%").replace("\\", "/")


def slugify(name: str) -> str:
    """Return a name that files and units may have.

    Examples
    --------
    >>> slugify("Our Team (EU)"), slugify("团队")
    ('our-team-eu', 'workspace')
    """
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "workspace"


def check_word(word: str) -> str:
    """Return a word of a command that every scheduler's file can hold.

    Raises
    ------
    UsageError
        It holds a line break or control character, or bytes that are no UTF-8.
    """
    if _UNFIT.search(word):
        reason = "a line break, a control character or bytes that are no UTF-8"
        raise UsageError(f"The name {word!a} holds {reason}. Rename the folder.")
    return word
