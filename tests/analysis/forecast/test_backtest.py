"""The backtest uses nothing that came later, and the better way is the one that is shown."""

import numpy as np
import pytest

from mopsnb.analysis.forecast.backtest import run_trials
from mopsnb.analysis.forecast.candidates import list_candidates
from mopsnb.analysis.forecast.outlooks import DRAWS, look_out
from mopsnb.analysis.forecast.scales import LOG, ODDS, PLAIN, ROOT, choose_scale

MONTHS = np.arange(40)
SEASON = np.tile([3.0, -1.0, 0.0, 1.0, -2.0, 0.5, -0.5, 0.0, 2.0, -3.0, 1.5, -1.5], 4)[:40]


def noise(seed, size):
    return np.random.default_rng(seed).normal(0, size, 40)


def test_an_error_is_what_came_minus_what_was_said_from_the_values_before():
    values = 20 + SEASON + noise(1, 1)

    baseline, level, *_ = run_trials(values, 12, 3)

    first = 24
    assert baseline.errors.shape == (16, 6)
    for row in range(16):
        for step in range(6):
            place = first + row + step
            expected = values[place] - values[place - 12] if place < 40 else np.nan
            assert baseline.errors[row, step] == pytest.approx(expected, nan_ok=True)
    candidate = list_candidates(24, 12)[1]
    learned = candidate.learn(values[:24])
    said = candidate.look_ahead(values[:30], learned, 6).points
    assert level.errors[6] == pytest.approx(values[30:36] - said)


def test_later_values_do_not_change_what_was_said_before():
    values = 20 + SEASON + noise(2, 1)
    changed = np.append(values[:-1], 500.0)

    before, after = run_trials(values, 12, 3), run_trials(changed, 12, 3)

    for one, other in zip(before, after, strict=True):
        assert one.errors[:9] == pytest.approx(other.errors[:9])


def test_the_way_with_the_smaller_error_is_shown_and_the_other_stands_beside_it():
    for seed in range(8):
        for size in (0.1, 3.0):
            values = 20 + SEASON + noise(seed, size)
            outlook = look_out(values, 6)
            trials = run_trials(outlook.scale.forward(values), 12, 6)
            errors = {trial.candidate.name: trial.mean_error for trial in trials}
            baseline = errors["seasonal_naive"]
            shown = outlook.chosen.candidate
            assert outlook.chosen.mean_error == min(errors.values())
            assert outlook.other.candidate.is_baseline != shown.is_baseline
            assert shown.is_baseline == (baseline <= min(errors.values()))


def test_a_pattern_that_only_the_year_before_knows_is_forecast_by_the_baseline():
    pattern = np.exp(np.random.default_rng(5).normal(0, 1, 12))
    values = np.tile(pattern, 4) * np.exp(noise(6, 0.01).repeat(2)[:48])
    values[:12] = values[:12][::-1]  # an older year that misleads every model that looks back at it

    assert look_out(values[:30], 3).chosen.candidate.is_baseline


def test_a_series_too_short_to_test_has_no_outlook():
    assert look_out(np.arange(1.0, 18.0), 3) is None
    assert look_out(np.arange(1.0, 19.0), 3) is not None


def test_a_constant_series_stays_and_is_certain():
    outlook = look_out(np.full(36, 7.0), 4)

    assert outlook.median == pytest.approx([7.0] * 4)
    assert np.array(outlook.limits()) == pytest.approx(np.full((2, 4), 7.0))


@pytest.mark.parametrize(
    ("values", "is_share", "scale"),
    [
        ([1, 2], False, LOG),
        ([0.1, 0.2], True, ODDS),
        ([0, 2], False, ROOT),
        ([0, 0.2], True, ROOT),
        ([-1, 2], False, PLAIN),
    ],
)
def test_the_scale_suits_the_values(values, is_share, scale):
    found = choose_scale(np.array(values, dtype=float), is_share=is_share)

    assert found is scale
    assert found.back(found.forward(np.array(values, dtype=float))) == pytest.approx(values)


def test_futures_have_the_spread_of_the_interval():
    outlook = look_out(np.exp(3 + SEASON / 10 + noise(7, 0.2)), 6)
    low, high = outlook.limits(0.5)

    inside = np.mean((outlook.draws >= low) & (outlook.draws <= high), axis=0)

    assert outlook.draws.shape == (DRAWS, 6)
    assert inside == pytest.approx([0.5] * 6, abs=0.03)
    assert np.median(outlook.draws, axis=0) == pytest.approx(outlook.median, rel=0.02)


def test_steps_of_a_future_that_repeats_its_last_value_add_up():
    walk = np.cumsum(np.random.default_rng(11).normal(0, 1, 40))
    outlook = look_out(walk, 6, period=1)
    echo = outlook.chosen.ahead.echo

    together = np.corrcoef(outlook.draws, rowvar=False)[0, 5]

    # The covariance of periods 1 and 6 is the echo of the first step after five periods; the source is the definition.
    assert together == pytest.approx(echo[5] / np.sqrt(np.sum(echo**2)), abs=0.05)
