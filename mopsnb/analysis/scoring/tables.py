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

SCALE = "0.5 is a coin, 1 is perfect"
CARD_COLUMNS = {
    **{"attribute": TEXT, "value": TEXT, "points": WHOLE, "beside_average": NUMBER, "leads": WHOLE},
    **{"conversions": WHOLE, "rate": NUMBER, "low": NUMBER, "high": NUMBER},
}


def tabulate_points(card: Card, leads: LeadTable) -> pd.DataFrame:
    """Return the points card as a table.

    A value that no lead of the table has is left out; one that only leads without a known outcome have has 0 leads
    and no rate. The attribute with the widest range of points comes first, and its values by points.

    Parameters
    ----------
    card
        The points card.
    leads
        The leads that it was learned from.

    Returns
    -------
    pandas.DataFrame
        attribute, value, points, beside_average (points − the attribute's points of the average lead), leads,
        conversions, rate, low, high.
    """
    named = {column.name: column for column in leads.attributes}
    rows = []
    for grouping, points in zip(card.groupings, card.points):
        groups = grouping.place(named[grouping.column])
        count = len(grouping.labels)
        present = np.bincount(groups, minlength=count)
        known = np.bincount(groups[leads.learn], minlength=count)
        hits = np.bincount(groups[leads.learn], leads.won, minlength=count)
        average = float(np.dot(points, present)) / max(int(present.sum()), 1)
        found = []
        for place, label in enumerate(grouping.labels):
            if not present[place]:
                continue
            low, high = estimate_wilson(hits[place], known[place])
            row: dict[str, object] = {"attribute": grouping.column, "value": label, "points": int(points[place])}
            row |= {"leads": int(known[place]), "conversions": int(hits[place]), "low": low, "high": high}
            row["beside_average"] = float(points[place]) - average
            found.append(row | {"rate": hits[place] / known[place] if known[place] else math.nan})
        rows += sorted(found, key=lambda row: -int(str(row["points"])))
    return build_frame(rows, CARD_COLUMNS)


def lead_with_scores(evaluation: pd.DataFrame, leads: LeadTable, scored: int) -> pd.DataFrame:
    """Return the figures that the page leads with, with the columns of a headline.

    Where leads are ranked, the first is what the ranking is worth: ``lift_at_10``. A figure that cannot be worked out
    has no value.

    Parameters
    ----------
    evaluation
        The evaluation; empty where there is too little data.
    leads
        The leads.
    scored
        How many leads have a score.
    """
    won, learned = leads.won, len(leads.sample)
    tested = learned - cut_newest(learned)
    lift = (
        "lift_at_10",
        "Converting leads when the best 10% are called first, against random order",
        POINTS,
        "time",
        "lift_at_10",
    )
    figures: list[tuple[str, str, str, str, str]] = [
        (
            "auc_time_ordered",
            f"AUC in time order ({SCALE}), all columns known before the call",
            LOGISTIC,
            "time",
            "auc",
        ),
        ("auc_points_card", "AUC in time order, points card", POINTS, "time", "auc"),
        ("auc_shuffled", "AUC, shuffled, all columns known before the call", LOGISTIC, "cv", "auc"),
    ]
    figures = [lift, *figures] if scored else [*figures, lift]
    rows: list[dict[str, object]] = []
    for name, title, model, split, measure in figures:
        value = read_measure(evaluation, model, split, measure)
        how = (
            "learned from the older four fifths, tested on the newest" if split == "time" else "mean of shuffled folds"
        )
        is_auc = measure == "auc"
        row: dict[str, object] = {"name": name, "title": title, "unit": "ratio" if is_auc else "times"}
        row |= {"interval": "DeLong 95%" if is_auc else "Wilson 95% of the tenth", **value._asdict()}
        row |= {"n": tested if split == "time" else learned, "base": "newest leads" if split == "time" else "leads"}
        what = "" if is_auc else "conversion rate of the tenth with the highest scores ÷ that of all; "
        rows.append(row | {"formula": f"{what}{model.replace('_', ' ')}, {how}"})
    low, high = estimate_wilson(int(won.sum()), len(won))
    rate: dict[str, object] = {"name": "conversion_rate", "title": "Conversion rate of all leads learned from"}
    rate |= {"value": float(won.mean()) if len(won) else math.nan, "unit": "fraction", "n": len(won)}
    rate |= {"low": low, "high": high, "interval": "Wilson 95%", "base": "leads"}
    rate["formula"] = "leads that converted ÷ leads with a known outcome"
    rows.insert(1 if scored else len(rows), rate)
    rows.append({"name": "leads_scored", "title": "Leads with a score", "value": scored, "unit": "count"})
    return build_frame(rows, HEADLINE_COLUMNS)


def tell_lift(evaluation: pd.DataFrame) -> str:
    """Return in plain words what calling by score brings: the lift of the best tenth; empty where it is unknown.

    Parameters
    ----------
    evaluation
        What `mopsnb.analysis.scoring.evaluation.tabulate_evaluation` returned.
    """
    lift = read_measure(evaluation, POINTS, "time", "lift_at_10")
    if not math.isfinite(lift.value):
        return ""
    value, low, high = (f"{part:.2f}" for part in lift)
    return (
        f"Calling the best 10% first reaches {value} times as many leads that convert as calling 10% at random"
        f" ({low} to {high}, among the newest leads)."
    )


def rank_points(points: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a points card, those first that move a score furthest from the average lead's."""
    distance = points["beside_average"].abs()
    return points.loc[distance.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def rank_segments(segments: pd.DataFrame) -> pd.DataFrame:
    """Return the values of attributes, those first whose leads convert clearly and furthest from the usual rate.

    Sure are values whose interval leaves out the rate of all leads.
    """
    sure = (segments["position"] != "").astype("float64")
    distance = (segments["rate"] - segments["rate"] / segments["lift"]).abs()
    keyed = segments.assign(sure=sure, distance=distance)
    ranked = keyed.sort_values(["sure", "distance"], ascending=False, kind="stable")
    return ranked.drop(columns=["sure", "distance"]).reset_index(drop=True)
