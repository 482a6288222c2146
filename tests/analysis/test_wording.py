"""Numbers and days in the words of a sentence."""

import math
from datetime import date

import pytest

from mopsnb.analysis.wording import format_months, format_plainly, format_span, join_words


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0031, "fraction", "0.31%"),
        (0.00042, "fraction", "0.042%"),
        (0.25, "fraction", "25%"),
        (1.234, "fraction", "123%"),
        (0.0, "fraction", "0%"),
        (-0.125, "fraction", "-12.5%"),
        (12034.0, "count", "12,034"),
        (12034.6, "count", "12,035"),
        (81.7, "count", "82"),
        (6.07, "count", "6.07"),
        (81.7, "ratio", "81.7"),
        (2.5, "ratio", "2.5"),
        (4.5, "USD", "4.50 USD"),
        (120000.4, "EUR", "120,000 EUR"),
        (3.0, "days", "3 days"),
        (math.nan, "fraction", "–"),
        (math.inf, "count", "–"),
        (-0.00001, "ratio", "-0.00001"),
    ],
)
def test_a_value_reads_with_its_unit_and_about_three_digits(value, unit, text):
    assert format_plainly(value, unit) == text


def test_a_stretch_of_days_names_the_year_once_within_one_year():
    assert format_span(date(2026, 1, 1), date(2026, 9, 30)) == "January 1 to September 30, 2026"
    assert format_span(date(2025, 11, 1), date(2026, 1, 31)) == "November 1, 2025 to January 31, 2026"


def test_a_stretch_of_months_is_as_short_as_it_can_be():
    assert format_months(date(2026, 7, 1), date(2026, 7, 31)) == "July 2026"
    assert format_months(date(2026, 7, 1), date(2026, 9, 30)) == "July to September 2026"
    assert format_months(date(2025, 12, 1), date(2026, 2, 28)) == "December 2025 to February 2026"


def test_a_list_of_words_ends_with_and():
    assert join_words([]) == ""
    assert join_words(["one"]) == "one"
    assert join_words(["one", "two"], "or") == "one or two"
