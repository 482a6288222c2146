"""What the first page asks of its readers: which decisions, by whom, and by when."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import site_samples as samples

from mopsnb.run.context import ExecutedStep, SiteContext
from mopsnb.run.finding_lines import gather_findings, list_all
from mopsnb.run.index import build_index
from mopsnb.run.top_goal import read_top
from mopsnb.steps import find_step


def make_finding(key: str, severity: str = "warning", **more: str) -> dict[str, str]:
    """Return a finding as a results file holds it; about a result unless told otherwise."""
    texts = {"title": f"{key} is off.", "evidence": "3 of 10.", "fix": f"Mend {key}.", "owner": "jo", "where": key}
    return {"id": key, "severity": severity, "stake": "result", "period": "", "due": ""} | texts | more


def make_context(goals: list[dict[str, str]], runs: list[dict[str, str]] | None = None, **more: Any) -> SiteContext:
    """Return a run of two steps."""
    pages = [
        ExecutedStep(find_step(slug), None, samples.make_result(slug, findings=findings), "ok")
        for slug, findings in (("goals", goals), ("service_levels", runs or []))
    ]
    return samples.make_context(pages, **({"people": {"jo": "Jo Adler"}} | more))


def decide(tmp_path: Path, context: SiteContext) -> list[tuple[str, str, str]]:
    """Return what is to be decided, by whom and by when."""
    found = build_index(tmp_path / "results", context).decisions
    return [(item.finding.fix, item.finding.owner, item.by) for item in found]


def test_a_decision_has_an_owner_and_a_day_that_comes_sooner_for_an_error(tmp_path: Path) -> None:
    context = make_context([make_finding("a")], [make_finding("b", "error")], as_of=date(2026, 9, 30))
    assert decide(tmp_path, context) == [
        ("Mend b.", "Jo Adler", "October 7, 2026"),
        ("Mend a.", "Jo Adler", "October 14, 2026"),
    ]


@pytest.mark.parametrize(
    ("due", "by"),
    [
        ("2026-10-05", "October 5, 2026"),
        ("2026-12-31", "October 14, 2026"),
        ("2026-09-30", "October 14, 2026"),
        ("2026-03-31", "October 14, 2026"),
    ],
)
def test_the_last_day_to_act_counts_where_it_comes_first_and_is_not_over(tmp_path: Path, due: str, by: str) -> None:
    context = make_context([make_finding("a", due=due)], as_of=date(2026, 9, 30))
    assert decide(tmp_path, context)[0][2] == by


def test_without_a_day_of_the_data_there_is_no_day_to_decide_by(tmp_path: Path) -> None:
    assert decide(tmp_path, make_context([make_finding("a")], as_of=None)) == [("Mend a.", "Jo Adler", "")]


def test_three_decisions_are_enough_and_the_others_stay_in_the_list(tmp_path: Path) -> None:
    index = build_index(tmp_path / "results", make_context([make_finding(name) for name in "abcd"]))
    assert [item.finding.fix for item in index.decisions] == ["Mend a.", "Mend b.", "Mend c."]
    assert [line.fix for line in index.findings] == ["Mend d."]
    assert index.state[-1].text == "4 warnings need attention."


def test_lists_and_notes_and_what_names_no_fix_are_no_decisions(tmp_path: Path) -> None:
    found = [make_finding("a", stake=""), make_finding("b", "info"), make_finding("c", fix="")]
    index = build_index(tmp_path / "results", make_context(found))
    assert list(index.decisions) == []
    assert index.is_calm


def test_nothing_is_calm_where_no_page_has_data(tmp_path: Path) -> None:
    page = ExecutedStep(find_step("goals"), None, samples.make_result("goals", status="no_data"), "no_data")
    assert not build_index(tmp_path / "results", samples.make_context([page])).is_calm


def test_what_concerns_the_same_goal_stands_under_its_first_finding() -> None:
    found = [
        make_finding("goals.behind.x", where="x"),
        make_finding("goals.smart.x", stake="", where="x"),
        make_finding("goals.behind.y", where="y"),
        make_finding("goals.no-task.x", "info", stake="", where="x"),
    ]
    lines = gather_findings(make_context(found))
    assert [[line.title, *(other.title for other in line.also)] for line in lines] == [
        ["goals.behind.x is off.", "goals.smart.x is off.", "goals.no-task.x is off."],
        ["goals.behind.y is off."],
    ]
    assert len(list_all(lines)) == 4


def test_two_faults_of_one_table_are_two_things_to_do() -> None:
    found = [make_finding("faults.a", stake="", where="deal"), make_finding("faults.b", stake="", where="deal")]
    assert [len(line.also) for line in gather_findings(make_context(found))] == [0, 0]


def test_the_same_name_on_two_pages_is_not_the_same_thing() -> None:
    lines = gather_findings(make_context([make_finding("a", where="x")], [make_finding("b", where="x")]))
    assert [len(line.also) for line in lines] == [0, 0]


@pytest.mark.parametrize(
    ("coordinator", "owner"),
    [("Tom Ash", "Tom Ash, who coordinates, as nobody is named"), ("", "nobody is named")],
)
def test_a_finding_without_an_owner_falls_to_whom_coordinates_and_says_so(coordinator: str, owner: str) -> None:
    [line] = gather_findings(make_context([make_finding("a", owner="")], coordinator=coordinator))
    assert line.owner == owner


@pytest.mark.parametrize(
    ("period", "shown"),
    [
        ("2026-09", "September 2026"),
        ("2026-07-01/2026-09-30", "Jul 1\u2009–\u2009Sep 30, 2026"),
        ("", "Sep 30, 2026"),
    ],
)
def test_a_finding_says_what_time_it_speaks_of(period: str, shown: str) -> None:
    [line] = gather_findings(make_context([make_finding("a", period=period)], as_of=date(2026, 9, 30)))
    assert line.period == shown


def write_goals(folder: Path, **changes: object) -> Path:
    """Write two running goals, each with others below it."""
    row = {"goal": "revenue", "statement": "Win more", "status": "on_track", "actual": 820.0, "unit": "count"}
    row |= {"actual_period": "2026-09", "probability": 0.984, "chance": "98%", "range": "900 to 1,100"} | changes
    other = row | {"goal": "leads", "statement": "Find more"}
    folder.mkdir()
    pd.DataFrame([other, row]).to_parquet(folder / "progress.parquet")
    parents = [
        {"goal": "leads", "key_results": 2.0, "health": "on_track", "weakest": ""},
        {"goal": "revenue", "key_results": 3.0, "health": "behind", "weakest": "Spend less a lead"},
    ]
    pd.DataFrame(parents).to_parquet(folder / "parents.parquet")
    return folder


def test_the_goal_that_most_others_serve_leads_with_its_chance_and_its_weakest_part(tmp_path: Path) -> None:
    sentence = read_top(write_goals(tmp_path / "goals"), samples.make_context())
    assert sentence is not None
    assert (sentence.text, sentence.page) == (
        "“Win more” will very likely be reached: the chance is 98%. 820 so far (September 2026); forecast 900 to 1,100 "
        "(80% interval). Of the 3 goals that serve it, the weakest is behind: Spend less a lead.",
        "goals",
    )


def test_without_a_forecast_the_top_goal_says_so(tmp_path: Path) -> None:
    sentence = read_top(write_goals(tmp_path / "goals", probability=float("nan"), chance=""), samples.make_context())
    assert sentence is not None
    assert sentence.text.startswith("“Win more” is on track, without a forecast: 820 so far (September 2026).")


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.9, "will very likely be reached"),
        (0.89, "will likely be reached"),
        (0.5, "may or may not be reached"),
        (0.33, "is unlikely to be reached"),
        (0.0, "is very unlikely to be reached"),
    ],
)
def test_a_chance_is_said_in_words_too(tmp_path: Path, probability: float, words: str) -> None:
    sentence = read_top(write_goals(tmp_path / "goals", probability=probability), samples.make_context())
    assert sentence is not None
    assert f"“Win more” {words}: the chance is" in sentence.text


def test_there_is_no_top_goal_where_none_runs_or_none_has_others_below_it(tmp_path: Path) -> None:
    assert read_top(write_goals(tmp_path / "ended", status="met"), samples.make_context()) is None
    assert read_top(tmp_path / "nothing", samples.make_context()) is None
