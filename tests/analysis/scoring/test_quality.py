"""Measures of held-out probabilities, against brute force and scikit-learn."""

import math

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from mopsnb.analysis.scoring.quality import (
    Block,
    chance_ece,
    measure_all,
    measure_auc,
    measure_brier,
    measure_ece,
    measure_lift,
)


def draw(seed: int, count: int = 400, *, digits: int = 8, shift: float = 0.0) -> Block:
    generator = np.random.default_rng(seed)
    probability = np.round(generator.beta(1.2, 5, count), digits)
    return Block(generator.random(count) < np.clip(probability + shift, 0, 1), probability)


@pytest.mark.parametrize("digits", [1, 8], ids=["with ties", "without ties"])
def test_the_auc_agrees_with_scikit_learn(digits):
    block = draw(1, digits=digits)

    assert measure_auc([block]).value == pytest.approx(roc_auc_score(block.outcome, block.probability))


@pytest.mark.parametrize("digits", [1, 8], ids=["with ties", "without ties"])
def test_delongs_variance_agrees_with_its_definition_over_all_pairs(digits):
    block = draw(2, count=150, digits=digits)
    won, lost = block.probability[block.outcome], block.probability[~block.outcome]
    pairs = (won[:, None] > lost) + 0.5 * (won[:, None] == lost)
    variance = np.var(pairs.mean(axis=1), ddof=1) / len(won) + np.var(pairs.mean(axis=0), ddof=1) / len(lost)

    found = measure_auc([block])

    assert (found.high - found.value) / 1.959963985 == pytest.approx(math.sqrt(variance))


def test_the_auc_interval_holds_the_true_value_in_about_95_of_100_samples():
    """For two normal scores one standard deviation apart the true AUC is Φ(1/√2) = 0.7602."""
    generator = np.random.default_rng(7)
    inside = 0
    for _ in range(300):
        won = np.arange(400) < 80
        found = measure_auc([Block(won, generator.standard_normal(400) + won)])
        inside += found.low <= 0.7602 <= found.high

    assert 0.91 <= inside / 300 <= 0.99


def test_blocks_are_averaged_and_one_without_conversions_is_left_out():
    first, second = draw(3), draw(4)
    empty = Block(np.zeros(50, dtype=bool), np.linspace(0, 1, 50))

    found = measure_auc([first, empty, second])

    assert found.value == pytest.approx((measure_auc([first]).value + measure_auc([second]).value) / 2)
    assert math.isnan(measure_auc([empty]).value)


def test_equal_probabilities_are_chance():
    found = measure_auc([Block(np.arange(100) < 30, np.full(100, 0.3))])

    assert found == (0.5, 0.5, 0.5)


def test_the_brier_score_agrees_with_scikit_learn():
    block = draw(5)

    found = measure_brier([block])

    assert found.value == pytest.approx(brier_score_loss(block.outcome, block.probability))
    assert found.low < found.value < found.high


def test_the_calibration_error_of_a_worked_example():
    """Two probabilities, 0.2 and 0.6, for 50 leads each; 20 and 25 convert: errors 0.2 and 0.1, mean 0.15."""
    probability = np.repeat([0.2, 0.6], 50)
    outcome = np.concatenate([np.arange(50) < 20, np.arange(50) < 25])

    assert measure_ece([Block(outcome, probability)], seed=0).value == pytest.approx(0.15)


def test_perfect_probabilities_stay_below_the_chance_level_of_the_calibration_error():
    below = [measure_ece([draw(seed)], 0).value < chance_ece([draw(seed)], 0) for seed in range(200)]

    assert 0.9 <= np.mean(below) <= 0.99
    assert measure_ece([draw(1, shift=0.2)], 0).value > chance_ece([draw(1, shift=0.2)], 0)


def test_the_lift_is_the_rate_of_the_best_tenth_over_the_usual_rate():
    outcome = np.zeros(200, dtype=bool)
    outcome[:10] = outcome[100:110] = True
    block = Block(outcome, np.linspace(1, 0, 200))

    found = measure_lift([block])

    assert found.value == pytest.approx((10 / 20) / (20 / 200))
    assert found.low < found.value < found.high


def test_leads_with_the_same_probability_share_the_last_places_of_the_best_tenth():
    generator = np.random.default_rng(6)
    block = Block(generator.random(100) < 0.3, np.round(generator.random(100), 1))
    drawn = [
        measure_lift([Block(block.outcome, block.probability + 1e-6 * generator.random(100))]).value
        for _ in range(3000)
    ]

    assert measure_lift([block]).value == pytest.approx(np.mean(drawn), abs=0.03)
    assert measure_lift([Block(block.outcome, np.full(100, 0.5))]).value == pytest.approx(1.0)


def test_no_leads_have_no_measure():
    assert all(math.isnan(part) for estimate in measure_all([], 0).values() for part in estimate)
