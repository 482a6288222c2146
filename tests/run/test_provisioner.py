"""A kernel that is forked is the same as a fresh one, and where it cannot be, a fresh one starts."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from kernel_samples import COMMAND, STATE, SURROUNDINGS, Kernel, make_environment, start_kernel

from mopsnb.run import provisioner
from mopsnb.run.forking import ForkServer, can_fork
from mopsnb.run.preload import ALWAYS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_fork(), reason="kernels are not forked here"),
]

KEYS = [line.split('"')[1] for line in SURROUNDINGS.splitlines() if line.startswith('    "')]
LIBRARIES = ["decimal", "locale", "errors", "printing", "options", "warnings", "theme", "altair", "logging", "hooks"]


def start_server(environment: dict[str, str] | None = None, **options: object) -> ForkServer:
    return ForkServer.start(COMMAND, environment or make_environment(), **options)


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    server = start_server(modules=ALWAYS)
    yield server
    server.close()


@pytest.fixture
def bare() -> Iterator[ForkServer]:
    """A server of its own for tests that harm it; it imports little."""
    server = start_server(modules=("ipykernel.kernelapp",))
    yield server
    server.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("work")


@contextmanager
def fork(server: ForkServer, **launch: object) -> Iterator[Kernel]:
    with start_kernel(server, **launch) as kernel:
        assert kernel.is_forked
        yield kernel


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def wait_until(condition: Callable[[], bool]) -> bool:
    """Wait up to half a minute; a test fails by what it then finds."""
    deadline = time.monotonic() + 30
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


# --- the same as a fresh kernel ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def twins(server: ForkServer, folder: Path) -> dict[str, list]:
    """What a forked and a fresh kernel say of themselves."""
    answers: dict[str, list] = {}
    for code in (SURROUNDINGS, STATE):
        for warm in (True, False):
            with start_kernel(server, warm=warm, cwd=str(folder)) as kernel:
                assert kernel.is_forked == warm
                answer = json.dumps(kernel.ask(code)).replace(kernel.manager.connection_file, "connection file")
                for key, value in json.loads(answer).items():
                    answers.setdefault(key, []).append(value)
    return answers


@pytest.mark.parametrize("key", [key for key in KEYS if key != "open files"])
def test_a_forked_kernel_finds_the_surroundings_of_a_fresh_one(twins: dict[str, list], key: str) -> None:
    forked, fresh = twins[key]
    assert forked == fresh


def test_a_forked_kernel_holds_one_file_more_the_pipe_that_tells_it_of_its_clients_end(twins: dict[str, list]) -> None:
    forked, fresh = twins["open files"]
    assert forked | {"pipe": forked["pipe"] - 1} == fresh


@pytest.mark.parametrize("library", LIBRARIES)
def test_libraries_are_as_after_a_fresh_import(twins: dict[str, list], library: str) -> None:
    forked, fresh = twins[library]
    assert forked == fresh


def test_the_working_folder_and_the_environment_are_those_asked_for(server: ForkServer, folder: Path) -> None:
    environment = make_environment(JPY_SESSION_NAME="plan.ipynb")
    with fork(server, env=environment, cwd=str(folder)) as kernel:
        found = kernel.ask(SURROUNDINGS)
    assert found["folder"] == str(folder)
    assert found["environment"]["JPY_SESSION_NAME"] == "plan.ipynb"
    assert found["environment"]["JPY_PARENT_PID"] == str(os.getpid())


def test_limits_and_mask_are_those_of_the_moment_of_asking(server: ForkServer) -> None:
    before, mask = resource.getrlimit(resource.RLIMIT_NOFILE), os.umask(0o027)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[0] - 1, before[1]))
    try:
        with fork(server) as kernel:
            found = kernel.ask(SURROUNDINGS)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
        os.umask(mask)
    assert found["limits"]["RLIMIT_NOFILE"] == [before[0] - 1, before[1]]
    assert "Umask:\t0027" in found["mask and signals"]


def test_what_a_process_prints_past_the_notebook_goes_where_it_should(server: ForkServer, folder: Path) -> None:
    target = folder / "printed.txt"
    with target.open("wb") as log, fork(server, stdout=log, stderr=log) as kernel:
        kernel.run("import sys\nsys.__stdout__.write('to the log\\n'); sys.__stdout__.flush()")
    assert target.read_text() == "to the log\n"


# --- nothing shared ---------------------------------------------------------------------------------------------------


def test_two_kernels_share_no_state(server: ForkServer) -> None:
    change = """
    import decimal, os, warnings, pandas, numpy
    from mopsnb import view
    view.use_theme("EUR", "de_DE")
    pandas.set_option("display.max_rows", 7)
    decimal.getcontext().prec = 5
    numpy.seterr(all="raise")
    warnings.simplefilter("error")
    os.environ["CHANGED"] = "yes"
    os.chdir("/")
    view.changed = True
    """
    with fork(server) as first, fork(server) as second:
        before = second.ask(STATE)
        first.run(textwrap.dedent(change))
        after = second.ask(STATE)
        assert first.ask(STATE) != before
        assert second.run(
            "import os; print('CHANGED' in os.environ, os.getcwd() == '/', hasattr(view, 'changed'))"
        ) == ("False False False\n")
    assert before["theme"] == after["theme"]
    assert {key: after[key] for key in LIBRARIES if key != "warnings"} == {
        key: before[key] for key in LIBRARIES if key != "warnings"
    }


def test_random_numbers_differ_between_kernels_and_follow_a_seed(server: ForkServer) -> None:
    draw = "import random, numpy; print([random.random(), numpy.random.rand(), numpy.random.default_rng().random()])"
    seed = "random.seed(3); numpy.random.seed(3); print(random.random(), numpy.random.rand())"
    with fork(server) as first, fork(server) as second, start_kernel(None, warm=False) as fresh:
        one, two = first.ask(draw), second.ask(draw)
        seeded = [kernel.run(f"import random, numpy; {seed}") for kernel in (first, second, fresh)]
    assert all(a != b for a, b in zip(one, two, strict=True))
    assert seeded[0] == seeded[1] == seeded[2]


def test_hashes_follow_the_environment() -> None:
    environment = make_environment(PYTHONHASHSEED="5")
    server = start_server(environment, modules=())
    try:
        with (
            fork(server, env=environment) as forked,
            start_kernel(None, warm=False, env=environment) as fresh,
        ):
            assert forked.run("print(hash('goals'))") == fresh.run("print(hash('goals'))")
    finally:
        server.close()


def test_libraries_that_use_threads_work_in_a_forked_kernel(server: ForkServer, folder: Path) -> None:
    code = f"""
    import duckdb, numpy, pandas, vl_convert
    frame = pandas.DataFrame({{"x": range(300_000)}})
    frame.to_parquet("{folder}/x.parquet")
    counted = duckdb.sql("SELECT sum(x) FROM read_parquet('{folder}/x.parquet')").fetchall()
    read = pandas.read_parquet("{folder}/x.parquet")["x"].sum()
    product = numpy.ones((700, 700)) @ numpy.ones((700, 700))
    svg = vl_convert.vegalite_to_svg({{"data": {{"values": [{{"a": 1}}]}}, "mark": "bar", "encoding": {{}}}})
    print(counted, read, product[0, 0], svg[:4])
    """
    with fork(server) as kernel:
        assert kernel.run(textwrap.dedent(code)) == "[(44999850000,)] 44999850000 700.0 <svg\n"


# --- signals and ends -------------------------------------------------------------------------------------------------


def test_an_interrupt_stops_the_cell_and_not_the_kernel(server: ForkServer) -> None:
    with fork(server) as kernel:
        request = kernel.client.execute("import time\nprint('now', flush=True)\ntime.sleep(60)")
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
        target = folder / "ending.txt"
        kernel.run(f"import atexit, pathlib\n_ = atexit.register(pathlib.Path({str(target)!r}).write_text, 'in order')")
        kernel.manager.shutdown_kernel()
        assert process.wait(timeout=30) == 0
    assert target.read_text() == "in order"
    assert not is_there(kernel.pid)


def test_a_kernel_that_ends_says_nothing_to_its_log(server: ForkServer, folder: Path) -> None:
    with (folder / "log").open("wb") as log, fork(server, stdout=log, stderr=log) as kernel:
        kernel.run("import duckdb; duckdb.sql('SELECT 1').fetchall()")
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
