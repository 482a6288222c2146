"""The kernel's own process: ``python -m mopsnb.run.kernel -f CONNECTION_FILE``."""

from __future__ import annotations

import atexit
import gc
import os
import sys

import mopsnb.run.lean  # noqa: F401 - it makes the next import fast
from mopsnb.run.leaving import leave
from mopsnb.run.memory import limit_own

# isort: split
from ipykernel.kernelapp import IPKernelApp

SETTINGS = (
    "--InteractiveShell.colors=nocolor",
    "--HistoryManager.enabled=False",
    "--IPKernelApp.log_level=ERROR",
)
GARBAGE = 10_000  # objects made until the collector looks: a kernel lives shortly, and its imports make many that stay


class StepKernelApp(IPKernelApp):
    """An IPython kernel that keeps no history, colors no text and ends without delay."""

    name = "mopsnb-kernel"

    def start(self) -> None:
        """Answer requests until the runner asks for the end."""
        atexit.register(self.end_threads)  # registered last, so it runs before ipykernel's own endings
        super().start()  # type: ignore[no-untyped-call]

    def end_threads(self) -> None:
        """End the threads that answer requests."""
        # ipykernel ends the thread that sends output first. A thread that is still answering the request
        # to shut down then waits for it, and the whole process with it, for up to ten seconds.
        for thread in (self.control_thread, self.shell_channel_thread):
            if thread is not None and thread.is_alive():
                thread.stop()
                thread.join(timeout=5)


def main() -> None:
    """Run a kernel with the connection file that the command line names."""
    limit_own(os.environ)
    gc.set_threshold(GARBAGE)
    StepKernelApp.launch_instance(argv=[*sys.argv[1:], *SETTINGS])
    leave()


if __name__ == "__main__":
    main()
