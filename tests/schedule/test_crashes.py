"""A run that was killed, a state that is broken and a workspace that cannot be written: no slot is lost."""

from __future__ import annotations

import errno
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from schedule_samples import DAILY, SEEN, Stage, read_state, show, write_workspace

from mopsnb.run.durable import replace_text
from mopsnb.schedule.due import run_due
from mopsnb.schedule.pending import MOST_KILLS
from mopsnb.schedule.reading import read_schedules

# --- crashes ----------------------------------------------------------------------------------------------------------


def test_a_slot_whose_run_was_killed_is_not_done_and_runs_again(call_due, stage: Stage) -> None:
    call_due(DAILY, SEEN)
    stage.endings = [SystemExit(137)]
    with pytest.raises(SystemExit):
        call_due(DAILY, "2026-11-20T05:00Z")
    (item,) = call_due(DAILY, "2026-11-20T05:15Z")
    assert (item.status, f"{item.slot:%H:%M}") == ("ok", "05:00")
    assert call_due(DAILY, "2026-11-20T05:30Z") == []


def test_a_repeated_run_takes_over_what_the_one_before_completed(call_due, stage: Stage) -> None:
    again = DAILY.replace("}", ", if_changed: true, retries: {times: 1, on: [memory]}}")
    call_due(again, SEEN)
    stage.endings = ["memory", SystemExit(137)]
    with pytest.raises(SystemExit):
        call_due(again, "2026-11-20T05:00Z")
    call_due(again, "2026-11-20T05:15Z")
    assert [request.resume for request in stage.requests] == [False, True, True]
    assert [request.if_changed for request in stage.requests] == [True, False, False]


def test_a_slot_whose_run_was_killed_is_not_run_beyond_its_window(call_due, stage: Stage) -> None:
    weekly = '  - {id: weekly, cron: "0 6 * * MON", catch_up: 12h}'
    call_due(weekly, "2026-11-16T04:00Z")
    stage.endings = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        call_due(weekly, "2026-11-16T05:00Z")
    assert [item.status for item in call_due(weekly, "2026-11-16T18:00Z")] == ["left_out"]


def test_a_run_that_takes_the_machine_down_is_given_up_after_some_times(call_due, stage: Stage) -> None:
    call_due(DAILY, SEEN)
    stage.endings = [SystemExit(137)] * MOST_KILLS
    for minute in range(MOST_KILLS):
        with pytest.raises(SystemExit):
            call_due(DAILY, f"2026-11-20T05:{minute:02}Z")
    (item,) = call_due(DAILY, "2026-11-20T06:00Z")
    assert (item.status, item.exit_code, item.tries) == ("killed", 137, 0)
    assert "ended from outside 3 times" in item.error
    assert show(call_due(DAILY, "2026-11-21T05:00Z")) == [("ok", "21 05:00", 0, 0)]


def test_a_schedule_that_is_killed_in_one_slot_after_the_other_is_told_and_goes_on(call_due, stage: Stage) -> None:
    often = '  - {id: often, cron: "*/15 * * * *", notify: [{to: secret://mail}]}'
    call_due(often, "2026-11-20T05:00Z")
    stage.told.clear()
    stage.endings = [SystemExit(137)] * MOST_KILLS
    for minute in (15, 30, 45):
        with pytest.raises(SystemExit):
            call_due(often, f"2026-11-20T05:{minute}Z")
    assert stage.told == []
    (item,) = call_due(often, "2026-11-20T06:00Z")
    assert (item.status, item.exit_code) == ("ok", 0)
    assert item.notes == (
        "It was ended from outside 3 times in a row. Its run of 2026-11-20 05:45 UTC is not tried again.",
    )
    assert stage.told == [("often", "failed", 137), ("often", "ok", 0)]


@pytest.mark.parametrize("text", ['{"kind": "mopsnb sched', "[]", '{"kind": "mopsnb schedule state"}', "\0"])
def test_a_broken_state_file_is_said_once_in_plain_words(call_due, stage: Stage, tmp_path: Path, text: str) -> None:
    call_due(DAILY, SEEN)
    (tmp_path / "team" / "runs" / "schedule-state.json").write_text(text, encoding="utf-8")
    call_due(DAILY, "2026-11-20T05:00Z")
    (said,) = stage.warned
    assert said.endswith(
        "cannot be read: it holds no state of schedules. Schedules begin anew, and the file becomes"
        " schedule-state.json.broken."
    )


def test_a_secret_in_an_error_is_not_in_the_state(call_due, stage: Stage, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("MOPSNB_SECRET_WAREHOUSE", "postgresql://ada:hunter2@db.example.com/sales")
    call_due(DAILY, SEEN)
    stage.endings = [ZeroDivisionError("postgresql://ada:hunter2@db.example.com/sales")]
    call_due(DAILY, "2026-11-20T05:00Z")
    assert "secret://warehouse" in read_state(tmp_path / "team")["daily"]["last"]["error"]
    assert "hunter2" not in json.dumps(read_state(tmp_path / "team"))


def test_a_state_file_that_is_broken_is_kept_aside_and_stops_nothing(call_due, stage: Stage, tmp_path: Path) -> None:
    call_due(DAILY, SEEN)
    runs = tmp_path / "team" / "runs"
    (runs / "schedule-state.json").write_text('{"kind": "mopsnb sched', encoding="utf-8")
    assert show(call_due(DAILY, "2026-11-20T05:00Z")) == [("ok", "20 05:00", 0, 0)]
    assert (runs / "schedule-state.json.broken").read_text(encoding="utf-8").startswith('{"kind"')
    assert "cannot be read" in stage.warned[0]


def test_the_state_is_written_before_people_are_told(call_due, stage: Stage, tmp_path: Path, monkeypatch) -> None:
    told = DAILY.replace("}", ", notify: [{to: secret://mail}]}")
    call_due(told, SEEN)
    monkeypatch.setattr(stage, "tell", lambda *_: [read_state(tmp_path / "team")["daily"]["last"]["status"]])
    (item,) = call_due(told, "2026-11-20T05:00Z")
    assert item.notes == ("ok",)


def test_a_workspace_that_cannot_be_written_runs_nothing(tmp_path: Path, stage: Stage) -> None:
    workspace = write_workspace(tmp_path / "team", DAILY)
    (workspace / "runs").write_text("in the way", encoding="utf-8")
    stage.now = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
    (item,) = run_due(workspace, read_schedules(workspace).schedules, stage.world)
    assert (item.status, item.exit_code, item.tries) == ("failed", 9, 0)
    assert "state of the schedules" in item.error
    assert stage.requests == []


def test_a_workspace_that_cannot_be_written_is_told_by_the_call_next_to_the_slot_alone(
    tmp_path: Path, stage: Stage
) -> None:
    told = DAILY.replace("}", ", notify: [{to: secret://mail}]}") + '\n  - {id: other, cron: "0 6 * * *"}'
    workspace = write_workspace(tmp_path / "team", told)
    (workspace / "runs").write_text("in the way", encoding="utf-8")
    for minute in (0, 15, 30):
        stage.now = datetime(2026, 11, 20, 5, minute, 2, tzinfo=UTC)
        handled = list(run_due(workspace, read_schedules(workspace).schedules, stage.world))
        assert [item.exit_code for item in handled] == [9, 9]
    assert stage.told == [("daily", "failed", 9)]


def test_an_end_that_cannot_be_noted_is_told_all_the_same(call_due, stage: Stage, tmp_path: Path, monkeypatch) -> None:
    told = DAILY.replace("}", ", notify: [{to: secret://mail, on: [success, failure]}]}")
    call_due(told, SEEN)
    stage.told.clear()

    def write(path: Path, text: str) -> None:
        if '"running": null' in text:
            raise OSError(errno.ENOSPC, "No space left on device")
        replace_text(path, text)

    monkeypatch.setattr("mopsnb.schedule.state.replace_text", write)
    stage.endings = ["output"]
    (failed,) = call_due(told, "2026-11-20T05:00Z")
    assert failed.exit_code == 9
    assert failed.notes[0].startswith("It is not noted that this run ended: Cannot write the state of the schedules")
    (passed,) = call_due(told, "2026-11-20T05:15Z")
    assert (passed.status, passed.exit_code) == ("ok", 9)
    assert stage.told == [("daily", "failed", 9), ("daily", "ok", 0)]


def test_the_state_names_slot_end_and_exit_code(call_due, tmp_path: Path, stage: Stage) -> None:
    call_due(DAILY, SEEN)
    call_due(DAILY, "2026-11-20T05:00:10Z")
    entry = read_state(tmp_path / "team")["daily"]
    assert (entry["since"], entry["running"]) == ("2026-11-20T05:00:00Z", None)
    assert entry["last"] == {
        "slot": "2026-11-20T05:00:00Z",
        "status": "ok",
        "exit_code": 0,
        "missed": 0,
        "tries": 1,
        "error": "",
        "report": "20261123T120001Z-0abc123f",
        "ended_at": "2026-11-20T05:00:10Z",
    }
