"""With very many leads: which of them the score learns from and is tested on, and what that costs."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from mopsnb.analysis.scoring.values import Bools, Ints

ALL_LEADS = 50_000  # up to so many leads to learn from, all of them are used
SAMPLE_LEADS = 25_000  # of more, so many are drawn
SAMPLE_HITS = 2_500  # more are drawn where conversions are rare, so that so many of the rarer outcome are among them


def draw_sample(names: pd.Series, rows: Ints, learn: Ints, won: Bools) -> Ints:
    """Return the positions of the leads that models learn from and are tested on, ascending.

    They are all leads, or those whose names have the lowest hashes: a simple random sample that is the same in each
    run. Leads that come later push few of them out.

    Parameters
    ----------
    names
        What each record is called, such as its contact_id.
    rows
        Where each lead stands among the records, in time order.
    learn
        Positions of the leads that can be learned from, in time order.
    won
        Who of them converted.

    References
    ----------
    Cohen, E., Kaplan, H. (2007). Summarizing data using bottom-k sketches. PODC 26, 225-234.
    """
    rarer = min(int(won.sum()), int((~won).sum()))
    size = max(SAMPLE_LEADS, math.ceil(SAMPLE_HITS * len(learn) / max(rarer, 1)))
    if len(learn) <= max(size, ALL_LEADS):
        return learn
    hashes = pd.util.hash_array(names.astype("str").fillna("").to_numpy(dtype=object), categorize=False)
    drawn = np.argsort(hashes[rows[learn]], kind="stable")[:size]
    return learn[np.sort(drawn)]


def say_sample(learn: int, drawn: int) -> str:
    """Return what a sample means for the page; empty where all leads are used.

    Parameters
    ----------
    learn, drawn
        How many leads can be learned from, and how many of them are drawn.
    """
    if drawn == learn:
        return ""
    return (
        f"Of {learn:,} leads with a known outcome, the score learns from {drawn:,} and is tested on those alone."
        " Chance draws them by their ids, so they are the same in each run. Every lead gets a score."
        " Conversion rates by value count all leads."
        f" Because of the sample, the intervals of tests and probabilities are {math.sqrt(learn / drawn):.1f} times"
        " as wide as all leads would make them."
    )
