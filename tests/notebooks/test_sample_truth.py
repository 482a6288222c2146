"""The sample report finds what was planted in the sample company, and shows nobody's address."""

from __future__ import annotations

import csv
import json
from collections import Counter

import pandas as pd
import pytest

import mopsnb
from mopsnb import analysis
from mopsnb.analysis import pacing, scoring
from mopsnb.assets import folder

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def truth() -> dict:
    return json.loads((folder("data/samples") / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def ws() -> mopsnb.workspace.Workspace:
    return mopsnb.open()


@pytest.fixture(scope="module")
def leads(ws) -> scoring.LeadTable:
    return scoring.prepare_leads(ws.leads(), ws.strategy.lead_scoring, as_of=ws.as_of)


@pytest.fixture(scope="module")
def scores(leads) -> scoring.Scoring:
    return scoring.score_leads(leads)


def test_the_planted_overspend_is_flagged_in_its_area(ws) -> None:
    areas = pacing.pace_budget(ws.spend(), ws.plan(), ws.strategy, ws.as_of)
    found = pacing.find_deviations([areas], "USD")
    assert areas["id"].iloc[0] == "social_ads"
    assert any(item.where == "social_ads" and item.severity in ("warning", "error") for item in found)


def test_the_needs_and_goals_that_were_left_alone_are_found(ws, truth) -> None:
    tasks = ws.table("task")
    needs = {item.where for item in analysis.check_needs(ws.strategy, ws.as_of) if item.id.startswith("needs.unserved")}
    assert needs == set(truth["needs"]["unserved"])
    trace = analysis.trace_goals(ws.strategy, ws.catalogue, tasks)
    found = analysis.check_trace(ws.strategy, trace, tasks, ws.as_of)
    assert {item.where for item in found} == set(truth["needs"]["goals_without_tasks"])


def test_each_goal_has_the_tasks_that_a_plain_count_gives(ws) -> None:
    with (folder("data/samples") / "data" / "task.csv").open(encoding="utf-8", newline="") as file:
        counted = Counter(row["goal"] for row in csv.DictReader(file))
    trace = analysis.trace_goals(ws.strategy, ws.catalogue, ws.table("task")).set_index("goal")["tasks"]
    leaves = {goal.id for goal in ws.strategy.goals} - {goal.parent for goal in ws.strategy.goals}
    assert {name: trace[name] for name in leaves} == {name: counted[name] for name in leaves}


def test_spend_on_the_page_equals_a_plain_sum_over_the_files(ws) -> None:
    data = folder("data/samples") / "data"
    ads = pd.read_parquet(data / "ad_daily.parquet")["spend"].sum()
    other = pd.read_csv(data / "spend_actual.csv", dtype=str)
    other = other[(other["status"] != "committed") & (other["date"] <= "2026-09-30")]["amount"].astype(float).sum()
    total = ws.spend()
    assert total.loc[~total["is_committed"], "amount"].sum() == pytest.approx(float(ads) + other, abs=0.01)


def test_the_planted_leak_is_set_aside(leads, truth) -> None:
    column = truth["leak"]["column"] if isinstance(truth["leak"], dict) else truth["leak"]
    assert column in leads.excluded["column"].tolist()
    assert leads.excluded["column"].iloc[0] == column


def test_every_planted_driver_is_found_and_no_noise_column_is_on_the_card(scores, truth) -> None:
    on_card = set(scores.points["attribute"])
    assert set(truth["conversion"]["log_odds"]) <= on_card
    assert not on_card & {str(item) for item in truth["conversion"]["noise_columns"]}


def test_points_add_up_to_each_score_exactly(leads, scores) -> None:
    points = scores.points.set_index(["attribute", "value"])["points"]
    assert points.min() >= 0
    low = points.groupby(level=0).min().sum()
    high = points.groupby(level=0).max().sum()
    assert low <= scores.scores["score"].min()
    assert scores.scores["score"].max() <= high


def test_the_call_list_leaves_out_whom_nobody_may_call(ws, leads, scores) -> None:
    calls = scoring.list_calls(leads, scores)
    called = ws.leads().set_index("contact_id").loc[calls["contact_id"]]
    assert len(calls) == 20
    assert not called["email_opt_out"].fillna(False).any()
    assert not called["is_deleted"].fillna(False).any()
    assert called["merged_into"].isna().all()
    assert not called["is_converted"].fillna(False).any()
    assert "email" not in calls.columns
