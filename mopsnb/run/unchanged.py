"""A run with ``--if-changed`` that has nothing to do. It ends at once, so nothing heavy is imported here."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from mopsnb.run.fingerprints import describe_changes, take_inputs
from mopsnb.run.history import Changes, merge_findings
from mopsnb.run.plan import Plan, make_plan
from mopsnb.run.publish import Place, choose_place, find_workspace
from mopsnb.run.request import RunOutcome, RunRequest, StepOutcome
from mopsnb.run.resuming import has_files, read_kept, read_record, read_results
from mopsnb.run.run_list import confirm_latest


def find_unchanged(request: RunRequest) -> RunOutcome | None:
    """Return the last good report where a new one would say the same; None where something changed.

    Raises
    ------
    ParameterError
        A parameter is unknown, mistyped or out of range.
    WorkspaceError
        The folder is not a workspace.
    OutputError
        The report cannot be written where it was asked for.
    """
    plan = make_plan(request)
    return check_unchanged(plan, choose_place(find_workspace(request.workspace), request.out, datetime.now(UTC)))


def check_unchanged(plan: Plan, place: Place) -> RunOutcome | None:
    """Return the last good report of a place where a plan would make the same one; None where it would not."""
    folder, request = place.link.resolve(), plan.request
    record = read_record(folder)
    slugs = [step.slug for step in request.steps]
    try:
        if record.get("status") != "ok" or [item["step"] for item in record["steps"]] != slugs:
            return None
        kept = read_kept(folder, record)
        if not kept or any(describe_changes(take_inputs(plan), kept, record["as_of"])):
            return None
    except (KeyError, TypeError, AttributeError):  # somebody wrote into run.json
        return None
    results = read_results(folder, request)
    return describe_same(request, place, results) if list(results) == slugs and has_files(folder, request) else None


def describe_same(request: RunRequest, place: Place, results: Mapping[str, Mapping[str, Any]]) -> RunOutcome:
    """Return the last good report of a place as the outcome of a run that had nothing to do.

    Where a newer run was not good, the index of runs says from here on that the report still holds.
    """
    folder = place.link.resolve()
    if place.latest:
        with suppress(OSError):  # the answer matters more
            if confirm_latest(place.folder.parent):
                from mopsnb.run.runs_index import write_index_of_runs

                write_index_of_runs(place.folder.parent)
    record = read_record(folder)
    parameters = {item["step"]: item["parameters"] for item in record["steps"]}
    steps = [
        StepOutcome(step, "unchanged", parameters=parameters[step.slug], result=results[step.slug])
        for step in request.steps
    ]
    findings = merge_findings(results)
    return RunOutcome(folder, steps, findings, Changes(persisting=findings), place.latest, record, is_unchanged=True)
