"""The commands. Each one parses, calls, prints and ends with an exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from mopsnb import __version__
from mopsnb.cli import printing

app = typer.Typer(
    help="Notebooks with which a marketing operations team sets goals, measures them and runs its plan.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

WorkspaceFolder = Annotated[str, typer.Argument(metavar="WORKSPACE", help="Folder with strategy.yml and data/.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mopsnb {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Notebooks with which a marketing operations team sets goals, measures them and runs its plan."""


@app.command()
def run(  # noqa: PLR0913 - one argument an option
    workspace: Annotated[
        str,
        typer.Argument(metavar="WORKSPACE", help="Folder with strategy.yml and data/. Without it: the sample."),
    ] = "",
    *,
    steps: Annotated[str, typer.Option(metavar="a,b", help="Run these steps. Without it: all.")] = "",
    group: Annotated[str, typer.Option(metavar="NAME", help="Run the steps of this group.")] = "",
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Put the report here and replace an earlier one as a whole. "
            "Without it: runs/ in the workspace, or report/ here for the sample.",
        ),
    ] = None,
    as_of: Annotated[
        str,
        typer.Option(metavar="DATE", help="Last day that counts. Without it: the latest event or spend in the data."),
    ] = "",
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param",
            "-p",
            metavar="NAME=VALUE",
            help="Set a notebook's parameter in every step that has it; step.NAME=VALUE for one step. Repeatable.",
        ),
    ] = None,
    jobs: Annotated[
        int, typer.Option(min=0, metavar="N", help="Notebooks side by side. 0: two for each processor.")
    ] = 0,
    timeout: Annotated[
        float | None, typer.Option(min=1, metavar="SECONDS", help="Stop a notebook that takes longer.")
    ] = None,
    fail_on: Annotated[
        Literal["error", "warning"] | None,
        typer.Option(metavar="error|warning", help="End with exit code 4 where a finding is at least this severe."),
    ] = None,
    keep_notebooks: Annotated[
        bool, typer.Option("--keep-notebooks", help="Keep the executed notebooks in the report.")
    ] = False,
    as_json: AsJson = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but failures.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Print a line for each step where there is no terminal.")
    ] = False,
) -> None:
    """Run the notebooks and write the report."""
    from mopsnb.cli.signals import end_on_signal
    from mopsnb.run.progress import choose_progress
    from mopsnb.run.request import RunRequest
    from mopsnb.run.runner import run as run_request
    from mopsnb.steps import select_steps

    request = RunRequest(
        workspace=workspace,
        steps=select_steps(steps, group),
        parameters=tuple(param or ()),
        as_of=as_of,
        out=out,
        jobs=jobs,
        timeout=timeout,
        keep_notebooks=keep_notebooks,
    )
    with end_on_signal():
        outcome = run_request(request, choose_progress(quiet=quiet or as_json, verbose=verbose))
    code = printing.find_exit_code(outcome, fail_on or "")
    if as_json:
        typer.echo(json.dumps(printing.list_run(outcome, code), indent=2, ensure_ascii=False))
    elif not quiet:
        typer.echo(printing.describe_run(outcome))
        if not workspace and Path("strategy.yml").is_file():
            typer.echo("This is the sample company. The folder here is a workspace too: mopsnb run .")
    for line in printing.describe_failures(outcome):
        typer.echo(line, err=True)
    raise typer.Exit(code)


@app.command()
def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")]) -> None:
    """Make a blank workspace."""
    from mopsnb.cli.folders import make_workspace

    make_workspace(folder)
    typer.echo(printing.describe_new(folder))


@app.command()
def check(workspace: WorkspaceFolder, as_json: AsJson = False) -> None:
    """List every fault and finding of a workspace's strategy file and tables."""
    from mopsnb.cli.checking import check_workspace

    report = check_workspace(workspace)
    if as_json:
        typer.echo(json.dumps(report.to_dict(), indent=2, ensure_ascii=False))
    else:
        typer.echo(str(report))
    raise typer.Exit(report.exit_code)


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Another seed gives another company.")] = 7,
    scale: Annotated[int, typer.Option(min=1, metavar="K", help="How many times the size of the sample.")] = 1,
) -> None:
    """Generate the sample company as a workspace."""
    from mopsnb.cli.folders import make_sample

    make_sample(folder, seed, scale)
    typer.echo(f"The sample company is in {folder}.\nNext: mopsnb run {folder}")


@app.command()
def steps(as_json: AsJson = False) -> None:
    """List the steps and the question that each answers."""
    from mopsnb.steps import STEPS

    if as_json:
        typer.echo(json.dumps(printing.list_steps(STEPS), indent=2, ensure_ascii=False))
    else:
        typer.echo(printing.describe_steps(STEPS))


@app.command()
def params(
    step: Annotated[str, typer.Argument(metavar="STEP", help="The step's id, see mopsnb steps.")],
    as_json: AsJson = False,
) -> None:
    """List the parameters of a step's notebook."""
    from mopsnb.assets import folder
    from mopsnb.run.parameters import read_parameters
    from mopsnb.steps import find_step

    parameters = read_parameters(folder("notebooks") / find_step(step).notebook)
    if as_json:
        typer.echo(json.dumps([item.to_dict() for item in parameters], indent=2, ensure_ascii=False))
    else:
        typer.echo(printing.describe_parameters(parameters))


@app.command()
def metrics(
    workspace: Annotated[
        str,
        typer.Argument(
            metavar="WORKSPACE", help="Folder with strategy.yml and data/. Without it: the built-in metrics."
        ),
    ] = "",
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="The metric to explain. Without it: all are listed.")
    ] = "",
    *,
    search: Annotated[str, typer.Option(metavar="TEXT", help="List the metrics that hold all these words.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the metrics, or explain one; a workspace adds its own."""
    from mopsnb.cli import metrics as listing
    from mopsnb.data.catalogue import choose_metrics

    folder, asked = listing.read_request(workspace, name)
    known, lacks = listing.read_metrics(folder)
    found = choose_metrics(known, [asked]) if asked else listing.search_metrics(known, search)
    if as_json:
        typer.echo(json.dumps(listing.list_metrics(found, lacks), indent=2, ensure_ascii=False))
    elif asked:
        typer.echo(listing.explain_metric(found[0], lacks))
    else:
        typer.echo(listing.describe_metrics(found, lacks))
