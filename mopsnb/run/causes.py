"""Why a step or a run did not reach its end: the causes, their words, and the exit codes of the command line.

The exit code tells a scheduler what kind of trouble it is. ``docs/command-line.md`` lists this table, and a test
compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cause:
    """One kind of failure.

    Parameters
    ----------
    code
        The exit code with which the command line ends.
    title
        What happened, as a short sentence for a page.
    fix
        What a person does about it: one imperative sentence.
    """

    code: int
    title: str
    fix: str


FOUND, LOCKED, BUG, SIGNAL = 4, 10, 70, 128  # exit codes without a failed step; a signal's number is added to SIGNAL
_DEADLINE = "Give it more time, or find out what takes so long."

CAUSES: dict[str, Cause] = {
    "cell": Cause(1, "The notebook's code failed.", "Read the error on the page, and correct the notebook."),
    "result": Cause(
        1, "The notebook saved no result that can be used.", "Correct the notebook's last cell, which saves the result."
    ),
    "notebook": Cause(1, "The notebook cannot be read.", "Put the notebook's file right, or take the original again."),
    "input": Cause(
        3,
        "The strategy file or the data cannot be used.",
        "Correct the places that the page lists. mopsnb check lists all.",
    ),
    "moved": Cause(
        3,
        "The data changed while the run was at work, so that figures may mix two states of it.",
        "Run again when the files are complete.",
    ),
    "gate": Cause(
        5, "The data gate stopped this step.", "Correct the data that the page lists, or run with a milder --gate."
    ),
    "kernel": Cause(
        6,
        "The notebook's process ended early.",
        "Run it again. If it happens again, look for a crash in a library that the cell uses.",
    ),
    "memory": Cause(
        7,
        "The notebook's process ran out of memory.",
        "Give it more memory (--memory-limit, or a larger machine), or run fewer notebooks side by side (--jobs).",
    ),
    "cell_deadline": Cause(8, "A cell took longer than it may.", f"{_DEADLINE} The limit is --cell-timeout."),
    "notebook_deadline": Cause(8, "The notebook took longer than it may.", f"{_DEADLINE} The limit is --timeout."),
    "run_deadline": Cause(8, "The run took longer than it may.", f"{_DEADLINE} The limit is --deadline."),
    "output": Cause(
        9,
        "What the run makes cannot be written.",
        "Free space on the disk, or see to it that the folder can be written to.",
    ),
    "bug": Cause(BUG, "mopsnb itself has a fault.", "Report it, with what MOPSNB_DEBUG=1 shows."),
    "stopped": Cause(SIGNAL, "The run was stopped from outside.", "Run the report again."),
    "killed": Cause(SIGNAL + 9, "The run was ended from outside, without a word.", "Run the report again."),
}
# Where several steps failed: what a person must see to first. Unknown causes count as the last.
ORDER = (9, 3, 7, 6, 8, 5, 1)

EXIT_CODES = {
    0: "Everything asked for was done. Findings, and steps without data yet, do not change that.",
    1: "A notebook's code failed, or it saved no result (`cell`, `result`, `notebook`).",
    2: "The command line asks for something that does not exist, or a parameter cannot be used. Nothing was started.",
    3: "The workspace, its strategy file or its data cannot be used (`input`), or changed during the run (`moved`).",
    FOUND: "With `--fail-on`: a finding is at least as severe as asked.",
    5: "With `--gate`: findings on the data stopped a step before it started (`gate`).",
    6: "A notebook's process was killed or crashed (`kernel`).",
    7: "A notebook's process ran out of memory (`memory`).",
    8: "A deadline passed: of a cell, a notebook or the run (`cell_deadline`, `notebook_deadline`, `run_deadline`).",
    9: "What was asked for cannot be written: no room on the disk, or a folder that must stay as it is (`output`).",
    LOCKED: "Another run holds the workspace.",
    11: "`mopsnb notify`: a message was not delivered.",
    BUG: "A fault of mopsnb itself. `MOPSNB_DEBUG=1` shows where it happened.",
    129: "Stopped by the end of the terminal's session (SIGHUP), in good order (`stopped`).",
    130: "Stopped with Ctrl-C, in good order (`stopped`).",
    137: "Ended from outside by SIGKILL, as the shell reports it. The run is filed as `killed` afterwards.",
    143: "Stopped by a scheduler or the system (SIGTERM), in good order (`stopped`).",
}


def choose_exit_code(causes: Iterable[str]) -> int:
    """Return the exit code of the most serious of several causes; 0 where there is none.

    Examples
    --------
    >>> choose_exit_code(["cell", "memory", "gate"]), choose_exit_code([])
    (7, 0)
    """
    cause = choose_cause(causes)
    return _find_code(cause) if cause else 0


def choose_cause(causes: Iterable[str]) -> str:
    """Return the most serious of several causes, the first of its kind; empty where there is none."""
    ranks = {code: rank for rank, code in enumerate(ORDER)}
    return min(causes, key=lambda cause: ranks.get(_find_code(cause), -1), default="")


def _find_code(cause: str) -> int:
    return CAUSES[cause].code if cause in CAUSES else ORDER[-1]
