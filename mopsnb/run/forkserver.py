"""The process that kernels are forked from: it imports what notebooks import, and does nothing else.

It has no thread of its own, opens no database and draws nothing, because a kernel forked from a process that
has done so can hang. Its client is `mopsnb.run.forking`, over a pair of sockets that no other process can reach::

    client                                server                              kernel
    request, report, stdin, out, err ──▶  fork ─────────────────────────────▶ {"pid": 4711} ──▶ report
                                          ends of kernels: {"code": 0} ─────────────────────▶ report
    end of the client ─────────────────▶  kills kernels, sweeps, ends

Only the standard library is imported here, before the modules that the client names.
"""

from __future__ import annotations

import builtins
import gc
import json
import os
import select
import shutil
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from io import FileIO, TextIOWrapper
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from mopsnb.run.birth import Birth
from mopsnb.run.forking import BUILDING

HEAD = 4  # bytes that hold the length of a request
BYSTANDERS = {"jemalloc_bg_thd"}  # threads of an allocator, which knows how to fork


@dataclass(slots=True)
class Server:
    """The state of the process.

    Parameters
    ----------
    control
        Where requests come from.
    life
        A pipe that ends when the client does; kernels watch it.
    sweep
        A folder to remove when the client ended without a word; empty: none.
    kernels
        Process number to the socket that hears of its end.
    marks
        The files of the imported modules, with time and size.
    """

    control: socket.socket
    life: int
    sweep: str = ""
    kernels: dict[int, socket.socket] = field(default_factory=dict)
    marks: dict[str, tuple[int, int]] = field(default_factory=dict)

    def prepare(self, modules: Sequence[str]) -> None:
        """Import modules. One that fails is left to the notebook that wants it.

        Raises
        ------
        RuntimeError
            A module started threads, so that this process cannot be forked.
        """
        gc.disable()  # nothing that an import leaves is garbage
        with pose_as_kernel():
            for name in modules:
                try:
                    import_module(name)
                except Exception as error:
                    sys.stderr.write(f"{name} cannot be imported: {error!r}\n")
        self.marks = mark_files()
        gc.freeze()  # a collection in a kernel would copy the memory that kernels share
        gc.enable()
        # A fork makes libraries for linear algebra end their threads; what still runs then would be lost in a kernel.
        if (pid := os.fork()) == 0:
            os._exit(0)
        os.waitpid(pid, 0)
        if threads := list_threads():
            raise RuntimeError(f"an import started threads: {', '.join(threads)}")

    def serve(self) -> Birth | None:
        """Answer requests until the client ends: None. In a forked kernel: what it is to be."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        read, write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        poll = select.poll()
        for source in (self.control, read):
            poll.register(source, select.POLLIN)
        while True:
            ready = {number for number, _ in poll.poll()}
            if read in ready:
                with suppress(BlockingIOError):
                    os.read(read, 4096)
                self._reap()
            if self.control.fileno() in ready:
                request = self._receive()
                birth = self._fork(*request) if request else None
                if request is None or birth is not None:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    os.close(read)
                    os.close(write)
                    return birth

    def end(self) -> None:
        """End the kernels that are left, remove the client's folder, and file its run where it was killed."""
        for pid in self.kernels:
            with suppress(OSError):
                os.killpg(pid, signal.SIGKILL)
        building = ""
        if self.sweep:
            with suppress(OSError):
                building = Path(self.sweep, BUILDING).read_text(encoding="utf-8")
            shutil.rmtree(self.sweep, ignore_errors=True)
        if building and Path(building).is_dir():
            from mopsnb.run.aftermath import file_after
            from mopsnb.run.runs_index import write_index_of_runs

            if filed := file_after(Path(building)):
                write_index_of_runs(filed[0].parent)

    def _receive(self) -> tuple[dict[str, Any], list[int]] | None:
        text, fds, _, _ = socket.recv_fds(self.control, HEAD, 4)
        length = HEAD
        while len(text) < length or length == HEAD:
            if len(text) == HEAD:
                length = HEAD + int.from_bytes(text, "big")
            part = self.control.recv(length - len(text)) if text else b""
            if not part:
                return None
            text += part
        return json.loads(text[HEAD:]), fds

    def _fork(self, request: dict[str, Any], fds: list[int]) -> Birth | None:
        report, streams = socket.socket(fileno=fds[0]), tuple(fds[1:])
        pid = None
        if mark_files() == self.marks:
            with suppress(OSError), warnings.catch_warnings():  # no memory or no process left: a fresh start says so
                warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside an allocator's thread
                pid = os.fork()
        else:
            with suppress(OSError):
                report.sendall(b'{"stale": true}\n')
        if pid == 0:
            self.control.close()
            for other in self.kernels.values():
                other.close()
            return Birth(**request, report=report, life=self.life, streams=streams)
        for stream in streams:
            os.close(stream)
        if pid is None:
            report.close()
        else:
            self.kernels[pid] = report
        return None

    def _reap(self) -> None:
        for pid in list(self.kernels):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                report = self.kernels.pop(pid)
                with suppress(OSError):  # a client that asked no more
                    report.sendall(json.dumps({"code": os.waitstatus_to_exitcode(status)}).encode() + b"\n")
                report.close()


@contextmanager
def pose_as_kernel() -> Iterator[None]:
    """Look like a kernel: pandas asks while it is imported whether it is in one, and sets its display by the answer."""
    streams = sys.stdout, sys.stderr
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    sys.stdout, sys.stderr = (
        TextIOWrapper(FileIO(number, "w", closefd=False), "UTF-8", line_buffering=True) for number in (1, 2)
    )
    try:
        yield
    finally:
        sys.stdout, sys.stderr = streams
        del builtins.get_ipython  # type: ignore[attr-defined]


def list_threads() -> list[str]:
    """Return the names of the threads beside the main one that a kernel would miss."""
    tasks = Path("/proc/self/task")
    if not tasks.is_dir():
        return [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    names = []
    for task in tasks.iterdir():
        with suppress(OSError):  # a thread that ends meanwhile
            names.append((task.name, (task / "comm").read_text().strip()))
    return [name for number, name in names if number != str(os.getpid()) and name not in BYSTANDERS]


def mark_files() -> dict[str, tuple[int, int]]:
    """Return the files of the imported modules with their times and sizes, to see whether a module changed."""
    marks = {}
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if path:
            with suppress(OSError):
                status = os.stat(path)  # noqa: PTH116 - there are thousands, and Path is slow
                marks[path] = (status.st_mtime_ns, status.st_size)
    return marks


def main() -> None:
    """Serve the client that the command line names: control, life, sweep, then modules."""
    control, life, sweep, *modules = sys.argv[1:]
    server = Server(socket.socket(fileno=int(control)), int(life), sweep)
    server.prepare(modules)
    birth = server.serve()
    if birth is not None:
        birth.begin()
        return
    server.end()
    os._exit(0)  # nothing is left to put away
