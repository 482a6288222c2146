"""Read schedule.yml, and say everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from mopsnb import assets
from mopsnb.errors import ScheduleError, StrategyError, WorkspaceError
from mopsnb.schedule.links import check_links
from mopsnb.schedule.models import Schedule, ScheduleFile
from mopsnb.strategy.forms import Form, parse_form, read_form
from mopsnb.strategy.reading import read_strategy

FILE = "schedule.yml"


def read_schedules(
    workspace: Path, notebooks: Path | None = None, *, zones: Mapping[str, str] | None = None
) -> ScheduleFile:
    """Read a workspace's schedules and check them against the notebooks.

    Parameters
    ----------
    workspace
        The folder.
    notebooks
        Another folder of notebooks; None: those that mopsnb brings.
    zones
        Time zones by the ids of schedules, for want of a strategy that can be read: what is due then runs, fails
        with the strategy's faults, and people are told.

    Returns
    -------
    ScheduleFile
        The file's content. A schedule without a time zone has the strategy's.

    Raises
    ------
    WorkspaceError
        There is no such folder.
    ScheduleError
        There is no such file, or it has faults: all of them, in the order of its lines.
    StrategyError
        A schedule relies on the strategy's time zone, and the strategy file has faults.
    """
    if not workspace.is_dir():
        raise WorkspaceError(f"There is no workspace {workspace}: no such folder. Check the path.")
    found = read_form(workspace / FILE, _make_form(workspace, notebooks))
    if any(schedule.time_zone is None for schedule in found.schedules):
        filled = _give_zones(found.schedules, workspace / "strategy.yml", zones or {})
        return found.model_copy(update={"schedules": filled})
    return found


def parse_schedules(text: str, workspace: Path, notebooks: Path | None = None) -> ScheduleFile:
    """Read the text of a schedule file, as :func:`read_schedules` does; time zones stay as they are."""
    return parse_form(text, FILE, _make_form(workspace, notebooks))


def _make_form(workspace: Path, notebooks: Path | None) -> Form[ScheduleFile]:
    check = partial(check_links, folder=workspace, notebooks=notebooks or assets.folder("notebooks"))
    start = "The template is templates/workspace/schedule.yml; 'mopsnb init' puts it into a new workspace."
    return Form(ScheduleFile, "schedule file", ScheduleError, check, "schedules", start)


def _give_zones(schedules: Sequence[Schedule], strategy: Path, known: Mapping[str, str]) -> list[Schedule]:
    lacking = [schedule.id for schedule in schedules if schedule.time_zone is None]
    try:
        zones: Mapping[str, str] = dict.fromkeys(lacking, read_strategy(strategy).organization.time_zone)
    except StrategyError:
        if not all(name in known for name in lacking):
            raise
        zones = known
    return [item if item.time_zone else item.model_copy(update={"time_zone": zones[item.id]}) for item in schedules]
