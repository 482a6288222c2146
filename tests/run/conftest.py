"""Fork servers, workspaces and variables that the tests of runs share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from kernel_samples import start_server
from run_samples import make_workspace

from mopsnb.run.forking import ForkServer
from mopsnb.run.preload import ALWAYS


@pytest.fixture(scope="session")
def server() -> Iterator[ForkServer]:
    """A server with everything that notebooks import; tests leave it as it is."""
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
    """A folder that the tests of one module share."""
    return tmp_path_factory.mktemp("work")


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """A workspace with two days of advertising and a deal."""
    workspace = make_workspace(tmp_path / "team", data=True)
    (workspace / "data" / "deal.csv").write_text("deal_id,stage\n1,won\n")
    return workspace


@pytest.fixture
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that sets no parameter."""
    for name in list(os.environ):
        if name.startswith("MOPSNB_PARAM_"):
            monkeypatch.delenv(name)
