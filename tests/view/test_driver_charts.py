"""Charts of drivers show what they were given and say it in words."""

import pandas as pd
import pytest

from mopsnb import view

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
