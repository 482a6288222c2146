"""Return on ad spend, worked by hand."""

import math
from datetime import date

import pytest
from pacing_samples import ads, make_plan, make_spend, make_strategy, paid

from mopsnb.analysis.pacing import rate_returns

STRATEGY = make_strategy()
NO_PLAN = make_plan({})


def rate(rows, as_of="2026-06-30", **options):
    """Return id to row."""
    frame = rate_returns(make_spend(rows), NO_PLAN, STRATEGY, date.fromisoformat(as_of), **options)
    return {row["id"]: row for row in frame.to_dict("records")}


def test_it_is_value_over_spend_with_an_interval_from_the_months():
    """Values of 300, 500 and 400 for 100 each: 4, give or take t × √(200 / 2 / 100 × 100 / 300)."""
    rows = [ads(f"2026-0{month}-10", 100, value=value) for month, value in ((1, 300), (2, 500), (3, 400))]
    row = rate(rows)["search"]
    reach = 4.3027 * math.sqrt((100**2 + 100**2) / 100 / 2 / 300)

    assert (row["return_on_ad_spend"], row["months"], row["note"], row["name"]) == (4, 3, "", "Paid search")
    assert (row["low"], row["high"]) == pytest.approx((max(4 - reach, 0), 4 + reach))


def test_months_weigh_by_their_spend():
    row = rate([ads("2026-01-10", 300, value=300), ads("2026-02-10", 100, value=500)])["search"]

    assert row["return_on_ad_spend"] == 2
    assert math.isnan(row["low"])
    assert row["note"] == "2 months with data: too few for an interval."


def test_spend_that_reports_no_value_is_left_out_and_named():
    row = rate([ads("2026-01-10", 100, value=300), ads("2026-01-10", 300)])["search"]

    assert (row["spend"], row["spend_with_value"], row["return_on_ad_spend"]) == (400, 100, 3)
    assert row["note"].startswith("75% of the spend reports no value and is left out.")


def test_a_channel_without_any_value_has_no_return_and_no_zero():
    row = rate([ads("2026-01-10", 100)])["search"]

    assert math.isnan(row["return_on_ad_spend"])
    assert math.isnan(row["value"])
    assert row["note"] == "The platform reports no conversion value."


def test_a_reported_value_of_zero_is_a_return_of_zero():
    assert rate([ads("2026-01-10", 100, value=0)])["search"]["return_on_ad_spend"] == 0


def test_only_advertising_of_the_year_to_date_counts_and_the_same_days_a_year_earlier_stand_beside_it():
    rows = [ads("2026-01-10", 100, value=300), ads("2026-07-01", 100, value=900), paid("2026-01-10", 50)]
    rows += [ads("2025-06-30", 100, value=200), ads("2025-07-01", 100, value=900)]
    row = rate(rows)["search"]

    assert (row["return_on_ad_spend"], row["previous"], row["change"]) == (3, 2, 0.5)


def test_channels_stand_in_order_of_spend_and_their_total_is_sum_over_sum():
    rows = [ads("2026-01-10", 100, value=300), ads("2026-01-10", 300, channel="social", value=300)]

    assert list(rate(rows)) == ["social", "search"]
    total = rate(rows, by="total")["total"]
    assert (total["return_on_ad_spend"], total["name"]) == (1.5, "All advertising")


def test_without_advertising_there_are_no_rows():
    assert rate([paid("2026-01-10", 50)]) == {}
    assert rate_returns(make_spend([]), NO_PLAN, STRATEGY, None).empty
