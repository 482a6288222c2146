"""Steps that an earlier run has done already: which they are, and how a new run takes them over."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mopsnb.run.fingerprints import Inputs, describe_changes, find_same_steps
from mopsnb.run.names import read_moment
from mopsnb.run.publish import GOOD, KEPT, RECORD, Place, is_report
from mopsnb.run.request import RunRequest
from mopsnb.steps import Step

GOOD_STEPS = ("ok", "no_data", "unchanged")
_TURN = re.compile(r'<nav class="turn".*?</nav>', re.DOTALL)
_SHOWN = 3  # changes that a message lists


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a run takes over.

    Parameters
    ----------
    folder
        The earlier run's report; None: nothing is taken over.
    results
        The results of the steps that are taken over, by step.
    steps
        All steps of the earlier run, in its order.
    is_same
        Whether a report of these steps says what the earlier one says.
    status
        The status of these steps in ``run.json``; empty: the one that they had.
    """

    folder: Path | None = None
    results: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    steps: Sequence[str] = ()
    is_same: bool = False
    status: str = ""

    def describe(self) -> dict[str, str]:
        """Return the name of the earlier run by step, for ``run.json``."""
        return dict.fromkeys(self.results, self.folder.name if self.folder else "")

    def copy(self, step: Step, steps: Sequence[Step], site: Path, *, keep_notebook: bool) -> None:
        """Copy a step's page, result, tables and, where asked for, its notebook.

        Parameters
        ----------
        step
            The step.
        steps
            All steps of this run: they decide which page comes before and after.
        site
            The new report's folder.
        keep_notebook
            Whether the executed notebook belongs to the report.
        """
        assert self.folder is not None
        for name in list_files(step.slug, self.results[step.slug], keep_notebook=keep_notebook):
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.folder / name, site / name)
        if list(self.steps) != [other.slug for other in steps]:
            page = site / f"{step.slug}.html"
            page.write_text(turn_page(page.read_text(encoding="utf-8"), step, steps), encoding="utf-8", newline="\n")


def find_earlier(
    request: RunRequest, place: Place, inputs: Inputs, say: Callable[[str], None] = lambda _: None
) -> Earlier:
    """Find what a run takes over, as ``--resume`` or ``--if-changed`` ask.

    Parameters
    ----------
    request
        What is asked for.
    place
        Where the report goes; the earlier runs are beside it.
    inputs
        What this run rests on, with its facts.
    say
        Hears why nothing is taken over, where ``--resume`` asked for it.
    """
    if request.resume:
        found = _resume(request, place, inputs, say)
        if found.folder is not None:
            return found
    if request.if_changed:
        return _skip_unchanged(request, place.link, inputs)
    return Earlier()


def list_files(slug: str, result: Mapping[str, Any], *, keep_notebook: bool) -> list[str]:
    """Return the files of a step in a report."""
    tables = [f"results/{name}" for name in result.get("tables", {}).values()]
    notebook = [f"notebooks/{slug}.ipynb"] if keep_notebook else []
    return [f"{slug}.html", f"results/{slug}.json", *tables, *notebook]


def turn_page(page: str, step: Step, steps: Sequence[Step]) -> str:
    """Return a step's page with the links to the pages before and after it made anew."""
    from mopsnb.run.report import templates

    at = [other.slug for other in steps].index(step.slug)
    before, after = (steps[at - 1] if at else None), (steps[at + 1] if at + 1 < len(steps) else None)
    nav = templates().get_template("turn.html.j2").render(before=before, after=after)
    head, main, rest = _TURN.sub("", page).rpartition("</main>")
    return f"{head}{nav.strip()}{main}{rest}"


def read_record(folder: Path) -> dict[str, Any]:
    """Return what a run's ``run.json`` holds; empty where it is no report of ours."""
    if not is_report(folder):
        return {}
    record: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    return record


def read_kept(folder: Path, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a run kept of its inputs; that of a killed run lies beside its record."""
    volatile = record.get("volatile")
    kept = volatile.get("inputs") if isinstance(volatile, dict) else None
    if not kept:
        try:
            kept = json.loads((folder / KEPT).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
    return dict(kept) if isinstance(kept, dict) else {}


def read_last_kept(place: Place) -> dict[str, Any]:
    """Return what the last good run of a place kept of its inputs; empty where there is none."""
    folder = place.link.resolve()
    return read_kept(folder, read_record(folder))


def read_results(folder: Path, request: RunRequest) -> dict[str, dict[str, Any]]:
    """Return the results of the steps that a report holds as a whole, with every file that a request wants.

    A step's page is written last, and in one step: where it stands beside a result, the step was complete.
    """
    found = {}
    for step in request.steps:
        try:
            result = json.loads((folder / "results" / f"{step.slug}.json").read_text(encoding="utf-8"))
            names = list_files(step.slug, result, keep_notebook=request.keep_notebooks)
            is_good = result["status"] in GOOD_STEPS and result["step"] == step.slug
            if is_good and all((folder / name).is_file() for name in names):
                found[step.slug] = result
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return found


def find_newest(runs: Path) -> Path | None:
    """Return the newest run that ended, good or not; None where there is none."""
    names = [path for path in runs.iterdir() if read_moment(path.name) and is_report(path)]
    return max(names, key=lambda path: path.name, default=None)


def _resume(request: RunRequest, place: Place, inputs: Inputs, say: Callable[[str], None]) -> Earlier:
    folder = find_newest(place.folder.parent) if place.latest else place.folder
    record = read_record(folder) if folder else {}
    if folder is None or not record or record.get("status") == "ok":
        say("Nothing to resume: " + ("the newest run is complete" if record else "there is no earlier run"))
        return Earlier()
    changes = _list_changes(inputs, folder, record)
    if changes:
        more = f" and {len(changes) - _SHOWN} more" if len(changes) > _SHOWN else ""
        say(f"Not resumed, all steps run: changed since {folder.name}: {', '.join(changes[:_SHOWN])}{more}")
        return Earlier()
    results = read_results(folder, request)
    say(f"Resuming {folder.name}: {len(results)} of {len(request.steps)} steps are taken over")
    return Earlier(folder, results, _list_steps(record))


def _skip_unchanged(request: RunRequest, link: Path, inputs: Inputs) -> Earlier:
    folder = link.resolve()
    record = read_record(folder)
    if record.get("status") not in GOOD:
        return Earlier()
    kept = read_kept(folder, record)
    try:
        same = find_same_steps(inputs, kept)
    except (KeyError, TypeError, AttributeError):  # somebody wrote into run.json
        return Earlier()
    results = {slug: item for slug, item in read_results(folder, request).items() if slug in same}
    steps = _list_steps(record)
    is_same = [step.slug for step in request.steps] == steps == list(results)
    return Earlier(folder, results, steps, is_same=is_same and has_files(folder, request), status="unchanged")


def has_files(folder: Path, request: RunRequest) -> bool:
    """Tell whether a report has what a request wants of it beside its steps, and nothing that it does not."""
    wants = {"notebooks": request.keep_notebooks, "report.html": request.single_file}
    return (folder / "index.html").is_file() and all((folder / name).exists() == want for name, want in wants.items())


def _list_changes(inputs: Inputs, folder: Path, record: Mapping[str, Any]) -> list[str]:
    try:
        return list(describe_changes(inputs, read_kept(folder, record), record.get("as_of")))
    except (KeyError, TypeError, AttributeError):
        return ["what it kept cannot be read"]


def _list_steps(record: Mapping[str, Any]) -> list[str]:
    try:
        return [str(item["step"]) for item in record.get("steps", [])]
    except (KeyError, TypeError):
        return []
