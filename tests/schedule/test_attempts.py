"""What is repeated when a run fails, and how long one waits."""

from __future__ import annotations

from itertools import repeat

import pytest
from schedule_samples import Stage

from mopsnb.errors import InputError, LockedError, OutputError
from mopsnb.schedule.attempts import Ending, run_with_retries
from mopsnb.schedule.models import Retries, Schedule
from mopsnb.schedule.requests import make_request

DEFAULT = Retries(times=3)


def attempt(stage: Stage, tmp_path, *endings: object, retries: Retries | None = DEFAULT, on_lock="wait") -> Ending:
    schedule = Schedule(id="daily", cron="0 6 * * *", retries=retries, on_lock=on_lock)
    stage.endings = list(endings)
    world = stage.world
    return run_with_retries(schedule, repeat(make_request(schedule, tmp_path)), world.run, world.sleep, world.say)


def test_a_good_run_is_not_repeated(stage: Stage, tmp_path) -> None:
    ending = attempt(stage, tmp_path)
    assert (ending.status, ending.tries, stage.slept) == ("ok", 1, [])


def test_a_run_that_failed_for_a_listed_cause_is_repeated_until_it_passes(stage: Stage, tmp_path) -> None:
    ending = attempt(stage, tmp_path, "kernel", "memory")
    assert (ending.status, ending.tries) == ("ok", 3)
    assert stage.slept == [300, 600]
    assert stage.said[0] == "daily: goals failed: because of kernel. Trying again in 5 minutes."


def test_waits_grow_by_the_factor_and_tries_end(stage: Stage, tmp_path) -> None:
    ending = attempt(stage, tmp_path, *["kernel"] * 9, retries=Retries(times=3, wait="10s", factor=3))
    assert (ending.status, ending.exit_code, ending.tries) == ("failed", 6, 4)
    assert stage.slept == [10, 30, 90]


@pytest.mark.parametrize("cause", ["cell", "result", "gate", "run_deadline"])
def test_a_run_that_failed_for_another_cause_is_not_repeated(stage: Stage, tmp_path, cause: str) -> None:
    assert attempt(stage, tmp_path, cause).tries == 1


def test_a_schedule_without_retries_repeats_nothing(stage: Stage, tmp_path) -> None:
    assert attempt(stage, tmp_path, "kernel", retries=None).tries == 1


@pytest.mark.parametrize(
    ("error", "code", "tries"), [(OutputError("full"), 9, 2), (LockedError("held"), 10, 2), (InputError("bad"), 3, 1)]
)
def test_a_run_that_could_not_begin_is_repeated_where_its_cause_is_listed(
    stage: Stage, tmp_path, error: Exception, code: int, tries: int
) -> None:
    ending = attempt(stage, tmp_path, error, error, retries=Retries(times=1))
    assert (ending.status, ending.exit_code, ending.tries) == ("failed", code, tries)


def test_a_locked_workspace_is_no_failure_where_the_schedule_says_skip(stage: Stage, tmp_path) -> None:
    ending = attempt(stage, tmp_path, LockedError("held"), on_lock="skip")
    assert (ending.status, ending.exit_code, stage.slept) == ("skipped", 0, [])
