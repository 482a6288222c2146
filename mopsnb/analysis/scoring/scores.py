"""The lead score: learn it, test it, and say what it is worth."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import logit

from mopsnb.analysis.frames import NUMBER, TEXT, WHOLE, build_frame
from mopsnb.analysis.scoring import notices
from mopsnb.analysis.scoring.calibration import (
    BAND_COLUMNS,
    PROBABILITY_COLUMNS,
    fit_calibration,
    tabulate_bands,
    tabulate_probabilities,
)
from mopsnb.analysis.scoring.card import Card, Screened, choose_attributes, fit_card, screen_attributes
from mopsnb.analysis.scoring.evaluation import (
    COHORT_COLUMNS,
    EVALUATION_COLUMNS,
    POINTS,
    Material,
    Predictions,
    compare_models,
    predict_held_out,
    read_measure,
    tabulate_cohorts,
    tabulate_evaluation,
)
from mopsnb.analysis.scoring.gap import GAP_COLUMNS, Gap, explain_gap
from mopsnb.analysis.scoring.leads import LeadTable
from mopsnb.analysis.scoring.models import limit_threads
from mopsnb.analysis.scoring.samples import Sample, make_sample
from mopsnb.analysis.scoring.segments import (
    ATTRIBUTE_COLUMNS,
    SEGMENT_COLUMNS,
    tabulate_attributes,
    tabulate_segments,
)
from mopsnb.analysis.scoring.splits import Split, cut_newest, make_splits
from mopsnb.analysis.scoring.tables import CARD_COLUMNS, lead_with_scores, tabulate_points, tell_lift
from mopsnb.analysis.scoring.values import Bools, Floats
from mopsnb.analysis.scoring.verdict import Answer, Verdict, check_amount, check_signal
from mopsnb.findings import Finding

SCORE_COLUMNS = {"contact_id": TEXT, "score": WHOLE, "probability": NUMBER, "low": NUMBER, "high": NUMBER}


@dataclass(frozen=True, slots=True)
class Scoring:
    """What the leads' columns say about conversion. Made by `score_leads`.

    Parameters
    ----------
    verdict
        ``usable``, ``no usable signal`` or ``too little data``.
    reading
        What calling by score brings, where leads are ranked, and why the verdict is so, in a few sentences.
    gap_reading
        Why shuffled cross-validation and time order differ; empty where there is too little data.
    headline
        The figures that the page leads with; the columns of a headline. The first is ``lift_at_10`` where leads
        are ranked; ``auc_time_ordered`` is always there.
    evaluation
        model, split (cv, time, cohort), measure (auc, brier, ece, lift_at_10), value, low, high.
    models
        One row a model: what it uses and how well it does.
    cohorts
        The points card in each block of time, predicted from all blocks before it.
    gap
        The figures behind ``gap_reading``: name, title, value, low, high, unit.
    attributes
        Every attribute and whether it matters, the strongest first.
    segments
        Conversion rate of each value of the attributes that matter, with Wilson intervals and lift.
    points
        The points card: attribute, value, points, beside_average, leads, conversions, rate, low, high.
    probabilities
        score, probability, low, high, leads.
    bands
        Predicted and observed conversion by fifths of the newest leads.
    scores
        One row a lead, in the order of the lead table: contact_id, score, probability, low, high.
    findings
        What needs attention, the most severe first.
    card
        The points card as it is used; None where the verdict is not ``usable``.
    """

    verdict: Answer
    reading: str
    gap_reading: str
    headline: pd.DataFrame
    evaluation: pd.DataFrame
    models: pd.DataFrame
    cohorts: pd.DataFrame
    gap: pd.DataFrame
    attributes: pd.DataFrame
    segments: pd.DataFrame
    points: pd.DataFrame
    probabilities: pd.DataFrame
    bands: pd.DataFrame
    scores: pd.DataFrame
    findings: list[Finding]
    card: Card | None


@dataclass(frozen=True, slots=True)
class _Evidence:
    splits: tuple[Split, Split, Split]
    predictions: Predictions
    evaluation: pd.DataFrame
    gap: Gap


@dataclass(frozen=True, slots=True)
class _Ranking:
    card: Card
    attributes: pd.DataFrame
    segments: pd.DataFrame
    points: pd.DataFrame
    probabilities: pd.DataFrame
    bands: pd.DataFrame
    scores: pd.DataFrame


def score_leads(leads: LeadTable, *, seed: int = 0, folds: int = 5) -> Scoring:
    """Return who converts, the points card, its test and every lead's score.

    The card learns from attributes of the lead alone. Where there is too little data, or no attribute helps in time
    order, there is no card, no ranking and no table of who converts.

    Parameters
    ----------
    leads
        What `prepare_leads` returned.
    seed
        Decides the shuffled folds and the draws behind the interval of the calibration error.
    folds
        How many shuffled folds, from 2 on.
    """
    won = leads.sample_won
    verdict = check_amount(won)
    columns = notices.report_columns(leads)
    if verdict is not None:
        return _assemble(leads, verdict, None, None, notices.collect(columns, notices.report_verdict(verdict)))
    with limit_threads():
        evidence = _evaluate(leads, seed, folds)
        auc = read_measure(evidence.evaluation, POINTS, "time")
        learned = tuple(column.take(leads.sample) for column in leads.attributes)
        verdict = check_signal(learned, won, auc)
        ranking = _rank(leads, evidence) if verdict.answer == "usable" else None
    tested = notices.report_evaluation(evidence.evaluation, evidence.predictions, evidence.gap, seed) if ranking else []
    findings = notices.collect(columns, notices.report_verdict(verdict), tested)
    return _assemble(leads, verdict, evidence, ranking, findings)


def _evaluate(leads: LeadTable, seed: int, folds: int) -> _Evidence:
    context = tuple(column.take(leads.sample) for column in leads.context)
    material = Material(tuple(column.take(leads.sample) for column in leads.attributes), context, leads.sample_won)
    splits = make_splits(leads.sample_won, folds=folds, seed=seed)
    predictions = predict_held_out(material, splits)
    evaluation = tabulate_evaluation(predictions, seed)
    return _Evidence(splits, predictions, evaluation, explain_gap(evaluation, predictions, leads.sample_won))


def _rank(leads: LeadTable, evidence: _Evidence) -> _Ranking:
    learned = [column.take(leads.sample) for column in leads.attributes]
    sample = make_sample(leads.sample_won)
    card = fit_card(learned, leads.sample_won)
    screened = screen_attributes(learned, sample)
    counted, whole = _count_all(screened, sample, leads)
    names = [item.grouping.column for item in choose_attributes(screened, sample)]
    newest = slice(cut_newest(len(leads.sample_won)), None)
    odds = _gather_odds(evidence, leads.sample_won)[newest]
    calibration = fit_calibration(odds, leads.sample_won[newest])
    scores = card.score(leads.attributes)
    parts = (part[scores] for part in calibration.read(card.read_odds(np.arange(card.highest + 1))))
    ids = _read_ids(leads.frame)
    table = build_frame([], SCORE_COLUMNS).reindex(range(len(scores)))
    for name, values in zip(SCORE_COLUMNS, (ids, scores, *parts)):
        table[name] = pd.Series(values, dtype=SCORE_COLUMNS[name])
    return _Ranking(
        card=card,
        attributes=tabulate_attributes(counted, whole, names),
        segments=tabulate_segments(counted, whole),
        points=tabulate_points(card, leads),
        probabilities=tabulate_probabilities(card, calibration, scores),
        bands=tabulate_bands(card, calibration, odds, leads.sample_won[newest]),
        scores=table,
    )


def _count_all(screened: list[Screened], sample: Sample, leads: LeadTable) -> tuple[list[Screened], Sample]:
    """Return screened attributes with the groups of all leads to learn from, not of the sample alone."""
    if leads.sample is leads.learn:
        return screened, sample
    named = {column.name: column for column in leads.attributes}
    places = ((item, item.grouping.place(named[item.grouping.column])[leads.learn]) for item in screened)
    return [replace(item, groups=groups) for item, groups in places], make_sample(leads.won)


def _gather_odds(evidence: _Evidence, won: Bools) -> Floats:
    """Return the card's log-odds for each lead from the shuffled fold that left it out."""
    odds = np.zeros(len(won))
    for (_, held), block in zip(evidence.splits[0].blocks, evidence.predictions[POINTS, "cv"]):
        odds[held] = logit(np.clip(block.probability, 1e-9, 1 - 1e-9))
    return odds


def _read_ids(frame: pd.DataFrame) -> pd.Series | list[str]:
    if "contact_id" in frame:
        if isinstance(frame["contact_id"].dtype, pd.StringDtype) and frame["contact_id"].notna().all():
            return frame["contact_id"]
        return [str(value) for value in frame["contact_id"]]
    return [f"lead {number}" for number in range(1, len(frame) + 1)]


def _assemble(
    leads: LeadTable, verdict: Verdict, evidence: _Evidence | None, ranking: _Ranking | None, findings: list[Finding]
) -> Scoring:
    created = None if leads.created is None else leads.created.iloc[leads.sample].reset_index(drop=True)
    evaluation = evidence.evaluation if evidence else build_frame([], EVALUATION_COLUMNS)
    cohorts = build_frame([], COHORT_COLUMNS)
    if evidence is not None:
        cohorts = tabulate_cohorts(evidence.splits[2], evidence.predictions[POINTS, "cohort"], created)
    return Scoring(
        verdict=verdict.answer,
        reading=f"{tell_lift(evaluation)} {verdict.reason}".strip() if ranking else verdict.reason,
        gap_reading=evidence.gap.reading if evidence else "",
        headline=lead_with_scores(evaluation, leads, len(ranking.scores) if ranking else 0),
        evaluation=evaluation,
        models=compare_models(evaluation),
        cohorts=cohorts,
        gap=evidence.gap.frame if evidence else build_frame([], GAP_COLUMNS),
        attributes=ranking.attributes if ranking else build_frame([], ATTRIBUTE_COLUMNS),
        segments=ranking.segments if ranking else build_frame([], SEGMENT_COLUMNS),
        points=ranking.points if ranking else build_frame([], CARD_COLUMNS),
        probabilities=ranking.probabilities if ranking else build_frame([], PROBABILITY_COLUMNS),
        bands=ranking.bands if ranking else build_frame([], BAND_COLUMNS),
        scores=ranking.scores if ranking else build_frame([], SCORE_COLUMNS),
        findings=findings,
        card=ranking.card if ranking else None,
    )
