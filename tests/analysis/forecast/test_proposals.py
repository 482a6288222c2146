"""Proposed targets are reached by nine, five and one in ten of the possible futures."""

from datetime import date

import numpy as np
import pytest
from analysis_samples import CATALOGUE, additive, ratio

from mopsnb.analysis import forecast
from mopsnb.analysis.cards import find_card
from mopsnb.analysis.months import read_months

SOURCE = np.random.default_rng(9)
MONTHS = read_months(additive(date(2023, 1, 1), np.round(1000 * np.exp(SOURCE.normal(0, 0.1, 36))).tolist()))
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def test_the_targets_of_a_count_rise_and_their_chances_fall():
    ahead = forecast.forecast_months(find_card(CATALOGUE, "total_clicks"), MONTHS, 12)

    found = forecast.propose_targets(ahead, MONTHS, *YEAR).set_index("kind")

    totals = ahead.outlook.draws.sum(axis=1)
    assert found["target"].tolist() == pytest.approx(np.quantile(totals, [0.1, 0.5, 0.9]), rel=0.01)
    assert found["target"].is_monotonic_increasing
    assert found["probability"].tolist() == pytest.approx([0.9, 0.5, 0.1], abs=0.06)
    assert found["probability"].tolist() == [np.mean(totals >= target) for target in found["target"]]
    assert all(len(f"{target:.0f}".rstrip("0")) <= 3 for target in found["target"])


def test_the_targets_of_a_rate_that_should_fall_go_down():
    months = read_months(ratio(date(2023, 1, 1), [(int(top), 10_000) for top in SOURCE.normal(50, 5, 36)]))
    ahead = forecast.forecast_months(find_card(CATALOGUE, "email_churn_rate"), months, 12)

    found = forecast.propose_targets(ahead, months, *YEAR)

    assert found["target"].is_monotonic_decreasing
    assert found["probability"].is_monotonic_decreasing


def test_without_a_forecast_there_is_a_reason_and_no_target():
    few = MONTHS[:10]
    ahead = forecast.forecast_months(find_card(CATALOGUE, "total_clicks"), few, 12)

    found = forecast.propose_targets(ahead, few, *YEAR)

    assert found["target"].isna().all()
    assert found["reason"].tolist() == ["The history is too short for a forecast: 10 months."]
