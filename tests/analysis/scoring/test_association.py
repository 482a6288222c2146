"""Groups are compared within periods; checked against published examples and another library."""

import numpy as np
import pytest
from scipy.stats import chi2_contingency
from sklearn.metrics import roc_auc_score

from mopsnb.analysis.scoring.association import Crosstab, adjust_holm, compare_groups, cross, separate
from mopsnb.analysis.scoring.samples import make_sample


def test_the_comparison_agrees_with_the_admissions_to_berkeley():
    """Bickel, Hammel, O'Connell (1975), Science 187: six departments, men and women, admitted or not.

    R, ``mantelhaen.test(UCBAdmissions, correct = FALSE)``: X-squared = 1.5246, df = 1, p = 0.2169.
    """
    men = np.array([[512, 313], [353, 207], [120, 205], [138, 279], [53, 138], [22, 351]], dtype=float)
    women = np.array([[89, 19], [17, 8], [202, 391], [131, 244], [94, 299], [24, 317]], dtype=float)
    table = Crosstab(
        leads=np.column_stack([men.sum(axis=1), women.sum(axis=1)]),
        conversions=np.column_stack([men[:, 0], women[:, 0]]),
    )

    found = compare_groups(table, least=1)

    assert found.freedom == 1
    assert found.statistic == pytest.approx(1.5246, abs=5e-5)
    assert found.probability == pytest.approx(0.2169, abs=5e-5)


@pytest.mark.parametrize("groups", [2, 3, 7])
def test_with_one_period_it_is_pearsons_statistic_times_n_less_one_over_n(groups):
    generator = np.random.default_rng(groups)
    place, won = generator.integers(0, groups, 900), generator.random(900) < 0.3
    table = cross(place, won, np.zeros(900, dtype=np.int64), groups)

    found = compare_groups(table, least=1)
    pearson = chi2_contingency([table.hits, table.sizes - table.hits], correction=False)

    assert found.statistic == pytest.approx(pearson.statistic * 899 / 900)
    assert found.freedom == pearson.dof


def test_a_rate_that_changes_with_time_is_not_a_trait_of_the_lead():
    """Half of the old leads and none of the new ones are of one kind, and old leads convert more."""
    generator = np.random.default_rng(3)
    old = np.arange(4000) < 2000
    kind = (old & (generator.random(4000) < 0.5)).astype(np.int64)
    won = generator.random(4000) < np.where(old, 0.4, 0.1)
    periods = np.where(old, 0, 1)

    within = compare_groups(cross(kind, won, periods, 2), 20)
    across = compare_groups(cross(kind, won, np.zeros(4000, dtype=np.int64), 2), 20)

    assert across.probability < 1e-6
    assert within.probability > 0.01


def test_without_a_relation_p_values_are_spread_evenly():
    generator = np.random.default_rng(11)
    found = []
    for _ in range(400):
        won = generator.random(600) < 0.15
        sample = make_sample(won)
        found.append(compare_groups(cross(generator.integers(0, 5, 600), won, sample.periods, 5), 20).probability)

    shares = [np.mean(np.array(found) < level) for level in (0.05, 0.25, 0.5)]

    assert shares == pytest.approx([0.05, 0.25, 0.5], abs=0.06)


def test_one_group_or_no_conversion_leaves_nothing_to_compare():
    nothing = cross(np.zeros(50, dtype=np.int64), np.arange(50) < 9, np.zeros(50, dtype=np.int64), 1)
    nobody = cross(np.arange(50) % 2, np.zeros(50, dtype=bool), np.zeros(50, dtype=np.int64), 2)

    assert compare_groups(nothing, 1).probability == compare_groups(nobody, 1).probability == 1.0


def test_holm_agrees_with_p_adjust_of_r():
    """R, ``p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm")``: 0.05 0.08 0.09 0.09 0.09."""
    assert adjust_holm([0.03, 0.01, 0.05, 0.02, 0.04]) == pytest.approx([0.09, 0.05, 0.09, 0.08, 0.09])
    assert adjust_holm([]) == []


def test_the_auc_within_periods_counts_pairs_of_one_period_alone():
    generator = np.random.default_rng(5)
    groups, periods = generator.integers(0, 4, 2000), generator.integers(0, 3, 2000)
    won = generator.random(2000) < 0.1 + 0.12 * groups
    table = cross(groups, won, periods, 4)
    rank = (table.hits / table.expected)[groups]

    right = pairs = 0.0
    for period in range(3):
        inside = periods == period
        count = won[inside].sum() * (~won[inside]).sum()
        right += count * roc_auc_score(won[inside], rank[inside])
        pairs += count

    assert separate(table) == pytest.approx(right / pairs)
