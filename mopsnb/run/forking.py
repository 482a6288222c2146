"""The client of the fork server: starts it and asks it for kernels."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from mopsnb.run.preload import ANYTHING

OWN = "JPY_"  # variables that differ from kernel to kernel
PARENT = "JPY_PARENT_PID"  # ipykernel reads it when it is imported, and ends when this process does
BUILDING = "building"  # a file in the folder to sweep: names the folder in which this process builds a report
SWITCH = "MOPSNB_KERNELS"  # "fresh": every kernel starts the normal way
_SERVE = "import sys; sys.flags.safe_path or sys.path.pop(0); from mopsnb.run.forkserver import main; main()"


def can_fork() -> bool:
    """Return whether kernels are forked here. On macOS a process that has imported much must not fork."""
    return sys.platform == "linux" and os.environ.get(SWITCH) != "fresh"


@dataclass(frozen=True, slots=True)
class Command:
    """A command line that runs a module: ``python -s -m module -f file``.

    Parameters
    ----------
    interpreter
        The interpreter.
    flags
        What stands before ``-m``.
    module
        The module.
    arguments
        What follows.
    """

    interpreter: str
    flags: tuple[str, ...]
    module: str
    arguments: tuple[str, ...] = ()

    @classmethod
    def parse(cls, line: Sequence[str]) -> Self | None:
        """Return the command of a command line; None where it does not run a module with this interpreter."""
        if not line or line[0] != sys.executable or "-m" not in line[1:-1]:
            return None
        at = line.index("-m")
        flags = tuple(line[1:at])
        if "-c" in flags or "-" in flags or any(not flag.startswith("-") for flag in flags):
            return None
        return cls(line[0], flags, line[at + 1], tuple(line[at + 2 :]))

    @property
    def line(self) -> list[str]:
        """The command line."""
        return [self.interpreter, *self.flags, "-m", self.module, *self.arguments]


class ForkServer:
    """A server process and the two lines to it. Make one with `start`.

    Parameters
    ----------
    command
        A command of the kernels that it can give: same interpreter, same flags.
    environment
        The variables that it started with. A kernel with others needs a fresh process.
    process
        The server.
    control, life
        This side of its sockets and of the pipe that tells it and the kernels that this process is there.
    """

    def __init__(
        self,
        command: Command,
        environment: Mapping[str, str],
        process: subprocess.Popen[bytes],
        control: socket.socket,
        life: int,
    ) -> None:
        self.command = command
        self.environment = dict(environment)
        self.process = process
        self.control = control
        self.life = life
        self.kernels = 0
        self.is_stale = False
        self._lock = threading.Lock()
        self._finish = weakref.finalize(self, _end_server, process, control, life)

    @classmethod
    def start(
        cls,
        command: Command,
        environment: Mapping[str, str],
        *,
        modules: Sequence[str] = ANYTHING,
        sweep: Path | None = None,
        log: Path | None = None,
    ) -> Self:
        """Start a server; it imports while the caller goes on.

        Parameters
        ----------
        command
            A command of the kernels to come.
        environment
            Their variables.
        modules
            What the server imports.
        sweep
            A folder that the server removes when this process ends without closing it.
        log
            Where the server says what went wrong; None: nowhere.

        Raises
        ------
        OSError
            The system has no room for another process.
        """
        shared = {name: value for name, value in environment.items() if not name.startswith(OWN)}
        control, far_control = socket.socketpair()
        far_life, life = os.pipe()
        ends = [str(far_control.fileno()), str(far_life), str(sweep or "")]
        try:
            with (log or Path(os.devnull)).open("wb") as words:
                process = subprocess.Popen(  # noqa: S603
                    [command.interpreter, *command.flags, "-c", _SERVE, *ends, *modules],
                    stdin=subprocess.DEVNULL,
                    stdout=words,
                    stderr=words,
                    env=shared | {PARENT: str(os.getpid())},
                    cwd=os.sep,
                    pass_fds=(far_control.fileno(), far_life),
                    start_new_session=True,
                )
        except OSError:
            control.close()
            os.close(life)
            raise
        finally:
            far_control.close()
            os.close(far_life)
        return cls(command, shared, process, control, life)

    @property
    def is_alive(self) -> bool:
        """Whether the server can still be asked."""
        return self._finish.alive and self.process.poll() is None

    def fits(self, command: Command, environment: Mapping[str, str]) -> bool:
        """Return whether a kernel of this server would be the same as a fresh one."""
        own = {name: value for name, value in environment.items() if not name.startswith(OWN)}
        same = (command.interpreter, command.flags) == (self.command.interpreter, self.command.flags)
        return same and own == self.environment

    def ask(self, request: Mapping[str, Any], streams: Sequence[int]) -> socket.socket | None:
        """Ask for a kernel; see `mopsnb.run.birth.Birth` for what a request holds.

        Returns
        -------
        socket.socket or None
            Where the answer and later the kernel's end are told, line by line; None where the server is gone.
        """
        report, far_report = socket.socketpair()
        body = json.dumps(request).encode()
        with self._lock, far_report:
            try:
                head = len(body).to_bytes(4, "big")
                socket.send_fds(self.control, [head], [far_report.fileno(), *streams])
                self.control.sendall(body)
            except OSError:
                report.close()
                return None
        return report

    def close(self) -> None:
        """End the server, and every kernel that is left. It also ends when nothing holds it, and with this process."""
        if not self.kernels:
            self.process.kill()  # it may be importing, and nothing is lost
        self._finish()


def _end_server(process: subprocess.Popen[bytes], control: socket.socket, life: int) -> None:
    control.close()
    os.close(life)
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
