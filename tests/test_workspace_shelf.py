"""What one notebook of a run asked of a workspace is there for the next one."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import mopsnb
from mopsnb.data import catalogue
from mopsnb.data.shelf import SWITCH, build_shelf
from mopsnb.workspace import Workspace

pytestmark = pytest.mark.slow


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shelf in force, as a run's kernels have it."""
    build_shelf(tmp_path / "shelf")
    monkeypatch.setenv(SWITCH, str(tmp_path / "shelf"))
    return tmp_path / "shelf"


@pytest.mark.usefixtures("shelf")
def test_the_figures_of_goals_are_worked_out_once_for_each_day(monkeypatch: pytest.MonkeyPatch) -> None:
    first = mopsnb.open(as_of="2026-06-30").goal_history()

    def refuse(*_: object) -> pd.DataFrame:
        raise AssertionError("worked out again")

    monkeypatch.setattr(Workspace, "_follow", refuse)
    again = mopsnb.open(as_of="2026-06-30").goal_history()
    assert list(again) == list(first) != []
    for goal, frame in first.items():
        pd.testing.assert_frame_equal(again[goal], frame)
    with pytest.raises(AssertionError, match="worked out again"):
        mopsnb.open(as_of="2026-05-31").goal_history()


@pytest.mark.usefixtures("shelf")
def test_the_catalogue_comes_from_the_shelf_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue._read.cache_clear()
    first = catalogue.read_catalogue()
    monkeypatch.delattr(catalogue, "_parse")
    catalogue._read.cache_clear()
    assert catalogue.read_catalogue() == first
