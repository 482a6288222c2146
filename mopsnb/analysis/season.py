"""The season of a metric: what each calendar month usually adds, and whether there is such a pattern at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
YEAR = 12
FAR = 4.0  # robust standard deviations from which on a value is no part of the season


@dataclass(frozen=True, slots=True)
class Season:
    """What each place in the cycle adds to the level.

    Parameters
    ----------
    effects
        One number a place, on the scale of the values; they add up to 0. Shape (period,).
    ratio
        Variance between the places divided by the variance within them (F); NaN where it cannot be known.
    between, within
        The degrees of freedom of the two.
    """

    effects: Floats
    ratio: float
    between: int
    within: int

    @property
    def kept(self) -> float:
        """The share of the raw effects that is kept: ``max(0, 1 − 1/F)``; the rest may be chance."""
        return max(0.0, 1 - 1 / self.ratio) if self.ratio > 0 else 0.0

    @property
    def p_value(self) -> float:
        """How often chance alone makes effects as large as these; 1 where that cannot be known."""
        from scipy.special import fdtrc

        return float(fdtrc(self.between, self.within, self.ratio)) if self.ratio > 0 else 1.0

    def tell(self, places: NDArray[np.int64]) -> Floats:
        """Return the effects at places in the cycle, 0 for the first value's place, shrunk by ``kept``."""
        return np.asarray(self.kept * self.effects[places % len(self.effects)])


def estimate_season(values: Floats, period: int = YEAR) -> Season:
    """Return the season of a series: regression on a straight line and one effect for each place in the cycle.

    Parameters
    ----------
    values
        The series on a scale on which effects add up; NaN where missing. The first value has place 0.
    period
        How many places the cycle has.

    Returns
    -------
    Season
        Zero effects where a place was never seen, or the values are too few to tell a season from noise
        (less than two cycles).

    References
    ----------
    The share kept is the positive-part James–Stein estimator: Efron, B. and Morris, C. (1973). Stein's
    estimation rule and its competitors, Journal of the American Statistical Association 68, 117–130.

    Examples
    --------
    >>> season = estimate_season(np.array([1.0, 3.0, 1.1, 2.9, 1.0, 3.1, 0.9, 3.0]), period=2)
    >>> season.effects.round(1).tolist()
    [-1.0, 1.0]
    """
    known = np.flatnonzero(np.isfinite(values))
    places = known % period
    none = Season(np.zeros(period), float("nan"), period - 1, 0)
    within = len(known) - period - 1
    if len(known) < 2 * period or len(np.unique(places)) < period or within < 1:
        return none
    full = np.hstack([_draw_line(known), (places[:, None] == np.arange(period)).astype(np.float64)])
    plain = np.hstack([_draw_line(known), np.ones((len(known), 1))])
    target = values[known]
    found, rest = _regress(full, target)
    _, whole = _regress(plain, target)
    gain = whole - rest
    effects = found[1:] - found[1:].mean()
    if rest <= 1e-12 * max(gain, 1e-300):
        return Season(effects, float("inf") if gain > 0 else float("nan"), period - 1, within)
    return Season(effects, gain / (period - 1) / (rest / within), period - 1, within)


def set_aside(values: Floats, period: int = YEAR, most: float = 0.125) -> Floats:
    """Return a series with NaN in place of values that no season explains, the farthest first.

    A value is compared with what the others say about its place in the cycle, because it would bend the
    season toward itself. It is set aside from four robust standard deviations (1.4826 × the median absolute
    difference) on, but never so many that a place of the cycle loses its second value.

    Parameters
    ----------
    values
        The series on a scale on which effects add up; NaN where missing.
    period
        How many places the cycle has.
    most
        The share of the values that may be set aside.
    """
    kept = values.copy()
    for _ in range(int(most * np.isfinite(values).sum())):
        known = np.flatnonzero(np.isfinite(kept))
        places = known % period
        full = np.hstack([_draw_line(known), (places[:, None] == np.arange(period)).astype(np.float64)])
        counts = np.bincount(places, minlength=period)
        if counts.min() < 2:
            return kept
        found, _ = _regress(full, kept[known])
        leverage = np.einsum("ij,ji->i", full, np.linalg.pinv(full))
        away = np.abs(kept[known] - full @ found) / np.maximum(1 - leverage, 1e-9)  # as if it had not been there
        usual = 1.4826 * float(np.median(away))
        away[counts[places] <= 2] = 0.0
        worst = int(np.argmax(away))
        if away[worst] <= FAR * usual:
            return kept
        kept[known[worst]] = np.nan
    return kept


def _draw_line(known: NDArray[np.int64]) -> Floats:
    return np.asarray((known - known.mean())[:, None])


def _regress(columns: Floats, target: Floats) -> tuple[Floats, float]:
    """Return the coefficients of least squares, and the sum of squared residuals."""
    found, *_ = np.linalg.lstsq(columns, target, rcond=None)
    return np.asarray(found, dtype=np.float64), float(np.sum(np.square(target - columns @ found)))
