"""Points of target paths and actual figures, for charts."""

import math
from datetime import date

import analysis_samples as samples

from mopsnb.analysis import draw_paths

NAN = math.nan


def test_a_path_of_a_total_grows_to_the_target_and_stops_the_figures_at_a_missing_month():
    goal = samples.make_goal(deadline=date(2026, 4, 30), target=12_000, baseline=10_000)

    frame = draw_paths(
        samples.make_strategy(goal),
        samples.CATALOGUE,
        {"clicks": samples.clicks(3_000, 3_000, NAN, 500, partial=True)},
        date(2026, 4, 10),
    )

    assert frame["expected"].round(6).tolist() == [3_100.0, 5_900.0, 9_000.0, 12_000.0]
    assert frame["actual"].tolist()[:2] == [3_000, 6_000]
    assert frame["actual"].isna().tolist() == [False, False, True, True]
    assert frame["is_complete"].tolist() == [True, True, True, False]


def test_a_path_of_a_running_month_says_through_which_day_the_figure_counts():
    goal = samples.make_goal(deadline=date(2026, 2, 28), target=12_000, baseline=10_000)

    frame = draw_paths(
        samples.make_strategy(goal),
        samples.CATALOGUE,
        {"clicks": samples.clicks(3_000, 500, partial=True)},
        date(2026, 2, 10),
    )

    assert [str(day.date()) for day in frame["actual_through"]] == ["2026-01-31", "2026-02-10"]
    assert [str(day.date()) for day in frame["period_end"]] == ["2026-01-31", "2026-02-28"]


def test_a_path_of_a_ratio_moves_from_baseline_to_target():
    goal = samples.make_goal(**samples.CHURN)

    frame = draw_paths(
        samples.make_strategy(goal), samples.CATALOGUE, {"clicks": samples.churn((45, 10_000))}, date(2026, 1, 31)
    )

    assert len(frame) == 12
    assert frame["expected"].is_monotonic_decreasing
    assert frame["expected"].between(0.004, 0.005).all()
    assert frame["actual"].tolist()[0] == 0.0045
    assert frame["actual"].isna().sum() == 11


def test_goals_that_cannot_be_tracked_have_no_path():
    strategy = samples.make_strategy(samples.make_goal(baseline=None))

    assert draw_paths(strategy, samples.CATALOGUE, {}, date(2026, 12, 31)).empty
