"""What becomes of a run that did not reach its end: it is filed, so that nobody takes silence for success.

A run that is stopped, or that cannot write its report, files itself. A run that was killed is filed by who notices
first: the server of its kernels, which outlives it, or the next command that looks at the workspace's runs.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mopsnb.disk import writing
from mopsnb.errors import InputError, OutputError, UsageError, WorkspaceError
from mopsnb.run.alive import Alive, is_dead, read_alive
from mopsnb.run.guard import Stop
from mopsnb.run.names import read_moment
from mopsnb.run.orders import undisturbed
from mopsnb.run.publish import ALIVE
from mopsnb.run.unfinished import Ending, write_unfinished
from mopsnb.secrets.known import list_known

if TYPE_CHECKING:
    from mopsnb.run.house import KernelHouse
    from mopsnb.run.plan import Plan
    from mopsnb.run.publish import Place

_UNKNOWN = dict.fromkeys(("has_latest", "is_sample"), False) | dict.fromkeys(("workspace", "as_of", "data_through"))
_KILLED = "The run ended without a word: it was killed, it crashed, or the machine went down."


@contextmanager
def witness(place: Place, building: Path, house: KernelHouse, facts: dict[str, Any]) -> Iterator[Alive]:
    """Give the sign of life while a report is built, and file the run where it does not reach its end.

    Parameters
    ----------
    place
        Where the report goes. Runs of a workspace are filed; a report with a folder of its own leaves nothing.
    building
        The folder in which it is built.
    house
        Knows of an order to end, and tells the server of its kernels where to look.
    facts
        What is known of the run, see `describe_run`.
    """
    with writing("the report", building.parent):
        alive = Alive.begin(building, facts, [item["step"] for item in facts["about"]])
    try:
        with writing("temporary files", house.folder):
            house.note_building(building)
        yield alive
        alive.end()
    except BaseException as error:
        with suppress(OSError), undisturbed():
            owner = place.folder.parent.parent
            ending = _explain(house.order or error, {owner: owner.name})
            alive.end()
            if place.latest is not None and building.is_dir() and not isinstance(error, UsageError | WorkspaceError):
                from mopsnb.run.redaction import redact_folder

                write_unfinished(building, alive.facts, ending)
                redact_folder(building)
                building.rename(place.folder)
        if house.order is not None:  # an order may break what it meets, such as an import
            raise house.order from None
        raise


def describe_run(plan: Plan, place: Place, started: datetime) -> dict[str, Any]:
    """Return what the sign of life says of a run that begins: plain values, and no folder but names."""
    return {
        "started_at": started.isoformat(),
        "name": place.folder.name,
        "is_filed": place.latest is not None,
        "has_latest": place.latest is not None and place.latest.exists(),
        "workspace": place.folder.parent.parent.name,
        "is_sample": False,
        "as_of": None,
        "data_through": None,
        "about": [
            {
                "step": step.slug,
                "title": step.title,
                "question": step.question,
                "parameters": plan.given[step.slug],
            }
            for step in plan.request.steps
        ],
    }


def file_dead_runs(folder: Path, name: str = "*") -> list[Path]:
    """File every run of a workspace that was killed, and remove what killed runs with a folder of their own left.

    Parameters
    ----------
    folder
        A workspace's ``runs``, or the folder in which a report of its own lies.
    name
        The name of that report; in ``runs`` every name counts.

    Returns
    -------
    list of Path
        The runs filed now. A run at work is left alone, and so is everything that cannot be changed.
    """
    filed = []
    for building in sorted(folder.glob(f".{name}.building-????????")):
        if building.is_dir() and is_dead(building):
            with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):  # somebody wrote into its facts
                if run := _file_dead(building):
                    filed.append(run)
    return filed


def file_after(building: Path, patience: float = 5.0) -> list[Path]:
    """File the run of one building folder once its process has ended; nothing where the report is complete.

    Parameters
    ----------
    building
        The folder.
    patience
        Seconds to wait for the process, which may be about to end.
    """
    end = time.monotonic() + patience
    while building.is_dir() and not is_dead(building):
        if time.monotonic() > end:
            return []
        time.sleep(0.02)
    return file_dead_runs(building.parent, building.name.rpartition(".building-")[0].removeprefix("."))


def _file_dead(building: Path) -> Path | None:
    facts = read_alive(building)
    if facts is None or not facts.get("is_filed") or not read_moment(str(facts.get("name"))):
        shutil.rmtree(building)
        return None
    facts = _UNKNOWN | facts  # another version of mopsnb may have written them
    seen = datetime.fromtimestamp((building / ALIVE).stat().st_mtime, UTC)
    # Only one of several that notice can take the folder; the others find it gone.
    own = building.with_name(f".{facts['name']}.building-{secrets.token_hex(4)}")
    building.rename(own)
    write_unfinished(own, facts, Ending("killed", "killed", _KILLED, seen))
    if list_known():
        from mopsnb.run.redaction import redact_folder

        redact_folder(own)
    return own.rename(building.with_name(str(facts["name"])))


def _explain(error: BaseException, named: Mapping[Path, str]) -> Ending:
    now = datetime.now(UTC)
    if isinstance(error, KeyboardInterrupt | SystemExit):
        return Ending("stopped", "stopped", Stop.obey(error).text, now)
    text = _hide_folders(str(error), named)
    if isinstance(error, OutputError | InputError):
        return Ending("failed", "output" if isinstance(error, OutputError) else "input", text, now)
    return Ending("failed", "bug", f"{type(error).__name__}{': ' if text else ''}{text}", now)


def _hide_folders(text: str, named: Mapping[Path, str]) -> str:
    try:
        from mopsnb.run.cleaning import hide_folders, name_folders
    except Exception:  # a damaged installation, which may be why the run ended: it is filed all the same
        return ""
    return hide_folders(text, name_folders(named))
