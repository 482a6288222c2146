"""The logistic regression finds what scikit-learn's finds."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression

from mopsnb.analysis.scoring.logistic import solve_logistic


def make_rows(count=800, wide=6, seed=0):
    generator = np.random.default_rng(seed)
    matrix = generator.normal(size=(count, wide))
    odds = matrix @ generator.normal(size=wide) - 1.5
    return matrix, (generator.random(count) < 1 / (1 + np.exp(-odds))).astype(float)


def solve_elsewhere(matrix, won, ridge, weights=None):
    model = LogisticRegression(C=1 / ridge, solver="newton-cholesky", tol=1e-10, max_iter=500)
    return model.fit(matrix, won, sample_weight=weights)


@pytest.mark.parametrize("ridge", [1e-3, 1.0, 50.0])
@pytest.mark.parametrize("seed", range(4))
def test_weights_are_those_of_scikit_learn(ridge, seed):
    matrix, won = make_rows(seed=seed)
    found, other = solve_logistic(matrix, won, ridge=ridge), solve_elsewhere(matrix, won, ridge)
    assert found.weights == pytest.approx(other.coef_[0], abs=2e-5)
    assert found.intercept == pytest.approx(other.intercept_[0], abs=2e-5)
    assert found.predict(matrix) == pytest.approx(other.predict_proba(matrix)[:, 1], abs=1e-5)


def test_rows_that_stand_for_many_leads_count_as_many():
    matrix, _ = make_rows(60)
    counts = np.arange(1.0, 61.0)
    hits = np.floor(counts / 3)
    found = solve_logistic(matrix, hits, counts)
    stacked = np.vstack([matrix, matrix])
    other = solve_elsewhere(stacked, np.arange(120) < 60, 1.0, np.concatenate([hits, counts - hits]))
    assert found.weights == pytest.approx(other.coef_[0], abs=2e-5)


def test_a_sparse_matrix_gives_the_same():
    matrix, won = make_rows()
    marks = (matrix > 0.5).astype(float)
    assert solve_logistic(csr_array(marks), won).weights == pytest.approx(solve_logistic(marks, won).weights, abs=1e-6)


def test_a_column_that_separates_the_outcomes_keeps_finite_weights():
    matrix, _ = make_rows()
    won = (matrix[:, 0] > 0).astype(float)
    found = solve_logistic(matrix, won, ridge=1e-3)
    assert found.weights == pytest.approx(solve_elsewhere(matrix, won, 1e-3).coef_[0], rel=2e-3, abs=0.02)
    assert ((found.predict(matrix) > 0.5) == (won == 1)).mean() > 0.99


def test_columns_that_repeat_each_other_share_the_weight():
    matrix, won = make_rows()
    found = solve_logistic(np.column_stack([matrix, matrix[:, 0]]), won)
    assert found.weights[0] == pytest.approx(found.weights[-1], abs=1e-5)
