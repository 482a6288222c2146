"""Whether the leads can be ranked at all: enough data, and a signal that holds in time order."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np

from mopsnb.analysis.scoring.card import screen_attributes
from mopsnb.analysis.scoring.quality import Estimate, Z
from mopsnb.analysis.scoring.samples import make_sample
from mopsnb.analysis.scoring.splits import cut_newest
from mopsnb.analysis.scoring.values import Bools, Column
from mopsnb.analysis.wording import count_things, join_words

Answer = Literal["usable", "no usable signal", "too little data"]
LEAST_EACH = 100  # conversions, and leads that did not convert
LEAST_NEWEST = 10  # of each among the newest fifth, on which the score is tested
FAMILY = 0.01  # the chance that any attribute without signal passes in the older leads
SURE = NormalDist().inv_cdf(0.995)  # a 99% interval must lie above chance


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether leads can be ranked.

    Parameters
    ----------
    answer
        ``usable``, ``no usable signal`` or ``too little data``.
    reason
        Why, in one or two sentences.
    """

    answer: Answer
    reason: str


def check_amount(won: Bools) -> Verdict | None:
    """Return the verdict that there is too little data; None where there is enough.

    There must be 100 leads that converted and 100 that did not (Collins, Ogundimu and Altman, 2016, Statistics in
    Medicine 35, 214-226), and 10 of each among the newest fifth.

    Parameters
    ----------
    won
        Who of the leads to learn from converted, in time order.
    """
    newest = won[cut_newest(len(won)) :]
    counts = [
        (int(won.sum()), LEAST_EACH, "that converted"),
        (int((~won).sum()), LEAST_EACH, "that did not convert"),
        (int(newest.sum()), LEAST_NEWEST, "among the newest fifth that converted"),
        (int((~newest).sum()), LEAST_NEWEST, "among the newest fifth that did not convert"),
    ]
    short = [
        f"{count_things(count, 'lead')} {text} (at least {least})" for count, least, text in counts if count < least
    ]
    if not short:
        return None
    return Verdict("too little data", f"To rank leads there must be more of them. There are {join_words(short)}.")


def check_signal(columns: tuple[Column, ...], won: Bools, auc: Estimate) -> Verdict:
    """Return whether the score ranks leads better than chance in time order.

    Two looks that share no lead must agree: in the oldest four fifths at least one attribute goes with conversion,
    with a chance of 1% that any attribute without signal does; and the 99% interval of the points card's AUC in
    the newest fifth lies above 0.5. Without any signal both happen in fewer than 1 of 10,000 data sets.

    Parameters
    ----------
    columns, won
        The attributes of the leads to learn from, and who converted.
    auc
        The points card's AUC in the newest fifth, learned from the leads before, with its 95% interval.
    """
    cut = cut_newest(len(won))
    older = make_sample(won[:cut])
    screened = screen_attributes([column.take(np.arange(cut)) for column in columns], older)
    if min((item.probability for item in screened), default=1.0) >= FAMILY:
        reason = "In the older four fifths of the leads, no attribute goes with conversion more than chance explains."
        return Verdict("no usable signal", reason)
    reach = (auc.value - auc.low) / Z * SURE
    text = f"In time order the score has an AUC of {auc.value:.2f} ({auc.low:.2f} to {auc.high:.2f}); 0.5 is chance."
    if not auc.value - reach > 0.5:
        reason = f"{text} What holds among older leads does not hold clearly enough among the newest fifth."
        return Verdict("no usable signal", reason)
    return Verdict("usable", f"{text} It was learned from the older four fifths of the leads and tested on the newest.")
