"""Schedules in words, with their next runs: what ``mopsnb schedule`` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mopsnb.schedule.cron import read_cron
from mopsnb.schedule.links import list_steps
from mopsnb.schedule.models import Schedule
from mopsnb.schedule.slots import list_next
from mopsnb.schedule.state import show_time
from mopsnb.steps import STEPS
from mopsnb.strategy.spans import write_span


@dataclass(frozen=True, slots=True)
class Outlook:
    """A schedule with its next runs.

    Parameters
    ----------
    schedule
        The schedule.
    slots
        When it runs next, in UTC.
    """

    schedule: Schedule
    slots: Sequence[datetime]

    @classmethod
    def build(cls, schedule: Schedule, moment: datetime, count: int) -> Outlook:
        """Look ahead from a moment. A disabled schedule has no next runs."""
        zone = find_zone(schedule)
        slots = list_next(read_cron(schedule.cron), zone, moment, count) if schedule.enabled else []
        return cls(schedule, slots)

    @property
    def timing(self) -> str:
        """When it runs, in words."""
        return f"{read_cron(self.schedule.cron).explain()}, {find_zone(self.schedule).key}"

    def __str__(self) -> str:
        head = f"{self.schedule.id}: {self.timing}" + ("" if self.schedule.enabled else " (disabled)")
        runs = [f"  {show_local(slot, find_zone(self.schedule))}   {slot:%Y-%m-%d %H:%M} UTC" for slot in self.slots]
        return "\n".join([head, *(f"  {line}" for line in _list_terms(self.schedule)), *runs])

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        zone = find_zone(self.schedule)
        values = self.schedule.model_dump(mode="json", exclude={"time_zone", "steps", "group"})
        for key in ("deadline", "cell_timeout", "catch_up"):
            span = getattr(self.schedule, key)
            values[key] = write_span(span) if span else None
        if self.schedule.retries:
            values["retries"]["wait"] = write_span(self.schedule.retries.wait)
        return {
            **values,
            "words": read_cron(self.schedule.cron).explain(),
            "time_zone": zone.key,
            "steps": [step.slug for step in list_steps(self.schedule.steps, self.schedule.group)],
            "next": [{"local": slot.astimezone(zone).isoformat(), "utc": show_time(slot)} for slot in self.slots],
        }


def find_zone(schedule: Schedule) -> ZoneInfo:
    """Return the zone of a schedule's clock."""
    return ZoneInfo(schedule.time_zone or "UTC")


def show_local(slot: datetime, zone: ZoneInfo) -> str:
    """Return a moment as a clock on the wall shows it, for example ``Mon 2026-11-23 06:00 CET``."""
    return f"{slot.astimezone(zone):%a %Y-%m-%d %H:%M %Z}"


def describe_outlooks(outlooks: Sequence[Outlook]) -> str:
    """Return schedules as text for a terminal."""
    if not outlooks:
        return "schedule.yml holds no schedule yet. Its comments and docs/schedules.md show how to write one."
    return "\n\n".join(map(str, outlooks))


def _list_terms(schedule: Schedule) -> Iterator[str]:
    steps = list_steps(schedule.steps, schedule.group)
    which = "all steps" if len(steps) == len(STEPS) else f"steps {', '.join(step.slug for step in steps)}"
    given = [f"{name}={value}" for name, value in schedule.params.items()]
    given += [f"parameters from {schedule.params_file}"] if schedule.params_file else []
    given += [f"as of {schedule.as_of}"] if schedule.as_of else []
    yield "; ".join([which, *given])
    yield "; ".join(_list_rules(schedule))
    for setting in schedule.notify:
        yield f"tells {setting.to} on {', '.join(setting.on)}"


def _list_rules(schedule: Schedule) -> Iterator[str]:
    yield f"a missed run is made up for within {write_span(schedule.catch_up)}"
    if schedule.retries:
        rule = schedule.retries
        times = "once" if rule.times == 1 else f"{rule.times} times"
        yield f"repeated up to {times} on {', '.join(rule.on)}, the first time after {write_span(rule.wait)}"
    if schedule.deadline:
        yield f"at most {write_span(schedule.deadline)}"
    if schedule.cell_timeout:
        yield f"a cell at most {write_span(schedule.cell_timeout)}"
    if schedule.gate:
        yield f"data gate: {schedule.gate}"
    if schedule.if_changed:
        yield "unchanged steps are taken over"
    if schedule.retention and (schedule.retention.keep or schedule.retention.days):
        kept = [f"{schedule.retention.keep} runs"] if schedule.retention.keep else []
        kept += [f"{schedule.retention.days} days"] if schedule.retention.days else []
        yield f"keeps {', '.join(kept)}"
