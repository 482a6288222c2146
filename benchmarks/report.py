"""The whole sample report against looping papermill and nbconvert over the same notebooks.

Both start cold, read the sample company and end with one HTML page a notebook; this project's run also writes
the index and the results. Rounds alternate, so that a machine whose speed drifts treats both alike. The ratio
of a round is the figure to quote; times depend on the machine.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from mopsnb.assets import folder
from mopsnb.steps import STEPS

BIN = Path(sys.executable).parent


def measure(rounds: int) -> Iterator[str]:
    """Yield the lines to print: seconds of each side, ratio by round, cost of one more notebook."""
    ours, loop, single = [], [], []
    for _ in range(rounds):
        ours.append(_seconds(_run_ours, len(STEPS)))
        loop.append(_seconds(_run_loop, len(STEPS)))
        single.append(_seconds(_run_ours, 1))
    ratios = [a / b for a, b in zip(ours, loop, strict=True)]
    more = [(a - b) / (len(STEPS) - 1) for a, b in zip(ours, single, strict=True)]
    yield f"whole sample report, {len(STEPS)} notebooks: {median(ours):.2f} s, in the loop: {median(loop):.2f} s"
    yield f"ratio by round: {', '.join(f'{ratio:.3f}' for ratio in ratios)}; median {median(ratios):.3f}"
    yield f"one more notebook costs {median(more):.2f} s here, {median(loop) / len(STEPS):.2f} s in the loop"


def _seconds(job: object, count: int) -> float:
    scratch = Path(tempfile.mkdtemp(prefix="bench-"))
    begin = time.perf_counter()
    job(scratch, count)  # type: ignore[operator]
    elapsed = time.perf_counter() - begin
    shutil.rmtree(scratch)
    return elapsed


def _run_ours(scratch: Path, count: int) -> None:
    slugs = ",".join(step.slug for step in STEPS[:count])
    _call([BIN / "mopsnb", "run", "--steps", slugs, "--out", scratch / "report", "--quiet"])


def _run_loop(scratch: Path, count: int) -> None:
    for step in STEPS[:count]:
        executed = scratch / f"{step.slug}.ipynb"
        _call([BIN / "papermill", "--no-progress-bar", folder("notebooks") / step.notebook, executed])
        _call([BIN / "jupyter", "nbconvert", "--to", "html", executed])


def _call(command: list[object]) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)
