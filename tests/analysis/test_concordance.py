"""Kendall's W against textbooks, another library, and plain counting."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import friedmanchisquare, rankdata

from mopsnb.analysis.concordance import measure_concordance, rank_list

# Siegel, S. (1956), Nonparametric statistics, chapter 9: three executives rank six applicants; W = .16.
APPLICANTS = [[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]]
# Kendall, M. G. (1948), Rank correlation methods, chapter 6: three rankings of ten with ties; W = 0.828.
TIED = [
    [1, 4.5, 2, 4.5, 3, 7.5, 6, 9, 7.5, 10],
    [2.5, 1, 2.5, 4.5, 4.5, 8, 9, 6.5, 10, 6.5],
    [2, 1, 4.5, 4.5, 4.5, 4.5, 8, 8, 8, 10],
]


def test_the_textbook_s_example_of_six_applicants():
    assert round(measure_concordance(APPLICANTS).w, 2) == 0.16


def test_the_textbook_s_example_with_ties():
    found = measure_concordance(TIED)

    assert round(found.w, 3) == 0.828
    assert found.method == "chi-square"


def test_the_exact_p_values_agree_with_friedman_s_published_table():
    """Friedman (1937), four rankings of three things: chi-square 8.0 has 0.0046, 6.5 has 0.042, 6.0 has 0.069."""
    cases = {
        8.0: [[1, 2, 3]] * 4,
        6.5: [[1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 3, 2]],
        6.0: [[1, 2, 3], [1, 2, 3], [1, 3, 2], [1, 3, 2]],
    }
    published = {8.0: 0.0046, 6.5: 0.042, 6.0: 0.069}
    for chi_square, ranks in cases.items():
        found = measure_concordance(ranks)
        assert found.chi_square == pytest.approx(chi_square)
        assert found.p_value == pytest.approx(published[chi_square], abs=0.0006)
        assert found.method == "exact"


def test_full_agreement_of_three_raters_on_three_things_is_one_in_thirty_six():
    """The second and third rater must both repeat the first: (1/6)²."""
    assert measure_concordance([[1, 2, 3]] * 3).p_value == pytest.approx(1 / 36)


def test_the_exact_p_value_with_ties_agrees_with_listing_every_arrangement_of_every_rater():
    ranks = [[1.5, 1.5, 3], [1, 2, 3], [2, 1, 3]]

    def spread(rows):
        return sum(sum(column) ** 2 for column in zip(*rows))

    every = [spread(rows) for rows in itertools.product(*(itertools.permutations(row) for row in ranks))]
    expected = sum(value >= spread(ranks) - 1e-9 for value in every) / len(every)

    assert measure_concordance(ranks).p_value == pytest.approx(expected)


def test_the_permutation_test_lies_near_the_exact_probability():
    """Two raters of seven things who agree in full: 1 of 7! orders, so no more than a few of 9,999 draws."""
    found = measure_concordance([list(range(1, 8))] * 2)

    assert found.method == "exact"
    three = measure_concordance([[*range(1, 8)], [*range(1, 8)], [*range(1, 8)]])
    assert (three.method, three.p_value) == ("permutation", pytest.approx(0.0001))
    assert measure_concordance(APPLICANTS) == measure_concordance(APPLICANTS)


scores = st.lists(st.integers(0, 4), min_size=4, max_size=4)


@given(st.lists(scores, min_size=3, max_size=5))
def test_chi_square_agrees_with_scipy_s_tie_corrected_friedman_test(rows):
    ranks = [rankdata(row).tolist() for row in rows]
    found = measure_concordance(ranks)

    if all(len(set(row)) == 1 for row in rows):
        assert math.isnan(found.w)
        return
    # scipy compares the columns, which it takes as samples.
    statistic, _ = friedmanchisquare(*zip(*rows))
    assert found.chi_square == pytest.approx(float(statistic), abs=1e-9)
    assert 0 <= found.w <= 1
    assert 0 < found.p_value <= 1


@pytest.mark.parametrize("ranks", [[], [[1, 2]], [[1], [1]], [[1.5, 1.5], [1.5, 1.5]]])
def test_too_little_to_compare_has_no_w(ranks):
    found = measure_concordance(ranks)

    assert math.isnan(found.w)
    assert found.method == ""


@pytest.mark.parametrize("ranks", [[[1, 2], [1, 2, 3]], [[1, 2, 2], [1, 2, 3]]])
def test_rows_that_are_no_ranks_are_refused(ranks):
    with pytest.raises(ValueError, match=r"same things|add up"):
        measure_concordance(ranks)


@given(st.permutations("abcde"), st.integers(0, 4))
def test_needs_that_are_not_named_share_the_mean_of_the_ranks_that_are_left(names, named):
    ranks = dict(zip("abcde", rank_list(names[:named], "abcde")))

    assert [ranks[name] for name in names[:named]] == [place + 1 for place in range(named)]
    left = [ranks[name] for name in names[named:]]
    assert left == [pytest.approx(sum(range(named + 1, 6)) / len(left))] * len(left)
