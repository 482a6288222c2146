"""What went wrong with PostgreSQL, in words that hold nothing of a secret address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mopsnb.errors import DataError, MopsnbError, UsageError

if TYPE_CHECKING:
    from sqlalchemy import URL
    from sqlalchemy.exc import SQLAlchemyError

_PLACE = re.compile(r"connection (to server )?(at|on socket|failed).*? failed: |^connection failed: ", re.IGNORECASE)
# What libpq or the server says while connecting, when there is no code yet; and what to do about it.
_REASONS = (
    ("password authentication failed|no password supplied|SASL|SCRAM", "The user name or the password is wrong.",
     "Correct them in the address."),
    ("no pg_hba.conf entry|no encryption", "It lets nobody in from this computer, or not without encryption.",
     "Ask its administrator, or add ?sslmode=require to the address."),
    ("database .* does not exist", "It has no database of that name.", "Correct the address."),
    ("role .* (does not exist|is not permitted)", "It does not know this user.", "Correct the address."),
    ("refused|No such file", "Nothing answers there: the connection was refused.",
     "Check host and port, and that the server runs."),
    ("translate host name|Name or service|nodename|resolve", "There is no such host.", "Correct the host's name."),
    ("timeout|timed out|unreachable|No route", "It does not answer.", "Check host, port and firewall."),
    ("certificate|SSL", "The encrypted connection failed.", "Check sslmode and the certificates."),
    ("too many|remaining connection slots", "It has no connection free.", "Try again later."),
    ("starting up|shutting down|terminating|closed the connection|lost", "It is starting, or went away.",
     "Try again later."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Explainer:
    """Turns errors of SQLAlchemy into errors for people.

    Parameters
    ----------
    reference
        The name of the secret that the address is; empty: it is none.
    url
        The address.
    """

    reference: str
    url: URL

    @property
    def name(self) -> str:
        """What messages call the database."""
        return f"The database {self.reference}" if self.reference else f"The database at {self._place}"

    @property
    def _place(self) -> str:
        port = f":{self.url.port}" if self.url.port else ""
        return f"{self.url.host or 'this computer'}{port}/{self.url.database or ''}"

    def explain(self, error: SQLAlchemyError, *, is_connected: bool = True) -> MopsnbError:
        """Return an error for people.

        Parameters
        ----------
        error
            What went wrong.
        is_connected
            Whether there was a connection before.
        """
        from sqlalchemy.exc import InterfaceError, OperationalError

        original = getattr(error, "orig", None)
        state = getattr(original, "sqlstate", None) or ""
        said = self._clean(str(original or type(error).__name__)).rstrip(".")
        is_away = not is_connected or (not state and isinstance(error, OperationalError | InterfaceError))
        if is_away or state.startswith(("08", "28", "3D", "53", "57P")):
            reasons = (f"{why} {fix}" for words, why, fix in _REASONS if re.search(words, said, re.IGNORECASE))
            return DataError(f"{self.name} cannot be reached. {next(reasons, f'It says: {said}.')}")
        if state == "42501":
            return DataError(f"{self.name} refuses to read: {said}. Its owner can GRANT SELECT to the role.")
        if state.startswith("57"):
            return DataError(f"{self.name} stopped the query: {said}.")
        if state == "25006":
            return UsageError(f"A workspace is read-only: {said}.")
        return UsageError(f"The database does not accept the query: {said}.")

    def _clean(self, said: str) -> str:
        line = _PLACE.sub("", said.strip()).split("\n", maxsplit=1)[0].strip()
        if not self.reference:
            return line.replace(self.url.password, "…") if self.url.password else line
        parts = (self.url.password, self.url.username, self.url.host, self.url.database)
        for part in sorted(filter(None, map(str, filter(None, parts))), key=len, reverse=True):
            line = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", "…", line)
        return line
