"""A forked kernel ends as a fresh one does, and where a kernel cannot be forked a fresh one starts."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from kernel_samples import Kernel, fork, make_environment, start_kernel, start_server, wait_until

from mopsnb.run import provisioner
from mopsnb.run.forking import ForkServer, can_fork

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_fork(), reason="kernels are not forked here"),
]


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


# --- signals and ends -------------------------------------------------------------------------------------------------


def test_an_interrupt_stops_the_cell_and_not_the_kernel(server: ForkServer) -> None:
    with fork(server) as kernel:
        cell = "import time\nprint('now', flush=True)\ntime.sleep(60)"
        request = kernel.client.execute(cell, stop_on_error=False)  # else the next cell may be dropped with it
        while kernel.client.get_iopub_msg(timeout=30)["content"].get("text") != "now\n":
            continue
        kernel.manager.interrupt_kernel()
        reply = kernel.client._recv_reply(request, timeout=30)
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        assert kernel.run("print('still here')") == "still here\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGSEGV])
def test_a_signal_ends_a_kernel_and_is_its_exit_code(server: ForkServer, number: signal.Signals) -> None:
    with fork(server) as kernel:
        os.kill(kernel.pid, number)
        assert kernel.process.wait(timeout=30) == -number
        assert not kernel.manager.is_alive()


def test_an_exit_code_is_reported(server: ForkServer) -> None:
    with fork(server) as kernel:
        kernel.client.execute("import os; os._exit(7)")
        assert kernel.process.wait(timeout=30) == 7


def test_a_kernel_asked_to_end_runs_its_endings_and_leaves_no_process(server: ForkServer, folder: Path) -> None:
    with fork(server) as kernel:
        process = kernel.process
        kernel.manager.shutdown_wait_time = 60  # seconds; after half of it a kernel is ended by force
        target = folder / "ending.txt"
        kernel.run(f"import atexit, pathlib\n_ = atexit.register(pathlib.Path({str(target)!r}).write_text, 'in order')")
        kernel.manager.shutdown_kernel()
        assert process.wait(timeout=30) == 0
    assert target.read_text() == "in order"
    assert not is_there(kernel.pid)


def test_a_kernel_that_ends_says_nothing_to_its_log(server: ForkServer, folder: Path) -> None:
    with (folder / "log").open("wb") as log, fork(server, stdout=log, stderr=log) as kernel:
        kernel.run("import duckdb; duckdb.sql('SELECT 1').fetchall()")
        kernel.manager.shutdown_wait_time = 60
        kernel.manager.shutdown_kernel()
    assert (folder / "log").read_text() == ""


def test_processes_that_a_notebook_started_end_with_its_group(server: ForkServer) -> None:
    with fork(server) as kernel:
        child = int(kernel.run("import subprocess; print(subprocess.Popen(['sleep', '60']).pid)"))
        kernel.manager.shutdown_kernel(now=True)
        assert wait_until(lambda: not is_running(child))


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_kernel_outlives_its_server_and_its_end_is_still_seen(bare: ForkServer) -> None:
    with fork(bare) as kernel:
        process = kernel.process
        bare.process.kill()
        bare.process.wait()
        assert kernel.run("print('still here')") == "still here\n"
        assert process.poll() is None
        os.kill(kernel.pid, signal.SIGKILL)
        assert process.wait(timeout=30) == 255  # nobody is left who could tell the code


# --- the normal way ---------------------------------------------------------------------------------------------------


def check_fresh(kernel: Kernel) -> None:
    assert not kernel.is_forked
    assert kernel.run("print(1 + 1)") == "2\n"


def test_a_kernel_starts_fresh_and_in_silence_when_the_server_is_gone(
    bare: ForkServer, capfd: pytest.CaptureFixture[str]
) -> None:
    bare.process.kill()
    bare.process.wait()
    with start_kernel(bare) as kernel:
        check_fresh(kernel)
    assert capfd.readouterr() == ("", "")


def test_a_kernel_with_another_environment_starts_fresh(server: ForkServer) -> None:
    with start_kernel(server, env=make_environment(OMP_NUM_THREADS="1")) as kernel:
        check_fresh(kernel)
        assert kernel.run("import os; print(os.environ['OMP_NUM_THREADS'])") == "1\n"


def test_a_kernel_with_other_flags_starts_fresh(server: ForkServer) -> None:
    with start_kernel(server, flags=("-B",)) as kernel:
        check_fresh(kernel)


def test_a_kernel_with_a_pipe_for_its_output_starts_fresh(server: ForkServer) -> None:
    with start_kernel(server, stdout=subprocess.PIPE) as kernel:
        check_fresh(kernel)


def test_a_kernel_asked_for_in_an_unknown_way_starts_fresh(server: ForkServer) -> None:
    with start_kernel(server, pipesize=4096) as kernel:
        check_fresh(kernel)


def test_kernels_start_fresh_where_the_platform_cannot_fork(
    server: ForkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mopsnb.run.forking.sys.platform", "darwin")
    assert not can_fork()
    with start_kernel(server) as kernel:
        check_fresh(kernel)


def test_kernels_start_fresh_where_the_user_says_so(server: ForkServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOPSNB_KERNELS", "fresh")
    with start_kernel(server) as kernel:
        check_fresh(kernel)


def read_answer(report: socket.socket) -> object:
    """Read in a thread of its own: a browser of another test may keep an event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, provisioner._read_answer(report)).result()


def test_an_answer_is_read_alone_where_the_kernels_end_is_reported_behind_it() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b'{"error": "no such folder"}\n{"code": 127}\n')
        assert read_answer(ours) == {"error": "no such folder"}
        assert ours.recv(64) == b'{"code": 127}\n'


def test_a_server_that_ends_without_an_answer_gives_none() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        theirs.close()
        assert read_answer(ours) == {}


def test_a_folder_that_is_not_there_is_an_error_as_for_a_fresh_kernel(server: ForkServer) -> None:
    with (
        pytest.raises(FileNotFoundError, match="no-such-folder"),
        start_kernel(server, cwd="/no-such-folder"),
    ):
        pass


# --- selected by name -------------------------------------------------------------------------------------------------


def test_jupyter_finds_it_by_name_and_one_server_serves_all_kernels_of_a_process(folder: Path) -> None:
    code = """
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import start_new_kernel
    import os, sys
    for number in range(2):
        manager, client = start_new_kernel(kernel_name="python3")
        told = []
        client.execute_interactive(
            "import os, sys; print(os.getppid(), 'altair' in sys.modules)",
            output_hook=lambda message: told.append(message["content"].get("text", "")),
        )
        print("".join(told), end="")
        client.stop_channels()
        manager.shutdown_kernel()
    """
    environment = make_environment(JUPYTER_DEFAULT_PROVISIONER_NAME="mopsnb-warm")
    run = subprocess.run(  # noqa: PLW1510 - the assertions say more
        [sys.executable, "-c", textwrap.dedent(code)], env=environment, capture_output=True, text=True, timeout=300
    )
    lines = run.stdout.splitlines()
    assert len(lines) == 2, run.stderr
    assert lines[0] == lines[1]
    parent, has_altair = lines[0].split()
    assert has_altair == "True"
    assert wait_until(lambda: not is_there(int(parent)))


def test_a_process_replaces_a_server_whose_modules_changed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    module = tmp_path / "changing.py"
    module.write_text("VALUE = 1\n")
    environment = make_environment(PYTHONPATH=str(tmp_path))
    old = start_server(environment, modules=("changing",))
    monkeypatch.setattr(provisioner, "_own", old)
    try:
        ask = "import changing; print(changing.VALUE)"
        with start_kernel(None, env=environment) as kernel:
            assert (kernel.is_forked, kernel.run(ask)) == (True, "1\n")
        module.write_text("VALUE = 22\n")
        with start_kernel(None, env=environment) as kernel:
            assert (kernel.is_forked, kernel.run(ask)) == (True, "22\n")
        assert provisioner._own is not old
    finally:
        old.close()
        provisioner._own.close()
