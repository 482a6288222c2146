"""Why shuffled cross-validation looks better than time order: how much of it is the calendar."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from mopsnb.analysis.frames import NUMBER, TEXT, build_frame
from mopsnb.analysis.intervals import estimate_wilson
from mopsnb.analysis.scoring.evaluation import CALENDAR, LOGISTIC, POINTS, Predictions, read_measure
from mopsnb.analysis.scoring.quality import Block, Estimate, measure_auc
from mopsnb.analysis.scoring.samples import slice_time
from mopsnb.analysis.scoring.splits import cut_newest
from mopsnb.analysis.scoring.values import Bools
from mopsnb.analysis.wording import format_plainly

GAP_COLUMNS = {"name": TEXT, "title": TEXT, "value": NUMBER, "low": NUMBER, "high": NUMBER, "unit": TEXT}
GAP = 0.03  # a smaller difference of AUC is no gap
MOST, PART = 0.5, 0.2  # the calendar's share of what is above chance


@dataclass(frozen=True, slots=True)
class Gap:
    """The figures behind the difference, and what they mean.

    Parameters
    ----------
    frame
        name, title, value, low, high, unit.
    share
        The part of the shuffled AUC above 0.5 that the calendar alone reaches, as a fraction.
    difference
        Shuffled AUC minus time-ordered AUC, of logistic regression.
    older, newest
        The conversion rate before and in the newest fifth, with Wilson intervals.
    reading
        The explanation in plain sentences.
    """

    frame: pd.DataFrame
    share: float
    difference: float
    older: Estimate
    newest: Estimate
    reading: str

    @property
    def matters(self) -> bool:
        """Whether shuffled cross-validation flatters the score."""
        return self.difference >= GAP or self.share >= MOST


def explain_gap(evaluation: pd.DataFrame, predictions: Predictions, won: Bools) -> Gap:
    """Return why the shuffled AUC and the time-ordered one differ.

    Parameters
    ----------
    evaluation, predictions
        The evaluation of all models and what they gave to held-out leads.
    won
        Who of the leads to learn from converted, in time order.
    """
    shuffled, ordered = (read_measure(evaluation, LOGISTIC, split) for split in ("cv", "time"))
    calendar = read_measure(evaluation, CALENDAR, "cv")
    card_shuffled, card_ordered = (read_measure(evaluation, POINTS, split) for split in ("cv", "time"))
    same = measure_same_period(predictions[POINTS, "time"][0])
    cut = cut_newest(len(won))
    older, newest = _rate(won[:cut]), _rate(won[cut:])
    listed = [
        ("auc_shuffled", "AUC, shuffled, logistic regression", shuffled, "ratio"),
        ("auc_time_ordered", "AUC in time order, logistic regression", ordered, "ratio"),
        ("auc_calendar_only", "AUC, shuffled, of the calendar alone", calendar, "ratio"),
        ("auc_card_shuffled", "AUC, shuffled, points card", card_shuffled, "ratio"),
        ("auc_card_time_ordered", "AUC in time order, points card", card_ordered, "ratio"),
        ("auc_card_same_period", "AUC among newest leads of the same period, points card", same, "ratio"),
        ("rate_older", "Conversion rate of the older four fifths", older, "fraction"),
        ("rate_newest", "Conversion rate of the newest fifth", newest, "fraction"),
    ]
    rows = [{"name": name, "title": title, "unit": unit, **value._asdict()} for name, title, value, unit in listed]
    above = shuffled.value - 0.5
    share = min(1.0, max(0.0, (calendar.value - 0.5) / above)) if above > 0.01 else 0.0
    gap = Gap(build_frame(rows, GAP_COLUMNS), share, shuffled.value - ordered.value, older, newest, "")
    reading = _read(gap, (shuffled, ordered, calendar), (card_ordered, same))
    return Gap(gap.frame, share, gap.difference, older, newest, reading)


def measure_same_period(block: Block) -> Estimate:
    """Return the AUC among held-out leads of the same stretch of time, averaged over stretches.

    Parameters
    ----------
    block
        Held-out leads in time order.
    """
    slices = slice_time(block.outcome)
    parts = [Block(block.outcome[slices == s], block.probability[slices == s]) for s in range(int(slices.max()) + 1)]
    return measure_auc(parts)


def _rate(won: Bools) -> Estimate:
    return Estimate(float(won.mean()), *estimate_wilson(int(won.sum()), len(won)))


def _read(gap: Gap, aucs: tuple[Estimate, Estimate, Estimate], card: tuple[Estimate, Estimate]) -> str:
    shuffled, ordered, calendar = aucs
    before, after = (format_plainly(rate.value, "fraction") for rate in (gap.older, gap.newest))
    text = (
        f"Shuffled cross-validation gives logistic regression an AUC of {shuffled.value:.3f};"
        f" in time order it is {ordered.value:.3f} ({ordered.low:.3f} to {ordered.high:.3f})."
    )
    if not gap.matters:
        return f"{text} The two agree: what the score has learned is not the calendar."
    text += (
        f" The calendar alone, which knows the time of a lead and nothing about the lead, reaches"
        f" {calendar.value:.3f} when shuffled: {_name_share(gap.share)}."
        f" The conversion rate went from {before} in the older four fifths to {after} in the newest fifth."
    )
    if not math.isnan(card[1].value):
        text += (
            f" The points card uses the lead alone: {card[0].value:.3f} in time order,"
            f" {card[1].value:.3f} among leads of the same period."
        )
    return text


def _name_share(share: float) -> str:
    if share < PART:
        return "the calendar explains little. What made older leads convert says less about the newest"
    return f"{'most' if share >= MOST else 'a part'} of the shuffled AUC is the month, not the lead"
