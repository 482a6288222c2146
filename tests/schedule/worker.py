"""A process that runs what is due at a fixed moment, with a run that notes itself and takes as long as it is told.

``worker.py WORKSPACE MOMENT SECONDS`` prints the status of each schedule.
"""

import os
import sys
import time
from datetime import datetime
from pathlib import Path

from mopsnb.run.history import Changes
from mopsnb.run.request import RunOutcome, StepOutcome
from mopsnb.schedule.due import World, run_due
from mopsnb.schedule.reading import read_schedules


def main(workspace: Path, moment: datetime, seconds: float) -> None:
    def run(request):
        with (workspace / "log").open("a", encoding="utf-8") as log:
            log.write(f"{os.getpid()}\n")
        time.sleep(seconds)
        return RunOutcome(workspace / "runs" / "x", [StepOutcome(request.steps[0], "ok")], [], Changes(), None, {})

    say = sys.stderr.write
    world = World(lambda: moment, run, lambda *_: None, lambda *_: (), time.sleep, say, say)
    for item in run_due(workspace, read_schedules(workspace).schedules, world):
        sys.stdout.write(f"{item.status}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), float(sys.argv[3]))
