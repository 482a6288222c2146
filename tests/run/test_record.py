"""What run.json says of the machine never stops a run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mopsnb.run import vega
from mopsnb.run.record import find_version, list_versions


def leave_empty(folder: Path) -> None:
    """Leave the folder without a file, as an installation that was cut short."""


def fill_with_junk(folder: Path) -> None:
    (folder / "METADATA").write_bytes(b"\xff\xfe\x00junk")


def make_folder(folder: Path) -> None:
    (folder / "METADATA").mkdir()


@pytest.mark.parametrize("damage", [leave_empty, fill_with_junk, make_folder])
def test_a_damaged_folder_of_a_package_costs_its_version_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], None]
) -> None:
    before = list_versions()
    place = tmp_path / f"vl_convert_python-{find_version('vl-convert-python')}.dist-info"
    place.mkdir()
    damage(place)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert list_versions() == {name: found for name, found in before.items() if name != "vl-convert-python"}
    monkeypatch.setattr(vega, "build_bundle", lambda: "built anew")
    assert vega.read_bundle() == "built anew"


def test_a_package_that_is_not_there_has_no_version() -> None:
    assert find_version("no-such-package-of-mopsnb") == ""
