"""Churn and click-through rate of millions of email events: the project, hand-written DuckDB SQL and pandas.

Run as ``python -m benchmarks.events [ROUNDS [ROWS …]] [--contacts N]``. Each answer comes from a process of its own,
rounds alternate, and all answers must be equal to the digit. Processor time is user and system time of all threads;
the ratio of a round is the figure to quote. The project is measured twice: the question itself, which is what the SQL
does, and the first call on a workspace, which also looks at every cell for faults and finds the last day.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.event_sides import SIDES

ROWS = (2_000_000, 20_000_000)
TOO_MANY = 50_000_000  # rows that pandas is not asked to hold
MEMORY = "2GB"  # that the hand-written SQL may use
ROOT = Path(__file__).resolve().parents[1]


def measure(rounds: int, sizes: Sequence[int] = ROWS, contacts: int | None = None) -> Iterator[str]:
    """Yield the lines to print: for each size, each side's seconds and memory, and the ratios by round."""
    for rows in sizes:
        with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
            folder = Path(scratch) / "workspace"
            _call(["benchmarks.event_file", folder, rows, *([contacts] if contacts else [])])
            sides = [side for side in SIDES if side != "pandas" or rows <= TOO_MANY]
            found: dict[str, list[dict[str, Any]]] = {side: [] for side in sides}
            for _ in range(rounds):
                for side in sides:
                    found[side].append(json.loads(_call(["benchmarks.event_sides", side, folder, MEMORY])))
            size = (folder / "data" / "email_event.parquet").stat().st_size
            yield f"{rows:,} email events, {size / 1e6:,.0f} MB as Parquet"
            yield from _describe(found, rows)


def _describe(found: dict[str, list[dict[str, Any]]], rows: int) -> Iterator[str]:
    figures = [answer["figures"] for answers in found.values() for answer in answers]
    if any(answer != figures[0] for answer in figures) or not figures[0]:
        raise SystemExit("The sides do not agree.")
    for side, answers in found.items():
        seconds = median(answer["question"] for answer in answers)
        yield f"  {side}: {seconds:.2f} s, {seconds / rows * 1e6:.2f} µs a row, {_find_peak(answers):.0f} MB"
    ours = found["mopsnb"]
    yield f"  mopsnb, first call: {median(answer['call'] for answer in ours):.2f} s"
    for side, answers in found.items():
        if side != "mopsnb":
            ratios = [one["question"] / other["question"] for one, other in zip(ours, answers, strict=True)]
            by_round = ", ".join(f"{ratio:.2f}" for ratio in ratios)
            yield f"  mopsnb / {side} by round: {by_round}; median {median(ratios):.2f}"


def _find_peak(answers: Sequence[dict[str, Any]]) -> float:
    return max(float(answer["peak"]) for answer in answers)


def _call(arguments: Sequence[object]) -> str:
    command = [sys.executable, "-m", *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("numbers", nargs="*", type=int, help="rounds, then sizes")
    parser.add_argument(
        "--contacts", type=int, help="length of the list; a contact for every hundred events without it"
    )
    asked = parser.parse_args()
    for line in measure(asked.numbers[0] if asked.numbers else 3, asked.numbers[1:] or ROWS, asked.contacts):
        print(line, flush=True)
