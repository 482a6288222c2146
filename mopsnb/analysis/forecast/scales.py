"""Scales on which a metric's steps are alike: logarithm, log odds, square root, or the metric's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mopsnb.analysis.season import Floats


@dataclass(frozen=True, slots=True)
class Scale:
    """A way to measure a metric such that a step of a size means the same high and low.

    Parameters
    ----------
    name
        How a sentence names it.
    forward, back
        From the metric's unit to the scale, and back. Both only rise, so a median stays a median.
    """

    name: str
    forward: Callable[[Floats], Floats]
    back: Callable[[Floats], Floats]


def _from_root(values: Floats) -> Floats:
    return np.square(np.maximum(values, 0.0))


def _to_odds(values: Floats) -> Floats:
    return np.log(values) - np.log1p(-values)


def _from_odds(values: Floats) -> Floats:
    return 1 / (1 + np.exp(-values))


def _keep(values: Floats) -> Floats:
    return values


LOG = Scale("logarithm", np.log, np.exp)
ODDS = Scale("log odds", _to_odds, _from_odds)
ROOT = Scale("square root", np.sqrt, _from_root)
PLAIN = Scale("the metric's own scale", _keep, _keep)


def choose_scale(values: Floats, *, is_share: bool) -> Scale:
    """Return the scale that suits a series.

    Parameters
    ----------
    values
        The known values, none missing.
    is_share
        Whether the metric is a share of its base, and so can never leave 0 to 1.

    Returns
    -------
    Scale
        Log odds for a share that lies inside 0 to 1, the logarithm where every value is positive, the square
        root where some are 0 and none is negative, else the metric's own scale.
    """
    low, high = float(np.min(values)), float(np.max(values))
    if is_share and low > 0 and high < 1:
        return ODDS
    if low > 0:
        return LOG
    return ROOT if low == 0 else PLAIN
