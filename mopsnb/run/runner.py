"""One run: a request in, a published report out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mopsnb.disk import writing
from mopsnb.errors import CurrencyError, MopsnbError
from mopsnb.run.aftermath import describe_run, file_dead_runs, witness
from mopsnb.run.ahead import ask_ahead
from mopsnb.run.alive import Alive, WitnessedProgress
from mopsnb.run.fingerprints import Inputs, take_inputs
from mopsnb.run.history import Changes, compare, merge_findings, read_previous
from mopsnb.run.house import KernelHouse
from mopsnb.run.imports import import_without_grammar, load
from mopsnb.run.keeping import Keeper, read_facts
from mopsnb.run.locking import hold
from mopsnb.run.moved import blame_moved_data, refuse_moved_data
from mopsnb.run.moves import clean_up
from mopsnb.run.orders import note_published
from mopsnb.run.plan import Plan, make_plan
from mopsnb.run.preload import list_modules
from mopsnb.run.progress import Progress
from mopsnb.run.publish import GOOD, RECORD, Place, build_in, choose_place, find_workspace, publish, take_name
from mopsnb.run.record import build_record, decide_status, describe_times, list_versions
from mopsnb.run.request import RunOutcome, RunRequest, StepOutcome
from mopsnb.run.resuming import Earlier, find_earlier, read_last_kept
from mopsnb.run.runs_index import list_afterwards
from mopsnb.run.unchanged import check_unchanged, describe_same
from mopsnb.secrets.known import find_redactor

if TYPE_CHECKING:
    from mopsnb.run.context import ExecutedStep, SiteContext
    from mopsnb.run.execution import Execution
    from mopsnb.run.harvest import Harvest
    from mopsnb.steps import Step
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
    started, progress = datetime.now(UTC), progress or Progress()
    plan = make_plan(request)
    place = choose_place(find_workspace(request.workspace), request.out, started)
    slugs = [step.slug for step in request.steps]
    held = hold(place.lock, slugs, on_lock=request.on_lock, timeout=request.lock_timeout, say=progress.announce)
    with held, list_afterwards(place):
        started = datetime.now(UTC)  # it may have waited for another run
        place = take_name(place, started)
        note_published(is_published=False)
        clean_up(place.link)
        if place.latest:
            file_dead_runs(place.folder.parent)
        if request.if_changed and (same := check_unchanged(plan, place)):
            return same  # the run that this one waited for may have done the work
        with KernelHouse.build(request.memory_limit) as house:
            house.warm_up(list_modules(plan.notebooks / step.notebook for step in request.steps))
            from mopsnb.data.shelf import build_shelf, use_shelf

            build_shelf(house.shelf)
            with (
                use_shelf(house.shelf),
                progress,
                build_in(place) as building,
                witness(place, building, house, describe_run(plan, place, started)) as alive,
            ):
                return _run_plan(plan, place, house, alive, progress)


def _run_plan(plan: Plan, place: Place, house: KernelHouse, alive: Alive, progress: Progress) -> RunOutcome:
    request, inputs, building = plan.request, take_inputs(plan), alive.folder
    with blame_moved_data(inputs):
        workspace, facts = _open_workspace(request)
    alive.learn(facts, {step.slug: plan.show_values(step, workspace) for step in request.steps})
    from mopsnb.results import dump_json
    from mopsnb.run.failure import report_failures
    from mopsnb.run.harvest import Harvest
    from mopsnb.run.pool import execute_steps
    from mopsnb.run.redaction import redact_folder, redact_value

    with Keeper(inputs, building, read_last_kept(place)) as keeper:
        progress.plan([step.slug for step in request.steps])
        if request.if_changed:
            inputs.facts = read_facts(workspace, inputs)
        earlier = find_earlier(request, place, inputs, progress.announce)
        if earlier.is_same:
            return describe_same(request, place, earlier.results)
        describe = partial(_describe_site, workspace, facts["currency"])
        harvest = Harvest(building, house.folder, request.steps, describe, request.keep_notebooks)
        if house.broker:
            house.broker.prepare = partial(_hide_secrets, harvest, alive)
        executions = harvest.take_over(earlier)
        rest = [step for step in request.steps if step.slug not in executions]
        shorter = replace(plan, request=replace(request, steps=rest))
        told = WitnessedProgress(progress, alive)
        take, meanwhile = partial(_take, harvest, inputs), partial(_prepare_site, workspace, inputs, rest)
        ran = execute_steps(shorter, workspace, house, take, told, meanwhile)
        house.obey(is_final=place.latest is None)
        executions |= {step.slug: execution for step, execution in zip(rest, ran, strict=True)}
        progress.say("writing the report")
        from mopsnb.run.site import write_index

        steps = _describe_steps(plan, executions, workspace, earlier)
        results = {step.step.slug: step.result for step in steps if step.result is not None}
        changes = compare(read_previous(place.latest), results)
        write_index(building, describe(_list_pages(steps, executions), changes))
        if request.single_file:
            from mopsnb.run.single_file import write_single_file

            write_single_file(building, request.steps)
        ended = datetime.now(UTC)
        findings = [*report_failures(steps), *merge_findings(results)]
        inputs.facts = inputs.facts or read_facts(workspace, inputs)
        volatile = {
            **describe_times(alive.started, ended, steps),
            "data_age_days": _count_age(workspace, ended),
            "jobs": plan.jobs,
            "versions": list_versions(),
            "taken_over": earlier.describe(),
            "inputs": keeper.finish(),
        }
        status = "stopped" if house.order else decide_status(steps, allow_partial=request.allow_partial)
        record = build_record({**facts, "status": status}, steps, findings, changes, volatile)
        record = redact_value(record, find_redactor())
        with writing("the report", building.parent):
            (building / RECORD).write_bytes(dump_json(record).encode("utf-8", "replace"))
            redact_folder(building)
        folder = publish(building, place, is_good=status in GOOD, at_last=alive.end)
        house.obey()
    return RunOutcome(folder, steps, findings, changes, place.latest, record)


def _open_workspace(request: RunRequest) -> tuple[Workspace, Mapping[str, Any]]:
    import_without_grammar("mopsnb.workspace")
    from mopsnb.workspace import open as open_workspace

    with ThreadPoolExecutor(1) as early:  # papermill loads while DuckDB looks for the latest day
        early.submit(import_without_grammar, "mopsnb.run.pool")
        workspace = open_workspace(request.workspace, as_of=request.as_of)
        return workspace, _list_facts(workspace)


def _take(harvest: Harvest, inputs: Inputs, step: Step, execution: Execution) -> None:
    refuse_moved_data(step, execution, inputs)
    harvest.add(step, execution)


def _hide_secrets(harvest: Harvest, alive: Alive) -> None:
    alive.refresh()
    harvest.hide_secrets()


def _prepare_site(workspace: Workspace, inputs: Inputs, steps: Sequence[Step]) -> None:
    """Work out what the notebooks ask of the data, and load what the pages need, while the kernels work."""
    with suppress(MopsnbError), blame_moved_data(inputs):  # the notebooks meet it too, and say it on their pages
        ask_ahead(workspace, steps)
    load("mopsnb.run.site")  # pages are written in the steps' threads, too
    from mopsnb.run.vega import read_bundle

    read_bundle()


def _describe_steps(
    plan: Plan, executions: Mapping[str, Execution], workspace: Workspace, earlier: Earlier
) -> list[StepOutcome]:
    return [
        StepOutcome(
            step=step,
            status=(earlier.status if step.slug in earlier.results else "") or execution.status,
            cause=execution.cause,
            error=execution.error,
            seconds=execution.seconds,
            parameters=plan.show_values(step, workspace),
            origins=plan.show_origins(step),
            result=execution.result,
        )
        for step in plan.request.steps
        for execution in [executions[step.slug]]
    ]


def _list_pages(steps: Sequence[StepOutcome], executions: Mapping[str, Execution]) -> list[ExecutedStep]:
    from mopsnb.run.context import ExecutedStep

    found = [(outcome.step, executions[outcome.step.slug]) for outcome in steps]
    return [ExecutedStep(step, item.notebook, item.result, item.status, item.error, item.cause) for step, item in found]


def _describe_site(
    workspace: Workspace, currency: str | None, pages: Sequence[ExecutedStep], changes: Changes | None = None
) -> SiteContext:
    from mopsnb.run.context import SiteContext

    return SiteContext(
        name=workspace.name,
        is_sample=workspace.is_sample,
        as_of=workspace.as_of,
        data_through=workspace.data_through,
        currency=currency,
        locale=workspace.locale,
        stale_after_days=workspace.strategy.thresholds.stale_after_days,
        steps=pages,
        changes={"new": changes.new, "resolved": changes.resolved} if changes and changes.has_previous else {},
        people={person.id: person.name or person.id for person in workspace.strategy.people},
        coordinator=_name_coordinator(workspace),
    )


def _name_coordinator(workspace: Workspace) -> str:
    names = [person.name or person.id for person in workspace.strategy.people if person.coordinator]
    return names[0] if len(names) == 1 else ""


def _find_currency(workspace: Workspace) -> str | None:
    try:
        return workspace.currency
    except CurrencyError:
        return None  # the steps that show money say so themselves


def _list_facts(workspace: Workspace) -> Mapping[str, Any]:
    def show(day: date | None) -> str | None:
        return day.isoformat() if day else None

    return {
        "workspace": workspace.name,
        "is_sample": workspace.is_sample,
        "as_of": show(workspace.as_of),
        "data_through": show(workspace.data_through),
        "locale": workspace.locale,
        "currency": _find_currency(workspace),
    }


def _count_age(workspace: Workspace, now: datetime) -> int | None:
    if workspace.data_through is None:
        return None
    return (now.astimezone(ZoneInfo(workspace.time_zone)).date() - workspace.data_through).days
