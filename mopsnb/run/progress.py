"""What a run tells while it runs: a live table on a terminal, lines elsewhere, or nothing."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from rich.progress import TaskID

WORDS = {"ok": "ok", "no_data": "no data yet", "failed": "failed", "unchanged": "unchanged"}


class Progress:
    """Says nothing. The others override what they show; steps report from several threads."""

    def __enter__(self) -> Self:
        """Start to show."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the show."""

    def plan(self, steps: Sequence[str]) -> None:
        """Take the ids of the run's steps."""

    def begin(self, step: str, cells: int) -> None:
        """Note that a step's kernel starts, and how many code cells it has."""

    def advance(self, step: str, cell: int) -> None:
        """Note that a step begins its code cell number ``cell``, counted from 1."""

    def finish(self, step: str, status: str, seconds: float) -> None:
        """Note that a step ended."""

    def say(self, text: str) -> None:
        """Note what the run itself does now."""

    def announce(self, text: str) -> None:
        """Note what a person should know before the run goes on: it waits, or takes steps over."""


class PlainProgress(Progress):
    """Prints announcements on standard output, and nothing else."""

    def announce(self, text: str) -> None:
        """Print a line."""
        sys.stdout.write(f"{text}.\n")
        sys.stdout.flush()


class LineProgress(Progress):
    """One line when a step begins and one when it ends, for logs.

    Parameters
    ----------
    stream
        Where the lines go; None: standard error.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.lock = threading.Lock()

    def begin(self, step: str, cells: int) -> None:
        """Print that a step starts."""
        self.say(f"{step}: started")

    def finish(self, step: str, status: str, seconds: float) -> None:
        """Print how a step ended."""
        self.say(f"{step}: {WORDS.get(status, status)} after {seconds:.1f} s")

    def say(self, text: str) -> None:
        """Print a line."""
        with self.lock:
            self.stream.write(f"{text}\n")
            self.stream.flush()

    def announce(self, text: str) -> None:
        """Print a line."""
        self.say(f"{text}.")


class LiveProgress(Progress):
    """A table on the terminal that shows each step's state and cells; it goes when the run ends."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Table

        self.table = Table(
            SpinnerColumn(finished_text=" "),
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            TextColumn("{task.completed:.0f}/{task.total:.0f} cells"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[state]}"),
            console=Console(stderr=True),
            transient=True,
        )
        self.tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        """Start to draw."""
        self.table.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the table."""
        self.table.stop()

    def plan(self, steps: Sequence[str]) -> None:
        """Draw a line for each step."""
        width = max((len(step) for step in steps), default=0)
        for step in steps:
            self.tasks[step] = self.table.add_task(step.ljust(width), total=1, start=False, state="waiting")

    def begin(self, step: str, cells: int) -> None:
        """Start a step's clock."""
        self.table.start_task(self.tasks[step])
        self.table.update(self.tasks[step], total=cells, state="starting")

    def advance(self, step: str, cell: int) -> None:
        """Move a step's bar."""
        self.table.update(self.tasks[step], completed=cell - 1, state="running")

    def finish(self, step: str, status: str, seconds: float) -> None:
        """Fill a step's bar, or leave it where the step stopped."""
        task = self.tasks[step]
        if status != "failed":
            self.table.update(task, completed=self.table.tasks[task].total)
        self.table.stop_task(task)
        self.table.update(task, state=WORDS.get(status, status))

    def announce(self, text: str) -> None:
        """Print a line above the table."""
        self.table.console.print(f"{text}.", markup=False, highlight=False)


def choose_progress(*, quiet: bool, verbose: bool) -> Progress:
    """Return the table on a terminal, lines with ``verbose`` elsewhere, and otherwise only what must be known."""
    if quiet:
        return Progress()
    if sys.stderr.isatty():
        return LiveProgress()
    return LineProgress() if verbose else PlainProgress()
