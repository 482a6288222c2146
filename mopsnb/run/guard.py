"""Who ends kernels that may not go on: the run's deadline passed, or one uses more memory than it may."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from mopsnb.disk import show_size
from mopsnb.run.causes import SIGNAL
from mopsnb.run.memory import measure_use

if TYPE_CHECKING:
    from mopsnb.run.house import KernelHouse

PAUSE = 0.1  # seconds between two looks


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a whole run ends before its notebooks did.

    Parameters
    ----------
    cause
        One of `mopsnb.run.causes`.
    text
        The cause in words, for the page of each step that it stopped.
    order
        What ends this process once the report is written; None: it goes on.
    """

    cause: str
    text: str
    order: BaseException | None = None

    @classmethod
    def obey(cls, order: BaseException) -> Self:
        """Return the stop that an order from outside is: Ctrl-C, or what `mopsnb.cli.signals` makes of a signal."""
        code = order.code if isinstance(order, SystemExit) else None
        name = "Ctrl-C" if isinstance(order, KeyboardInterrupt) else "an order from outside"
        if isinstance(code, int) and code > SIGNAL:
            name = signal.Signals(code - SIGNAL).name
        return cls("stopped", f"The run was stopped by {name}.", order)


class Guard:
    """Looks after a run's kernels in a thread of its own, where there is something to look after.

    Parameters
    ----------
    house
        The kernels. A deadline closes it.
    deadline
        Seconds from now until every notebook must have ended; None: no limit.
    limit
        Bytes that a kernel may use; None: no limit.
    also
        Called at the deadline, for what a step waits for besides its kernel.
    """

    def __init__(
        self, house: KernelHouse, deadline: float | None, limit: int | None, also: Callable[[], None] = lambda: None
    ) -> None:
        self.house, self.deadline, self.limit, self.also = house, deadline, limit, also
        self._end = time.monotonic() + (deadline or 0)
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Begin to look."""
        if self.deadline is not None or self.limit is not None:
            self._thread = threading.Thread(target=self._look, name="guard", daemon=True)
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look no more."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(PAUSE):
            if self.deadline is not None and time.monotonic() >= self._end:
                self.house.close(Stop("run_deadline", f"The run's deadline of {self.deadline:g} seconds passed."))
                self.also()
            if self.house.stop:
                self.house.kill_kernels()
            elif self.limit is not None:
                self._weigh(self.limit)

    def _weigh(self, limit: int) -> None:
        for manager in list(self.house.managers.values()):
            process = None if manager.excess else manager.process_id
            if process is not None and (use := measure_use(process)) > limit:
                manager.excess = f"The notebook used {show_size(use)} of memory, and may use {show_size(limit)}."
                manager.kill_group()
