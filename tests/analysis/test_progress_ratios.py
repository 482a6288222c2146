"""Progress of goals on ratios, and of levels to hold."""

import math
from datetime import date

import analysis_samples as samples
import pytest

from mopsnb.analysis import track_goals
from mopsnb.strategy import Goal

NAN = math.nan
MARCH_END, END = date(2026, 3, 31), date(2026, 12, 31)


def track(goal: Goal, months, as_of, **options):
    history = {} if months is None else {goal.id: months}
    return track_goals(samples.make_strategy(goal), samples.CATALOGUE, history, as_of, **options).iloc[0]


def test_a_ratio_is_sum_over_sum_of_three_months_against_the_path_of_the_same_months():
    """As of June 30: April to June had 40 + 45 + 50 of 30,000 = 0.45%. The path from 0.5% to 0.4% averaged over the
    91 days from day 91 to day 181 stands at (90 + 181) / 2 / 365 = 37.1% of the way: 0.4629%. Achieved are
    (0.5 − 0.45) / (0.5 − 0.4629) = 135%."""
    pairs = [(60, 10_000), (60, 10_000), (60, 10_000), (40, 10_000), (45, 10_000), (50, 10_000)]

    row = track(samples.make_goal(**samples.CHURN), samples.churn(*pairs), date(2026, 6, 30))

    assert (row["actual"], row["actual_period"]) == (pytest.approx(0.0045), "2026-04-01/2026-06-30")
    assert (row["numerator"], row["denominator"], row["n"]) == (135, 30_000, 30_000)
    assert row["expected"] == pytest.approx(0.004629, abs=1e-6)
    assert row["achieved"] == pytest.approx(1.347, abs=1e-3)
    assert (row["status"], row["direction"]) == ("on_track", "down")


def test_a_ratio_within_the_noise_says_so():
    """30 of 6,000 is 0.5%, Wilson 95% from 0.35% to 0.71%, and the path lies at 0.4877%."""
    row = track(samples.make_goal(**samples.CHURN), samples.churn((10, 2_000), (10, 2_000), (10, 2_000)), MARCH_END)

    assert (row["low"], row["high"]) == (pytest.approx(0.0035, abs=5e-5), pytest.approx(0.00713, abs=5e-5))
    assert row["interval"] == "Wilson 95%"
    assert row["status"] == "behind"
    assert "(30 of 6,000 recipients, counted anew each month)" in row["reason"]
    noise = "It is behind, but the difference lies within the noise (95% interval 0.35% to 0.71%): chance alone can"
    assert noise in row["reason"]


def test_a_ratio_beyond_the_noise_does_not_call_it_noise():
    row = track(samples.make_goal(**samples.CHURN), samples.churn(*[(800, 100_000)] * 3), MARCH_END)

    assert "noise" not in row["reason"]


def test_the_noise_of_a_ratio_that_is_no_proportion_comes_from_its_months():
    """Moving ranges of 4 EUR: 1.96 × 4 / 1.128 / √3 = 4.013 on both sides of 60 EUR."""
    goal = samples.make_goal(metric="cost_per_lead", baseline=60, target=40, start=date(2026, 10, 1))
    months = samples.ratio(samples.JANUARY, [(100 * cost, 100) for cost in (58, 62) * 6])

    row = track(goal, months, END)

    assert row["actual"] == pytest.approx(60 + 2 / 3)
    assert row["high"] - row["actual"] == pytest.approx(4.013, abs=1e-3)
    assert "month-to-month" in row["interval"]


def test_a_running_ratio_names_the_same_months_a_year_earlier():
    """January to March 2025 had 30 of 3,000."""
    months = samples.ratio(date(2025, 1, 1), [*[(10, 1_000)] * 12, *[(5, 1_000)] * 3])

    row = track(samples.make_goal(**samples.CHURN), months, MARCH_END)

    assert row["reason"].endswith("The same months a year earlier came to 1%.")


def test_a_ratio_without_a_complete_month_since_the_start_has_no_data():
    goal = samples.make_goal(**samples.CHURN)

    row = track(goal, samples.ratio(samples.JANUARY, [(5, 1_000)], partial=True), date(2026, 1, 20))

    assert row["status"] == "no_data"
    assert "no complete month" in row["reason"]


def test_a_ratio_uses_fewer_than_three_months_where_there_are_fewer_and_names_the_missing():
    row = track(samples.make_goal(**samples.CHURN), samples.churn((5, 1_000), (NAN, NAN), (3, 1_000)), MARCH_END)

    assert (row["numerator"], row["denominator"]) == (8, 2_000)
    assert "1 month has no data (February 2026)" in row["reason"]


def test_a_ratio_whose_base_is_zero_in_all_months_has_no_data():
    assert (
        track(samples.make_goal(**samples.CHURN), samples.churn((0, 0), (0, 0)), date(2026, 2, 28))["status"]
        == "no_data"
    )


@pytest.mark.parametrize(("last", "status"), [((36, 10_000), "met"), ((43, 10_000), "missed")])
def test_an_ended_ratio_is_judged_by_its_last_three_months_against_the_target(last, status):
    """41 + 42 + 36 of 30,000 is 0.397%; with 43 it is 0.42%."""
    row = track(
        samples.make_goal(**samples.CHURN), samples.churn(*[(50, 10_000)] * 9, (41, 10_000), (42, 10_000), last), END
    )

    assert (row["status"], row["expected"]) == (status, 0.004)


@pytest.mark.parametrize(
    ("unsubscribes", "status"), [(150, "on_track"), (151, "at_risk"), (165, "at_risk"), (166, "behind")]
)
def test_a_level_to_hold_may_slip_by_a_tenth_before_it_is_behind(unsubscribes, status):
    """The level is 150 of 30,000, which is 0.5%."""
    goal = samples.make_goal(**(samples.CHURN | {"target": 0.005}))

    row = track(goal, samples.churn((50, 10_000), (50, 10_000), (unsubscribes - 100, 10_000)), MARCH_END)

    assert (row["status"], row["direction"]) == (status, "hold")


@pytest.mark.parametrize(("left", "share"), [(10, "40%"), (2, "120%")])
def test_a_level_that_stays_is_held_against_the_target_itself(left, share):
    """By hand: from 0.7% to 0.2% the change is 0.5 points; 0.5% has made 0.2 of them, and 0.1% has made 0.6."""
    goal = samples.make_goal(**samples.CHURN | {"baseline": 0.007, "target": 0.002})
    row = track(goal, samples.churn(*[(left, 2_000)] * 3), MARCH_END)

    assert f"If it stays at this level, the goal ends with {share} of the asked change." in row["reason"]
    assert "every month brings" not in row["reason"]
