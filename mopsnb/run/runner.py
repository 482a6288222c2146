"""One run: a request in, a published report out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mopsnb.errors import CurrencyError, MopsnbError
from mopsnb.run.history import Changes, compare, merge_findings, read_previous
from mopsnb.run.house import KernelHouse
from mopsnb.run.imports import import_without_grammar
from mopsnb.run.plan import Plan, make_plan
from mopsnb.run.preload import list_modules
from mopsnb.run.progress import Progress
from mopsnb.run.publish import RECORD, build_in, choose_place, publish
from mopsnb.run.record import build_record, describe_times, list_versions
from mopsnb.run.request import RunOutcome, RunRequest, StepOutcome

if TYPE_CHECKING:
    from mopsnb.run.execution import Execution
    from mopsnb.run.site import ExecutedStep
    from mopsnb.workspace import Workspace


def run(request: RunRequest, progress: Progress | None = None) -> RunOutcome:
    """Run notebooks and publish their report.

    Parameters, the place of the report and the strategy file are checked before a
    kernel starts. A step that fails leaves the others alone.

    Parameters
    ----------
    request
        What to run, on what, and where the report goes.
    progress
        Hears of each step and cell; None: nobody.

    Returns
    -------
    RunOutcome
        Where the report is and what it found. A failed step is part of it, not an exception.

    Raises
    ------
    ParameterError
        A parameter is unknown, mistyped or out of range.
    InputError
        The workspace or its strategy file cannot be used.
    OutputError
        The report cannot be written where it was asked for.
    """
    started = datetime.now(UTC)
    plan = make_plan(request)
    with KernelHouse.build() as house:
        house.warm_up(list_modules(plan.notebooks / step.notebook for step in request.steps))
        from mopsnb.data.shelf import build_shelf, use_shelf

        build_shelf(house.shelf)
        with use_shelf(house.shelf):
            return _run_plan(plan, house, started, progress or Progress())


def _run_plan(plan: Plan, house: KernelHouse, started: datetime, progress: Progress) -> RunOutcome:
    request = plan.request
    workspace, facts = _open_workspace(request)
    place = choose_place(workspace.path.resolve() if request.workspace else None, request.out, started)
    from mopsnb.results import dump_json
    from mopsnb.run.pool import execute_steps

    with progress, build_in(place) as building:
        progress.plan([step.slug for step in request.steps])
        executions = execute_steps(plan, workspace, house, building, progress, partial(_prepare_site, workspace))
        progress.say("writing the report")
        steps = _describe_steps(plan, executions, workspace)
        results = {step.step.slug: step.result for step in steps if step.result is not None}
        changes = compare(read_previous(place.latest), results)
        _write_site(building, _list_pages(steps, executions), workspace, changes)
        ended = datetime.now(UTC)
        findings = merge_findings(results)
        volatile = {
            **describe_times(started, ended, steps),
            "data_age_days": _count_age(workspace, ended),
            "jobs": plan.jobs,
            "versions": list_versions(),
        }
        record = build_record(facts, steps, findings, changes, volatile)
        (building / RECORD).write_text(dump_json(record), encoding="utf-8")
        folder = publish(building, place, is_good=all(step.status != "failed" for step in steps))
    return RunOutcome(folder, steps, findings, changes, place.latest, record)


def _open_workspace(request: RunRequest) -> tuple[Workspace, Mapping[str, Any]]:
    import_without_grammar("mopsnb.workspace")
    from mopsnb.workspace import open as open_workspace

    with ThreadPoolExecutor(1) as early:  # papermill loads while DuckDB looks for the latest day
        early.submit(import_without_grammar, "mopsnb.run.pool")
        workspace = open_workspace(request.workspace, as_of=request.as_of)
        return workspace, _list_facts(workspace)


def _prepare_site(workspace: Workspace) -> None:
    """Work out what every notebook asks of the data, and load what the pages need, while the kernels work."""
    with suppress(MopsnbError):  # the notebooks meet it too, and say it on their pages
        workspace.findings()
    from mopsnb.run import site  # noqa: F401
    from mopsnb.run.vega import read_bundle

    read_bundle()


def _describe_steps(plan: Plan, executions: Sequence[Execution], workspace: Workspace) -> list[StepOutcome]:
    return [
        StepOutcome(
            step=step,
            status=execution.status,
            cause=execution.cause,
            error=execution.error,
            seconds=execution.seconds,
            parameters=plan.show_values(step, workspace),
            result=execution.result,
        )
        for step, execution in zip(plan.request.steps, executions, strict=True)
    ]


def _list_pages(steps: Sequence[StepOutcome], executions: Sequence[Execution]) -> list[ExecutedStep]:
    from mopsnb.run.site import ExecutedStep

    return [
        ExecutedStep(step.step, execution.notebook, execution.result, execution.status, execution.error)
        for step, execution in zip(steps, executions, strict=True)
    ]


def _write_site(building: Path, pages: Sequence[ExecutedStep], workspace: Workspace, changes: Changes) -> None:
    from mopsnb.run.site import SiteContext, write_index, write_pages

    try:
        currency = workspace.currency
    except CurrencyError:
        currency = None  # the steps that show money say so themselves
    context = SiteContext(
        name=workspace.name,
        is_sample=workspace.is_sample,
        as_of=workspace.as_of,
        data_through=workspace.data_through,
        currency=currency,
        locale=workspace.locale,
        stale_after_days=workspace.strategy.thresholds.stale_after_days,
        steps=pages,
        changes={"new": changes.new, "resolved": changes.resolved} if changes.has_previous else {},
        people={person.id: person.name or person.id for person in workspace.strategy.people},
    )
    write_pages(building, pages, context)
    write_index(building, context)


def _list_facts(workspace: Workspace) -> Mapping[str, Any]:
    def show(day: date | None) -> str | None:
        return day.isoformat() if day else None

    return {
        "workspace": workspace.name,
        "is_sample": workspace.is_sample,
        "as_of": show(workspace.as_of),
        "data_through": show(workspace.data_through),
    }


def _count_age(workspace: Workspace, now: datetime) -> int | None:
    if workspace.data_through is None:
        return None
    return (now.astimezone(ZoneInfo(workspace.time_zone)).date() - workspace.data_through).days
