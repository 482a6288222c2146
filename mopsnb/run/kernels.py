"""How a notebook's kernel starts: this interpreter, a private folder, no race for ports.

A kernel is always this interpreter with this installation of mopsnb. A kernel
specification in the user's folder cannot put another in its place. Kernel and
runner talk through sockets in a private folder (IPC), so runs that start at the
same moment cannot race for a port. Windows has no such sockets and uses TCP.
"""

from __future__ import annotations

import os
import shutil
import signal
import site
import sys
import tempfile
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from mopsnb.assets import is_checkout
from mopsnb.errors import StepError

LONGEST_SOCKET_FOLDER = 80  # a socket's path holds at most 103 bytes on macOS, 107 on Linux


@dataclass(slots=True)
class KernelHouse:
    """The private folder of a run: sockets, working folders, logs of its kernels.

    Parameters
    ----------
    folder
        The folder. Only its owner may read it; it goes when the run ends.
    managers
        The kernels begun, by step.
    is_closed
        Whether no further kernel may start.
    """

    folder: Path
    managers: dict[str, StepKernelManager] = field(default_factory=dict)
    is_closed: bool = False

    @classmethod
    def build(cls) -> KernelHouse:
        """Make the folder where temporary files go, or in ``/tmp`` where that path is too long for a socket."""
        base = tempfile.gettempdir()
        if len(os.fsencode(base)) > LONGEST_SOCKET_FOLDER - 20 and os.access("/tmp", os.W_OK):  # noqa: S108
            base = "/tmp"  # noqa: S108
        folder = Path(tempfile.mkdtemp(prefix="mopsnb-", dir=base)).resolve()
        for name in ("ipython", "tmp"):
            (folder / name).mkdir()
        return cls(folder)

    @property
    def transport(self) -> str:
        """``ipc``, or ``tcp`` where the platform or the folder's path leaves no choice."""
        is_short = len(os.fsencode(self.folder)) <= LONGEST_SOCKET_FOLDER
        return "ipc" if os.name == "posix" and is_short else "tcp"

    def prepare_kernel(self, name: str) -> StepKernelManager:
        """Return a manager whose kernel has its own working folder, sockets and log.

        Raises
        ------
        StepError
            The run was stopped.
        """
        if self.is_closed:
            raise StepError("The run was stopped.")
        (self.folder / name).mkdir()
        stem = str(self.folder / f"k{len(self.managers)}")
        manager = StepKernelManager(
            transport=self.transport,
            connection_file=f"{stem}.json",
            kernel_id=str(uuid.uuid4()),
            autorestart=False,
            **({"ip": stem} if self.transport == "ipc" else {}),
        )
        manager.house, manager.log_file = self.folder, Path(f"{stem}.log")
        manager.provisioner = LocalProvisioner(
            kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec, parent=manager
        )
        self.managers[name] = manager
        return manager

    def remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill_kernels(self) -> None:
        """End every kernel of this run at once."""
        for manager in list(self.managers.values()):
            manager.kill_group()


class StepKernelManager(AsyncKernelManager):
    """Starts a kernel with an explicit command, its own environment and a log file."""

    house: Path
    log_file: Path
    is_busy = False

    @property
    def kernel_spec(self) -> KernelSpec:
        """The command: this interpreter, whatever specifications are installed."""
        isolated = [] if site.ENABLE_USER_SITE else ["-s"]
        argv = [sys.executable, "-P", *isolated, "-m", "mopsnb.run.kernel", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="mopsnb", language="python")

    async def _async_launch_kernel(self, kernel_cmd: list[str], **kw: Any) -> None:
        with self.log_file.open("wb") as log:
            await super()._async_launch_kernel(kernel_cmd, **kw | {"stdout": log.fileno(), "stderr": log.fileno()})

    async def _async_pre_start_kernel(self, **kw: Any) -> tuple[list[str], dict[str, Any]]:
        return await super()._async_pre_start_kernel(**kw | {"env": make_environment(self.house)})

    async def _async_interrupt_kernel(self) -> None:
        # jupyter_client interrupts a kernel before it asks it to end. An interrupt that meets a kernel
        # between two messages makes it miss the request, and the run then waits for seconds.
        if self.shutting_down:
            return
        await super()._async_interrupt_kernel()

    async def _async_finish_shutdown(
        self, waittime: float | None = None, pollinterval: float = 0.02, restart: bool = False
    ) -> None:
        await super()._async_finish_shutdown(waittime, pollinterval, restart)

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        await super()._async_cleanup_resources(restart)
        self.kill_group()

    cleanup_resources = _async_cleanup_resources  # jupyter_client names each method twice

    async def _async_shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:
        # A kernel in the middle of a cell does not answer, and waiting for it is lost time.
        await super()._async_shutdown_kernel(now or self.is_busy, restart)

    shutdown_kernel = _async_shutdown_kernel

    def kill_group(self) -> None:
        """End the kernel's process at once, with every process that its notebook started."""
        pid = getattr(self.provisioner, "pid", None)
        if pid is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(pid, signal.SIGKILL)  # a kernel leads its own process group
            else:
                os.kill(pid, signal.SIGTERM)

    def describe_end(self) -> str:
        """Say how the kernel's process ended, as the end of a sentence; empty where that is not known."""
        code = getattr(getattr(self.provisioner, "process", None), "returncode", None)
        if code is None:
            return ""
        if code >= 0:
            words = self.read_last_words()
            return f", with code {code}" + (f". Its last words: {words}" if words else "")
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        return f", by {name}" + (". The system does this when memory runs out" if name == "SIGKILL" else "")

    def read_last_words(self) -> str:
        """Return the last line that the kernel's process wrote outside of any cell."""
        try:
            lines = self.log_file.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:
            return ""
        return next((line.strip()[:200] for line in reversed(lines) if line.strip()), "")


def make_environment(house: Path) -> dict[str, str]:
    """Return a kernel's environment: the runner's own, made repeatable.

    Hashes are fixed. IPython's profile lies in the private folder, so that start-up
    files and settings of the user have no part in a report. Temporary files lie there
    too, so that a kernel that is killed leaves none behind.
    """
    environment = dict(os.environ)
    environment["PYTHONHASHSEED"] = "0"
    environment["IPYTHONDIR"] = str(house / "ipython")
    environment["TMPDIR"] = str(house / "tmp")
    if is_checkout():
        checkout = str(Path(__file__).resolve().parents[2])
        known = [path for path in environment.get("PYTHONPATH", "").split(os.pathsep) if path]
        environment["PYTHONPATH"] = os.pathsep.join([checkout, *known])
    return environment
