"""What calls mopsnb at the right time: crontab lines, systemd units, a GitHub workflow, an Airflow DAG.

No secret stands in any of them, only the names under which secrets are found.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mopsnb import __version__, assets
from mopsnb.errors import UsageError
from mopsnb.schedule import airflow
from mopsnb.schedule.calendars import write_calendars
from mopsnb.schedule.calls import list_minutes, translate_to_utc, write_field
from mopsnb.schedule.cron import read_cron
from mopsnb.schedule.models import Schedule, ScheduleFile, count_waits
from mopsnb.schedule.quoting import check_word, quote_crontab, quote_text, quote_unit, slugify
from mopsnb.schedule.words import Outlook, find_zone
from mopsnb.secrets import is_reference
from mopsnb.secrets.secret import NAME, SCHEME
from mopsnb.secrets.sources import PREFIX, name_variable

System = Literal["crontab", "systemd", "github", "airflow"]
SYSTEMS: tuple[System, ...] = ("crontab", "systemd", "github", "airflow")
_REFERENCE = re.compile(rf"^[^#\n]*?{SCHEME}({NAME.pattern})", re.MULTILINE)  # not in a comment
_LONGEST_JOB = 360  # minutes; GitHub ends a job then in any case


@dataclass(frozen=True, slots=True)
class Generated:
    """A file for a scheduler.

    Parameters
    ----------
    name
        Its file name.
    text
        Its content.
    """

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Site:
    """Where mopsnb and the workspace are.

    Parameters
    ----------
    workspace
        The workspace's folder, absolute.
    command
        The words that start mopsnb.
    moment
        The year that follows counts for the offsets of time zones.
    """

    workspace: Path
    command: Sequence[str]
    moment: datetime

    @property
    def slug(self) -> str:
        """The workspace's name in names of files and units."""
        return slugify(self.workspace.name)


def find_command() -> list[str]:
    """Return the words that start this mopsnb from any folder, with no search path set."""
    script = Path(sys.executable).with_name("mopsnb")
    return [str(script)] if script.is_file() else [sys.executable, "-P", "-m", "mopsnb"]


def generate(file: ScheduleFile, system: System, site: Site) -> list[Generated]:
    """Return the files for a scheduler.

    Parameters
    ----------
    file
        The schedules. Disabled ones are left out.
    system
        The scheduler.
    site
        Where mopsnb and the workspace are.

    Raises
    ------
    UsageError
        No schedule is enabled, or one of them cannot be expressed.
    """
    schedules = [schedule for schedule in file.schedules if schedule.enabled]
    if not schedules:
        raise UsageError("schedule.yml holds no enabled schedule, so there is nothing to call.")
    for word in (str(site.workspace), *site.command):
        check_word(word)
    make: dict[System, Callable[[Sequence[Schedule], Site], list[Generated]]] = {
        "crontab": _make_crontab,
        "systemd": _make_units,
        "github": _make_workflow,
        "airflow": _make_dags,
    }
    return make[system](schedules, site)


def list_secrets(schedules: Sequence[Schedule], workspace: Path) -> list[str]:
    """Return the names of the secrets that schedules, their files of parameters and the strategy refer to."""
    texts = [setting.to for schedule in schedules for setting in schedule.notify]
    texts += [value for schedule in schedules for value in schedule.params.values()]
    found = {text.removeprefix(SCHEME) for text in texts if is_reference(text)}
    files = {workspace / "strategy.yml", *(workspace / item.params_file for item in schedules if item.params_file)}
    for path in sorted(files):
        with suppress(OSError):  # a run says what is wrong with it
            found.update(_REFERENCE.findall(path.read_text(encoding="utf-8", errors="replace")))
    return sorted(found)


def _make_crontab(schedules: Sequence[Schedule], site: Site) -> list[Generated]:
    text = _render(
        "crontab.j2",
        workspace=site.workspace,
        outlooks=_list_outlooks(schedules),
        minutes=write_field(list_minutes(read_cron(schedule.cron) for schedule in schedules), 60),
        command=quote_crontab([*site.command, "due", str(site.workspace), "--quiet"]),
    )
    return [Generated(f"mopsnb-{site.slug}.crontab", text)]


def _make_units(schedules: Sequence[Schedule], site: Site) -> list[Generated]:
    values = {
        "name": quote_text(site.workspace.name),
        "workspace": site.workspace,
        "outlooks": _list_outlooks(schedules),
        "command": quote_unit([*site.command, "due", str(site.workspace), "--quiet"]),
        "events": lambda schedule: write_calendars(read_cron(schedule.cron), find_zone(schedule).key),
    }
    return [
        Generated(f"mopsnb-{site.slug}.{kind}", _render(f"mopsnb.{kind}.j2", **values)) for kind in ("service", "timer")
    ]


def _make_workflow(schedules: Sequence[Schedule], site: Site) -> list[Generated]:
    folder = _find_in_repository(site.workspace)
    if "${{" in str(site.workspace):
        raise UsageError("GitHub would read what stands behind ${{ in the folder's name. Rename the folder.")
    text = _render(
        "github.yml.j2",
        title=f"mopsnb reports of {site.workspace.name}",
        slug=site.slug,
        folder=str(folder),
        runs=str(folder / "runs"),
        version=__version__,
        outlooks=_list_outlooks(schedules),
        lines=lambda schedule: translate_to_utc(read_cron(schedule.cron), find_zone(schedule), site.moment),
        minutes=_limit_job(schedules),
        secrets=[(_name_in_github(name), name_variable(name)) for name in list_secrets(schedules, site.workspace)],
    )
    return [Generated(f"mopsnb-{site.slug}.yml", text)]


def _make_dags(schedules: Sequence[Schedule], site: Site) -> list[Generated]:
    text = _render(
        "airflow.py.j2",
        name=site.workspace.name.replace('"', "'").replace("\\", "/"),
        workspace=airflow.guard(str(site.workspace)),
        notebooks=airflow.guard(str(assets.folder("notebooks"))),
        prefix=f"mopsnb_{site.slug.replace('-', '_')}_",
        dags=[airflow.describe(schedule, site.workspace, site.command) for schedule in schedules],
    )
    return [Generated(f"mopsnb_{site.slug.replace('-', '_')}.py", text)]


def _list_outlooks(schedules: Sequence[Schedule]) -> list[Outlook]:
    return [Outlook(schedule, ()) for schedule in schedules]


def _find_in_repository(workspace: Path) -> PurePosixPath:
    """Return a workspace's path in its git repository; its own folder where it stands in none."""
    for folder in (workspace, *workspace.parents):
        if (folder / ".git").exists():
            return PurePosixPath(workspace.relative_to(folder).as_posix())
    return PurePosixPath(".")


def _name_in_github(name: str) -> str:
    """Return the name of a secret in GitHub, where none begins with a digit, and GITHUB_TOKEN is GitHub's own."""
    variable = name_variable(name)
    short = variable.removeprefix(PREFIX)
    return variable if short[0].isdigit() or short.startswith("GITHUB_") else short


def _limit_job(schedules: Sequence[Schedule]) -> int:
    """Return after how many minutes a job of all schedules is surely stuck."""
    total = timedelta(0)
    for schedule in schedules:
        if schedule.deadline is None:
            return _LONGEST_JOB
        waits = count_waits(schedule.retries)
        total += schedule.deadline * (1 + len(waits)) + timedelta(seconds=sum(waits))
    return min(_LONGEST_JOB, math.ceil(total.total_seconds() / 60) + 15)


def _render(template: str, **values: Any) -> str:
    environment = Environment(
        loader=FileSystemLoader(assets.folder("templates") / "schedule"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - these are no web pages; what is inserted is quoted for its place
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["literal"] = airflow.write_literal
    return environment.get_template(template).render(values)
