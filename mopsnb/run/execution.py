"""One notebook through papermill, from its file to its cleaned outputs and its result."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook

from mopsnb import errors
from mopsnb.run.declaration import Value
from mopsnb.run.kernels import StepKernelManager
from mopsnb.run.stills import Drawing

Status = Literal["ok", "no_data", "failed"]
Cause = Literal["", "input", "cell", "kernel", "timeout", "result", "notebook", "stopped"]
ENGINE = "mopsnb"
_MARKER = "papermill-error-cell-tag"  # of cells that papermill adds to a notebook that failed
START_TIMEOUT = 120  # seconds for a kernel to answer; a laptop waking up takes long


@dataclass(slots=True)
class Execution:
    """What became of one notebook.

    Parameters
    ----------
    status
        ``ok``, ``no_data`` or ``failed``.
    cause
        What stopped it: ``input`` (something the team supplied), ``cell`` (an error in the notebook's code),
        ``kernel`` (its process ended), ``timeout``, ``result`` (no result saved), ``notebook`` (not readable),
        ``stopped`` (the run was stopped); empty where nothing did.
    error
        The cause in words, for the page and the terminal.
    notebook
        The notebook as far as it ran.
    result
        What it saved, as ``results/<step>.json`` holds it; None where it failed.
    seconds
        How long it took.
    """

    notebook: NotebookNode
    status: Status = "failed"
    cause: Cause = ""
    error: str = ""
    result: dict[str, Any] | None = None
    seconds: float = 0.0


@dataclass(slots=True)
class Session:
    """One execution as papermill's engine sees it: which kernel, how long, who watches.

    Parameters
    ----------
    manager
        Starts and ends the kernel.
    timeout
        Seconds for the whole notebook; None: no limit.
    advance
        Called with the number of code cells begun.
    draw
        Called with each cell that ran; begins to draw the still pictures that its outputs lack.
    """

    manager: StepKernelManager
    timeout: float | None = None
    advance: Callable[[int], None] = lambda _: None
    draw: Callable[[NotebookNode], list[Drawing]] = lambda _: []
    drawings: list[Drawing] = field(default_factory=list)
    notebook: NotebookNode | None = None
    begun: list[int] = field(default_factory=list)
    deadline: float = 0.0

    def begin_cell(self, cell: NotebookNode, cell_index: int) -> None:
        """Note that a code cell begins."""
        self.begun.append(cell_index)
        self.manager.is_busy = True
        self.advance(len(self.begun))

    def end_cell(self, cell: NotebookNode, cell_index: int, execute_reply: Any) -> None:
        """Note that the kernel answered."""
        self.manager.is_busy = False
        self.drawings += self.draw(cell)

    def put_drawings(self) -> None:
        """Wait for the still pictures and put them into the notebook.

        Raises
        ------
        StepError
            One cannot be drawn.
        """
        while self.drawings:
            self.drawings.pop().put()

    def give_time(self, cell: NotebookNode) -> int | None:
        """Return the seconds that are left for a cell, at least one."""
        return None if self.timeout is None else max(1, math.ceil(self.deadline - time.monotonic()))


class StepEngine(NBClientEngine):  # type: ignore[misc]
    """Papermill's own engine, with the kernel that the session brings."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, *, session: Session, **options: Any) -> None:
        """Run the cells in the session's kernel and leave the notebook with the session."""
        session.notebook = nb_man.nb
        session.deadline = time.monotonic() + (session.timeout or 0)
        client = PapermillNotebookClient(
            nb_man,
            kernel_name=kernel_name,
            startup_timeout=START_TIMEOUT,
            timeout_func=session.give_time,
            on_cell_execute=session.begin_cell,
            on_cell_executed=session.end_cell,
            coalesce_streams=True,  # how printed text is cut into messages differs from run to run
            record_timing=False,
            raise_on_iopub_timeout=True,
            iopub_timeout=60,
        )
        client.km = session.manager  # the client still owns it, and ends it
        client.execute(cwd=options["cwd_of_kernel"])


papermill_engines.register(ENGINE, StepEngine)


def execute(
    notebook: NotebookNode, step: str, values: Mapping[str, Value], session: Session, folder: Path
) -> Execution:
    """Run one notebook and read its result.

    Parameters
    ----------
    notebook
        The notebook, fresh from its file. It is not changed.
    step
        The step's id.
    values
        Typed values by parameter name.
    session
        The kernel and who watches.
    folder
        The kernel's working folder. The result is expected in ``results/`` below it.

    Returns
    -------
    Execution
        With status ``failed`` and a cause where it did not reach its end; this function does not raise.
    """
    begin = time.monotonic()
    outcome = Execution(notebook)
    try:
        execute_notebook(
            notebook,
            None,
            parameters=dict(values),
            engine_name=ENGINE,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            session=session,
            cwd_of_kernel=str(folder),
        )
        session.put_drawings()
        outcome.result = read_result(folder / "results", step)
        outcome.status = outcome.result["status"]
    except PapermillExecutionError as error:
        outcome.cause, outcome.error = _explain_cell(error)
    except CellTimeoutError:
        outcome.cause = "timeout"
        outcome.error = f"The notebook was stopped: it took longer than {session.timeout or 0:g} seconds."
    except errors.StepError as error:
        outcome.cause, outcome.error = "result", str(error)
    except (DeadKernelError, RuntimeError) as error:
        end = session.manager.describe_end()
        outcome.cause = "kernel"
        outcome.error = f"The notebook's process ended early{end or f': {error}'}.".replace("..", ".")
    except Exception as error:  # whatever it is, the other steps go on
        outcome.cause = "kernel"
        outcome.error = f"The notebook could not be run: {type(error).__name__}: {error}"
    with suppress(Exception):
        session.put_drawings()  # what a notebook that failed had drawn until then
    outcome.notebook = session.notebook or notebook
    outcome.seconds = time.monotonic() - begin
    _mark_stop(outcome, session)
    return outcome


def read_result(results: Path, step: str) -> dict[str, Any]:
    """Return the result that a step saved.

    Raises
    ------
    StepError
        There is none, or it is not a result of this step.
    """
    path = results / f"{step}.json"
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
        tables = list(result["tables"].values())
        is_sound = result["step"] == step and result["status"] in ("ok", "no_data")
    except FileNotFoundError:
        raise errors.StepError("The notebook reached its end and saved no result.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise errors.StepError(f"The notebook saved a result that cannot be read: {error}.") from error
    inside = results.resolve()
    missing = [name for name in tables if not (results / name).resolve().is_relative_to(inside)]
    missing += [name for name in tables if not (results / name).is_file()]
    if not is_sound or missing:
        what = f"tables that are not there: {', '.join(missing)}" if missing else "another step or status"
        raise errors.StepError(f"The notebook saved a result that names {what}.")
    return dict(result)


def _explain_cell(error: PapermillExecutionError) -> tuple[Cause, str]:
    known = getattr(errors, error.ename, None)
    # Another package may have an error of the same name; only ours shows no traceback.
    if isinstance(known, type) and issubclass(known, errors.MopsnbError) and "".join(error.traceback) == error.evalue:
        return ("input" if issubclass(known, errors.InputError) else "cell"), error.evalue
    text = " ".join(error.evalue.split())
    return (
        "cell",
        f"The notebook's code raised an error that it does not expect: {error.ename}{': ' * bool(text)}{text}",
    )


def _mark_stop(outcome: Execution, session: Session) -> None:
    """Leave marks of execution on the cells that began, and on no other.

    Papermill calls every cell completed when a kernel dies, which makes a broken page look whole.
    """
    outcome.notebook.cells = [cell for cell in outcome.notebook.cells if _MARKER not in cell.metadata.get("tags", [])]
    begun = set(session.begun)
    for index, cell in enumerate(outcome.notebook.cells):
        if cell.cell_type != "code":
            continue
        if index not in begun:
            cell.execution_count, cell.outputs = None, []
        elif cell.get("execution_count") is None:
            cell.execution_count = session.begun.index(index) + 1
