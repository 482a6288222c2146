"""A run's private folder: sockets, working folders and logs of its kernels, and the server that they come from."""

from __future__ import annotations

import os
import shutil
import site
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Self

from mopsnb.assets import is_checkout
from mopsnb.errors import StepError
from mopsnb.run.forking import Command, ForkServer, can_fork

if TYPE_CHECKING:
    from mopsnb.run.kernels import StepKernelManager

LONGEST_SOCKET_FOLDER = 80  # a socket's path holds at most 103 bytes on macOS, 107 on Linux
KERNEL = "mopsnb.run.kernel"


@dataclass(slots=True)
class KernelHouse:
    """A run's kernels and what belongs to them. Make one with `build`; as a context it removes itself.

    Parameters
    ----------
    folder
        The folder. Only its owner may read it; it goes when the run ends.
    environment
        The variables of every kernel of the run.
    managers
        The kernels begun, by step.
    server
        The process that kernels are forked from; None where they start the normal way.
    is_closed
        Whether no further kernel may start.
    numbers
        The next kernel's number; several threads ask for it.
    """

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    managers: dict[str, StepKernelManager] = field(default_factory=dict)
    server: ForkServer | None = None
    is_closed: bool = False
    numbers: Iterator[int] = field(default_factory=count)

    @classmethod
    def build(cls) -> Self:
        """Make the folder where temporary files go, or in ``/tmp`` where that path is too long for a socket."""
        base = tempfile.gettempdir()
        if len(os.fsencode(base)) > LONGEST_SOCKET_FOLDER - 20 and os.access("/tmp", os.W_OK):  # noqa: S108
            base = "/tmp"  # noqa: S108
        folder = Path(tempfile.mkdtemp(prefix="mopsnb-", dir=base)).resolve()
        for name in ("ipython", "tmp"):
            (folder / name).mkdir()
        return cls(folder, make_environment(folder))

    def warm_up(self, modules: Sequence[str]) -> None:
        """Start the server, which imports modules while the run goes on. Without one, kernels start the normal way."""
        command = Command.parse(list_command("{connection_file}"))
        if command is None or not can_fork():
            return
        with suppress(OSError):
            log = self.folder / "server.log"
            self.server = ForkServer.start(command, self.environment, modules=modules, sweep=self.folder, log=log)

    @property
    def shelf(self) -> Path:
        """Where the run keeps what it found out about the data."""
        return self.folder / "shelf"

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
        from mopsnb.run.kernels import StepKernelManager

        if self.is_closed:
            raise StepError("The run was stopped.")
        (self.folder / name).mkdir()
        manager = StepKernelManager.settle(self, f"k{next(self.numbers)}")
        self.managers[name] = manager
        return manager

    def kill_kernels(self) -> None:
        """End every kernel of this run at once."""
        for manager in list(self.managers.values()):
            manager.kill_group()

    def remove(self) -> None:
        """End the server and remove the folder."""
        if self.server is not None:
            self.server.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        """Live in it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove it."""
        self.remove()


def list_command(connection_file: str) -> list[str]:
    """Return a kernel's command line: this interpreter, whatever specifications are installed."""
    isolated = [] if site.ENABLE_USER_SITE else ["-s"]
    return [sys.executable, "-P", *isolated, "-m", KERNEL, "-f", connection_file]


def make_environment(house: Path) -> dict[str, str]:
    """Return the environment of a run's kernels: the runner's own, made repeatable.

    Hashes are fixed. IPython's profile lies in the private folder, so that start-up
    files and settings of the user have no part in a report. Temporary files lie there
    too, so that a kernel that is killed leaves none behind.
    """
    environment = dict(os.environ)
    environment["PYTHONHASHSEED"] = "0"
    environment["IPYTHONDIR"] = str(house / "ipython")
    environment["TMPDIR"] = str(house / "tmp")
    environment["MOPSNB_STILLS"] = "later"  # see mopsnb.view.stills
    environment["MOPSNB_SHELF"] = str(house / "shelf")  # see mopsnb.data.shelf
    if is_checkout():
        checkout = str(Path(__file__).resolve().parents[2])
        known = [path for path in environment.get("PYTHONPATH", "").split(os.pathsep) if path]
        environment["PYTHONPATH"] = os.pathsep.join([checkout, *known])
    return environment
