"""Data that comes, changes or goes while a run is at work: what breaks then is the data's doing, and nobody's bug."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mopsnb.errors import InputError, MopsnbError
from mopsnb.run.fingerprints import Inputs, list_moved

if TYPE_CHECKING:
    from mopsnb.run.execution import Execution
    from mopsnb.steps import Step

_SHOWN = 3  # files that a message names
_FIX = "Run again when the files are complete."


@contextmanager
def blame_moved_data(inputs: Inputs) -> Iterator[None]:
    """Turn an error into one for people where the files that the run rests on are not what they were at its begin.

    Parameters
    ----------
    inputs
        The files, as the run found them.

    Raises
    ------
    InputError
        An unexpected error came, and a file came, changed or went.
    """
    try:
        yield
    except MopsnbError:
        raise
    except Exception as error:
        if moved := list_moved(inputs):
            raise InputError(f"{_describe(moved)} {_FIX}") from error
        raise


def refuse_moved_data(step: Step, execution: Execution, inputs: Inputs) -> None:
    """Let a step fail where a file that it reads came, changed or went while the run was at work.

    It may have stopped because of that. Where it did not, its figures may mix two states of the data, or take a table
    for missing.

    Parameters
    ----------
    step
        The step.
    execution
        What became of it. It is changed in place.
    inputs
        The files, as the run found them.
    """
    if execution.cause in ("", "cell") and (moved := list_moved(inputs, step)):
        execution.status, execution.cause, execution.result = "failed", "moved", None
        execution.error = "\n".join(filter(None, [_describe(moved), execution.error]))


def _describe(moved: list[str]) -> str:
    more = f" and {len(moved) - _SHOWN} more" if len(moved) > _SHOWN else ""
    return f"Files came, changed or went while the run was at work: {', '.join(moved[:_SHOWN])}{more}."
