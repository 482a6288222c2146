"""The end of a process that has imported much.

Python takes every module apart before it ends. With the libraries of a report that takes most of a second, and the
operating system takes the memory back either way.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from typing import NoReturn

UNWRITTEN = 120  # Python's own exit code where what was printed cannot be written


def leave(code: int = 0) -> NoReturn:
    """End the process in good order, without taking every imported module apart first.

    Threads that are left are waited for, what was registered with `atexit` runs, and what was printed is written.

    Parameters
    ----------
    code
        The exit code.
    """
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.__stdout__, sys.__stderr__):  # a kernel has others in their place, which are closed by now
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            code = code or UNWRITTEN
    os._exit(code)
