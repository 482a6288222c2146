"""What a forked kernel becomes: everything that a fresh process would have got from the process that started it."""

from __future__ import annotations

import atexit
import gc
import json
import os
import re
import resource
import runpy
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LIMITS = sorted(name for name in dir(resource) if name.startswith("RLIMIT_"))


@dataclass(frozen=True, slots=True)
class Birth:
    """A kernel's command and surroundings.

    Parameters
    ----------
    command
        The command line that would have started a fresh process.
    module
        The module that runs as ``__main__``.
    arguments
        The module's arguments.
    environment
        All environment variables.
    folder
        The working folder.
    nature
        What a process inherits besides, see `describe_nature`.
    report
        Where the process number, or what went wrong, is told.
    life
        A pipe that ends when the process that asked for the kernel does.
    streams
        Standard input, output and error.
    """

    command: list[str]
    module: str
    arguments: list[str]
    environment: dict[str, str]
    folder: str
    nature: dict[str, Any]
    report: socket.socket
    life: int
    streams: tuple[int, ...]

    def begin(self) -> None:
        """Become the kernel. Where that fails, tell why and end; nothing of the notebook has run then."""
        try:
            self._take_surroundings()
            adopt_nature(self.nature)
        except (OSError, ValueError) as error:
            with suppress(OSError):
                self.report.sendall(json.dumps({"error": str(error)}).encode() + b"\n")
            os._exit(127)
        self._take_state()
        try:
            self.report.sendall(json.dumps({"pid": os.getpid()}).encode() + b"\n")
            is_wanted = bool(self.report.recv(1))
        except OSError:
            is_wanted = False
        if not is_wanted:  # the client waited no longer
            os._exit(127)
        self.report.close()
        self._watch_client()
        runpy.run_module(self.module, run_name="__main__", alter_sys=True)

    def _take_surroundings(self) -> None:
        os.setsid()
        for number, stream in enumerate(self.streams):
            os.dup2(stream, number)
            os.close(stream)
        os.chdir(self.folder)
        if dict(os.environ) != self.environment:
            os.environ.clear()
            os.environ.update(self.environment)

    def _take_state(self) -> None:
        atexit.register(gc.unfreeze)  # what is frozen is never taken apart, and libraries complain about it at the end
        sys.argv = [self.module, *self.arguments]
        sys.orig_argv = list(self.command)
        if not sys.flags.safe_path:
            sys.path.insert(0, self.folder)
        for stream in (sys.stdin, sys.stdout, sys.stderr):
            if stream is not None and not stream.write_through:  # type: ignore[union-attr]  # -u: no buffer at all
                stream.reconfigure(line_buffering=stream is sys.stderr or stream.isatty())  # type: ignore[union-attr]
        if "numpy.random" in sys.modules:  # Python's own generator starts anew by itself
            sys.modules["numpy.random"].seed()

    def _watch_client(self) -> None:
        # ipykernel ends when its parent does. This kernel's parent is the server, whose end means nothing to it.
        def run(_: Any) -> None:
            with suppress(OSError):
                os.read(self.life, 1)
            os._exit(1)

        poller = sys.modules.get("ipykernel.parentpoller")
        if poller is not None and hasattr(poller, "ParentPollerUnix"):
            poller.ParentPollerUnix.run = run


def describe_nature() -> dict[str, Any]:
    """Return what a process inherits besides environment, folder and streams: limits, mask, priority, processors."""
    nature: dict[str, Any] = {name: resource.getrlimit(getattr(resource, name)) for name in _LIMITS}
    with suppress(OSError, AttributeError):
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        if found := re.search(r"^Umask:\s*(\d+)$", status, re.MULTILINE):
            nature["umask"] = int(found[1], 8)
    nature["priority"] = os.getpriority(os.PRIO_PROCESS, 0)
    if hasattr(os, "sched_getaffinity"):
        nature["processors"] = sorted(os.sched_getaffinity(0))
    return json.loads(json.dumps(nature))  # type: ignore[no-any-return]  # as it arrives


def adopt_nature(nature: dict[str, Any]) -> None:
    """Take over what `describe_nature` returned elsewhere.

    Raises
    ------
    OSError, ValueError
        The system does not allow it.
    """
    own = describe_nature()
    for name in _LIMITS:
        if name in nature and nature[name] != own[name]:
            resource.setrlimit(getattr(resource, name), tuple(nature[name]))
    if nature.get("umask") != own.get("umask"):
        os.umask(nature["umask"])
    if nature["priority"] != own["priority"]:
        os.setpriority(os.PRIO_PROCESS, 0, nature["priority"])
    if nature.get("processors") != own.get("processors"):
        os.sched_setaffinity(0, nature["processors"])
