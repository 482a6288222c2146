"""The errors that mopsnb raises for people to read.

::

    MopsnbError                  anything a person can put right; printed without a traceback
    ├── UsageError               the command line asks for something that does not exist
    │   └── ParameterError       a notebook parameter is unknown, mistyped or out of range
    ├── InputError               something a team supplied cannot be used
    │   ├── WorkspaceError       the folder is not a workspace, or cannot be read
    │   ├── StrategyError        strategy.yml has faults
    │   ├── ScheduleError        schedule.yml has faults
    │   ├── SecretError          a secret that is named cannot be found or read
    │   └── DataError            a table has faults
    │       └── CurrencyError    money in several currencies, and no rates to convert it
    ├── StepError                a notebook stopped before its end
    ├── OutputError              the report cannot be written where it was asked for
    └── LockedError              another run is at work in the same place

Each class carries the exit code with which the command line ends. The codes
are listed in ``docs/command-line.md``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault in something a team supplied.

    Parameters
    ----------
    file
        The file as the team names it, relative to the workspace.
    place
        Where in the file: ``line 12``, ``row 7`` (the header is row 1), or empty for the whole file.
    field
        The column or the key, for example ``spend`` or ``goals[0].metric``.
    value
        What stands there, as text; shortened where it is long.
    expected
        What should stand there.
    fix
        How to put it right: one imperative sentence.
    count
        How many cells have this fault.
    examples
        The first few further places and values, as text.
    """

    file: str
    place: str
    field: str
    value: str
    expected: str
    fix: str = ""
    count: int = 1
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.place, self.field) if part)
        text = f"{where}: found {self.value}, expected {self.expected}."
        if self.count > 1:
            text += f" {self.count:,} cells have this fault"
            text += f", also {'; '.join(self.examples)}." if self.examples else "."
        return f"{text} {self.fix}".rstrip()

    def to_dict(self) -> dict[str, Any]:
        """Return the fault as plain values for JSON."""
        return asdict(self) | {"examples": list(self.examples)}


class MopsnbError(Exception):
    """An error that a person can put right. Its text needs no traceback."""

    exit_code: ClassVar[int] = 1

    def _render_traceback_(self) -> list[str]:
        # IPython asks for this: a notebook then shows the text alone, like the command line.
        return [str(self)]


class UsageError(MopsnbError):
    """The command line names something that does not exist."""

    exit_code = 2


class ParameterError(UsageError):
    """A notebook parameter is unknown, of the wrong type or out of range."""


class InputError(MopsnbError):
    """Something a team supplied cannot be used.

    Parameters
    ----------
    message
        One sentence that says what is wrong.
    faults
        Every fault found, in file order. The text of the error lists them, one line each.
    """

    exit_code = 3

    def __init__(self, message: str, faults: Sequence[Fault] = ()) -> None:
        self.message = message
        self.faults = tuple(faults)
        super().__init__("\n".join([message, *(f"  {fault}" for fault in self.faults)]))


class WorkspaceError(InputError):
    """The folder is not a workspace, or it cannot be read."""


class StrategyError(InputError):
    """The strategy file has faults."""


class ScheduleError(InputError):
    """The schedule file has faults."""


class SecretError(InputError):
    """A secret that is named cannot be found or read."""


class DataError(InputError):
    """A table has faults."""


class CurrencyError(DataError):
    """Money stands in several currencies and there are no rates to convert it."""


class StepError(MopsnbError):
    """A notebook stopped before its end."""


class OutputError(MopsnbError):
    """The report cannot be written where it was asked for."""

    exit_code = 9


class LockedError(MopsnbError):
    """Another run is at work in the same place."""

    exit_code = 10


def suggest(word: str, choices: Iterable[str]) -> str:
    """Return ``Did you mean 'x'?`` for the nearest choice, or an empty text.

    Examples
    --------
    >>> suggest("metrcs", ["goals", "metrics"])
    "Did you mean 'metrics'?"
    >>> suggest("zebra", ["goals", "metrics"])
    ''
    """
    nearest = difflib.get_close_matches(str(word), sorted(choices), n=1, cutoff=0.6)
    return f"Did you mean '{nearest[0]}'?" if nearest else ""
