"""Data that changes while a run is at work never makes a report that looks good."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from run_samples import make_request, make_workspace

from mopsnb.errors import InputError
from mopsnb.run.execution import Execution
from mopsnb.run.fingerprints import Inputs, take_inputs
from mopsnb.run.moved import blame_moved_data, refuse_moved_data
from mopsnb.run.plan import make_plan
from mopsnb.steps import Step

STEP = Step("ok", "measure", "Ok", "What does this show?", needs=("ad_daily",))
WORDS = "Files came, changed or went while the run was at work: data/ad_daily.csv."
GONE = f"{WORDS} Run again when the files are complete."


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "team", data=True)


@pytest.fixture
def inputs(tmp_path: Path, workspace: Path) -> Inputs:
    return take_inputs(make_plan(make_request(tmp_path, "ok", workspace=str(workspace))))


def make_execution(status: str, cause: str = "", error: str = "") -> Execution:
    return Execution(nbformat.v4.new_notebook(), status, cause, error, result={"status": status})


def test_an_unexpected_error_is_the_data_s_where_a_file_went(workspace: Path, inputs: Inputs) -> None:
    (workspace / "data" / "ad_daily.csv").unlink()
    with pytest.raises(InputError) as caught, blame_moved_data(inputs):
        raise FileNotFoundError
    assert str(caught.value) == GONE


def test_an_unexpected_error_stays_one_where_the_files_are_as_they_were(inputs: Inputs) -> None:
    with pytest.raises(FileNotFoundError), blame_moved_data(inputs):
        raise FileNotFoundError


def test_an_order_to_end_is_never_blamed_on_the_data(workspace: Path, inputs: Inputs) -> None:
    (workspace / "data" / "ad_daily.csv").unlink()
    with pytest.raises(SystemExit), blame_moved_data(inputs):
        raise SystemExit(143)


@pytest.mark.parametrize("status", ["ok", "no_data"])
def test_a_step_that_passed_on_a_file_that_changed_meanwhile_fails(
    workspace: Path, inputs: Inputs, status: str
) -> None:
    (workspace / "data" / "ad_daily.csv").unlink()
    execution = make_execution(status)
    refuse_moved_data(STEP, execution, inputs)
    assert (execution.status, execution.cause, execution.error, execution.result) == ("failed", "moved", WORDS, None)


def test_a_step_that_stopped_over_such_a_file_says_both(workspace: Path, inputs: Inputs) -> None:
    (workspace / "data" / "ad_daily.csv").write_text("x")
    execution = make_execution("failed", "cell", "IOException: no such file")
    refuse_moved_data(STEP, execution, inputs)
    assert (execution.cause, execution.error) == ("moved", f"{WORDS}\nIOException: no such file")


@pytest.mark.parametrize("cause", ["kernel", "memory", "run_deadline"])
def test_another_cause_stays(workspace: Path, inputs: Inputs, cause: str) -> None:
    (workspace / "data" / "ad_daily.csv").unlink()
    execution = make_execution("failed", cause, "It ended.")
    refuse_moved_data(STEP, execution, inputs)
    assert (execution.cause, execution.error) == (cause, "It ended.")


def test_a_file_that_the_step_does_not_read_does_not_matter(workspace: Path, tmp_path: Path) -> None:
    (workspace / "data" / "tool.csv").write_text("tool_id\nt1\n")
    inputs = take_inputs(make_plan(make_request(tmp_path, "ok", workspace=str(workspace))))
    (workspace / "data" / "tool.csv").unlink()
    execution = make_execution("ok")
    refuse_moved_data(STEP, execution, inputs)
    assert execution.status == "ok"


@pytest.mark.parametrize("name", ["data/deal.csv", "data/fx_rate.csv", "data/ad_daily.parquet"])
def test_a_table_that_appears_meanwhile_fails_the_steps_that_read_it(
    workspace: Path, inputs: Inputs, name: str
) -> None:
    (workspace / name).write_text("x")
    step = Step("ok", "measure", "Ok", "?", needs=("ad_daily",), uses=("deal",))
    execution, other = make_execution("no_data"), make_execution("ok")
    refuse_moved_data(step, execution, inputs)
    assert (execution.status, execution.cause) == ("failed", "moved")
    assert execution.error == f"Files came, changed or went while the run was at work: {name}."
    refuse_moved_data(Step("other", "measure", "Other", "?"), other, inputs)
    assert other.status == ("failed" if "fx_rate" in name else "ok")


def test_own_metrics_that_appear_meanwhile_fail_the_steps_that_show_metrics(workspace: Path, inputs: Inputs) -> None:
    (workspace / "metrics.yml").write_text("{}")
    execution = make_execution("ok")
    refuse_moved_data(Step("ok", "measure", "Ok", "?", any_metric=True), execution, inputs)
    assert execution.cause == "moved"


@pytest.mark.parametrize("name", [".deal.csv.upload", "~lock.deal.csv", "README.md"])
def test_a_file_that_no_notebook_hears_of_may_appear(workspace: Path, inputs: Inputs, name: str) -> None:
    (workspace / "data" / name).write_text("x")
    execution = make_execution("ok")
    refuse_moved_data(Step("ok", "measure", "Ok", "?", any_metric=True), execution, inputs)
    assert execution.status == "ok"
