"""Notebooks that fail in a run, each in its own way, and what results and record say of it."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import pytest
from run_samples import FIXTURES, find, make_request, make_workspace, read_notebook, read_output, read_tree

from mopsnb.run.request import RunOutcome
from mopsnb.run.runner import run

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_server")]

FAILING = ("broken", "late", "killed", "gone", "silent", "faulty", "namesake")


@pytest.fixture(scope="module")
def mixed(folder: Path) -> RunOutcome:
    """A run of every failing notebook beside two that reach their end."""
    workspace = make_workspace(folder / "mixed", data=True)
    request = make_request(folder, "ok", "empty", *FAILING, workspace=str(workspace), keep_notebooks=True)
    return run(request)


# --- failures ---------------------------------------------------------------------------------------------------------


def test_a_step_that_fails_leaves_the_others_alone(mixed: RunOutcome) -> None:
    statuses = {step.step.slug: step.status for step in mixed.steps}
    assert statuses == {"ok": "ok", "empty": "no_data", **dict.fromkeys(FAILING, "failed")}
    assert mixed.has_failed


@pytest.mark.parametrize(
    ("name", "cause", "text"),
    [
        ("broken", "cell", "ZeroDivisionError: division by zero"),
        ("late", "cell", "RuntimeError: too late"),
        ("killed", "kernel", "SIGKILL"),
        ("gone", "kernel", "with code 7"),
        ("silent", "result", "saved no result"),
        ("namesake", "cell", "DataError: No numeric types to aggregate"),
    ],
)
def test_a_failure_names_its_cause(mixed: RunOutcome, name: str, cause: str, text: str) -> None:
    step = find(mixed, name)
    assert step.cause == cause
    assert text in step.error


def test_a_table_with_faults_is_explained_without_a_traceback(mixed: RunOutcome) -> None:
    step = find(mixed, "faulty")
    assert step.cause == "input"
    assert step.error.splitlines() == [
        "The table deal has faults.",
        "  data/deal.csv, row 7, amount: found 'abc', expected a number. 3 cells have this fault. Correct the cell.",
    ]
    assert "Traceback" not in json.dumps(read_notebook(mixed, "faulty"))


def test_a_failed_step_leaves_a_page_and_no_result(mixed: RunOutcome) -> None:
    pages = {path.stem for path in mixed.folder.glob("*.html")}
    results = {path.stem for path in (mixed.folder / "results").glob("*.json")}
    assert pages == {"index", "ok", "empty", *FAILING}
    assert results == {"ok", "empty"}


def test_only_cells_that_began_carry_marks_of_execution(mixed: RunOutcome) -> None:
    ran = {
        name: [cell["execution_count"] for cell in read_notebook(mixed, name)["cells"] if cell["cell_type"] == "code"]
        for name in ("broken", "killed")
    }
    assert ran == {
        "broken": [1, 2, 3, 4, None, None],
        "killed": [1, 2, 3, 4, None, None],
    }


def test_a_notebook_that_takes_too_long_is_stopped_where_it_is(folder: Path) -> None:
    workspace = make_workspace(folder / "late-team")
    request = make_request(folder, "slow", workspace=str(workspace), timeout=5, keep_notebooks=True)
    outcome = run(request)  # the notebook sleeps for a minute, and then succeeds
    assert find(outcome, "slow").cause == "notebook_deadline"
    assert "longer than 5 seconds" in find(outcome, "slow").error
    counts = [
        cell["execution_count"] for cell in read_notebook(outcome, "slow")["cells"] if cell["cell_type"] == "code"
    ]
    assert counts[0] == 1
    assert counts[-1] is None


def test_what_a_kernel_said_before_it_died_is_kept(mixed: RunOutcome) -> None:
    assert read_output(mixed, "killed", 3) == "before\n"


def test_a_failed_run_is_kept_and_is_not_the_latest(mixed: RunOutcome, folder: Path) -> None:
    assert mixed.folder.parent == folder / "mixed" / "runs"
    assert not (folder / "mixed" / "runs" / "latest").exists()


# --- results and the record -------------------------------------------------------------------------------------------


def test_results_and_tables_lie_where_outside_checks_expect_them(mixed: RunOutcome) -> None:
    result = json.loads((mixed.folder / "results" / "ok.json").read_text(encoding="utf-8"))
    assert result["tables"] == {"rows": "ok/rows.parquet"}
    assert (mixed.folder / "results" / "ok" / "rows.parquet").is_file()


def test_the_record_tells_how_each_step_ended(mixed: RunOutcome) -> None:
    record = json.loads((mixed.folder / "run.json").read_text(encoding="utf-8"))
    assert record == mixed.record
    assert (record["status"], record["workspace"], record["as_of"]) == ("failed", "Test team", "2026-01-31")
    assert record["findings"] == {"error": 1 + len(FAILING), "warning": 0, "info": 1}
    assert record["cause"] == "input"
    assert record["steps"][0] == {
        "step": "ok",
        "status": "ok",
        "cause": "",
        "error": "",
        "page": "ok.html",
        "result": "results/ok.json",
        "parameters": {"as_of": "2026-01-31"},
        "parameter_sources": {"as_of": "the data"},
    }


def test_times_durations_and_versions_stand_under_volatile(mixed: RunOutcome) -> None:
    volatile = mixed.record["volatile"]
    assert volatile["started_at"].endswith("+00:00")
    assert set(volatile["step_seconds"]) == {"ok", "empty", *FAILING}
    assert {"python", "mopsnb", "papermill"} <= set(volatile["versions"])
    assert volatile["data_age_days"] > 0


def test_nothing_a_run_writes_names_a_folder_of_this_machine(mixed: RunOutcome, folder: Path) -> None:
    places = [
        str(folder),
        str(Path.home()) + "/",
        sys.prefix,
        tempfile.gettempdir() + "/mopsnb-",
        str(FIXTURES.parents[2]),
    ]
    text = {name: content for name, content in read_tree(mixed.folder, without=()).items() if not name.endswith(".js")}
    assert [(name, place) for name, content in text.items() for place in places if place.encode() in content] == []
