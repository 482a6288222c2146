"""The notebooks of a run, side by side: one thread and one kernel each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import Any

import nbformat

from mopsnb.disk import refuse_write
from mopsnb.errors import StepError
from mopsnb.run.cells import drop_interactive
from mopsnb.run.cleaning import clean_notebook, hide_folders, load_notebook, name_folders
from mopsnb.run.execution import Execution, execute
from mopsnb.run.gate import check_gate
from mopsnb.run.guard import Guard, Stop
from mopsnb.run.house import KernelHouse
from mopsnb.run.orders import find_order, undisturbed
from mopsnb.run.plan import Plan
from mopsnb.run.progress import Progress
from mopsnb.run.redaction import redact_notebook
from mopsnb.run.session import Session
from mopsnb.run.stills import Stills
from mopsnb.secrets.known import find_redactor
from mopsnb.steps import Step
from mopsnb.workspace import Workspace


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the steps of a run have in common."""

    plan: Plan
    workspace: Workspace
    house: KernelHouse
    progress: Progress
    stills: Stills
    take: Callable[[Step, Execution], None]


def execute_steps(
    plan: Plan,
    workspace: Workspace,
    house: KernelHouse,
    take: Callable[[Step, Execution], None],
    progress: Progress,
    meanwhile: Callable[[], None],
) -> list[Execution]:
    """Run every notebook of a plan and take over what it saved.

    Parameters
    ----------
    plan
        The steps and their values.
    workspace
        Opened once; gives the day and the folder to all steps.
    house
        Where the kernels live.
    take
        Called with each step as soon as it has ended, in its thread.
    progress
        Hears of each step and cell.
    meanwhile
        Called while the kernels work.

    Returns
    -------
    list of Execution
        In the order of the request's steps. A step that fails leaves the others alone. Where an order to end came,
        the house holds it, and every step that it met has failed with it.
    """
    silence_libraries()
    # The first notebook of a process builds what checks all of them: here once, and not in each thread.
    nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
    request = plan.request
    with (
        Stills() as stills,
        Guard(house, request.deadline, request.memory_limit, stills.end),
        ThreadPoolExecutor(plan.jobs, thread_name_prefix="step") as pool,
    ):
        futures: dict[str, Future[Execution]] = {}
        try:
            gated = check_gate(request.steps, request.gate, workspace)
            shared = _Shared(plan, workspace, house, progress, stills, take)
            futures |= {step.slug: pool.submit(_run_step, shared, step, gated.get(step.slug)) for step in plan.order}
            house.obey()
            meanwhile()
            wait(futures.values())
            house.obey()  # a library may have swallowed it
        except BaseException as error:
            order = find_order() or error  # a library may have made something else of it
            is_order = isinstance(order, KeyboardInterrupt | SystemExit)
            stop = Stop.obey(order) if is_order else Stop("stopped", "The run was stopped.", error)
            with undisturbed():  # a notebook that nobody ends may work for hours
                _stop(list(futures.values()), house, stills, stop)
            if not is_order or len(futures) < len(request.steps):
                raise
    return [futures[step.slug].result() for step in request.steps]


def silence_libraries() -> None:
    """Keep what libraries log about a kernel that died off the terminal; the step's outcome says it."""
    for name in ("papermill", "traitlets", "asyncio"):
        logger = logging.getLogger(name)
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


def _run_step(shared: _Shared, step: Step, gated: Stop | None) -> Execution:
    plan, workspace, house, progress = shared.plan, shared.workspace, shared.house, shared.progress
    values = plan.give_values(step, workspace)
    execution = Execution(nbformat.v4.new_notebook())  # type: ignore[no-untyped-call]
    try:
        if step.slug in plan.broken:
            raise StepError(plan.broken[step.slug])
        notebook = execution.notebook = drop_interactive(load_notebook(plan.notebooks / step.notebook))
        code = sum(cell.cell_type == "code" for cell in notebook.cells)
        progress.begin(step.slug, code + bool(values))  # papermill adds a cell with the values
        if stop := house.stop or gated:
            execution.cause, execution.error = stop.cause, stop.text
        else:
            advance = partial(progress.advance, step.slug)
            session = Session(
                house.prepare_kernel(step.slug),
                plan.request.timeout,
                plan.request.cell_timeout,
                advance,
                shared.stills.add,
            )
            execution = execute(notebook, step.slug, values, session, house.folder / step.slug)
    except StepError as error:
        execution.cause, execution.error = house.stop.cause if house.stop else "notebook", str(error)
    except OSError as error:
        execution.cause, execution.error = "output", str(refuse_write("temporary files", house.folder, error))
    folders = name_folders(
        {house.folder / step.slug: "", house.folder: "", workspace.path.resolve(): workspace.path.resolve().name}
    )
    redactor = find_redactor()  # first of all: a folder that is hidden may be part of a secret
    execution.notebook = clean_notebook(redact_notebook(execution.notebook, redactor), values, folders)
    execution.error = hide_folders(redactor(execution.error), folders)
    shared.take(step, execution)
    progress.finish(step.slug, execution.status, execution.seconds)
    return execution


def _stop(futures: Sequence[Future[Any]], house: KernelHouse, stills: Stills, stop: Stop) -> None:
    house.close(stop)
    stills.end()
    while wait(futures, timeout=0.1).not_done:
        house.kill_kernels()
