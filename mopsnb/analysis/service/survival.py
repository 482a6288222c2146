"""How long half of all requests, or nine in ten, take, where some are still open.

A request that is open has taken at least as long as it has waited. Leaving it out, or taking its wait for the whole
time, would make a team look fast. The estimate of Kaplan and Meier counts it for as long as it was seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from mopsnb.analysis.intervals import CONFIDENCE

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Quantile:
    """A time by which a share of requests is closed, with its 95% interval; NaN where it lies beyond what was seen."""

    value: float
    low: float
    high: float


def estimate_quantile(times: Floats, is_closed: Bools, share: float) -> Quantile:
    """Return the time by which a share of requests is closed.

    The share still open after time t is estimated as ``S(t) = Π (1 − closed ÷ at risk)`` over the times up to t. The
    quantile is the first time with ``S(t) ≤ 1 − share``. Its limits are the first times at which the lower and the
    upper limit of S are; those limits are on the scale of log(−log S), with Greenwood's variance.

    Parameters
    ----------
    times
        How long each request took, or has waited so far; shape (n,).
    is_closed
        Which of them are closed, shape (n,).
    share
        Between 0 and 1: 0.5 for the median.

    References
    ----------
    Kaplan, E. L. and Meier, P. (1958). Nonparametric estimation from incomplete observations. Journal of the American
    Statistical Association 53, 457–481.
    Brookmeyer, R. and Crowley, J. (1982). A confidence interval for the median survival time. Biometrics 38, 29–41.

    Examples
    --------
    >>> estimate_quantile(np.array([1.0, 2.0, 3.0, 4.0]), np.array([True] * 4), 0.5).value
    2.0
    """
    ends = np.unique(times[is_closed])
    ordered = np.sort(times)
    at_risk = len(times) - np.searchsorted(ordered, ends, side="left")
    closed_times = np.sort(times[is_closed])
    closed = np.searchsorted(closed_times, ends, side="right") - np.searchsorted(closed_times, ends, side="left")
    with np.errstate(divide="ignore", invalid="ignore"):
        still = np.cumprod(1 - closed / at_risk)
        still[closed == at_risk] = 0.0  # exactly: nobody is left
        spread = np.sqrt(np.cumsum(closed / (at_risk * (at_risk - closed)))) / np.abs(np.log(still))
        reach = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2) * spread
        lower, upper = still ** np.exp(reach), still ** np.exp(-reach)
    lower, upper = np.where(still == 0, 0.0, lower), np.where(still == 0, np.nan, upper)
    left = 1 - share + 1e-12
    return Quantile(_first(ends, still <= left), _first(ends, lower <= left), _first(ends, upper <= left))


def _first(times: Floats, reached: Bools) -> float:
    return float(times[int(np.argmax(reached))]) if reached.any() else math.nan
