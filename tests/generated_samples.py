"""Generated files, and the moments and expressions that their tests try."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from schedule_samples import write_workspace

from mopsnb.schedule.reading import read_schedules
from mopsnb.schedule.rendering import Generated, Site, generate

MOMENT = datetime(2026, 11, 22, tzinfo=UTC)
ODD = """our 50% "best" $HOME 'team'"""
SCHEDULES = """  - {id: weekly, cron: "0 6 * * MON", notify: [{to: secret://marketing-mail}]}
  - {id: daily, cron: "7 18 * * *", time_zone: America/New_York, params: {metrics.months: 12}}
  - {id: "off", cron: "33 3 * * *", enabled: false}"""
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]
EXPRESSIONS = [
    "0 6 * * MON",
    "30 2 * * *",
    "*/20 * * * *",
    "0 0 1 * *",
    "15 23 * * SUN",
    "0 9 1,15 * FRI",
    "0 9 */2 * FRI",
    "0 7 L * *",
    "0 7 LW * *",
    "0 7 1,L * *",
    "0 7 * * 5L",
    "0 7 * * MON#1,WED#3",
    "0 7 * * MON#5",
    "5 4 29 2 *",
    "0 12 * JAN-MAR 1-5",
    "0 12 13 * 5",
    "10 0 */2 * SUN#1",
]


def make(
    folder: Path, system: str, schedules: str = SCHEDULES, program: str = "/opt/mopsnb/bin/mopsnb"
) -> list[Generated]:
    workspace = write_workspace(folder, schedules)
    return generate(read_schedules(workspace), system, Site(workspace, [program], MOMENT))  # type: ignore[arg-type]
