"""A workspace with a good report, notebooks that fail in one way each, and what must hold afterwards."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from markupsafe import escape
from run_samples import FIXTURES, make_steps, make_workspace, read_tree

from mopsnb.run.causes import CAUSES
from mopsnb.run.request import RunOutcome, RunRequest, StepOutcome
from mopsnb.run.runner import run

COMMAND = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from run_samples import make_steps
from mopsnb import assets, steps
steps.STEPS = make_steps(*{names!r})
folder = assets.folder
assets.folder = lambda name: Path({notebooks!r}) if name == "notebooks" else folder(name)
from mopsnb.cli import main
main()
"""
GRACE = 5.0  # seconds after which nothing may be left
SAVE = """from mopsnb.results import StepResult

StepResult(step="{slug}", question="What does this show?").save(results_dir)"""


@dataclass
class Lab:
    """A workspace in which the notebook ``ok`` has run well, and a folder for temporary files that nobody else uses."""

    workspace: Path
    notebooks: Path
    temporary: Path
    before: dict[str, bytes] = field(default_factory=dict)
    target: str = ""

    @property
    def runs(self) -> Path:
        return self.workspace / "runs"

    @property
    def latest(self) -> Path:
        return self.runs / "latest"

    def remember(self) -> None:
        """Note what the last good report holds, byte for byte."""
        self.before = read_tree(self.latest, without=())
        self.target = str(self.latest.readlink())

    def write(self, slug: str, *cells: str, saves: bool = True) -> str:
        """Write a notebook of these cells; the last cell saves a result."""
        raw = json.loads((FIXTURES / "killed.ipynb").read_text(encoding="utf-8"))
        code = raw["cells"][2]
        sources = [*cells, *([SAVE.format(slug=slug)] if saves else [])]
        raw["cells"] = raw["cells"][:2] + [{**code, "id": f"c{at}", "source": text} for at, text in enumerate(sources)]
        (self.notebooks / "measure" / f"{slug}.ipynb").write_text(json.dumps(raw), encoding="utf-8")
        return slug

    def run(self, *names: str, **options: object) -> RunOutcome:
        """Run notebooks in this process."""
        steps = options.pop("steps", make_steps(*names))
        return run(RunRequest(workspace=str(self.workspace), notebooks=self.notebooks, steps=steps, **options))

    def start(self, *names: str, options: Sequence[str] = (), before: str = "", **variables: str) -> subprocess.Popen:
        """Start the command line on notebooks in a process of its own."""
        code = COMMAND.format(tests=str(FIXTURES.parents[1]), names=names, notebooks=str(self.notebooks))
        return subprocess.Popen(
            [sys.executable, "-c", before + code, "run", str(self.workspace), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"TMPDIR": str(self.temporary)} | variables,
        )

    def wait_for_step(self, process: subprocess.Popen, step: str, status: str = "running") -> None:
        """Wait until the run's sign of life tells that a step is so far."""
        end = time.monotonic() + 60
        while time.monotonic() < end and process.poll() is None:
            for path in self.runs.glob(".*.building-*/alive.json"):
                if json.loads(path.read_text(encoding="utf-8"))["steps"].get(step) == status:
                    return
            time.sleep(0.02)
        raise AssertionError(f"{step} was never {status}: {process.poll()}")

    def read_newest(self) -> dict:
        """Return the record of the newest run."""
        return json.loads((self.find_newest() / "run.json").read_text(encoding="utf-8"))

    def find_newest(self) -> Path:
        return max(path.parent for path in self.runs.glob("2*/run.json"))

    def read_page(self, name: str) -> str:
        return (self.find_newest() / f"{name}.html").read_text(encoding="utf-8")

    def list_left(self) -> list[str]:
        """Return the processes, sockets and files that a run left behind."""
        mark = str(self.temporary)
        sockets = Path("/proc/net/unix").read_text().splitlines() if Path("/proc/net/unix").exists() else []
        return [
            *(f"process {process}" for process in psutil.process_iter() if _belongs(process, mark)),
            *(line for line in sockets if mark in line),
            *(str(path) for path in self.temporary.iterdir()),
            *(str(path) for path in self.runs.glob(".*.building-*")),
        ]

    def wait_until_gone(self) -> list[str]:
        """Return what is still there after five seconds."""
        end = time.monotonic() + GRACE
        while (left := self.list_left()) and time.monotonic() < end:
            time.sleep(0.1)
        return left

    def check_latest(self) -> None:
        """Make sure that the last good report is the same, byte for byte."""
        assert str(self.latest.readlink()) == self.target
        assert read_tree(self.latest, without=()) == self.before

    def check_listed(self, status: str) -> None:
        """Make sure that the index of runs shows the newest run as it ended, and the last good one as out of date."""
        runs = json.loads((self.runs / "runs.json").read_text(encoding="utf-8"))
        assert runs["runs"][0]["status"] == status
        assert runs["latest"] == self.target
        assert runs["stale"]
        assert f"{self.find_newest().name}/index.html" in (self.runs / "index.html").read_text(encoding="utf-8")

    def check_failed(self, outcome: RunOutcome, slug: str, cause: str, *, cell: str = "") -> StepOutcome:
        """Make sure that a run in which one step failed is nowhere taken for a good one, and return that step."""
        assert outcome.find_exit_code() == CAUSES[cause].code
        record = self.read_newest()
        assert (record["status"], record["cause"]) == ("failed", cause)
        assert outcome.findings[0]["id"] == f"run.{slug}.failed"
        self.check_latest()
        self.check_listed("failed")
        return self.check_step(outcome, slug, cause, cell=cell)

    def check_step(self, outcome: RunOutcome, slug: str, cause: str, *, cell: str = "") -> StepOutcome:
        """Make sure that a step that failed looks so, and that those that should finish did."""
        step = next(item for item in outcome.steps if item.step.slug == slug)
        assert (step.status, step.cause) == ("failed", cause), step.error
        page, index = self.read_page(slug), self.read_page("index")
        assert 'class="stopped"' in page
        assert escape(CAUSES[cause].title) in page
        assert escape(CAUSES[cause].fix) in page
        assert escape(cell) in page
        assert f'<a href="{slug}.html">' in index
        assert "status-failed" in index
        assert not (self.find_newest() / "results" / f"{slug}.json").exists()
        for other in outcome.steps:
            if other.step.slug in ("ok", "empty"):
                assert other.status in ("ok", "no_data")
                assert (self.find_newest() / "results" / f"{other.step.slug}.json").is_file()
        return step


def make_lab(folder: Path) -> Lab:
    """Make a workspace with a good report, and run every fixture's notebook from a copy."""
    notebooks = folder / "notebooks"
    shutil.copytree(FIXTURES, notebooks / "measure")
    lab = Lab(make_workspace(folder / "team", data=True), notebooks, folder)
    outcome = lab.run("ok", "empty")
    assert outcome.find_exit_code() == 0
    return lab


def copy_lab(lab: Lab, folder: Path) -> Lab:
    """Return a copy with a private folder for temporary files, whose path is short enough for sockets."""
    shutil.copytree(lab.workspace, folder / "team", symlinks=True)
    shutil.copytree(lab.notebooks, folder / "notebooks")
    temporary = Path(tempfile.mkdtemp(prefix="t", dir="/tmp" if Path("/tmp").is_dir() else None))
    fresh = Lab(folder / "team", folder / "notebooks", temporary)
    fresh.remember()
    return fresh


def finish(process: subprocess.Popen, seconds: float = 60) -> tuple[int, str, str]:
    """Wait for a process; return its exit code and what it printed."""
    watchdog = threading.Timer(seconds, process.kill)
    watchdog.start()
    out, err = process.communicate()
    watchdog.cancel()
    return process.returncode, out, err


def _belongs(process: psutil.Process, mark: str) -> bool:
    try:
        if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
            return False
        return mark in " ".join(process.cmdline()) or process.environ().get("TMPDIR", "").startswith(mark)
    except psutil.Error:
        return False
