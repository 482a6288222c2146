"""Intervals and limits, against published worked examples."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mopsnb.analysis.intervals import estimate_limits, estimate_mean_interval, estimate_wilson, measure_ranges


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_agrees_with_the_table_of_newcombe(successes, trials, low, high):
    """Newcombe, R. G. (1998). Statistics in Medicine 17, 857–872, table I, method 3 (score, no correction)."""
    found = estimate_wilson(successes, trials)

    assert found == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(st.integers(1, 10**7), st.floats(0, 1))
def test_wilson_holds_the_observed_share_and_stays_between_0_and_1(trials, share):
    successes = round(trials * share)

    low, high = estimate_wilson(successes, trials)

    assert 0 <= low <= successes / trials <= high <= 1
    assert low < high


@given(st.integers(1, 10**6), st.floats(0, 1))
def test_wilson_solves_the_score_equation(trials, share):
    """Each limit inside (0, 1) is a true share p for which |p̂ − p| = z √(p(1 − p)/n): Wilson's definition."""
    successes = round(trials * share)
    observed = successes / trials

    for limit in estimate_wilson(successes, trials):
        if 0 < limit < 1:
            reach = 1.959963984540054 * math.sqrt(limit * (1 - limit) / trials)
            assert abs(observed - limit) == pytest.approx(reach, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("successes", "trials"),
    [(math.nan, 10), (1, math.nan), (0, 0), (11, 10), (-1, 10), (math.inf, math.inf)],
    ids=["no successes", "no trials", "base of 0", "more than the base", "negative", "infinite"],
)
def test_wilson_is_missing_where_there_is_no_proportion(successes, trials):
    assert all(math.isnan(limit) for limit in estimate_wilson(successes, trials))


def test_limits_agree_with_the_flow_rates_of_the_nist_handbook():
    """NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: mean 50.81, mean moving range 1.8778,
    limits 45.8159 and 55.8041 with 3/1.128; the rounded factor 2.66 moves them by less than 0.001."""
    flow_rates = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]

    limits = estimate_limits(flow_rates)

    assert limits.center == pytest.approx(50.81)
    assert limits.mean_moving_range == pytest.approx(1.8778, abs=5e-5)
    assert (limits.low, limits.high) == (pytest.approx(45.8159, abs=1e-3), pytest.approx(55.8041, abs=1e-3))


def test_a_gap_breaks_the_chain_of_moving_ranges():
    assert measure_ranges([1.0, 4.0, math.nan, 100.0, 98.0]) == [3.0, 2.0]


def test_limits_of_values_that_are_never_negative_do_not_fall_below_zero():
    assert estimate_limits([0.0, 10.0, 0.0, 10.0]).low == 0.0
    assert estimate_limits([-1.0, 10.0, 0.0, 10.0]).low < 0


@pytest.mark.parametrize("values", [[], [5.0], [5.0, math.nan, 6.0], [math.nan]])
def test_limits_are_missing_without_two_neighbors(values):
    limits = estimate_limits(values)

    assert math.isnan(limits.low)
    assert limits.place(5.0) == ""


def test_a_value_on_the_limit_is_inside():
    limits = estimate_limits([10.0, 12.0, 11.0, 13.0])

    places = [limits.place(value) for value in (limits.low, limits.high, limits.high + 1e-6, limits.low - 1e-6)]

    assert places == ["inside", "inside", "above", "below"]
    assert limits.place(math.nan) == ""


def test_the_interval_of_a_mean_shrinks_with_the_root_of_the_months():
    """Worked by hand: 1.96 × 1.128 / 1.128 = 1.96 for one month, half of it for four."""
    one, four = estimate_mean_interval(10.0, 1.128, 1), estimate_mean_interval(10.0, 1.128, 4)

    assert one == (pytest.approx(8.04, abs=1e-3), pytest.approx(11.96, abs=1e-3))
    assert four[1] - 10 == pytest.approx((one[1] - 10) / 2)
    assert all(math.isnan(limit) for limit in estimate_mean_interval(10.0, math.nan, 4))
