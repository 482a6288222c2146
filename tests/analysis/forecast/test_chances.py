"""The chance of a target is counted in possible futures, over the months that make up the goal's figure."""

from datetime import date

import numpy as np
import pytest
from analysis_samples import CATALOGUE, additive, ratio

from mopsnb.analysis import forecast
from mopsnb.analysis.cards import find_card
from mopsnb.analysis.months import read_months
from mopsnb.analysis.wording import format_plainly

CLICKS, CHURN = find_card(CATALOGUE, "total_clicks"), find_card(CATALOGUE, "email_churn_rate")
START, YEAR = date(2023, 1, 1), (date(2026, 1, 1), date(2026, 12, 31))
SOURCE = np.random.default_rng(8)
VALUES = np.round(1000 * np.exp(SOURCE.normal(0, 0.1, 45))).tolist()  # January 2023 to September 2026
MONTHS = read_months(additive(START, VALUES))
CLICKS_AHEAD = forecast.forecast_months(CLICKS, MONTHS, 6)


def test_a_total_is_what_came_and_what_the_futures_add():
    brought, ahead = sum(VALUES[36:]), CLICKS_AHEAD.outlook.draws[:, :3].sum(axis=1)

    for target in (11_500, 12_000, 12_500):
        found = forecast.find_chance(CLICKS_AHEAD, MONTHS, target, *YEAR)
        assert found.probability == pytest.approx(np.mean(brought + ahead >= target))
        assert found.median == pytest.approx(brought + np.median(ahead))
        assert found.low == pytest.approx(brought + np.quantile(ahead, 0.1))


def test_a_month_in_which_the_goal_starts_or_ends_counts_by_its_days():
    found = forecast.find_chance(CLICKS_AHEAD, MONTHS, 0, date(2026, 9, 16), date(2026, 10, 10))

    expected = VALUES[44] * 15 / 30 + CLICKS_AHEAD.outlook.draws[:, 0] * 10 / 31
    assert found.median == pytest.approx(np.median(expected))


def test_a_rate_is_the_mean_of_the_last_three_months():
    pairs = [(int(top), 10_000) for top in SOURCE.normal(50, 5, 45)]
    months = read_months(ratio(START, pairs))
    ahead = forecast.forecast_months(CHURN, months, 6)

    found = forecast.find_chance(ahead, months, 0.005, date(2026, 1, 1), date(2026, 11, 15))

    levels = (months[43].value + months[44].value + ahead.outlook.draws[:, 0]) / 3
    assert found.median == pytest.approx(np.median(levels))
    assert found.probability == pytest.approx(np.mean(levels <= 0.005))  # a rate of people who leave should fall


def test_the_asked_direction_turns_the_chance_around():
    up = forecast.find_chance(CLICKS_AHEAD, MONTHS, 12_000, *YEAR, sign=1).probability
    down = forecast.find_chance(CLICKS_AHEAD, MONTHS, 12_000, *YEAR, sign=-1).probability

    assert up + down == pytest.approx(1)


def test_the_chance_falls_as_the_target_rises():
    chances = [
        forecast.find_chance(CLICKS_AHEAD, MONTHS, target, *YEAR).probability for target in range(0, 30_000, 500)
    ]

    assert chances == sorted(chances, reverse=True)
    assert (chances[0], chances[-1]) == (1, 0)


@pytest.mark.parametrize(
    ("months", "deadline", "reason"),
    [
        (MONTHS, date(2027, 12, 31), "The deadline lies beyond what can be forecast."),
        (
            read_months(additive(START, [*VALUES[:40], float("nan"), *VALUES[41:]])),
            YEAR[1],
            "A month that counts has no data.",
        ),
    ],
)
def test_where_a_month_is_unknown_there_is_no_chance(months, deadline, reason):
    found = forecast.find_chance(CLICKS_AHEAD, months, 1, YEAR[0], deadline)

    assert np.isnan(found.probability)
    assert found.read("count", deadline, format_plainly) == reason


def test_the_chance_in_words():
    found = forecast.Chance(0.637, 12_034.2, 11_000, 13_000)

    assert found.read("count", YEAR[1], format_plainly) == (
        "The forecast for December 31, 2026 is 12,034 (80% of futures lie between 11,000 and 13,000); "
        "the chance is 64% that the target is reached."
    )
