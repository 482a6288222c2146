"""Planned work: recurring letters and webinars from templates, and the projects of the action plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from mopsnb.sample import company
from mopsnb.sample.clock import END
from mopsnb.sample.programs import letter_days
from mopsnb.sample.story import read_rows
from mopsnb.sample.streams import stream

NOT_ACCOUNTABLE = (-4, -1)  # of the open tasks, those that nobody answers for
_LEADS = {"email": "leo-marchand", "webinar": "ines-calloway", "project": "tobias-lindqvist"}
_GOALS = {"email": "email-clicks", "webinar": "qualified-leads"}


@dataclass(slots=True)
class Task:
    """One piece of work.

    ``begun`` and ``done`` are None while the work has not begun or is not done on the last day of data.
    """

    id: str
    name: str
    category: str
    project: str
    skill: str
    assignee: str
    accountable: str | None
    hours: float
    start: date
    due: date
    depends_on: str | None
    goal: str
    effect: str | None
    begun: date | None
    done: date | None

    @property
    def status(self) -> str:
        """The task's status on the last day of data."""
        return "done" if self.done else ("in_progress" if self.begun else "todo")


@dataclass(frozen=True, slots=True)
class _Chain:
    """Steps of which each waits for the one before: category, project, goal and expected effect."""

    category: str
    project: str
    goal: str
    effect: str | None = None


def list_tasks(seed: int) -> list[Task]:
    """Return all tasks in a fixed order."""
    generator = stream(seed, "tasks")
    tasks: list[Task] = []
    for day in letter_days():
        # Since the offer library a letter takes less time from brief to send.
        pace = 1.0 if day < company.OFFER_LIBRARY else 0.75
        _add_recurring(
            tasks, _Chain("email", f"The Cold Chain Letter {day:%Y-%m}", _GOALS["email"]), day, pace, generator
        )
    for row in read_rows("webinars"):
        chain = _Chain("webinar", f"Webinar: {row['title']}", _GOALS["webinar"])
        _add_recurring(tasks, chain, date.fromisoformat(row["day"]), 1.0, generator)
    for row in read_rows("projects"):
        _add_project(tasks, _Chain("project", row["project"], row["goal"], row["effect"]), row["first_day"])
    still_open = [task for task in tasks if task.done is None]
    for position in NOT_ACCOUNTABLE:
        still_open[position].accountable = None
    return tasks


def _add_recurring(tasks: list[Task], chain: _Chain, due: date, pace: float, generator: np.random.Generator) -> None:
    """Add a chain from its template, planned backwards from the day of the whole; most steps are done on time."""
    steps = [row for row in read_rows("recurring_steps") if row["category"] == chain.category]
    before = None
    for row in steps:
        planned = _on_weekday(due - timedelta(days=round(int(row["days_before"]) * pace)))
        begin = _on_weekday(planned - timedelta(days=max(1, round(float(row["hours"]) * pace))))
        late = int(generator.choice([-1, 0, 0, 0, 1, 2, 4])) if int(row["days_before"]) else 0
        done = max(begin, _on_weekday(planned + timedelta(days=late)))
        name = f"{row['name']}: {chain.project}"
        before = _add(tasks, chain, row | {"name": name}, (begin, planned, done), before)


def _add_project(tasks: list[Task], chain: _Chain, first_day: str) -> None:
    """Add a project's steps. Where no delay is written, the step is not done yet."""
    first = begin = date.fromisoformat(first_day)
    before = None
    for row in read_rows("project_steps"):
        if row["project"] == chain.project:
            due = _on_weekday(first + timedelta(days=int(row["due_after"])))
            done = _on_weekday(due + timedelta(days=int(row["days_late"]))) if row["days_late"] else date.max
            before = _add(tasks, chain, row, (begin, due, done), before)
            begin = due


def _on_weekday(day: date) -> date:
    """Return the day, or the Friday before where it falls on a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _add(
    tasks: list[Task], chain: _Chain, row: dict[str, str], days: tuple[date, date, date], before: str | None
) -> str:
    """Add a task with planned first day, due day and day done; return its id."""
    begin, due, done = days
    begun = min(begin, done)
    tasks.append(
        Task(
            id=f"K{len(tasks) + 1:04d}",
            name=row["name"],
            category=chain.category,
            project=chain.project,
            skill=row["skill"],
            assignee=row["assignee"],
            accountable=_LEADS[chain.category],
            hours=float(row["hours"]),
            start=begin,
            due=due,
            depends_on=before,
            goal=chain.goal,
            effect=chain.effect,
            begun=begun if begun <= END else None,
            done=done if done <= END else None,
        )
    )
    return tasks[-1].id


def find_overdue(tasks: Sequence[Task]) -> list[str]:
    """Return the ids of tasks that should be done by the last day of data and are not."""
    return [task.id for task in tasks if task.done is None and task.due <= END]
