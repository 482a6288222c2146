"""The commands. Each one parses, calls, prints and ends with an exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from mopsnb import __version__
from mopsnb.cli import notices, printing, runs, schedules
from mopsnb.cli.creating import new_step
from mopsnb.cli.importing import import_command, list_sources
from mopsnb.cli.lab import lab
from mopsnb.errors import LockedError

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
    params_file: Annotated[
        Path | None,
        typer.Option("--params", metavar="FILE", help="Read parameters from a YAML or TOML file. -p is stronger."),
    ] = None,
    jobs: Annotated[
        int, typer.Option(min=0, metavar="N", help="Notebooks side by side. 0: one more than processors.")
    ] = 0,
    timeout: Annotated[
        float | None, typer.Option(min=1, metavar="SECONDS", help="Stop a notebook that takes longer.")
    ] = None,
    cell_timeout: Annotated[
        float | None, typer.Option(min=1, metavar="SECONDS", help="Stop a notebook in which a cell takes longer.")
    ] = None,
    deadline: Annotated[
        float | None,
        typer.Option(
            min=1, metavar="SECONDS", help="Stop every notebook that has not ended by then, and start no more."
        ),
    ] = None,
    memory_limit: Annotated[
        str,
        typer.Option(metavar="SIZE", help="Stop a notebook that uses more memory, for example 2GB. Linux only."),
    ] = "",
    gate: Annotated[
        Literal["error", "warning"] | None,
        typer.Option(
            metavar="error|warning",
            help="Start no step whose tables have faults or findings that are at least this severe.",
        ),
    ] = None,
    fail_on: Annotated[
        Literal["error", "warning"] | None,
        typer.Option(metavar="error|warning", help="End with exit code 4 where a finding is at least this severe."),
    ] = None,
    keep_notebooks: Annotated[
        bool, typer.Option("--keep-notebooks", help="Keep the executed notebooks in the report.")
    ] = False,
    single_file: Annotated[
        bool, typer.Option("--single-file", help="Write the report as one file too, report.html, to attach to a mail.")
    ] = False,
    on_lock: Annotated[
        Literal["wait", "skip", "fail"],
        typer.Option(
            metavar="wait|skip|fail",
            help="While another run holds the workspace: wait for it (the default), end with exit code 0, or with 10.",
        ),
    ] = "wait",
    lock_timeout: Annotated[
        float | None, typer.Option(min=0, metavar="SECONDS", help="Wait no longer than this for another run.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Take over what the newest run completed, where it failed or was stopped.")
    ] = False,
    if_changed: Annotated[
        bool, typer.Option("--if-changed", help="Skip steps whose inputs are the same as in the last good run.")
    ] = False,
    allow_partial: Annotated[
        bool, typer.Option("--allow-partial", help="Let runs/latest lead to this report even where a step failed.")
    ] = False,
    as_json: AsJson = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but failures.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Print a line for each step where there is no terminal.")
    ] = False,
) -> None:
    """Run the notebooks and write the report."""
    from mopsnb.cli.running import run_asked, skip, tell
    from mopsnb.cli.signals import end_on_signal
    from mopsnb.run.memory import parse_size
    from mopsnb.run.request import RunRequest
    from mopsnb.steps import select_steps

    request = RunRequest(
        workspace=workspace,
        steps=select_steps(steps, group),
        parameters=tuple(param or ()),
        parameter_file=params_file,
        as_of=as_of,
        out=out,
        jobs=jobs,
        timeout=timeout,
        cell_timeout=cell_timeout,
        deadline=deadline,
        memory_limit=parse_size(memory_limit),
        gate=gate or "",
        keep_notebooks=keep_notebooks,
        single_file=single_file,
        on_lock=on_lock,
        lock_timeout=lock_timeout,
        resume=resume,
        if_changed=if_changed,
        allow_partial=allow_partial,
    )
    try:
        with end_on_signal():
            outcome = run_asked(request, quiet=quiet or as_json, verbose=verbose)
    except LockedError as error:
        if on_lock != "skip":
            raise
        skip(error, as_json=as_json, quiet=quiet)
        raise typer.Exit from error
    raise typer.Exit(tell(outcome, request, fail_on or "", as_json=as_json, quiet=quiet))


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


app.command("import")(import_command)
app.command("sources")(list_sources)
app.command("new-step")(new_step)
app.command("lab", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(lab)


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Another seed gives another company.")] = 7,
    scale: Annotated[int, typer.Option(min=1, metavar="K", help="How many times the size of the sample.")] = 1,
) -> None:
    """Generate the sample company as a workspace."""
    from mopsnb.cli.ahead import read_ahead
    from mopsnb.cli.folders import make_sample

    make_sample(folder, seed, scale)
    read_ahead(folder, typer.echo)
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
    as_yaml: Annotated[bool, typer.Option("--yaml", help="Print a commented file for --params to start from.")] = False,
) -> None:
    """List the parameters of a step's notebook."""
    from mopsnb.assets import folder
    from mopsnb.run.parameters import read_parameters
    from mopsnb.steps import find_step

    parameters = read_parameters(folder("notebooks") / find_step(step).notebook)
    if as_yaml:
        from mopsnb.run.parameter_sheet import write_sheet

        typer.echo(write_sheet(find_step(step), parameters))
    elif as_json:
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


app.command()(runs.runs)
app.command()(runs.prune)
app.command()(notices.notify)
app.command()(schedules.schedule)
app.command()(schedules.due)
