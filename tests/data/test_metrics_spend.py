"""Spend: advertising and bookings together, worked by hand."""

import pytest
from metric_tables import ad, booking, figures, make_tables, values

from mopsnb.data.cautions import find_cautions
from mopsnb.data.metrics import read_catalogue
from mopsnb.errors import DataError

pytestmark = pytest.mark.slow


def test_spend_adds_what_is_invoiced_or_paid_and_leaves_out_what_is_committed():
    tables = make_tables(
        ad_daily=[ad("2026-03-01", "100")],
        spend_actual=[
            booking("2026-03-05", "20", "paid"),
            booking("2026-03-06", "3", "invoiced"),
            booking("2026-03-07", "1000", "committed"),
            booking("2026-03-08", "0.5", None),
            booking("2026-03-09", "-1", "paid"),
        ],
    )
    assert figures(tables, "spend", as_of="2026-03-31") == {"2026-03": (122.5, 122.5, None)}


def test_spend_without_ad_rows_is_the_bookings_and_pauses_in_them_are_0():
    tables = make_tables(spend_actual=[booking("2026-01-05", "20"), booking("2026-03-05", "5")])
    assert values(tables, "spend", as_of="2026-04-30") == {"2026-01": 20, "2026-02": 0, "2026-03": 5, "2026-04": 0}


def test_spend_is_missing_where_the_ad_data_has_a_gap():
    """Ads begin in February and are silent in March: before they begin, bookings stand alone; in the gap, nothing."""
    tables = make_tables(
        ad_daily=[ad("2026-02-01", "100"), ad("2026-04-01", "100")],
        spend_actual=[booking("2026-01-05", "20"), booking("2026-03-05", "5")],
    )
    assert values(tables, "spend", as_of="2026-05-31") == {
        "2026-01": 20,
        "2026-02": 100,
        "2026-03": None,
        "2026-04": 100,
        "2026-05": None,
    }


def test_a_scope_by_channel_limits_both_kinds_of_spend():
    tables = make_tables(
        ad_daily=[ad("2026-03-01", "100"), ad("2026-03-01", "40", channel="social")],
        spend_actual=[booking("2026-03-05", "20", channel="print"), booking("2026-03-06", "5", channel="social")],
    )
    march = {"as_of": "2026-03-31"}
    assert values(tables, "spend", scope={"channel": "social"}, **march) == {"2026-03": 45}
    assert values(tables, "spend", scope={"channel": ["print", "search"]}, **march) == {"2026-03": 120}
    assert values(tables, "spend", scope={"channel": "search", "campaign_id": "a1"}, **march) == {"2026-03": 100}
    assert values(tables, "ad_spend", scope={"channel": "print"}, **march) == {}


def test_a_scope_that_only_one_part_has_is_refused():
    """An area is a column of bookings, not of ads, so spend of an area would silently lack a half."""
    tables = make_tables(ad_daily=[ad("2026-03-01", "100")], spend_actual=[booking("2026-03-05", "20")])
    with pytest.raises(DataError, match="'area' cannot be applied to ad_daily"):
        values(tables, "spend", scope={"area": "other"})


def test_bookings_on_an_ad_channel_are_counted_and_reported():
    """The search invoice of April repeats the platform's March within 2%; the agency's fee on social does not."""
    tables = make_tables(
        ad_daily=[ad("2026-03-01", "1000"), ad("2026-04-01", "1500"), ad("2026-04-01", "800", channel="social")],
        spend_actual=[
            booking("2026-04-03", "1010", channel="Search"),
            booking("2026-04-04", "90", channel="social"),
            booking("2026-04-05", "333", channel="print"),
            booking("2026-04-06", "800", "committed", channel="social"),
        ],
    )
    assert values(tables, "spend", as_of="2026-04-30") == {"2026-03": 1000, "2026-04": 3733}
    search, social = find_cautions(tables, read_catalogue())
    assert (search.id, search.severity) == ("metrics.spend-counted-twice.search", "warning")
    assert search.evidence == (
        "1,010.00 booked in 1 month, beside 1,500.00 of ad spend in the same months. "
        "In 1 month the booking agrees within 2% with what the platform reported."
    )
    assert (social.id, social.severity) == ("metrics.spend-counted-twice.social", "info")
