"""What the command line prints passes here: references stand where secrets would."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from mopsnb.secrets import redact


class RedactingStream:
    """A text stream that replaces secrets in what is written to it.

    Parameters
    ----------
    inner
        Where the text goes.
    """

    def __init__(self, inner: TextIO) -> None:
        self.inner = inner

    def write(self, text: str) -> int:
        """Write a text without secrets. The answer counts the text's own characters."""
        self.inner.write(redact(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write several texts."""
        self.write("".join(lines))

    def __getattr__(self, name: str) -> Any:
        if name == "buffer":  # bytes would pass by
            raise AttributeError(name)
        return getattr(self.inner, name)


@contextmanager
def redact_streams() -> Iterator[None]:
    """Replace secrets in everything that is printed meanwhile, on standard output and standard error."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (stream and cast(TextIO, RedactingStream(stream)) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
