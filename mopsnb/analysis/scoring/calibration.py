"""From points to a probability: as the newest leads convert, with an interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from mopsnb.analysis.frames import NUMBER, WHOLE, build_frame
from mopsnb.analysis.intervals import estimate_wilson
from mopsnb.analysis.scoring.card import Card
from mopsnb.analysis.scoring.quality import Z
from mopsnb.analysis.scoring.values import Bools, Floats, Ints

BANDS = 5
PROBABILITY_COLUMNS = {"score": WHOLE, "probability": NUMBER, "low": NUMBER, "high": NUMBER, "leads": WHOLE}
BAND_COLUMNS = {
    **{"band": WHOLE, "score_from": WHOLE, "score_to": WHOLE, "leads": WHOLE, "conversions": WHOLE},
    **{"rate": NUMBER, "low": NUMBER, "high": NUMBER, "predicted": NUMBER},
}
_WEAK = np.diag([0.0, 0.05])  # keeps the slope finite where a score separates a few leads fully


@dataclass(frozen=True)
class Calibration:
    """How log-odds of the card become a probability: ``1 / (1 + exp(-(intercept + slope × log-odds)))``.

    Parameters
    ----------
    intercept, slope
        Of Platt's line.
    covariance
        Of the two, shape (2, 2).
    """

    intercept: float
    slope: float
    covariance: Floats

    def read(self, odds: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the probability at log-odds and the limits of its 95% interval, shapes as ``odds``."""
        line = self.intercept + self.slope * odds
        spread = self.covariance
        variance = spread[0, 0] + 2 * odds * spread[0, 1] + odds**2 * spread[1, 1]
        reach = Z * np.sqrt(np.maximum(variance, 0.0))
        return expit(line), expit(line - reach), expit(line + reach)


def fit_calibration(odds: Floats, outcome: Bools) -> Calibration:
    """Return the line from log-odds to the log-odds of what happened, fitted by Newton's method.

    The interval follows from the information matrix by the delta method.

    Parameters
    ----------
    odds
        The card's log-odds for leads that were held out when it was made, shape (leads,).
    outcome
        Who of them converted.

    References
    ----------
    Platt, J. (1999). Probabilistic outputs for support vector machines and comparisons to regularized likelihood
    methods. Advances in Large Margin Classifiers, 61-74.
    Cox, D. R. (1958). Two further applications of a model for binary regression. Biometrika 45, 562-565.
    """
    matrix = np.column_stack([np.ones(len(odds)), odds])
    weights = np.array([0.0, 1.0])
    for _ in range(50):
        fitted = expit(matrix @ weights)
        slope = matrix.T @ (outcome - fitted) - _WEAK @ (weights - [0.0, 1.0])
        step = np.linalg.solve(_curve(matrix, fitted), slope)
        weights = weights + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-10:
            break
    covariance = np.asarray(np.linalg.inv(_curve(matrix, expit(matrix @ weights))), dtype=np.float64)
    return Calibration(float(weights[0]), float(weights[1]), covariance)


def tabulate_probabilities(card: Card, calibration: Calibration, scores: Ints) -> pd.DataFrame:
    """Return the probability at each score that a lead can have: score, probability, low, high, leads.

    Parameters
    ----------
    card, calibration
        The points card and its calibration.
    scores
        The scores of all leads.
    """
    every = np.arange(card.highest + 1)
    parts = calibration.read(card.read_odds(every))
    leads = np.bincount(scores, minlength=len(every))
    rows = [dict(zip(PROBABILITY_COLUMNS, values)) for values in zip(every, *parts, leads)]
    return build_frame(rows, PROBABILITY_COLUMNS)


def tabulate_bands(card: Card, calibration: Calibration, odds: Floats, outcome: Bools) -> pd.DataFrame:
    """Return what was predicted and what happened, by fifths of the held-out leads by score.

    Parameters
    ----------
    card, calibration
        The points card and its calibration.
    odds, outcome
        The log-odds of held-out leads and who of them converted. Log-odds from a card that left a lead out are
        read as the score at which the final card has the same.

    Returns
    -------
    pandas.DataFrame
        band (1 has the lowest scores), score_from, score_to, leads, conversions, rate with its Wilson interval low to
        high, predicted (mean calibrated probability).
    """
    if not card.slope or not len(odds):
        return build_frame([], BAND_COLUMNS)
    score = np.clip(np.rint((odds - card.intercept) / card.slope), 0, card.highest).astype(np.int64)
    edges = np.unique(np.sort(score)[np.arange(1, BANDS) * len(score) // BANDS])
    bands = np.searchsorted(edges, score, side="right")
    predicted = calibration.read(odds)[0]
    rows = []
    for number, band in enumerate(np.unique(bands), start=1):
        inside = bands == band
        leads, hits = int(inside.sum()), int(outcome[inside].sum())
        low, high = estimate_wilson(hits, leads)
        row = {"band": number, "score_from": score[inside].min(), "score_to": score[inside].max(), "leads": leads}
        row |= {"conversions": hits, "rate": hits / leads, "low": low, "high": high}
        rows.append(row | {"predicted": predicted[inside].mean()})
    return build_frame(rows, BAND_COLUMNS)


def _curve(matrix: Floats, fitted: Floats) -> Floats:
    return np.asarray((matrix * (fitted * (1 - fitted))[:, None]).T @ matrix + _WEAK)
