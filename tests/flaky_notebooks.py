"""Notebooks that note each time they run, and fail, wait or end as a file in the workspace says.

The file is no input of a run: the same inputs then fail once and succeed later.
"""

from __future__ import annotations

import json
from pathlib import Path

from mopsnb.run.progress import Progress
from mopsnb.run.request import RunOutcome, RunRequest
from mopsnb.steps import Step

PARAMETERS = """workspace: str = ""  # folder of the workspace
as_of: str = ""  # ISO date, the last day that counts
results_dir: str = ""  # folder for results
months: int = 24  # months shown [1..60]"""
WORK = """import time
from pathlib import Path
import pandas as pd
from mopsnb.findings import Finding
from mopsnb.results import StepResult
team = Path(workspace)
with (team / "log").open("a") as log:
    log.write("{name} ")
order = (team / "{name}.order").read_text() if (team / "{name}.order").exists() else ""
if order == "fail":
    raise ValueError("as ordered")
if order == "wait":
    time.sleep(600)"""
SAVE = """rows = pd.DataFrame({{"months": [months]}})
findings = [Finding("{name}.low", "info", "Low")]
StepResult("{name}", "What?", findings=findings, tables={{"rows": rows}}).save(results_dir)"""
NAMES = ("alpha", "beta", "gamma")


def make_notebooks(folder: Path, names: tuple[str, ...] = NAMES) -> Path:
    """Write the notebooks and return their folder."""
    for name in names:
        cells = [
            _cell("title", "markdown", f"# The page {name}"),
            _cell("parameters", "code", PARAMETERS, "parameters"),
            _cell("work", "code", WORK.format(name=name)),
            _cell("result", "code", SAVE.format(name=name), "result"),
        ]
        text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
        path = folder / "notebooks" / "measure" / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "notebooks"


def make_flaky(folder: Path, workspace: Path, *names: str, **options: object) -> RunRequest:
    """Return a request that runs them; alpha needs advertising, beta deals, gamma the strategy file alone."""
    needs = {"alpha": ("ad_daily",), "beta": ("deal",)}
    chosen = names or NAMES
    steps = tuple(Step(name, "measure", name.title(), "What?", needs=needs.get(name, ())) for name in chosen)
    notebooks = folder / "notebooks"
    if not notebooks.is_dir():
        make_notebooks(folder)
    return RunRequest(workspace=str(workspace), steps=steps, notebooks=notebooks, **options)


def order(workspace: Path, name: str, what: str) -> None:
    """Tell a notebook what to do next time: ``fail``, ``wait``, or nothing."""
    (workspace / f"{name}.order").write_text(what)


def read_log(workspace: Path) -> list[str]:
    """Return which notebooks ran since the last look, in alphabetical order."""
    path = workspace / "log"
    ran = sorted(path.read_text().split()) if path.exists() else []
    path.unlink(missing_ok=True)
    return ran


def _cell(name: str, kind: str, source: str, *tags: str) -> dict[str, object]:
    cell = {"cell_type": kind, "id": name, "metadata": {"tags": list(tags)} if tags else {}, "source": source}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


class Listener(Progress):
    """Keeps what a person is told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def announce(self, text: str) -> None:
        self.said.append(text)


def list_statuses(outcome: RunOutcome) -> dict[str, str]:
    """Return how each step of a run ended."""
    record = json.loads((outcome.folder / "run.json").read_text(encoding="utf-8"))
    return {item["step"]: item["status"] for item in record["steps"]}


def list_runs(team: Path) -> list[Path]:
    """Return the runs that a workspace keeps, oldest first."""
    return sorted(path for path in (team / "runs").iterdir() if path.name[:2] == "20")
