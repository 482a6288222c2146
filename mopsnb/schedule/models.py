"""What a team writes in schedule.yml, as pydantic models.

Each field's description is the text of the reference part of ``docs/schedules.md``.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from mopsnb.notify.settings import NotifySetting
from mopsnb.run.causes import CAUSES
from mopsnb.schedule.cron import read_cron
from mopsnb.strategy.models import Part
from mopsnb.strategy.names import find_nearest
from mopsnb.strategy.spans import read_span
from mopsnb.strategy.values import Day, Flag, Kind, Text, TimeZone, Version, read_list, read_number, read_whole

LOCKED = "locked"  # another run holds the workspace: no step failed, so it is no cause of the runner's
RETRIED = (*(cause for cause in CAUSES if cause not in ("stopped", "killed", "bug")), LOCKED)
SHORTEST_WINDOW = timedelta(minutes=15)  # what calls `mopsnb due` does so at least that often
LONGEST = timedelta(days=7)  # of a deadline, and of a wait before a repetition
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def _read_id(text: str) -> str:
    if _ID.fullmatch(text):
        return text
    fixed = re.sub(r"[^a-z0-9_-]+", "-", text.casefold()).strip("-")[:40]
    raise ValueError(f"Write {fixed}." if _ID.fullmatch(fixed) else "Names of files are made from it.")


def _read_cron_text(text: str) -> str:
    return read_cron(text).text


def _read_window(text: str) -> timedelta:
    span = read_span(text)
    if not SHORTEST_WINDOW <= span <= timedelta(days=366):
        raise ValueError("Schedulers call every 15 minutes, so less than 15m would miss runs.")
    return span


def _read_limit(text: str) -> timedelta:
    span = read_span(text)
    if not timedelta(seconds=1) <= span <= LONGEST:
        raise ValueError("Choose at least 1s and at most 7d.")
    return span


def _read_cause(text: str) -> str:
    if text in RETRIED:
        return text
    raise ValueError(find_nearest(text, RETRIED) or "The page on the command line explains each cause.")


Id = Annotated[str, Kind("an id of small letters, digits, - and _, which no other schedule has", _read_id)]
CronText = Annotated[str, Kind('a cron expression of five fields, for example "0 6 * * MON"', _read_cron_text)]
Window = Annotated[timedelta, Kind("a time from 15m to 366d, for example 36h", _read_window)]
Limit = Annotated[timedelta, Kind("a time from 1s to 7d, for example 30m", _read_limit)]
Times = Annotated[int, Field(ge=0, le=10), Kind("a whole number from 0 to 10", read_whole)]
Keep = Annotated[int, Field(ge=1, le=10_000), Kind("a whole number from 1 to 10000", read_whole)]
KeepDays = Annotated[int, Field(ge=1, le=3650), Kind("a whole number of days from 1 to 3650", read_whole)]
Factor = Annotated[float, Field(ge=1, le=10), Kind("a number from 1 to 10", read_number)]
Slug = Annotated[str, Kind("the id of a step, see mopsnb steps", str)]
Slugs = Annotated[list[Slug], Field(min_length=1), Kind("a list of the ids of steps, see mopsnb steps", read_list)]
CauseName = Annotated[str, Kind(f"one of {', '.join(RETRIED)}", _read_cause)]
Causes = Annotated[list[CauseName], Field(min_length=1), Kind(f"a list of causes: {', '.join(RETRIED)}", read_list)]
Value = Annotated[str, Kind("a value that the notebook's parameter accepts", str)]
Severity = Literal["error", "warning"]


class Retries(Part):
    """When a failed run is repeated."""

    times: Times = Field(2, description="How many times a run is repeated at most.")
    wait: Limit = Field(timedelta(minutes=5), description="How long to wait before the first repetition.")
    factor: Factor = Field(2.0, description="By how much the wait grows each time, up to 7 days.")
    on: Causes = Field(
        ["kernel", "memory", "output", LOCKED],
        description="Which failures are repeated: the causes of [the exit codes](command-line.md#exit-codes), and"
        " `locked`, another run holds the workspace. A run is repeated where every failed step has one of them.",
    )


class Retention(Part):
    """Which runs are kept: those that one of the keys keeps, and always the last good one."""

    keep: Keep | None = Field(None, description="How many of the newest runs stay.")
    days: KeepDays | None = Field(None, description="For how many days a run stays.")


class Schedule(Part):
    """One report that is made again and again."""

    id: Id = Field(description="How messages, the state and generated files name it.")
    cron: CronText = Field(
        description="When: minute, hour, day of the month, month, weekday. Names (`MON`, `JAN`), ranges, lists and"
        " steps work, and `L` (last day), `LW` (last working day), `5L` (last Friday), `MON#1` (first Monday)."
    )
    time_zone: TimeZone | None = Field(
        None, description="Where the clock hangs that `cron` means. If there is none, the strategy's `time_zone`."
    )
    steps: Slugs | None = Field(None, description="The steps to run. Without `steps` and `group`: all.")
    group: Text = Field("", description="The group of steps to run, instead of `steps`.")
    params: dict[str, Value] = Field(
        {}, description="Parameters of the notebooks: `months: 12` for every step that has it, `metrics.months: 12` for"
        " one."
    )  # fmt: skip
    params_file: Text = Field(
        "", description="A file of parameters, relative to the workspace: see [parameters](parameters.md)."
    )
    as_of: Day | None = Field(
        None, description="The last day that counts. If there is none, the latest event or spend in the data."
    )
    deadline: Limit | None = Field(None, description="The longest time that a whole run may take.")
    cell_timeout: Limit | None = Field(None, description="The longest time that one cell of a notebook may take.")
    retries: Retries | None = Field(None, description="When a failed run is repeated. If there is no such key, never.")
    catch_up: Window = Field(
        timedelta(hours=36),
        description="How late a run may start. What was missed longer ago is left out, and said.",
    )
    on_lock: Literal["wait", "skip", "fail"] = Field(
        "wait", description="What to do while another run holds the workspace."
    )
    if_changed: Flag = Field(
        False, description="Whether steps whose inputs are the same as in the last good run are taken over from it."
    )
    fail_on: Severity | None = Field(None, description="From which severity on a finding gives the exit code 4.")
    gate: Severity | None = Field(
        None, description="From which severity on a finding on the data stops a step before it starts."
    )
    allow_partial: Flag = Field(False, description="Whether a run with failed steps may become the workspace's latest.")
    retention: Retention | None = Field(
        None, description="Which runs are kept, looked at after each run. If there is no such key, all."
    )
    notify: list[NotifySetting] = Field([], description="Whom to tell, see [notifications](notifications.md).")
    enabled: Flag = Field(True, description="Whether it runs. What a disabled schedule misses is not caught up.")


class ScheduleFile(Part):
    """The whole file."""

    version: Version = Field(1, description="The version of this file's format.")
    schedules: list[Schedule] = Field([], description="The reports that are made again and again.")

    def find(self, name: str) -> Schedule | None:
        """Return the schedule with this id, or None."""
        return next((schedule for schedule in self.schedules if schedule.id == name), None)


def count_waits(retries: Retries | None) -> list[float]:
    """Return the seconds to wait before each repetition, no wait longer than `wait` itself may be.

    Examples
    --------
    >>> count_waits(Retries(times=3))
    [300.0, 600.0, 1200.0]
    """
    if retries is None:
        return []
    seconds = retries.wait.total_seconds()
    return [min(seconds * retries.factor**number, LONGEST.total_seconds()) for number in range(retries.times)]


def show_day(day: date | None) -> str:
    """Return a day as the runner takes it; empty text for none."""
    return day.isoformat() if day else ""


def list_items(params: dict[str, Any]) -> list[str]:
    """Return parameters as the runner takes them.

    Examples
    --------
    >>> list_items({"metrics.months": "12"})
    ['metrics.months=12']
    """
    return [f"{name}={value}" for name, value in params.items()]
