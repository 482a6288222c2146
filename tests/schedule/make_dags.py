"""Write the DAG file that ``make airflow`` imports: one schedule for each thing that a DAG may hold."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from schedule_samples import DAGS, write_workspace

from mopsnb.schedule.installing import write_files
from mopsnb.schedule.reading import read_schedules
from mopsnb.schedule.rendering import Site, generate


def main(folder: Path) -> None:
    workspace = write_workspace(folder / "our 50% team", DAGS)
    site = Site(workspace, ["mopsnb"], datetime(2026, 11, 22, tzinfo=UTC))
    (path,) = write_files(generate(read_schedules(workspace), "airflow", site), folder / "dags")
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
