"""The world as it is: the runner, the disk, people's mailboxes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from mopsnb.errors import MopsnbError
from mopsnb.run.progress import Progress
from mopsnb.run.request import RunOutcome, RunRequest
from mopsnb.schedule.attempts import Ending
from mopsnb.schedule.due import World
from mopsnb.schedule.models import Retention, Schedule


def build_world(
    clock: Callable[[], datetime],
    progress: Callable[[], Progress],
    say: Callable[[str], None],
    warn: Callable[[str], None],
) -> World:
    """Return what `mopsnb due` works with.

    Parameters
    ----------
    clock
        Tells what time it is.
    progress
        Makes what hears of a run's steps and cells.
    say, warn
        Hear of what goes on, and of what a person should see to.
    """
    return World(
        clock=clock,
        run=partial(_run, progress),
        prune=partial(_prune, clock),
        tell=_tell,
        sleep=time.sleep,
        say=say,
        warn=warn,
    )


def _run(progress: Callable[[], Progress], request: RunRequest) -> RunOutcome:
    if request.if_changed:  # found out before anything heavy is imported
        from mopsnb.run.unchanged import find_unchanged

        if same := find_unchanged(request):
            return same
    from mopsnb.run.runner import run

    return run(request, progress())


def _prune(clock: Callable[[], datetime], workspace: Path, rule: Retention) -> None:
    from mopsnb.run.retention import prune

    if rule.keep is not None or rule.days is not None:
        prune(workspace / "runs", keep=rule.keep, days=rule.days, now=clock())


def _tell(workspace: Path, schedule: Schedule, ending: Ending) -> Sequence[str]:
    from mopsnb.notify.story import tell_of_refusal
    from mopsnb.notify.telling import tell

    if ending.outcome:
        is_same = ending.outcome.is_unchanged
        deliveries = tell(ending.outcome.folder, schedule.notify, exit_code=ending.exit_code, is_same=is_same)
    else:
        cause = ending.causes[0] if ending.causes else ""
        text = f"Schedule {schedule.id}: {ending.error}"
        deliveries = tell(tell_of_refusal(_name(workspace), text, ending.exit_code, cause), schedule.notify)
    return [str(delivery) for delivery in deliveries if delivery.status == "failed"]


def _name(workspace: Path) -> str:
    """Return the company's name, or the folder's where the strategy gives none."""
    from mopsnb.strategy.reading import read_strategy

    try:
        name = read_strategy(workspace / "strategy.yml").organization.name
    except MopsnbError:
        name = ""  # that may be why there was no run
    return name or workspace.resolve().name
