"""The goals of the sample company ended as their intervals had allowed, and stand as a hand would say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from goal_outcomes import list_endings

import mopsnb
from mopsnb import analysis
from mopsnb.assets import folder
from mopsnb.sample.generation import generate

pytestmark = pytest.mark.slow
SAMPLE = folder("data/samples")


@pytest.fixture(scope="module")
def ws() -> mopsnb.workspace.Workspace:
    return mopsnb.open()


@pytest.fixture(scope="module")
def truth() -> dict:
    return json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))["goals"]


def track(ws, shape="linear"):
    return analysis.track_goals(ws.strategy, ws.catalogue, ws.goal_history(), ws.as_of, shape=shape).set_index("goal")


def test_the_planted_outcomes_lie_inside_their_intervals_as_often_as_promised(ws) -> None:
    """Of ten goals 80% are eight; chance alone gives fewer than six in 3 of 100 such companies."""
    endings = list_endings(ws, Path(SAMPLE))
    assert len(endings) == 10
    assert sum(ending.is_covered for ending in endings) >= 6
    sure = [ending for ending in endings if not 0.05 < ending.probability < 0.95]
    assert sure
    assert all(ending.is_reached == (ending.probability > 0.5) for ending in sure)


@pytest.mark.soak
def test_over_many_companies_intervals_hold_and_probabilities_tell_more_than_the_usual_share(tmp_path) -> None:
    """Twelve companies, 120 goals. The Brier score of a forecast that always says the usual share is its variance."""
    endings = []
    for seed in range(1, 13):
        generate(tmp_path / str(seed), seed=seed)
        endings += list_endings(mopsnb.open(str(tmp_path / str(seed))), tmp_path / str(seed))
    said = np.array([ending.probability for ending in endings])
    came = np.array([ending.is_reached for ending in endings], dtype=float)

    assert len(endings) == 120
    assert 0.75 <= np.mean([ending.is_covered for ending in endings]) <= 0.92
    assert np.mean((said - came) ** 2) < 0.8 * came.var()
    assert abs(said.mean() - came.mean()) < 0.15


def test_each_figure_to_date_is_what_the_truth_says_and_its_path_is_straight(ws, truth) -> None:
    """The share of days by hand: of 2026, 273 of 365 have passed; a rate stands at the middle of its months."""
    found = track(ws)
    for name in ("revenue", "new-customers", "email-clicks", "qualified-leads"):
        assert found.loc[name, "actual"] == pytest.approx(truth[name]["actual_to_date"], rel=1e-6)
        assert found.loc[name, "expected"] == pytest.approx(truth[name]["target"] * 273 / 365)
    for name in ("email-churn", "click-rate", "cost-per-lead", "return-on-ad-spend", "social-cost"):
        assert found.loc[name, "actual"] == pytest.approx(truth[name]["actual_to_date"], rel=1e-6)
        middles = [181 + 31 / 2, 212 + 31 / 2, 243 + 30 / 2]  # of July, August and September, in days of the year
        share = sum(middles) / 3 / 365
        goal = truth[name]
        assert found.loc[name, "expected"] == pytest.approx(
            goal["baseline"] + (goal["target"] - goal["baseline"]) * share
        )


def test_a_seasonal_path_follows_the_shares_of_the_months_in_the_years_before(ws, truth) -> None:
    """By plain sums: the share of each month in the twelve months before the start, and in the twelve before those."""
    history = ws.goal_history()["email-clicks"].set_index("period_start")["value"]
    years = [history["2024-01":"2024-12"], history["2025-01":"2025-12"]]
    share = np.mean([year.iloc[:9].sum() / year.sum() for year in years])

    found = track(ws, "seasonal").loc["email-clicks"]

    assert found["shape"] == "seasonal"
    assert found["expected"] == pytest.approx(truth["email-clicks"]["target"] * share)


def test_by_default_the_goals_with_a_confirmed_season_follow_it_and_the_others_are_straight(ws, truth) -> None:
    """Revenue and qualified leads, by plain sums over 2024 and 2025."""
    found = track(ws, "auto")
    for name in ("revenue", "qualified-leads"):
        history = ws.goal_history()[name].set_index("period_start")["value"]
        years = [history["2024-01":"2024-12"], history["2025-01":"2025-12"]]
        share = np.mean([year.iloc[:9].sum() / year.sum() for year in years])
        assert found.loc[name, "shape"] == "seasonal"
        assert found.loc[name, "expected"] == pytest.approx(truth[name]["target"] * share)
    for name in ("new-customers", "email-clicks"):
        assert found.loc[name, "shape"] == "linear"
        assert found.loc[name, "expected"] == pytest.approx(truth[name]["target"] * 273 / 365)


@pytest.mark.soak
def test_the_path_chosen_by_default_lies_nearer_to_how_goals_end_than_a_straight_one(tmp_path) -> None:
    """Ten companies: the part of the change achieved after nine months, beside the part of it that came at the end."""
    away = []
    for seed in range(1, 11):
        generate(tmp_path / str(seed), seed=seed)
        ws = mopsnb.open(str(tmp_path / str(seed)))
        ends = json.loads((tmp_path / str(seed) / "truth.json").read_text(encoding="utf-8"))["goals"]
        chosen, straight = track(ws, "auto"), track(ws)
        running = chosen[(chosen["shape"] == "seasonal") & (chosen["days_left"] > 0) & chosen["actual"].notna()]
        for name in running.index:
            end = ends[name]
            came = (end["outcome"] - end["baseline"]) / (end["target"] - end["baseline"])
            away.append([abs(rows.loc[name, "achieved"] - came) for rows in (chosen, straight)])
    mean = np.mean(away, axis=0)

    assert len(away) >= 20
    assert mean[0] < 0.75 * mean[1]


def test_a_parent_is_the_plain_mean_of_its_key_results_and_as_healthy_as_the_weakest(ws) -> None:
    found = track(ws)
    parents = analysis.roll_up_goals(ws.strategy, found.reset_index()).set_index("goal")
    children = [goal.id for goal in ws.strategy.goals if goal.parent == "revenue"]
    achieved = [min(1.0, max(0.0, found.loc[child, "achieved"])) for child in children]

    assert len(children) == 3
    assert parents.loc["revenue", "rolled_up"] == pytest.approx(sum(achieved) / 3)
    assert "behind" in set(found.loc[children, "status"])
    assert parents.loc["revenue", "health"] == "behind"


def test_the_driver_tree_is_the_goal_times_the_sums_of_the_last_twelve_months(ws) -> None:
    """Plain sums over October 2025 to September 2026: what each step brought for each dollar won."""
    steps = ws.goal_history(analysis.list_steps())
    tree = analysis.grow_goal_tree(track(ws).reset_index(), steps, ws.catalogue).set_index("metric")
    sums = {name: frame.loc[frame["period_start"] >= "2025-10-01", "value"].sum() for name, frame in steps.items()}

    assert tree.index.tolist() == ["revenue_won", "new_customers", "marketing_qualified_leads", "leads", "spend"]
    for name, row in tree.iterrows():
        assert row["needed"] == pytest.approx(10_505_712 * sums[name] / sums["revenue_won"], rel=1e-6)
        assert row["low"] <= row["needed"] <= row["high"]
