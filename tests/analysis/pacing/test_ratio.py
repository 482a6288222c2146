"""A ratio of sums and its interval, worked by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mopsnb.analysis.pacing.ratio import LEAST, T_QUANTILES, estimate_ratio, find_quantile


def test_the_interval_follows_the_formula():
    """Gaps to 1.05 × 100 are −15, 5, −5 and 15: (225 + 25 + 25 + 225) / 100 / 3 is the variance."""
    found = estimate_ratio([90, 110, 100, 120], [100, 100, 100, 100])

    assert (found.value, found.base, found.count) == (1.05, 400, 4)
    assert found.variance == pytest.approx(5 / 3)
    assert found.reach() == pytest.approx(3.1824 * math.sqrt(5 / 3 / 400))
    assert found.reach_ahead(800) == pytest.approx(3.1824 * math.sqrt(5 / 3 * 800 * 3))


def test_parts_with_neither_top_nor_base_are_left_out():
    assert estimate_ratio([90, 0, 110, 100, 120], [100, 0, 100, 100, 100]).count == 4


def test_a_small_base_counts_as_a_tenth_of_the_mean_when_differences_are_weighed():
    """The fourth part has a base of 0: its gap of 6 is weighed with a tenth of the mean base, 7.5."""
    found = estimate_ratio([100, 100, 100, 6], [100, 100, 100, 0])

    assert found.value == 1.02
    assert found.variance == pytest.approx((3 * 4 / 100 + 36 / 7.5) / 3)


@pytest.mark.parametrize(("tops", "bases"), [([1, 2], [1, 1]), ([0, 0, 0], [1, 1, 1]), ([-5, 1, 1], [1, 1, 1])])
def test_there_is_no_interval_for_few_parts_or_a_ratio_that_is_not_positive(tops, bases):
    found = estimate_ratio(tops, bases)

    assert math.isnan(found.reach())
    assert math.isnan(found.reach_ahead(1))


def test_a_ratio_over_nothing_is_missing():
    assert math.isnan(estimate_ratio([1, 2, 3], [0, 0, 0]).value)
    assert math.isnan(estimate_ratio([], []).value)


@given(st.lists(st.tuples(st.floats(1, 1e6), st.floats(1, 1e6)), min_size=LEAST, max_size=30), st.floats(0.01, 100))
def test_another_currency_scales_the_ratio_and_its_reach(pairs, rate):
    tops, bases = zip(*pairs)
    found, scaled = estimate_ratio(tops, bases), estimate_ratio([top * rate for top in tops], bases)

    assert scaled.value == pytest.approx(found.value * rate)
    assert scaled.reach_ahead(10) == pytest.approx(found.reach_ahead(10) * rate, rel=1e-6, abs=1e-6)


def test_the_quantiles_are_those_of_students_t():
    """The table agrees with the distribution's own integral, which is worked out here by Simpson's rule."""
    for freedom in (1, 2, 5, 11, 30):
        scale = math.gamma((freedom + 1) / 2) / math.sqrt(freedom * math.pi) / math.gamma(freedom / 2)
        steps = 20_000
        width = find_quantile(freedom) / steps
        heights = [scale * (1 + (place * width) ** 2 / freedom) ** (-(freedom + 1) / 2) for place in range(steps + 1)]
        area = width / 3 * (heights[0] + heights[-1] + 4 * sum(heights[1::2]) + 2 * sum(heights[2:-1:2]))
        assert area == pytest.approx(0.475, abs=2e-6)
    assert find_quantile(400) == T_QUANTILES[-1]
