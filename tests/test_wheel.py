"""The wheel carries what a run needs: notebooks, templates and the sample company."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from mopsnb.steps import STEPS


@pytest.fixture(scope="module")
def names(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    (wheel,) = WheelBuilder(str(repository)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_it_carries_every_notebook(names: set[str]) -> None:
    assert {f"mopsnb/_bundle/notebooks/{step.notebook.as_posix()}" for step in STEPS} <= names


def test_it_carries_templates_and_sample_company(names: set[str]) -> None:
    bundle = "mopsnb/_bundle"
    assert f"{bundle}/templates/workspace/strategy.yml" in names
    assert f"{bundle}/templates/report/conf.json" in names
    assert f"{bundle}/data/samples/strategy.yml" in names
    assert any(name.startswith(f"{bundle}/data/samples/data/email_event.") for name in names)


def test_it_carries_the_data_files_of_the_package(names: set[str], repository: Path) -> None:
    files = [path for path in (repository / "mopsnb").rglob("*") if path.suffix in {".yml", ".csv", ".md", ".typed"}]
    assert {path.relative_to(repository).as_posix() for path in files} <= names
