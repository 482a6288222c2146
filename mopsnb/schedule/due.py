"""Run what is due: claim a slot, run it, note how it ended, clear up, tell people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain, repeat
from pathlib import Path

from mopsnb.errors import MopsnbError, OutputError, UsageError, suggest
from mopsnb.run.request import RunOutcome, RunRequest
from mopsnb.schedule.attempts import Ending, run_with_retries
from mopsnb.schedule.handled import Handled, give_up, leave_out, note_end
from mopsnb.schedule.models import SHORTEST_WINDOW, Retention, Schedule, ScheduleFile
from mopsnb.schedule.pending import Decision, decide
from mopsnb.schedule.requests import make_request
from mopsnb.schedule.state import State

FRESH = SHORTEST_WINDOW  # schedulers call at least that often, so one call of all is that near to a slot
ROUNDS = 3  # then the next call goes on: a schedule that is always late must not keep one process for ever


@dataclass(frozen=True, slots=True)
class World:
    """What the work depends on from outside, so that a test can replace it.

    Parameters
    ----------
    clock
        Tells what time it is.
    run
        Runs a request.
    prune
        Deletes the runs of a workspace that a schedule's retention does not keep.
    tell
        Tells people: workspace, schedule, how the run ended. Returns what could not be delivered, in words.
    sleep
        Waits for seconds.
    say, warn
        Hear of what goes on, and of what a person should see to.
    """

    clock: Callable[[], datetime]
    run: Callable[[RunRequest], RunOutcome]
    prune: Callable[[Path, Retention], None]
    tell: Callable[[Path, Schedule, Ending], Sequence[str]]
    sleep: Callable[[float], None]
    say: Callable[[str], None]
    warn: Callable[[str], None]


def select(file: ScheduleFile, only: Sequence[str]) -> list[Schedule]:
    """Return the schedules named, or all.

    Raises
    ------
    UsageError
        There is no schedule of that name.
    """
    known = [schedule.id for schedule in file.schedules]
    for name in only:
        if name not in known:
            listed = f"The schedules are: {', '.join(known)}." if known else "schedule.yml holds none."
            text = f"There is no schedule '{name}'. {suggest(name, known)} {listed}"
            raise UsageError(text.replace("  ", " "))
    return [schedule for schedule in file.schedules if not only or schedule.id in only]


def foresee(
    workspace: Path, schedules: Sequence[Schedule], now: datetime, warn: Callable[[str], None]
) -> list[Handled]:
    """Return what would run now, and change nothing."""
    entries = State(workspace, warn).read()
    found = []
    for decision in (decide(schedule, entries.get(schedule.id), now) for schedule in schedules):
        if decision.slot:
            notes = (decision.note,) if decision.note else ()
            found.append(
                Handled(decision.schedule.id, "due", slot=decision.slot, missed=len(decision.missed),
                        left_out=decision.lapsed, notes=notes)
            )  # fmt: skip
        elif decision.given_up:
            found.append(give_up(decision, decision.given_up))
        elif decision.lapsed:
            found.append(leave_out(decision))
    return found


def run_now(workspace: Path, schedules: Sequence[Schedule], world: World) -> Iterator[Handled]:
    """Run schedules whether they are due or not, as :func:`run_due` does."""
    state = State(workspace, world.warn)
    for schedule in schedules:
        try:
            handled = _take(workspace, schedule, state, world, is_forced=True)
        except MopsnbError as error:
            handled = _refuse(workspace, schedule, world.clock(), error, world)
        if handled:
            yield handled


def run_due(workspace: Path, schedules: Sequence[Schedule], world: World) -> Iterator[Handled]:
    """Run what is due, the earliest slot first, until nothing is due any more.

    Parameters
    ----------
    workspace
        The workspace's folder.
    schedules
        The schedules to look at.
    world
        What the work depends on from outside.

    Yields
    ------
    Handled
        What became of each schedule that was due. Where the state of the schedules cannot be written, none runs, for
        it would run again with each call.
    """
    state = State(workspace, world.warn)
    for _ in range(ROUNDS):  # a long run may have made further slots due
        entries, now = state.read(), world.clock()
        decisions = [decide(schedule, entries.get(schedule.id), now) for schedule in schedules]
        has_run = False
        for decision in sorted(decisions, key=lambda decision: decision.slot or now):
            if decision.slot or decision.given_up or decision.entry != entries.get(decision.schedule.id):
                try:
                    handled = _take(workspace, decision.schedule, state, world)
                except MopsnbError as error:
                    handled = _refuse(workspace, decision.schedule, decision.slot, error, world)
                if handled:
                    yield handled
                    has_run = has_run or handled.tries > 0
        if not has_run:
            return


def _take(
    workspace: Path, schedule: Schedule, state: State, world: World, *, is_forced: bool = False
) -> Handled | None:
    """Deal with a schedule, unless another process is at it."""
    with state.claim(schedule.id) as is_mine:
        if not is_mine:
            return Handled(schedule.id, "busy", error="Another process is at work on it.")
        now = world.clock()
        known = state.read().get(schedule.id)  # another process may have done it while this one waited
        decision = decide(schedule, known, now)
        if is_forced:
            decision = replace(decision, slot=now, missed=(), given_up=None)
        if decision.slot:
            return _run(workspace, decision, decision.slot, state, world)
        if decision.note:
            world.warn(f"{schedule.id}: {decision.note}")
        entry, handled = decision.entry, leave_out(decision) if decision.lapsed else None
        if decision.given_up:
            handled = give_up(decision, decision.given_up)
            entry = entry.end(decision.given_up, note_end(handled, now))
        if entry != known:
            state.write(schedule.id, entry)
        if handled is None:
            return None
        return replace(handled, notes=tuple(_tell(workspace, schedule, _end_without_run(handled), world)))


def _run(workspace: Path, decision: Decision, slot: datetime, state: State, world: World) -> Handled:
    schedule, notes = decision.schedule, [decision.note] if decision.note else []
    state.write(schedule.id, decision.entry.begin(slot, world.clock()))
    if decision.given_up:  # before this run, which may end like those
        killed = give_up(decision, decision.given_up)
        notes += [killed.error, *_tell(workspace, schedule, _end_without_run(killed), world)]
    # What an earlier try for the same slot has completed is taken over.
    first = make_request(schedule, workspace, resume=decision.entry.running is not None)
    again = repeat(make_request(schedule, workspace, resume=True))
    ending = run_with_retries(schedule, chain([first], again), world.run, world.sleep, world.say)
    handled = Handled(
        schedule.id,
        ending.status,
        ending.exit_code,
        slot,
        len(decision.missed),
        decision.lapsed,
        ending.tries,
        ending.error,
        ending.outcome.folder.name if ending.outcome else "",
    )
    # First of all: a slot that has run must not run again because something went wrong afterwards.
    entry = decision.entry.end(slot, note_end(handled, world.clock()))
    unwritten = _attempt(lambda: state.write(schedule.id, entry), "It is not noted that this run ended")
    if unwritten and not ending.exit_code:
        handled = replace(handled, exit_code=OutputError.exit_code)
    notes += unwritten
    rule = schedule.retention
    if rule and ending.outcome:
        notes += _attempt(lambda: world.prune(workspace, rule), "Old runs were not deleted")
    if ending.status != "skipped":
        notes += _tell(workspace, schedule, ending, world)
    if decision.lapsed:
        notes += _tell(workspace, schedule, _end_without_run(leave_out(decision)), world)
    return replace(handled, notes=tuple(notes))


def _refuse(workspace: Path, schedule: Schedule, slot: datetime | None, error: MopsnbError, world: World) -> Handled:
    """Return that a schedule cannot run because its state cannot be written.

    Nothing can be noted then, not even who was told. So the call that is nearest to the slot tells, and no later one.
    """
    handled = Handled(schedule.id, "failed", error.exit_code, slot, error=str(error))
    if slot is None or world.clock() - slot >= FRESH:
        return handled
    causes = ("output",) if isinstance(error, OutputError) else ()
    ending = Ending("failed", error.exit_code, causes, str(error))
    return replace(handled, notes=tuple(_tell(workspace, schedule, ending, world)))


def _end_without_run(handled: Handled) -> Ending:
    return Ending("failed", handled.exit_code, (handled.status,), handled.error)


def _tell(workspace: Path, schedule: Schedule, ending: Ending, world: World) -> list[str]:
    work = partial(world.tell, workspace, schedule, ending)
    return _attempt(work, "Nobody was told") if schedule.notify else []


def _attempt(work: Callable[[], Sequence[str] | None], what: str) -> list[str]:
    """Do what must never make a good run look failed; return what went wrong."""
    try:
        return list(work() or ())
    except MopsnbError as error:
        return [f"{what}: {error}"]
    except Exception as error:
        return [f"{what}. This is a bug in mopsnb: {type(error).__name__}: {error}"]
