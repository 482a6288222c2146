"""The index of runs says how each run ended, and when the last good report is out of date."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mopsnb.run.publish import KIND
from mopsnb.run.resuming import read_kept, read_record
from mopsnb.run.retention import prune
from mopsnb.run.run_list import RunList, confirm_latest, read_runs
from mopsnb.run.runs_index import SHOWN, render_index, write_index_of_runs


def make_run(runs: Path, day: int, status: str = "ok", **record: Any) -> str:
    name = f"202611{day:02d}T080000Z-{day:08x}"
    (runs / name).mkdir(parents=True)
    failed = [{"step": "beta", "status": "failed", "error": "Too late.\nA second line."}] if status == "failed" else []
    steps = [{"step": "alpha", "status": "ok", "error": "", "parameters": {}, "parameter_sources": {}}, *failed]
    whole = {
        "kind": KIND,
        "workspace": "Test team",
        "status": status,
        "as_of": "2026-10-31",
        "steps": steps,
        "findings": {"error": 1, "warning": 2, "info": 0},
        "changes": {"new": ["a"], "persisting": [], "resolved": ["b", "c"]},
        "volatile": {"started_at": f"2026-11-{day:02d}T08:00:00+00:00", "seconds": 61.4},
    }
    (runs / name / "run.json").write_text(json.dumps(whole | record))
    return name


def lead(runs: Path, name: str) -> None:
    (runs / "latest").unlink(missing_ok=True)
    (runs / "latest").symlink_to(name)


def read_text(page: str) -> str:
    body = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_a_run_is_described_from_its_record(tmp_path: Path) -> None:
    name = make_run(tmp_path, 1)
    lead(tmp_path, name)
    assert read_runs(tmp_path).to_dict() == {
        "kind": "mopsnb runs",
        "schema_version": 1,
        "latest": name,
        "holds": "",
        "stale": "",
        "runs": [
            {
                "run": name,
                "status": "ok",
                "started_at": "2026-11-01T08:00:00+00:00",
                "seconds": 61.4,
                "as_of": "2026-10-31",
                "steps": {"ok": ["alpha"]},
                "parameters": [],
                "findings": {"error": 1, "warning": 2, "info": 0},
                "new": 1,
                "resolved": 2,
                "reason": "",
                "is_latest": True,
            }
        ],
    }


@pytest.mark.parametrize(
    ("status", "record", "words"),
    [
        ("failed", {}, "failed: beta: Too late."),
        ("failed", {"error": "The disk is full."}, "failed: The disk is full."),
        (
            "killed",
            {"error": "The run ended without a word."},
            "did not end: it was ended from outside without a word.",
        ),
        ("stopped", {}, "did not end: it was stopped."),
    ],
)
def test_a_bad_newest_run_makes_the_latest_stale(tmp_path: Path, status: str, record: dict, words: str) -> None:
    lead(tmp_path, make_run(tmp_path, 1))
    make_run(tmp_path, 2, status, **record)
    found = read_runs(tmp_path)
    assert found.stale == (
        f"The last good report is from November 1, 2026, 08:00 UTC; the run of November 2, 2026, 08:00 UTC {words}"
    )
    text = read_text(render_index(found))
    assert found.stale in text
    assert "Stale" in text


def test_a_good_or_partial_newest_run_does_not(tmp_path: Path) -> None:
    make_run(tmp_path, 1, "failed")
    lead(tmp_path, make_run(tmp_path, 2, "partial"))
    assert read_runs(tmp_path).stale == ""
    assert "Stale" not in read_text(render_index(read_runs(tmp_path)))


def test_without_a_good_run_there_is_no_good_report(tmp_path: Path) -> None:
    make_run(tmp_path, 2, "failed")
    assert read_runs(tmp_path).stale.startswith("There is no good report; the run of November 2")


def test_parameters_that_were_given_are_listed_once(tmp_path: Path) -> None:
    sources = {"as_of": "--as-of", "months": "--param", "by": "the notebook"}
    values = {"as_of": "2026-10-31", "months": 6, "by": "month"}
    one = {"step": "a", "status": "ok", "parameters": values, "parameter_sources": sources}
    two = {**one, "step": "b"}
    make_run(tmp_path, 1, steps=[one, two])
    three = {**one, "step": "c", "parameters": {"months": 24}, "parameter_sources": {"months": "the notebook"}}
    make_run(tmp_path, 2, steps=[one, two, three])
    assert [line.parameters for line in read_runs(tmp_path).lines] == [["a.months=6", "b.months=6"], ["months=6"]]


def test_what_is_no_run_of_ours_is_left_out(tmp_path: Path) -> None:
    name = make_run(tmp_path, 1)
    (tmp_path / "20261102T080000Z-0000000a").mkdir()
    (tmp_path / "mine").mkdir()
    assert [line.run for line in read_runs(tmp_path).lines] == [name]
    assert read_runs(tmp_path / "absent") == RunList("", ())


@pytest.mark.parametrize("record", [{"steps": []}, {"findings": None, "changes": None, "volatile": None}])
def test_a_poor_record_still_makes_a_line(tmp_path: Path, record: dict) -> None:
    make_run(tmp_path, 1, "killed", **record)
    assert "Killed" in read_text(render_index(read_runs(tmp_path)))


def test_the_page_and_the_file_are_replaced_whole_and_latest_is_not_touched(tmp_path: Path) -> None:
    name = make_run(tmp_path, 1)
    (tmp_path / name / "index.html").write_text("the report")
    lead(tmp_path, name)
    before = (tmp_path / "latest").lstat()
    for _ in range(2):
        found = write_index_of_runs(tmp_path)
    assert json.loads((tmp_path / "runs.json").read_text()) == found.to_dict()
    assert (tmp_path / "index.html").read_text() == render_index(found)
    assert (tmp_path / name / "index.html").read_text() == "the report"
    assert (tmp_path / "latest").lstat() == before
    names = {path.name for path in tmp_path.rglob("*") if path.name != name}
    assert names == {"latest", "index.html", "runs.json", "assets", "site.css", "site.js", "run.json"}


def test_an_index_that_cannot_be_replaced_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_run(tmp_path, 1)
    write_index_of_runs(tmp_path)
    before = (tmp_path / "index.html").read_text()
    make_run(tmp_path, 2)

    def fail(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr(Path, "replace", fail)
        write_index_of_runs(tmp_path)
    assert (tmp_path / "index.html").read_text() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_page_shows_fifty_runs_and_counts_the_others(tmp_path: Path) -> None:
    for number in range(SHOWN + 2):
        name = f"20261101T08{number:02d}00Z-{number:08x}"
        make_run(tmp_path, 1)
        (tmp_path / "20261101T080000Z-00000001").rename(tmp_path / name)
    page = render_index(read_runs(tmp_path))
    assert page.count('role="rowheader"') == SHOWN
    assert "2 older runs not shown here" in read_text(page)
    assert len(read_runs(tmp_path).to_dict()["runs"]) == SHOWN + 2


def test_names_from_a_record_are_text(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    steps = [
        {"step": evil, "status": "failed", "error": evil, "parameters": {"p": evil}, "parameter_sources": {"p": "x"}}
    ]
    make_run(tmp_path, 1, "failed", workspace=evil, steps=steps)
    assert evil not in render_index(read_runs(tmp_path))
    assert "&lt;script&gt;" in render_index(read_runs(tmp_path))


def test_a_report_that_still_holds_is_not_called_out_of_date(tmp_path: Path) -> None:
    good = make_run(tmp_path, 1)
    lead(tmp_path, good)
    make_run(tmp_path, 2, "failed")
    assert read_runs(tmp_path).stale
    assert confirm_latest(tmp_path)
    found = read_runs(tmp_path)
    assert found.stale == ""
    assert found.holds == (
        "The run of November 2, 2026, 08:00 UTC failed: beta: Too late. "
        "A later run with --if-changed found all as it was for the last good report, which still holds."
    )
    assert "out of date" not in render_index(found)
    assert found.holds in read_text(render_index(found))
    assert not confirm_latest(tmp_path)  # said already


def test_what_was_confirmed_counts_neither_for_a_newer_failure_nor_for_another_report(tmp_path: Path) -> None:
    lead(tmp_path, make_run(tmp_path, 1))
    make_run(tmp_path, 2, "failed")
    confirm_latest(tmp_path)
    make_run(tmp_path, 4, "failed")
    assert read_runs(tmp_path).stale
    assert confirm_latest(tmp_path)
    lead(tmp_path, make_run(tmp_path, 3))
    assert read_runs(tmp_path).stale


def test_nothing_is_confirmed_where_the_newest_run_is_good(tmp_path: Path) -> None:
    lead(tmp_path, make_run(tmp_path, 1))
    assert not confirm_latest(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir())[-1] == "latest"
    assert not list(tmp_path.glob(".*"))


def test_the_team_s_name_is_that_of_the_last_good_run(tmp_path: Path) -> None:
    lead(tmp_path, make_run(tmp_path, 1, workspace="Alderquay"))
    make_run(tmp_path, 2, "failed", workspace="folder")
    assert read_runs(tmp_path).name == "Alderquay"


@pytest.mark.parametrize(
    "change",
    [
        {"status": None},
        {"status": ["ok"]},
        {"status": "fine"},
        {"steps": 3},
        {"steps": ["alpha"]},
        {"volatile": ["x"]},
        {"volatile": {"seconds": "long"}},
        {"changes": 3},
        {"findings": {"error": "many"}},
        {"steps": [{"step": "alpha", "parameters": [1]}]},
    ],
    ids=str,
)
def test_a_record_that_somebody_wrote_into_is_listed_as_failed_and_stops_no_later_run(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    good, bad = make_run(tmp_path, 1), make_run(tmp_path, 2, **change)
    lead(tmp_path, good)
    found = write_index_of_runs(tmp_path)
    assert [(line.run, line.status) for line in found.lines] == [(bad, "failed"), (good, "ok")]
    assert found.stale.endswith("08:00 UTC failed: Its record cannot be read.")
    assert "Its record cannot be read." in (tmp_path / "index.html").read_text()
    assert [verdict.stays for verdict in prune(tmp_path, keep=1)] == [True, True]
    assert read_kept(tmp_path / bad, read_record(tmp_path / bad)) == {}


def test_a_folder_whose_name_is_no_time_is_no_run(tmp_path: Path) -> None:
    make_run(tmp_path, 1)
    (tmp_path / "20261101T080000Z-00000001").rename(tmp_path / "20261399T080000Z-00000001")
    assert read_runs(tmp_path).lines == []
    assert prune(tmp_path, keep=0) == []
