"""Months that lack days of data are named where a goal's figure rests on them."""

from datetime import date

import analysis_samples as samples
import pandas as pd
import pytest

from mopsnb.analysis import note_missing, track_goals

AS_OF = date(2026, 9, 30)


def track(goal):
    months = samples.additive(date(2025, 1, 1), [100.0 + step for step in range(21)])
    return track_goals(samples.make_strategy(goal), samples.CATALOGUE, {goal.id: months}, AS_OF)


def lack(*months, metric="total_clicks"):
    return pd.DataFrame(
        [
            {"metric": metric, "period_start": pd.Timestamp(f"{month}-01"), "days": 3, "note": "no rows in email_event"}
            for month in months
        ]
    )


def note(goal, missing):
    tracked = track(goal)
    found = note_missing(tracked, missing)["reason"].iloc[0]
    assert found.startswith(tracked["reason"].iloc[0])
    return found.removeprefix(tracked["reason"].iloc[0]).strip()


def test_months_of_the_figure_and_of_the_year_before_are_named():
    goal = samples.make_goal(scope={})
    assert note(goal, lack("2026-07", "2025-03")) == (
        "July 2026 lacks 3 days of data (no rows in email_event): the figure may come from missing data. "
        "March 2025 lacks 3 days of data (no rows in email_event): the figure of a year earlier may come from missing "
        "data."
    )


@pytest.mark.parametrize("missing", [lack("2025-11"), lack("2026-07", metric="leads"), lack("2026-07").iloc[:0]])
def test_other_months_and_other_metrics_change_nothing(missing):
    assert note(samples.make_goal(scope={}), missing) == ""


def test_many_months_are_named_up_to_three():
    told = note(samples.make_goal(scope={}), lack(*(f"2026-{month:02d}" for month in range(1, 8))))
    assert [month in told for month in ("April 2026", "May 2026", "June 2026", "July 2026")] == [
        False,
        True,
        True,
        True,
    ]


def test_a_goal_without_a_figure_keeps_its_reason():
    assert note(samples.make_goal(start=date(2026, 10, 1), deadline=date(2026, 12, 31)), lack("2026-07")) == ""
