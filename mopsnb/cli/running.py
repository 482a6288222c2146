"""How ``mopsnb run`` goes about a request, and what it says where nothing had to run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mopsnb.cli import printing
from mopsnb.errors import LockedError
from mopsnb.run.progress import choose_progress

if TYPE_CHECKING:
    from mopsnb.run.request import RunOutcome, RunRequest


def run_asked(request: RunRequest, *, quiet: bool, verbose: bool) -> RunOutcome:
    """Run what is asked for, or return the last good report where a new one would say the same.

    That is found out before anything heavy is imported: a schedule asks often, and mostly nothing changed.
    """
    if request.if_changed:
        from mopsnb.run.unchanged import find_unchanged

        if same := find_unchanged(request):
            return same
    from mopsnb.run.runner import run

    return run(request, choose_progress(quiet=quiet, verbose=verbose))


def tell(outcome: RunOutcome, request: RunRequest, fail_on: str, *, as_json: bool, quiet: bool) -> int:
    """Print what came of a run, and return the exit code."""
    code = outcome.find_exit_code(fail_on)
    if as_json:
        typer.echo(json.dumps(printing.list_run(outcome, code), indent=2, ensure_ascii=False))
    elif not quiet:
        typer.echo(printing.describe_run(outcome))
        if not request.workspace and Path("strategy.yml").is_file():
            typer.echo("This is the sample company. The folder here is a workspace too: mopsnb run .")
    for line in printing.describe_failures(outcome):
        typer.echo(line, err=True)
    return code


def skip(error: LockedError, *, as_json: bool, quiet: bool) -> None:
    """Say that another run holds the workspace and that this one is skipped, as asked."""
    if as_json:
        found = {"status": "skipped", "exit_code": 0, "message": str(error)}
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
    elif not quiet:
        typer.echo(f"Skipped. {str(error).partition(' Wait for it')[0]}")
