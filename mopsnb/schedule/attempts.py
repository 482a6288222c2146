"""One slot: its run, and what is repeated when that fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from mopsnb.errors import InputError, LockedError, MopsnbError, OutputError
from mopsnb.run.causes import BUG
from mopsnb.run.request import RunOutcome, RunRequest
from mopsnb.schedule.models import LOCKED, Schedule, count_waits
from mopsnb.strategy.spans import describe_span

_CAUSES = ((LockedError, LOCKED), (OutputError, "output"), (InputError, "input"))


@dataclass(frozen=True, slots=True)
class Ending:
    """How the run for a slot ended.

    Parameters
    ----------
    status
        ``ok``, ``failed``, or ``skipped``: another run held the workspace and the schedule says to skip then.
    exit_code
        As ``mopsnb run`` would end.
    causes
        Why it failed, without repetitions.
    error
        The same in words; empty where nothing did.
    outcome
        What the run left behind; None where it could not begin.
    tries
        How many times it ran.
    """

    status: str
    exit_code: int = 0
    causes: tuple[str, ...] = ()
    error: str = ""
    outcome: RunOutcome | None = None
    tries: int = 1


def run_with_retries(
    schedule: Schedule,
    requests: Iterator[RunRequest],
    run: Callable[[RunRequest], RunOutcome],
    sleep: Callable[[float], None],
    say: Callable[[str], None],
) -> Ending:
    """Run a schedule, and repeat it where its retries say so.

    Parameters
    ----------
    schedule
        The schedule.
    requests
        What to run first, and for each repetition.
    run
        Runs it.
    sleep
        Waits for seconds.
    say
        Hears of each repetition.
    """
    ending = _run_once(schedule, next(requests), run)
    for number, seconds in enumerate(count_waits(schedule.retries), 2):
        if not _is_retried(schedule, ending):
            break
        wait = describe_span(timedelta(seconds=seconds))
        say(f"{schedule.id}: {ending.error.rstrip('.')}. Trying again in {wait}.")
        sleep(seconds)
        again = _run_once(schedule, next(requests), run)
        ending = Ending(again.status, again.exit_code, again.causes, again.error, again.outcome, number)
    return ending


def _is_retried(schedule: Schedule, ending: Ending) -> bool:
    wanted = schedule.retries.on if schedule.retries else []
    return ending.status == "failed" and bool(ending.causes) and all(cause in wanted for cause in ending.causes)


def _run_once(schedule: Schedule, request: RunRequest, run: Callable[[RunRequest], RunOutcome]) -> Ending:
    try:
        outcome = run(request)
    except LockedError as error:
        if schedule.on_lock == "skip":
            return Ending("skipped", error=str(error))
        return Ending("failed", error.exit_code, (LOCKED,), str(error))
    except MopsnbError as error:
        causes = tuple(word for kind, word in _CAUSES if isinstance(error, kind))
        return Ending("failed", error.exit_code, causes[:1], str(error))
    except Exception as error:
        # The other schedules must run all the same; nobody is there to start them again.
        text = f"this is a bug in mopsnb, not in your data: {type(error).__name__}: {error}"
        return Ending("failed", BUG, ("bug",), text)
    failed = [step for step in outcome.steps if step.status == "failed"]
    causes = tuple(dict.fromkeys(step.cause for step in failed))
    text = " ".join(f"{step.step.slug} failed: {step.error}" for step in failed)
    code = outcome.find_exit_code(schedule.fail_on or "")
    return Ending("failed" if failed else "ok", code, causes, text, outcome)
