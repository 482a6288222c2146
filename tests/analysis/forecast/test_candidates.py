"""The models say what statsmodels says, and the baseline repeats the year before."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.datasets import co2, nile
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from mopsnb.analysis.forecast.candidates import Candidate, list_candidates

NILE = nile.load_pandas().data["volume"].to_numpy(dtype=float)
CARBON = co2.load_pandas().data["co2"].resample("MS").mean().interpolate().to_numpy()[:60]


def find(name, period):
    return next(one for one in list_candidates(60, period) if one.name == name)


def test_the_level_of_the_nile_moves_as_durbin_and_koopman_found():
    # Durbin and Koopman (2012), section 2.2.5: variances 15,099 and 1,469 give a steady gain of 0.2672.
    ratio = 1469.1 / 15099
    gain = (np.sqrt(ratio**2 + 4 * ratio) - ratio) / 2

    learned = find("level", 1).learn(NILE)

    assert learned == pytest.approx((gain,), abs=0.03)


@pytest.mark.parametrize(
    ("name", "values", "period", "options"),
    [
        ("level", NILE, 1, {}),
        ("trend", NILE, 1, {"trend": "add", "damped_trend": True}),
        ("season_trend", CARBON, 12, {"trend": "add", "damped_trend": True, "seasonal": "add", "seasonal_periods": 12}),
    ],
)
def test_points_and_widths_are_those_of_statsmodels(name, values, period, options):
    candidate = find(name, period)
    learned = candidate.learn(values)
    dated = pd.Series(values, index=pd.period_range("2000-01", periods=len(values), freq="M"))
    theirs = ETSModel(dated, initialization_method="heuristic", **options).smooth(np.array(learned))
    told = theirs.get_prediction(start=len(values), end=len(values) + 29)

    ahead = candidate.look_ahead(values, learned, 30)

    np.testing.assert_allclose(ahead.points, theirs.forecast(30), rtol=1e-12)
    np.testing.assert_allclose(np.square(ahead.widths) * theirs.mse, told.var_pred_mean, rtol=1e-9)


def test_the_baseline_repeats_the_same_month_and_doubts_it_more_each_year():
    values = np.arange(24.0)

    ahead = Candidate("seasonal_naive", "", 12, "baseline").look_ahead(values, (), 25)

    assert ahead.points.tolist() == [*values[12:], *values[12:], values[12]]
    assert np.square(ahead.widths) == pytest.approx([1] * 12 + [2] * 12 + [3])


def test_a_steady_season_is_taken_off_and_put_back():
    season = np.tile([5.0, -5.0] + [0.0] * 10, 4)
    noise = np.random.default_rng(3).normal(0, 0.1, 48)

    candidate = find("season", 12)
    ahead = candidate.look_ahead(20 + season + noise, candidate.learn(20 + season + noise), 12)

    assert ahead.points == pytest.approx(20 + season[:12], abs=0.3)
