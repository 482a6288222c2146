"""The driver tree asks of each step what the team's own rates say."""

from datetime import date

import analysis_samples as samples
import numpy as np
import pandas as pd
import pytest

from mopsnb.analysis import track_goals
from mopsnb.analysis.tree import DRAWS, grow_goal_tree, grow_tree, list_steps
from mopsnb.strategy import Strategy

YEAR = {"start": date(2026, 1, 1), "deadline": date(2026, 12, 31), "baseline": 100, "target": 120}
STEPS = ("total_clicks", "leads", "spend")
SOURCE = np.random.default_rng(6)


def make(clicks, leads, spend):
    start = date(2025, 1, 1)
    pairs = {"total_clicks": clicks, "leads": leads, "spend": spend}
    return pd.concat([samples.additive(start, values, metric=name) for name, values in pairs.items()])


def test_each_step_is_the_goal_times_the_rates_between_them():
    """By hand: 1,200 clicks from 240 leads from 6,000 of spend; 2,000 clicks ask for 400 leads and 10,000."""
    tree = grow_tree(make([100] * 12, [20] * 12, [500] * 12), samples.CATALOGUE, 2000, steps=STEPS).set_index("metric")

    assert tree["needed"].to_dict() == pytest.approx({"total_clicks": 2000, "leads": 400, "spend": 10_000})
    assert tree["rate"].to_dict() == pytest.approx({"total_clicks": np.nan, "leads": 0.2, "spend": 25}, nan_ok=True)
    assert tree["above"].to_dict() == {"total_clicks": "", "leads": "total_clicks", "spend": "leads"}
    assert tree["times"].tolist() == pytest.approx([2000 / 1200] * 3)
    assert tree[["low", "high"]].loc["leads"].tolist() == pytest.approx([400, 400])
    assert tree.loc["leads", "reading"] == "Leads: 400 at the rates of the last 12 months (400 to 400)."


def test_the_range_is_that_of_the_months_drawn_anew():
    """The same by a plain loop with draws of its own: the limits agree within the chance of two sets of draws."""
    clicks, leads = SOURCE.normal(100, 20, 12), SOURCE.normal(20, 6, 12)
    tree = grow_tree(make(clicks, leads, [1] * 12), samples.CATALOGUE, 1000, steps=STEPS).set_index("metric")

    asked = []
    for _ in range(DRAWS):
        chosen = SOURCE.choice(12, 12)
        asked.append(1000 * sum(leads[place] for place in chosen) / sum(clicks[place] for place in chosen))

    assert tree.loc["leads", ["low", "high"]].tolist() == pytest.approx(np.quantile(asked, [0.1, 0.9]), rel=0.03)
    assert tree.loc["leads", "low"] < tree.loc["leads", "needed"] < tree.loc["leads", "high"]


def test_a_step_without_data_is_left_out():
    monthly = make([100] * 12, [20] * 12, [500] * 12)

    tree = grow_tree(monthly[monthly["metric"] != "leads"], samples.CATALOGUE, 2000, steps=STEPS)

    assert tree["metric"].tolist() == ["total_clicks", "spend"]
    assert tree["above"].tolist() == ["", "total_clicks"]


def test_only_the_latest_twelve_months_count():
    tree = grow_tree(make([1] * 6 + [100] * 12, [20] * 18, [500] * 18), samples.CATALOGUE, 1000, steps=STEPS)

    assert tree["needed"].tolist()[1] == pytest.approx(200)


@pytest.mark.parametrize("values", [[100] * 5, [0] * 12])
def test_too_few_months_and_a_goal_never_reached_give_no_tree(values):
    assert grow_tree(make(values, values, values), samples.CATALOGUE, 1000, steps=STEPS).empty


def test_the_goal_that_stands_highest_in_the_chain_is_the_root_and_its_length_counts():
    """Leads of half a year: 120 asked of a pace of 20 a month is as much as 120."""
    goals = [
        samples.Goal(id="clicks", metric="total_clicks", statement="Clicks", **YEAR),
        samples.Goal(id="scoped", metric="leads", statement="Scoped", scope={"channel": "email"}, **YEAR),
        samples.Goal(id="leads", metric="leads", statement="Leads", **YEAR | {"deadline": date(2026, 6, 30)}),
    ]
    months = make([100] * 13, [20] * 13, [500] * 13)
    history = dict(list(months.groupby("metric")))
    by_goal = {goal.id: history[goal.metric] for goal in goals}
    progress = track_goals(Strategy(goals=goals), samples.CATALOGUE, by_goal, date(2026, 1, 31))

    tree = grow_goal_tree(progress, history, samples.CATALOGUE).set_index("metric")

    assert tree.index.tolist() == ["leads", "spend"]
    assert set(tree["goal"]) == {"leads"}
    assert tree["times"].tolist() == pytest.approx([1.0, 1.0])
    assert tree.loc["spend", "rate_text"] == "Marketing spend ÷ Leads: 25.00 EUR"
    assert grow_goal_tree(progress.iloc[:1], history, samples.CATALOGUE).empty


def test_a_step_that_a_goal_follows_already_is_asked_for_under_its_name():
    goals = [samples.Goal(id="a", metric="leads", scope={"channel": "x"}), samples.Goal(id="b", metric="revenue_won")]

    names = {goal.metric: goal.id for goal in list_steps(goals)}

    assert (names["revenue_won"], names["leads"], names["spend"]) == ("b", "leads", "spend")
