"""Where a report goes, and how it gets there in one step.

A report is built in a hidden folder beside its place and moved there when it is
complete, so that nobody ever reads half of one. What stood there before is
removed only where it is an earlier report. Every file is on the disk before the
report moves, so that a power cut leaves the old report or the new one.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from mopsnb.disk import can_list, refuse_write
from mopsnb.errors import OutputError
from mopsnb.run.durable import is_mounted, sync_folder, sync_tree
from mopsnb.run.moves import announce, lead_to, leads_to, swap
from mopsnb.run.names import name_after, name_run
from mopsnb.run.orders import note_published, undisturbed

RECORD = "run.json"
KIND = "mopsnb report"  # what run.json says of itself: the mark of a report of ours
LATEST = "latest"
GOOD = ("ok", "partial")  # the statuses of a run that ``latest`` may lead to
SINGLE_FILE = "report.html"  # the whole report, to attach
KEPT = ".inputs.json"  # what a run rests on, while it is at work
ALIVE = "alive.json"  # who is at work
_FOLDERS = {"assets", "results", "notebooks"}
_FILES = {RECORD, KEPT, ALIVE, "alive.lock"}


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

    @property
    def link(self) -> Path:
        """What readers open: the link to the last good report, or the report's own folder."""
        return self.latest or self.folder

    @property
    def lock(self) -> Path:
        """The file that a run holds while it works: one for a workspace's runs, one beside a folder of its own."""
        return self.folder.with_name(".lock") if self.latest else self.folder.with_name(f".{self.folder.name}.lock")


def find_workspace(workspace: str) -> Path | None:
    """Return a workspace's folder; None for the sample company.

    Raises
    ------
    WorkspaceError
        The folder is not a workspace.
    """
    if not workspace:
        return None
    folder = Path(workspace).expanduser()
    if not (folder / "strategy.yml").is_file() or not can_list(folder / "data"):
        from mopsnb.workspace import open as open_workspace  # it says what is wrong, and importing it takes long

        open_workspace(workspace)
    return folder.resolve()


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
        place = Place(runs / name_run(started), runs / LATEST)
        if not (runs / LATEST).is_symlink():  # where links do not exist it is a report, and a stranger's folder stays
            check_replaceable(runs / LATEST)
    else:
        place = Place(Path(out or "report").resolve())
        _refuse_runs(place.folder)
        check_replaceable(place.folder)
    parent = place.folder.parent
    try:
        os.fsencode(parent).decode("utf-8")  # pages, records and DuckDB name files in it
    except UnicodeDecodeError:
        raise OutputError(f"The path {parent} is no text in UTF-8. Rename the folder.") from None
    try:
        parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot make the folder {parent}: {error.strerror or error}.") from error
    if not os.access(parent, os.W_OK | os.X_OK):
        raise OutputError(f"Cannot write into the folder {parent}. Choose another one with --out.")
    return place


def take_name(place: Place, started: datetime) -> Place:
    """Return a run's place under the name that it keeps, see `mopsnb.run.names.name_after`; the lock is held."""
    if place.latest is None:
        return place
    return replace(place, folder=place.folder.with_name(name_after(place.folder.parent, started)))


def _refuse_runs(folder: Path) -> None:
    """Refuse a folder among a workspace's runs, which have a lock, an index and a last good one to keep."""
    for place in (folder, *folder.parents):
        if place.name == "runs" and (place.parent / "strategy.yml").is_file():
            fix = "Leave --out away to add a run, or choose a folder elsewhere."
            raise OutputError(f"{folder} lies among the runs of the workspace {place.parent}. {fix}")


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
    if is_mounted(folder):
        why = "is where a disk or a shared folder is mounted, so a report cannot take its place in one step"
        raise OutputError(f"{folder} {why}. Choose a folder in it, for example --out {folder / 'report'}.")
    if not names:
        return
    fix = "Choose another folder with --out, or empty this one."
    if not is_report(folder):
        raise OutputError(f"{folder} is not empty and holds no earlier report, so it stays as it is. {fix}")
    if others := list_strangers(names):
        listed = ", ".join(others[:3]) + (" and more" if len(others) > 3 else "")
        raise OutputError(f"{folder} holds a report and other things ({listed}), so it stays as it is. {fix}")


def list_strangers(names: Iterable[str]) -> list[str]:
    """Return those names of a folder's content that are not a report's; what a killed run leaves counts as its own."""
    own = _FOLDERS | _FILES
    return [name for name in names if name not in own and not name.endswith((".html", ".partial"))]


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
        raise refuse_write("the report", place.folder.parent, error) from error
    try:
        yield building
    finally:
        with undisturbed():
            shutil.rmtree(building, ignore_errors=True)


def publish(building: Path, place: Place, *, is_good: bool, at_last: Callable[[], None] = lambda: None) -> Path:
    """Move a finished report to its place.

    Parameters
    ----------
    building
        The complete report.
    place
        Where it goes. An earlier report there is replaced as a whole.
    is_good
        Whether ``latest`` may lead to it. Otherwise it is kept, and ``latest`` is not touched.
    at_last
        Called when every file is on the disk, right before the report moves.

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
        sync_tree(building)
        at_last()
        with undisturbed():
            _move(building, place, is_good=is_good)
            note_published(is_published=is_good or place.latest is None)
    except OSError as error:
        raise refuse_write("the report", place.folder.parent if place.latest else place.folder, error) from error
    return place.folder


def _move(building: Path, place: Place, *, is_good: bool) -> None:
    if place.latest is None:
        check_replaceable(place.folder)  # a run takes minutes; the folder may have changed
        swap(building, place.folder)
    elif not is_good:
        _file(building, place.folder)
    else:
        try:
            with announce(place.latest, place.folder) as fresh:
                _file(building, place.folder)
            lead_to(place.latest, place.folder, fresh)
        except OSError:
            # A run that readers cannot open did not pass; whoever built it files it as what it is.
            with suppress(OSError):
                if place.folder.is_dir() and not leads_to(place.latest, place.folder):
                    place.folder.rename(building)
            raise


def _file(building: Path, folder: Path) -> None:
    building.rename(folder)
    sync_folder(folder.parent)
