"""The commands that bring data in: ``import`` and ``sources``."""

from __future__ import annotations

import json
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from mopsnb.errors import UsageError

if TYPE_CHECKING:
    from mopsnb.data.importing.importer import Tell

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def import_command(  # noqa: PLR0913 - one argument an option
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILES...", help="CSV, Excel, Parquet or JSON files, the older export first."),
    ],
    *,
    into: Annotated[Path, typer.Option(metavar="WORKSPACE", help="Folder with strategy.yml and data/.")],
    source: Annotated[str, typer.Option(metavar="NAME", help="What the files are, see mopsnb sources.")] = "",
    table: Annotated[
        str,
        typer.Option(metavar="NAME", help="The canonical table of a file of your own; its columns by name or --map."),
    ] = "",
    maps: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=HEADER", help="Read a canonical column from this header. Repeatable."),
    ] = None,
    defaults: Annotated[
        list[str] | None,
        typer.Option(
            "--default",
            metavar="COLUMN=VALUE",
            help="What cells say that the file lacks: channel, currency, period_start, period_end. Repeatable.",
        ),
    ] = None,
    date_order: Annotated[
        Literal["dmy", "mdy"] | None, typer.Option(metavar="dmy|mdy", help="How to read dates such as 1/2/2026.")
    ] = None,
    decimal: Annotated[
        Literal["point", "comma"] | None, typer.Option(metavar="point|comma", help="How to read numbers such as 1,234.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and write nothing.")] = False,
    max_rejected: Annotated[
        float,
        typer.Option(min=0, max=1, metavar="SHARE", help="Import nothing where more rows are bad. Without it: 0.01."),
    ] = 0.01,
    as_json: AsJson = False,
) -> None:
    """Bring exports into a workspace: recognize, map, check and merge them."""
    from mopsnb.cli.ahead import read_ahead
    from mopsnb.data.importing.importer import import_files
    from mopsnb.data.importing.request import ImportRequest
    from mopsnb.strategy import read_strategy

    if not (into / "strategy.yml").is_file():
        from mopsnb.errors import WorkspaceError

        raise WorkspaceError(f"'{into}' is not a workspace. Create one with: mopsnb init {into}")
    strategy = read_strategy(into / "strategy.yml")
    organization = strategy.organization
    if strategy.data and not dry_run:
        why = f"'{into}' reads its tables from where the key data of strategy.yml says, not from files."
        raise UsageError(f"{why} Load the export there, or remove the key and import it here.")
    request = ImportRequest(
        files=tuple(files),
        workspace=into,
        time_zone=organization.time_zone,
        currency=organization.currency or "",
        source=source,
        table=table,
        maps=_read_pairs(maps, "--map", "HEADER"),
        defaults=_read_pairs(defaults, "--default", "VALUE"),
        date_order=date_order or "",
        decimal=decimal or "",
        dry_run=dry_run,
        max_rejected=max_rejected,
    )
    with _end_in_order(), _show_progress(wanted=not as_json) as tell:
        report = import_files(request, tell)
    typer.echo(json.dumps(report.to_dict(), indent=2, ensure_ascii=False) if as_json else str(report))
    if not dry_run:
        read_ahead(into, partial(typer.echo, err=as_json))
    if not as_json and not dry_run:
        typer.echo(f"Next: mopsnb check {into}")


def list_sources(
    workspace: Annotated[str, typer.Argument(metavar="WORKSPACE", help="Add the sources of this workspace.")] = "",
    as_json: AsJson = False,
) -> None:
    """List what can be imported, and how to export it."""
    from mopsnb.data.importing.sources import read_sources

    found = read_sources(Path(workspace) if workspace else None)
    shown = [item for item in found.values() if item.export]
    if as_json:
        keys = ("id", "title", "vendor", "shape", "table", "export", "notes")
        typer.echo(
            json.dumps([{key: getattr(item, key) for key in keys} for item in shown], indent=2, ensure_ascii=False)
        )
        return
    for item in shown:
        typer.echo(f"{item.id} → {item.table}\n  {item.title}\n  {item.export}")


def _read_pairs(items: Sequence[str] | None, option: str, what: str) -> dict[str, str]:
    pairs = {}
    for item in items or ():
        found = re.fullmatch(r"([a-z_]+)=(.*)", item)
        if not found:
            raise UsageError(f"{option} is '{item}', expected COLUMN={what}, such as currency=EUR.")
        pairs[found[1]] = found[2].strip()
    return pairs


@contextmanager
def _end_in_order() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end an import as Ctrl-C does, so that its unfinished files go."""

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    numbers = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before = {number: signal.getsignal(number) for number in numbers if signal.getsignal(number) != signal.SIG_IGN}
    for number in before:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _show_progress(*, wanted: bool) -> Iterator[Tell | None]:
    """Show a bar on a terminal, and nothing elsewhere."""
    if not wanted or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks = {}

        def tell(title: str, done: int, size: int) -> None:
            if title not in tasks:
                tasks[title] = progress.add_task(title, total=size)
            progress.update(tasks[title], completed=done)

        yield tell
