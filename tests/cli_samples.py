"""A shell in the tests' own process, and fixture notebooks in the place of the steps that mopsnb brings."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from run_samples import FIXTURES, make_steps

from mopsnb import assets
from mopsnb.cli import main


class Shell:
    """Runs commands in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch = monkeypatch
        self.capsys = capsys

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        self.monkeypatch.setattr(sys, "argv", ["mopsnb", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = self.capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err


def bring_notebooks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put fixture notebooks in the place of the steps, and return their folder."""
    place = folder / "notebooks" / "measure"
    place.mkdir(parents=True)
    for path in FIXTURES.glob("*.ipynb"):
        (place / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr("mopsnb.steps.STEPS", make_steps("ok", "empty", "broken", "typed"))
    find = assets.folder
    monkeypatch.setattr(assets, "folder", lambda name: folder / "notebooks" if name == "notebooks" else find(name))
    return place
