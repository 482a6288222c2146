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
from pathlib import Path

import pytest
from run_samples import FIXTURES, make_request, make_steps, make_workspace, read_tree

from mopsnb.errors import ParameterError, StrategyError, WorkspaceError
from mopsnb.run.progress import Progress
from mopsnb.run.request import RunRequest
from mopsnb.run.runner import run

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_server")]


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
        "from mopsnb.run.leaving import leave\n"
        "from mopsnb.run.request import RunRequest\n"
        "from mopsnb.run.runner import run\n"
        "from mopsnb.steps import Step\n"
        "from mopsnb.run.progress import Progress\n"
        "class Told(Progress):\n"
        "    def advance(self, step, cell):\n"
        "        print(cell, flush=True)\n"
        "try:\n"
        "    with end_on_signal():\n"
        f"        run(RunRequest(workspace={str(workspace)!r}, notebooks=Path({str(folder / 'notebooks')!r}),\n"
        "            steps=(Step('slow', 'measure', 'Slow', 'What?'),)), Told())\n"
        "except SystemExit as order:\n"
        "    leave(order.code)\n"  # as the command does
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
        _, errors = process.communicate()
        watchdog.cancel()
        assert process.returncode == 128 + signal.SIGTERM, errors
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
