"""What changed since the run before, and why an old figure was restated."""

import math
from datetime import date

import analysis_samples as samples
import pandas as pd
import pytest

from mopsnb.analysis import compare_runs, describe_changes, list_figures, report_restated
from mopsnb.strategy import Goal

NAN = math.nan


def figures(goal: Goal, months: pd.DataFrame, catalogue: pd.DataFrame = samples.CATALOGUE) -> dict[str, pd.DataFrame]:
    return {"figures": list_figures(samples.make_strategy(goal), catalogue, {goal.id: months})}


def compare(now, before, goal=None):
    return compare_runs(samples.make_strategy(goal or samples.make_goal()), now, before)


def test_a_complete_month_with_another_value_is_restated_with_its_parts():
    goal = samples.make_goal(**samples.CHURN)
    before = figures(goal, samples.ratio(date(2026, 1, 1), [(40, 10_000), (30, 10_000), (1, 100)], partial=True))
    now = figures(goal, samples.ratio(date(2026, 1, 1), [(40, 10_000), (33, 10_100), (35, 10_000)]))

    (row,) = compare(now, before, goal).to_dict("records")

    assert (row["kind"], row["what"]) == ("restated", "February 2026")
    assert (row["before"], row["now"]) == ("0.3%", "0.33%")
    assert row["size"] == pytest.approx((33 / 10_100) / (30 / 10_000) - 1)
    assert "what it counts went from 30 to 33 and its base went from 10,000 to 10,100" in row["why"]


def test_a_month_that_still_ran_has_only_gone_on():
    before, now = samples.clicks(100, 50, partial=True), samples.clicks(100, 110, 20, partial=True)

    assert compare(figures(samples.make_goal(), now), figures(samples.make_goal(), before)).empty


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"scope": {"channel": "webinar"}}, "another metric or scope"),
        ({"metric": "leads"}, "another metric or scope"),
    ],
)
def test_another_metric_or_scope_explains_the_difference(changes, why):
    before, after = samples.make_goal(), samples.make_goal(**changes)

    (row,) = compare(figures(after, samples.clicks(90)), figures(before, samples.clicks(100)), after).to_dict("records")

    assert why in row["why"]


def test_another_formula_explains_the_difference():
    other = samples.CATALOGUE.assign(formula="without machines")
    goal = samples.make_goal()

    (row,) = compare(figures(goal, samples.clicks(90), other), figures(goal, samples.clicks(100))).to_dict("records")

    assert row["why"] == "The metric has another formula now: without machines."


def test_data_that_came_late_or_went_missing_is_said():
    goal = samples.make_goal()

    late = compare(figures(goal, samples.clicks(90)), figures(goal, samples.clicks(NAN)))
    gone = compare(figures(goal, samples.clicks(NAN)), figures(goal, samples.clicks(90)))

    assert late["why"].tolist() == ["The month had no data in the last run; it has some now."]
    assert gone["why"].tolist() == ["The month had data in the last run; it has none now."]


def test_statuses_and_fields_that_changed_are_listed_statuses_first():
    def progress(status, target):
        return {"progress": pd.DataFrame([{"goal": "clicks", "status": status, "target": target, "unit": "count"}])}

    found = compare(progress("behind", 150_000.0), progress("on_track", 140_000.0))

    assert found["kind"].tolist() == ["status", "goal"]
    assert found[["before", "now"]].to_numpy().tolist() == [["on track", "behind"], ["140,000", "150,000"]]
    text = describe_changes(found)
    assert "from on track to behind" in text
    assert "The strategy file changed: target of" in text


def test_the_largest_change_comes_first_and_each_goal_is_one_note():
    goal = samples.make_goal(owner="maya")
    found = compare(figures(goal, samples.clicks(101, 150, 102)), figures(goal, samples.clicks(100, 100, 100)), goal)

    assert found["what"].tolist() == ["February 2026", "March 2026", "January 2026"]
    (note,) = report_restated(found, samples.make_strategy(goal))
    assert (note.id, note.severity, note.owner) == ("goals.restated.clicks", "info", "maya")
    assert note.evidence.startswith("February 2026: 100 is now 150.")
    assert "3 older monthly figures of 1 goal were restated" in describe_changes(found)


def test_without_an_earlier_run_nothing_changed_and_nothing_is_said():
    goal = samples.make_goal()
    now = figures(goal, samples.clicks(90)) | {"progress": pd.DataFrame([{"goal": "clicks", "status": "behind"}])}

    for before in ({}, now, {"figures": pd.DataFrame({"goal": ["clicks"]})}):
        found = compare(now, before)
        assert found.empty
        assert describe_changes(found) == ""
        assert report_restated(found, samples.make_strategy(goal)) == []
