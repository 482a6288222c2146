"""The commands that make a folder: a blank workspace, the sample company."""

from __future__ import annotations

import shutil
from pathlib import Path

from mopsnb.assets import folder as find_folder
from mopsnb.errors import OutputError


def make_workspace(target: Path) -> None:
    """Copy the blank workspace.

    Raises
    ------
    OutputError
        The folder is not empty, or cannot be written to.
    """
    _check_empty(target)
    try:
        shutil.copytree(find_folder("templates") / "workspace", target, dirs_exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot write to {target}: {error}.") from error


def make_sample(target: Path, seed: int, scale: int) -> None:
    """Generate the sample company.

    Raises
    ------
    OutputError
        The folder is not empty, or cannot be written to.
    """
    _check_empty(target)
    from mopsnb.sample import generate

    try:
        generate(target, seed=seed, scale=scale)
    except OSError as error:
        raise OutputError(f"Cannot write to {target}: {error}.") from error


def _check_empty(target: Path) -> None:
    if target.is_dir() and not any(target.iterdir()):
        return
    if target.exists() or target.is_symlink():
        kind = "is not empty" if target.is_dir() else "is a file"
        raise OutputError(f"{target} {kind}, so it stays as it is. Name a new or empty folder.")
