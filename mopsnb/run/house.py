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
from mopsnb.disk import refuse_write
from mopsnb.errors import StepError
from mopsnb.run.forking import BUILDING, Command, ForkServer, can_fork
from mopsnb.run.guard import Stop
from mopsnb.run.memory import VARIABLE
from mopsnb.run.orders import find_order, undisturbed
from mopsnb.run.sweeping import PREFIX, claim, sweep

if TYPE_CHECKING:
    from mopsnb.run.kernels import StepKernelManager
    from mopsnb.secrets.broker import Broker

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
    broker
        Gives kernels the secrets that they ask for by name.
    memory_limit
        Bytes of memory for each kernel; None: no limit.
    stop
        Why no further kernel may start; None: kernels may start.
    numbers
        The next kernel's number; several threads ask for it.
    """

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    managers: dict[str, StepKernelManager] = field(default_factory=dict)
    server: ForkServer | None = None
    broker: Broker | None = None
    memory_limit: int | None = None
    stop: Stop | None = None
    numbers: Iterator[int] = field(default_factory=count)

    @classmethod
    def build(cls, memory_limit: int | None = None) -> Self:
        """Make the folder where temporary files go, or in ``/tmp`` where that path is too long for a socket.

        Raises
        ------
        OutputError
            Temporary files cannot be written.
        """
        base = tempfile.gettempdir()
        if len(os.fsencode(base)) > LONGEST_SOCKET_FOLDER - 20 and os.access("/tmp", os.W_OK):  # noqa: S108
            base = "/tmp"  # noqa: S108
        try:
            sweep(Path(base))
            folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base)).resolve()
            claim(folder)
            for name in ("ipython", "tmp"):
                (folder / name).mkdir()
        except OSError as error:
            raise refuse_write("temporary files", Path(base), error) from error
        from mopsnb.secrets.broker import Broker

        broker = Broker.start(folder)
        environment = broker.change_environment(make_environment(folder))
        environment.pop(VARIABLE, None)  # the caller's own limit is not this run's
        if memory_limit is not None:
            environment[VARIABLE] = str(memory_limit)
        return cls(folder, environment, broker=broker, memory_limit=memory_limit)

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

        if self.stop:
            raise StepError(self.stop.text)
        (self.folder / name).mkdir()
        manager = StepKernelManager.settle(self, f"k{next(self.numbers)}")
        self.managers[name] = manager
        return manager

    def note_building(self, building: Path) -> None:
        """Tell the server, which outlives this process, where to look when it ends without a word."""
        (self.folder / BUILDING).write_text(str(building.absolute()), encoding="utf-8")

    def close(self, stop: Stop) -> None:
        """Let no further kernel start. What was said first is why."""
        self.stop = self.stop or stop

    @property
    def order(self) -> BaseException | None:
        """What ends this process once the report is written; None: it goes on."""
        return find_order() or (self.stop.order if self.stop else None)

    def obey(self, *, is_final: bool = True) -> None:
        """Raise the order to end, where one came and nothing is left to do for it."""
        if self.order is not None and is_final:
            raise self.order

    def kill_kernels(self) -> None:
        """End every kernel of this run at once."""
        for manager in list(self.managers.values()):
            manager.kill_group()

    def remove(self) -> None:
        """Hand out no more secrets, end the server, and remove the folder."""
        if self.broker is not None:
            self.broker.close()
        if self.server is not None:  # it sweeps the folder, so it goes last
            self.server.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        """Live in it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove it."""
        with undisturbed():
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
