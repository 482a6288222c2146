"""Findings are compared with the last good run of the workspace, and with nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mopsnb.run.history import compare, merge_findings, read_previous
from mopsnb.run.publish import KIND


def result(*ids: str, severity: str = "warning") -> dict:
    return {"findings": [{"id": name, "severity": severity, "title": name} for name in ids]}


def test_findings_are_new_persisting_or_resolved() -> None:
    changes = compare({"metrics": result("a", "b")}, {"metrics": result("b", "c")})
    assert changes.to_dict() == {"new": ["c"], "persisting": ["b"], "resolved": ["a"]}
    assert changes.has_previous


def test_without_a_previous_run_nothing_is_new() -> None:
    changes = compare({}, {"metrics": result("a")})
    assert changes.to_dict() == {"new": [], "persisting": ["a"], "resolved": []}
    assert not changes.has_previous


def test_a_step_that_did_not_run_resolves_nothing() -> None:
    assert compare({"goals": result("a"), "metrics": result("b")}, {"metrics": result("b")}).resolved == []


def test_a_finding_of_a_step_that_is_new_to_the_report_is_not_new() -> None:
    assert compare({"metrics": result()}, {"metrics": result(), "goals": result("a")}).new == []


def test_a_finding_of_two_steps_counts_once_and_is_resolved_when_both_are_rid_of_it() -> None:
    before = {"metrics": result("a"), "goals": result("a")}
    assert compare(before, {"metrics": result(), "goals": result("a")}).to_dict()["persisting"] == ["a"]
    assert compare(before, {"metrics": result()}).to_dict()["resolved"] == []
    assert compare(before, {"metrics": result(), "goals": result()}).to_dict()["resolved"] == ["a"]


def test_findings_are_merged_with_the_most_severe_first() -> None:
    merged = merge_findings({"x": result("b", severity="info"), "y": result("c"), "z": result("a", severity="error")})
    assert [item["id"] for item in merged] == ["a", "c", "b"]


def test_of_one_severity_what_is_at_stake_for_people_stands_before_lists_and_files() -> None:
    results = {"goals": result("a", "b", severity="warning"), "metrics": result("c", severity="error")}
    results["goals"]["findings"][1]["stake"] = "result"
    assert [item["id"] for item in merge_findings(results)] == ["c", "b", "a"]


def test_what_a_step_lists_first_stands_before_the_details_of_another() -> None:
    merged = merge_findings({"goals": result("z", "y", "x"), "metrics": result("b", "a")})
    assert [item["id"] for item in merged] == ["z", "b", "y", "a", "x"]


def test_a_finding_of_two_steps_takes_the_better_of_its_places() -> None:
    merged = merge_findings({"goals": result("c", "shared"), "metrics": result("shared")})
    assert [item["id"] for item in merged] == ["c", "shared"]
    merged = merge_findings({"goals": result("c", "b", "shared"), "metrics": result("shared")})
    assert [item["id"] for item in merged] == ["c", "shared", "b"]


def make_run(folder: Path, files: dict[str, str], kind: str = KIND) -> Path:
    (folder / "results").mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"kind": kind}))
    for name, text in files.items():
        (folder / "results" / name).write_text(text)
    return folder


def test_results_are_read_from_the_last_good_run(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", {"metrics.json": json.dumps(result("a"))})
    (tmp_path / "latest").symlink_to("run")
    assert read_previous(tmp_path / "latest") == read_previous(run) == {"metrics": result("a")}


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"findings": [{}]}', '{"findings": [{"id": "a", "severity": "bad"}]}']
)
def test_a_damaged_result_is_no_history(tmp_path: Path, text: str) -> None:
    run = make_run(tmp_path / "run", {"metrics.json": text, "goals.json": json.dumps(result("a"))})
    assert read_previous(run) == {"goals": result("a")}


def test_there_is_no_history_without_a_run(tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to("nowhere")
    other = make_run(tmp_path / "other", {"metrics.json": json.dumps(result("a"))}, kind="of another program")
    assert [read_previous(place) for place in (None, tmp_path / "absent", tmp_path / "dangling", other)] == [{}] * 4
