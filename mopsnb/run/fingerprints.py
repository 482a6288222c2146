"""What a run's figures rest on, in a form that a later run can compare without reading it again.

Importing this is cheap: a run that has nothing to do must end at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from mopsnb import __version__, assets
from mopsnb.run.declaration import RUNNER_SETS
from mopsnb.run.plan import Plan
from mopsnb.run.prints import Print, digest_values
from mopsnb.steps import Step

SCHEMA_VERSION = 1
DATABASE = "a database"  # it does not tell whether its data changed, so a run on one is never like an earlier one
STRATEGY, DATA, METRICS = "strategy.yml", "data", "metrics.yml"
RATES = "fx_rate"  # every amount of money may rest on it
_LIBRARIES = """altair babel duckdb great-tables ipykernel ipywidgets jinja2 markupsafe mistune narwhals nbclient
nbconvert nbformat numpy pandas pandera papermill pyarrow pydantic ruamel-yaml scikit-learn scipy statsmodels
threadpoolctl tzdata vl-convert-python"""  # what figures and pages are made with
LIBRARIES = frozenset(_LIBRARIES.split())
_SKIPPED = ("__pycache__", "_bundle")  # the bundle's notebooks and data are prints of their own
_NOT_DATA = (".", "~", "README")  # see mopsnb.data.notes


@dataclass(slots=True)
class Inputs:
    """Everything that decides what a run's report says.

    Parameters
    ----------
    files
        The strategy file, the workspace's own metrics and every file of the data folder, by name.
    notebooks
        By step.
    program
        mopsnb's own code and the report's templates.
    libraries
        Python and the libraries that make figures, with their versions.
    values
        A digest of each step's parameters, by step.
    as_of
        The day asked for; empty: the latest in the data.
    team
        The workspace folder's name, which stands in for a missing name of the organization.
    gate
        Which findings stop a step.
    facts
        A digest of what every page says of the data as a whole; empty until the workspace was opened; `DATABASE`
        where nothing can be said for a later run to compare with.
    steps
        The steps that run.
    folder
        The workspace's folder.
    """

    files: Mapping[str, Print]
    notebooks: Mapping[str, Print]
    program: Print
    libraries: Sequence[str]
    values: Mapping[str, str]
    as_of: str
    team: str
    gate: str
    facts: str = ""
    steps: Sequence[Step] = field(default_factory=tuple)
    folder: Path = Path()

    def recall(self, kept: Mapping[str, Any]) -> None:
        """Take over the digests of files that look as they did in an earlier run."""
        if kept.get("schema_version") == SCHEMA_VERSION:
            self.program.recall(kept["program"])
            for group in ("notebooks", "files"):
                for name, item in getattr(self, group).items():
                    item.recall(kept[group].get(name))

    def settle(self) -> dict[str, Any]:
        """Return what ``run.json`` keeps under ``volatile``."""
        return {
            "schema_version": SCHEMA_VERSION,
            "files": {name: item.settle() for name, item in self.files.items()},
            "notebooks": {name: item.settle() for name, item in self.notebooks.items()},
            "program": self.program.settle(),
            "libraries": list(self.libraries),
            "values": dict(self.values),
            "as_of": self.as_of,
            "team": self.team,
            "gate": self.gate,
            "facts": self.facts,
        }


def take_inputs(plan: Plan) -> Inputs:
    """Look at everything that a plan rests on, without reading data."""
    request = plan.request
    workspace = Path(request.workspace).expanduser() if request.workspace else assets.folder("data/samples")
    return Inputs(
        files={name: Print.take({name: path}) for name, path in _list_files(workspace)},
        notebooks={s.slug: Print.take({s.slug: plan.notebooks / s.notebook}) for s in request.steps},
        program=Print.take(dict(_list_program())),
        libraries=_list_libraries(),
        values={step.slug: _digest_values(plan, step) for step in request.steps},
        as_of=request.as_of.strip(),
        team=workspace.resolve().name,
        gate=request.gate,
        steps=request.steps,
        folder=workspace,
    )


def list_moved(inputs: Inputs, step: Step | None = None) -> list[str]:
    """Return the names of the files that came, changed or went since the run looked at them.

    Parameters
    ----------
    inputs
        What the run found.
    step
        Only the files that this step reads; None: all.
    """
    came = {name: Print({name: path}) for name, path in _list_files(inputs.folder) if name not in inputs.files}
    files = {**inputs.files, **came}  # what came has no mark from before
    return [name for name, item in (_select_files(files, step) if step else files).items() if item.has_moved]


def describe_changes(inputs: Inputs, kept: Mapping[str, Any], as_of: str | None) -> Iterator[str]:
    """Yield what differs between now and an earlier run, in words; the steps of both need not be the same.

    Parameters
    ----------
    inputs
        Now.
    kept
        What the earlier run kept.
    as_of
        The day that the earlier run's figures are as of.
    """
    if kept.get("schema_version") != SCHEMA_VERSION:
        yield "the earlier run kept nothing to compare with"
        return
    yield from _describe_program(inputs, kept)
    if kept["facts"] == DATABASE:
        yield "the database, whose data may be others by now"
    if inputs.as_of != kept["as_of"] and (not inputs.as_of or inputs.as_of != as_of):
        yield "the day asked for (--as-of)"
    if inputs.gate != kept["gate"]:
        yield "the data gate"
    if inputs.team != kept["team"]:
        yield "the workspace's folder"
    yield from _describe_files(inputs.files, kept["files"])
    for slug in inputs.notebooks:
        yield from _describe_step(inputs, kept, slug)


def find_same_steps(inputs: Inputs, kept: Mapping[str, Any]) -> set[str]:
    """Return the steps whose own inputs are those of an earlier run.

    A step rests on the strategy file, the tables that it declares, the exchange rates, its notebook and parameters,
    the program, and on ``facts``: the day that figures are as of, how far the data goes, and the findings on it.
    """
    if kept.get("schema_version") != SCHEMA_VERSION or inputs.facts != kept["facts"]:
        return set()
    if inputs.facts in ("", DATABASE):
        return set()
    if any(_describe_program(inputs, kept)) or (inputs.gate, inputs.team) != (kept["gate"], kept["team"]):
        return set()
    return {
        step.slug
        for step in inputs.steps
        if step.slug in kept["notebooks"]
        and not any(_describe_step(inputs, kept, step.slug))
        and not any(_describe_files(*(_select_files(files, step) for files in (inputs.files, kept["files"]))))
    }


def _describe_program(inputs: Inputs, kept: Mapping[str, Any]) -> Iterator[str]:
    if not inputs.program.is_same(kept["program"]):
        yield "mopsnb itself"
    if list(inputs.libraries) != kept["libraries"]:
        names = set(inputs.libraries) ^ set(kept["libraries"])
        yield f"libraries ({', '.join(sorted(names & set(inputs.libraries)) or sorted(names))})"


def _describe_files(files: Mapping[str, Print], kept: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for name in sorted(set(files) | set(kept)):
        if name not in kept:
            yield f"{name} is new"
        elif name not in files:
            yield f"{name} is gone"
        elif not files[name].is_same(kept[name]):
            yield name


def _describe_step(inputs: Inputs, kept: Mapping[str, Any], slug: str) -> Iterator[str]:
    if slug not in kept["notebooks"]:
        return
    if not inputs.notebooks[slug].is_same(kept["notebooks"][slug]):
        yield f"the notebook of {slug}"
    if inputs.values[slug] != kept["values"].get(slug):
        yield f"the parameters of {slug}"


def _select_files(files: Mapping[str, Any], step: Step) -> dict[str, Any]:
    if step.any_metric:
        return dict(files)  # a goal or a definition of the workspace's own may lead to any table
    tables = {*step.needs, *step.uses, RATES}
    return {name: item for name, item in files.items() if name == STRATEGY or Path(name).stem in tables}


def _list_files(workspace: Path) -> Iterator[tuple[str, Path]]:
    yield STRATEGY, workspace / STRATEGY
    if (own := workspace / METRICS).is_file():
        yield METRICS, own
    data, found = workspace / DATA, list[Path]()
    with suppress(OSError):  # whoever opens the workspace says so
        found = sorted(data.iterdir()) if data.is_dir() else []
    for path in found:
        if not path.name.startswith(_NOT_DATA):
            yield f"{DATA}/{path.name}", path


def _list_program() -> Iterator[tuple[str, str]]:
    package = Path(__file__).resolve().parents[1]
    for root in (package, assets.folder("templates") / "report"):
        start = len(str(root.parent)) + 1
        for place, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if name not in _SKIPPED)
            for path in (f"{place}/{name}" for name in sorted(names)):  # strings: there are hundreds
                yield path[start:], path


@cache
def _list_libraries() -> tuple[str, ...]:
    """Return names with versions, from the names of folders: asking the packages takes longer than a whole run."""
    found = set()
    for place in sys.path:
        names = os.listdir(place) if place and os.path.isdir(place) else []  # noqa: PTH112, PTH208 - fast
        for name in names:
            stem, dot, kind = name.rpartition(".")
            if dot and kind in ("dist-info", "egg-info"):
                package, _, version = stem.partition("-")
                plain = package.lower().replace("_", "-").replace(".", "-")
                if plain in LIBRARIES:
                    found.add(f"{plain} {version}")
    python = ".".join(map(str, sys.version_info[:3]))
    return (f"mopsnb {__version__}", f"python {python}", *sorted(found))


def _digest_values(plan: Plan, step: Step) -> str:
    values = {item.name: item.default for item in plan.declared[step.slug]} | plan.given[step.slug]
    return digest_values({name: [type(v).__name__, v] for name, v in values.items() if name not in RUNNER_SETS})
