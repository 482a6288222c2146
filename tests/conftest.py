"""Fixtures that every test may use."""

import atexit
import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from mopsnb.run.imports import import_without_grammar

import_without_grammar("altair")  # each of pytest's processes would build the grammar

# A slow machine is no failure, and continuous integration tries the same examples each time.
EXAMPLES = 400 if os.environ.get("MOPSNB_SOAK") else 40
settings.register_profile("local", deadline=None, max_examples=EXAMPLES)
settings.register_profile("ci", deadline=None, derandomize=True, max_examples=EXAMPLES)
settings.load_profile("ci" if os.environ.get("CI") else "local")

REPOSITORY = Path(__file__).resolve().parents[1]

if "PYTEST_XDIST_WORKER" not in os.environ:  # all of pytest's processes share what they find out about the sample
    os.environ["MOPSNB_ANSWERS"] = tempfile.mkdtemp(prefix="mopsnb-answers-")
    atexit.register(shutil.rmtree, os.environ["MOPSNB_ANSWERS"], ignore_errors=True)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout's root folder."""
    return REPOSITORY


@pytest.fixture(autouse=True)
def _forget_every_secret() -> Iterator[None]:
    """A value that one test resolved is hidden in no text of another one."""
    yield
    if known := sys.modules.get("mopsnb.secrets.known"):
        known.forget()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Public data sets that stand beside the checkout; a test that needs them skips where they are absent."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the public data sets are not beside this checkout (../shared/data)")
    return folder


@pytest.fixture(scope="session")
def sample_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample company's report as the command line makes it, one for all of pytest's processes."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    report, marker = shared / "sample" / "report", shared / "sample" / "made"
    with FileLock(shared / "sample.lock"):
        if not marker.exists():
            (shared / "sample").mkdir(exist_ok=True)
            code = "from mopsnb.cli import main; main()"
            command = [sys.executable, "-c", code, "run", "--single-file", "--out", str(report)]
            done = subprocess.run(command, cwd=shared / "sample", capture_output=True, text=True, check=False)
            assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
            marker.touch()
    return report


@pytest.fixture(scope="session")
def house_server() -> Iterator[object]:
    """A server whose kernels are those of runs."""
    from kernel_samples import make_environment

    from mopsnb.run.forking import Command, ForkServer
    from mopsnb.run.house import list_command
    from mopsnb.run.preload import ALWAYS, LEAN

    command = Command.parse(list_command("file"))
    server = ForkServer.start(command, make_environment(PYTHONHASHSEED="0"), modules=(LEAN, *ALWAYS))
    yield server
    server.close()


@pytest.fixture
def one_server(house_server: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take all kernels of the test's runs from one server; what a run's own server does is tested elsewhere."""
    from kernel_samples import LentServer

    from mopsnb.run.house import KernelHouse

    def lend(house: KernelHouse, modules: object) -> None:
        house.server = LentServer(house_server)

    monkeypatch.setattr(KernelHouse, "warm_up", lend)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return how many processes ``-n auto`` starts: as many as cores, and one more where tests wait for runs."""
    return (os.cpu_count() or 1) + ("not slow" not in config.option.markexpr)


def pytest_collection() -> None:
    """Leave the garbage collector out while thousands of tests are collected, which all stay."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Let the garbage collector look at what tests make, and not through the tests."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the long tests to ``make soak``, and whatever waits for the sample's report out of ``make check``."""
    for item in items:
        if "sample_report" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
    if os.environ.get("MOPSNB_SOAK"):
        return
    for item in items:
        if item.get_closest_marker("soak"):
            item.add_marker(pytest.mark.skip(reason="a long test, run by make soak"))
