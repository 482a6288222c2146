"""Where an import works: a full disk, a locked or read-only workspace, a killed import, files that are none."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock
from import_samples import bring_in, days, google, make_workspace, read, take_picture

from mopsnb.data.importing import place
from mopsnb.errors import LockedError, OutputError, UsageError

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("number", "words"), [(errno.ENOSPC, "No space left"), (errno.EROFS, "Read-only file system")])
def test_what_the_disk_refuses_is_said_in_words_and_leaves_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    bring_in(tmp_path / "team", google(tmp_path, "a.csv", *days(1, 2)))
    before = take_picture(tmp_path / "team")

    def fail(*_: object) -> bool:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("mopsnb.data.importing.importer.write_table", fail)
    with pytest.raises(OutputError, match=f"Cannot write to .*data: {words}.*Nothing was imported"):
        bring_in(tmp_path / "team", google(tmp_path, "b.csv", *days(3, 4)))
    assert take_picture(tmp_path / "team") == before
    assert not list((tmp_path / "team" / "data").glob(".import-*"))


def test_a_disk_that_is_too_small_for_sorting_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    def fail(*_: object) -> bool:
        raise duckdb.OutOfMemoryException("Out of Memory Error: failed to offload data block of size 256.0 KiB")

    monkeypatch.setattr("mopsnb.data.importing.importer.write_table", fail)
    with pytest.raises(OutputError, match=r"has too little room .*Nothing was imported"):
        bring_in(tmp_path / "team", google(tmp_path, "a.csv", *days(1, 2)))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write and read everywhere")
def test_a_workspace_and_a_file_without_rights_are_named(tmp_path: Path) -> None:
    team = make_workspace(tmp_path / "team")
    path = google(tmp_path, "a.csv", *days(1, 2))
    (team / "data").chmod(0o500)
    with pytest.raises(OutputError, match="Permission denied"):
        bring_in(team, path)
    (team / "data").chmod(0o700)
    path.chmod(0)
    with pytest.raises(UsageError, match=r"Cannot read '.*a\.csv': Permission denied"):
        bring_in(team, path)


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    team = make_workspace(tmp_path / "team")
    (team / "data").rmdir()
    (team / "data").touch()
    with pytest.raises(OutputError, match="Cannot write to"):
        bring_in(team, google(tmp_path, "a.csv", *days(1, 2)))


def test_a_folder_in_the_place_of_a_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is a folder. Name its files"):
        bring_in(tmp_path / "team", tmp_path)


def test_a_second_import_waits_and_gives_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    team = make_workspace(tmp_path / "team")
    monkeypatch.setattr(place, "WAIT", 0.1)
    with FileLock(team / "data" / place.LOCK), pytest.raises(LockedError, match="Another import works on"):
        bring_in(team, google(tmp_path, "a.csv", *days(1, 2)))
    bring_in(team, google(tmp_path, "a.csv", *days(1, 2)))


def test_a_dry_run_waits_for_nobody(tmp_path: Path) -> None:
    team = make_workspace(tmp_path / "team")
    with FileLock(team / "data" / place.LOCK):
        report = bring_in(team, google(tmp_path, "a.csv", *days(1, 2)), dry_run=True)
    assert report.tables["ad_daily"]["rows"] == 2


@pytest.mark.parametrize("name", ["team [a]*", 'it\'s "q"', "tëam"])
def test_a_workspace_may_have_any_name(tmp_path: Path, name: str) -> None:
    bring_in(tmp_path / "team a", google(tmp_path, "a.csv", *days(1, 2)))
    for rows in (days(1, 3), days(1, 4)):
        bring_in(tmp_path / name, google(tmp_path, "b.csv", *rows))
    assert bring_in(tmp_path / name, google(tmp_path, "b.csv", *days(1, 5))).tables["ad_daily"]["rows"] == 5


@pytest.mark.skipif(sys.platform == "win32", reason="signals are a matter of Unix")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_import_leaves_the_table_and_the_next_one_cleans_up(tmp_path: Path, number: signal.Signals) -> None:
    team = tmp_path / "team"
    bring_in(team, google(tmp_path, "a.csv", *days(1, 2)))
    before = (team / "data" / "ad_daily.parquet").read_bytes()
    large = google(tmp_path, "large.csv", *(f"2026-08-01,C{at},EUR,10,1,1.50,0" for at in range(300_000)))
    with subprocess.Popen([sys.executable, "-m", "mopsnb", "import", str(large), "--into", str(team)]) as run:
        deadline = time.monotonic() + 60
        while not list((team / "data").glob(".import-*/*")) and run.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        run.send_signal(number)
    assert run.returncode == (-number if number == signal.SIGKILL else 128 + number)
    assert (team / "data" / "ad_daily.parquet").read_bytes() == before
    assert not (number == signal.SIGTERM and list((team / "data").glob(".import-*")))
    bring_in(team, google(tmp_path, "b.csv", *days(3, 3)))
    assert not list((team / "data").glob(".import-*"))
    assert len(read(team, "ad_daily")) == 3
