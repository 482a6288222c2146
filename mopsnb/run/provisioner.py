"""Kernels that start warm: a provisioner for jupyter_client that forks them from a server with the imports done.

It is registered as ``mopsnb-warm``; ``JUPYTER_DEFAULT_PROVISIONER_NAME=mopsnb-warm`` selects it in JupyterLab and in
programs that run several notebooks. `mopsnb run` uses it by itself. Where a kernel cannot be forked, it starts the
normal way.
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from mopsnb.run.forked import ForkedProcess
from mopsnb.run.forking import PARENT, Command, ForkServer, can_fork

PATIENCE = 60  # seconds for the server to import everything and fork
_KNOWN = {"env", "cwd", "stdin", "stdout", "stderr"}  # what a kernel can be asked for here
_LOCK = threading.Lock()
_own: ForkServer | None = None


class WarmProvisioner(LocalProvisioner):
    """Forks a kernel where the result is the same as a fresh process, and starts a fresh one elsewhere."""

    server: ForkServer | None = None  # of a run; None: one for all kernels of this process

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel.

        Parameters
        ----------
        cmd
            The command line of a fresh process.
        **kwargs
            As `jupyter_client.launcher.launch_kernel` takes them.
        """
        wanted = LocalProvisioner._scrub_kwargs(kwargs)
        command = Command.parse([os.path.expanduser(part) for part in cmd])  # noqa: PTH111 - as jupyter_client does
        process = None
        if command is not None and can_fork() and wanted.keys() <= _KNOWN:
            process = await self._fork(command, wanted)
        if process is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = cast(Any, process)
        self.pid = self.pgid = process.pid
        self.cwd = wanted.get("cwd") or Path.cwd()
        return self.connection_info

    async def _fork(self, command: Command, wanted: Mapping[str, Any]) -> ForkedProcess | None:
        from mopsnb.run.birth import describe_nature

        environment = dict(wanted.get("env") or os.environ) | {PARENT: str(os.getpid())}
        request = {
            "command": command.line,
            "module": command.module,
            "arguments": command.arguments,
            "environment": environment,
            "folder": str(Path(wanted.get("cwd") or Path.cwd()).absolute()),
            "nature": describe_nature(),
        }
        process = None
        for _ in range(2):  # once more where a module changed since the server read it
            server = self.server or find_server(command, environment)
            if server is not None and server.fits(command, environment):
                process = await _ask(server, request, wanted)
            if process is not None or server is None or not server.is_stale:
                break
        return process


async def _ask(server: ForkServer, request: Mapping[str, Any], wanted: Mapping[str, Any]) -> ForkedProcess | None:
    """Ask a server for a kernel; None where it gives none."""
    with ExitStack() as stack:
        try:
            streams = _open_streams(wanted, stack)
        except (OSError, ValueError, AttributeError):
            return None
        report = server.ask(request, streams)
    with ExitStack() as stack:
        if report is not None:
            stack.callback(report.close)
            with suppress(OSError, TimeoutError):
                answer = await _read_answer(report)
                server.is_stale = bool(answer.get("stale"))
                if "pid" in answer:
                    report.sendall(b"\n")  # the kernel waits for it: one that nobody knows of must not run
                    stack.pop_all()
                    server.kernels += 1
                    return ForkedProcess(request["command"], answer["pid"], report, server)
    return None


def find_server(command: Command, environment: Mapping[str, str]) -> ForkServer | None:
    """Return this process's own server, and start it at the first call.

    Parameters
    ----------
    command
        A command of the kernels to come.
    environment
        Their variables.

    Returns
    -------
    ForkServer or None
        None where it ended before it gave a kernel: another one would too.
    """
    global _own  # noqa: PLW0603 - one server a process
    with _LOCK:
        if _own is not None and (_own.is_stale or (not _own.is_alive and _own.kernels)):
            _own = None
        if _own is None:
            try:
                _own = ForkServer.start(command, environment)
            except OSError:
                return None
        return _own if _own.is_alive else None


async def _read_answer(report: Any) -> dict[str, Any]:
    """Return the first line alone: what a kernel's end reports may already stand behind it."""
    report.setblocking(False)
    line = await asyncio.wait_for(_read_line(report), PATIENCE)
    report.setblocking(True)
    answer: dict[str, Any] = json.loads(line) if line else {}
    return answer


async def _read_line(report: Any) -> bytes:
    line = b""
    while not line.endswith(b"\n") and (part := await asyncio.get_running_loop().sock_recv(report, 1)):
        line += part
    return line


def _open_streams(wanted: Mapping[str, Any], stack: ExitStack) -> list[int]:
    """Return standard input, output and error; the input is at its end, as jupyter_client gives it."""
    numbers = []
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream = wanted.get(name)
        if stream is None and number == 0:
            read, write = os.pipe()
            os.close(write)
            stack.callback(os.close, read)
            stream = read
        elif stream is None:
            stream = number
        elif not isinstance(stream, int):
            stream = stream.fileno()
        if stream < 0:  # subprocess.PIPE and its like
            raise ValueError(stream)
        numbers.append(stream)
    return numbers
