"""A crash between any two system calls leaves the old report or the new one, never half of one and never none."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from run_samples import read_tree

from mopsnb.errors import OutputError
from mopsnb.run import durable, moves
from mopsnb.run.locking import hold
from mopsnb.run.moves import clean_up, repair_latest
from mopsnb.run.publish import KIND, Place, build_in, choose_place, publish

pytestmark = pytest.mark.slow

NOW = datetime(2026, 1, 31, 12, 30, 5, tzinfo=UTC)
SECONDS = itertools.count()
CALLS = ("open", "fsync", "close", "rename", "replace", "symlink", "unlink", "rmdir", "mkdir")


class Cut(BaseException):
    """The power goes: nothing of the process runs on."""


class Disk:
    """Counts system calls and lets one of them fail, or that one and every later one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int, *, stays_dead: bool, has_exchange: bool) -> None:
        self.at, self.stays_dead, self.calls, self.is_on = at, stays_dead, [], True
        for name in CALLS:
            monkeypatch.setattr(os, name, self._wrap(name, getattr(os, name)))
        swap = self._wrap("exchange", durable.exchange) if has_exchange else lambda *_: False
        monkeypatch.setattr(moves, "exchange", swap)

    def _wrap(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **options: Any) -> Any:
            if self.is_on:
                self.calls.append(name)
                if len(self.calls) == self.at or (self.stays_dead and len(self.calls) > self.at):
                    raise Cut if self.stays_dead else OSError(5, "Input/output error")
            return call(*args, **options)

        return run


def make_report(folder: Path, text: str) -> None:
    (folder / "results").mkdir(parents=True, exist_ok=True)
    for name in ("index.html", "metrics.html", "results/metrics.json"):
        (folder / name).write_text(text)
    (folder / "run.json").write_text(json.dumps({"kind": KIND, "text": text}))


def build(place: Place, text: str) -> Path:
    building = place.building
    building.mkdir()
    make_report(building, text)
    return building


def find_place(folder: Path, kind: str) -> Place:
    when = NOW + timedelta(seconds=next(SECONDS))  # no two runs of a workspace begin in one moment
    if kind == "out":
        return choose_place(None, folder / "out", when)
    return choose_place(folder, None, when)


def read(place: Place) -> dict[str, bytes]:
    return read_tree(place.link.resolve(), without=())


def cut_at(at: int, folder: Path, kind: str, *, stays_dead: bool, has_exchange: bool = True) -> tuple[Disk, bool]:
    """Publish an old report, then a new one with a fault, and check what a reader finds. Return whether it went."""
    place = find_place(folder, kind)
    publish(build(place, "old"), place, is_good=True)
    old = read(place)
    place = find_place(folder, kind)
    building = build(place, "new")
    new = read_tree(building, without=())
    with pytest.MonkeyPatch.context() as patch:
        disk = Disk(patch, at, stays_dead=stays_dead, has_exchange=has_exchange)
        try:
            publish(building, place, is_good=True)
            has_ended = True
        except (Cut, OutputError):
            has_ended = False
        disk.is_on = False
    if not has_exchange:
        clean_up(place.link)
    assert read(place) == new if has_ended else read(place) in (old, new)
    return disk, has_ended


@pytest.mark.parametrize("stays_dead", [True, False], ids=["power-cut", "error"])
@pytest.mark.parametrize("kind", ["workspace", "out"])
def test_what_readers_open_is_whole_whichever_system_call_fails(tmp_path: Path, kind: str, stays_dead: bool) -> None:
    seen: set[str] = set()
    for at in range(1, 200):
        folder = tmp_path / str(at)
        folder.mkdir()
        disk, _ = cut_at(at, folder, kind, stays_dead=stays_dead)
        seen |= set(disk.calls)
        if len(disk.calls) < at:
            break
    assert len(disk.calls) < at
    assert {"fsync", "rename"} <= seen if kind == "workspace" else {"fsync", "exchange"} <= seen
    assert kind == "out" or {"symlink", "replace"} <= seen


def test_a_crash_between_two_moves_is_undone_by_the_next_run(tmp_path: Path) -> None:
    for at in range(1, 200):
        folder = tmp_path / str(at)
        folder.mkdir()
        disk, _ = cut_at(at, folder, "out", stays_dead=True, has_exchange=False)
        if len(disk.calls) < at:
            break
        assert sorted(path.name for path in folder.iterdir()) == ["out"]
    assert disk.calls.count("rename") == 2


def test_a_good_run_that_was_filed_before_the_power_went_becomes_the_latest_later(tmp_path: Path) -> None:
    filed = 0
    for at in range(1, 200):
        folder = tmp_path / str(at)
        folder.mkdir()
        disk, has_ended = cut_at(at, folder, "workspace", stays_dead=True)
        if len(disk.calls) < at:
            break
        latest = folder / "runs" / "latest"
        repair_latest(latest)
        complete = [path for path in latest.parent.glob("2*") if (path / "index.html").read_text() == "new"]
        assert (latest / "index.html").read_text() == ("new" if complete else "old")
        assert not list(latest.parent.glob(".latest.*"))
        filed += bool(complete) and not has_ended
    assert filed > 0


@pytest.mark.parametrize("links", [True, False], ids=["links", "copies"])
@pytest.mark.parametrize("has_latest", [True, False], ids=["a-later-run", "the-first-run"])
def test_a_run_that_cannot_become_the_latest_is_not_complete(tmp_path: Path, *, links: bool, has_latest: bool) -> None:
    failures = 0
    for at in range(1, 200):
        with pytest.MonkeyPatch.context() as patch:
            if not links:
                patch.setattr(Path, "symlink_to", _refuse)
            folder = tmp_path / str(at)
            folder.mkdir()
            if has_latest:
                place = find_place(folder, "workspace")
                publish(build(place, "old"), place, is_good=True)
            place = find_place(folder, "workspace")
            building = build(place, "new")
            new, disk = read_tree(building, without=()), Disk(patch, at, stays_dead=False, has_exchange=True)
            try:
                publish(building, place, is_good=True)
            except OutputError:
                failures += 1
                disk.is_on = False
                assert not place.folder.exists()
                assert read_tree(building, without=()) == new
                assert place.latest.exists() == has_latest
                assert not has_latest or read(place)["index.html"] == b"old"
            disk.is_on = False
        if len(disk.calls) < at:
            break
    assert failures > 5


def _refuse(self: Path, target: str, target_is_directory: bool = False) -> None:
    raise OSError(1, "Operation not permitted")


def test_a_repair_waits_for_nobody_who_is_at_work(tmp_path: Path) -> None:
    latest = tmp_path / "latest"
    left = tmp_path / ".latest.fresh-01234567"
    left.symlink_to("gone")
    with hold(tmp_path / ".lock"):
        repair_latest(latest)
    assert left.is_symlink()
    repair_latest(latest)
    assert not left.is_symlink()


def test_every_file_is_on_the_disk_before_the_report_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = find_place(tmp_path, "workspace")
    building = build(place, "new")
    events: list[tuple[str, str]] = []
    names: dict[int, str] = {}
    real = {name: getattr(os, name) for name in ("open", "fsync", "rename", "replace")}

    def open_(path: Any, *args: Any, **options: Any) -> int:
        handle = real["open"](path, *args, **options)
        names[handle] = os.fspath(path)
        return handle

    def fsync(handle: int) -> None:
        events.append(("fsync", names[handle]))
        real["fsync"](handle)

    def move(kind: str) -> Callable[..., None]:
        def run(source: Any, target: Any) -> None:
            events.append((kind, os.fspath(target)))
            real[kind](source, target)

        return run

    monkeypatch.setattr(os, "open", open_)
    monkeypatch.setattr(os, "fsync", fsync)
    for kind in ("rename", "replace"):
        monkeypatch.setattr(os, kind, move(kind))
    publish(building, place, is_good=True)

    runs = str(place.folder.parent)
    moved = events.index(("rename", str(place.folder)))
    expected = {str(building), str(building / "results")}
    expected |= {str(building / name) for name in read_tree(place.folder, without=())}
    assert {path for kind, path in events[:moved] if kind == "fsync"} == expected
    assert events[moved + 1 :] == [("fsync", runs), ("replace", str(place.latest)), ("fsync", runs)]


def test_a_failed_run_leaves_latest_byte_for_byte(tmp_path: Path) -> None:
    place = find_place(tmp_path, "workspace")
    publish(build(place, "good"), place, is_good=True)

    def look() -> tuple[object, ...]:
        status = place.link.lstat()
        return place.link.readlink(), status.st_ino, status.st_mtime_ns, read(place)

    before = look()
    bad = find_place(tmp_path, "workspace")
    publish(build(bad, "bad"), bad, is_good=False)
    assert look() == before
    assert (bad.folder / "index.html").read_text() == "bad"


def test_leftovers_of_a_killed_process_go_and_nothing_else_does(tmp_path: Path) -> None:
    make_report(tmp_path / "out", "mine")
    for name in (".out.building-0123abcd", ".out.replaced-0123abcd"):
        make_report(tmp_path / name, "left")
    (tmp_path / ".out.fresh-0123abcd").symlink_to("out")
    others = [".out.building-notes", ".other.building-0123abcd", "out.building-0123abcd"]
    for name in others:
        (tmp_path / name).mkdir()
    clean_up(tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*others, "out"])
    assert (tmp_path / "out" / "index.html").read_text() == "mine"


def test_the_folder_in_which_a_report_was_built_goes_after_an_error(tmp_path: Path) -> None:
    place = find_place(tmp_path, "workspace")
    with pytest.MonkeyPatch.context() as patch, build_in(place) as building:
        make_report(building, "new")
        Disk(patch, 1, stays_dead=False, has_exchange=True)
        with pytest.raises(OutputError, match="Input/output error"):
            publish(building, place, is_good=True)
    assert list((tmp_path / "runs").iterdir()) == []
