"""One notebook through papermill, from its file to its cleaned outputs and its result."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.execute import execute_notebook

from mopsnb.run.declaration import Value
from mopsnb.run.session import CellExitError, Session
from mopsnb.run.takeover import read_result

Status = Literal["ok", "no_data", "failed"]
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
        What stopped it, one of `mopsnb.run.causes`; empty where nothing did.
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
    cause: str = ""
    error: str = ""
    result: dict[str, Any] | None = None
    seconds: float = 0.0


class StepEngine(NBClientEngine):  # type: ignore[misc]
    """Papermill's own engine, with the kernel that the session brings."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, *, session: Session, **options: Any) -> None:
        """Run the cells in the session's kernel and leave the notebook with the session."""
        session.notebook = nb_man.nb
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
        _check_complete(session)
        session.put_drawings()
        outcome.result = read_result(folder / "results", step)
        outcome.status = outcome.result["status"]
    except Exception as error:  # whatever it is, the other steps go on
        found = session.diagnose(error)
        outcome.cause, outcome.error = found.cause, found.text
    with suppress(Exception):
        session.put_drawings()  # what a notebook that failed had drawn until then
    outcome.notebook = session.notebook or notebook
    outcome.seconds = time.monotonic() - begin
    _mark_stop(outcome, session)
    return outcome


def _check_complete(session: Session) -> None:
    # Papermill takes sys.exit() for a good end, and leaves the cells after it out without a word.
    cells = [] if session.notebook is None else session.notebook.cells
    code = {at for at, cell in enumerate(cells) if cell.cell_type == "code" and cell.source.strip()}
    named = {output.get("ename") for cell in cells for output in cell.get("outputs", [])}
    if "SystemExit" in named or code - set(session.begun):
        raise CellExitError("The notebook's code ended its own process (sys.exit) before its last cell.")


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
