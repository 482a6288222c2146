"""A run that does not reach its end is filed as what it is, whatever broke it."""

from __future__ import annotations

import json
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mopsnb.errors import OutputError
from mopsnb.run.aftermath import file_dead_runs, witness
from mopsnb.run.alive import KIND
from mopsnb.run.orders import forget_orders, note_order
from mopsnb.run.publish import build_in, choose_place

NOW = datetime(2026, 1, 31, 12, 30, 5, tzinfo=UTC)
FACTS = {"workspace": "team", "has_latest": False, "is_filed": True, "is_sample": False, "as_of": None}
FACTS |= {"data_through": None}


class House(SimpleNamespace):
    """What the witness knows of the run's kernels."""

    order: BaseException | None = None

    def note_building(self, building: Path) -> None:
        if self.error:
            raise self.error


def run(folder: Path, error: Exception | None = None, at_start: Exception | None = None) -> dict[str, Any]:
    """Begin a run that breaks, and return what is filed of it."""
    place = choose_place(folder, None, NOW)
    about = [{"step": "ok", "title": "Ok", "question": "What?", "parameters": {}}]
    facts = FACTS | {"started_at": NOW.isoformat(), "name": place.folder.name, "about": about}
    house = House(folder=folder, error=at_start)
    with build_in(place) as building, witness(place, building, house, facts):
        if error:
            raise error
    raise AssertionError("it reached its end")


def read_filed(folder: Path) -> dict[str, Any]:
    [record] = (folder / "runs").glob("2*/run.json")
    return dict(json.loads(record.read_text(encoding="utf-8")))


def test_a_full_disk_for_temporary_files_is_said_of_them_and_filed(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"Cannot write temporary files to .*No space left on device"):
        run(tmp_path, at_start=OSError(28, "No space left on device"))
    assert (read_filed(tmp_path)["status"], read_filed(tmp_path)["cause"]) == ("failed", "output")


def test_a_run_in_a_damaged_installation_is_filed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mopsnb.run.cleaning", None)  # importing it fails
    with pytest.raises(ZeroDivisionError):
        run(tmp_path, ZeroDivisionError(f"at {tmp_path}"))
    record = read_filed(tmp_path)
    assert (record["status"], record["cause"], record["error"]) == ("failed", "bug", "ZeroDivisionError")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"has_latest": None, "as_of": None, "about": None}, "killed"),
        ({"name": "../../elsewhere"}, ""),
        ({"started_at": "once"}, ""),
        ({"steps": 3}, ""),
    ],
)
def test_a_sign_of_life_that_another_version_or_somebody_wrote_stops_no_later_run(
    tmp_path: Path, change: dict[str, Any], status: str
) -> None:
    building = tmp_path / "runs" / ".20260131T123005Z-abcdef00.building-01234567"
    building.mkdir(parents=True)
    facts = {
        **FACTS,
        "kind": KIND,
        "pid": 1,
        "process": "gone",
        "host": socket.gethostname(),
        "steps": {"ok": "running"},
    }
    facts |= {"name": "20260131T123005Z-abcdef00", "started_at": NOW.isoformat(), "about": [], **change}
    kept = {name: value for name, value in facts.items() if value is not None}
    (building / "alive.json").write_text(json.dumps(kept))
    filed = file_dead_runs(tmp_path / "runs")
    assert [path.name for path in filed] == (["20260131T123005Z-abcdef00"] if status else [])
    assert not status or read_filed(tmp_path)["status"] == status
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


def test_an_order_that_comes_while_a_run_is_filed_counts_after_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = SystemExit(143)
    monkeypatch.setattr("mopsnb.run.aftermath.write_unfinished", lambda *_: note_order(order) and pytest.fail("raised"))
    try:
        with pytest.raises(SystemExit) as caught:
            run(tmp_path, OutputError("no room"))
    finally:
        forget_orders()
    assert caught.value is order
    assert [path.name[:8] for path in (tmp_path / "runs").iterdir()] == ["20260131"]
