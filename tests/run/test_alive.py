"""The sign of life of a run, and what becomes of one whose process is gone."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from run_samples import read_tree

from mopsnb.run.aftermath import file_dead_runs
from mopsnb.run.alive import KIND, LOCK, Alive, WitnessedProgress, describe_process, is_dead, read_alive
from mopsnb.run.progress import Progress
from mopsnb.run.publish import ALIVE, KEPT
from mopsnb.run.unfinished import Ending, write_unfinished

NAME = "20261122T080000Z-abcdef00"


def make_facts(**more: object) -> dict:
    about = [
        {"step": slug, "title": slug.title(), "question": "What?", "parameters": {"months": 24}}
        for slug in ("goals", "metrics", "late")
    ]
    facts = {"started_at": "2026-11-22T08:00:00+00:00", "name": NAME, "is_filed": True, "has_latest": True}
    return facts | {"workspace": "Ann & <b>Co</b>", "is_sample": False, "about": about} | more


def make_building(runs: Path, *, name: str = NAME, **more: object) -> Path:
    """Make the folder of a run that was killed while the step metrics ran; goals was complete."""
    building = runs / f".{name}.building-00112233"
    (building / "results" / "goals").mkdir(parents=True)
    Alive.begin(building, make_facts(name=name), ["goals", "metrics", "late"]).end()
    own = {"kind": KIND, "pid": 1, "process": "gone", "host": socket.gethostname()}
    steps = {"steps": {"goals": "ok", "metrics": "running", "late": "waiting"}}
    (building / ALIVE).write_text(json.dumps(make_facts(name=name) | own | steps | more), encoding="utf-8")
    finding = {"id": "goals.high", "severity": "warning", "title": "High"}
    result = {"step": "goals", "status": "ok", "findings": [finding], "tables": {"rows": "goals/rows.parquet"}}
    (building / "results" / "goals.json").write_text(json.dumps(result), encoding="utf-8")
    (building / "results" / "goals" / "rows.parquet").write_bytes(b"rows")
    (building / "goals.html").write_text("<p>goals</p>", encoding="utf-8")
    (building / "results" / "metrics.json").write_text("{", encoding="utf-8")
    (building / KEPT).write_text("{}", encoding="utf-8")
    (building / ".metrics.html.partial").write_text("half", encoding="utf-8")
    return building


def test_the_sign_tells_who_works_and_how_far_and_goes_before_the_report_is_published(tmp_path: Path) -> None:
    alive = Alive.begin(tmp_path, make_facts(), ["goals", "metrics"])
    progress = WitnessedProgress(Progress(), alive)
    progress.begin("goals", 5)
    facts = read_alive(tmp_path)
    assert (facts["pid"], facts["process"]) == (os.getpid(), describe_process(os.getpid()))
    assert facts["steps"] == {"goals": "running", "metrics": "waiting"}
    progress.finish("goals", "ok", 1.0)
    assert read_alive(tmp_path)["steps"]["goals"] == "ok"
    assert not is_dead(tmp_path)
    alive.end()
    progress.finish("metrics", "ok", 1.0)  # too late, and no reason to write it anew
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_ended_is_told_from_one_that_got_its_number(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    described = describe_process(process.pid)
    assert described
    process.communicate(b"\n")
    assert describe_process(process.pid) == ""
    Alive.begin(tmp_path, make_facts(), ["goals"]).end()
    for pid in (process.pid, os.getpid()):  # nobody has the number; another process got it
        sign = {"kind": KIND, "pid": pid, "process": described, "host": socket.gethostname()}
        (tmp_path / ALIVE).write_text(json.dumps(sign))
        assert is_dead(tmp_path)


def test_a_run_of_another_machine_is_judged_by_its_lock(tmp_path: Path) -> None:
    alive = Alive.begin(tmp_path, make_facts(), ["goals"])
    (tmp_path / ALIVE).write_text(json.dumps(alive.facts | {"host": "elsewhere", "pid": 1, "process": "other"}))
    assert not is_dead(tmp_path)
    alive.end()
    (tmp_path / LOCK).touch()
    (tmp_path / ALIVE).write_text(json.dumps(alive.facts | {"host": "elsewhere", "pid": 1, "process": "other"}))
    assert is_dead(tmp_path)


def test_a_folder_without_a_sign_is_left_alone_until_it_is_old(tmp_path: Path) -> None:
    building = tmp_path / f".{NAME}.building-00112233"
    building.mkdir()
    assert file_dead_runs(tmp_path) == []
    assert building.is_dir()
    os.utime(building, (0, 0))
    assert file_dead_runs(tmp_path) == []
    assert not building.exists()


def test_a_killed_run_is_filed_with_what_was_complete_and_says_how_far_it_was(tmp_path: Path) -> None:
    make_building(tmp_path)
    folder = tmp_path / NAME
    assert file_dead_runs(tmp_path) == [folder]
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert (record["status"], record["cause"]) == ("killed", "killed")
    assert [(step["step"], step["status"], step["cause"], step["result"]) for step in record["steps"]] == [
        ("goals", "ok", "", "results/goals.json"),
        ("metrics", "failed", "killed", None),
        ("late", "not_run", "", None),
    ]
    assert record["findings"] == {"error": 1, "warning": 1, "info": 0}
    assert record["steps"][0]["parameters"] == {"months": 24}
    assert record["volatile"]["seconds"] >= 0
    assert set(read_tree(folder)) == {
        KEPT, "index.html", "goals.html", "metrics.html", "late.html", "assets/site.css",
        "results/goals.json", "results/goals/rows.parquet",
    }  # fmt: skip
    assert (folder / "goals.html").read_text() == "<p>goals</p>"
    assert "It was running." in (folder / "metrics.html").read_text(encoding="utf-8")
    assert "It had not started." in (folder / "late.html").read_text(encoding="utf-8")
    assert list(tmp_path.glob(".*")) == []


def test_what_is_filed_escapes_names_and_runs_no_script(tmp_path: Path) -> None:
    make_building(tmp_path)
    file_dead_runs(tmp_path)
    for name in ("index", "metrics"):
        page = (tmp_path / NAME / f"{name}.html").read_text(encoding="utf-8")
        assert "Ann &amp; &lt;b&gt;Co&lt;/b&gt;" in page
        assert "<b>" not in page
        assert "<script" not in page
        assert "default-src &#39;none&#39;" in page
        assert page.count("<h1>") == 1


def test_a_killed_run_with_a_folder_of_its_own_leaves_nothing(tmp_path: Path) -> None:
    make_building(tmp_path, name="report", is_filed=False)
    (tmp_path / ".other.building-00112233").mkdir()
    assert file_dead_runs(tmp_path, "report") == []
    assert [path.name for path in tmp_path.iterdir()] == [".other.building-00112233"]


@pytest.mark.parametrize("damage", ["", "[]", '{"kind": "mopsnb run at work"'])
def test_a_sign_that_cannot_be_read_files_nothing(tmp_path: Path, damage: str) -> None:
    building = make_building(tmp_path)
    (building / ALIVE).write_text(damage)
    assert file_dead_runs(tmp_path) == []
    assert building.is_dir()


def test_a_full_disk_makes_room_before_it_says_so(tmp_path: Path) -> None:
    building = make_building(tmp_path)
    ending = Ending("failed", "output", "No room.", datetime(2026, 11, 22, 8, 1, tzinfo=UTC))
    write_unfinished(building, read_alive(building), ending)
    record = json.loads((building / "run.json").read_text(encoding="utf-8"))
    assert [step["status"] for step in record["steps"]] == ["failed", "failed", "not_run"]
    assert record["volatile"]["seconds"] == 60
    assert set(read_tree(building)) == {"index.html", "goals.html", "metrics.html", "late.html", "assets/site.css"}
