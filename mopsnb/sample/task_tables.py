"""Planned work as the tables ``task`` and ``task_event``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from mopsnb.sample import columns
from mopsnb.sample.clock import LAST_INSTANT, Ints, day_of, to_utc
from mopsnb.sample.columns import NEVER
from mopsnb.sample.streams import stream
from mopsnb.sample.tasks import Task

_CONSULTED = {"email": "farid-nazari", "webinar": "rep-novak", "project": "rep-novak;farid-nazari"}
LATEST_PLANNING = date(2026, 9, 14)
_STATUSES = ("todo", "in_progress", "done")


def tabulate_tasks(tasks: Sequence[Task], seed: int) -> pa.Table:
    """Return the table ``task``. Who is consulted and informed stands in further columns, for RACI charts."""
    generator = stream(seed, "tasks", 1)
    hours = np.array([task.hours for task in tasks])
    return pa.table(
        {
            "task_id": columns.texts([task.id for task in tasks]),
            "name": columns.texts([task.name for task in tasks]),
            "category": columns.texts([task.category for task in tasks]),
            "assignee": columns.texts([task.assignee for task in tasks]),
            "accountable": columns.texts([task.accountable for task in tasks]),
            "consulted": columns.texts([_CONSULTED[task.category] for task in tasks]),
            "informed": columns.fixed("maren-okafor", len(tasks)),
            "project": columns.texts([task.project for task in tasks]),
            "section": columns.texts(["Action plan" if t.category == "project" else "Recurring" for t in tasks]),
            "status": columns.texts([task.status for task in tasks]),
            "created_at": columns.stamps(_created(tasks)),
            "start_on": columns.dates(np.array([day_of(task.start) for task in tasks])),
            "due_on": columns.dates(np.array([day_of(task.due) for task in tasks])),
            "completed_at": columns.stamps(_done(tasks)),
            "depends_on": columns.texts([task.depends_on for task in tasks]),
            "effort_hours": columns.decimals(hours, 1),
            "effort_low": columns.decimals(hours * 0.75, 1),
            "effort_high": columns.decimals(hours * (1.4 + 0.6 * generator.random(len(tasks))), 1),
            "skill": columns.texts([task.skill for task in tasks]),
            "goal": columns.texts([task.goal for task in tasks]),
            "expected_effect": columns.texts([task.effect for task in tasks]),
        }
    )


def tabulate_changes(tasks: Sequence[Task]) -> pa.Table:
    """Return the table ``task_event``: when each task was written down, begun and done, in time order."""
    created, done = _created(tasks), _done(tasks)
    begun = _instants([task.begun for task in tasks], 9)
    begun = np.where(
        begun == NEVER, NEVER, np.minimum(np.maximum(begun, created + 600), np.maximum(done - 600, created + 600))
    )
    index = np.tile(np.arange(len(tasks)), len(_STATUSES))
    when = np.concatenate([created, begun, done])
    code = np.repeat(np.arange(len(_STATUSES)), len(tasks))
    keep = np.flatnonzero(when <= LAST_INSTANT)
    order = keep[np.lexsort((code[keep], index[keep], when[keep]))]
    return pa.table(
        {
            "task_id": columns.texts([tasks[i].id for i in index[order]]),
            "occurred_at": columns.stamps(when[order]),
            "status": columns.pick(_STATUSES, code[order]),
            "who": columns.texts([tasks[i].assignee for i in index[order]]),
        }
    )


def _instants(days: Sequence[date | None], hour: int) -> Ints:
    return np.array([int(to_utc(day_of(day), hour * 3_600)) if day else NEVER for day in days], dtype=np.int64)


def _done(tasks: Sequence[Task]) -> Ints:
    return _instants([task.done for task in tasks], 16)


def _created(tasks: Sequence[Task]) -> Ints:
    """Return when each task was written down: three weeks ahead, or at the latest planning meeting."""
    ahead = _instants([task.start - timedelta(days=21) for task in tasks], 10)
    return np.minimum(ahead, int(to_utc(day_of(LATEST_PLANNING), 10 * 3_600)))
