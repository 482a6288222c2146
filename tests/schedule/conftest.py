"""Fixtures for the tests of schedules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from schedule_samples import Stage, write_workspace

from mopsnb.errors import Fault, ScheduleError
from mopsnb.schedule.due import run_due
from mopsnb.schedule.handled import Handled
from mopsnb.schedule.reading import parse_schedules, read_schedules


@pytest.fixture
def stage() -> Stage:
    """A world at noon of Monday, November 23, 2026, in UTC."""
    return Stage()


@pytest.fixture
def find_faults(tmp_path: Path) -> Callable[[str], tuple[Fault, ...]]:
    """A function that returns the faults of a schedule file; it fails where there are none."""

    def find(text: str) -> tuple[Fault, ...]:
        with pytest.raises(ScheduleError) as caught:
            parse_schedules(text, tmp_path)
        return caught.value.faults

    return find


@pytest.fixture
def call_due(tmp_path: Path, stage: Stage) -> Callable[..., list[Handled]]:
    """A function that runs what is due at a moment, in a workspace with one schedule."""

    def call(schedules: str, now: str = "") -> list[Handled]:
        workspace = write_workspace(tmp_path / "team", schedules)
        if now:
            stage.now = datetime.fromisoformat(now).astimezone(UTC)
        return list(run_due(workspace, read_schedules(workspace).schedules, stage.world))

    return call
