"""Headlines of metrics and goals."""

import math
from dataclasses import fields
from datetime import date

import analysis_samples as samples
import pandas as pd

from mopsnb.analysis import lead_with_goals, lead_with_metrics, summarize_metrics, track_goals
from mopsnb.results import Headline

MARCH_END = date(2026, 3, 31)


def test_headline_frames_have_the_columns_of_a_headline():
    names = [field.name for field in fields(Headline)]
    progress = track_goals(samples.make_strategy(), samples.CATALOGUE, {}, None)
    summary = summarize_metrics(samples.clicks(), samples.CATALOGUE)

    for frame in (lead_with_goals(progress), lead_with_metrics(summary, samples.CATALOGUE)):
        more = {"base", "interval", "signal", "usual_low", "usual_high", "target_span"}
        assert [name for name in frame.columns if name not in more] == names


def test_metrics_lead_in_the_order_asked_for_and_absent_ones_are_left_out():
    frames = [samples.clicks(1, 2, 3), samples.churn((1, 100), (2, 100), (3, 100))]
    summary = summarize_metrics(pd.concat(frames), samples.CATALOGUE)

    frame = lead_with_metrics(summary, samples.CATALOGUE, ["email_churn_rate", "spend", "total_clicks"])

    assert frame["name"].tolist() == ["email_churn_rate", "total_clicks"]
    assert frame["period"].tolist() == ["2026-03", "2026-03"]
    assert frame["n"].tolist()[0] == 100
    assert math.isnan(frame["n"].tolist()[1])
    assert frame["formula"].tolist()[0] == "numerator ÷ denominator"
    assert frame["signal"].tolist() == ["", ""]
    assert lead_with_metrics(summary, samples.CATALOGUE, ["spend"])["name"].tolist() == [summary["metric"].tolist()[0]]


def test_goals_lead_with_how_many_do_well_of_those_that_can_be_judged():
    goals = [
        samples.make_goal(id="good", baseline=100, target=100_000),
        samples.make_goal(id="bad"),
        samples.make_goal(id="blank", baseline=None),
        samples.make_goal(id="later", start=date(2027, 1, 1), deadline=date(2027, 12, 31)),
    ]
    history = {goal.id: samples.clicks(10_000, 10_000, 10_000) for goal in goals}

    frame = lead_with_goals(track_goals(samples.make_strategy(*goals), samples.CATALOGUE, history, MARCH_END))

    assert frame["name"].tolist() == ["goals_on_track", "good", "bad", "blank", "later"]
    assert (frame["value"].tolist()[:3], frame["n"].tolist()[0]) == ([1.0, 30_000.0, 30_000.0], 2.0)
    assert frame["status"].tolist() == ["", "on_track", "behind", "not_defined", "not_started"]
    assert frame["formula"].tolist() == [
        "goals that are on track or met, of those that have started and have data",
        *["Total clicks from email: total since the start"] * 2,
        "not worked out: the goal is not defined yet",
        "Total clicks from email: not worked out: the goal has not started yet",
    ]


def test_no_formula_of_a_goal_shows_a_name_that_the_catalogue_does_not_know():
    goals = [samples.make_goal(id="fame", metric="brand_awareness"), samples.make_goal(id="bad")]
    history = {"bad": samples.clicks(10_000)}

    frame = lead_with_goals(track_goals(samples.make_strategy(*goals), samples.CATALOGUE, history, MARCH_END))

    assert not frame["formula"].str.contains("_").any()


def test_goals_that_cannot_be_judged_leave_the_count_missing_and_not_zero():
    progress = track_goals(samples.make_strategy(samples.make_goal(baseline=None)), samples.CATALOGUE, {}, None)

    assert math.isnan(lead_with_goals(progress)["value"].tolist()[0])
