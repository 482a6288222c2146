"""Workspaces with schedules, and a world without clock, kernels and mailboxes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mopsnb.run.history import Changes
from mopsnb.run.request import RunOutcome, RunRequest, StepOutcome
from mopsnb.schedule.due import World

STRATEGY = "version: 1\norganization: {name: Acme, time_zone: Europe/Berlin}\n"
DAILY = '  - {id: daily, cron: "0 6 * * *", catch_up: 36h}'  # 05:00 in UTC
SEEN = "2026-11-20T04:30Z"  # before the slot of Friday, November 20


def write_workspace(folder: Path, schedules: str, strategy: str = STRATEGY) -> Path:
    """Make a workspace with schedules, given as the lines below ``schedules:``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "data").mkdir(exist_ok=True)
    (folder / "strategy.yml").write_text(strategy, encoding="utf-8")
    (folder / "schedule.yml").write_text(f"version: 1\nschedules:\n{schedules}\n", encoding="utf-8")
    return folder


@dataclass
class Stage:
    """A world that a test writes itself.

    ``now`` is the clock. ``endings`` are the causes with which the next runs fail, empty text for a good run;
    afterwards all are good. An exception among them is raised.
    """

    now: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)
    endings: list[object] = field(default_factory=list)
    findings: list[dict[str, str]] = field(default_factory=list)
    requests: list[RunRequest] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    told: list[tuple[str, str, int]] = field(default_factory=list)
    pruned: list[tuple[int | None, int | None]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)
    takes: timedelta = timedelta(0)
    undelivered: list[str] = field(default_factory=list)

    @property
    def world(self) -> World:
        return World(
            clock=lambda: self.now,
            run=self.run,
            prune=lambda _, rule: self.pruned.append((rule.keep, rule.days)),
            tell=self.tell,
            sleep=self.sleep,
            say=self.said.append,
            warn=self.warned.append,
        )

    def run(self, request: RunRequest) -> RunOutcome:
        self.requests.append(request)
        self.now += self.takes
        ending = self.endings.pop(0) if self.endings else ""
        if isinstance(ending, BaseException):
            raise ending
        step = request.steps[0]
        steps = [StepOutcome(step, "failed" if ending else "ok", str(ending), f"because of {ending}" if ending else "")]
        folder = Path(request.workspace) / "runs" / f"20261123T1200{len(self.requests):02}Z-0abc123f"
        return RunOutcome(folder, steps, self.findings, Changes(), None, {})

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)

    def tell(self, _, schedule, ending) -> list[str]:
        self.told.append((schedule.id, ending.status, ending.exit_code))
        return self.undelivered


def uncomment(text: str) -> str:
    """Return a blank file with the # removed from every example line."""
    return re.sub(r"^#(?=  )", "", text, flags=re.MULTILINE)


DAGS = """  - {id: weekly, cron: "0 6 * * MON", steps: [goals, metrics], params: {metrics.months: 12}, deadline: 30m,
     retries: {times: 2, wait: 1m}}
  - {id: last-friday, cron: "30 7 * * 5L", time_zone: America/New_York, group: run, as_of: 2026-10-31}
  - {id: month, cron: "0 6 L * *", time_zone: UTC}"""


def read_state(workspace: Path) -> dict:
    """Return what a workspace remembers of its schedules."""
    return json.loads((workspace / "runs" / "schedule-state.json").read_text(encoding="utf-8"))["schedules"]


def show(handled: list) -> list[tuple[str, str, int, int]]:
    """Return status, slot, missed and left out of what was handled."""
    return [(item.status, f"{item.slot:%d %H:%M}", item.missed, len(item.left_out)) for item in handled]
