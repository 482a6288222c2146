"""Targets proposed for a goal's own period and for the next, each with its probability."""

from datetime import date

import analysis_samples as samples
import numpy as np
import pytest

from mopsnb.analysis import forecast

AS_OF, FIRST = date(2026, 9, 30), date(2023, 1, 1)
SOURCE = np.random.default_rng(12)
CLICKS = np.round(1000 * np.exp(SOURCE.normal(0, 0.08, 45))).tolist()
GOAL = samples.Goal(
    id="clicks",
    metric="total_clicks",
    statement="More clicks",
    baseline=11_000,
    target=12_000,
    start=date(2026, 1, 1),
    deadline=date(2026, 12, 31),
)


def propose(goal=GOAL, values=CLICKS):
    frames = {goal.id: samples.additive(FIRST, values)}
    forecasts = forecast.forecast_goals([goal], samples.CATALOGUE, frames, AS_OF)
    return forecast.propose_for_goals([goal], forecasts, frames).set_index("period"), forecasts


def test_each_target_is_reached_in_the_share_of_futures_that_it_names():
    """By plain counting: 2026 adds three months of the futures to nine that came, 2027 is twelve months of them."""
    found, forecasts = propose()
    draws = forecasts["clicks"].outlook.draws
    ends = {"this": sum(CLICKS[36:]) + draws[:, :3].sum(axis=1), "next": draws[:, 3:15].sum(axis=1)}

    for period, outcomes in ends.items():
        for kind, share in (("conservative", 0.9), ("likely", 0.5), ("stretch", 0.1)):
            row = found.loc[period]
            assert row[f"{kind}_probability"] == pytest.approx(np.mean(outcomes >= row[kind]))
            assert row[f"{kind}_probability"] == pytest.approx(share, abs=0.12)  # rounded to three figures
            assert row[f"{kind}_text"].endswith(f"({100 * row[f'{kind}_probability']:.0f}%)")
    assert found.loc["this", "probability"] == pytest.approx(np.mean(ends["this"] >= 12_000))
    assert found["span"].tolist() == ["January to December 2026", "January to December 2027"]


def test_a_goal_that_asks_for_less_has_its_stretch_below():
    rows, _ = propose(GOAL.model_copy(update={"target": 9_000}))

    assert (rows["stretch"] < rows["likely"]).all()
    assert (rows["likely"] < rows["conservative"]).all()


def test_a_goal_without_target_and_deadline_gets_targets_for_a_year():
    rows, _ = propose(GOAL.model_copy(update={"target": None, "deadline": None}))

    assert rows.loc["this", "span"] == "January to December 2026"
    assert rows.loc["this", "chance"] == ""
    assert rows["likely"].notna().all()


def test_a_short_history_proposes_nothing_and_says_why():
    frames = {"clicks": samples.additive(date(2026, 1, 1), CLICKS[-9:])}
    forecasts = forecast.forecast_goals([GOAL], samples.CATALOGUE, frames, AS_OF)
    rows = forecast.propose_for_goals([GOAL], forecasts, frames)

    assert rows["reason"].unique().tolist() == ["The history is too short for a forecast: 9 months."]
    assert rows["likely"].isna().all()


def test_the_period_after_one_that_ends_beyond_the_forecast_has_a_reason():
    rows, _ = propose(GOAL.model_copy(update={"deadline": date(2027, 12, 31)}))

    assert rows.loc["this", "reason"] == ""
    assert rows.loc["next", "reason"] == "The deadline lies beyond what can be forecast."
