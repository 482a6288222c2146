"""Run every benchmark and print one table: ``make bench``."""

from __future__ import annotations

import os
import platform
import sys

from benchmarks import events, headless, notebooks, report


def main() -> None:
    """Print the conditions, then each benchmark's figures."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}")
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    for benchmark in (report, headless, notebooks, events):
        for line in benchmark.measure(rounds):
            print(line, flush=True)


if __name__ == "__main__":
    main()
