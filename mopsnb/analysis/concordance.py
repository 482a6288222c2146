"""How far several people rank the same things alike: Kendall's coefficient of concordance W."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

EXACT_MOST = 20_000  # arrangements that are listed one by one
DRAWS = 9_999  # of a permutation test; its smallest p-value is then 0.0001
CHI_SQUARE_FROM = 8  # things ranked: from here on the chi-square approximation is good (Siegel and Castellan)
TOLERANCE = 1e-9

Method = Literal["exact", "permutation", "chi-square", ""]


@dataclass(frozen=True, slots=True)
class Concordance:
    """How far rankings agree.

    Parameters
    ----------
    w
        0: no agreement beyond what chance evens out; 1: all alike. NaN where it is not defined.
    chi_square
        m (n − 1) W.
    p_value
        How often W would be at least as large if everybody ranked at random.
    method
        How the p-value was found; empty where there is none.
    raters, items
        m and n.
    """

    w: float
    chi_square: float
    p_value: float
    method: Method
    raters: int
    items: int


def measure_concordance(ranks: Sequence[Sequence[float]]) -> Concordance:
    """Return Kendall's W of rankings, corrected for ties, with its p-value.

    ``W = (12 Σ R² − 3 m² n (n + 1)²) ÷ (m² n (n² − 1) − m Σ (t³ − t))``, where R is the sum of the ranks of one thing,
    and t the size of each group of ties of each rater. The p-value is exact where all arrangements can be listed, from
    a permutation test with a fixed seed for fewer than eight things, else from chi-square with n − 1 degrees of
    freedom.

    Parameters
    ----------
    ranks
        One row a rater, one column a thing; tied things share the mean of their ranks.

    Returns
    -------
    Concordance
        Without two raters and two things, or where everybody ties everything, W is NaN.

    Raises
    ------
    ValueError
        The rows differ in length, or a row does not add up to n (n + 1) ÷ 2, as ranks with mean ties do.

    References
    ----------
    Kendall, M. G., and Babington Smith, B. (1939). The problem of m rankings. Annals of Mathematical Statistics 10.
    Siegel, S., and Castellan, N. J. (1988). Nonparametric statistics for the behavioral sciences, 2nd ed., 9.3.

    Examples
    --------
    >>> measure_concordance([[1, 2, 3], [1, 2, 3], [1, 2, 3]]).w
    1.0
    """
    raters, items = len(ranks), len(ranks[0]) if ranks else 0
    if any(len(row) != items for row in ranks):
        raise ValueError("every rater ranks the same things")
    if any(abs(math.fsum(row) - items * (items + 1) / 2) > TOLERANCE for row in ranks):
        raise ValueError(f"the ranks of {items} things add up to {items * (items + 1) / 2:g}, ties with their mean")
    nothing = Concordance(math.nan, math.nan, math.nan, "", raters, items)
    if raters < 2 or items < 2:
        return nothing
    table = np.asarray(ranks, dtype="float64")
    ties = sum(float((counts**3 - counts).sum()) for counts in (np.unique(row, return_counts=True)[1] for row in table))
    most = raters**2 * items * (items**2 - 1) - raters * ties
    if most <= TOLERANCE:
        return nothing
    base = 3 * raters**2 * items * (items + 1) ** 2
    w = (12 * float((table.sum(axis=0) ** 2).sum()) - base) / most
    chi_square = raters * (items - 1) * w
    p_value, method = _find_p(table, chi_square)
    return Concordance(float(min(1.0, max(0.0, w))), chi_square, p_value, method, raters, items)


def rank_list(named: Sequence[str], items: Sequence[str]) -> list[float]:
    """Return the rank of each item of a list in which somebody named some of them, the first one first.

    Items that the list does not name are tied behind those that it names.

    Examples
    --------
    >>> rank_list(["b"], ["a", "b", "c"])
    [2.5, 1.0, 2.5]
    """
    places = {name: place + 1.0 for place, name in enumerate(dict.fromkeys(named))}
    last = (len(places) + 1 + len(items)) / 2
    return [places.get(item, last) for item in items]


def _find_p(table: np.ndarray, chi_square: float) -> tuple[float, Method]:
    raters, items = table.shape
    observed = float((table.sum(axis=0) ** 2).sum()) - TOLERANCE
    # The first row may stay: only how the others stand to it matters.
    if math.factorial(items) ** (raters - 1) <= EXACT_MOST:
        orders = [np.array(list(itertools.permutations(row))) for row in table[1:]]
        sums = table[:1]
        for rows in orders:
            sums = (sums[:, None, :] + rows[None, :, :]).reshape(-1, items)
        return float(((sums**2).sum(axis=1) >= observed).mean()), "exact"
    if items < CHI_SQUARE_FROM:
        random = np.random.default_rng(1939)
        sums = np.zeros((DRAWS, items)) + table[0]
        for row in table[1:]:
            sums += random.permuted(np.tile(row, (DRAWS, 1)), axis=1)
        return float((((sums**2).sum(axis=1) >= observed).sum() + 1) / (DRAWS + 1)), "permutation"
    from scipy.special import chdtrc  # scipy.stats takes a second to load

    return float(chdtrc(items - 1, chi_square)), "chi-square"
