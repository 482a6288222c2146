"""The index of runs: ``runs/index.html`` for people, ``runs/runs.json`` for programs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

from mopsnb.errors import MopsnbError
from mopsnb.run.durable import replace_text
from mopsnb.run.orders import undisturbed
from mopsnb.run.publish import Place
from mopsnb.run.run_list import STATUS, WORDS, RunList, read_runs, show_seconds, show_time

SHOWN = 50  # runs on the page; the file lists all
STEP_WORDS = {
    "ok": "complete",
    "no_data": "no data yet",
    "unchanged": "unchanged",
    "failed": "failed",
    "not_run": "not run",
}


@contextmanager
def list_afterwards(place: Place) -> Iterator[None]:
    """Write the index of runs once the block ended, however it ended; a report of its own has no index."""
    try:
        yield
    finally:
        if place.latest is not None:
            with suppress(OSError, MopsnbError), undisturbed():  # the run's own outcome matters more
                write_index_of_runs(place.folder.parent)


def write_index_of_runs(runs: Path) -> RunList:
    """Write the index of a workspace's runs, each file in one step.

    Parameters
    ----------
    runs
        The workspace's folder ``runs``.

    Returns
    -------
    RunList
        What the index shows.
    """
    from mopsnb.results import dump_json

    found = read_runs(runs)
    if not runs.is_dir():
        return found
    page = render_index(found)
    _write_assets(runs / "assets")
    replace_text(runs / "index.html", page)
    replace_text(runs / "runs.json", dump_json(found.to_dict()))
    return found


def render_index(found: RunList) -> str:
    """Return the page."""
    from mopsnb.run.report import templates
    from mopsnb.run.site import POLICY

    count = len(found.lines)
    text: str = (
        templates()
        .get_template("runs.html.j2")
        .render(
            context=SimpleNamespace(name=found.name, data_through=None, stale_after_days=0, is_sample=False),
            assets={"css": "site.css", "js": "site.js"},
            policy=POLICY,
            language="en",
            through=f"{count} {'run' if count == 1 else 'runs'}",
            home=True,
            found=found,
            lines=found.lines[:SHOWN],
            more=max(0, count - SHOWN),
            words=STATUS,
            step_words=STEP_WORDS,
            severity_words=WORDS,
            show_time=show_time,
            show_seconds=show_seconds,
        )
    )
    return text


def _write_assets(assets: Path) -> None:
    from mopsnb.run.report import folder

    assets.mkdir(exist_ok=True)
    for name in ("site.css", "site.js"):
        text = (folder() / name).read_text(encoding="utf-8")
        place = assets / name
        if not place.is_file() or place.read_text(encoding="utf-8") != text:
            replace_text(place, text)
