"""Ways to hold leads out: shuffled folds, the newest fifth, and blocks of time one after the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import StratifiedKFold

from mopsnb.analysis.scoring.samples import slice_equally
from mopsnb.analysis.scoring.values import Bools, Ints

OLDER = 0.8  # the share of leads that are learned from in time order
COHORTS = 6  # equal blocks of time; each but the first is predicted from all before it


@dataclass(frozen=True, slots=True)
class Split:
    """One way to hold leads out.

    Parameters
    ----------
    name
        ``cv``, ``time`` or ``cohort``.
    blocks
        Positions of the leads to learn from and of those that are held out.
    """

    name: str
    blocks: tuple[tuple[Ints, Ints], ...]


def cut_newest(leads: int) -> int:
    """Return the position of the first lead of the newest fifth."""
    return int(leads * OLDER)


def make_splits(outcome: Bools, *, folds: int, seed: int) -> tuple[Split, Split, Split]:
    """Return the shuffled, the time-ordered and the cohort split.

    Parameters
    ----------
    outcome
        Who converted, in time order; shape (leads,).
    folds
        How many shuffled folds, each with the same share of conversions.
    seed
        Decides the shuffling.
    """
    rows = np.arange(len(outcome))
    shuffled = StratifiedKFold(folds, shuffle=True, random_state=seed).split(rows[:, None], outcome)
    cut = cut_newest(len(outcome))
    block = slice_equally(len(outcome), COHORTS)
    return (
        Split("cv", tuple((np.asarray(learn), np.asarray(held)) for learn, held in shuffled)),
        Split("time", ((rows[:cut], rows[cut:]),)),
        Split("cohort", tuple((rows[block < turn], rows[block == turn]) for turn in range(1, COHORTS))),
    )
