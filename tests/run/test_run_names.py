"""The names of runs sort as the runs began, whatever the clock does."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mopsnb.run.names import read_moment
from mopsnb.run.publish import KIND, choose_place, publish, take_name
from mopsnb.run.resuming import find_newest

NOW = datetime(2026, 1, 31, 12, 30, 5, tzinfo=UTC)


def test_names_of_runs_sort_as_the_runs_began(tmp_path: Path) -> None:
    moments = [NOW.replace(microsecond=value) for value in (0, 16, 400_000, 999_999)]
    names = [choose_place(tmp_path, None, moment).folder.name for moment in moments]
    assert names == sorted(names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("back", [timedelta(), timedelta(seconds=1), timedelta(days=400)])
def test_a_run_after_the_clock_was_set_back_is_the_newest_by_name(tmp_path: Path, back: timedelta) -> None:
    names = []
    for _ in range(40):
        place = take_name(choose_place(tmp_path, None, NOW), NOW - back if names else NOW)
        building = place.building
        building.mkdir()
        (building / "run.json").write_text(json.dumps({"kind": KIND}))
        names.append(publish(building, place, is_good=True).name)
    assert names == sorted(names)
    assert len(set(names)) == len(names)
    assert all(read_moment(name) for name in names)
    assert names[-1].startswith("20260131T123005Z-")
    assert find_newest(tmp_path / "runs").name == names[-1]
    later = take_name(choose_place(tmp_path, None, NOW), NOW + timedelta(seconds=5))
    assert later.folder.name.startswith("20260131T123010Z-0000")


@pytest.mark.parametrize("name", ["20261399T250000Z-abcdef00", "99991231T235959Z-ffffffff"])
def test_a_folder_whose_name_is_no_time_stops_no_run(tmp_path: Path, name: str) -> None:
    (tmp_path / "runs" / name).mkdir(parents=True)
    place = take_name(choose_place(tmp_path, None, NOW), NOW)
    assert place.folder.name.startswith("20260131T123005Z-")


def test_a_folder_of_its_own_keeps_its_name(tmp_path: Path) -> None:
    place = choose_place(tmp_path, tmp_path / "out", NOW)
    assert take_name(place, NOW) == place
