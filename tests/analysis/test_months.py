"""Months of a metric: read, filled, added up."""

import math
from datetime import date

import analysis_samples as samples
import pandas as pd
import pytest

from mopsnb.analysis.months import add_up, count_months, measure_length, read_months, shift_month

NAN = math.nan


def test_rows_in_any_order_become_months_in_time_order():
    frame = samples.additive(date(2025, 11, 1), [1, 2, 3])

    months = read_months(frame.iloc[[2, 0, 1]])

    assert [(month.start, month.value) for month in months] == [
        (date(2025, 11, 1), 1),
        (date(2025, 12, 1), 2),
        (date(2026, 1, 1), 3),
    ]
    assert (months[1].end, months[1].days) == (date(2025, 12, 31), 31)


def test_a_month_without_a_row_becomes_a_missing_month():
    frame = samples.additive(date(2026, 1, 1), [1, 2, 3]).drop(index=1)

    months = read_months(frame)

    assert [month.start.month for month in months] == [1, 2, 3]
    assert math.isnan(months[1].value)


def test_two_rows_for_one_month_are_refused():
    frame = samples.additive(date(2026, 1, 1), [1, 2])

    with pytest.raises(ValueError, match=r"2026-01.*one metric at a time"):
        read_months(pd.concat([frame, frame]))


def test_no_frame_and_an_empty_frame_have_no_months():
    assert read_months(None) == []
    assert read_months(samples.additive(date(2026, 1, 1), [])) == []


def test_a_ratio_adds_up_as_sum_over_sum():
    """2 of 10 and 30 of 40 are 32 of 50, which is 64%, not the mean of 20% and 75%."""
    total = add_up(read_months(samples.ratio(date(2026, 1, 1), [(2, 10), (30, 40)])), additive=False)

    assert total.value == pytest.approx(0.64)
    assert (total.numerator, total.denominator, total.present, total.missing) == (32, 50, 2, 0)


def test_a_ratio_with_a_factor_keeps_it():
    frame = samples.ratio(date(2026, 1, 1), [(2, 10), (30, 40)])
    frame["value"] *= 1000

    assert add_up(read_months(frame), additive=False).value == pytest.approx(640)


def test_a_base_of_zero_counts_and_a_base_of_zero_alone_has_no_value():
    months = read_months(samples.ratio(date(2026, 1, 1), [(0, 0), (1, 4)]))

    assert add_up(months, additive=False).value == pytest.approx(0.25)
    assert math.isnan(add_up(months[:1], additive=False).value)
    assert add_up(months[:1], additive=False).present == 1


def test_missing_months_are_left_out_and_counted():
    total = add_up(read_months(samples.additive(date(2026, 1, 1), [5, NAN, 7])), additive=True)

    assert (total.value, total.present, total.missing) == (12, 2, 1)


def test_only_missing_months_add_up_to_missing_and_not_to_zero():
    assert math.isnan(add_up(read_months(samples.additive(date(2026, 1, 1), [NAN, NAN])), additive=True).value)


def test_months_are_counted_across_years():
    assert shift_month(date(2026, 1, 31), -1) == date(2025, 12, 1)
    assert count_months(date(2025, 12, 31), date(2026, 2, 1)) == 2
    assert measure_length(date(2026, 1, 1), date(2026, 12, 31)) == 12
    assert measure_length(date(2026, 1, 15), date(2026, 4, 14)) == 3
    assert measure_length(date(2026, 1, 1), date(2026, 1, 3)) == 1
