"""The folders that mopsnb brings along: notebooks, templates and the sample company."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

Folder = Literal["notebooks", "templates", "data/samples"]

_PACKAGE = Path(__file__).resolve().parent


def folder(name: Folder) -> Path:
    """Return where a bundled folder lies.

    In a checkout it is the repository's own folder, so an edited notebook takes
    effect at once. In an installed package it is the copy inside the package.

    Parameters
    ----------
    name
        ``notebooks``, ``templates`` or ``data/samples``.

    Returns
    -------
    pathlib.Path
        The folder's absolute path.

    Raises
    ------
    FileNotFoundError
        The installation is incomplete.

    Examples
    --------
    >>> folder("notebooks").name
    'notebooks'
    """
    place = (_PACKAGE.parent if is_checkout() else _PACKAGE / "_bundle") / name
    if not place.is_dir():
        raise FileNotFoundError(f"This installation of mopsnb lacks its folder '{name}'. Install mopsnb again.")
    return place


def is_checkout() -> bool:
    """Return whether the package runs from a checkout of the repository."""
    return (_PACKAGE.parent / "pyproject.toml").is_file() and not (_PACKAGE / "_bundle").is_dir()
