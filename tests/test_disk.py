"""Folders and files that the system does not give."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from run_samples import make_request, make_workspace

from mopsnb import disk
from mopsnb.disk import can_list, measure_room
from mopsnb.errors import WorkspaceError
from mopsnb.run.fingerprints import list_moved, take_inputs
from mopsnb.run.plan import make_plan
from mopsnb.run.publish import find_workspace
from mopsnb.workspace import open as open_workspace


@pytest.fixture
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose data folder the system does not list; to an administrator it lists every folder."""
    workspace, names = make_workspace(tmp_path / "team", data=True), os.listdir

    def refuse(folder: str | Path = ".") -> list[str]:
        if str(folder) == str(workspace / "data"):
            raise PermissionError(13, "Permission denied", str(folder))
        return names(folder)

    monkeypatch.setattr(os, "listdir", refuse)
    return workspace


def test_a_data_folder_that_cannot_be_read_is_said_before_anything_starts(locked: Path) -> None:
    assert not can_list(locked / "data")
    for ask in (find_workspace, open_workspace):
        with pytest.raises(WorkspaceError, match=r"team/data' cannot be read\. Allow it"):
            ask(str(locked))


def test_a_data_folder_that_closes_during_a_run_breaks_no_step_that_read_it_before(
    locked: Path, tmp_path: Path
) -> None:
    assert list_moved(take_inputs(make_plan(make_request(tmp_path, "ok", workspace=str(locked))))) == []


def test_a_folder_that_is_not_there_or_holds_nothing_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert can_list(tmp_path)
    assert can_list(tmp_path / "none")
    assert can_list(tmp_path / "file")


def test_a_disk_without_a_size_is_not_described(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert " are free on that disk." in measure_room(tmp_path)
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: SimpleNamespace(total=0, used=0, free=0))
    assert measure_room(tmp_path) == ""
