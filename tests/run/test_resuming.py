"""A run takes over what an earlier one did, and never what rests on other inputs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from flaky_notebooks import Listener, list_runs, list_statuses, make_flaky, order, read_log
from run_samples import SPEND, read_tree

from mopsnb.run.runner import run

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_server")]


# --- --resume ---------------------------------------------------------------------------------------------------------


def test_only_what_failed_runs_again(tmp_path: Path, team: Path) -> None:
    order(team, "beta", "fail")
    first = run(make_flaky(tmp_path, team))
    assert (list_statuses(first), read_log(team)) == (
        {"alpha": "ok", "beta": "failed", "gamma": "ok"},
        ["alpha", "beta", "gamma"],
    )
    order(team, "beta", "")
    listener = Listener()
    second = run(make_flaky(tmp_path, team, resume=True), listener)
    assert read_log(team) == ["beta"]
    assert listener.said == [f"Resuming {first.folder.name}: 2 of 3 steps are taken over"]
    assert list_statuses(second) == {"alpha": "ok", "beta": "ok", "gamma": "ok"}
    assert second.record["volatile"]["taken_over"] == dict.fromkeys(["alpha", "gamma"], first.folder.name)
    assert (team / "runs" / "latest").resolve() == second.folder


def test_a_resumed_report_is_the_report_of_one_run(tmp_path: Path, team: Path) -> None:
    order(team, "beta", "fail")
    run(make_flaky(tmp_path, team, keep_notebooks=True))
    order(team, "beta", "")
    resumed = run(make_flaky(tmp_path, team, resume=True, keep_notebooks=True))
    whole = run(replace(make_flaky(tmp_path, team, keep_notebooks=True), out=tmp_path / "whole"))
    index = ("run.json", "index.html")  # a report with a folder of its own has no history
    assert read_tree(resumed.folder, without=index) == read_tree(whole.folder, without=index)


@pytest.mark.soak
def test_a_run_that_was_resumed_and_failed_again_can_be_resumed(tmp_path: Path, team: Path) -> None:
    order(team, "beta", "fail")
    order(team, "gamma", "fail")
    run(make_flaky(tmp_path, team))
    order(team, "gamma", "")
    run(make_flaky(tmp_path, team, resume=True))
    read_log(team)
    order(team, "beta", "")
    last = run(make_flaky(tmp_path, team, resume=True))
    assert read_log(team) == ["beta"]
    assert set(list_statuses(last).values()) == {"ok"}


def test_steps_that_the_failed_run_was_not_asked_for_run_too_and_pages_lead_to_each_other(
    tmp_path: Path, team: Path
) -> None:
    order(team, "beta", "fail")
    run(make_flaky(tmp_path, team, "alpha", "beta"))
    read_log(team)
    order(team, "beta", "")
    resumed = run(make_flaky(tmp_path, team, resume=True))
    assert read_log(team) == ["beta", "gamma"]
    whole = run(replace(make_flaky(tmp_path, team), out=tmp_path / "whole"))
    index = ("run.json", "index.html")
    assert read_tree(resumed.folder, without=index) == read_tree(whole.folder, without=index)
    order(team, "gamma", "fail")
    run(make_flaky(tmp_path, team))
    alone = run(make_flaky(tmp_path, team, "alpha", resume=True))
    assert '<nav class="turn"' not in (alone.folder / "alpha.html").read_text()


@pytest.mark.soak
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("data", "data/ad_daily.csv"),
        ("strategy", "strategy.yml"),
        ("parameters", "the parameters of alpha, the parameters of beta, the parameters of gamma"),
        ("notebook", "the notebook of alpha"),
        ("as_of", "the day asked for (--as-of)"),
    ],
)
def test_with_other_inputs_all_steps_run_and_the_message_says_what_changed(
    tmp_path: Path, team: Path, change: str, words: str
) -> None:
    order(team, "beta", "fail")
    first = run(make_flaky(tmp_path, team))
    read_log(team)
    order(team, "beta", "")
    options: dict = {"parameters": ("months=6",)} if change == "parameters" else {}
    if change == "as_of":
        options = {"as_of": "2026-01-30"}
    if change == "data":
        (team / "data" / "ad_daily.csv").write_text(SPEND.replace("10.50", "10.51"))
    if change == "strategy":
        (team / "strategy.yml").write_text((team / "strategy.yml").read_text() + "# a remark\n")
    if change == "notebook":
        path = tmp_path / "notebooks" / "measure" / "alpha.ipynb"
        path.write_text(path.read_text().replace("The page alpha", "A page"))
    listener = Listener()
    run(make_flaky(tmp_path, team, resume=True, **options), listener)
    assert read_log(team) == ["alpha", "beta", "gamma"]
    assert listener.said == [f"Not resumed, all steps run: changed since {first.folder.name}: {words}"]


def test_after_a_good_run_there_is_nothing_to_resume(tmp_path: Path, team: Path) -> None:
    listener = Listener()
    run(make_flaky(tmp_path, team, resume=True), listener)
    run(make_flaky(tmp_path, team, resume=True), listener)
    assert read_log(team) == sorted(["alpha", "beta", "gamma"] * 2)
    assert listener.said == [
        "Nothing to resume: there is no earlier run",
        "Nothing to resume: the newest run is complete",
    ]


@pytest.mark.soak
def test_a_step_whose_files_are_not_all_there_runs_again(tmp_path: Path, team: Path) -> None:
    order(team, "beta", "fail")
    first = run(make_flaky(tmp_path, team))
    read_log(team)
    (first.folder / "results" / "alpha" / "rows.parquet").unlink()
    (first.folder / "gamma.html").unlink()
    run(make_flaky(tmp_path, team, resume=True))
    assert read_log(team) == ["alpha", "beta", "gamma"]


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGKILL, "killed"), (signal.SIGTERM, "stopped")])
def test_a_run_that_was_killed_or_stopped_is_resumed(
    tmp_path: Path, team: Path, number: signal.Signals, status: str
) -> None:
    order(team, "gamma", "wait")
    asked = make_flaky(tmp_path, team)
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
        "from flaky_notebooks import make_flaky\n"
        "from mopsnb.cli.signals import end_on_signal\n"
        "from mopsnb.run.runner import run\n"
        "with end_on_signal():\n    run(make_flaky(Path(sys.argv[2]), Path(sys.argv[3])))\n"
    )
    command = [sys.executable, "-c", code, str(Path(__file__).parents[1]), str(tmp_path), str(team)]
    with subprocess.Popen(command) as process:
        _wait_for(team, {"alpha.html", "beta.html", ".inputs.json"})
        process.send_signal(number)
    assert process.returncode in (-number, 128 + number)
    read_log(team)
    order(team, "gamma", "")
    outcome = run(replace(asked, resume=True))
    assert read_log(team) == ["gamma"]
    assert list_statuses(outcome) == {"alpha": "ok", "beta": "ok", "gamma": "ok"}
    first = list_runs(team)[0]
    assert json.loads((first / "run.json").read_text())["status"] == status
    assert list((team / "runs").glob(".*building*")) == []


def _wait_for(team: Path, names: set[str]) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        found = {path.name for place in (team / "runs").glob(".*.building-*") for path in place.iterdir()}
        if names <= found:
            return
        time.sleep(0.05)
    raise AssertionError(f"only {found}")


@pytest.mark.soak
def test_a_report_in_a_folder_of_its_own_is_resumed_too(tmp_path: Path, team: Path) -> None:
    order(team, "beta", "fail")
    run(make_flaky(tmp_path, team, out=tmp_path / "out"))
    read_log(team)
    order(team, "beta", "")
    run(make_flaky(tmp_path, team, out=tmp_path / "out", resume=True))
    assert read_log(team) == ["beta"]
