"""A kernel that is another process's child, as the process that asked for it sees it."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import time
from contextlib import suppress

from mopsnb.run.forking import ForkServer

LOST = 255  # the exit code of a kernel whose end nobody saw


class ForkedProcess:
    """A kernel that is the server's child, with the face of `subprocess.Popen`.

    Parameters
    ----------
    args
        The command line that it stands for.
    pid
        Its process number.
    report
        Where the server tells its end.
    server
        The server, which lives as long as its kernels.
    """

    stdin = stdout = stderr = None

    def __init__(self, args: list[str], pid: int, report: socket.socket, server: ForkServer) -> None:
        self.args = args
        self.pid = pid
        self.server = server
        self.returncode: int | None = None
        self._report: socket.socket | None = report
        self._handle = _open_process(pid)

    def poll(self) -> int | None:
        """Return the exit code, negative for a signal; None while it runs."""
        return self._listen(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit code.

        Raises
        ------
        subprocess.TimeoutExpired
            It still runs.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            left = 1.0 if deadline is None else min(1.0, deadline - time.monotonic())
            code = self._listen(max(0.0, left))
            if code is not None:
                return code
            if deadline is not None and time.monotonic() >= deadline:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def _listen(self, seconds: float) -> int | None:
        if self.returncode is None and self._report is not None and _is_ready(self._report.fileno(), seconds):
            line = self._report.recv(4096)
            self._report.close()
            self._report = None
            if line:
                self._end(int(json.loads(line)["code"]))
        # The server is gone, and with it whoever could tell the exit code.
        elif self.returncode is None and self._report is None and not self._is_running(seconds):
            self._end(LOST)
        return self.returncode

    def _end(self, code: int) -> None:
        self.returncode = code
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _is_running(self, seconds: float) -> bool:
        if self._handle is not None:
            return not _is_ready(self._handle, seconds)
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        time.sleep(min(seconds, 0.05))
        return True

    def __del__(self) -> None:
        if self._report is not None:
            self._report.close()
        if self._handle is not None:
            os.close(self._handle)


def _open_process(pid: int) -> int | None:
    with suppress(OSError, AttributeError):
        return os.pidfd_open(pid)
    return None


def _is_ready(number: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(number, select.POLLIN)
    return bool(poll.poll(seconds * 1000))
