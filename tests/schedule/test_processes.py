"""Several processes at once, and processes that are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from schedule_samples import write_workspace

WORKER = Path(__file__).with_name("worker.py")
DAILY = '  - {id: daily, cron: "0 6 * * *"}'
MOMENT = "2026-11-20T05:00:10+00:00"

pytestmark = pytest.mark.slow


def start(workspace: Path, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, str(WORKER), str(workspace), MOMENT, str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for_log(workspace: Path, process: subprocess.Popen[str]) -> None:
    while not (workspace / "log").exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


def test_of_several_processes_at_once_exactly_one_runs_a_slot(tmp_path: Path) -> None:
    workspace = write_workspace(tmp_path, DAILY)
    processes = [start(workspace, 1) for _ in range(6)]
    printed = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0] * 6, printed
    assert len((workspace / "log").read_text(encoding="utf-8").splitlines()) == 1
    statuses = [out.strip() for out, _ in printed]
    assert statuses.count("ok") == 1
    assert set(statuses) <= {"ok", "busy", ""}  # the late ones find the slot done


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_slot_whose_process_was_killed_runs_again_with_the_next_call(tmp_path: Path) -> None:
    workspace = write_workspace(tmp_path, DAILY)
    killed = start(workspace, 60)
    wait_for_log(workspace, killed)
    killed.send_signal(signal.SIGKILL)
    killed.communicate(timeout=60)
    out, err = start(workspace, 0).communicate(timeout=120)
    assert "ok" in out.split(), (out, err)
    assert len((workspace / "log").read_text(encoding="utf-8").splitlines()) == 2
    out, _ = start(workspace, 0).communicate(timeout=120)
    assert out == ""


def test_two_calls_of_the_command_at_once_make_one_report(tmp_path: Path) -> None:
    workspace = write_workspace(tmp_path / "team", '  - {id: daily, cron: "0 6 * * *", steps: [goals]}')
    command = [sys.executable, "-m", "mopsnb", "due", str(workspace), "--now", MOMENT]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    printed = [process.communicate(timeout=300) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], printed
    runs = [path for path in (workspace / "runs").iterdir() if (path / "run.json").is_file() and not path.is_symlink()]
    assert len(runs) == 1, printed
    assert sum("passed" in out for out, _ in printed) == 1
    assert [err for _, err in printed] == ["", ""]
