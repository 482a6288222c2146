"""A run from request to report, with small notebooks that each show one behavior."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpec
from run_samples import FIXTURES, make_request, make_steps, make_workspace, read_tree

from mopsnb.errors import ParameterError, StrategyError, WorkspaceError
from mopsnb.run.progress import Progress
from mopsnb.run.request import RunOutcome, RunRequest, StepOutcome
from mopsnb.run.runner import run

pytestmark = pytest.mark.slow

FAILING = ("broken", "late", "killed", "gone", "silent", "faulty", "namesake")


class Recorder(Progress):
    """Keeps what a run reports."""

    def __init__(self) -> None:
        self.events: list[tuple[object, ...]] = []

    def begin(self, step: str, cells: int) -> None:
        self.events.append(("begin", step, cells))

    def advance(self, step: str, cell: int) -> None:
        self.events.append(("advance", step, cell))

    def finish(self, step: str, status: str, seconds: float) -> None:
        self.events.append(("finish", step, status))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runner")


@pytest.fixture(scope="module")
def mixed(folder: Path) -> RunOutcome:
    """A run of every failing notebook beside two that reach their end."""
    workspace = make_workspace(folder / "mixed", data=True)
    request = make_request(folder, "ok", "empty", *FAILING, workspace=str(workspace), keep_notebooks=True)
    return run(request)


def find(outcome: RunOutcome, name: str) -> StepOutcome:
    return next(step for step in outcome.steps if step.step.slug == name)


def read_notebook(outcome: RunOutcome, name: str) -> dict:
    return json.loads((outcome.folder / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))


def read_output(outcome: RunOutcome, name: str, cell: int) -> str:
    return "".join(read_notebook(outcome, name)["cells"][cell]["outputs"][0]["text"])


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
    began = time.monotonic()
    outcome = run(request)
    assert time.monotonic() - began < 45  # the notebook sleeps for a minute
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


# --- the kernel -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def typed(folder: Path) -> dict:
    workspace = make_workspace(folder / "typed-team", data=True)
    given = ("code=01067", "by=quarter", "months=6", "share=1", "is_paid=false", "since=2026-01-01")
    request = make_request(
        folder, "typed", workspace=str(workspace), parameters=given, keep_notebooks=True, out=folder / "typed"
    )
    return json.loads(read_output(run(request), "typed", 3))


def test_values_arrive_with_their_types(typed: dict) -> None:
    assert typed["values"] == {
        "code": "01067",
        "by": "quarter",
        "months": 6,
        "share": 1.0,
        "is_paid": False,
        "since": "2026-01-01",
        "as_of": "2026-01-31",
    }
    assert typed["types"] == {
        **dict.fromkeys(("code", "by", "since", "as_of"), "str"),
        "months": "int",
        "share": "float",
        "is_paid": "bool",
    }


def test_hashes_are_fixed_in_the_kernel(typed: dict) -> None:
    assert typed["extra"]["hash_seed"] == "0"


def test_a_kernel_specification_of_the_user_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = folder / "jupyter" / "kernels" / "python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(json.dumps({"argv": ["false"], "display_name": "x", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(folder / "jupyter"))
    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", "no-such-provisioner")
    workspace = make_workspace(folder / "hijacked")
    assert not run(make_request(folder, "empty", workspace=str(workspace))).has_failed


def test_startup_files_of_the_user_change_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    startup = folder / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("raise SystemExit(9)")
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
    workspace = make_workspace(folder / "started")
    assert not run(make_request(folder, "empty", workspace=str(workspace))).has_failed


def test_a_kernel_that_cannot_start_says_why(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    argv = [sys.executable, "-c", "raise SystemExit('no luck today')"]
    spec = KernelSpec(argv=argv, display_name="x", language="python")
    monkeypatch.setattr("mopsnb.run.kernels.StepKernelManager.kernel_spec", spec)
    outcome = run(make_request(folder, "empty", workspace=str(make_workspace(folder / "unlucky"))))
    assert find(outcome, "empty").cause == "kernel"
    assert find(outcome, "empty").error.endswith("with code 1. Its last words: no luck today.")


def test_a_program_that_is_not_there_fails_its_step_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = KernelSpec(argv=["/no/such/program"], display_name="x", language="python")
    monkeypatch.setattr("mopsnb.run.kernels.StepKernelManager.kernel_spec", spec)
    outcome = run(make_request(folder, "empty", workspace=str(make_workspace(folder / "absent"))))
    assert find(outcome, "empty").cause == "kernel"
    assert "No such file" in find(outcome, "empty").error


def test_a_kernel_ends_in_good_order(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = folder / "ending.txt"
    monkeypatch.setenv("MOPSNB_TEST_ENDING", str(target))
    run(make_request(folder, "ending", workspace=str(make_workspace(folder / "ending"))))
    assert target.read_text() == "ended in good order"


def test_nothing_is_left_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = Path(tempfile.mkdtemp(prefix="t", dir="/tmp" if Path("/tmp").is_dir() else None))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    workspace = make_workspace(folder / "tidy")
    outcome = run(
        make_request(folder, "littering", "killed", workspace=str(workspace), out=folder / "out", keep_notebooks=True)
    )
    child = int(read_output(outcome, "littering", 3))
    gc.collect()  # a workspace keeps a folder for what does not fit into memory for as long as it lives
    assert list(temporary.iterdir()) == []
    assert sorted(path.name for path in workspace.iterdir()) == ["data", "strategy.yml"]
    assert not is_running(child)
    temporary.rmdir()


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    if status.exists():
        return status.read_text().rpartition(")")[2].split()[0] != "Z"  # a zombie waits for its parent alone
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path("/proc").exists()


# --- before the first kernel ------------------------------------------------------------------------------------------


@pytest.fixture
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the start of a kernel an error."""

    def refuse(*_: object) -> None:
        raise AssertionError("a kernel was prepared")

    monkeypatch.setattr("mopsnb.run.house.KernelHouse.prepare_kernel", refuse)


@pytest.mark.usefixtures("no_kernel")
def test_a_bad_parameter_is_refused_before_a_kernel_starts(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "team")
    with pytest.raises(ParameterError, match="Did you mean 'months'"):
        run(make_request(tmp_path, "typed", workspace=str(workspace), parameters=("mnths=3", "share=2")))
    assert not (workspace / "runs").exists()


@pytest.mark.usefixtures("no_kernel")
def test_a_bad_strategy_file_is_refused_before_a_kernel_starts(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "team")
    (workspace / "strategy.yml").write_text("version: 1\ngols: []\n")
    with pytest.raises(StrategyError, match="goals"):
        run(make_request(tmp_path, "ok", workspace=str(workspace)))
    (filed,) = (json.loads(path.read_text(encoding="utf-8")) for path in (workspace / "runs").glob("*/run.json"))
    assert (filed["status"], filed["cause"]) == ("failed", "input")
    assert "goals" in filed["error"]
    assert not (workspace / "runs" / "latest").exists()


@pytest.mark.usefixtures("no_kernel")
def test_a_folder_that_is_not_a_workspace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError):
        run(make_request(tmp_path, "ok", workspace=str(tmp_path / "absent")))


# --- reproducible -----------------------------------------------------------------------------------------------------


def test_two_runs_into_different_folders_are_the_same_bytes(folder: Path) -> None:
    workspace = make_workspace(folder / "same", data=True)
    names = ("ok", "talking", "empty")
    trees, records = [], []
    for out in ("first", "second"):
        request = make_request(folder, *names, workspace=str(workspace), out=folder / out, keep_notebooks=True)
        outcome = run(request)
        assert not outcome.has_failed
        trees.append(read_tree(outcome.folder))
        records.append({key: value for key, value in outcome.record.items() if key != "volatile"})
    assert [name for name in trees[0] if trees[0][name] != trees[1].get(name)] == []
    assert set(trees[0]) == set(trees[1])
    assert records[0] == records[1]


def test_findings_are_compared_with_the_latest_run_of_the_workspace(folder: Path) -> None:
    workspace = make_workspace(folder / "history")
    first = run(make_request(folder, "ok", workspace=str(workspace)))
    kept = workspace / "runs" / "latest" / "results" / "ok.json"
    result = json.loads(kept.read_text(encoding="utf-8"))
    result["findings"] = [result["findings"][0] | {"id": "ok.gone"}, result["findings"][1]]
    kept.write_text(json.dumps(result))
    second = run(make_request(folder, "ok", workspace=str(workspace)))
    elsewhere = run(make_request(folder, "ok", workspace=str(workspace), out=folder / "elsewhere"))
    assert not first.changes.has_previous
    assert second.record["changes"] == {"new": ["ok.high"], "persisting": ["ok.low"], "resolved": ["ok.gone"]}
    assert (workspace / "runs" / "latest").resolve() == second.folder
    assert not elsewhere.changes.has_previous


# --- side by side, progress, interruption -----------------------------------------------------------------------------


def test_progress_hears_of_each_step_and_cell(folder: Path) -> None:
    progress = Recorder()
    run(make_request(folder, "ok", workspace=str(make_workspace(folder / "heard")), jobs=1), progress)
    assert progress.events == [
        ("begin", "ok", 5),
        *(("advance", "ok", cell) for cell in range(1, 6)),
        ("finish", "ok", "ok"),
    ]


def test_notebooks_run_side_by_side(folder: Path) -> None:
    progress = Recorder()
    workspace = make_workspace(folder / "beside")
    run(make_request(folder, "ok", "empty", "ending", workspace=str(workspace), jobs=2, timeout=60), progress)
    kinds = [event[0] for event in progress.events if event[0] != "advance"]
    assert kinds[:2] == ["begin", "begin"]


def test_an_order_to_end_stops_kernels_and_leaves_the_unfinished_report_alone(folder: Path) -> None:
    workspace = make_workspace(folder / "stopped")
    make_request(folder, "slow")
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from mopsnb.cli.signals import end_on_signal\n"
        "from mopsnb.run.request import RunRequest\n"
        "from mopsnb.run.runner import run\n"
        "from mopsnb.steps import Step\n"
        "from mopsnb.run.progress import Progress\n"
        "class Told(Progress):\n"
        "    def advance(self, step, cell):\n"
        "        print(cell, flush=True)\n"
        "with end_on_signal():\n"
        f"    run(RunRequest(workspace={str(workspace)!r}, notebooks=Path({str(folder / 'notebooks')!r}),\n"
        "        steps=(Step('slow', 'measure', 'Slow', 'What?'),)), Told())\n"
    )
    with tempfile.TemporaryDirectory(prefix="t", dir="/tmp" if Path("/tmp").is_dir() else None) as temporary:
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"TMPDIR": temporary},
        )
        watchdog = threading.Timer(60, process.kill)
        watchdog.start()
        while process.stdout.readline().strip() not in ("3", ""):
            continue
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        _, errors = process.communicate()
        watchdog.cancel()
        assert process.returncode == 128 + signal.SIGTERM, errors
        assert time.monotonic() - began < 10
        assert errors == "mopsnb: The run was stopped by SIGTERM. The last good report is unchanged.\n"
        assert list(Path(temporary).iterdir()) == []
    filed = [json.loads(path.read_text(encoding="utf-8")) for path in (workspace / "runs").glob("*/run.json")]
    assert [(run["status"], run["cause"]) for run in filed] == [("stopped", "stopped")]
    assert not (workspace / "runs" / "latest").exists()


@pytest.mark.tenth
@pytest.mark.slow
def test_many_notebooks_side_by_side_all_reach_their_end_and_leave_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"copy{number}" for number in range(500 if os.environ.get("MOPSNB_SOAK") else 50)]
    source = (FIXTURES / "empty.ipynb").read_text(encoding="utf-8")
    place = folder / "many" / "notebooks" / "measure"
    place.mkdir(parents=True)
    for name in names:
        (place / f"{name}.ipynb").write_text(source.replace("empty", name), encoding="utf-8")
    workspace = make_workspace(folder / "many" / "team")
    with tempfile.TemporaryDirectory(prefix="t", dir="/tmp" if Path("/tmp").is_dir() else None) as temporary:
        monkeypatch.setattr(tempfile, "tempdir", temporary)
        request = RunRequest(
            workspace=str(workspace),
            steps=make_steps(*names),
            notebooks=place.parent,
            jobs=12,
            out=folder / "many" / "out",
        )
        outcome = run(request)
        gc.collect()
        assert [step for step in outcome.steps if step.status != "no_data"] == []
        assert list(Path(temporary).iterdir()) == []
