"""``mopsnb schedule`` and ``mopsnb due``: what they print, where, and with which exit code."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import pytest
from schedule_samples import Stage, write_workspace

from mopsnb.cli import main
from mopsnb.cli.schedules import choose_code
from mopsnb.steps import STEPS

WEEKLY = '  - {id: weekly, cron: "0 6 * * MON", steps: [goals]}'
TWO = f'{WEEKLY}\n  - {{id: daily, cron: "30 2 * * *", time_zone: America/New_York, enabled: false}}'


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["mopsnb", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


@pytest.fixture
def team(tmp_path: Path) -> Path:
    return write_workspace(tmp_path / "team", TWO)


@pytest.fixture
def staged(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The commands with a runner that a test writes itself."""
    monkeypatch.setattr("mopsnb.schedule.world._run", lambda _, request: stage.run(request))
    return stage


# --- schedule ---------------------------------------------------------------------------------------------------------


def test_schedules_are_shown_in_words_with_their_next_runs_in_both_zones(shell, team: Path) -> None:
    code, out, err = shell("schedule", team, "--from", "2026-03-27T12:00Z", "--next", 2)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "weekly: At 06:00 on Monday, Europe/Berlin",
        "  steps goals",
        "  a missed run is made up for within 36h",
        "  Mon 2026-03-30 06:00 CEST   2026-03-30 04:00 UTC",
        "  Mon 2026-04-06 06:00 CEST   2026-04-06 04:00 UTC",
        "",
        "daily: At 02:30 every day, America/New_York (disabled)",
        "  all steps",
        "  a missed run is made up for within 36h",
    ]


def test_five_runs_are_shown_unless_asked_otherwise(shell, team: Path) -> None:
    code, out, _ = shell("schedule", team, "--json", "--from", "2026-03-27T12:00+01:00")
    weekly, daily = json.loads(out)["schedules"]
    assert code == 0
    assert [len(weekly["next"]), len(daily["next"])] == [5, 0]
    assert weekly["next"][0] == {"local": "2026-03-30T06:00:00+02:00", "utc": "2026-03-30T04:00:00Z"}
    assert (weekly["time_zone"], weekly["steps"], weekly["catch_up"]) == ("Europe/Berlin", ["goals"], "36h")


def test_without_a_moment_it_looks_ahead_from_now(shell, team: Path) -> None:
    code, out, _ = shell("schedule", team, "--next", 1)
    assert code == 0
    assert out.count("06:00 CE") == 1


def test_faults_end_with_3_and_check_reports_the_same(shell, team: Path) -> None:
    (team / "schedule.yml").write_text('version: 1\nschedules: [{id: a, cron: "0 25 * * *"}]\n', encoding="utf-8")
    code, out, err = shell("schedule", team)
    assert (code, out) == (3, "")
    assert "schedule.yml, line 2, schedules[a].cron" in err
    assert "Hours go from 0 to 23." in err
    code, out, _ = shell("check", team)
    assert code == 3
    assert "schedule.yml, line 2, schedules[a].cron" in out


def test_a_fresh_workspace_passes_check_schedule_and_due(shell, tmp_path: Path) -> None:
    assert shell("init", tmp_path / "new")[0] == 0
    assert shell("check", tmp_path / "new")[0] == 0
    code, out, err = shell("schedule", tmp_path / "new")
    assert (code, err) == (0, "")
    assert "holds no schedule yet" in out
    code, out, err = shell("due", tmp_path / "new")
    assert (code, err) == (0, "")
    assert "no schedule is enabled" in out


@pytest.mark.parametrize("system", ["crontab", "systemd", "github", "airflow"])
def test_what_a_scheduler_reads_is_printed_or_written(shell, team: Path, tmp_path: Path, system: str) -> None:
    code, printed, err = shell("schedule", team, "--as", system, "--command", "/opt/mopsnb")
    assert (code, err) == (0, "")
    code, out, _ = shell("schedule", team, "--as", system, "--command", "/opt/mopsnb", "--out", tmp_path / "out")
    assert code == 0
    for line in out.splitlines():
        assert Path(line).read_text(encoding="utf-8").rstrip("\n") in printed
    assert "daily" not in printed
    assert ("/opt/mopsnb" in printed) == (system != "github")


@pytest.mark.parametrize(
    "words", [["--install"], ["--out", "x"], ["--as", "github", "--install"], ["--as", "crontab", "--dry-run"]]
)
def test_options_that_do_not_go_together_are_refused(shell, team: Path, words: list[str]) -> None:
    code, _, err = shell("schedule", team, *words)
    assert code == 2
    assert err.startswith("mopsnb: ")


def test_a_time_that_is_none_is_refused(shell, team: Path) -> None:
    for command in (("schedule", team, "--from", "tomorrow"), ("due", team, "--now", "tomorrow")):
        code, _, err = shell(*command)
        assert code == 2
        assert "Write it like" in err


# --- due --------------------------------------------------------------------------------------------------------------


def test_a_run_is_told_on_standard_output_and_nothing_on_standard_error(shell, team: Path, staged: Stage) -> None:
    code, out, err = shell("due", team, "--now", "2026-11-23T05:00:20Z")
    assert (code, err) == (0, "")
    assert out == "weekly passed (2026-11-23 05:00 UTC). Report: runs/20261123T120001Z-0abc123f\n"
    assert len(staged.requests) == 1


def test_where_nothing_is_due_the_next_run_is_named(shell, team: Path) -> None:
    code, out, _ = shell("due", team, "--now", "2026-11-23T04:00Z")
    assert (code, out) == (0, "Nothing is due. Next: weekly, Mon 2026-11-23 06:00 CET.\n")


def test_quietly_nothing_is_printed_unless_a_run_fails(shell, team: Path, staged: Stage) -> None:
    assert shell("due", team, "--now", "2026-11-23T04:00Z", "--quiet") == (0, "", "")
    assert shell("due", team, "--now", "2026-11-23T05:00Z", "--quiet") == (0, "", "")
    staged.endings = ["memory"]
    code, out, err = shell("due", team, "--now", "2026-11-30T05:00Z", "--quiet")
    assert (code, out) == (7, "")
    assert err == "weekly: goals failed: because of memory. Report: runs/20261123T120002Z-0abc123f\n"


def test_what_was_missed_for_too_long_is_said_on_standard_error_and_is_no_failure(shell, team: Path) -> None:
    shell("due", team, "--now", "2026-11-22T05:00Z")
    code, out, err = shell("due", team, "--now", "2026-11-26T05:00Z", "--quiet")
    assert (code, out) == (0, "")
    assert "did not start in time" in err


def test_json_has_every_schedule_that_was_dealt_with(shell, team: Path, staged: Stage) -> None:
    staged.endings = ["cell"]
    code, out, _ = shell("due", team, "--now", "2026-11-23T05:00Z", "--json")
    assert code == 1
    values = json.loads(out)
    assert (values["exit_code"], values["schedules"][0]["status"]) == (1, "failed")
    assert values["schedules"][0]["slot"] == "2026-11-23T05:00:00Z"


def test_a_dry_run_says_what_would_run_and_runs_nothing(shell, team: Path, staged: Stage) -> None:
    code, out, _ = shell("due", team, "--now", "2026-11-23T05:00Z", "--dry-run")
    assert (code, out) == (0, "weekly is due (2026-11-23 05:00 UTC).\n")
    assert staged.requests == []
    assert not (team / "runs").exists()


def test_force_runs_what_is_named_also_where_it_is_disabled(shell, team: Path, staged: Stage) -> None:
    code, out, _ = shell("due", team, "--only", "daily", "--force", "--now", "2026-11-23T12:00Z")
    assert code == 0
    assert out.startswith("daily passed")
    shell("due", team, "--force", "--now", "2026-11-23T12:00Z")
    assert [len(request.steps) for request in staged.requests] == [len(STEPS), 1]


def test_a_strategy_that_broke_since_the_last_call_does_not_silence_a_schedule(
    shell, team: Path, staged: Stage
) -> None:
    shell("due", team, "--now", "2026-11-23T04:00Z")
    (team / "strategy.yml").write_text("version: [\n", encoding="utf-8")
    code, out, _ = shell("due", team, "--now", "2026-11-23T05:00Z")
    assert (code, len(staged.requests)) == (0, 1)
    assert out.startswith("weekly passed (2026-11-23 05:00 UTC)")


def test_a_strategy_that_is_broken_from_the_first_call_on_ends_with_3(shell, team: Path, staged: Stage) -> None:
    (team / "strategy.yml").write_text("version: [\n", encoding="utf-8")
    code, _, err = shell("due", team, "--now", "2026-11-23T05:00Z")
    assert (code, staged.requests) == (3, [])
    assert "strategy.yml" in err


def test_an_order_to_stop_that_a_library_turned_into_an_error_stops_all_schedules(
    shell, team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_workspace(team, f'{WEEKLY}\n  - {{id: next, cron: "0 6 * * MON"}}')
    requests = []

    def run(_, request) -> None:
        requests.append(request)
        try:
            signal.raise_signal(signal.SIGTERM)
        except SystemExit as order:
            raise RuntimeError("Query interrupted") from order

    monkeypatch.setattr("mopsnb.schedule.world._run", run)
    code, _, err = shell("due", team, "--now", "2026-11-23T05:00Z")
    assert (code, len(requests)) == (143, 1)
    assert "bug" not in err
    state = json.loads((team / "runs" / "schedule-state.json").read_text(encoding="utf-8"))["schedules"]
    assert state["weekly"]["running"]["slot"] == "2026-11-23T05:00:00Z"


def test_an_unknown_schedule_is_refused(shell, team: Path) -> None:
    code, _, err = shell("due", team, "--only", "weakly")
    assert code == 2
    assert "Did you mean 'weekly'?" in err


def test_of_several_failures_the_most_serious_one_gives_the_code() -> None:
    assert choose_code([1, 9, 5]) == 9
    assert choose_code([4, 0]) == 4
    assert choose_code([99]) == 99
