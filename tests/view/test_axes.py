"""Axes say where they start and in what; labels keep apart."""

import math
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mopsnb.view.axes import LINE_GAP, ValueScale, month_axis, scale_values, span_month, to_milliseconds, wrap_name
from mopsnb.view.formats import Formats

FORMATS = Formats("en_US", "USD")


def test_a_scale_starts_at_zero_where_values_spread():
    scale = scale_values([100, 4200], "count", "Clicks", FORMATS)
    assert (scale.low, scale.high, scale.title) == (0, 5000, "Clicks")


def test_a_scale_that_does_not_start_at_zero_says_so():
    scale = scale_values([0.35, 0.38], "fraction", "Rate", FORMATS)
    assert scale.low > 0
    assert scale.title == "Rate (axis starts at 34.0%)"
    assert scale_values([0.35, 0.38], "fraction", "Rate", FORMATS, zero=True).low == 0


@pytest.mark.parametrize(
    ("unit", "title"),
    [
        ("currency", "Spend, USD"),
        ("days", "Spend, days"),
        ("EUR", "Spend, EUR"),
        ("count", "Spend"),
        ("fraction", "Spend"),
    ],
)
def test_an_axis_carries_its_unit(unit, title):
    assert scale_values([0, 5], unit, "Spend", FORMATS).title == title


def test_percent_stands_at_the_labels_with_the_decimals_that_the_steps_need():
    assert scale_values([0.0031, 0.0052], "fraction", "", FORMATS).format == ",.1%"
    assert scale_values([0.0001, 0.0004], "fraction", "", FORMATS).format == ",.2%"


def test_counts_have_no_ticks_between_whole_numbers():
    assert scale_values([1, 3], "count", "", FORMATS).ticks == (0, 1, 2, 3)


@given(
    st.lists(st.one_of(st.none(), st.just(math.nan), st.floats(-1e9, 1e9)), max_size=8),
    st.sampled_from(["count", "fraction", "currency"]),
)
def test_every_value_lies_between_the_ends(values, unit):
    scale = scale_values(values, unit, "", FORMATS)
    known = [x for x in values if x is not None and not math.isnan(x)]
    slack = 1e-6 * max([1.0, *map(abs, known)])
    assert scale.low < scale.high
    assert all(scale.low - slack <= x <= scale.high + slack for x in known)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=4), st.data())
def test_labels_neither_cover_each_other_nor_leave_the_plot(values, data):
    lines = [data.draw(st.integers(1, 3)) for _ in values]
    height = 260
    scale = ValueScale(0, 100, (0, 100), "", "")
    unit = 100 / height
    places = scale.spread(values, height, lines)
    order = sorted(range(len(values)), key=lambda place: places[place])
    for below, above in pairwise(order):
        assert places[above] - places[below] >= LINE_GAP * (lines[below] + lines[above]) / 2 * unit - 1e-6
    assert min(places) >= -LINE_GAP * unit
    assert max(places) <= 100 + LINE_GAP * unit


def test_a_label_with_room_stays_where_its_value_is():
    assert ValueScale(0, 100, (0, 100), "", "").spread([20.0, 80.0], 260, [1, 1]) == [20.0, 80.0]


@pytest.mark.parametrize(("months", "step"), [(1, 1), (7, 1), (12, 2), (21, 3), (36, 6), (60, 12), (200, 36)])
def test_a_phone_has_room_for_the_month_labels(months, step):
    days = pd.date_range("2020-01-01", periods=months, freq="MS")
    ticks = month_axis(days.tolist()).to_dict()["axis"]["values"]["expr"].strip("[]").split(", ")
    assert 1 <= len(ticks) <= 7
    labeled = [pd.Timestamp(int(tick), unit="ms") for tick in ticks]
    assert all((day.year * 12 + day.month - 1) % step == 0 for day in labeled) or months == 1


def test_days_are_the_same_instant_in_every_time_zone():
    assert to_milliseconds("1970-01-02") == 86_400_000


def test_a_months_bar_lies_inside_its_month():
    start, end = span_month("2026-02-01", gap=0.1)
    assert to_milliseconds("2026-02-01") < start < end < to_milliseconds("2026-03-01")
    assert end - start == pytest.approx(28 * 86_400_000 * 0.9, abs=2)


def test_names_are_broken_at_spaces_alone():
    assert wrap_name("Chief marketing officer", 12) == "Chief\nmarketing\nofficer"
    assert wrap_name("Donaudampfschifffahrt", 12) == "Donaudampfschifffahrt"
    assert wrap_name("IT ops", 12) == "IT ops"
