"""What the processes of a run found out about files: kept for all of them, worked out once, never trusted too long."""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path

import pytest

from mopsnb.data.shelf import SWITCH, build_shelf, recall


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that is older than the shelf in force."""
    path = tmp_path / "deal.csv"
    path.write_text("id\n1\n", encoding="utf-8")
    time.sleep(0.02)  # the shelf's birth must lie behind it, whatever the file system's clock
    build_shelf(tmp_path / "shelf")
    monkeypatch.setenv(SWITCH, str(tmp_path / "shelf"))
    return path


def test_an_answer_is_worked_out_once(source: Path) -> None:
    asked = []
    for _ in range(2):
        assert recall(["rows"], [source], lambda: asked.append("rows") or 1) == 1
    assert recall(["columns"], [source], lambda: 2) == 2
    assert asked == ["rows"]


def test_a_file_that_changed_is_looked_at_again(source: Path) -> None:
    assert recall(["rows"], [source], lambda: 1) == 1
    source.write_text("id\n1\n2\n", encoding="utf-8")
    assert recall(["rows"], [source], lambda: 2) == 2


def test_what_was_raised_is_not_kept(source: Path) -> None:
    def fail() -> int:
        raise ValueError("no rows")

    with pytest.raises(ValueError, match="no rows"):
        recall(["rows"], [source], fail)
    assert recall(["rows"], [source], lambda: 1) == 1


def _ask(source: Path, log: Path, gate: multiprocessing.Barrier) -> None:
    def work_out() -> int:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{os.getpid()}\n")
        time.sleep(0.2)
        return 1

    gate.wait(timeout=30)
    assert recall(["rows"], [source], work_out) == 1


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such lock: each process works it out")
def test_processes_that_ask_at_the_same_time_work_it_out_once(source: Path, tmp_path: Path) -> None:
    forks = multiprocessing.get_context("fork")
    gate = forks.Barrier(4)
    crowd = [forks.Process(target=_ask, args=(source, tmp_path / "log", gate)) for _ in range(4)]
    for process in crowd:
        process.start()
    for process in crowd:
        process.join(30)
    assert [process.exitcode for process in crowd] == [0, 0, 0, 0]
    assert len((tmp_path / "log").read_text(encoding="utf-8").split()) == 1


def _die(source: Path) -> None:
    recall(["rows"], [source], lambda: os._exit(9))


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such lock: each process works it out")
def test_a_process_that_dies_over_a_question_keeps_nobody_waiting(source: Path) -> None:
    process = multiprocessing.get_context("fork").Process(target=_die, args=(source,))
    process.start()
    process.join(30)
    assert process.exitcode == 9
    assert recall(["rows"], [source], lambda: 1) == 1
