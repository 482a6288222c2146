"""A workspace with a good report for each test, and the check that nothing of a run is left."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fault_samples import Lab, copy_lab, make_lab


@pytest.fixture(scope="session")
def good_lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return make_lab(tmp_path_factory.mktemp("lab"))


@pytest.fixture
def lab(good_lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """A copy of the workspace. After the test, processes, sockets and files of the run are gone within five seconds."""
    fresh = copy_lab(good_lab, tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(fresh.temporary))
    yield fresh
    gc.collect()  # a workspace keeps a folder for what does not fit into memory for as long as it lives
    assert fresh.wait_until_gone() == []
    fresh.temporary.rmdir()
