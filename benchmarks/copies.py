"""One run of copies of a notebook, which the registry of steps does not know."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    """Run ``NOTEBOOKS OUT NAME…``."""
    from mopsnb.run.request import RunRequest
    from mopsnb.run.runner import run
    from mopsnb.steps import Step

    notebooks, out, *names = sys.argv[1:]
    steps = tuple(Step(name, "measure", name, "What did each channel cost by month?") for name in names)
    outcome = run(RunRequest(steps=steps, notebooks=Path(notebooks), out=Path(out)))
    if outcome.has_failed:
        sys.exit("\n".join(step.error for step in outcome.steps))
