"""What each notebook costs beyond an already warm kernel: processor time and seconds of its cells.

The first line of each notebook is a first look at the data. The second is what a run the next day takes where the data
did not change: answers about them were kept (`mopsnb.data.kept_answers`).

Run as ``python -m benchmarks.notebooks [ROUNDS [SCALE | WORKSPACE]]``. Each notebook's cells run in a process of their
own, forked from one that has imported what a run's server of kernels imports, as a kernel is (`mopsnb.run.forkserver`).
What is imported, opened or compiled later counts. Nothing is shared between notebooks: in a whole run, the first that
asks a question of the data answers it for all. Charts are drawn as stills beside the kernels, and pages are written
after them; neither is in these figures. Cells for a reader at the keyboard are left out, as a run leaves them out.

Processor time is user and system time of all threads. It is the figure to quote: seconds depend on what else runs.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from mopsnb.assets import folder
from mopsnb.steps import STEPS


def measure(rounds: int, place: str = "") -> Iterator[str]:
    """Yield the lines to print: of each notebook the median of processor time and seconds.

    Parameters
    ----------
    rounds
        How often each notebook runs.
    place
        A workspace; empty: the sample.
    """
    yield "each notebook beyond a warm kernel:"
    for step in STEPS:
        notebook = folder("notebooks") / step.notebook
        yield f"  {step.slug:16} {_describe([run_warm(notebook, place) for _ in range(rounds)])}"
        with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
            answers = str(Path(scratch) / "answers")
            run_warm(notebook, place, answers)
            yield f"  {'  again':16} {_describe([run_warm(notebook, place, answers) for _ in range(rounds)])}"


def _describe(taken: list[tuple[float, float]]) -> str:
    cpu, wall = (median(figures) for figures in zip(*taken, strict=True))
    return f"{cpu:6.2f} s of processor time, {wall:6.2f} s by the clock"


def run_warm(notebook: Path, place: str = "", answers: str = "none") -> tuple[float, float]:
    """Return the processor time and the seconds that the cells of a notebook take in a warm process."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        command = [sys.executable, "-m", "benchmarks.notebooks", "--cells", scratch, str(notebook.resolve()), place]
        environment = os.environ | {"IPYTHONDIR": f"{scratch}/ipython", "MOPSNB_STILLS": "later"}
        environment["MOPSNB_ANSWERS"] = answers
        root = Path(__file__).resolve().parents[1]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root, env=environment)
    cpu, wall = json.loads(done.stdout.splitlines()[-1])
    return cpu, wall


def main() -> None:
    """Measure the sample, a workspace, or the sample at a scale."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    place = sys.argv[2] if len(sys.argv) > 2 else ""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        if place.isdigit():
            scale, place = place, f"{scratch}/company"
            subprocess.run([sys.executable, "-m", "mopsnb", "sample", place, "--scale", scale], check=True)
        for line in measure(rounds, place):
            print(line, flush=True)


def run_cells(scratch: Path, notebook: Path, place: str) -> None:
    """Become warm, fork, and print as JSON what the cells take in the fork."""
    from mopsnb.data.shelf import build_shelf
    from mopsnb.run.forkserver import Server
    from mopsnb.run.kernel import GARBAGE
    from mopsnb.run.preload import list_modules

    build_shelf(scratch / "shelf")
    os.environ["MOPSNB_SHELF"] = str(scratch / "shelf")
    Server.prepare(Server(None, 0), list_modules([notebook]))  # type: ignore[arg-type]  # it is not asked to serve
    if pid := os.fork():
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    gc.set_threshold(GARBAGE)  # as kernels have it
    print(json.dumps(_time_cells(scratch, notebook, place)), flush=True)
    os._exit(0)


def _time_cells(scratch: Path, notebook: Path, place: str) -> tuple[float, float]:
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    from mopsnb.run.cells import drop_interactive
    from mopsnb.run.cleaning import load_notebook

    given = {"workspace": place and str(Path(place).resolve()), "results_dir": str(scratch / "results")}
    shell = InteractiveShell.instance()
    cells = [cell for cell in drop_interactive(load_notebook(notebook)).cells if cell.cell_type == "code"]
    spent, begin = _spend(), time.perf_counter()
    for cell in cells:
        is_given = "parameters" in cell.metadata.get("tags", [])
        lines = [f"{name} = {value!r}" for name, value in given.items()] if is_given else []
        with capture_output():
            shell.run_cell("\n".join([cell.source, *lines])).raise_error()
    return _spend() - spent, time.perf_counter() - begin


def _spend() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    if sys.argv[1:2] == ["--cells"]:
        run_cells(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
    else:
        main()
