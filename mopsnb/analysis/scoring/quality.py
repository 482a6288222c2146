"""How good probabilities are: ranking, squared error, calibration and lift, each with its 95% interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

from mopsnb.analysis.intervals import CONFIDENCE, estimate_wilson
from mopsnb.analysis.scoring.values import Bools, Floats, Ints

Z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
TOP = 0.1
CALIBRATION_GROUPS = 10
DRAWS = 1000
MEASURES = ("auc", "brier", "ece", "lift_at_10")


class Block(NamedTuple):
    """Held-out leads: who converted, and the probability that a model gave."""

    outcome: Bools
    probability: Floats


class Estimate(NamedTuple):
    """A figure with the limits of its 95% interval; NaN where it cannot be worked out."""

    value: float
    low: float
    high: float


UNKNOWN = Estimate(math.nan, math.nan, math.nan)


def measure_auc(blocks: Sequence[Block]) -> Estimate:
    """Return the area under the ROC curve, averaged over blocks.

    It is the chance that a converted lead has a higher probability than an unconverted one of the same block; ties
    count half. 0.5 is chance. The interval is the AUC ± 1.96 standard errors after DeLong.

    Parameters
    ----------
    blocks
        Held-out leads. Blocks in which all or none converted are left out.

    References
    ----------
    DeLong, E. R., DeLong, D. M., Clarke-Pearson, D. L. (1988). Comparing the areas under two or more correlated
    receiver operating characteristic curves. Biometrics 44, 837-845.
    Sun, X., Xu, W. (2014). Fast implementation of DeLong's algorithm. IEEE Signal Processing Letters 21, 1389-1393.
    """
    parts = [_delong(block) for block in blocks if block.outcome.any() and not block.outcome.all()]
    if not parts:
        return UNKNOWN
    value = math.fsum(auc for auc, _ in parts) / len(parts)
    reach = Z * math.sqrt(math.fsum(variance for _, variance in parts)) / len(parts)
    return Estimate(value, max(0.0, value - reach), min(1.0, value + reach))


def measure_brier(blocks: Sequence[Block]) -> Estimate:
    """Return the mean squared difference of probability and outcome; 0 is perfect.

    The interval is the mean ± 1.96 standard errors.

    References
    ----------
    Brier, G. W. (1950). Verification of forecasts expressed in terms of probability. Monthly Weather Review 78, 1-3.
    """
    outcome, probability = _pool(blocks)
    if len(outcome) < 2:
        return UNKNOWN
    errors = (probability - outcome) ** 2
    value, reach = float(errors.mean()), Z * float(errors.std(ddof=1)) / math.sqrt(len(errors))
    return Estimate(value, max(0.0, value - reach), value + reach)


def measure_ece(blocks: Sequence[Block], seed: int) -> Estimate:
    """Return the expected calibration error: by how much probabilities miss the conversion rate on average.

    Leads are put into 10 groups of about equal size by their probability; the error is the mean absolute difference of
    the group's mean probability and its conversion rate. Perfect probabilities have an error
    above 0 by chance. The interval is a percentile bootstrap of the group means, stretched to hold the value.

    Parameters
    ----------
    blocks
        Held-out leads.
    seed
        Decides the bootstrap's draws.

    References
    ----------
    Naeini, M. P., Cooper, G. F., Hauskrecht, M. (2015). Obtaining well calibrated probabilities using Bayesian
    binning. AAAI Conference on Artificial Intelligence 29.
    """
    outcome, probability = _pool(blocks)
    if len(outcome) < CALIBRATION_GROUPS:
        return UNKNOWN
    sums, spreads = _group_errors(outcome, probability)
    value = float(np.abs(sums).sum() / len(outcome))
    noise = np.random.default_rng(seed).standard_normal((DRAWS, len(sums)))
    drawn = np.abs(sums + noise * spreads).sum(axis=1) / len(outcome)
    low, high = np.quantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Estimate(value, min(value, float(low)), max(value, float(high)))


def chance_ece(blocks: Sequence[Block], seed: int) -> float:
    """Return the calibration error that perfect probabilities stay below in 95 of 100 samples of this size."""
    outcome, probability = _pool(blocks)
    if not len(outcome):
        return math.nan
    groups = _group(probability)
    spreads = np.sqrt(np.bincount(groups, probability * (1 - probability)))
    noise = np.random.default_rng(seed).standard_normal((DRAWS, len(spreads)))
    return float(np.quantile(np.abs(noise * spreads).sum(axis=1) / len(outcome), CONFIDENCE))


def measure_lift(blocks: Sequence[Block]) -> Estimate:
    """Return how many times the usual conversion rate the tenth of leads with the highest probability has.

    The tenth is taken within each block. Leads with the same probability share its last places. The interval is
    Wilson's for the tenth, divided by the usual rate.
    """
    hits = top = usual = 0.0
    for outcome, probability in blocks:
        size = TOP * len(outcome)
        hits += _count_top(outcome, probability, size)
        top += size
        usual += size * float(outcome.mean()) if len(outcome) else 0.0
    if not usual:
        return UNKNOWN
    low, high = estimate_wilson(min(hits, top), top)
    return Estimate(hits / usual, low * top / usual, high * top / usual)


def measure_all(blocks: Sequence[Block], seed: int) -> dict[str, Estimate]:
    """Return every measure by name: auc, brier, ece, lift_at_10."""
    values = (measure_auc(blocks), measure_brier(blocks), measure_ece(blocks, seed), measure_lift(blocks))
    return dict(zip(MEASURES, values))


def _delong(block: Block) -> tuple[float, float]:
    won = block.outcome
    ranks = rankdata(block.probability)
    hits, misses = int(won.sum()), int((~won).sum())
    above = (ranks[won] - rankdata(block.probability[won])) / misses
    below = 1 - (ranks[~won] - rankdata(block.probability[~won])) / hits
    variance = sum(float(part.var(ddof=1)) / len(part) for part in (above, below) if len(part) > 1)
    return float(above.mean()), variance


def _pool(blocks: Sequence[Block]) -> tuple[Bools, Floats]:
    if not blocks:
        return np.empty(0, dtype=bool), np.empty(0)
    return np.concatenate([block.outcome for block in blocks]), np.concatenate([block.probability for block in blocks])


def _group(probability: Floats) -> Ints:
    places = np.arange(1, CALIBRATION_GROUPS) * len(probability) // CALIBRATION_GROUPS
    edges = np.unique(np.sort(probability)[places])
    return np.searchsorted(edges, probability, side="right")


def _group_errors(outcome: Bools, probability: Floats) -> tuple[Floats, Floats]:
    """Return each group's sum of outcome minus probability, and the standard deviation of that sum."""
    groups = _group(probability)
    errors = outcome - probability
    sums, leads = np.bincount(groups, errors), np.maximum(np.bincount(groups), 1)
    spread = np.sqrt(np.maximum(np.bincount(groups, errors**2) - sums**2 / leads, 0.0))
    return np.asarray(sums, dtype=np.float64), np.asarray(spread, dtype=np.float64)


def _count_top(outcome: Bools, probability: Floats, size: float) -> float:
    if not len(outcome):
        return 0.0
    last = np.sort(probability)[::-1][min(math.ceil(size), len(outcome)) - 1]
    above, level = probability > last, probability == last
    return float(outcome[above].sum() + (size - above.sum()) * outcome[level].mean())
