"""What a run imports for all its kernels, and which of its notebooks begin first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mopsnb.run.plan import make_plan
from mopsnb.run.preload import ALWAYS, LEAN, find_laden, list_modules
from mopsnb.run.request import RunRequest
from mopsnb.steps import Step

SHARED, OWN = "from mopsnb.analysis import pacing", "import mopsnb.analysis.scoring"


@pytest.fixture
def notebooks(tmp_path: Path) -> list[Path]:
    """Three notebooks: two name the same module, one of them another as well."""
    (tmp_path / "measure").mkdir()
    return [
        _write(tmp_path / "measure" / f"{name}.ipynb", *cells)
        for name, cells in {"plain": [], "light": [SHARED], "laden": [SHARED, OWN]}.items()
    ]


def _write(path: Path, *cells: str) -> Path:
    parameters = {"cell_type": "code", "source": "months: int = 3", "metadata": {"tags": ["parameters"]}}
    code = [parameters, *({"cell_type": "code", "source": text, "metadata": {}} for text in cells)]
    path.write_text(json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    return path


def test_kernels_share_what_several_notebooks_name(notebooks: list[Path]) -> None:
    found = list_modules(notebooks)
    assert found[: len(ALWAYS) + 1] == (LEAN, *ALWAYS)
    assert set(found) - {LEAN, *ALWAYS} == {"mopsnb.analysis.pacing"}


def test_a_notebook_alone_has_all_that_it_names_imported(notebooks: list[Path]) -> None:
    assert {"mopsnb.analysis.pacing", "mopsnb.analysis.scoring"} <= set(list_modules(notebooks[2:]))
    assert find_laden(notebooks[2:]) == frozenset()


def test_a_notebook_that_imports_on_its_own_begins_first(notebooks: list[Path], tmp_path: Path) -> None:
    assert find_laden(notebooks) == {notebooks[2]}
    steps = tuple(Step(path.stem, "measure", path.stem, "What does this show?") for path in notebooks)
    plan = make_plan(RunRequest(steps=steps, notebooks=tmp_path))
    assert [step.slug for step in plan.order] == ["laden", "plain", "light"]


def test_one_notebook_more_than_processors_runs_side_by_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "measure").mkdir()
    steps = tuple(Step(f"copy{at}", "measure", f"Copy {at}", "What does this show?") for at in range(6))
    for step in steps:
        _write(tmp_path / step.notebook)
    for cores, jobs in {1: 2, 4: 5, 8: 6}.items():  # never more than there are notebooks
        monkeypatch.setattr("os.sched_getaffinity", lambda _, cores=cores: set(range(cores)), raising=False)
        assert make_plan(RunRequest(steps=steps, notebooks=tmp_path)).jobs == jobs
    assert make_plan(RunRequest(steps=steps, notebooks=tmp_path, jobs=1)).jobs == 1
