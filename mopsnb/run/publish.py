"""Where a report goes, and how it gets there in one step.

A report is built in a hidden folder beside its place and moved there when it is
complete, so that nobody ever reads half of one. What stood there before is
removed only where it is an earlier report.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mopsnb.errors import OutputError

RECORD = "run.json"
KIND = "mopsnb report"  # what run.json says of itself: the mark of a report of ours
LATEST = "latest"
_FOLDERS = {"assets", "results", "notebooks"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run's report goes.

    Parameters
    ----------
    folder
        The report's final folder, absolute.
    latest
        The link that leads to a workspace's last good report; None where the report has a fixed folder.
    """

    folder: Path
    latest: Path | None = None

    @property
    def building(self) -> Path:
        """The hidden folder beside it, in which the report is built."""
        return self.folder.with_name(f".{self.folder.name}.building-{secrets.token_hex(4)}")


def choose_place(workspace: Path | None, out: Path | None, started: datetime) -> Place:
    """Decide where a run's report goes and check that it may.

    Parameters
    ----------
    workspace
        The workspace; None for the sample company.
    out
        The folder asked for. None: ``runs/`` of the workspace, or ``report/`` here for the sample.
    started
        When the run began, in UTC. It names the folder in ``runs/``.

    Raises
    ------
    OutputError
        The folder holds something that is not an earlier report, or cannot be written to.
    """
    if out is None and workspace is not None:
        runs = workspace / "runs"
        name = f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        place = Place(runs / name, runs / LATEST)
    else:
        place = Place(Path(out or "report").resolve())
        check_replaceable(place.folder)
    parent = place.folder.parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot make the folder {parent}: {error.strerror or error}.") from error
    if not os.access(parent, os.W_OK | os.X_OK):
        raise OutputError(f"Cannot write into the folder {parent}. Choose another one with --out.")
    return place


def check_replaceable(folder: Path) -> None:
    """Make sure that a folder is absent, empty, or an earlier report and nothing else.

    Raises
    ------
    OutputError
        It is something else. The message says what stands in the way.
    """
    if not os.path.lexists(folder):
        return
    if not folder.is_dir():
        raise OutputError(f"{folder} is a file. Choose a folder for the report with --out.")
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise OutputError(f"Cannot read the folder {folder}: {error.strerror or error}.") from error
    if not names:
        return
    fix = "Choose another folder with --out, or empty this one."
    if not is_report(folder):
        raise OutputError(f"{folder} is not empty and holds no earlier report, so it stays as it is. {fix}")
    others = [name for name in names if name not in _FOLDERS | {RECORD} and not name.endswith(".html")]
    if others:
        listed = ", ".join(others[:3]) + (" and more" if len(others) > 3 else "")
        raise OutputError(f"{folder} holds a report and other things ({listed}), so it stays as it is. {fix}")


def is_report(folder: Path) -> bool:
    """Return whether a folder is a report that mopsnb made."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(record, dict) and record.get("kind") == KIND


@contextmanager
def build_in(place: Place) -> Iterator[Path]:
    """Give the folder to build in, and remove it if it was not published."""
    building = place.building
    try:
        building.mkdir()
    except OSError as error:
        raise OutputError(f"Cannot write beside {place.folder}: {error.strerror or error}.") from error
    try:
        yield building
    finally:
        shutil.rmtree(building, ignore_errors=True)


def publish(building: Path, place: Place, *, is_good: bool) -> Path:
    """Move a finished report to its place.

    Parameters
    ----------
    building
        The complete report.
    place
        Where it goes. An earlier report there is replaced as a whole.
    is_good
        Whether ``latest`` may lead to it.

    Returns
    -------
    pathlib.Path
        The folder that holds the report now.

    Raises
    ------
    OutputError
        It cannot be moved. What stood there before stands there again.
    """
    try:
        if place.latest is None:
            check_replaceable(place.folder)  # a run takes minutes; the folder may have changed
            _swap(building, place.folder)
        else:
            building.rename(place.folder)
            if is_good:
                _lead_to(place.latest, place.folder)
    except OSError as error:
        raise OutputError(f"Cannot put the report into {place.folder}: {error.strerror or error}.") from error
    return place.folder


def _swap(new: Path, target: Path) -> None:
    if os.path.ismount(target):
        _swap_contents(new, target)
        return
    if not target.exists():
        new.rename(target)
        return
    old = target.with_name(f".{target.name}.replaced-{secrets.token_hex(4)}")
    target.rename(old)
    try:
        new.rename(target)
    except BaseException:  # an order to end may come between the two moves
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _swap_contents(new: Path, target: Path) -> None:
    """Replace what a mounted folder holds; the folder itself cannot be renamed."""
    for path in sorted(target.iterdir()):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in sorted(new.iterdir()):
        shutil.move(path, target / path.name)


def _lead_to(latest: Path, folder: Path) -> None:
    """Let ``latest`` lead to a run, in one step where the file system has links."""
    fresh = latest.with_name(f".{latest.name}.{secrets.token_hex(4)}")
    try:
        fresh.symlink_to(folder.name, target_is_directory=True)
    except (OSError, NotImplementedError):
        shutil.copytree(folder, fresh)
    if latest.is_dir() and (not latest.is_symlink() or not fresh.is_symlink()):
        _swap_kinds(fresh, latest)
    else:
        fresh.replace(latest)


def _swap_kinds(fresh: Path, latest: Path) -> None:
    """Put a folder where a link or folder is, or a link where a folder is: no single step does that."""
    if latest.is_symlink():
        latest.unlink()
        fresh.rename(latest)
        return
    old = latest.with_name(f".{latest.name}.replaced-{secrets.token_hex(4)}")
    latest.rename(old)
    fresh.rename(latest)
    with suppress(OSError):
        shutil.rmtree(old)
