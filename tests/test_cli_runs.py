"""The commands about runs: listing, pruning, and what a second run does."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from run_samples import SPEND, make_workspace
from typer.testing import CliRunner

from mopsnb.cli import main
from mopsnb.cli.app import app
from mopsnb.cli.shortcut import FLAGS, TEXTS, answer
from mopsnb.errors import LockedError, OutputError
from mopsnb.run.locking import hold
from mopsnb.run.publish import KIND

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "mopsnb"]


def call(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False, **options)


@pytest.fixture
def team(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "team", data=True)


def make_runs(team: Path, *statuses: str) -> list[str]:
    names = []
    for number, status in enumerate(statuses, 1):
        name = f"202001{number:02d}T080000Z-{number:08x}"
        (team / "runs" / name).mkdir(parents=True)
        record = {"kind": KIND, "status": status, "workspace": "Test team", "steps": []}
        (team / "runs" / name / "run.json").write_text(json.dumps(record))
        names.append(name)
    return names


def test_runs_are_listed_and_the_index_is_written(team: Path) -> None:
    names = make_runs(team, "ok", "failed")
    result = CliRunner().invoke(app, ["runs", str(team)])
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["run", names[1], names[0]]
    assert "Complete (latest)" in lines[2]
    assert lines[-1].startswith("The last good report is from January 1, 2020, 08:00 UTC; the run of January 2, 2020")
    assert (team / "runs" / "index.html").is_file()
    found = json.loads(CliRunner().invoke(app, ["runs", str(team), "--json"]).output)
    assert [run["run"] for run in found["runs"]] == names[::-1]


def test_runs_are_listed_where_the_index_cannot_be_written(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = make_runs(team, "ok")

    def refuse(_: Path) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("mopsnb.run.runs_index.write_index_of_runs", refuse)
    result = CliRunner().invoke(app, ["runs", str(team)])
    assert names[0] in result.output
    assert isinstance(result.exception, OutputError)
    assert "Cannot write the index of runs" in str(result.exception)


def test_a_workspace_that_never_ran_has_no_runs(team: Path) -> None:
    result = CliRunner().invoke(app, ["runs", str(team)])
    assert (result.exit_code, result.output.partition(".")[0]) == (0, "No run yet")
    assert not (team / "runs").exists()


@pytest.mark.parametrize("command", [["runs"], ["prune", "--keep", "1"]])
def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path, command: list[str]) -> None:
    result = call(*command, str(tmp_path))
    assert (result.returncode, result.stdout) == (3, "")
    assert "has no strategy.yml" in result.stderr


def test_old_runs_are_removed(team: Path) -> None:
    names = make_runs(team, "ok", "failed", "ok", "failed")
    dry = CliRunner().invoke(app, ["prune", str(team), "--keep", "1", "--dry-run", "--json"])
    assert {run["run"]: run["stays"] for run in json.loads(dry.output)["runs"]} == {
        names[3]: True,
        names[2]: True,
        names[1]: False,
        names[0]: False,
    }
    assert all((team / "runs" / name).is_dir() for name in names)
    result = CliRunner().invoke(app, ["prune", str(team), "--keep", "1"])
    assert result.output.splitlines()[-1] == "2 of 4 runs removed."
    assert [run["run"] for run in json.loads((team / "runs" / "runs.json").read_text())["runs"]] == names[:1:-1]


def test_pruning_without_a_rule_is_refused(team: Path) -> None:
    result = call("prune", str(team))
    assert (result.returncode, result.stdout) == (2, "")
    assert "--keep N" in result.stderr


@pytest.mark.parametrize(("choice", "code"), [("skip", 0), ("fail", 10)])
def test_a_second_run_skips_or_fails_as_asked(team: Path, choice: str, code: int) -> None:
    (team / "runs").mkdir()
    with hold(team / "runs" / ".lock", ["goals"]):
        result = call("run", str(team), "--on-lock", choice)
        as_json = call("run", str(team), "--on-lock", choice, "--json")
    assert result.returncode == as_json.returncode == code
    said = result.stdout if choice == "skip" else result.stderr
    assert f"Another run holds {team} (process {os.getpid()}, since" in said
    assert (result.stderr if choice == "skip" else result.stdout) == ""
    if choice == "skip":
        assert json.loads(as_json.stdout)["status"] == "skipped"
    assert [path.name for path in (team / "runs").iterdir()] == [".lock"]


def test_a_wait_for_another_run_has_an_end(team: Path) -> None:
    (team / "runs").mkdir()
    with hold(team / "runs" / ".lock"):
        result = call("run", str(team), "--lock-timeout", "0.2")
    assert result.returncode == 10
    assert "still holds" in result.stderr


@pytest.mark.slow
def test_two_runs_at_once_come_one_after_the_other(team: Path) -> None:
    running = [subprocess.Popen([*COMMAND, "run", str(team), "--steps", "service_levels", "-q"]) for _ in range(2)]
    assert [process.wait() for process in running] == [0, 0]
    found = json.loads((team / "runs" / "runs.json").read_text())["runs"]
    assert [run["status"] for run in found] == ["ok", "ok"]
    ends = sorted(
        (record["volatile"]["ended_at"], record["volatile"]["started_at"])
        for run in found
        for record in [json.loads((team / "runs" / run["run"] / "run.json").read_text())]
    )
    assert len({path.name for path in (team / "runs").iterdir() if path.name.startswith("20")}) == 2
    assert ends[0][0] <= ends[1][0]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_killed_run_leaves_the_workspace_free(team: Path) -> None:
    with subprocess.Popen([*COMMAND, "run", str(team), "-q"]) as process:
        while not list((team / "runs").glob(".*.building-*/alive.json")):
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    result = call("run", str(team), "--on-lock", "fail", "--steps", "service_levels")
    assert result.returncode == 0, result.stderr
    listed = json.loads(call("runs", str(team), "--json").stdout)
    assert [run["status"] for run in listed["runs"]] == ["ok", "killed"]
    assert listed["stale"] == ""


@pytest.mark.slow
def test_where_nothing_changed_the_command_says_so_at_once(team: Path) -> None:
    assert call("run", str(team), "--steps", "budget_pacing").returncode == 0
    heavy = "{'pandas', 'duckdb', 'pydantic', 'filelock'} & set(sys.modules)"
    words = ["run", str(team), "--steps", "budget_pacing", "--if-changed"]
    watch = f"import sys, atexit; atexit.register(lambda: print({heavy}))"
    code = f"{watch}; sys.argv[1:] = {words!r}; from mopsnb.cli import main; main()"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    lines = result.stdout.splitlines()
    assert (result.returncode, result.stderr) == (0, "")
    assert re.fullmatch(r"Nothing changed since 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC\.", lines[0])
    assert lines[-1] == "set()"
    as_json = json.loads(call(*words, "--json").stdout)
    assert (as_json["is_unchanged"], as_json["exit_code"]) == (True, 0)
    same = call(*words, "--jobs", "2")  # words that need the whole command line
    assert same.stdout.splitlines() == lines[:-1]
    assert call(*words, "--fail-on", "warning").returncode == call(*words[:-1], "--fail-on", "warning").returncode
    (team / "data" / "ad_daily.csv").write_text(SPEND.replace("10.50", "99.50"))
    assert "Nothing changed" not in call(*words).stdout


def test_the_short_way_leaves_faults_in_the_words_to_the_command(team: Path) -> None:
    for words in (["--nope"], ["--jobs", "abc"], ["more"], ["--on-lock", "skip"], ["--steps"]):
        assert answer(app, ["run", str(team), "--if-changed", *words]) is None
    assert answer(app, ["steps", "--if-changed"]) is None
    assert answer(app, []) is None


def test_the_short_way_knows_options_of_the_command() -> None:
    import typer

    group = typer.main.get_command(app)
    names = {item.name for item in group.commands["run"].params}
    assert names >= TEXTS | FLAGS


def test_bad_parameters_are_refused_on_the_short_way_too(team: Path) -> None:
    result = call("run", str(team), "--if-changed", "-p", "mnths=3")
    assert (result.returncode, result.stdout) == (2, "")
    assert "Did you mean 'months'" in result.stderr


def test_the_lock_has_its_own_exit_code() -> None:
    assert LockedError.exit_code == 10
    assert callable(main)
