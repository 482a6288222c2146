"""What the command line prints passes here: references stand where secrets would."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

from mopsnb.errors import OutputError
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
        if text == "":
            return 0  # who asks like this wants to know whether texts can be written, and swallows the answer
        with _refuse_unwritten(self.inner):
            self.inner.write(redact(text))
        return len(text)

    def flush(self) -> None:
        """Hand on what was written."""
        with _refuse_unwritten(self.inner):
            self.inner.flush()

    def writelines(self, lines: Any) -> None:
        """Write several texts."""
        self.write("".join(lines))

    def __getattr__(self, name: str) -> Any:
        if name == "buffer":  # bytes would pass by
            raise AttributeError(name)
        return getattr(self.inner, name)


def open_closed() -> None:
    """Let what was closed by the caller lead to nowhere: a file that a run opens must not get its number."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free, which is this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", errors="replace", closefd=False))  # noqa: SIM115


@contextmanager
def _refuse_unwritten(stream: TextIO) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise  # who reads has had enough, which is no failure
    except OSError as error:
        with suppress(OSError):  # the rest of it goes nowhere, also at the end of the process
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        text = f"What the command prints cannot be written: {error.strerror}. A report that was"
        raise OutputError(f"{text} made by then stands. Send the output elsewhere.") from error


@contextmanager
def redact_streams() -> Iterator[None]:
    """Replace secrets in everything that is printed meanwhile, on standard output and standard error."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (stream and cast(TextIO, RedactingStream(stream)) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
