"""Models are judged on leads that they have not seen; in time order, on later ones."""

import math

import numpy as np
import pandas as pd
import pytest
from scoring_samples import make_leads
from sklearn.metrics import roc_auc_score

from mopsnb.analysis.scoring import prepare_leads, score_leads
from mopsnb.analysis.scoring.evaluation import Material, predict_held_out, read_measure
from mopsnb.analysis.scoring.splits import make_splits
from mopsnb.analysis.scoring.values import Column

pytestmark = pytest.mark.slow

MODELS = {"points_card", "logistic_regression", "gradient_boosting", "calendar_only", "base_rate"}


@pytest.fixture(scope="module")
def scoring():
    return score_leads(prepare_leads(make_leads(seed=4)))


def make_material(seed=0, count=1200):
    generator = np.random.default_rng(seed)
    columns = tuple(Column(f"x{place}", generator.normal(size=count)) for place in range(3))
    outcome = generator.random(count) < 1 / (1 + np.exp(1.5 - columns[0].cells))
    return Material(columns, (), outcome)


def test_every_model_has_every_measure_in_every_split(scoring):
    found = scoring.evaluation

    assert list(found.columns) == ["model", "split", "measure", "value", "low", "high"]
    assert len(found) == len(found.drop_duplicates(["model", "split", "measure"])) == len(MODELS) * 3 * 4
    assert set(found["model"]) == MODELS
    assert set(found["split"]) == {"cv", "time", "cohort"}
    assert set(found["measure"]) == {"auc", "brier", "ece", "lift_at_10"}
    assert ((found["low"] <= found["value"]) & (found["value"] <= found["high"])).all()


def test_the_base_rate_is_chance(scoring):
    for split in ("cv", "time", "cohort"):
        assert read_measure(scoring.evaluation, "base_rate", split) == (0.5, 0.5, 0.5)
        assert read_measure(scoring.evaluation, "base_rate", split, "lift_at_10").value == pytest.approx(1)


def test_shuffled_folds_hold_each_lead_out_once_with_the_same_share_of_conversions():
    outcome = np.arange(1000) % 5 == 0
    split = make_splits(outcome, folds=5, seed=3)[0]

    assert np.sort(np.concatenate([held for _, held in split.blocks])).tolist() == list(range(1000))
    assert all(outcome[held].mean() == 0.2 for _, held in split.blocks)
    assert all(not set(learn) & set(held) for learn, held in split.blocks)


def test_time_order_learns_from_the_past_alone():
    _, time, cohort = make_splits(np.arange(1000) % 5 == 0, folds=5, seed=0)

    assert [(len(learn), len(held)) for learn, held in time.blocks] == [(800, 200)]
    assert all(learn.max() < held.min() for learn, held in (*time.blocks, *cohort.blocks))
    assert np.concatenate([held for _, held in cohort.blocks]).tolist() == list(range(167, 1000))


@pytest.mark.parametrize("model", sorted(MODELS))
def test_what_happens_later_changes_no_earlier_prediction(model):
    material = make_material()
    splits = make_splits(material.outcome, folds=5, seed=0)[1:]
    later = material.outcome.copy()
    later[960:] = ~later[960:]

    before = predict_held_out(material, splits)
    after = predict_held_out(Material(material.attributes, (), later), splits)

    assert np.array_equal(before[model, "time"][0].probability, after[model, "time"][0].probability)
    for block in range(4):
        assert np.array_equal(before[model, "cohort"][block].probability, after[model, "cohort"][block].probability)


def test_a_model_with_the_signal_beats_one_without():
    material = make_material()
    found = predict_held_out(material, make_splits(material.outcome, folds=5, seed=0))

    for model in ("points_card", "logistic_regression", "gradient_boosting"):
        block = found[model, "time"][0]
        assert roc_auc_score(block.outcome, block.probability) > 0.6


def test_the_calendar_alone_explains_a_rate_that_changes_with_time():
    frame = make_leads(seed=6, count=4000)
    odds = np.linspace(-4, 1, 4000)
    frame["is_converted"] = np.random.default_rng(1).random(4000) < 1 / (1 + np.exp(-odds))
    frame["index_level"] = np.round(np.linspace(1, 6, 4000))

    found = score_leads(prepare_leads(frame))
    shuffled, time = (read_measure(found.evaluation, "calendar_only", split).value for split in ("cv", "time"))

    assert shuffled > 0.7
    assert time == 0.5
    assert "most of the shuffled AUC is the month, not the lead" in found.gap_reading
    assert found.verdict == "no usable signal"


def test_without_a_gap_the_page_says_that_both_agree(scoring):
    assert scoring.gap_reading.endswith("The two agree: what the score has learned is not the calendar.")
    assert not [finding for finding in scoring.findings if finding.id == "lead_scoring.gap"]


def test_a_change_of_the_rate_is_a_finding():
    frame = make_leads(seed=9, count=6000)
    newest = frame.index >= 4800
    again = make_leads(seed=9, count=6000, intercept=-1.0)
    frame["is_converted"] = np.where(newest, again["is_converted"], frame["is_converted"])

    found = {finding.id: finding for finding in score_leads(prepare_leads(frame)).findings}

    assert found["lead_scoring.drift"].severity == "warning"
    assert found["lead_scoring.calibration"].severity == "warning"
    rate = frame.loc[newest, "is_converted"].mean()
    assert f"{rate * 100:.1f}%" in found["lead_scoring.drift"].evidence


def test_cohorts_agree_with_counting_by_hand(scoring):
    frame = make_leads(seed=4)
    second = frame.iloc[500:1000]
    row = scoring.cohorts.iloc[0]

    assert (row["leads"], row["conversions"]) == (500, second["is_converted"].sum())
    assert row["first"] == f"{second['created_at'].iloc[0]:%Y-%m-%d}"
    assert scoring.cohorts["cohort"].tolist() == [2, 3, 4, 5, 6]
    mean = read_measure(scoring.evaluation, "points_card", "cohort").value
    assert scoring.cohorts["auc"].mean() == pytest.approx(mean)


def test_the_headline_carries_the_evaluations_figures(scoring):
    headline = scoring.headline.set_index("name")
    time = read_measure(scoring.evaluation, "logistic_regression", "time")

    lift = read_measure(scoring.evaluation, "points_card", "time", "lift_at_10")

    assert headline.index[0] == "lift_at_10"
    assert tuple(headline.loc["lift_at_10", ["value", "low", "high"]]) == pytest.approx(tuple(lift))
    assert scoring.reading.startswith(f"Calling the best 10% first reaches {lift.value:.2f} times as many leads that")
    assert tuple(headline.loc["auc_time_ordered", ["value", "low", "high"]]) == pytest.approx(tuple(time))
    assert headline.loc["conversion_rate", "value"] == pytest.approx(make_leads(seed=4)["is_converted"].mean())
    assert scoring.models.set_index("model").loc["points_card", "auc_time"] == pytest.approx(
        headline.loc["auc_points_card", "value"]
    )


def test_a_measure_that_is_not_there_is_missing():
    empty = pd.DataFrame(columns=["model", "split", "measure", "value", "low", "high"])

    assert all(math.isnan(part) for part in read_measure(empty, "points_card", "cv"))
