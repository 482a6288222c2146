"""From a schedule to what the runner is asked for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from mopsnb.run.request import RunRequest
from mopsnb.schedule.links import list_steps
from mopsnb.schedule.models import Schedule, list_items, show_day


def make_request(schedule: Schedule, workspace: Path, *, resume: bool = False) -> RunRequest:
    """Return the run that a schedule asks for.

    Parameters
    ----------
    schedule
        The schedule.
    workspace
        The workspace's folder.
    resume
        Whether the run before it for the same slot failed: what that one completed is taken over.
    """
    return RunRequest(
        workspace=str(workspace),
        steps=list_steps(schedule.steps, schedule.group),
        parameters=tuple(list_items(schedule.params)),
        parameter_file=workspace / schedule.params_file if schedule.params_file else None,
        as_of=show_day(schedule.as_of),
        deadline=_count(schedule.deadline),
        cell_timeout=_count(schedule.cell_timeout),
        gate=schedule.gate or "",
        on_lock=schedule.on_lock,
        lock_timeout=_count(schedule.deadline),  # who waits longer than that would be late anyway
        resume=resume,
        if_changed=schedule.if_changed and not resume,
        allow_partial=schedule.allow_partial,
        single_file=any(setting.attach == "single_file" for setting in schedule.notify),
    )


def _count(span: timedelta | None) -> float | None:
    return span.total_seconds() if span else None
