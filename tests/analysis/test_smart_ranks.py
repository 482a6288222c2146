"""The asked change among past changes, against a count in plain Python."""

from datetime import date

import analysis_samples as samples
import pytest

from mopsnb.analysis import rank_changes

VALUES = [100.0, 120, 90, 130, 125, 150, 140, 160, 155, 170, 165, 190, 180, 170, 200, 210, 190, 240, 200, 230, 260, 250]


def test_rank_count_and_best_agree_with_a_plain_count():
    """A goal of one month: each month against the same month a year earlier."""
    changes = [now / before - 1 for before, now in zip(VALUES, VALUES[12:])]
    goal = samples.make_goal(start=date(2025, 11, 1), deadline=date(2025, 11, 30), baseline=100, target=155)

    (row,) = rank_changes([goal], samples.CATALOGUE, {goal.id: samples.additive(date(2024, 1, 1), VALUES)}).to_dict(
        "records"
    )

    assert row["windows"] == len(changes)
    assert row["reached"] == sum(change >= 0.55 for change in changes)
    assert row["rank"] == 1 + sum(change > 0.55 for change in changes)
    assert row["best"] == pytest.approx(max(changes))
    assert row["position"] == f"{row['reached']:.0f} of {len(changes)} went as far"


def test_the_best_of_a_goal_that_wants_less_is_the_deepest_fall():
    goal = samples.make_goal(**samples.CHURN, start=date(2025, 1, 1), deadline=date(2025, 1, 31))
    months = samples.ratio(date(2024, 9, 1), [(40, 10_000), (30, 10_000), (36, 10_000), (35, 10_000)])

    (row,) = rank_changes([goal], samples.CATALOGUE, {goal.id: months}).to_dict("records")

    assert row["asked"] == pytest.approx(-0.2)
    assert (row["best"], row["reached"], row["rank"]) == (pytest.approx(-0.25), 1, 2)


def test_too_little_history_is_said():
    months = samples.additive(date(2025, 10, 1), [100.0, 110, 120])
    (row,) = rank_changes([samples.make_goal()], samples.CATALOGUE, {"clicks": months}).to_dict("records")

    assert row["position"] == "too little history: 3 of 24 months"
    assert row["windows"] == 0


def test_a_goal_without_figures_has_no_rank():
    assert rank_changes([samples.make_goal(target=None)], samples.CATALOGUE, {}).empty
