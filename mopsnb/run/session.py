"""One notebook's run as papermill's engine sees it: which kernel, how long, who watches, and why it stopped."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from mopsnb.disk import FULL, measure_room
from mopsnb.errors import StepError
from mopsnb.run.diagnosis import Diagnosis, diagnose_error
from mopsnb.run.kernels import StepKernelManager
from mopsnb.run.stills import Drawing


class CellExitError(StepError):
    """A cell ended the kernel that it runs in."""


@dataclass(slots=True)
class Session:
    """One execution as papermill's engine sees it: which kernel, how long, who watches.

    Parameters
    ----------
    manager
        Starts and ends the kernel.
    timeout, cell_timeout
        Seconds for the whole notebook, and for each cell; None: no limit.
    advance
        Called with the number of code cells begun.
    draw
        Called with each cell that ran; begins to draw the still pictures that its outputs lack.
    """

    manager: StepKernelManager
    timeout: float | None = None
    cell_timeout: float | None = None
    advance: Callable[[int], None] = lambda _: None
    draw: Callable[[NotebookNode], list[Drawing]] = lambda _: []
    drawings: list[Drawing] = field(default_factory=list)
    notebook: NotebookNode | None = None
    begun: list[int] = field(default_factory=list)
    deadline: float = math.inf  # of the notebook, by the steady clock
    cell_deadline: float = math.inf

    def begin_cell(self, cell: NotebookNode, cell_index: int) -> None:
        """Note that a code cell begins. The notebook's clock starts with the first: kernels wait for each other."""
        if not self.begun and self.timeout is not None:
            self.deadline = time.monotonic() + self.timeout
        self.begun.append(cell_index)
        self.manager.is_busy = True
        self.advance(len(self.begun))

    def end_cell(self, cell: NotebookNode, cell_index: int, execute_reply: Any) -> None:
        """Note that the kernel answered.

        Raises
        ------
        CellExitError
            The cell asked the kernel to end; whatever comes after it must not run as if nothing were.
        """
        self.manager.is_busy = False
        self.drawings += self.draw(cell)
        if any(item.get("source") == "ask_exit" for item in execute_reply["content"].get("payload", [])):
            raise CellExitError("The notebook's code ended its own process (exit).")

    def put_drawings(self) -> None:
        """Wait for the still pictures and put them into the notebook.

        Raises
        ------
        StepError
            One cannot be drawn.
        """
        while self.drawings:
            self.drawings.pop().put()

    def give_time(self, cell: NotebookNode) -> float | None:
        """Return the seconds that are left for a cell that begins; None: no limit."""
        now = time.monotonic()
        self.cell_deadline = now + (math.inf if self.cell_timeout is None else self.cell_timeout)
        end = min(self.deadline, self.cell_deadline)
        return None if end == math.inf else max(0.01, end - now)  # nbclient takes 0 for no limit

    def find_deadline(self) -> Diagnosis | None:
        """Return which deadline has passed; None where none has."""
        now = time.monotonic()
        if now >= self.deadline:
            text = f"The notebook was stopped: it took longer than {self.timeout or 0:g} seconds."
            return Diagnosis("notebook_deadline", text)
        if now >= self.cell_deadline:
            text = f"The notebook was stopped: a cell took longer than {self.cell_timeout or 0:g} seconds."
            return Diagnosis("cell_deadline", text)
        return None

    def diagnose(self, error: Exception) -> Diagnosis:
        """Return why the notebook stopped, from what was raised."""
        manager = self.manager
        found = Diagnosis("kernel", f"The notebook could not be run: {type(error).__name__}: {error}")
        if isinstance(error, PapermillExecutionError):
            found = diagnose_error(error.ename, error.evalue, error.traceback)
        elif stop := manager.house.stop:  # the kernel's end is the run's doing
            found = Diagnosis(stop.cause, stop.text)
        elif isinstance(error, StepError):
            found = Diagnosis("kernel" if isinstance(error, CellExitError) else "result", str(error))
        elif manager.excess:
            found = manager.diagnose_end()
        elif isinstance(error, CellTimeoutError | RuntimeError) and (passed := self.find_deadline()):
            found = passed
        elif isinstance(error, DeadKernelError) or (isinstance(error, RuntimeError) and manager.has_ended):
            found = manager.diagnose_end()
        elif isinstance(error, OSError) and error.errno in FULL:
            room = measure_room(manager.log_file.parent)
            found = Diagnosis(
                "output", f"The notebook could not be run: {error.strerror}, among temporary files. {room}"
            )
        return found
