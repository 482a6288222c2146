"""Kernels that the tests of warm starts compare, and what a kernel says of itself."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from mopsnb.run.forked import ForkedProcess
from mopsnb.run.forking import Command, ForkServer
from mopsnb.run.provisioner import WarmProvisioner

COMMAND = Command(sys.executable, (), "ipykernel_launcher", ("-f", "file"))


def make_environment(**more: str) -> dict[str, str]:
    """Return the tests' environment without what pytest changes from test to test."""
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"} | more


# What a kernel got from the process that started it, before it imported anything.
SURROUNDINGS = r"""
import gc, json, os, re, resource, signal, sys, tempfile, threading
from pathlib import Path
status = Path("/proc/self/status").read_text()
files = [Path("/proc/self/fd", number) for number in os.listdir("/proc/self/fd")]
kinds = [re.sub(r"[:\[].*", "", os.readlink(file)) for file in files if file.exists()]
limits = [name for name in dir(resource) if name.startswith("RLIMIT_")]
outputs = (sys.__stdout__, sys.__stderr__)
print(json.dumps({
    "argv": sys.argv,
    "command": sys.orig_argv,
    "path": sys.path,
    "flags": repr(sys.flags),
    "X options": sys._xoptions,
    "folder": os.getcwd(),
    "temporary folder": tempfile.gettempdir(),
    "environment": dict(os.environ),
    "process group and session": [os.getpgid(0) == os.getpid(), os.getsid(0) == os.getpid()],
    "input": [sys.__stdin__.read(), sys.__stdin__.encoding, sys.__stdin__.errors, sys.__stdin__.isatty()],
    "outputs": [[s.line_buffering, s.write_through, s.encoding, s.errors, s.isatty()] for s in outputs],
    "limits": {name: resource.getrlimit(getattr(resource, name)) for name in limits},
    "mask and signals": re.findall(r"^(?:Umask|Sig[A-Z]\w+|Cpus_allowed|NoNewPrivs|Cap\w+):.*$", status, re.MULTILINE),
    "priority": os.getpriority(os.PRIO_PROCESS, 0),
    "handlers": {str(number): repr(signal.getsignal(number)) for number in signal.valid_signals()},
    "main": [sys.modules["__main__"].__name__, __name__, hasattr(sys.modules["__main__"], "__file__")],
    "threads": sorted(type(thread).__name__ for thread in threading.enumerate()),
    "collector": [gc.isenabled(), gc.get_threshold()],
    "interpreter": [sys.getrecursionlimit(), sys.getswitchinterval(), sys.executable, sys.prefix],
    "open files": {kind: kinds.count(kind) for kind in sorted(set(kinds)) if not kind.startswith("/")},
}))
"""
# What the libraries hold, after the imports that every notebook makes.
STATE = """
import decimal, json, locale, logging, sys, warnings
import altair, numpy, pandas, mopsnb
from mopsnb import analysis, view
from mopsnb.view import theme
filters = sorted(map(repr, warnings.filters))
warnings.simplefilter("ignore")  # of options that pandas is about to drop
print(json.dumps({
    "decimal": repr(decimal.getcontext()), "locale": locale.setlocale(locale.LC_ALL), "errors": numpy.geterr(),
    "printing": repr(numpy.get_printoptions()),
    "options": {name: repr(pandas.get_option(name)) for name in sorted(pandas._config.config._registered_options)},
    "warnings": filters, "theme": repr(theme.current()),
    "altair": [altair.theme.active, altair.renderers.active, altair.data_transformers.active],
    "logging": [logging.root.level, repr(logging.root.handlers), logging.root.manager.disable],
    "hooks": [repr(type(sys.displayhook)), sys.excepthook.__module__],
}))
"""


class Kernel:
    """A kernel that runs cells."""

    def __init__(self, manager: KernelManager, client: Any) -> None:
        self.manager = manager
        self.client = client
        self.process = manager.provisioner.process
        self.is_forked = isinstance(self.process, ForkedProcess)
        self.pid = self.process.pid

    def run(self, code: str, timeout: float = 60) -> str:
        """Run a cell and return what it printed."""
        printed: list[str] = []

        def hear(message: Mapping[str, Any]) -> None:
            content = message["content"]
            printed.append(content.get("text", "") or "\n".join(content.get("traceback", [])))

        reply = self.client.execute_interactive(code, timeout=timeout, output_hook=hear)
        text = "".join(printed)
        assert reply["content"]["status"] == "ok", text
        return text

    def ask(self, code: str) -> Any:
        """Run a cell that prints JSON and return its value."""
        return json.loads(self.run(code))


@contextmanager
def start_kernel(
    server: ForkServer | None, *, warm: bool = True, flags: tuple[str, ...] = (), **launch: Any
) -> Iterator[Kernel]:
    """Run a kernel of a server, of this process's own server (None), or a fresh one (not ``warm``).

    ``launch`` goes to the process's start.
    """
    with tempfile.TemporaryDirectory(prefix="t", dir="/tmp") as folder:
        stem = f"{folder}/k"
        manager = KernelManager(transport="ipc", ip=stem, connection_file=f"{stem}.json", kernel_id="k")
        argv = [sys.executable, *flags, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        manager._kernel_spec = KernelSpec(argv=argv, display_name="t", language="python")
        kind = WarmProvisioner if warm else LocalProvisioner
        manager.provisioner = kind(kernel_id="k", kernel_spec=manager.kernel_spec, parent=manager)
        manager.provisioner.server = server
        with Path(folder, "log").open("wb") as log:
            manager.start_kernel(**{"stdout": log, "stderr": log, "env": make_environment()} | launch)
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=60)
            yield Kernel(manager, client)
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
            manager.cleanup_resources()


def start_server(environment: dict[str, str] | None = None, **options: object) -> ForkServer:
    """Start a fork server."""
    return ForkServer.start(COMMAND, environment or make_environment(), **options)


class LentServer:
    """A server that outlives the run that uses it, and gives kernels other variables than its own."""

    def __init__(self, server: ForkServer) -> None:
        self._server = server

    def __getattr__(self, name: str) -> Any:
        return getattr(self._server, name)

    def fits(self, *_: object) -> bool:
        return True

    def close(self) -> None:
        pass


@contextmanager
def fork(server: ForkServer, **launch: object) -> Iterator[Kernel]:
    """Fork a kernel and end it afterwards; it fails where a fresh one started."""
    with start_kernel(server, **launch) as kernel:
        assert kernel.is_forked
        yield kernel


def wait_until(condition: Callable[[], object]) -> bool:
    """Wait up to half a minute; a test fails by what it then finds."""
    deadline = time.monotonic() + 30
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(condition())
