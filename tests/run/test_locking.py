"""Two runs never work in the same place at once, and a killed one never leaves it locked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mopsnb.errors import LockedError, OutputError
from mopsnb.run.locking import describe_holder, hold

pytestmark = pytest.mark.slow

HOLD = """
import sys, time
from pathlib import Path
from mopsnb.run.locking import hold
with hold(Path(sys.argv[1]), ["metrics", "goals"]):
    print("held", flush=True)
    sys.stdin.read()
"""
PARENT = """
import subprocess, sys
from pathlib import Path
from mopsnb.run.locking import hold
with hold(Path(sys.argv[1])):
    nothing = subprocess.DEVNULL
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdin=nothing, stdout=nothing)
    print("held", flush=True)
    sys.stdin.read()
"""
COUNT = """
import sys, time
from pathlib import Path
from mopsnb.run.locking import hold
lock, counter = Path(sys.argv[1]), Path(sys.argv[2])
for _ in range(5):
    with hold(lock):
        value = int(counter.read_text())
        time.sleep(0.002)
        counter.write_text(str(value + 1))
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    (tmp_path / "team" / "runs").mkdir(parents=True)
    return tmp_path / "team" / "runs" / ".lock"


@pytest.fixture
def holder(lock: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the lock until its standard input ends."""
    command = [sys.executable, "-c", HOLD, str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


@pytest.mark.parametrize("on_lock", ["skip", "fail"])
def test_a_second_run_that_does_not_wait_is_told_who_holds_it(lock: Path, holder: subprocess.Popen, on_lock) -> None:
    with pytest.raises(LockedError) as caught, hold(lock, on_lock=on_lock):
        pass
    assert f"Another run holds {lock.parent.parent} (process {holder.pid}, since 20" in str(caught.value)
    assert "UTC, metrics, goals)" in str(caught.value)
    assert caught.value.exit_code == 10


def test_a_second_run_waits_and_says_so_once(lock: Path, holder: subprocess.Popen) -> None:
    said: list[str] = []

    def release() -> None:
        while not said:
            time.sleep(0.01)
        holder.stdin.close()

    threading.Thread(target=release).start()
    with hold(lock, say=said.append):
        assert holder.wait() == 0
    assert len(said) == 1
    assert said[0].startswith(f"Waiting for another run (process {holder.pid}, since")


def test_a_wait_with_an_end_fails_at_its_end(lock: Path, holder: subprocess.Popen) -> None:
    with pytest.raises(LockedError, match=rf"still holds .* after 1.2 seconds \(process {holder.pid}"):
        hold(lock, timeout=1.2).__enter__()


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_killed_holder_leaves_nothing_locked(lock: Path, holder: subprocess.Popen) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with hold(lock, ["goals"], on_lock="fail"):
        assert str(os.getpid()) in describe_holder(lock)


def test_a_child_that_outlives_its_killed_holder_does_not_keep_the_lock(lock: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(lock)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, start_new_session=True) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        process.kill()
        process.wait()
        try:
            with hold(lock, on_lock="fail"):
                pass
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def test_many_processes_never_hold_it_at_once(lock: Path, tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0")
    commands = [[sys.executable, "-c", COUNT, str(place), str(counter)] for place in [lock] * 4]
    running = [subprocess.Popen(command) for command in commands]
    assert [process.wait() for process in running] == [0] * 4
    assert counter.read_text() == "20"


def test_the_lock_beside_a_folder_of_its_own_goes_and_still_keeps_others_out(tmp_path: Path) -> None:
    lock, counter = tmp_path / ".report.lock", tmp_path / "counter"
    counter.write_text("0")
    running = [subprocess.Popen([sys.executable, "-c", COUNT, str(lock), str(counter)]) for _ in range(4)]
    assert [process.wait() for process in running] == [0] * 4
    assert counter.read_text() == "20"
    assert [path.name for path in tmp_path.iterdir()] == ["counter"]


def test_a_run_that_ended_leaves_no_word_of_itself(lock: Path) -> None:
    with hold(lock), pytest.raises(LockedError), hold(lock, on_lock="skip"):
        pass
    assert [path.name for path in lock.parent.iterdir()] == [".lock"]
    assert describe_holder(lock) == "it has not signed yet"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"pid": 1, "host": "a", "since": "yesterday", "steps": []}'])
def test_a_damaged_sign_is_no_obstacle(lock: Path, text: str) -> None:
    lock.with_name(".lock.json").write_text(text)
    assert describe_holder(lock) == "it has not signed yet"
    with hold(lock):
        pass


def test_a_place_that_cannot_be_written_to_is_explained(lock: Path) -> None:
    lock.parent.rmdir()
    lock.parent.write_text("a file")
    with pytest.raises(OutputError, match="Cannot write the lock of a run"), hold(lock, on_lock="fail"):
        pass


def test_two_threads_of_one_process_take_turns(lock: Path) -> None:
    with hold(lock):
        refused: list[BaseException] = []

        def try_it() -> None:
            try:
                hold(lock, on_lock="fail").__enter__()
            except LockedError as error:
                refused.append(error)

        thread = threading.Thread(target=try_it)
        thread.start()
        thread.join()
    assert len(refused) == 1


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="only Linux has such a disk")
def test_a_disk_that_takes_no_file_is_explained_and_not_waited_for() -> None:
    with pytest.raises(OutputError, match="the lock of a run to /proc"), hold(Path("/proc/.report.lock"), timeout=30):
        pass
