"""How a run starts and ends a notebook's kernel: this interpreter, a private folder, no race for ports.

A kernel is always this interpreter with this installation of mopsnb. A kernel
specification in the user's folder cannot put another in its place. Kernel and
runner talk through sockets in a private folder (IPC), so runs that start at the
same moment cannot race for a port. Windows has no such sockets and uses TCP.
"""

from __future__ import annotations

import asyncio
import math
import os
import signal
import time
import uuid
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any, Self

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from mopsnb.run.diagnosis import Diagnosis, diagnose_end
from mopsnb.run.house import KernelHouse, list_command
from mopsnb.run.memory import Toll
from mopsnb.run.provisioner import WarmProvisioner


class StepKernelClient(AsyncKernelClient):
    """Knows at once when its kernel is ready. The plain client waits until nothing was said for a fifth of a second."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        deadline = time.monotonic() + (timeout or math.inf)
        while True:
            request = self.kernel_info()
            with suppress(Empty, TimeoutError):
                await self._async_recv_reply(request, timeout=1)
                await self._hear_of(request)
                return
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > deadline:
                raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")

    wait_for_ready = _async_wait_for_ready  # jupyter_client names each method twice

    async def _hear_of(self, request: str) -> None:
        """Wait until the kernel says to everybody that it has answered: nothing that it publishes is missed then."""
        while True:
            message = await self.iopub_channel.get_msg(timeout=0.2)
            is_idle = message["content"].get("execution_state") == "idle"
            if is_idle and message["parent_header"].get("msg_id") == request:
                return


class StepKernelManager(AsyncKernelManager):
    """Starts a kernel with an explicit command, its own environment and a log file."""

    house: KernelHouse
    log_file: Path
    toll: Toll  # of the moment before it started
    is_busy = False
    excess = ""  # why the run ended it: it used more memory than it may

    @classmethod
    def settle(cls, house: KernelHouse, name: str) -> Self:
        """Return a manager whose kernel lives in a house; ``name`` is that of its sockets and its log."""
        stem = str(house.folder / name)
        manager = cls(
            transport=house.transport,
            connection_file=f"{stem}.json",
            kernel_id=str(uuid.uuid4()),
            client_factory=StepKernelClient,
            autorestart=False,
            **({"ip": stem} if house.transport == "ipc" else {}),
        )
        manager.house, manager.log_file, manager.toll = house, Path(f"{stem}.log"), Toll.read()
        kind = WarmProvisioner if house.server else LocalProvisioner
        manager.provisioner = kind(kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec, parent=manager)
        if isinstance(manager.provisioner, WarmProvisioner):
            manager.provisioner.server = house.server
        return manager

    @property
    def kernel_spec(self) -> KernelSpec:
        """The command, whatever specifications are installed."""
        return KernelSpec(argv=list_command("{connection_file}"), display_name="mopsnb", language="python")

    async def _async_launch_kernel(self, kernel_cmd: list[str], **kw: Any) -> None:
        with self.log_file.open("wb") as log:
            await super()._async_launch_kernel(kernel_cmd, **kw | {"stdout": log.fileno(), "stderr": log.fileno()})

    async def _async_pre_start_kernel(self, **kw: Any) -> tuple[list[str], dict[str, Any]]:
        return await super()._async_pre_start_kernel(**kw | {"env": self.house.environment})

    async def _async_post_start_kernel(self, **kw: Any) -> None:
        await self._wait_for_sockets()
        await super()._async_post_start_kernel(**kw)

    async def _wait_for_sockets(self) -> None:
        # Who connects to a socket before it is there tries again a tenth of a second later.
        numbers = (self.shell_port, self.iopub_port, self.control_port) if self.transport == "ipc" else ()
        sockets = [f"{self.ip}-{number}" for number in numbers]
        while not all(map(os.path.exists, sockets)) and await self.is_alive():
            await asyncio.sleep(0.005)

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

    @property
    def process_id(self) -> int | None:
        """The number of the kernel's process, for as long as it is not known to have ended."""
        process = getattr(self.provisioner, "process", None)
        return None if process is None or process.returncode is not None else process.pid

    @property
    def has_ended(self) -> bool:
        """Whether the kernel's process is known to have ended."""
        return getattr(getattr(self.provisioner, "process", None), "returncode", None) is not None

    def diagnose_end(self) -> Diagnosis:
        """Say why the kernel's process ended."""
        if self.excess:
            return Diagnosis("memory", self.excess)
        code = getattr(getattr(self.provisioner, "process", None), "returncode", None)
        return diagnose_end(code, self.read_last_words(), self.toll.tell(), self.house.memory_limit)

    def read_last_words(self) -> str:
        """Return the last line that the kernel's process wrote outside of any cell."""
        try:
            lines = self.log_file.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:
            return ""
        return next((line.strip()[:200] for line in reversed(lines) if line.strip()), "")
