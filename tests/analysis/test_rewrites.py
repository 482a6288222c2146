"""Rewritten goals agree with the targets that the forecast proposes, and keep the goal's metric and direction."""

from datetime import date

import analysis_samples as samples
import pandas as pd
import pytest

from mopsnb.analysis import Prospects, judge_goals, read_goals, rewrite_goals, size_goals

AS_OF = date(2026, 3, 31)
# The totals of 2023, 2024 and 2025 are 120,000, 126,000 and 132,300: every change is +5%.
GROWTH = [*[10_000.0] * 12, *[10_500.0] * 12, *[11_025.0] * 12]


def propose(goal, conservative, likely, stretch):
    kinds = {"conservative": conservative, "likely": likely, "stretch": stretch}
    return pd.DataFrame([{"goal": goal.id, "period": "this", **kinds}])


def rewrite(goal, proposed, months=None):
    history = {goal.id: samples.additive(date(2023, 1, 1), GROWTH) if months is None else months}
    strategy = samples.make_strategy(goal)
    readings = size_goals(read_goals(strategy, samples.CATALOGUE, AS_OF), samples.CATALOGUE, history)
    verdicts = judge_goals(
        strategy, samples.CATALOGUE, history, readings=readings, prospects=Prospects(proposed=proposed)
    )
    row = rewrite_goals(readings, samples.CATALOGUE, history, verdicts, proposed=proposed).iloc[0]
    return row, verdicts.set_index("letter")


def make_double():
    fields = {"baseline": 132_300, "target": 264_600, "start": date(2026, 1, 1), "deadline": date(2026, 12, 31)}
    return samples.make_goal(**fields, statement="Double email clicks from 132,300 to 264,600 in 2026")


@pytest.mark.parametrize(
    ("proposed", "target"),
    [
        ((150_000.0, 160_000.0, 170_000.0), 160_000),  # the past's 138,000 is less than even the conservative one
        ((120_000.0, 130_000.0, 150_000.0), 138_000),  # it lies between likely and stretch: it stays
        ((133_000.0, 134_000.0, 135_000.0), 134_000),  # it lies beyond the stretch
    ],
)
def test_a_rewritten_target_is_never_easier_than_the_likely_one_nor_beyond_the_stretch(proposed, target):
    """One in three past changes was +5%, which from 132,300 gives 138,915, and 138,000 with three figures."""
    goal = make_double()

    row, _ = rewrite(goal, propose(goal, *proposed))

    assert row["lacks"] == ""
    found = float(row["rewrite"].split(" to ")[1].split(" by ")[0].replace(",", ""))
    assert found == pytest.approx(target, rel=0.01)
    assert row["rewrite"].startswith("Increase Total clicks")


def test_a_goal_whose_likely_figure_is_worse_than_its_baseline_has_no_rewrite_and_says_so():
    goal = make_double()

    row, verdicts = rewrite(goal, propose(goal, 90_000.0, 110_000.0, 131_000.0))

    assert row["rewrite"] == ""
    assert "every second reaches 110,000, one in ten 131,000" in row["lacks"]
    assert "the middle forecast, 110,000, is no better than the baseline" in verdicts.loc["A", "fix"]


def test_a_goal_out_of_reach_is_told_the_likely_target_instead_of_the_best_past_change():
    goal = make_double()

    _, verdicts = rewrite(goal, propose(goal, 150_000.0, 160_000.0, 170_000.0))

    assert verdicts.loc["A", "verdict"] == "fail"
    assert (
        "Write target: 160000 under goals, clicks, which the forecast gives about an even chance"
        in verdicts.loc["A", "fix"]
    )


def test_a_goal_about_quality_is_not_turned_into_one_about_numbers():
    goal = samples.make_goal(statement="Improve the quality of clicks", baseline=None, target=None, deadline=None)

    row, _ = rewrite(goal, None)

    assert (row["rewrite"], "asks for quality" in row["lacks"]) == ("", True)
