"""Charts of limits, forecasts and drivers show what they were given and say it in words."""

import pandas as pd
import pytest

from mopsnb import view

SUMMARY = {"metric": "leads", "title": "Leads", "unit": "count", "target": 120.0}
HISTORY = pd.DataFrame(
    {
        "metric": "leads",
        "period_start": pd.date_range("2026-01-01", periods=4, freq="MS"),
        "value": [100.0, None, 160.0, 104.0],
        "low": 80.0,
        "high": 120.0,
        "level": 0,
        "signal": ["", "", "outside", ""],
    }
)
AHEAD = pd.DataFrame(
    {
        "metric": "leads",
        "period_start": pd.date_range("2026-05-01", periods=2, freq="MS"),
        "median": [101.0, 102.0],
        "low": [91.0, 90.0],
        "high": [111.0, 113.0],
        "beside": [99.0, 160.0],
    }
)
DRIVERS = pd.DataFrame(
    {
        "segment": [f"s{place}" for place in range(10)],
        "before": 1.0,
        "after": 2.0,
        "mix": 0.0,
        "rate": [50.0, -40.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0],
        "effect": [50.0, -40.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0],
    }
)


@pytest.fixture(autouse=True)
def theme():
    view.use_theme("USD", "en_US")


def test_the_forecast_stands_in_the_title_with_its_interval():
    figure = view.outlook(HISTORY, AHEAD, SUMMARY)

    assert figure.words.title == "Leads: 102 forecast for June 2026 (90 to 113)"
    assert "Outside: March 2026." in figure.words.alt
    notes, values = ([row[place] for row in figure.rows] for place in (-1, 1))
    assert notes[2:] == ["outside its limits", notes[1], "forecast", "forecast"]
    assert values[2:] == ["160", "104", "101", "102"]


def test_without_a_forecast_the_history_stands_alone():
    figure = view.outlook(HISTORY, AHEAD.iloc[:0], SUMMARY)

    assert figure.words.title == "Leads: 1 month outside the limits, no forecast"
    assert "Dotted" not in figure.words.subtitle


def test_a_metric_without_values_says_so():
    shown = view.outlook(HISTORY.assign(value=None), AHEAD, SUMMARY)

    assert isinstance(shown, view.Html)


def test_a_new_level_breaks_the_band():
    figure = view.outlook(HISTORY.assign(level=[0, 0, 1, 1]), AHEAD, SUMMARY)

    assert '"level": 1' in str(figure.spec).replace("'", '"')


def test_drivers_beyond_eight_bars_are_added_up():
    figure = view.driver_bars(DRIVERS, unit="count", title="Leads: +46")

    assert "(all others) +6" in figure.words.alt
    assert "s1 −40" in figure.words.alt
    assert len(figure.rows) == 10


def test_drivers_without_effects_say_so():
    assert isinstance(view.driver_bars(DRIVERS.iloc[:0], unit="count", title="Leads"), view.Html)


def test_galleries_of_nothing_say_that_there_is_no_data():
    empty = pd.DataFrame({"metric": [], "reading": [], "title": [], "unit": []})

    assert len(view.driver_gallery(DRIVERS.assign(metric="leads"), empty).items) == 1
    assert len(view.outlook_gallery(HISTORY, AHEAD, pd.DataFrame({"metric": []}), empty).items) == 1
