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
from flaky_notebooks import make_flaky, order, read_log
from run_samples import SPEND, make_workspace, read_tree

from mopsnb.run.progress import Progress
from mopsnb.run.request import RunOutcome, RunRequest
from mopsnb.run.runner import run
from mopsnb.run.unchanged import find_unchanged

pytestmark = pytest.mark.slow


class Listener(Progress):
    """Keeps what a person is told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def announce(self, text: str) -> None:
        self.said.append(text)


@pytest.fixture
def team(tmp_path: Path) -> Path:
    workspace = make_workspace(tmp_path / "team", data=True)
    (workspace / "data" / "deal.csv").write_text("deal_id,stage\n1,won\n")
    return workspace


def list_statuses(outcome: RunOutcome) -> dict[str, str]:
    record = json.loads((outcome.folder / "run.json").read_text(encoding="utf-8"))
    return {item["step"]: item["status"] for item in record["steps"]}


def list_runs(team: Path) -> list[Path]:
    return sorted(path for path in (team / "runs").iterdir() if path.name[:2] == "20")


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


# --- --if-changed -----------------------------------------------------------------------------------------------------


def test_where_nothing_changed_there_is_no_new_run(tmp_path: Path, team: Path) -> None:
    first = run(make_flaky(tmp_path, team))
    read_log(team)
    before = read_tree(first.folder, without=())
    for ask in (run, find_unchanged):
        again = ask(make_flaky(tmp_path, team, if_changed=True))
        assert again is not None
        assert again.is_unchanged
        assert again.folder == first.folder
        assert {step.status for step in again.steps} == {"unchanged"}
        assert [item["id"] for item in again.findings] == [item["id"] for item in first.findings]
    assert read_log(team) == []
    assert read_tree(first.folder, without=()) == before
    assert list_runs(team) == [first.folder]


def test_only_steps_whose_inputs_changed_run(tmp_path: Path, team: Path) -> None:
    first = run(make_flaky(tmp_path, team))
    read_log(team)
    (team / "data" / "ad_daily.csv").write_text(SPEND.replace("10.50", "10.51"))
    second = run(make_flaky(tmp_path, team, if_changed=True))
    assert read_log(team) == ["alpha"]
    assert list_statuses(second) == {"alpha": "ok", "beta": "unchanged", "gamma": "unchanged"}
    assert second.record["volatile"]["taken_over"] == dict.fromkeys(["beta", "gamma"], first.folder.name)
    assert not second.has_failed
    assert (team / "runs" / "latest").resolve() == second.folder
    again = run(make_flaky(tmp_path, team, if_changed=True))
    assert again.folder == second.folder


def test_a_new_last_day_in_the_data_concerns_every_step(tmp_path: Path, team: Path) -> None:
    run(make_flaky(tmp_path, team))
    read_log(team)
    (team / "data" / "ad_daily.csv").write_text(SPEND.replace("2026-01-31", "2026-02-01"))
    outcome = run(make_flaky(tmp_path, team, if_changed=True))
    assert read_log(team) == ["alpha", "beta", "gamma"]
    assert outcome.record["as_of"] == "2026-02-01"


def test_findings_of_the_data_are_never_taken_over_once_they_are_gone(tmp_path: Path, team: Path) -> None:
    (team / "data" / "taks.csv").write_text("a\n1\n")  # no table of that name: a finding of the run
    run(make_flaky(tmp_path, team, "gamma"))
    read_log(team)
    (team / "data" / "taks.csv").unlink()
    run(make_flaky(tmp_path, team, "gamma", if_changed=True))
    assert read_log(team) == ["gamma"]


def test_after_a_failed_run_the_last_good_one_is_what_counts(tmp_path: Path, team: Path) -> None:
    good = run(make_flaky(tmp_path, team))
    order(team, "alpha", "fail")
    run(make_flaky(tmp_path, team))
    read_log(team)
    assert run(make_flaky(tmp_path, team, if_changed=True)).folder == good.folder
    assert read_log(team) == []


def test_a_partial_report_lacks_what_failed(tmp_path: Path, team: Path) -> None:
    order(team, "beta", "fail")
    run(make_flaky(tmp_path, team, allow_partial=True))
    read_log(team)
    order(team, "beta", "")
    outcome = run(make_flaky(tmp_path, team, if_changed=True))
    assert read_log(team) == ["beta"]
    assert list_statuses(outcome) == {"alpha": "unchanged", "beta": "ok", "gamma": "unchanged"}
    assert outcome.record["status"] == "ok"


@pytest.mark.parametrize("option", ["keep_notebooks", "single_file"])
def test_a_report_that_lacks_what_is_asked_for_is_made_anew(tmp_path: Path, team: Path, option: str) -> None:
    run(make_flaky(tmp_path, team, "alpha"))
    outcome = run(make_flaky(tmp_path, team, "alpha", if_changed=True, **{option: True}))
    assert not outcome.is_unchanged
    assert run(make_flaky(tmp_path, team, "alpha", if_changed=True, **{option: True})).is_unchanged


def test_other_steps_than_last_time_make_another_report(tmp_path: Path, team: Path) -> None:
    run(make_flaky(tmp_path, team, "alpha", "beta"))
    read_log(team)
    outcome = run(make_flaky(tmp_path, team, if_changed=True))
    assert read_log(team) == ["gamma"]
    assert list_statuses(outcome) == {"alpha": "unchanged", "beta": "unchanged", "gamma": "ok"}
    assert 'href="gamma.html"><span>Next' in (outcome.folder / "beta.html").read_text()


def test_it_works_for_a_report_in_a_folder_of_its_own(tmp_path: Path, team: Path) -> None:
    asked = make_flaky(tmp_path, team, out=tmp_path / "out", if_changed=True)
    run(asked)
    read_log(team)
    assert run(asked).is_unchanged
    (team / "data" / "deal.csv").write_text("deal_id,stage\n1,lost\n")
    outcome = run(asked)
    assert read_log(team) == ["beta"]
    assert outcome.folder == tmp_path / "out"


@pytest.mark.parametrize("damage", ["{}", '{"kind": "mopsnb report"}', "", '{"kind": "mopsnb report", "status": "ok"}'])
def test_a_damaged_record_is_no_reason_to_skip(tmp_path: Path, team: Path, damage: str) -> None:
    first = run(make_flaky(tmp_path, team, "gamma"))
    read_log(team)
    (first.folder / "run.json").write_text(damage)
    run(make_flaky(tmp_path, team, "gamma", if_changed=True))
    assert read_log(team) == ["gamma"]


@pytest.mark.soak
@pytest.mark.parametrize("name", ["index.html", "gamma.html", "results/gamma.json", "results/gamma/rows.parquet"])
def test_a_report_with_a_hole_is_made_anew(tmp_path: Path, team: Path, name: str) -> None:
    first = run(make_flaky(tmp_path, team, "gamma"))
    (first.folder / name).unlink()
    second = run(make_flaky(tmp_path, team, "gamma", if_changed=True))
    assert second.folder != first.folder
    assert (second.folder / name).is_file()


# --- --allow-partial --------------------------------------------------------------------------------------------------


def test_a_partial_run_becomes_the_latest_only_where_that_is_allowed(tmp_path: Path, team: Path) -> None:
    good = run(make_flaky(tmp_path, team))
    order(team, "beta", "fail")
    failed = run(make_flaky(tmp_path, team))
    assert failed.record["status"] == "failed"
    assert (team / "runs" / "latest").resolve() == good.folder
    partial = run(make_flaky(tmp_path, team, allow_partial=True))
    assert partial.record["status"] == "partial"
    assert partial.exit_code == 1
    assert (team / "runs" / "latest").resolve() == partial.folder


def test_a_run_without_a_good_page_is_never_partial(tmp_path: Path, team: Path) -> None:
    good = run(make_flaky(tmp_path, team, "alpha"))
    order(team, "alpha", "fail")
    failed = run(make_flaky(tmp_path, team, "alpha", allow_partial=True))
    assert failed.record["status"] == "failed"
    assert (team / "runs" / "latest").resolve() == good.folder


def test_requests_keep_their_defaults() -> None:
    asked = RunRequest()
    assert (asked.on_lock, asked.resume, asked.if_changed, asked.allow_partial) == ("wait", False, False, False)
