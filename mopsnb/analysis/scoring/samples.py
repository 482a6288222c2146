"""The leads to learn from, and the periods within which they are compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mopsnb.analysis.scoring.values import Bools, Ints

PER_PERIOD = 25  # conversions a period should have
MOST_PERIODS = 20
GROUP_HITS = 5  # conversions that a group should have (Cochran, 1954, Biometrics 10, 417-451)
GROUP_LEAST = 20
GROUP_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Sample:
    """The leads to learn from, in time order.

    Parameters
    ----------
    outcome
        Who converted, shape (leads,).
    periods
        Each lead's period, shape (leads,).
    least
        How many leads a group needs, so that about five of them convert.
    """

    outcome: Bools
    periods: Ints
    least: int


def make_sample(outcome: Bools) -> Sample:
    """Return the leads to learn from with their periods, by who converted."""
    rarer = max(min(outcome.mean(), 1 - outcome.mean()), 1e-6) if len(outcome) else 1.0
    most = max(GROUP_LEAST, int(GROUP_SHARE * len(outcome)))
    return Sample(outcome, slice_time(outcome), int(np.clip(np.ceil(GROUP_HITS / rarer), GROUP_LEAST, most)))


def slice_time(outcome: Bools) -> Ints:
    """Return each lead's period: slices of equal size with enough conversions, at most 20; shape (leads,)."""
    rarer = min(int(outcome.sum()), int((~outcome).sum()))
    return slice_equally(len(outcome), int(np.clip(rarer // PER_PERIOD, 1, MOST_PERIODS)))


def slice_equally(leads: int, count: int) -> Ints:
    """Return each lead's slice of time: leads are in time order, and the slices have equal size; shape (leads,)."""
    return np.asarray(np.arange(leads) * count // max(leads, 1), dtype=np.int64)
