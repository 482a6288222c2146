"""What each notebook costs in a headless run, from its first cell's begin to its last one's end.

The kernel is warm by then. Afterwards it ends, its pictures are drawn, and its page is written.

The first line of each notebook is a first look: nothing was found out about the data before. The second is what a run
takes where answers about the data were kept (`mopsnb.data.kept_answers`), by an earlier run or by the command that
wrote the tables.

Run as ``python -m benchmarks.headless [ROUNDS [SCALE | WORKSPACE]]``. Each run is of one notebook, in a process of its
own, through everything that ``mopsnb run`` does. Its kernel is forked from a warm process; what the run finds out about
the data while that process imports its libraries is not counted, as it is not in a run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from mopsnb.steps import STEPS, find_step


def measure(rounds: int, place: str = "", kept: str = "") -> Iterator[str]:
    """Yield the lines to print: of each notebook the median of its seconds.

    Parameters
    ----------
    rounds
        How often each notebook runs.
    place
        A workspace; empty: the sample.
    kept
        A folder of answers that the command which wrote the workspace left; empty: a run leaves them.
    """
    yield "each notebook of a headless run, from its first cell to its last:"
    for step in STEPS:
        first = median(run_one(step.slug, place, "none") for _ in range(rounds))
        with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
            answers = kept or f"{scratch}/answers"
            if not kept:
                run_one(step.slug, place, answers)
            again = median(run_one(step.slug, place, answers) for _ in range(rounds))
        yield f"  {step.slug:16} first {first:6.2f} s, with answers kept {again:6.2f} s"


def run_one(slug: str, place: str, answers: str) -> float:
    """Return the seconds that a notebook takes in a run of its own."""
    root = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-m", "benchmarks.headless", "--one", slug, place]
    environment = os.environ | {"MOPSNB_ANSWERS": answers}
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root, env=environment)
    return float(json.loads(done.stdout.splitlines()[-1]))


def _run(slug: str, place: str) -> float:
    from mopsnb.run.progress import Progress
    from mopsnb.run.request import RunRequest
    from mopsnb.run.runner import run
    from mopsnb.run.session import Session

    class Watch(Progress):
        begun = ended = 0.0
        status = ""

        def advance(self, step: str, cell: int) -> None:
            self.begun = self.begun or time.perf_counter()

        def finish(self, step: str, status: str, seconds: float) -> None:
            self.status = status

    watch, end_cell = Watch(), Session.end_cell

    def end(session: Session, *cell: Any, **more: Any) -> None:
        watch.ended = time.perf_counter()
        end_cell(session, *cell, **more)

    Session.end_cell = end  # type: ignore[method-assign]  # nobody but the session hears of a cell's end
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        run(RunRequest(workspace=place, steps=[find_step(slug)], out=Path(scratch) / "report"), watch)
    if watch.status != "ok":
        sys.exit(f"{slug} is {watch.status}")
    return watch.ended - watch.begun


def main() -> None:
    """Measure the sample, a workspace, or the sample at a scale."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    place = sys.argv[2] if len(sys.argv) > 2 else ""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        kept = ""
        if place.isdigit():
            scale, place, kept = place, f"{scratch}/company", f"{scratch}/answers"
            command = [sys.executable, "-m", "mopsnb", "sample", place, "--scale", scale]
            subprocess.run(command, check=True, env=os.environ | {"MOPSNB_ANSWERS": kept})
        for line in measure(rounds, place, kept):
            print(line, flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(_run(*sys.argv[2:4])))
    else:
        main()
