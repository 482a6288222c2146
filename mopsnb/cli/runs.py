"""The commands about a workspace's runs: which there are, and which may go."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mopsnb.cli.printing import align, show_path
from mopsnb.disk import writing
from mopsnb.errors import WorkspaceError

if TYPE_CHECKING:
    from mopsnb.run.run_list import RunList

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
WorkspaceFolder = Annotated[str, typer.Argument(metavar="WORKSPACE", help="Folder with strategy.yml and data/.")]


def runs(workspace: WorkspaceFolder, as_json: AsJson = False) -> None:
    """List a workspace's runs, file those that were killed, and write the index of runs anew."""
    from mopsnb.run.aftermath import file_dead_runs
    from mopsnb.run.moves import repair_latest
    from mopsnb.run.publish import LATEST
    from mopsnb.run.run_list import read_runs
    from mopsnb.run.runs_index import write_index_of_runs

    folder = _find_runs(workspace)
    file_dead_runs(folder)
    repair_latest(folder / LATEST)
    found = read_runs(folder)
    typer.echo(json.dumps(found.to_dict(), indent=2, ensure_ascii=False) if as_json else describe_runs(found, folder))
    with writing("the index of runs", folder):
        write_index_of_runs(folder)


def prune(
    workspace: WorkspaceFolder,
    *,
    keep: Annotated[int | None, typer.Option(min=0, metavar="N", help="Keep the newest N runs.")] = None,
    days: Annotated[
        int | None, typer.Option(min=0, metavar="D", help="Keep the runs that began less than D days ago.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and remove nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove old runs: those that neither --keep nor --days keeps. The last good run always stays."""
    from mopsnb.run.aftermath import file_dead_runs
    from mopsnb.run.retention import prune as remove
    from mopsnb.run.retention import summarize
    from mopsnb.run.runs_index import write_index_of_runs

    folder = _find_runs(workspace)
    if not dry_run:
        file_dead_runs(folder)
    verdicts = remove(folder, keep=keep, days=days, dry_run=dry_run)
    if not dry_run:
        with writing("the index of runs", folder):
            write_index_of_runs(folder)
    if as_json:
        found = {"dry_run": dry_run, "runs": [verdict.to_dict() for verdict in verdicts]}
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        typer.echo(summarize(verdicts, dry_run=dry_run))


def describe_runs(found: RunList, folder: Path) -> str:
    """Return the runs as a table, and what is wrong with the latest."""
    from mopsnb.run.run_list import STATUS, WORDS, show_seconds, show_time

    if not found.lines:
        return "No run yet. Next: mopsnb run " + show_path(folder.parent)
    rows = [("run", "status", "started", "took", "steps", "findings")]
    for line in found.lines:
        status = STATUS.get(line.status, line.status) + (" (latest)" if line.is_latest else "")
        steps = ", ".join(f"{len(slugs)} {kind}" for kind, slugs in line.steps.items())
        counts = ", ".join(_count(number, WORDS[severity]) for severity, number in line.findings.items() if number)
        rows.append((line.run, status, show_time(line.started_at), show_seconds(line.seconds), steps, counts or "none"))
    lines = [align(rows), f"Index: {show_path(folder / 'index.html')}"]
    return "\n".join([*lines, *filter(None, [found.stale or found.holds])])


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _find_runs(workspace: str) -> Path:
    folder = Path(workspace).expanduser()
    if not (folder / "strategy.yml").is_file():
        raise WorkspaceError(f"'{workspace}' has no strategy.yml. Name the folder of a workspace.")
    return folder.resolve() / "runs"
