"""The points card as a table, and the figures that the page leads with."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from mopsnb.analysis.frames import NUMBER, TEXT, WHOLE, build_frame
from mopsnb.analysis.headlines import HEADLINE_COLUMNS
from mopsnb.analysis.intervals import estimate_wilson
from mopsnb.analysis.scoring.card import Card
from mopsnb.analysis.scoring.evaluation import LOGISTIC, POINTS, read_measure
from mopsnb.analysis.scoring.leads import LeadTable
from mopsnb.analysis.scoring.splits import cut_newest

CARD_COLUMNS = {
    **{"attribute": TEXT, "value": TEXT, "points": WHOLE, "leads": WHOLE, "conversions": WHOLE},
    **{"rate": NUMBER, "low": NUMBER, "high": NUMBER},
}


def tabulate_points(card: Card, leads: LeadTable) -> pd.DataFrame:
    """Return the points card as a table: attribute, value, points, leads, conversions, rate, low, high.

    A value that no lead of the table has is left out; one that only leads without a known outcome have has 0 leads
    and no rate. The attribute with the widest range of points comes first, and its values by points.

    Parameters
    ----------
    card
        The points card.
    leads
        The leads that it was learned from.
    """
    named = {column.name: column for column in leads.attributes}
    rows = []
    for grouping, points in zip(card.groupings, card.points):
        groups = grouping.place(named[grouping.column])
        count = len(grouping.labels)
        present = np.bincount(groups, minlength=count)
        known = np.bincount(groups[leads.learn], minlength=count)
        hits = np.bincount(groups[leads.learn], leads.won, minlength=count)
        found = []
        for place, label in enumerate(grouping.labels):
            if not present[place]:
                continue
            low, high = estimate_wilson(hits[place], known[place])
            row: dict[str, object] = {"attribute": grouping.column, "value": label, "points": int(points[place])}
            row |= {"leads": int(known[place]), "conversions": int(hits[place]), "low": low, "high": high}
            found.append(row | {"rate": hits[place] / known[place] if known[place] else math.nan})
        rows += sorted(found, key=lambda row: -int(str(row["points"])))
    return build_frame(rows, CARD_COLUMNS)


def lead_with_scores(evaluation: pd.DataFrame, leads: LeadTable, scored: int) -> pd.DataFrame:
    """Return the figures that the page leads with, with the columns of a headline.

    A figure that cannot be worked out has no value.

    Parameters
    ----------
    evaluation
        The evaluation; empty where there is too little data.
    leads
        The leads.
    scored
        How many leads have a score.
    """
    won = leads.won
    tested = len(won) - cut_newest(len(won))
    figures: list[tuple[str, str, str, str, str]] = [
        ("auc_time_ordered", "AUC in time order, all columns known before the call", LOGISTIC, "time", "auc"),
        ("auc_points_card", "AUC in time order, points card", POINTS, "time", "auc"),
        ("auc_shuffled", "AUC, shuffled, all columns known before the call", LOGISTIC, "cv", "auc"),
        ("lift_at_10", "Lift of the best tenth in time order, points card", POINTS, "time", "lift_at_10"),
    ]
    rows: list[dict[str, object]] = []
    for name, title, model, split, measure in figures:
        value = read_measure(evaluation, model, split, measure)
        how = (
            "learned from the older four fifths, tested on the newest" if split == "time" else "mean of shuffled folds"
        )
        interval = "DeLong 95 %" if measure == "auc" else "Wilson 95 % of the tenth"
        formula = f"{model.replace('_', ' ')}, {how}; low and high: {interval}"
        n = tested if split == "time" else len(won)
        rows.append({"name": name, "title": title, "unit": "ratio", "n": n, "formula": formula, **value._asdict()})
    low, high = estimate_wilson(int(won.sum()), len(won))
    rate: dict[str, object] = {"name": "conversion_rate", "title": "Conversion rate of all leads learned from"}
    rate |= {"value": float(won.mean()) if len(won) else math.nan, "unit": "fraction", "n": len(won)}
    rate |= {"low": low, "high": high, "formula": "leads that converted ÷ leads with a known outcome; Wilson 95 %"}
    rows.append(rate)
    rows.append({"name": "leads_scored", "title": "Leads with a score", "value": scored, "unit": "count"})
    return build_frame(rows, HEADLINE_COLUMNS)
