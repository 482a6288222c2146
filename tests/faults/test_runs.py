"""A fault of the run as a whole: a deadline, an order to end, a kill, a disk without room."""

from __future__ import annotations

import errno
import gc
import json
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from fault_samples import Lab, finish

from mopsnb.errors import OutputError
from mopsnb.run import publish
from mopsnb.run.aftermath import file_dead_runs
from mopsnb.run.causes import CAUSES
from mopsnb.run.sweeping import sweep

pytestmark = pytest.mark.slow

SECRET = "hunter2-correct-horse"
LATE_ORDER = """
import os, signal
from mopsnb.run import publish
lead_to = publish.lead_to
def order(*places):
    os.kill(os.getpid(), signal.SIGTERM)
    lead_to(*places)
publish.lead_to = order
"""
SMALL_FILES = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"


def test_the_deadline_of_a_run_stops_what_runs_and_starts_no_more(lab: Lab) -> None:
    outcome = lab.run("ok", "slow", "empty", deadline=8, jobs=1)
    assert [(step.status, step.cause) for step in outcome.steps] == [
        ("ok", ""),
        ("failed", "run_deadline"),
        ("failed", "run_deadline"),
    ]
    assert outcome.find_exit_code() == 8
    assert "time.sleep(60)" in lab.read_page("slow")
    assert "It stopped before its first cell." in lab.read_page("empty")
    assert "The run&#39;s deadline of 8 seconds passed." in lab.read_page("empty")
    lab.check_latest()
    lab.check_listed("failed")


def test_an_order_to_end_stops_kernels_and_files_what_was_done(lab: Lab) -> None:
    process = lab.start("ok", "slow", options=["--jobs", "1"])
    lab.wait_for_step(process, "slow")
    process.terminate()
    code, out, err = finish(process)
    assert (code, out) == (128 + signal.SIGTERM, "")
    assert err == "mopsnb: The run was stopped by SIGTERM. The last good report is unchanged.\n"
    assert lab.wait_until_gone() == []
    record = lab.read_newest()
    assert (record["status"], record["cause"]) == ("stopped", "stopped")
    assert [(step["status"], step["cause"]) for step in record["steps"]] == [("ok", ""), ("failed", "stopped")]
    assert "The run was stopped by SIGTERM." in lab.read_page("slow")
    assert "The second month is twice the first." in lab.read_page("ok")
    assert "status-failed" in lab.read_page("index")
    lab.check_latest()
    lab.check_listed("stopped")


def test_an_order_that_comes_while_the_report_takes_its_place_finds_it_complete(lab: Lab) -> None:
    code, out, err = finish(lab.start("ok", before=LATE_ORDER))
    assert (code, out) == (128 + signal.SIGTERM, "")
    assert err == "mopsnb: The run was stopped by SIGTERM. Its report was complete by then.\n"
    assert lab.read_newest()["status"] == "ok"
    assert str(lab.latest.readlink()) == lab.find_newest().name != lab.target
    assert json.loads((lab.runs / "runs.json").read_text())["latest"] == lab.find_newest().name


@pytest.mark.parametrize("kernels", ["warm", "fresh"])
def test_a_run_that_is_killed_is_filed_by_whoever_outlives_it(lab: Lab, kernels: str) -> None:
    process = lab.start("ok", "slow", options=["--jobs", "1"], MOPSNB_KERNELS=kernels)
    lab.wait_for_step(process, "slow")
    process.kill()
    code, _, _ = finish(process)
    assert code == -signal.SIGKILL
    if kernels == "fresh":  # no server outlives the run, so that the next command files it
        assert len(file_dead_runs(lab.runs)) == 1
        sweep(lab.temporary)
    assert lab.wait_until_gone() == []
    record = lab.read_newest()
    assert (record["status"], record["cause"]) == ("killed", "killed")
    assert [(step["status"], step["result"]) for step in record["steps"]] == [
        ("ok", "results/ok.json"),
        ("failed", None),
    ]
    assert "The run ended without a word" in lab.read_page("slow")
    assert "It was running." in lab.read_page("slow")
    assert 'class="stopped"' in lab.read_page("index")
    assert "status-failed" in lab.read_page("index")
    lab.check_latest()
    if kernels == "warm":
        lab.check_listed("killed")


@pytest.mark.parametrize("kernels", ["warm", pytest.param("fresh", marks=pytest.mark.soak)])
def test_what_is_filed_of_a_killed_run_holds_no_secret(lab: Lab, tmp_path: Path, kernels: str) -> None:
    mounted = tmp_path / "mounted"
    mounted.mkdir()
    (mounted / "warehouse").write_text(SECRET)
    # The first step shows a value that the run does not know yet. The second one asks for it, and never ends.
    # Both name the same module, so that they begin in this order.
    first = "from mopsnb import secrets\nvalue = 'hunter2' + '-correct-horse'\nvalue"
    shows = lab.write("shows", first, "raise ValueError(value)", saves=False)
    asks = lab.write(
        "asks",
        "from mopsnb import secrets\nsecrets.resolve('secret://warehouse').reveal()",
        "import time\n\ntime.sleep(60)",
    )
    options = {"MOPSNB_KERNELS": kernels, "MOPSNB_SECRETS_DIR": str(mounted), "MOPSNB_SECRET_OTHER": "of-another-kind"}
    process = lab.start("ok", shows, asks, options=["--jobs", "1", "--keep-notebooks"], **options)
    lab.wait_for_step(process, asks)
    [building] = lab.runs.glob(".*.building-*")
    end = time.monotonic() + 30
    while "secret://warehouse" not in (building / f"{shows}.html").read_text("utf-8") and time.monotonic() < end:
        time.sleep(0.02)
    process.kill()
    finish(process)
    if kernels == "fresh":
        file_dead_runs(lab.runs)
        sweep(lab.temporary)
    assert lab.wait_until_gone() == []
    assert lab.read_newest()["status"] == "killed"
    holding = [path.name for path in lab.runs.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert holding == []
    lab.check_latest()


def test_a_run_whose_server_is_killed_too_is_filed_by_the_next_run(lab: Lab) -> None:
    process = lab.start("ok", "slow", options=["--jobs", "1"])
    lab.wait_for_step(process, "slow")
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    for member in family:
        member.kill()
    finish(process)
    assert list(lab.runs.glob(".*.building-*"))
    assert lab.run("ok").find_exit_code() == 0
    statuses = {json.loads(path.read_text())["status"] for path in lab.runs.glob("2*/run.json")}
    assert statuses == {"ok", "killed"}


@pytest.mark.parametrize("kernels", ["warm", pytest.param("fresh", marks=pytest.mark.soak)])
def test_a_run_that_succeeds_says_nothing_on_standard_error(lab: Lab, kernels: str) -> None:
    code, out, err = finish(lab.start("ok", "empty", "talking", MOPSNB_KERNELS=kernels))
    assert (code, err) == (0, "")
    assert out.startswith("Report: ")
    assert str(lab.latest.readlink()) == lab.find_newest().name != lab.target


def check_unwritten(lab: Lab, message: str) -> None:
    """Make sure that a report that cannot be written is filed as such, without what filled the disk."""
    assert "Cannot write the report to " in message
    assert "are free on that disk" in message
    record = lab.read_newest()
    assert (record["status"], record["cause"]) == ("failed", "output")
    assert [step["result"] for step in record["steps"]] == [None, None]
    assert "Cannot write the report to team/runs: " in lab.read_page("ok")
    assert "status-failed" in lab.read_page("index")
    lab.check_latest()
    lab.check_listed("failed")


def test_a_report_that_is_larger_than_may_be_written(lab: Lab) -> None:
    process = lab.start("ok", "empty", before=SMALL_FILES)
    code, out, err = finish(process)
    assert (code, out) == (CAUSES["output"].code, "")
    assert "File too large" in err
    check_unwritten(lab, err)


def test_a_disk_that_is_full(lab: Lab, small_disk: Path) -> None:
    shutil.copytree(lab.workspace, small_disk / "team", symlinks=True)
    full = replace(lab, workspace=small_disk / "team")
    free = shutil.disk_usage(small_disk).free
    (small_disk / "filler").write_bytes(b"x" * (free - 200 * 1024))
    with pytest.raises(OutputError, match="No space left on device") as error:
        full.run("ok", "empty")
    assert error.value.exit_code == CAUSES["output"].code
    check_unwritten(full, str(error.value))


def test_a_disk_that_fails_when_latest_is_to_change(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(publish, "lead_to", fail)
    with pytest.raises(OutputError, match="Input/output error") as error:
        lab.run("ok", "empty")
    check_unwritten(lab, str(error.value))
    assert len(list(lab.runs.glob("2*"))) == 2


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of eight megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    try:
        made = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        made = False
    if not made:
        pytest.skip("only an administrator may make a disk")
    yield place
    gc.collect()
    subprocess.run(["umount", "-l", str(place)], check=True)
