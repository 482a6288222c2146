"""Whether the owners of one agreement differ by more than chance explains."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mopsnb.analysis.frames import Row, list_rows, read_number
from mopsnb.analysis.season import Floats
from mopsnb.analysis.service.attainment import FEW
from mopsnb.analysis.wording import FormatValue, count_things, format_plainly

DRAWS = 9_999
SEED = 20_260_103
CLEAR = 0.01  # below it, chance hardly makes such differences


def compare_owners(owners: pd.DataFrame, agreement: str) -> float:
    """Return the chance that owners who all keep an agreement alike differ as much as they do; NaN for too little.

    A permutation test: the broken promises of all owners together are dealt out anew, 9,999 times, to the owners'
    decided requests. The chance is the share of deals, the real one included, whose chi-square statistic
    ``Σ (broken − expected)² ÷ expected`` is at least that of the real one. It holds for few requests too.

    Parameters
    ----------
    owners
        What `rate_owners` returned.
    agreement
        The agreement's id.

    References
    ----------
    Good, P. I. (2005). Permutation, Parametric, and Bootstrap Tests of Hypotheses, chapter on contingency tables.
    """
    mine = owners[(owners["agreement"] == agreement) & (owners["counted"] > 0)]
    sizes, kept = (mine[name].to_numpy(dtype=np.int64) for name in ("counted", "in_time"))
    broken = int(sizes.sum() - kept.sum())
    if len(sizes) < 2 or sizes.sum() < FEW or not 0 < broken < sizes.sum():
        return float("nan")
    source = np.random.default_rng(SEED)
    drawn = source.multivariate_hypergeometric(sizes, broken, DRAWS, method="marginals")
    expected = sizes * broken / sizes.sum()
    real = _measure((sizes - kept)[None, :], expected)[0]
    return float((1 + np.sum(_measure(drawn, expected) >= real - 1e-9)) / (1 + DRAWS))


def describe_owners(owners: pd.DataFrame, *, format_value: FormatValue = format_plainly) -> str:
    """Return, for each agreement with several owners, whether chance can make their differences; plain text.

    Parameters
    ----------
    owners
        What `rate_owners` returned.
    format_value
        Turns a value and its unit into text.
    """
    told = []
    for agreement, mine in owners.groupby("agreement", sort=False):
        chance = compare_owners(owners, str(agreement))
        if np.isnan(chance):
            continue
        rows = [row for row in list_rows(mine) if read_number(row["counted"]) > 0]
        who, name = count_things(len(rows), "owner"), f"“{mine['name'].iloc[0]}”"
        share = "p-value below 0.001" if chance < 0.001 else f"p-value {chance:.2g}"
        if chance < CLEAR:
            least = min((row for row in rows if read_number(row["counted"]) >= FEW), key=_read_share, default=rows[0])
            lowest = f"{least['owner']} keeps it least often, {format_value(_read_share(least), 'fraction')}"
            told.append(f"{name}: its {who} differ by more than chance explains ({share}); {lowest}.")
        else:
            told.append(f"{name}: chance alone can make the differences of its {who} ({share}).")
    return " ".join(told)


def _measure(broken: NDArray[np.int64], expected: Floats) -> Floats:
    """Return the chi-square statistic of each row, up to a factor that all rows share."""
    return np.asarray(np.sum((broken - expected) ** 2 / expected, axis=1))


def _read_share(row: Row) -> float:
    return read_number(row["kept"])
