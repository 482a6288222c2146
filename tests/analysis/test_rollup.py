"""Parent goals by their key results."""

import math

import analysis_samples as samples
import pandas as pd
import pytest

from mopsnb.analysis import roll_up_goals

NAN = math.nan


def roll_up(parents: dict[str, str | None], figures: dict[str, tuple[float, str]], **directions: str):
    goals = [samples.make_goal(id=name, statement=name.upper(), parent=parent) for name, parent in parents.items()]
    progress = pd.DataFrame(
        [
            {"goal": name, "achieved": achieved, "status": status, "direction": directions.get(name, "up")}
            for name, (achieved, status) in figures.items()
        ]
    )
    return roll_up_goals(samples.make_strategy(*goals), progress).set_index("goal")


def test_key_results_count_alike_below_zero_as_zero_and_above_one_as_one():
    """(0 + 1 + 0.5) / 3."""
    frame = roll_up(
        {"top": None, "a": "top", "b": "top", "c": "top"},
        {"top": (0.9, "on_track"), "a": (-0.4, "behind"), "b": (1.6, "on_track"), "c": (0.5, "at_risk")},
    )

    assert frame.index.tolist() == ["top"]
    assert frame.loc["top", "rolled_up"] == pytest.approx(0.5)
    assert frame.loc["top", ["own_status", "key_results", "counted", "left_out"]].tolist() == ["on_track", 3, 3, ""]


def test_an_objective_is_as_healthy_as_its_weakest_key_result_however_good_the_mean():
    frame = roll_up(
        {"top": None, "a": "top", "b": "top", "c": "top"},
        {"top": (1, "on_track"), "a": (1.0, "met"), "b": (1.0, "on_track"), "c": (0.4, "behind")},
    )

    assert frame.loc["top", ["health", "weakest"]].tolist() == ["behind", "C"]


def test_the_weakest_may_lie_two_levels_below():
    frame = roll_up(
        {"top": None, "mid": "top", "low": "mid"},
        {"top": (1, "on_track"), "mid": (1.0, "on_track"), "low": (0.1, "missed")},
    )

    assert frame.loc["top", ["health", "weakest"]].tolist() == ["missed", "MID"]
    assert frame.loc["top", "rolled_up"] == 1.0


def test_a_key_result_without_a_figure_counts_with_its_own_key_results_or_is_left_out_and_named():
    frame = roll_up(
        {"top": None, "mid": "top", "a": "mid", "b": "mid", "none": "top"},
        {
            "top": (1, "on_track"),
            "mid": (NAN, "not_defined"),
            "a": (0.2, "behind"),
            "b": (0.6, "at_risk"),
            "none": (NAN, "no_data"),
        },
    )

    assert frame.loc["top", "rolled_up"] == pytest.approx(0.4)
    assert frame.loc["top", ["key_results", "counted", "left_out"]].tolist() == [2, 1, "NONE"]


@pytest.mark.parametrize(("status", "score"), [("on_track", 1.0), ("met", 1.0), ("behind", 0.0)])
def test_a_level_that_is_held_counts_while_it_is_kept(status, score):
    frame = roll_up({"top": None, "a": "top"}, {"top": (1, "on_track"), "a": (NAN, status)}, a="hold")

    assert frame.loc["top", "rolled_up"] == score


def test_without_any_figure_there_is_no_mean_and_no_health():
    frame = roll_up({"top": None, "a": "top"}, {"top": (NAN, "no_data"), "a": (NAN, "not_started")})

    assert math.isnan(frame.loc["top", "rolled_up"])
    assert (frame.loc["top", "health"], frame.loc["top", "left_out"]) == ("", "A")


def test_goals_without_children_are_no_parents():
    assert roll_up({"a": None}, {"a": (1.0, "met")}).empty
