"""The kernels of a run: what they are given, what the user's files change, and how they end."""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpec
from run_samples import find, make_request, make_workspace, read_output

from mopsnb.run.runner import run

pytestmark = pytest.mark.slow


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
