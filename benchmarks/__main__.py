"""Run every benchmark and print one table: ``make bench``."""

from __future__ import annotations

import os
import platform
import sys

from benchmarks import report


def main() -> None:
    """Print the conditions, then each benchmark's figures."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}")
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    for line in report.measure(rounds):
        print(line)


if __name__ == "__main__":
    main()
