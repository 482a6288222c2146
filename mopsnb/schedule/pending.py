"""Which slot of a schedule is to run now: a decision from what is written and what time it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mopsnb.schedule.cron import read_cron
from mopsnb.schedule.models import Schedule
from mopsnb.schedule.slots import list_slots
from mopsnb.schedule.state import Entry

FIRST = timedelta(hours=1)  # how far a schedule that nobody has seen yet looks back: a scheduler may be that late
AHEAD = timedelta(hours=25)  # a state that far ahead of the clock was written by a clock that was wrong
LONGEST = timedelta(days=366)  # nobody counts what was missed before
MOST_KILLS = 3  # a run that takes the machine down must not do so for ever


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do about a schedule.

    Parameters
    ----------
    schedule
        The schedule.
    entry
        What is known of it, put right for this moment.
    slot
        The moment to run for; None: nothing is due.
    missed
        Earlier slots within the window. The one run stands for them too.
    lapsed
        Slots longer ago than the window. No run makes up for them.
    given_up
        The slot of the last of so many runs in a row that were killed that people must know. It is not tried again.
    note
        What a person should know, in one sentence.
    """

    schedule: Schedule
    entry: Entry
    slot: datetime | None = None
    missed: tuple[datetime, ...] = ()
    lapsed: tuple[datetime, ...] = ()
    given_up: datetime | None = None
    note: str = ""


def decide(schedule: Schedule, entry: Entry | None, now: datetime) -> Decision:
    """Decide what to do about a schedule.

    Parameters
    ----------
    schedule
        The schedule.
    entry
        What is known of it; None: nothing yet.
    now
        What time it is.
    """
    known, note = _bring_up_to_date(schedule, entry, now)
    if not schedule.enabled:
        return Decision(schedule, replace(known, since=max(known.since, now), running=None))
    zone = ZoneInfo(known.time_zone)
    slots = list_slots(read_cron(schedule.cron), zone, max(known.since, now - LONGEST), now)
    lapsed = tuple(slot for slot in slots if now - slot > schedule.catch_up)
    open_slots = slots[len(lapsed) :]
    if lapsed:
        known = replace(known, since=lapsed[-1])
    if not open_slots:
        return Decision(schedule, replace(known, running=None), lapsed=lapsed, note=note)
    *missed, slot = open_slots
    if entry is None or entry.cron != known.cron or entry.time_zone != known.time_zone:
        missed = []  # nobody had promised those
    begun = known.running
    if begun:
        if begun.number >= MOST_KILLS:
            known, next_slot = replace(known, running=None), slot if slot != begun.slot else None
            return Decision(schedule, known, next_slot, tuple(missed), lapsed, begun.slot, note)
        note = note or f"Its run of {begun.started_at:%Y-%m-%d %H:%M} UTC ended without a word; it runs again."
    return Decision(schedule, known, slot, tuple(missed), lapsed, None, note)


def _bring_up_to_date(schedule: Schedule, entry: Entry | None, now: datetime) -> tuple[Entry, str]:
    zone = schedule.time_zone or "UTC"
    recent = now - min(FIRST, schedule.catch_up)
    if entry is None:
        return Entry(schedule.cron, zone, recent), ""
    note = ""
    if entry.since > now + AHEAD:
        note = f"Its last run is noted for {entry.since:%Y-%m-%d %H:%M} UTC, which is still to come: a clock was wrong."
        entry = replace(entry, since=now, running=None, ahead=max(entry.since, entry.ahead or entry.since))
    elif entry.ahead and entry.ahead <= now:
        entry = replace(entry, since=_find_since(schedule, entry, entry.ahead), ahead=None)
    if (entry.cron, entry.time_zone) != (schedule.cron, zone):
        entry = replace(entry, cron=schedule.cron, time_zone=zone, since=max(entry.since, recent), running=None)
    return entry, note


def _find_since(schedule: Schedule, entry: Entry, ahead: datetime) -> datetime:
    """Return up to when slots are dealt with, now that the clock is back where it stood before.

    Where it got there by a jump, it was the clock in between that was wrong, and slots up to then have run already.
    Where slot after slot ran on the way, it was the clock before, and the slot of that moment is yet to run.
    """
    begin = max(entry.since, ahead - LONGEST)
    slots = list_slots(read_cron(schedule.cron), ZoneInfo(schedule.time_zone or "UTC"), begin, ahead)
    return max(entry.since, ahead) if any(slot < ahead for slot in slots) else entry.since
