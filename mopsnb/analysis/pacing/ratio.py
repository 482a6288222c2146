"""A ratio of two sums, and how sure it is from how much the parts differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 3  # parts without which differences say nothing
LEAST_BASE = 0.1  # a part's base counts as at least this share of the mean base when differences are weighed
# The 97.5% quantile of Student's t with 1, 2, … 30 degrees of freedom.
T_QUANTILES = (
    *(12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281),
    *(2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860),
    *(2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423),
)


@dataclass(frozen=True, slots=True)
class Ratio:
    """Sum over sum of several parts, usually months.

    Parameters
    ----------
    value
        Sum of the tops ÷ sum of the bases; NaN where the bases add up to 0.
    base
        The sum of the bases.
    count
        How many parts there were.
    variance
        The variance of a part's top around ``value × base``, per unit of base; NaN with fewer than `LEAST` parts, or
        where the tops add up to 0.
    """

    value: float
    base: float
    count: int
    variance: float

    def reach(self) -> float:
        """Return half the width of the 95% interval of the ratio; NaN where it cannot be told."""
        return self._find_quantile() * math.sqrt(self.variance / self.base) if self._is_sure() else math.nan

    def reach_ahead(self, base: float) -> float:
        """Return half the width of the 95% interval of a further sum of tops over a known base.

        It covers both that the ratio is not known exactly and that the further parts will differ from it.
        """
        if not self._is_sure() or base < 0:
            return math.nan
        return self._find_quantile() * math.sqrt(self.variance * base * (base / self.base + 1))

    def _is_sure(self) -> bool:
        return math.isfinite(self.variance) and self.base > 0

    def _find_quantile(self) -> float:
        return find_quantile(self.count - 1)


def find_quantile(freedom: int) -> float:
    """Return the 97.5% quantile of Student's t; beyond 30 degrees of freedom the one for 30, which is a hair wide."""
    return T_QUANTILES[min(freedom, len(T_QUANTILES)) - 1]


def estimate_ratio(tops: Sequence[float], bases: Sequence[float]) -> Ratio:
    """Return a ratio of two sums, with how much the parts differ from it.

    With ``R = Σ top ÷ Σ base`` the variance is ``Σ (top − R × base)² ÷ base ÷ (n − 1)``: a part with twice the base may
    differ by √2 as much. A base below a tenth of the mean counts as a tenth of it there, so that one odd small part
    does not rule.

    Parameters
    ----------
    tops, bases
        One number a part each; bases are not negative. Parts whose top and base are both 0 are left out.

    References
    ----------
    Cochran, W. G. (1977). Sampling Techniques, third edition, chapter 6 (the ratio estimator, and the model in which it
    is the best linear unbiased one).

    Examples
    --------
    >>> found = estimate_ratio([90, 110, 100, 120], [100, 100, 100, 100])
    >>> found.value, round(found.reach_ahead(200), 1)
    (1.05, 71.2)
    """
    pairs = [(top, base) for top, base in zip(tops, bases, strict=True) if top != 0 or base != 0]
    base = math.fsum(base for _, base in pairs)
    if base <= 0:
        return Ratio(math.nan, base, len(pairs), math.nan)
    value = math.fsum(top for top, _ in pairs) / base
    count = len(pairs)
    if count < LEAST or value <= 0:
        return Ratio(value, base, count, math.nan)
    least = LEAST_BASE * base / count
    squares = math.fsum((top - value * part) ** 2 / max(part, least) for top, part in pairs)
    return Ratio(value, base, count, squares / (count - 1))
