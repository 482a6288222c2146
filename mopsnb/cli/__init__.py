"""The command line: parse, call, print, exit code.

Importing this package is cheap; each command imports what it needs.
"""

from __future__ import annotations

import os
import sys
import traceback

from mopsnb.errors import MopsnbError

DEBUG = "MOPSNB_DEBUG"


def main() -> None:
    """Run the command line and end the process with an exit code.

    An error that a person can put right is printed as its text alone, on standard error.
    Anything else is a fault of mopsnb and says so; with ``MOPSNB_DEBUG=1`` its traceback follows.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a title must not end a run on a terminal without its letters
    from mopsnb.cli.streams import redact_streams

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
    sys.stderr.write(f"{text}\n")
    return code
