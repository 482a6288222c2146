"""Progress where the year has a season: the noise, the other path, and the same months of the year before."""

import math
from datetime import date

import analysis_samples as samples
import pytest

from mopsnb.analysis import track_goals

JUNE_END, MARCH_END = date(2026, 6, 30), date(2026, 3, 31)
LOW_THEN_HIGH = [*[5_000.0] * 6, *[15_000.0] * 6]


def track(goal, months, as_of, **options):
    return track_goals(samples.make_strategy(goal), samples.CATALOGUE, {goal.id: months}, as_of, **options).iloc[0]


def track_clicks(year, **options):
    goal = samples.make_goal(baseline=120_000, target=132_000)
    return track(goal, samples.additive(date(2024, 1, 1), [*LOW_THEN_HIGH * 2, *year]), JUNE_END, **options)


def test_a_season_is_taken_off_before_the_noise_of_a_cost_is_measured():
    """Costs of 30, from July 60, from October 90, each 2% up or down in turn; the turns change with the year, so that
    no month is high in all years. Neighbors then differ by 4%, but for December and January, which differ by none:
    on average 22 ÷ 23 × 4% in 24 months. At 90 that is 3.443, and 1.96 × 3.443 / 1.128 / √3 = 3.454. The year's level
    is the geometric mean, 46.95, so the season makes 90 of it: 92% more."""
    season = [*[30] * 6, *[60] * 3, *[90] * 3]
    turns = [math.exp(0.02 * (-1) ** (month + year)) for year in range(4) for month in range(12)]
    costs = [level * turn for level, turn in zip(season * 4, turns, strict=True)]
    months = samples.ratio(date(2022, 1, 1), [(cost * 100, 100) for cost in costs])
    fields = {"metric": "cost_per_lead", "baseline": 47, "target": 46, "start": date(2025, 10, 1)}

    row = track(samples.make_goal(**fields, deadline=date(2026, 9, 30)), months, date(2025, 12, 31))

    assert row["high"] - row["actual"] == pytest.approx(3.454, rel=0.03)
    assert row["interval"] == "95%, from month-to-month differences, the season taken off"
    assert row["season"] == pytest.approx(90 / 46.95, rel=0.005)
    assert "The usual season puts these months 92% above the year's level" in row["reason"]
    assert ", the season taken off): chance alone" in row["reason"]


def test_a_goal_that_only_its_season_puts_behind_says_what_the_seasonal_path_expects():
    """A quarter of the year comes by June: 132,000 × 1/4 = 33,000, where a steady path asks 132,000 × 181/365."""
    row = track_clicks([5_500.0] * 6)

    assert (row["status"], row["expected"]) == ("behind", pytest.approx(65_457.5, abs=0.1))
    assert "On a path that follows the usual share of each month, 33,000 would be expected by now" in row["reason"]
    assert "and the goal would be on track: the status hangs on how the year is spread." in row["reason"]


def track_with_three_years(**options):
    """The same clicks after three years of the season instead of two: three cycles, which confirm it."""
    goal = samples.make_goal(baseline=120_000, target=132_000, **options.pop("goal", {}))
    months = samples.additive(date(2023, 1, 1), [*LOW_THEN_HIGH * 3, *[5_500.0] * 6])
    return track(goal, months, JUNE_END, **options)


def test_by_default_a_path_follows_a_season_that_the_data_confirms_and_says_why():
    row = track_with_three_years()

    assert (row["shape"], row["status"], row["expected"]) == ("seasonal", "on_track", pytest.approx(33_000))
    assert "chance hardly makes a season as clear as this" in row["reason"]


def test_by_default_a_path_without_a_confirmed_season_is_linear_and_says_why():
    row = track_clicks([5_500.0] * 6)

    assert row["shape"] == "linear"
    assert "The path is linear: chance may make what looks like a season." in row["reason"]


def test_the_goal_overrides_the_default_and_the_parameter_overrides_the_goal():
    asked = {"path": "linear"}

    assert track_with_three_years(goal=asked)["shape"] == "linear"
    assert track_with_three_years(goal=asked, shape="seasonal")["shape"] == "seasonal"
    assert track_with_three_years(shape="linear")["shape"] == "linear"


def test_a_goal_on_its_seasonal_path_says_what_a_steady_one_expects():
    row = track_clicks([5_500.0] * 6, shape="seasonal")

    assert row["status"] == "on_track"
    assert "On a steady path, 65,458 would" in row["reason"]
    assert "and the goal would be behind" in row["reason"]


def test_a_status_that_no_path_changes_is_said_to_be_the_same():
    assert "33,000 would be expected by now, and the status would be the same." in track_clicks([1_000.0] * 6)["reason"]


def test_a_history_of_one_year_speaks_of_no_other_path():
    goal = samples.make_goal(baseline=120_000, target=132_000)

    row = track(goal, samples.additive(date(2025, 1, 1), [*LOW_THEN_HIGH, *[5_500.0] * 6]), JUNE_END)

    assert "path that follows" not in row["reason"]


def test_a_running_count_names_the_same_months_a_year_earlier():
    """January to June 2025 brought 6 × 5,000."""
    assert "The same months a year earlier came to 30,000." in track_clicks([5_500.0] * 6)["reason"]


def test_a_count_of_part_of_a_month_is_not_compared_with_a_whole_one():
    goal = samples.make_goal(baseline=120_000, target=132_000, start=date(2026, 1, 16))

    row = track(goal, samples.additive(date(2024, 1, 1), [*LOW_THEN_HIGH * 2, *[5_500.0] * 6]), JUNE_END)

    assert "a year earlier" not in row["reason"]


@pytest.mark.parametrize(("before", "warns"), [(4, True), (5, False)])
def test_a_rate_whose_months_met_the_target_a_year_before_warns_of_the_season(before, warns):
    """The target is at most 0.4%: 4 of 1,000 met it in January to March 2025, 5 of 1,000 did not."""
    months = samples.ratio(date(2025, 1, 1), [*[(before, 1_000)] * 3, *[(6, 1_000)] * 9, *[(3, 1_000)] * 3])

    row = track(samples.make_goal(**samples.CHURN), months, MARCH_END)

    assert row["status"] == "on_track"
    assert ("met the target of 0.4% already: a good figure in these months may be the season" in row["reason"]) == warns
