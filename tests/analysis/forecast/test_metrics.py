"""A metric's forecast says what it rests on, and never claims more than the history holds."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from analysis_samples import CATALOGUE, additive, ratio

from mopsnb.analysis import forecast
from mopsnb.analysis.cards import find_card
from mopsnb.analysis.months import read_months

CLICKS = find_card(CATALOGUE, "total_clicks")
CHURN = find_card(CATALOGUE, "email_churn_rate")
VALUES = np.round(1000 + 50 * np.sin(np.arange(36) / 6 * np.pi) + np.random.default_rng(4).normal(0, 20, 36)).tolist()
START = date(2023, 1, 1)


def months(values, **options):
    return read_months(additive(START, values, **options))


def test_a_forecast_begins_with_the_month_after_the_last_complete_one():
    found = forecast.forecast_months(CLICKS, months([*VALUES, 3.0], partial=True), 4)

    assert found.starts == (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1))
    assert "earlier dates" in found.explain()
    assert found.note == ""


def test_months_without_data_at_the_end_are_forecast_too_and_named():
    found = forecast.forecast_months(CLICKS, months([*VALUES[:-1], float("nan")]), 2)

    assert found.starts[0] == date(2025, 12, 1)
    assert len(found.starts) == 3
    assert "The last month with data is November 2025." in found.note


def test_a_gap_is_read_as_lying_between_its_neighbors_and_said():
    holed = [*VALUES[:20], float("nan"), *VALUES[21:]]
    filled = [*VALUES[:20], (VALUES[19] + VALUES[21]) / 2, *VALUES[21:]]

    found, plain = (forecast.forecast_months(CLICKS, months(values), 3) for values in (holed, filled))

    assert found.outlook.median == pytest.approx(plain.outlook.median)
    assert "1 month without data" in found.note


def test_too_many_gaps_leave_no_forecast():
    values = [float("nan") if place % 5 == 2 else value for place, value in enumerate(VALUES)]

    found = forecast.forecast_months(CLICKS, months(values), 3)

    assert found.outlook is None
    assert "too many for a forecast" in found.explain()


@pytest.mark.parametrize("count", [18, 20, 23])
def test_a_short_history_has_the_baseline_and_says_so(count):
    found = forecast.forecast_months(CLICKS, months(VALUES[:count]), 3)

    assert found.outlook.chosen.candidate.is_baseline
    assert found.outlook.median == pytest.approx(VALUES[count - 12 : count - 9])
    low, high = found.outlook.limits()
    assert (low < found.outlook.median).all()
    assert (high > found.outlook.median).all()
    assert f"The history is short ({count} months)" in found.explain()


@pytest.mark.parametrize("count", [1, 11, 17])
def test_a_shorter_history_has_no_forecast(count):
    found = forecast.forecast_months(CLICKS, months(VALUES[:count]), 3)

    assert found.outlook is None
    assert found.starts == ()
    assert "too short for a forecast" in found.explain()


def test_a_share_never_leaves_0_to_1():
    pairs = [(int(20 + 15 * np.cos(place)), 1000) for place in range(36)]

    found = forecast.forecast_months(CHURN, read_months(ratio(START, pairs)), 18)
    low, high = found.outlook.limits(0.999)

    assert found.outlook.scale.name == "log odds"
    assert low.min() > 0
    assert high.max() < 1


def test_tables_hold_a_row_a_month_and_a_row_a_metric():
    monthly = additive(START, VALUES)

    found = forecast.forecast_metrics(monthly, CATALOGUE, ["total_clicks", "leads"], horizon=3)
    table, methods = forecast.tabulate_forecasts(found), forecast.tabulate_methods(found)

    assert list(found) == ["total_clicks"]
    assert table["median"].tolist() == pytest.approx(found["total_clicks"].outlook.median.tolist())
    assert (table["low"] < table["median"]).all()
    assert methods["period"].tolist() == [table["period_start"].iloc[-1]]
    assert methods["tested"].tolist() == [12]
    assert 0 < methods["error_ratio"].iloc[0] <= 1


def test_tables_of_a_history_too_short_hold_the_reason():
    found = forecast.forecast_metrics(additive(START, VALUES[:5]), CATALOGUE, ["total_clicks"])

    assert forecast.tabulate_forecasts(found).empty
    assert forecast.tabulate_methods(found)["reading"].tolist() == [
        "The history is too short for a forecast: 5 months."
    ]


@pytest.mark.parametrize(
    ("deadline", "last"),
    [("2026-03-31", "2026-03-01"), ("2029-12-31", "2027-06-01"), ("2025-12-31", "2026-02-01"), (None, "2026-02-01")],
)
def test_a_forecast_reaches_to_its_goal_s_deadline_at_most_18_months_else_to_the_horizon(deadline, last):
    """The last complete month is December 2025."""
    until = pd.DataFrame({"metric": ["total_clicks"], "deadline": pd.to_datetime([deadline])})

    found = forecast.forecast_metrics(additive(START, VALUES), CATALOGUE, ["total_clicks"], horizon=2, until=until)

    assert found["total_clicks"].starts[-1] == date.fromisoformat(last)


def test_a_reading_goes_on_with_the_last_month_ahead_and_what_it_rests_on():
    found = forecast.forecast_metrics(additive(START, VALUES), CATALOGUE, ["total_clicks"], horizon=2)
    readings = pd.DataFrame({"metric": ["total_clicks", "leads"], "reading": ["Clicks rose.", "Leads fell."]})

    def write(value, unit):
        return f"{value:.0%}" if unit == "fraction" else f"{value:.0f}"

    told = forecast.tell_outlooks(readings, found, format_value=write)["reading"].tolist()

    outlook = found["total_clicks"].outlook
    low, high = outlook.limits()
    ends = f"{outlook.median[-1]:.0f}, with 80% between {low[-1]:.0f} and {high[-1]:.0f}"
    assert told[0] == f"Clicks rose. February 2026 is forecast at {ends}. {found['total_clicks'].explain()}"
    assert told[1] == "Leads fell."
