"""Steps, notebooks and workspaces that the tests of the runner use."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from mopsnb.run.request import RunOutcome, RunRequest, StepOutcome
from mopsnb.steps import Step

FIXTURES = Path(__file__).parent / "notebooks" / "fixtures"
STRATEGY = "version: 1\norganization: {name: Test team, time_zone: Europe/Berlin}\n"
SPEND = "date,channel,campaign_id,spend,currency\n2026-01-30,search,c1,10.50,EUR\n2026-01-31,search,c1,11.25,EUR\n"


def make_workspace(folder: Path, *, data: bool = False) -> Path:
    """Make a small workspace; with ``data`` it holds two days of advertising."""
    (folder / "data").mkdir(parents=True)
    (folder / "strategy.yml").write_text(STRATEGY, encoding="utf-8")
    if data:
        (folder / "data" / "ad_daily.csv").write_text(SPEND, encoding="utf-8")
    return folder


def make_steps(*names: str) -> tuple[Step, ...]:
    """Return a step for each fixture notebook."""
    return tuple(Step(name, "measure", name.title(), "What does this show?") for name in names)


def make_request(folder: Path, *names: str, **options: object) -> RunRequest:
    """Return a request that runs fixture notebooks; ``folder`` gets a copy of them."""
    place = folder / "notebooks" / "measure"
    place.mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copy(FIXTURES / f"{name}.ipynb", place)
    return RunRequest(steps=make_steps(*names), notebooks=folder / "notebooks", **options)


def read_tree(folder: Path, *, without: tuple[str, ...] = ("run.json",)) -> dict[str, bytes]:
    """Return every file of a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in without
    }


def find(outcome: RunOutcome, name: str) -> StepOutcome:
    """Return how one step of a run ended."""
    return next(step for step in outcome.steps if step.step.slug == name)


def read_notebook(outcome: RunOutcome, name: str) -> dict:
    """Return an executed notebook that a run kept."""
    return json.loads((outcome.folder / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))


def read_output(outcome: RunOutcome, name: str, cell: int) -> str:
    """Return what a cell printed."""
    return "".join(read_notebook(outcome, name)["cells"][cell]["outputs"][0]["text"])
