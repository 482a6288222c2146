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


def test_the_table_adds_up_what_it_does_not_list_and_the_total_stays():
    """Fifteen segments that each went from 1 to 3: eleven rows, and four together that went from 4 to 12."""
    many = pd.DataFrame({"segment": [f"s{n}" for n in range(15)], "before": 1.0, "after": 3.0})
    figure = view.driver_bars(many.assign(mix=0.0, rate=2.0, effect=2.0), unit="count", title="Leads: +30")

    assert [column["name"] for column in figure.columns] == ["segment", "before", "after", "effect"]
    assert figure.rows[-1] == ("(all others), 4 in all", "4", "12", "8")
    assert (len(figure.rows), sum(int(row[-1]) for row in figure.rows)) == (12, 30)


def test_rates_keep_mix_and_rate_and_are_never_added_up():
    many = pd.DataFrame({"segment": [f"s{n}" for n in range(13)], "before": 0.1, "after": 0.2})
    figure = view.driver_bars(many.assign(mix=0.01, rate=0.02, effect=0.03), unit="fraction", title="Rate")

    assert [column["label"] for column in figure.columns][3:5] == ["From the mix", "From rates"]
    assert figure.rows[-1] == ("(all others), 2 in all", "–", "–", "2.00%", "4.00%", "6.00%")


def test_drivers_without_effects_say_so():
    assert isinstance(view.driver_bars(DRIVERS.iloc[:0], unit="count", title="Leads"), view.Html)


def test_galleries_of_nothing_say_that_there_is_no_data():
    empty = pd.DataFrame({"metric": [], "reading": [], "title": [], "unit": []})

    assert len(view.driver_gallery(DRIVERS.assign(metric="leads"), empty).items) == 1
