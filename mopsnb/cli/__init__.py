"""The command line: parse, call, print, exit code.

Importing this package is cheap; each command imports what it needs.
"""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress
from typing import NoReturn

from mopsnb.errors import MopsnbError

DEBUG = "MOPSNB_DEBUG"


def start() -> NoReturn:
    """Run the command line as a process of its own, which ends with it."""
    try:
        main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    from mopsnb.run.leaving import leave

    leave(code)


def main() -> None:
    """Run the command line, and raise `SystemExit` with its exit code.

    An error that a person can put right is printed as its text alone, on standard error.
    Anything else is a fault of mopsnb and says so; with ``MOPSNB_DEBUG=1`` its traceback follows.
    """
    from mopsnb.cli.streams import open_closed, redact_streams

    open_closed()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a title must not end a run on a terminal without its letters
    with redact_streams():
        _run()


def _run() -> None:
    try:
        from mopsnb.cli.app import app

        if "--if-changed" in sys.argv:
            from mopsnb.cli.shortcut import answer

            if (code := answer(app, sys.argv[1:])) is not None:
                sys.exit(code)
        app(prog_name="mopsnb")
    except MopsnbError as error:
        sys.exit(_report(f"mopsnb: {error}", error.exit_code))
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if os.environ.get(DEBUG):
            traceback.print_exc()
        kind = type(error).__name__
        text = f"mopsnb: this is a bug in mopsnb, not in your data: {kind}: {error}"
        sys.exit(_report(f"{text}\nSet {DEBUG}=1 to see where it happened, and report it.", 70))


def _report(text: str, code: int) -> int:
    with suppress(MopsnbError, OSError):  # the code is left to say it
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    return code
