"""Figures and dates are written as the locale does, with as many decimals as their size deserves."""

import math
from datetime import date

import pandas as pd
import pytest
from babel.numbers import format_currency, format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st

from mopsnb.analysis.wording import write_percent
from mopsnb.view.formats import MISSING, Formats, share_digits

US = Formats("en_US", "USD")
GERMAN = Formats("de_DE", "EUR")


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (0, "0%"),
        (0.004, "0.40%"),
        (0.04567, "4.57%"),
        (0.09999, "10.0%"),
        (0.1234, "12.3%"),
        (0.99996, "100%"),
        (12.345, "1,234%"),
        (0.00003, "0.0030%"),
        (-0.004, "-0.40%"),
    ],
)
def test_a_fraction_is_percent_with_decimals_by_size(x, expected):
    assert US.percent(x) == US.value(x, "fraction") == expected


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (0, "$0.00"),
        (0.0123, "$0.012"),
        (0.05, "$0.05"),
        (4.5, "$4.50"),
        (231.33, "$231.33"),
        (999.996, "$1,000"),
        (1204.5, "$1,204"),
        (-1234567.2, "-$1,234,567"),
    ],
)
def test_money_loses_its_cents_from_a_thousand_on(x, expected):
    assert US.currency(x) == US.value(x, "currency") == expected


def test_money_names_the_currency_it_is_in():
    assert US.value(4.5, "EUR") == "€4.50"
    assert US.value(4.5, "CHF") == "CHF\N{NO-BREAK SPACE}4.50"
    assert Formats("en_US", None).value(4.5, "currency") == "4.50"
    assert US.currency(0.4, "JPY") == "¥0.40", "an amount below the smallest coin is not 0"
    assert US.currency(1204, "JPY") == "¥1,204"


@given(st.floats(-1e9, 1e9), st.sampled_from(["en_US", "de_DE", "fr_FR", "en_IN", "pt_BR", "de_CH"]))
def test_two_decimals_are_written_as_babel_writes_them(x, locale):
    formats = Formats(locale, "EUR")
    rounded = float(f"{x:.2f}")
    if rounded == 0:
        rounded = 0.0
    assert formats.number(rounded, 2) == format_decimal(
        rounded, "#,##0.00" if locale != "en_IN" else "#,##,##0.00", locale=locale
    )
    assert formats.currency(rounded, digits=2) == format_currency(rounded, "EUR", locale=locale)
    assert formats.percent(round(rounded), 0) == format_percent(round(rounded), locale=locale)


def test_german_has_its_own_separators_and_order_of_a_date_but_english_months():
    assert GERMAN.currency(1204567.0) == "1.204.567\N{NO-BREAK SPACE}€"
    assert GERMAN.percent(0.004) == "0,40\N{NO-BREAK SPACE}%"
    assert GERMAN.month("2026-03-01") == "March 2026"
    assert GERMAN.date(date(2026, 3, 30)) == "30 Mar 2026"
    assert GERMAN.change(0.042, GERMAN.month_name("2026-03-01")) == "up 4,2\N{NO-BREAK SPACE}% on March"


@pytest.mark.parametrize("locale", ["fr", "pt_BR", "ja_JP", "es_419", "zh_Hans_CN", "en-GB"])
def test_every_locale_has_english_months(locale):
    assert Formats(locale, "EUR").month("2026-03-01") == "March 2026"


def test_counts_have_separators_and_no_decimals():
    assert US.count(1234567) == US.value(1234567.0, "count") == "1,234,567"
    assert US.count(3.5) == "3.5"
    assert US.count(151.9) == "152"


def test_any_other_unit_follows_the_number():
    assert US.value(4.5, "days") == "4.50 days"
    assert US.value(1, "days") == "1 day"
    assert US.value(3.2, "ratio") == "3.20"
    assert US.value(4, "") == "4"


@pytest.mark.parametrize("missing", [None, math.nan, pd.NA, pd.NaT, math.inf])
def test_what_is_missing_is_a_dash_and_never_zero(missing):
    written = [US.value(missing, unit) for unit in ("fraction", "count", "currency", "ratio", "days", "EUR")]
    written += [
        US.percent_points(missing),
        US.change(missing),
        US.date(missing),
        US.month(missing),
        US.month_name(missing),
    ]
    assert set(written) == {MISSING}


def test_nothing_is_written_as_minus_zero():
    assert US.number(-0.001, 1) == "0.0"
    assert US.percent(-0.000001, 1) == "0.0%"


def test_a_change_is_said_in_words():
    assert US.change(0.042, "August") == "up 4.2% on August"
    assert US.change(-0.5) == "down 50.0%"
    assert US.change(12.0) == "up 1,200%"
    assert US.change(0.0001, "August") == "unchanged on August"


def test_a_difference_of_fractions_is_in_points():
    assert US.percent_points(0.0012) == "+0.12 points"
    assert US.percent_points(-0.123) == "−12.3 points"


def test_periods_are_months_days_or_spans():
    assert US.period("2026-09") == "September 2026"
    assert US.period("2026-09-30") == "Sep 30, 2026"
    assert " ".join(US.period("2026-01-01/2026-09-30").split()) == "Jan 1 – Sep 30, 2026"
    assert US.period("since the start") == "since the start"


def test_a_column_shares_its_decimals():
    assert share_digits([0.004, 0.12], "fraction") == 2
    assert share_digits([4.5, 1204.0, None], "currency", "USD") == 0
    assert share_digits([None], "currency", "USD") == 0


def test_a_unit_in_words_stands_once_in_a_span():
    assert US.span(2.17, 2.95, "times as many") == "2.17 to 2.95 times as many"
    assert US.span(0.003, 0.0047, "fraction") == "0.30% to 0.47%"
    assert US.span(1, 2, "days") == "1 day to 2 days"


@pytest.mark.parametrize(
    ("share", "us", "german"),
    [
        (0.637, "64%", "64\N{NO-BREAK SPACE}%"),
        (0.0, "0%", "0\N{NO-BREAK SPACE}%"),
        (12.5, "1,250%", "1.250\N{NO-BREAK SPACE}%"),
    ],
)
def test_whole_percent_are_written_as_the_locale_writes_shares(share, us, german):
    assert (write_percent(share, US.value), write_percent(share, GERMAN.value)) == (us, german)
