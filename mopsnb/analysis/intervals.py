"""How sure a figure is: intervals for proportions and limits for a series of months."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

LIMIT_FACTOR = 2.66  # 3 / 1.128: three standard deviations, estimated from ranges of two values
RANGE_TO_SIGMA = 1.128  # the mean range of two normal values, in standard deviations
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """The usual range of a series, and what it was worked out from.

    Parameters
    ----------
    center
        The mean of the values, in the values' unit.
    low, high
        The natural process limits, in the values' unit; NaN where they cannot be worked out.
    mean_moving_range
        The mean absolute difference between neighboring values, in the values' unit.
    count
        How many values there were.
    """

    center: float
    low: float
    high: float
    mean_moving_range: float
    count: int

    def place(self, value: float) -> str:
        """Return ``above``, ``below`` or ``inside``; empty where the limits or the value are missing."""
        if math.isnan(self.low) or math.isnan(self.high) or math.isnan(value):
            return ""
        if value > self.high:
            return "above"
        return "below" if value < self.low else "inside"


def estimate_wilson(successes: float, trials: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the Wilson score interval of a proportion.

    With ``p = successes / trials`` and ``z`` the normal quantile (1.96 for 95%), the limits are
    ``(p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)``, without continuity correction.

    Parameters
    ----------
    successes
        How many of the trials had the property, from 0 to ``trials``.
    trials
        The base of the proportion; more than 0.
    confidence
        The share of such intervals that hold the true proportion, between 0 and 1.

    Returns
    -------
    tuple of float
        Lower and upper limit as fractions from 0 to 1. Both are NaN where a number is missing, the base
        is 0, or the successes lie outside the base, because then there is no proportion.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22, 209–212.

    Examples
    --------
    >>> low, high = estimate_wilson(81, 263)
    >>> round(low, 4), round(high, 4)
    (0.2553, 0.3662)
    """
    if not (math.isfinite(successes) and math.isfinite(trials)) or trials <= 0 or not 0 <= successes <= trials:
        return math.nan, math.nan
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = successes / trials
    middle = share + z * z / (2 * trials)
    reach = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    # At the ends of the scale the limit is exactly 0 or 1; rounding would leave it a hair off.
    low = 0.0 if successes == 0 else (middle - reach) / scale
    high = 1.0 if successes == trials else (middle + reach) / scale
    return low, high


def measure_ranges(values: Iterable[float]) -> list[float]:
    """Return the moving ranges: absolute differences of neighbors, both of which are known.

    A gap (NaN) breaks the chain: no range spans it, because the two values beside it are not neighbors.
    """
    series = [float(value) for value in values]
    steps = (abs(after - before) for before, after in itertools.pairwise(series))
    return [step for step in steps if math.isfinite(step)]


def estimate_limits(values: Sequence[float]) -> ProcessLimits:
    """Return the natural process limits of a series of single values (an XmR chart).

    The limits are ``mean ± 2.66 × mean moving range``. They hold nearly all values of a process in which
    nothing has changed, whatever its distribution. Where no value is negative, no limit is.

    Parameters
    ----------
    values
        One value a period in time order; NaN where it is missing.

    Returns
    -------
    ProcessLimits
        With NaN limits where there are no two neighboring values.

    References
    ----------
    Shewhart, W. A. (1931). Economic Control of Quality of Manufactured Product.
    Wheeler, D. J. (1993). Understanding Variation: The Key to Managing Chaos, the formulas for
    individual values and moving ranges (2.66 = 3 / 1.128).

    Examples
    --------
    >>> limits = estimate_limits([10.0, 12.0, 11.0, 13.0])
    >>> round(limits.low, 2), limits.center, round(limits.high, 2)
    (7.07, 11.5, 15.93)
    """
    known = [float(value) for value in values if math.isfinite(value)]
    ranges = measure_ranges(values)
    center = math.fsum(known) / len(known) if known else math.nan
    if not ranges:
        return ProcessLimits(center, math.nan, math.nan, math.nan, len(known))
    mean_range = math.fsum(ranges) / len(ranges)
    low, high = center - LIMIT_FACTOR * mean_range, center + LIMIT_FACTOR * mean_range
    if min(known) >= 0:
        low = max(low, 0.0)
    return ProcessLimits(center, low, high, mean_range, len(known))


def estimate_mean_interval(mean: float, mean_moving_range: float, count: int) -> tuple[float, float]:
    """Return the 95% interval of a mean of months, from the usual difference between neighboring months.

    The standard deviation of one month is taken as ``mean moving range / 1.128``; the limits are
    ``mean ± 1.96 × that / √count``.

    Parameters
    ----------
    mean
        The mean level of the months, in the metric's unit.
    mean_moving_range
        The mean absolute difference between neighboring months, in the same unit.
    count
        How many months the mean covers; more than 0.

    Returns
    -------
    tuple of float
        Lower and upper limit, both NaN where a number is missing.
    """
    if count <= 0 or not (math.isfinite(mean) and math.isfinite(mean_moving_range)):
        return math.nan, math.nan
    z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
    reach = z * mean_moving_range / RANGE_TO_SIGMA / math.sqrt(count)
    return mean - reach, mean + reach
