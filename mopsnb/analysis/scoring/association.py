"""How a grouped column goes with the outcome, comparing leads of the same period with each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import chdtrc

from mopsnb.analysis.scoring.values import Bools, Floats, Ints


class Comparison(NamedTuple):
    """Whether groups differ: the statistic, its degrees of freedom, and the probability of so much by chance."""

    statistic: float
    freedom: int
    probability: float


NOTHING = Comparison(0.0, 0, 1.0)


@dataclass(frozen=True, slots=True)
class Crosstab:
    """Leads and conversions by period and group.

    Parameters
    ----------
    leads
        How many leads, shape (periods, groups).
    conversions
        How many of them converted, shape (periods, groups).
    """

    leads: Floats
    conversions: Floats

    @property
    def sizes(self) -> Floats:
        """Leads of each group, shape (groups,)."""
        return np.asarray(self.leads.sum(axis=0))

    @property
    def hits(self) -> Floats:
        """Conversions of each group, shape (groups,)."""
        return np.asarray(self.conversions.sum(axis=0))

    @property
    def expected(self) -> Floats:
        """Conversions of each group if it converted like all leads of the same periods, shape (groups,)."""
        rates = self.conversions.sum(axis=1) / np.maximum(self.leads.sum(axis=1), 1)
        return np.asarray(rates @ self.leads)

    def merge(self, places: Ints) -> Crosstab:
        """Return the table with groups put together: ``places`` names each group's new one."""
        matrix = np.zeros((len(places), int(places.max()) + 1))
        matrix[np.arange(len(places)), places] = 1
        return Crosstab(self.leads @ matrix, self.conversions @ matrix)


def cross(groups: Ints, outcome: Bools, periods: Ints, count: int) -> Crosstab:
    """Count leads and conversions.

    Parameters
    ----------
    groups, outcome, periods
        Each lead's group, whether it converted, and its period; shape (leads,).
    count
        How many groups there are.
    """
    blocks = int(periods.max()) + 1 if len(periods) else 1
    key = periods * count + groups
    leads = np.bincount(key, minlength=blocks * count).reshape(blocks, count)
    conversions = np.bincount(key[outcome], minlength=blocks * count).reshape(blocks, count)
    return Crosstab(leads.astype(np.float64), conversions.astype(np.float64))


def compare_groups(table: Crosstab, least: int) -> Comparison:
    """Return whether groups differ, and the probability of differences at least this large if there were none.

    The generalized Cochran-Mantel-Haenszel statistic for general association: conversions minus what the
    period's rate expects, summed over periods, against their hypergeometric covariance. It follows a
    chi-squared distribution with (groups - 1) degrees of freedom. Comparing within periods keeps a change of
    the overall rate from passing as a trait of the lead.

    Parameters
    ----------
    table
        Leads and conversions by period and group.
    least
        Groups with fewer leads are put together first.

    Returns
    -------
    Comparison
        With probability 1 where there is nothing to compare.

    References
    ----------
    Landis, J. R., Heyman, E. R., Koch, G. G. (1978). Average partial association in three-way contingency
    tables: a review and discussion of alternative tests. International Statistical Review 46, 237-254.
    """
    merged = _merge_rare(table, least)
    n, hits = merged.leads, merged.conversions.sum(axis=1)
    totals = n.sum(axis=1)
    usable = totals > 1
    n, hits, totals = n[usable], hits[usable], totals[usable]
    if n.shape[1] < 2 or not len(totals):
        return NOTHING
    difference = merged.conversions[usable].sum(axis=0) - (hits / totals) @ n
    weight = hits * (totals - hits) / (totals**2 * (totals - 1))
    spread = np.diag((weight * totals) @ n) - (n * weight[:, None]).T @ n
    freedom = int(np.linalg.matrix_rank(spread, hermitian=True))
    if freedom < 1:
        return NOTHING
    statistic = max(float(difference @ np.linalg.pinv(spread, hermitian=True) @ difference), 0.0)
    return Comparison(statistic, freedom, float(chdtrc(freedom, statistic)))


def _merge_rare(table: Crosstab, least: int) -> Crosstab:
    sizes = table.sizes
    rare = sizes < least
    if not rare.any() or rare.all():
        return table if not rare.all() else table.merge(np.zeros(len(sizes), dtype=np.int64))
    places = np.cumsum(~rare) - 1
    largest = int(places[int(np.argmax(sizes))])
    own = sizes[rare].sum() >= least
    return table.merge(np.where(rare, places.max() + 1 if own else largest, places).astype(np.int64))


def adjust_holm(probabilities: Sequence[float]) -> list[float]:
    """Return p-values adjusted for their number, so that together they err at the stated rate.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of
    Statistics 6, 65-70.

    Examples
    --------
    >>> adjust_holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    count = len(probabilities)
    order = sorted(range(count), key=lambda place: probabilities[place])
    adjusted, highest = [1.0] * count, 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (count - rank) * probabilities[place]))
        adjusted[place] = highest
    return adjusted


def separate(table: Crosstab) -> float:
    """Return how well a column alone ranks leads of the same period: an AUC from 0.5 to 1.

    Groups are ranked by their conversions over what their periods expect. The AUC is the share of pairs of a
    converted and an unconverted lead of one period that this ranks rightly; ties count half.
    """
    lift = table.hits / np.maximum(table.expected, 1e-12)
    order = np.argsort(lift, kind="stable")
    hits, misses = table.conversions[:, order], (table.leads - table.conversions)[:, order]
    below = np.cumsum(misses, axis=1) - misses
    right = (hits * (below + misses / 2)).sum()
    pairs = (hits.sum(axis=1) * misses.sum(axis=1)).sum()
    return float(right / pairs) if pairs else 0.5
