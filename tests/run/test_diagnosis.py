"""What stopped a notebook, from what the kernel and the system say."""

from __future__ import annotations

from pathlib import Path

import pytest

from mopsnb.errors import UsageError
from mopsnb.run import memory
from mopsnb.run.diagnosis import diagnose_end, diagnose_error
from mopsnb.run.memory import Toll, parse_size


@pytest.mark.parametrize(
    ("name", "text", "ours", "cause"),
    [
        ("ZeroDivisionError", "division by zero", False, "cell"),
        ("DataError", "The table deal has faults.", True, "input"),
        ("DataError", "No numeric types to aggregate", False, "cell"),  # pandas has an error of that name
        ("UsageError", "There is no metric 'x'.", True, "cell"),
        ("MemoryError", "", False, "memory"),
        ("_ArrayMemoryError", "Unable to allocate 7.45 GiB", False, "memory"),
        ("OutOfMemoryException", "Out of Memory Error: failed to pin block", False, "memory"),
        ("UsageError", "DuckDB does not accept the query: Out of Memory Error: failed", True, "memory"),
        ("OSError", "[Errno 12] Cannot allocate memory", False, "memory"),
        ("OSError", "[Errno 28] No space left on device: 'x'", False, "output"),
        ("OutputError", "Cannot write results to results: File too large.", True, "output"),
        ("PermissionError", "[Errno 13] Permission denied: '/etc/x'", False, "cell"),
        ("SystemExit", "3", False, "kernel"),
    ],
)
def test_an_error_in_a_cell(name: str, text: str, ours: bool, cause: str) -> None:
    found = diagnose_error(name, text, [text] if ours else ["Traceback", text])
    assert found.cause == cause
    assert text in found.text


@pytest.mark.parametrize(
    ("code", "words", "killed", "cause", "text"),
    [
        (-9, "", "own", "memory", "The memory that this run may use was full"),
        (-9, "", "system", "memory", "The machine's memory was full"),
        (-9, "", "none", "kernel", "It was not for lack of memory"),
        (-9, "", "unknown", "kernel", "The system may have done it because memory ran out"),
        (-11, "", "own", "kernel", "ended early, by SIGSEGV."),
        (-6, "terminate called after throwing an instance of 'std::bad_alloc'", "none", "memory", "ran out of memory"),
        (1, "MemoryError", "none", "memory", "ran out of memory and ended, with code 1"),
        (7, "", "none", "kernel", "ended early, with code 7."),
        (1, "no luck today.", "none", "kernel", "with code 1. Its last words: no luck today."),
        (None, "", "unknown", "kernel", "The notebook's process ended early."),
    ],
)
def test_the_end_of_a_process(code: int | None, words: str, killed: str, cause: str, text: str) -> None:
    found = diagnose_end(code, words, killed, None)
    assert found.cause == cause
    assert text in found.text


def test_a_crash_below_a_limit_says_that_memory_may_be_why() -> None:
    assert "It may have met the limit of its memory, 2.0 GB." in diagnose_end(-11, "", "none", 2 * 1024**3).text


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("2GB", 2 * 1024**3),
        ("512 MB", 512 * 1024**2),
        ("1.5GiB", 3 * 1024**3 // 2),
        ("1g", 1024**3),
        ("67108864", 64 * 1024**2),
        ("", None),
    ],
)
def test_sizes_as_people_write_them(text: str, size: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["2 gigs", "-1GB", "0", "1KB", "63MB", "GB", "1e9", "٢GB", "2,5GB", "inf"])
def test_other_sizes_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="expected a size of at least 64MB"):
        parse_size(text)


def test_a_limit_that_the_system_cannot_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(UsageError, match="needs Linux"):
        parse_size("2GB")


def test_the_toll_tells_who_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, system = tmp_path / "memory.events", tmp_path / "vmstat"
    own.write_text("low 0\noom 3\noom_kill 2\noom_group_kill 0\n")
    system.write_text("pgfault 7\noom_kill 5\n")
    monkeypatch.setattr(memory, "find_counters", lambda: {own: "own", system: "system"})
    toll = Toll.read()
    assert toll.tell() == "none"
    system.write_text("oom_kill 6\n")
    assert toll.tell() == "system"
    own.write_text("oom_kill 3\n")
    assert toll.tell() == "own"
    monkeypatch.setattr(memory, "find_counters", dict)
    assert Toll.read().tell() == "unknown"
