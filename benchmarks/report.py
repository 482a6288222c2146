"""The whole sample report, and one more notebook, against looping papermill and nbconvert, and against the limit.

Every side starts cold, reads the sample company and ends with one HTML page a notebook; this project's run also
writes the index and the results. Rounds alternate, so that a machine whose speed drifts treats all alike. The ratio
of a round is the figure to quote; times depend on the machine.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from mopsnb.assets import folder
from mopsnb.steps import STEPS

BIN = Path(sys.executable).parent
REFERENCE = Path(__file__).parent / "notebooks" / "measure" / "reference.ipynb"
FEW, MANY = 2, 12  # copies of the reference notebook: the difference is what ten more cost


def measure(rounds: int) -> Iterator[str]:
    """Yield the lines to print: seconds of each side, ratios by round, cost of one more notebook."""
    ours, loop, limits, more, looped, own = [], [], [], [], [], []
    unchanged, twice = [], []
    for _ in range(rounds):
        ours.append(_time(_run_ours))
        loop.append(_time(_run_loop))
        limits.append(_find_limit())
        more.append((_time(_run_copies, MANY) - _time(_run_copies, FEW)) / (MANY - FEW))
        looped.append(_time(_run_loop_of_reference))
        own.append(_measure_reference())
        nothing, start = _time_nothing_new()
        unchanged.append(nothing)
        twice.append(2 * start)
    yield f"whole sample report, {len(STEPS)} notebooks: {median(ours):.2f} s, in the loop: {median(loop):.2f} s"
    yield _describe_ratios("run / loop", ours, loop)
    yield _describe_limit(limits[-1])
    yield _describe_ratios("run / limit", ours, [_sum_up(limit) for limit in limits])
    yield f"reference notebook, {median(own):.2f} s of its own processor time: one more costs {median(more):.2f} s"
    yield f"  and {median(looped):.2f} s in the loop"
    yield _describe_ratios("one more / loop", more, looped)
    yield f"a second run with --if-changed and nothing new: {median(unchanged):.2f} s"
    yield _describe_ratios("--if-changed / starting the command twice", unchanged, twice)


def _describe_ratios(name: str, ours: list[float], others: list[float]) -> str:
    ratios = [a / b for a, b in zip(ours, others, strict=True)]
    return f"  {name} by round: {', '.join(f'{ratio:.3f}' for ratio in ratios)}; median {median(ratios):.3f}"


def _describe_limit(limit: dict[str, float]) -> str:
    parts = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in limit.items())
    return f"limit: processor time of one plain process ({parts}), shared by {_count_cores()} cores"


def _sum_up(limit: dict[str, float]) -> float:
    return sum(limit.values()) / _count_cores()


def _count_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _time(job: Callable[..., object], *arguments: object) -> float:
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        begin = time.perf_counter()
        job(Path(scratch), *arguments)
        return time.perf_counter() - begin


def _run_ours(scratch: Path) -> None:
    _call([BIN / "mopsnb", "run", "--out", scratch / "report", "--quiet"])


def _run_loop(scratch: Path) -> None:
    for step in STEPS:
        _convert(folder("notebooks") / step.notebook, scratch / f"{step.slug}.ipynb")


def _run_loop_of_reference(scratch: Path) -> None:
    _convert(REFERENCE, scratch / "reference.ipynb")


def _time_nothing_new() -> tuple[float, float]:
    """Return the seconds of a run that finds nothing new in a workspace, and those of starting the command."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        workspace = Path(scratch) / "workspace"
        shutil.copytree(folder("data/samples"), workspace)
        _call([BIN / "mopsnb", "run", workspace, "--quiet"])
        begin = time.perf_counter()
        _call([BIN / "mopsnb", "run", workspace, "--quiet", "--if-changed"])
        middle = time.perf_counter()
        _call([BIN / "mopsnb", "--version"])
        return middle - begin, time.perf_counter() - middle


def _convert(notebook: Path, executed: Path) -> None:
    _call([BIN / "papermill", "--no-progress-bar", notebook, executed])
    _call([BIN / "jupyter", "nbconvert", "--to", "html", executed])


def _run_copies(scratch: Path, count: int) -> None:
    """Run copies of the reference notebook as one report."""
    names = [f"copy{number}" for number in range(count)]
    place = scratch / "notebooks" / "measure"
    place.mkdir(parents=True)
    text = REFERENCE.read_text(encoding="utf-8")
    for name in names:
        (place / f"{name}.ipynb").write_text(text.replace("STEP", name), encoding="utf-8")
    code = "from benchmarks.copies import main; main()"
    _call([sys.executable, "-c", code, place.parent, scratch / "report", *names])


def _find_limit() -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        printed = _call([sys.executable, "-m", "benchmarks.limit", scratch])
    limit: dict[str, float] = json.loads(printed.splitlines()[-1])
    return limit


def _measure_reference() -> float:
    """Return the reference notebook's own processor seconds, imports left out."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        printed = _call([sys.executable, "-m", "benchmarks.limit", scratch, REFERENCE])
    return float(json.loads(printed.splitlines()[-1])["cells"])


def _call(command: list[object]) -> str:
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True, cwd=root)
    return done.stdout
