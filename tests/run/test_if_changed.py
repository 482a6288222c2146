"""A run that would say the same is not made, and a partial one becomes the latest only where that is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest
from flaky_notebooks import list_runs, list_statuses, make_flaky, order, read_log
from run_samples import SPEND, read_tree

from mopsnb.run.request import RunRequest
from mopsnb.run.runner import run
from mopsnb.run.unchanged import find_unchanged

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_server")]


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


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param("{}", marks=pytest.mark.soak),
        pytest.param('{"kind": "mopsnb report"}', marks=pytest.mark.soak),
        "",
        '{"kind": "mopsnb report", "status": "ok"}',
    ],
)
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
