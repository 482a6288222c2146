"""A process that ends at once still ends in good order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mopsnb.run.leaving import UNWRITTEN

FULL = Path("/dev/full")


def end(code: str, **options: object) -> subprocess.CompletedProcess[str]:
    lines = f"from mopsnb.run.leaving import leave\nimport atexit, threading, time\n{code}"
    return subprocess.run([sys.executable, "-c", lines], text=True, check=False, **options)  # type: ignore[call-overload]


def test_threads_end_and_what_was_registered_runs_and_what_was_printed_is_written() -> None:
    code = (
        "atexit.register(print, 'registered')\n"
        "threading.Thread(target=lambda: (time.sleep(0.2), print('thread', end=' '))).start()\n"
        "leave(4)\n"
    )
    done = end(code, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (4, "thread registered\n", "")


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")
def test_what_cannot_be_written_is_no_good_end() -> None:
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with FULL.open("w", encoding="utf-8") as full:
        assert end("print('lost')\nleave()", stdout=full, env=buffered).returncode == UNWRITTEN


@pytest.mark.parametrize(("words", "code"), [(["--version"], 0), (["run", "no-such-folder"], 3), (["nope"], 2)])
def test_the_command_ends_with_its_exit_code(words: list[str], code: int) -> None:
    done = subprocess.run([sys.executable, "-m", "mopsnb", *words], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert bool(done.stderr) is bool(code)
