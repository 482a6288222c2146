"""Each model on leads that were held out: shuffled, in time order, and block after block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mopsnb.analysis.frames import NUMBER, TEXT, WHOLE, build_frame
from mopsnb.analysis.intervals import estimate_wilson
from mopsnb.analysis.scoring.card import fit_card, predict
from mopsnb.analysis.scoring.models import fit_base_rate, fit_boosting, fit_calendar, fit_logistic, map_in_threads
from mopsnb.analysis.scoring.quality import UNKNOWN, Block, Estimate, measure_all, measure_auc
from mopsnb.analysis.scoring.samples import slice_equally
from mopsnb.analysis.scoring.splits import Split
from mopsnb.analysis.scoring.values import Bools, Column, Floats, Ints

CALENDAR_SLICES = 50
SLICE_LEADS = 20  # a slice of the calendar with fewer leads has no rate
POINTS, POINTS_CONTEXT = "points_card", "points_card_with_context"
LOGISTIC, BOOSTING = "logistic_regression", "gradient_boosting"
CALENDAR, BASE_RATE = "calendar_only", "base_rate"
TITLES = {
    POINTS: "Points card",
    POINTS_CONTEXT: "Points card with context columns",
    LOGISTIC: "Logistic regression",
    BOOSTING: "Gradient boosting",
    CALENDAR: "Calendar alone",
    BASE_RATE: "Base rate",
}
USES = {
    POINTS: "attributes of the lead",
    POINTS_CONTEXT: "attributes of the lead, and context",
    LOGISTIC: "all columns known before the call",
    BOOSTING: "all columns known before the call",
    CALENDAR: "the time alone",
    BASE_RATE: "nothing",
}
AUC_SPLITS = {"shuffled": "cv", "time": "time", "cohorts": "cohort"}
REST = {"brier": "brier", "ece": "ece", "lift": "lift_at_10"}
MODEL_COLUMNS = {
    **{"model": TEXT, "title": TEXT, "uses": TEXT, "auc_shuffled": NUMBER, "auc_time": NUMBER, "auc_time_low": NUMBER},
    **{"auc_time_high": NUMBER, "auc_cohorts": NUMBER, "brier_time": NUMBER, "ece_time": NUMBER, "lift_time": NUMBER},
}
EVALUATION_COLUMNS = {"model": TEXT, "split": TEXT, "measure": TEXT, "value": NUMBER, "low": NUMBER, "high": NUMBER}
COHORT_COLUMNS = {
    **{"cohort": WHOLE, "first_lead": WHOLE, "last_lead": WHOLE, "first": TEXT, "last": TEXT, "leads": WHOLE},
    **{"conversions": WHOLE, "rate": NUMBER, "rate_low": NUMBER, "rate_high": NUMBER},
    **{"auc": NUMBER, "auc_low": NUMBER, "auc_high": NUMBER},
}


@dataclass(frozen=True, slots=True)
class Material:
    """The leads to learn from, in time order.

    Parameters
    ----------
    attributes, context
        What is known about the lead, and what is the same for every lead of a period.
    outcome
        Who converted, shape (leads,).
    """

    attributes: tuple[Column, ...]
    context: tuple[Column, ...]
    outcome: Bools


MANY = 20_000  # leads from which on models of several blocks are fitted side by side: fewer take turns anyway
Predictions = Mapping[tuple[str, str], Sequence[Block]]


def predict_held_out(material: Material, splits: Sequence[Split]) -> Predictions:
    """Return what each model gives to leads that it has not seen, by model and split.

    The points card uses attributes of the lead alone. The same card with the context columns, logistic regression and
    boosting use those too. The calendar knows only when a lead came in, the base rate nothing.

    Parameters
    ----------
    material
        The leads to learn from.
    splits
        The ways to hold leads out.
    """
    found: dict[tuple[str, str], list[Block]] = {}
    asked = [(split.name, learn, held) for split in splits for learn, held in split.blocks]
    given = map_in_threads(lambda block: _predict_block(material, *block[1:]), asked, len(material.outcome) >= MANY)
    for (name, _, held), predicted in zip(asked, given, strict=True):
        for model, probability in predicted.items():
            found.setdefault((model, name), []).append(Block(material.outcome[held], probability))
    return found


def tabulate_evaluation(predictions: Predictions, seed: int) -> pd.DataFrame:
    """Return every measure of every model: model, split (cv, time, cohort), measure, value, low, high.

    Parameters
    ----------
    predictions
        What `predict_held_out` returned.
    seed
        Decides the draws behind the interval of the calibration error.
    """
    rows = [
        {"model": model, "split": split, "measure": measure, **estimate._asdict()}
        for (model, split), blocks in predictions.items()
        for measure, estimate in measure_all(blocks, seed).items()
    ]
    return build_frame(rows, EVALUATION_COLUMNS)


def read_measure(evaluation: pd.DataFrame, model: str, split: str, measure: str = "auc") -> Estimate:
    """Return one figure of the evaluation; NaN where it is not there."""
    keys = zip(evaluation["model"], evaluation["split"], evaluation["measure"])
    place = next((place for place, key in enumerate(keys) if key == (model, split, measure)), None)
    if place is None:
        return UNKNOWN
    return Estimate(*(float(evaluation[name].iloc[place]) for name in Estimate._fields))


def compare_models(evaluation: pd.DataFrame) -> pd.DataFrame:
    """Return one row a model: what it uses, its AUC in each split, and its other measures in time order.

    Parameters
    ----------
    evaluation
        What `tabulate_evaluation` returned.

    Returns
    -------
    pandas.DataFrame
        model, title, uses, auc_shuffled, auc_time with its interval auc_time_low to auc_time_high, auc_cohorts,
        brier_time, ece_time, lift_time.
    """
    rows = []
    for model, title in TITLES.items():
        if model not in evaluation["model"].to_list():
            continue
        time = read_measure(evaluation, model, "time")
        row: dict[str, object] = {"model": model, "title": title, "uses": USES[model]}
        row |= {f"auc_{name}": read_measure(evaluation, model, split).value for name, split in AUC_SPLITS.items()}
        row |= {"auc_time_low": time.low, "auc_time_high": time.high}
        for name, measure in REST.items():
            row[f"{name}_time"] = read_measure(evaluation, model, "time", measure).value
        rows.append(row)
    return build_frame(rows, MODEL_COLUMNS)


def tabulate_cohorts(cohorts: Split, blocks: Sequence[Block], created: pd.Series | None) -> pd.DataFrame:
    """Return how the points card did in each block of time, predicted from all blocks before it.

    Parameters
    ----------
    cohorts
        The blocks.
    blocks
        The points card's probabilities for them.
    created
        When each of the leads to learn from came in; None where no date says it.

    Returns
    -------
    pandas.DataFrame
        cohort, first_lead, last_lead (numbers in time order from 1), first, last (days, empty where unknown), leads,
        conversions, rate with its Wilson interval, auc with its interval (NaN where all or none converted).
    """
    rows = []
    for number, ((_, held), block) in enumerate(zip(cohorts.blocks, blocks), start=2):
        hits, leads = int(block.outcome.sum()), len(held)
        if not leads:
            continue
        low, high = estimate_wilson(hits, leads)
        auc = measure_auc([block])
        first, last = int(held[0]), int(held[-1])
        days = ["", ""] if created is None else [_name_day(created.iloc[place]) for place in (first, last)]
        row: dict[str, object] = {"cohort": number, "first_lead": first + 1, "last_lead": last + 1}
        row |= {"first": days[0], "last": days[1], "leads": leads, "conversions": hits, "rate": hits / leads}
        row |= {"rate_low": low, "rate_high": high, "auc": auc.value, "auc_low": auc.low, "auc_high": auc.high}
        rows.append(row)
    return build_frame(rows, COHORT_COLUMNS)


def _predict_block(material: Material, learn: Ints, held: Ints) -> dict[str, Floats]:
    """Return what each model, learned from some leads, gives to others."""
    won, count = material.outcome, len(material.outcome)
    slices = slice_equally(count, int(np.clip(count // SLICE_LEADS, 1, CALENDAR_SLICES)))
    every = (*material.attributes, *material.context)
    given = {POINTS: _predict_card(material.attributes, won, learn, held)}
    if material.context:
        given[POINTS_CONTEXT] = _predict_card(every, won, learn, held)
    given[LOGISTIC] = fit_logistic(every, won, learn, held)
    given[BOOSTING] = fit_boosting(every, won, learn, held)
    given[CALENDAR] = fit_calendar(slices, won, learn, held)
    given[BASE_RATE] = fit_base_rate(won, learn, held)
    return given


def _predict_card(columns: Sequence[Column], won: Bools, learn: Ints, held: Ints) -> Floats:
    card = fit_card([column.take(learn) for column in columns], won[learn])
    return predict(card, [column.take(held) for column in columns]) if columns else fit_base_rate(won, learn, held)


def _name_day(moment: pd.Timestamp) -> str:
    return "" if pd.isna(moment) else f"{moment:%Y-%m-%d}"
