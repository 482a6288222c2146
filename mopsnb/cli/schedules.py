"""The commands for schedules: look at them, have them called, run what is due."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from mopsnb.errors import UsageError

if TYPE_CHECKING:
    from mopsnb.run.request import RunOutcome, RunRequest
    from mopsnb.schedule.due import World
    from mopsnb.schedule.handled import Handled
    from mopsnb.schedule.models import Schedule, ScheduleFile
    from mopsnb.schedule.rendering import Generated, Site

WorkspaceFolder = Annotated[Path, typer.Argument(metavar="WORKSPACE", help="Folder with schedule.yml.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
_SERIOUS = (70, 9, 3, 10, 7, 6, 137, 8, 5, 1, 2, 4)  # where several schedules fail: what to see to first


def schedule(  # noqa: PLR0913 - one argument an option
    workspace: WorkspaceFolder,
    *,
    next_runs: Annotated[
        int, typer.Option("--next", min=0, max=1000, metavar="N", help="How many of the next runs to show.")
    ] = 5,
    start: Annotated[
        str, typer.Option("--from", metavar="TIME", help="Look ahead from this moment. Without it: from now.")
    ] = "",
    system: Annotated[
        Literal["crontab", "systemd", "github", "airflow"] | None,
        typer.Option("--as", metavar="crontab|systemd|github|airflow", help="Print what makes this scheduler call."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="With --as: write the files into this folder.")
    ] = None,
    install: Annotated[
        bool, typer.Option("--install", help="With --as crontab or systemd: put it in place for the current user.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --install: show what would be, and change nothing.")
    ] = False,
    command: Annotated[
        str, typer.Option(metavar="PROGRAM", help="With --as: the path of mopsnb there. Without it: this one.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Check schedule.yml and show the next runs, or make a scheduler call them."""
    from mopsnb.schedule.reading import read_schedules
    from mopsnb.schedule.words import Outlook, describe_outlooks

    moment = read_moment(start) or datetime.now(UTC)
    if system is None and (out or install or dry_run or command):
        raise UsageError("--out, --install, --dry-run and --command need --as, with the name of a scheduler.")
    found = read_schedules(workspace)
    if system:
        typer.echo(_serve(found, system, _find_site(workspace, command, moment), (out, install, dry_run)))
        return
    outlooks = [Outlook.build(item, moment, next_runs) for item in found.schedules]
    if as_json:
        values = {"workspace": str(workspace), "schedules": [item.to_dict() for item in outlooks]}
        typer.echo(json.dumps(values, indent=2, ensure_ascii=False))
    else:
        typer.echo(describe_outlooks(outlooks))


def due(  # noqa: PLR0913 - one argument an option
    workspace: WorkspaceFolder,
    *,
    only: Annotated[str, typer.Option(metavar="a,b", help="Look at these schedules. Without it: all.")] = "",
    now: Annotated[str, typer.Option(metavar="TIME", help="Take this for the time. Without it: what it is.")] = "",
    force: Annotated[
        bool,
        typer.Option("--force", help="Run them now, whether they are due or not: all that are enabled, or --only."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would run, and change nothing.")] = False,
    as_json: AsJson = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but failures.")] = False,
) -> None:
    """Run the schedules of a workspace that are due, and make up for missed runs within their window."""
    from mopsnb.cli.signals import end_on_signal
    from mopsnb.schedule.due import foresee, run_due, run_now, select
    from mopsnb.schedule.reading import read_schedules
    from mopsnb.schedule.state import read_zones

    moment = read_moment(now)
    names = [name.strip() for name in only.split(",") if name.strip()]
    found = read_schedules(workspace, zones=read_zones(workspace))
    chosen = [item for item in select(found, names) if item.enabled or (names and force) or not force]
    handled: list[Handled] = []
    tell = partial(_report, quiet=quiet, as_json=as_json)
    if dry_run:
        _collect(foresee(workspace, chosen, moment or datetime.now(UTC), _warn), handled, tell)
    else:
        run = run_now if force else run_due
        with end_on_signal():
            _collect(run(workspace, chosen, _build_world(moment, quiet=quiet, as_json=as_json)), handled, tell)
    code = 0 if dry_run else choose_code(item.exit_code for item in handled)
    if as_json:
        values = {"exit_code": code, "schedules": [item.to_dict() for item in handled]}
        typer.echo(json.dumps(values, indent=2, ensure_ascii=False))
    elif not handled and not quiet:
        typer.echo(_describe_idle(chosen, moment or datetime.now(UTC)))
    raise typer.Exit(code)


def read_moment(text: str) -> datetime | None:
    """Return the moment of an ISO text; None for empty text. Without an offset it is in UTC.

    Raises
    ------
    UsageError
        The text is no moment.
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f"'{text}' is no time. Write it like 2026-11-22T06:00+01:00 or 2026-11-22T05:00Z.") from None


def choose_code(codes: Iterable[int]) -> int:
    """Return the exit code of the most serious of several runs.

    Examples
    --------
    >>> choose_code([0, 4, 1]), choose_code([])
    (1, 0)
    """
    found = set(codes) - {0}
    return next((code for code in _SERIOUS if code in found), max(found, default=0))


def _find_site(workspace: Path, command: str, moment: datetime) -> Site:
    from mopsnb.schedule.rendering import Site, find_command

    return Site(workspace.resolve(), [command] if command else find_command(), moment)


def _serve(
    found: ScheduleFile,
    system: Literal["crontab", "systemd", "github", "airflow"],
    site: Site,
    wishes: tuple[Path | None, bool, bool],
) -> str:
    from mopsnb.schedule import installing
    from mopsnb.schedule.rendering import generate

    out, install, dry_run = wishes
    if install and system not in ("crontab", "systemd"):
        raise UsageError(f"--install knows crontab and systemd. Put the file for {system} where its reader looks.")
    if dry_run and not install:
        raise UsageError("--dry-run belongs to --install. Without --install nothing is changed anyway.")
    files = generate(found, system, site)
    lines = []
    if out:
        lines = [str(path) for path in installing.write_files(files, out)]
    if install:
        place = installing.install_crontab if system == "crontab" else installing.install_units
        done = place(files, site, dry_run=dry_run)
        head = "It would be:" if dry_run else "In place." if done.is_new else "In place already."
        lines += [head, done.text.rstrip()]
    return "\n".join(lines) if lines else _show(files)


def _show(files: Sequence[Generated]) -> str:
    if len(files) == 1:
        return files[0].text.rstrip("\n")
    return "\n".join(f"# ---- {item.name}\n{item.text}" for item in files).rstrip("\n")


def _build_world(moment: datetime | None, *, quiet: bool, as_json: bool) -> World:
    from mopsnb.run.progress import choose_progress
    from mopsnb.schedule.world import build_world

    progress = partial(choose_progress, quiet=True, verbose=False)
    if sys.stderr.isatty():
        progress = partial(choose_progress, quiet=quiet or as_json, verbose=False)
    say = _be_silent if quiet or as_json else _say
    world = build_world(lambda: moment or datetime.now(UTC), progress, say, _warn)
    return replace(world, run=partial(_run_until_told, world.run))


def _run_until_told(run: Callable[[RunRequest], RunOutcome], request: RunRequest) -> RunOutcome:
    """Run, and let an order to end be one, also where a library turned it into an error of its own."""
    from mopsnb.cli.signals import end_on_signal

    with end_on_signal():
        return run(request)


def _collect(found: Iterable[Handled], handled: list[Handled], tell: Callable[[Handled], None]) -> None:
    for item in found:
        handled.append(item)
        tell(item)


def _report(item: Handled, *, quiet: bool, as_json: bool) -> None:
    is_bad = item.exit_code != 0 or item.status == "left_out"
    if is_bad:
        _warn(item.describe())
    elif not (quiet or as_json):
        typer.echo(item.describe())
    for note in item.notes:
        _warn(f"{item.schedule}: {note}")


def _describe_idle(chosen: Sequence[Schedule], moment: datetime) -> str:
    from mopsnb.schedule.words import Outlook, find_zone, show_local

    coming = [Outlook.build(item, moment, 1) for item in chosen]
    slots = [(item.slots[0], item.schedule) for item in coming if item.slots]
    if not slots:
        return "Nothing is due, and nothing will be: no schedule is enabled."
    slot, first = min(slots, key=lambda pair: pair[0])
    return f"Nothing is due. Next: {first.id}, {show_local(slot, find_zone(first))}."


def _say(text: str) -> None:
    typer.echo(text)


def _warn(text: str) -> None:
    typer.echo(text, err=True)


def _be_silent(_: str) -> None:
    """Say nothing."""
