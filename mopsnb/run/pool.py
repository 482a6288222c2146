"""The notebooks of a run, side by side: one thread and one kernel each."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from typing import Any

import nbformat

from mopsnb.errors import StepError
from mopsnb.run.cleaning import clean_notebook, hide_folders, load_notebook, name_folders
from mopsnb.run.execution import Execution, Session, execute
from mopsnb.run.house import KernelHouse
from mopsnb.run.plan import Plan
from mopsnb.run.progress import Progress
from mopsnb.run.stills import Stills
from mopsnb.steps import Step
from mopsnb.workspace import Workspace


def execute_steps(
    plan: Plan,
    workspace: Workspace,
    house: KernelHouse,
    site: Path,
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
    site
        The report's folder. ``results/`` is filled, and ``notebooks/`` where the request keeps them.
    progress
        Hears of each step and cell.
    meanwhile
        Called while the kernels work.

    Returns
    -------
    list of Execution
        In the order of the request's steps. A step that fails leaves the others alone.
    """
    silence_libraries()
    with Stills() as stills, ThreadPoolExecutor(plan.jobs, thread_name_prefix="step") as pool:
        run = partial(_run_step, plan, workspace=workspace, house=house, progress=progress, stills=stills)
        futures = [pool.submit(run, step) for step in plan.request.steps]
        try:
            meanwhile()
            wait(futures)
        except BaseException:
            _stop(futures, house)
            raise
    executions = [future.result() for future in futures]
    (site / "results").mkdir(exist_ok=True)
    for step, execution in zip(plan.request.steps, executions, strict=True):
        if execution.status != "failed":
            _take_results(house.folder / step.slug / "results", step, execution, site / "results")
        if plan.request.keep_notebooks:
            _keep_notebook(execution, site / "notebooks" / f"{step.slug}.ipynb")
    return executions


def silence_libraries() -> None:
    """Keep what libraries log about a kernel that died off the terminal; the step's outcome says it."""
    for name in ("papermill", "traitlets", "asyncio"):
        logger = logging.getLogger(name)
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


def _run_step(
    plan: Plan, step: Step, *, workspace: Workspace, house: KernelHouse, progress: Progress, stills: Stills
) -> Execution:
    values = plan.give_values(step, workspace)
    try:
        if step.slug in plan.broken:
            raise StepError(plan.broken[step.slug])
        notebook = load_notebook(plan.notebooks / step.notebook)
        code = sum(cell.cell_type == "code" for cell in notebook.cells)
        progress.begin(step.slug, code + bool(values))  # papermill adds a cell with the values
        manager = house.prepare_kernel(step.slug)
        session = Session(manager, plan.request.timeout, partial(progress.advance, step.slug), stills.add)
        execution = execute(notebook, step.slug, values, session, house.folder / step.slug)
    except StepError as error:
        empty = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
        execution = Execution(empty, cause="notebook", error=str(error))
    folders = name_folders(
        {house.folder / step.slug: "", house.folder: "", workspace.path.resolve(): workspace.path.resolve().name}
    )
    execution.notebook = clean_notebook(execution.notebook, values, folders)
    execution.error = hide_folders(execution.error, folders)
    progress.finish(step.slug, execution.status, execution.seconds)
    return execution


def _stop(futures: Sequence[Future[Any]], house: KernelHouse) -> None:
    house.is_closed = True
    for future in futures:
        future.cancel()
    while wait(futures, timeout=0.1).not_done:
        house.kill_kernels()


def _take_results(source: Path, step: Step, execution: Execution, target: Path) -> None:
    """Take over the result and the tables that it names, and nothing else."""
    shutil.copyfile(source / f"{step.slug}.json", target / f"{step.slug}.json")
    for name in (execution.result or {})["tables"].values():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target / name)


def _keep_notebook(execution: Execution, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    text = nbformat.writes(execution.notebook)  # type: ignore[no-untyped-call]
    path.write_text(text + "\n", encoding="utf-8")
