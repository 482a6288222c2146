"""Logistic regression by Newton's method, for a few dozen columns and many rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.special import expit

from mopsnb.analysis.scoring.values import Floats

RIDGE = 1.0  # the usual strength of the penalty
CLOSE = 1e-7  # the largest slope left, for each lead
LAZY = 0.15  # a step that leaves less of the slope than this is repeated with the same second derivatives
STEPS = 100


@dataclass(frozen=True, slots=True)
class Logistic:
    """A fitted logistic regression: the log-odds are ``intercept + matrix @ weights``."""

    intercept: float
    weights: Floats

    def predict(self, matrix: Any) -> Floats:
        """Return each row's probability, shape (rows,)."""
        return np.asarray(expit(self.intercept + matrix @ self.weights))


def solve_logistic(matrix: Any, hits: Floats, counts: Floats | None = None, *, ridge: float = RIDGE) -> Logistic:
    """Return the logistic regression with a ridge penalty on the weights, not on the intercept.

    It minimizes ``Σ count × log(1 + exp(log-odds)) - hits × log-odds + ridge / 2 × Σ weight²``. Steps of Newton's
    method are halved until the sum falls. Second derivatives, which take most of the time, are worked out
    anew where the step before brought little.

    Parameters
    ----------
    matrix
        What is known about each row, shape (rows, columns); dense or sparse.
    hits
        How many leads of each row converted, shape (rows,); both outcomes must occur.
    counts
        How many leads each row stands for, shape (rows,); None: one.

    References
    ----------
    Hastie, T., Tibshirani, R., Friedman, J. (2009). The Elements of Statistical Learning, section 4.4.1.
    """
    wide = matrix.shape[1]
    leads = np.ones(len(hits)) if counts is None else counts
    total, rate = leads.sum(), hits.sum() / leads.sum()
    found = np.append(np.zeros(wide), np.log(rate / (1 - rate)))
    penalty = np.append(np.full(wide, ridge), 0.0)
    odds = np.full(len(hits), found[-1])
    cost = _cost(odds, hits, leads, found, penalty)
    bend, before = None, np.inf
    for _ in range(STEPS):
        chance = expit(odds)
        missed = leads * chance - hits
        slope = np.append(matrix.T @ missed, missed.sum()) + penalty * found
        steepest = float(np.abs(slope).max())
        if steepest <= CLOSE * total:
            break
        if bend is None or steepest > LAZY * before:
            bend = _bend(matrix, leads * chance * (1 - chance), penalty)
        before, step = steepest, _divide(bend, slope)
        size, moved = 1.0, matrix @ step[:-1] + step[-1]
        while size > CLOSE:
            tried = _cost(odds - size * moved, hits, leads, found - size * step, penalty)
            if tried <= cost:
                break
            size /= 2
        else:
            break  # no step lowers the cost: it is as low as numbers can tell
        found, odds, cost = found - size * step, odds - size * moved, tried
    return Logistic(float(found[-1]), found[:-1])


def _cost(odds: Floats, hits: Floats, leads: Floats, found: Floats, penalty: Floats) -> float:
    return float((leads * np.logaddexp(0.0, odds)).sum() - hits @ odds + (penalty * found**2).sum() / 2)


def _bend(matrix: Any, weight: Floats, penalty: Floats) -> Floats:
    """Return the second derivatives; the intercept stands last."""
    root = np.sqrt(weight)[:, None]
    scaled = matrix.multiply(root) if hasattr(matrix, "multiply") else matrix * root
    inner = scaled.T @ scaled  # one matrix with itself: the library works out half of it
    inner = inner.toarray() if hasattr(inner, "toarray") else inner
    edge = matrix.T @ weight
    return np.block([[inner, edge[:, None]], [edge[None, :], np.atleast_2d(weight.sum())]]) + np.diag(penalty)


def _divide(bend: Floats, slope: Floats) -> Floats:
    try:
        return np.asarray(cho_solve(cho_factor(bend), slope))
    except LinAlgError:  # probabilities so near 0 and 1 that nothing bends any more
        return np.asarray(np.linalg.lstsq(bend, slope)[0])
