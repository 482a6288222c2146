"""Secrets by name: ``secret://warehouse`` stands for a value that only the run knows.

A strategy file, a schedule or a parameter holds the reference. `resolve` gives what it stands for, inside the run,
as a `Secret` that shows nothing but its reference. `redact` puts references in the place of values in any text.

Where values are looked for is told in ``docs/secrets.md``.
"""

from mopsnb.secrets.known import redact
from mopsnb.secrets.resolving import resolve
from mopsnb.secrets.secret import Secret, is_reference

__all__ = ["Secret", "is_reference", "redact", "resolve"]
