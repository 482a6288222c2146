"""Probabilities by score follow what happened to the newest leads."""

import numpy as np
import pytest
from scipy.special import expit
from scoring_samples import make_leads
from sklearn.linear_model import LogisticRegression

from mopsnb.analysis.scoring import prepare_leads, score_leads
from mopsnb.analysis.scoring.calibration import fit_calibration

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scoring():
    return score_leads(prepare_leads(make_leads(seed=8, count=6000)))


def test_the_line_agrees_with_a_logistic_regression_without_penalty():
    generator = np.random.default_rng(1)
    odds = generator.normal(-2, 1, 3000)
    won = generator.random(3000) < expit(0.8 + 0.7 * odds)
    other = LogisticRegression(C=np.inf).fit(odds[:, None], won)

    found = fit_calibration(odds, won)

    assert found.intercept == pytest.approx(other.intercept_[0], abs=5e-3)
    assert found.slope == pytest.approx(other.coef_[0, 0], abs=5e-3)


def test_the_interval_holds_the_true_probability_in_about_95_of_100_samples():
    generator = np.random.default_rng(2)
    inside = 0
    for _ in range(300):
        odds = generator.normal(-2, 1, 800)
        won = generator.random(800) < expit(0.3 + 0.9 * odds)
        _, low, high = fit_calibration(odds, won).read(np.array([-1.0]))
        inside += low[0] <= expit(0.3 - 0.9) <= high[0]

    assert 0.91 <= inside / 300 <= 0.99


def test_leads_that_convert_fully_above_a_score_still_give_a_finite_line():
    odds = np.linspace(-3, 1, 60)

    found = fit_calibration(odds, odds > 0)

    assert np.isfinite([found.intercept, found.slope]).all()
    assert np.isfinite(found.covariance).all()


def test_the_probability_rises_with_the_score_inside_its_interval(scoring):
    table = scoring.probabilities

    assert table["score"].tolist() == list(range(len(table)))
    assert table["probability"].is_monotonic_increasing
    assert (table["low"] < table["probability"]).all()
    assert (table["probability"] < table["high"]).all()
    assert table["leads"].sum() == 6000


def test_every_leads_probability_is_that_of_its_score(scoring):
    by_score = scoring.probabilities.set_index("score")

    for name in ("probability", "low", "high"):
        assert scoring.scores[name].to_numpy() == pytest.approx(by_score[name][scoring.scores["score"]].to_numpy())


def test_bands_hold_the_newest_fifth_and_what_was_predicted_happened(scoring):
    bands = scoring.bands

    assert bands["leads"].sum() == 1200
    assert (bands["rate"] == bands["conversions"] / bands["leads"]).all()
    assert bands["predicted"].is_monotonic_increasing
    assert ((bands["low"] <= bands["predicted"]) & (bands["predicted"] <= bands["high"])).sum() >= len(bands) - 1
    assert (bands["score_from"].to_numpy()[1:] > bands["score_to"].to_numpy()[:-1]).all()


def test_probabilities_follow_the_newest_leads_where_the_rate_has_risen():
    frame = make_leads(seed=9, count=6000)
    late = np.arange(6000) >= 4800
    again = make_leads(seed=9, count=6000, intercept=-1.4)
    frame["is_converted"] = np.where(late, again["is_converted"], frame["is_converted"])

    found = score_leads(prepare_leads(frame))

    newest = found.scores["probability"].to_numpy()[late].mean()
    assert newest == pytest.approx(frame.loc[late, "is_converted"].mean(), abs=0.02)
    assert newest > 1.5 * frame["is_converted"].mean()
