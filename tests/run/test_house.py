"""Where kernels live and how they start."""

from __future__ import annotations

import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mopsnb.errors import StepError
from mopsnb.run.guard import Stop
from mopsnb.run.house import KernelHouse, make_environment


@pytest.fixture
def house():
    house = KernelHouse.build()
    yield house
    house.remove()


def test_the_folder_is_private_and_goes(house: KernelHouse) -> None:
    assert house.folder.stat().st_mode & 0o777 == 0o700
    house.remove()
    assert not house.folder.exists()


@pytest.mark.skipif(os.name != "posix", reason="this system has no sockets in folders")
def test_kernels_talk_through_sockets_in_the_folder_each_with_its_own(house: KernelHouse) -> None:
    first, second = house.prepare_kernel("first"), house.prepare_kernel("second")
    assert (first.transport, second.transport) == ("ipc", "ipc")
    assert Path(first.ip).parent == Path(second.ip).parent == house.folder
    assert first.ip != second.ip
    assert len(os.fsencode(f"{first.ip}-12")) < 104


def test_kernels_prepared_at_the_same_moment_share_no_socket(house: KernelHouse) -> None:
    with ThreadPoolExecutor(8) as pool:
        managers = list(pool.map(house.prepare_kernel, [f"step-{number}" for number in range(40)]))
    assert len({manager.ip if house.transport == "ipc" else manager.connection_file for manager in managers}) == 40


@pytest.mark.skipif(os.name != "posix", reason="this system has no sockets in folders")
def test_a_temporary_folder_too_long_for_a_socket_is_avoided(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    long = tmp_path / ("x" * 90)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    house = KernelHouse.build()
    assert house.transport == "ipc"
    house.remove()
    assert KernelHouse(long).transport == "tcp"


def test_the_command_is_this_interpreter(house: KernelHouse) -> None:
    argv = house.prepare_kernel("step").kernel_spec.argv
    assert argv[0] == sys.executable
    assert argv[-4:] == ["-m", "mopsnb.run.kernel", "-f", "{connection_file}"]


def test_no_kernel_starts_after_the_run_was_stopped(house: KernelHouse) -> None:
    house.close(Stop("stopped", "The run was stopped."))
    with pytest.raises(StepError, match="stopped"):
        house.prepare_kernel("step")


def test_the_environment_is_the_callers_with_fixed_hashes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("PYTHONHASHSEED", "123")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    environment = make_environment(tmp_path)
    assert environment["PYTHONHASHSEED"] == "0"
    assert environment["MPLBACKEND"] == "agg"
    assert environment["PYTHONPATH"].split(os.pathsep)[-1] == "/elsewhere"
    assert environment["IPYTHONDIR"] == str(tmp_path / "ipython")
    assert os.environ["PYTHONHASHSEED"] == "123"
