"""Answers that outlast a run: found again by the same program about the same files, and never in doubt."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from mopsnb.data import kept_answers
from mopsnb.data.engine import Engine
from mopsnb.data.metric_queries import fetch_rows
from mopsnb.data.shelf import SWITCH as SHELF
from mopsnb.data.shelf import build_shelf, recall


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of answers, for files that need no rest."""
    monkeypatch.setenv(kept_answers.SWITCH, str(tmp_path / "answers"))
    monkeypatch.delenv(SHELF, raising=False)
    monkeypatch.setattr(kept_answers, "REST", 0)
    found = kept_answers.find_store()
    assert found is not None
    return found


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A file."""
    path = tmp_path / "deal.csv"
    path.write_text("id\n1\n", encoding="utf-8")
    time.sleep(0.02)  # the clock of a file system is coarse
    return path


def ask(source: Path, answer: int = 1) -> int:
    """Ask how many rows a file has; the answer, where it is worked out, is as given."""
    return recall(["rows"], [source], lambda: answer)


def test_an_answer_is_known_without_a_run(store: Path, source: Path) -> None:
    assert [ask(source, 1), ask(source, 2)] == [1, 1]
    assert recall(["columns"], [source], lambda: 3) == 3
    assert len(list(store.iterdir())) == 2


def test_another_process_knows_it_too(store: Path, source: Path) -> None:
    ask(source, 7)
    code = (
        "import sys; from pathlib import Path; from mopsnb.data import kept_answers; kept_answers.REST = 0; "
        "from mopsnb.data.shelf import recall; print(recall(['rows'], [Path(sys.argv[1])], lambda: 0))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(source)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "7"


def test_a_file_of_the_same_size_and_time_is_another_file(store: Path, source: Path) -> None:
    ask(source, 1)
    before = source.stat()
    source.write_text("id\n2\n", encoding="utf-8")
    os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert source.stat().st_mtime_ns == before.st_mtime_ns
    assert ask(source, 2) == 2


def test_the_last_bytes_tell_files_apart_where_no_time_does(source: Path) -> None:
    mark = kept_answers.mark_files
    kept_answers.REST, rest = 0, kept_answers.REST
    try:
        first = mark([source])
        source.write_text("id\n2\n", encoding="utf-8")
        second = mark([source])
    finally:
        kept_answers.REST = rest
    assert first is not None
    assert second is not None
    assert first[0][-1] != second[0][-1]


def test_a_file_that_changed_a_moment_ago_is_not_trusted(
    store: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_answers, "REST", 3600 * 10**9)
    assert [ask(source, 1), ask(source, 2)] == [1, 2]
    assert not list(store.iterdir())


def test_a_file_that_changes_meanwhile_leaves_no_answer(store: Path, source: Path) -> None:
    def work_out() -> int:
        source.write_text("id\n1\n2\n", encoding="utf-8")
        return 1

    assert recall(["rows"], [source], work_out) == 1
    assert ask(source, 2) == 2


def test_what_was_raised_is_not_kept(store: Path, source: Path) -> None:
    def fail() -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        recall(["rows"], [source], fail)
    assert ask(source, 4) == 4
    assert [path.suffix for path in store.iterdir()] == [""]


@pytest.mark.parametrize("harm", [lambda kept: b"", lambda kept: kept[:-1], lambda kept: kept[:-1] + b"x"])
def test_a_damaged_answer_is_worked_out_anew(store: Path, source: Path, harm: Callable[[bytes], bytes]) -> None:
    ask(source, 1)
    (kept,) = store.iterdir()
    kept.write_bytes(harm(kept.read_bytes()))
    assert [ask(source, 2), ask(source, 3)] == [2, 2]


def test_a_database_is_asked_each_time(store: Path, source: Path) -> None:
    answers = [recall(["rows"], [], lambda number=number: number, lambda: "state") for number in (1, 2)]
    assert answers == [1, 2]
    assert not list(store.iterdir())


def test_a_run_shares_answers_about_files_that_are_too_new_to_keep(
    store: Path, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_shelf(tmp_path / "shelf")
    monkeypatch.setenv(SHELF, str(tmp_path / "shelf"))
    monkeypatch.setattr(kept_answers, "REST", 3600 * 10**9)
    assert [ask(source, 1), ask(source, 2)] == [1, 1]
    assert not list(store.iterdir())


def test_a_folder_that_others_may_read_is_not_used(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "open"
    home.mkdir()
    home.chmod(0o755)
    monkeypatch.setenv(kept_answers.SWITCH, str(home))
    assert kept_answers.find_store() is None


def test_a_link_to_a_folder_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.setenv(kept_answers.SWITCH, str(tmp_path / "link"))
    assert kept_answers.find_store() is None


def test_where_nothing_can_be_written_nothing_is_kept(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv(kept_answers.SWITCH, str(tmp_path / "file" / "answers"))
    assert kept_answers.find_store() is None
    assert ask(source, 5) == 5


@pytest.mark.parametrize("chosen", [kept_answers.OFF, "answers"])
def test_none_keeps_nothing_nor_does_a_place_that_differs_between_notebooks(
    chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(kept_answers.SWITCH, chosen)
    assert kept_answers.find_store() is None


def test_without_a_choice_answers_lie_in_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(kept_answers.SWITCH, raising=False)
    monkeypatch.setattr(kept_answers, "user_cache_path", lambda *_, **__: tmp_path / "cache" / "mopsnb")
    store = kept_answers.find_store()
    assert store is not None
    assert store.parent == tmp_path / "cache" / "mopsnb" / "answers"
    assert {oct(folder.stat().st_mode & 0o777) for folder in (store, store.parent)} == {"0o700"}


def test_changed_code_and_other_libraries_have_answers_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "mopsnb"
    package.mkdir()
    for name in ("__init__.py", "metrics.yml"):
        (package / name).write_text("1", encoding="utf-8")
    monkeypatch.setattr(kept_answers, "PROGRAM", package)
    name = kept_answers.name_program.__wrapped__
    seen = [name()]
    assert name() == seen[0]
    (package / "metrics.yml").write_text("22", encoding="utf-8")
    seen.append(name())
    monkeypatch.setattr(kept_answers, "version", lambda library: "0.1")
    seen.append(name())
    assert len(set(seen)) == 3


def test_what_was_of_no_use_for_long_goes_and_then_the_oldest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, now = tmp_path / "answers", time.time()
    (home / "old").mkdir(parents=True, mode=0o700)
    home.chmod(0o700)
    (home / "new").mkdir(mode=0o700)
    for name, days in (("old/a", 36), ("new/b", 34), ("new/c", 2), ("new/d", 1)):
        (home / name).write_bytes(b"12345")
        os.utime(home / name, (now - days * 86_400,) * 2)
    monkeypatch.setenv(kept_answers.SWITCH, str(home))
    monkeypatch.setattr(kept_answers, "MOST_BYTES", 10)
    store = kept_answers.find_store()
    assert store is not None
    assert sorted(path.name for path in home.glob("*/*")) == ["c", "d"]
    assert not (home / "old").exists()


def write_folder(folder: Path, rate: str) -> None:
    """Write two deals in two currencies, and a rate."""
    folder.mkdir(exist_ok=True)
    (folder / "deal.csv").write_text(
        "deal_id,stage,amount,currency,created_at\n1,won,100,EUR,2026-01-05T12:00:00Z\n"
        "2,won,100,USD,2026-03-05T12:00:00Z\n",
        encoding="utf-8",
    )
    (folder / "fx_rate.csv").write_text(f"date,currency,rate_to_base\n2026-01-01,USD,{rate}\n", encoding="utf-8")
    time.sleep(0.02)


def total(folder: Path, as_of: date | None = None) -> str:
    """Return the sum of deals in euros, asked as metrics ask."""
    engine = Engine(folder, time_zone="UTC", currency="EUR", as_of=as_of)
    engine.prepare(["deal"])
    return str(fetch_rows(engine.connection, "SELECT SUM(amount) FROM deal", {})[0][0])


def test_a_query_is_another_one_under_another_day_and_other_rates(store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    write_folder(folder, "0.9")
    assert [total(folder), total(folder)] == ["190.000000", "190.000000"]
    assert total(folder, date(2026, 2, 1)) == "100.000000"
    write_folder(folder, "0.8")
    assert total(folder) == "180.000000"


def test_rows_that_were_kept_before_a_file_changed_answer_for_that_file_alone(store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    write_folder(folder, "0.9")
    engine = Engine(folder, time_zone="UTC", currency="EUR", as_of=None)
    engine.prepare(["deal"])
    write_folder(folder, "0.8")  # the engine keeps the rates that it read
    assert str(fetch_rows(engine.connection, "SELECT SUM(amount) FROM deal", {})[0][0]) == "190.000000"
    assert total(folder) == "180.000000"


@pytest.mark.slow
def test_a_report_from_kept_answers_is_the_same_to_the_byte(tmp_path: Path) -> None:
    found = []
    for place, keeps in (("without", "none"), ("first", "kept"), ("second", "kept")):
        out = tmp_path / place
        environment = os.environ | {"MOPSNB_ANSWERS": keeps if keeps == "none" else str(tmp_path / keeps)}
        command = [sys.executable, "-m", "mopsnb", "run", "--steps", "budget_pacing,service_levels", "--out", str(out)]
        subprocess.run(command, check=True, capture_output=True, env=environment, cwd=tmp_path)
        files = sorted(path for path in (out / "results").rglob("*") if path.is_file())
        found.append({str(path.relative_to(out)): path.read_bytes() for path in files})
    assert found[0] == found[1] == found[2]
    assert len(found[0]) > 10
    assert len(list((tmp_path / "kept").glob("*/*"))) > 30
