"""What is due: missed, caught up, beyond its window, seen for the first time, with a clock that was wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from schedule_samples import DAILY, SEEN, Stage, show, write_workspace

from mopsnb.errors import InputError
from mopsnb.schedule.due import foresee, run_now, select
from mopsnb.schedule.reading import read_schedules
from mopsnb.schedule.state import State

# --- a table of scenarios: calls one after the other, and what each of them does ----------------------------------

SCENARIOS = {
    "the first call ever, a minute after the slot, runs it": [("2026-11-20T05:01Z", [("ok", "20 05:00", 0, 0)])],
    "the first call ever, hours after the slot, promises nothing for the past": [("2026-11-20T09:00Z", [])],
    "a call before the slot does nothing": [(SEEN, []), ("2026-11-20T04:59Z", [])],
    "a call at the slot runs it": [(SEEN, []), ("2026-11-20T05:00Z", [("ok", "20 05:00", 0, 0)])],
    "a slot runs once, however often it is called": [
        (SEEN, []),
        ("2026-11-20T05:00Z", [("ok", "20 05:00", 0, 0)]),
        ("2026-11-20T05:15Z", []),
        ("2026-11-20T23:00Z", []),
    ],
    "a missed slot is made up for within its window": [(SEEN, []), ("2026-11-20T20:00Z", [("ok", "20 05:00", 0, 0)])],
    "several missed slots become one run": [(SEEN, []), ("2026-11-21T16:00Z", [("ok", "21 05:00", 1, 0)])],
    "slots beyond the window are left out, the one within it runs": [
        (SEEN, []),
        ("2026-11-23T12:00Z", [("ok", "23 05:00", 1, 2)]),
    ],
    "a clock set back by two hours does not run a slot again": [
        (SEEN, []),
        ("2026-11-20T05:00Z", [("ok", "20 05:00", 0, 0)]),
        ("2026-11-20T03:00Z", []),
        ("2026-11-20T05:00Z", []),
        ("2026-11-21T05:00Z", [("ok", "21 05:00", 0, 0)]),
    ],
    "a clock that was a year ahead does not silence a schedule for a year": [
        ("2027-11-20T05:00Z", [("ok", "20 05:00", 0, 0)]),
        ("2026-11-22T12:00Z", []),
        ("2026-11-23T05:00Z", [("ok", "23 05:00", 0, 0)]),
    ],
    "a clock that begins in 2020 after a power cut runs nothing again when it is right": [
        (SEEN, []),
        ("2026-11-20T05:00Z", [("ok", "20 05:00", 0, 0)]),
        ("2020-01-01T00:00Z", []),
        ("2026-11-20T05:30Z", []),
        ("2026-11-21T05:00Z", [("ok", "21 05:00", 0, 0)]),
    ],
    "a slot that a clock two days ahead had run already runs in its own time too": [
        (SEEN, []),
        ("2026-11-22T05:00Z", [("ok", "22 05:00", 1, 1)]),
        ("2026-11-20T04:50Z", []),
        ("2026-11-20T05:00Z", [("ok", "20 05:00", 0, 0)]),
        ("2026-11-21T05:00Z", [("ok", "21 05:00", 0, 0)]),
        ("2026-11-22T05:00Z", [("ok", "22 05:00", 0, 0)]),
    ],
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario(call_due, name: str) -> None:
    for now, expected in SCENARIOS[name]:
        assert show(call_due(DAILY, now)) == expected, now


def test_a_weekly_run_beyond_its_window_is_left_out_and_said_once(call_due, stage: Stage) -> None:
    weekly = '  - {id: weekly, cron: "0 6 * * MON", catch_up: 12h, notify: [{to: secret://mail}]}'
    call_due(weekly, "2026-11-16T04:00Z")
    (left,) = call_due(weekly, "2026-11-18T12:00Z")
    assert (left.status, left.exit_code, left.tries) == ("left_out", 0, 0)
    assert "2026-11-16 05:00 UTC" in left.error
    assert "window of 12h is over" in left.error
    assert call_due(weekly, "2026-11-18T12:15Z") == []
    assert stage.requests == []
    assert stage.told == [("weekly", "failed", 0)]


def test_what_was_left_out_is_told_also_where_a_later_slot_runs(call_due, stage: Stage) -> None:
    told = DAILY.replace("}", ", notify: [{to: secret://mail}]}")
    call_due(told, SEEN)
    (item,) = call_due(told, "2026-11-23T12:00Z")
    assert (item.status, len(item.left_out)) == ("ok", 2)
    assert stage.told == [("daily", "ok", 0), ("daily", "failed", 0)]


def test_a_clock_that_was_wrong_is_said(call_due, stage: Stage) -> None:
    call_due(DAILY, "2027-11-20T05:00Z")
    call_due(DAILY, "2026-11-22T12:00Z")
    call_due(DAILY, "2026-11-22T12:15Z")
    assert stage.warned == [
        "daily: Its last run is noted for 2027-11-20 05:00 UTC, which is still to come: a clock was wrong."
    ]


def test_a_disabled_schedule_does_not_run_and_catches_nothing_up_when_it_is_enabled(call_due) -> None:
    off = DAILY.replace("}", ", enabled: false}")
    call_due(DAILY, SEEN)
    assert call_due(off, "2026-11-20T05:00Z") == []
    assert call_due(off, "2026-11-21T05:30Z") == []
    assert call_due(DAILY, "2026-11-21T06:00Z") == []
    assert show(call_due(DAILY, "2026-11-22T05:00Z")) == [("ok", "22 05:00", 0, 0)]


def test_a_schedule_whose_time_was_changed_makes_nothing_up_for_its_new_past(call_due) -> None:
    call_due(DAILY, SEEN)
    assert len(call_due(DAILY, "2026-11-20T05:00Z")) == 1
    moved = DAILY.replace("0 6", "0 9")
    assert call_due(moved, "2026-11-20T14:00Z") == []
    assert show(call_due(moved, "2026-11-21T08:00Z")) == [("ok", "21 08:00", 0, 0)]


def test_a_schedule_that_nobody_has_seen_yet_has_missed_nothing(call_due) -> None:
    often = '  - {id: often, cron: "*/5 * * * *"}'
    assert show(call_due(often, "2026-11-20T05:02Z")) == [("ok", "20 05:00", 0, 0)]
    assert show(call_due(often, "2026-11-20T05:17Z")) == [("ok", "20 05:15", 2, 0)]


def test_schedules_that_are_due_together_run_in_the_order_of_their_slots(call_due, stage: Stage) -> None:
    two = '  - {id: late, cron: "30 6 * * *", steps: [goals]}\n  - {id: early, cron: "0 6 * * *", steps: [metrics]}'
    call_due(two, SEEN)
    assert [item.schedule for item in call_due(two, "2026-11-20T06:00Z")] == ["early", "late"]
    assert [request.steps[0].slug for request in stage.requests] == ["metrics", "goals"]


def test_a_slot_that_comes_while_a_long_run_is_at_work_runs_afterwards(call_due, stage: Stage) -> None:
    two = '  - {id: long, cron: "0 6 * * *"}\n  - {id: hourly, cron: "30 * * * *"}'
    call_due(two, "2026-11-20T04:45Z")
    stage.takes = timedelta(minutes=40)
    handled = call_due(two, "2026-11-20T05:00Z")
    assert [(item.schedule, f"{item.slot:%H:%M}") for item in handled] == [("long", "05:00"), ("hourly", "05:30")]


def test_a_schedule_that_is_always_late_does_not_keep_one_process_for_ever(call_due, stage: Stage) -> None:
    busy = '  - {id: busy, cron: "* * * * *"}'
    call_due(busy, "2026-11-20T05:00Z")
    stage.takes = timedelta(minutes=5)
    assert len(call_due(busy, "2026-11-20T05:10Z")) == 3


# --- how a run ends ---------------------------------------------------------------------------------------------------


def test_a_failed_run_counts_as_done_and_is_not_repeated_by_every_call(call_due, stage: Stage) -> None:
    call_due(DAILY, SEEN)
    stage.endings = ["cell"]
    (failed,) = call_due(DAILY, "2026-11-20T05:00Z")
    assert (failed.status, failed.exit_code, failed.error) == ("failed", 1, "goals failed: because of cell")
    assert call_due(DAILY, "2026-11-20T05:15Z") == []


def test_a_run_that_cannot_begin_is_told_and_counts_as_done(call_due, stage: Stage) -> None:
    told = DAILY.replace("}", ", notify: [{to: secret://mail}]}")
    call_due(told, SEEN)
    stage.endings = [InputError("The strategy file cannot be used.")]
    (failed,) = call_due(told, "2026-11-20T05:00Z")
    assert (failed.status, failed.exit_code, failed.report) == ("failed", 3, "")
    assert stage.told == [("daily", "failed", 3)]


def test_a_bug_in_one_run_leaves_the_other_schedules_alone(call_due, stage: Stage) -> None:
    two = '  - {id: one, cron: "0 6 * * *"}\n  - {id: two, cron: "1 6 * * *"}'
    call_due(two, SEEN)
    stage.endings = [ZeroDivisionError("oops")]
    handled = call_due(two, "2026-11-20T06:00Z")
    assert [(item.status, item.exit_code) for item in handled] == [("failed", 70), ("ok", 0)]
    assert "bug in mopsnb" in handled[0].error


def test_findings_at_fail_on_give_the_exit_code_4_and_a_run_that_passed(call_due, stage: Stage) -> None:
    strict = DAILY.replace("}", ", fail_on: warning}")
    call_due(strict, SEEN)
    stage.findings = [{"severity": "warning", "id": "x", "title": "x"}]
    (item,) = call_due(strict, "2026-11-20T05:00Z")
    assert (item.status, item.exit_code) == ("ok", 4)


def test_old_runs_are_pruned_after_the_run_and_people_are_told(call_due, stage: Stage) -> None:
    rules = DAILY.replace("}", ", retention: {keep: 30, days: 90}, notify: [{to: secret://mail, on: [success]}]}")
    call_due(rules, SEEN)
    call_due(rules, "2026-11-20T05:00Z")
    assert stage.pruned == [(30, 90)]
    assert stage.told == [("daily", "ok", 0)]


def test_a_message_that_does_not_go_is_said_and_fails_nothing(call_due, stage: Stage) -> None:
    told = DAILY.replace("}", ", notify: [{to: secret://mail}]}")
    call_due(told, SEEN)
    stage.undelivered = ["secret://mail: not told. The server did not answer in time."]
    (item,) = call_due(told, "2026-11-20T05:00Z")
    assert (item.status, item.exit_code) == ("ok", 0)
    assert item.notes == ("secret://mail: not told. The server did not answer in time.",)


def test_a_schedule_without_notify_tells_nobody(call_due, stage: Stage) -> None:
    call_due(DAILY, SEEN)
    call_due(DAILY, "2026-11-20T05:00Z")
    assert stage.told == []


# --- two at once, looking ahead, by hand ------------------------------------------------------------------------------


def test_a_schedule_that_another_process_runs_is_left_to_it(call_due, tmp_path: Path, stage: Stage) -> None:
    call_due(DAILY, SEEN)
    with State(tmp_path / "team", stage.warned.append).claim("daily") as is_mine:
        assert is_mine
        (item,) = call_due(DAILY, "2026-11-20T05:00Z")
    assert (item.status, item.exit_code, stage.requests) == ("busy", 0, [])
    assert show(call_due(DAILY, "2026-11-20T05:15Z")) == [("ok", "20 05:00", 0, 0)]


def test_looking_ahead_says_the_same_and_changes_nothing(call_due, tmp_path: Path, stage: Stage) -> None:
    call_due(DAILY, SEEN)
    before = (tmp_path / "team" / "runs" / "schedule-state.json").read_bytes()
    schedules = read_schedules(tmp_path / "team").schedules
    handled = foresee(tmp_path / "team", schedules, datetime(2026, 11, 23, 12, tzinfo=UTC), stage.warned.append)
    assert show(handled) == [("due", "23 05:00", 1, 2)]
    assert (tmp_path / "team" / "runs" / "schedule-state.json").read_bytes() == before


def test_a_forced_run_stands_for_what_was_due_until_then(call_due, tmp_path: Path, stage: Stage) -> None:
    call_due(DAILY, SEEN)
    stage.now = datetime(2026, 11, 20, 5, 0, 3, tzinfo=UTC)
    schedules = read_schedules(tmp_path / "team").schedules
    assert [item.status for item in run_now(tmp_path / "team", schedules, stage.world)] == ["ok"]
    assert call_due(DAILY, "2026-11-20T05:15Z") == []


def test_an_unknown_schedule_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    found = read_schedules(write_workspace(tmp_path, DAILY))
    with pytest.raises(Exception, match="Did you mean 'daily'"):
        select(found, ["dialy"])
