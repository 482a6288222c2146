"""A report reaches its place in one step, and nothing but an earlier report is ever removed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from run_samples import read_tree

from mopsnb.errors import OutputError
from mopsnb.run import moves
from mopsnb.run import publish as module
from mopsnb.run.publish import (
    KIND,
    Place,
    build_in,
    check_replaceable,
    choose_place,
    is_report,
    publish,
)

NOW = datetime(2026, 1, 31, 12, 30, 5, tzinfo=UTC)


def make_report(folder: Path, text: str = "first") -> Path:
    (folder / "results").mkdir(parents=True)
    (folder / "index.html").write_text(text)
    (folder / "run.json").write_text(json.dumps({"kind": KIND}))
    return folder


def publish_text(place: Place, text: str, *, is_good: bool = True) -> Path:
    with build_in(place) as building:
        building.rmdir()
        make_report(building, text)
        return publish(building, place, is_good=is_good)


def test_a_workspace_gets_a_folder_named_by_the_time_in_utc(tmp_path: Path) -> None:
    place = choose_place(tmp_path, None, NOW)
    assert place.folder.parent == tmp_path / "runs"
    assert place.folder.name.startswith("20260131T123005Z-")
    assert place.latest == tmp_path / "runs" / "latest"


def test_two_runs_in_the_same_second_get_two_folders(tmp_path: Path) -> None:
    assert choose_place(tmp_path, None, NOW).folder != choose_place(tmp_path, None, NOW).folder


def test_the_sample_goes_to_report_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert choose_place(None, None, NOW) == Place(tmp_path / "report")


def test_a_named_folder_has_no_latest(tmp_path: Path) -> None:
    assert choose_place(tmp_path, tmp_path / "a" / "b", NOW) == Place(tmp_path / "a" / "b")
    assert (tmp_path / "a").is_dir()


def test_an_earlier_report_is_replaced_as_a_whole(tmp_path: Path) -> None:
    old = make_report(tmp_path / "out")
    (old / "gone.html").write_text("of a step that is not in the new report")
    publish_text(choose_place(None, old, NOW), "second")
    assert (old / "index.html").read_text() == "second"
    assert sorted(path.name for path in old.iterdir()) == ["index.html", "results", "run.json"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    publish_text(choose_place(None, tmp_path / "out", NOW), "first")
    assert (tmp_path / "out" / "index.html").read_text() == "first"


@pytest.mark.parametrize(
    "files",
    [
        {"notes.txt": "mine"},
        {"index.html": "mine"},
        {"run.json": "{}"},
        {"run.json": "not json"},
        {"run.json": json.dumps({"kind": "something else"})},
        {"run.json": json.dumps({"kind": KIND}), "notes.txt": "mine"},
        {"run.json": json.dumps({"kind": KIND}), ".git": "mine"},
    ],
)
def test_a_folder_with_anything_else_in_it_stays_as_it_is(tmp_path: Path, files: dict[str, str]) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name, text in files.items():
        (out / name).write_text(text)
    with pytest.raises(OutputError, match="stays as it is"):
        choose_place(None, out, NOW)
    assert {path.name: path.read_text() for path in out.iterdir()} == files


def test_a_file_is_not_a_place_for_a_report(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutputError, match="is a file"):
        choose_place(None, tmp_path / "out", NOW)


def test_a_folder_that_gets_other_content_during_the_run_stays_as_it_is(tmp_path: Path) -> None:
    place = choose_place(None, tmp_path / "out", NOW)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="stays as it is"):
        publish_text(place, "first")
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


def test_a_link_to_a_report_keeps_leading_to_it(tmp_path: Path) -> None:
    make_report(tmp_path / "real")
    (tmp_path / "link").symlink_to("real")
    publish_text(choose_place(None, tmp_path / "link", NOW), "second")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "index.html").read_text() == "second"


def test_what_stood_there_stands_there_again_when_the_move_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = make_report(tmp_path / "out")
    rename = Path.rename

    def fail(self: Path, target: Path) -> Path:
        if ".building-" in self.name:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    monkeypatch.setattr(moves, "exchange", lambda *_: False)
    with pytest.raises(OutputError, match="No space left"):
        publish_text(choose_place(None, old, NOW), "second")
    assert (old / "index.html").read_text() == "first"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


@pytest.mark.parametrize("same_disk", [False, True])
def test_a_mounted_folder_is_refused_for_it_cannot_change_places(tmp_path: Path, *, same_disk: bool) -> None:
    old, place = make_report(tmp_path / "my out"), choose_place(None, tmp_path / "my out", NOW)
    before = read_tree(old, without=())
    kind = ["--bind", str(old)] if same_disk else ["-t", "tmpfs", "tmpfs"]
    try:
        done = subprocess.run(["mount", *kind, str(old)], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        done = False
    if not done:
        pytest.skip("only an administrator may mount a folder")
    try:
        with pytest.raises(OutputError, match=r"is mounted, .* Choose a folder in it, for example --out .*/my out/"):
            choose_place(None, old, NOW)
        with pytest.raises(OutputError, match="is mounted"):  # mounted while the run was at work
            publish_text(place, "second")
        publish_text(choose_place(None, old / "report", NOW), "second")
        assert (old / "report" / "index.html").read_text() == "second"
    finally:
        subprocess.run(["umount", str(old)], check=True)
    shutil.rmtree(old / "report", ignore_errors=True)
    assert read_tree(old, without=()) == before


def test_the_building_folder_goes_when_the_run_ends_early(tmp_path: Path) -> None:
    place = choose_place(tmp_path, None, NOW)
    with pytest.raises(KeyboardInterrupt), build_in(place):
        raise KeyboardInterrupt
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_report_is_readable_by_others_as_the_system_allows(tmp_path: Path) -> None:
    folder = publish_text(choose_place(tmp_path, None, NOW), "first")
    mask = os.umask(0)
    os.umask(mask)
    assert folder.stat().st_mode & 0o777 == 0o777 & ~mask


def test_latest_leads_to_the_last_good_run(tmp_path: Path) -> None:
    for text in ("first", "second"):
        publish_text(choose_place(tmp_path, None, NOW), text)
    latest = tmp_path / "runs" / "latest"
    assert (latest / "index.html").read_text() == "second"
    assert not latest.readlink().is_absolute()
    assert len([path for path in (tmp_path / "runs").iterdir() if not path.is_symlink()]) == 2


def test_a_run_that_failed_is_kept_and_leaves_latest_alone(tmp_path: Path) -> None:
    publish_text(choose_place(tmp_path, None, NOW), "good")
    failed = publish_text(choose_place(tmp_path, None, NOW), "bad", is_good=False)
    assert (tmp_path / "runs" / "latest" / "index.html").read_text() == "good"
    assert (failed / "index.html").read_text() == "bad"


def test_latest_is_a_folder_where_the_file_system_has_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: str, target_is_directory: bool = False) -> None:
        raise OSError(1, "Operation not permitted")

    publish_text(choose_place(tmp_path, None, NOW), "link")
    latest = tmp_path / "runs" / "latest"
    with monkeypatch.context() as patch:
        patch.setattr(Path, "symlink_to", refuse)
        for text in ("first", "second"):
            publish_text(choose_place(tmp_path, None, NOW), text)
            assert not latest.is_symlink()
            assert (latest / "index.html").read_text() == text
    publish_text(choose_place(tmp_path, None, NOW), "link again")
    assert latest.is_symlink()
    assert (latest / "index.html").read_text() == "link again"
    assert [path.name for path in (tmp_path / "runs").iterdir() if path.name.startswith(".")] == []


def test_a_folder_of_somebody_s_in_the_place_of_latest_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "runs" / "latest").mkdir(parents=True)
    (tmp_path / "runs" / "latest" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="runs/latest is not empty and holds no earlier report"):
        choose_place(tmp_path, None, NOW)


def test_a_report_is_known_by_its_record(tmp_path: Path) -> None:
    assert is_report(make_report(tmp_path / "a"))
    assert not is_report(tmp_path)
    check_replaceable(tmp_path / "absent")


def test_a_folder_that_cannot_be_written_to_is_refused_before_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.os, "access", lambda path, mode: False)  # root may write everywhere
    with pytest.raises(OutputError, match="--out"):
        choose_place(None, tmp_path / "closed" / "out", NOW)


@pytest.mark.parametrize("name", ["runs", "runs/latest", "runs/20260131T123005Z-abcdef00", "runs/mine"])
def test_a_report_of_its_own_never_goes_among_the_runs_of_a_workspace(tmp_path: Path, name: str) -> None:
    (tmp_path / "strategy.yml").touch()
    last = make_report(tmp_path / "runs" / "20260131T123005Z-abcdef00")
    (tmp_path / "runs" / "latest").symlink_to(last.name)
    with pytest.raises(OutputError, match="lies among the runs of the workspace"):
        choose_place(tmp_path, tmp_path / name, NOW)
    assert (last / "index.html").read_text() == "first"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems give no such name to a folder")
def test_a_folder_whose_name_is_no_text_is_refused(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/gr\xf6sse"))
    folder.mkdir()
    with pytest.raises(OutputError, match="is no text in UTF-8"):
        choose_place(folder, None, NOW)
    assert list(folder.iterdir()) == []


def test_the_sign_of_life_stays_until_every_file_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    monkeypatch.setattr(module, "sync_tree", lambda _: events.append("synced"))
    place = choose_place(tmp_path, None, NOW)
    with build_in(place) as building:
        building.rmdir()
        make_report(building)
        publish(building, place, is_good=True, at_last=lambda: events.append("moves"))
    assert events == ["synced", "moves"]
