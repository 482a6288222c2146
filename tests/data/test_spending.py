"""Spend by day and area, from tables worked by hand."""

import math
from collections import defaultdict
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metric_tables import ad, booking, compute, make_tables
from spending_samples import list_spend, read
from workspaces import write_workspace

import mopsnb
from mopsnb.data.spending import PLAN_COLUMNS, SPEND_COLUMNS, read_plan, read_spend
from mopsnb.errors import CurrencyError
from mopsnb.strategy import Strategy

pytestmark = pytest.mark.slow


def test_ads_are_added_up_by_day_in_the_area_of_their_channel_and_bookings_stand_in_their_own():
    spend, _ = read(
        ad_daily=[
            ad("2026-03-01", "20.10", "c1"),
            ad("2026-03-01", "5.20", "c2"),
            ad("2026-03-02", "7", "c1"),
            ad("2026-03-01", "4", channel="radio"),
        ],
        spend_actual=[booking("2026-03-01", "100", area="print"), booking("2026-03-04", "9", None, area="fees")],
    )

    assert list_spend(spend, "area", "channel", "kind", "rows") == [
        ("2026-03-01", "", "radio", "ads", 1, 4.0),
        ("2026-03-01", "print", "", "other", 1, 100.0),
        ("2026-03-01", "search_ads", "search", "ads", 2, 25.3),
        ("2026-03-02", "search_ads", "search", "ads", 1, 7.0),
        ("2026-03-04", "fees", "", "other", 1, 9.0),
    ]


def test_committed_bookings_stay_apart_and_one_without_a_status_counts_as_paid():
    spend, _ = read(
        spend_actual=[
            booking("2026-03-01", "1", "paid"),
            booking("2026-03-01", "2", "invoiced"),
            booking("2026-03-01", "4", None),
            booking("2026-03-01", "8", "committed"),
        ]
    )

    assert list_spend(spend, "is_committed", "rows") == [("2026-03-01", False, 3, 7.0), ("2026-03-01", True, 1, 8.0)]


def test_value_is_missing_where_no_row_reports_one_and_only_spend_of_reporting_rows_stands_beside_it():
    spend, _ = read(
        ad_daily=[
            ad("2026-03-01", "10", "c1", conversion_value="30"),
            ad("2026-03-01", "5", "c2"),
            ad("2026-03-02", "6", "c1"),
        ]
    )

    assert spend["value"].tolist()[0] == 30
    assert math.isnan(spend["value"].tolist()[1])
    assert spend["amount_with_value"].tolist() == [10, 0]


def test_rows_of_different_grain_are_never_added_up():
    """The campaign's 100 covers its ad groups, and the week's 50 covers the days inside it."""
    spend, _ = read(
        ad_daily=[
            ad("2026-03-01", "100", "c1"),
            ad("2026-03-01", "60", "c1", ad_group_id="g1"),
            ad("2026-03-01", "40", "c1", ad_group_id="g2"),
            ad("2026-03-02", "50", "c2", period_start="2026-03-02", period_end="2026-03-08"),
            ad("2026-03-03", "9", "c2"),
        ]
    )

    assert list_spend(spend, "rows") == [("2026-03-01", 1, 100.0), ("2026-03-08", 1, 50.0)]
    assert [f"{day:%m-%d}" for day in spend["first_day"]] == ["03-01", "03-02"]


def test_a_total_across_months_is_one_amount_on_its_last_day():
    spend, _ = read(ad_daily=[ad("2026-01-01", "900", "c1", period_start="2026-01-01", period_end="2026-03-31")])

    assert list_spend(spend, "rows") == [("2026-03-31", 1, 900.0)]
    assert f"{spend['first_day'][0]:%Y-%m-%d}" == "2026-01-01"


def test_a_total_across_months_wins_over_what_lies_inside_it_and_is_left_out_where_it_shares_days():
    spend, _ = read(
        ad_daily=[
            ad("2026-01-01", "900", "days", period_start="2026-01-01", period_end="2026-03-31"),
            ad("2026-02-10", "10", "days"),
            ad("2026-01-01", "700", "long", period_start="2026-01-01", period_end="2026-04-30"),
            ad("2026-01-01", "500", "long", period_start="2026-01-01", period_end="2026-03-31"),
            ad("2026-01-01", "80", "groups", period_start="2026-01-01", period_end="2026-02-28"),
            ad("2026-01-01", "60", "groups", period_start="2026-01-01", period_end="2026-02-28", ad_group_id="g1"),
            ad("2026-01-01", "40", "shared", period_start="2026-01-01", period_end="2026-01-31"),
            ad("2026-01-20", "30", "shared", period_start="2026-01-20", period_end="2026-02-10"),
        ]
    )

    expected = [("2026-01-31", 40.0), ("2026-02-28", 80.0), ("2026-03-31", 900.0), ("2026-04-30", 700.0)]
    assert list_spend(spend) == expected


DAYS = st.integers(0, 150).map(lambda number: date(2026, 1, 1).toordinal() + number).map(date.fromordinal)
AD_ROWS = st.lists(
    st.builds(
        lambda day, length, spend, campaign, group: ad(
            day.isoformat(),
            f"{spend / 100:.2f}",
            campaign,
            ad_group_id=group,
            **(
                {"period_start": day.isoformat(), "period_end": min(day.toordinal() + length, month_end(day))}
                if length
                else {}
            ),
        ),
        DAYS,
        st.sampled_from([0, 0, 0, 6, 20]),
        st.integers(0, 99_999),
        st.sampled_from(["c1", "c2"]),
        st.sampled_from([None, None, "g1", "g2"]),
    ),
    max_size=12,
    unique_by=lambda row: (row["date"], row["campaign_id"], row["ad_group_id"]),
)
BOOKINGS = st.lists(
    st.builds(
        lambda day, cents, status, number: booking(
            day.isoformat(), f"{cents / 100:.2f}", status, spend_id=str(number), area="print"
        ),
        DAYS,
        st.integers(-5_000, 99_999),
        st.sampled_from([None, "paid", "invoiced", "committed"]),
        st.integers(),
    ),
    max_size=6,
)


def month_end(day):
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following.toordinal() - 1


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(AD_ROWS, BOOKINGS)
def test_every_month_has_the_spend_that_the_metric_spend_reports(ad_rows, bookings):
    """Where no total crosses a month's end, both add up the same rows."""
    for row in ad_rows:
        if "period_end" in row:
            row["period_end"] = date.fromordinal(row["period_end"]).isoformat()
    spend, _ = read(ad_daily=ad_rows, spend_actual=bookings)
    months = defaultdict(list)
    for row in spend.itertuples():
        if not row.is_committed:
            months[f"{row.date:%Y-%m}"].append(row.amount)
    found = {month: round(math.fsum(amounts), 6) for month, amounts in months.items()}
    tables = make_tables(ad_daily=ad_rows, spend_actual=bookings)
    parts = compute(tables, "spend", as_of="2026-12-31").dropna(subset="value")
    metric = {f"{row.period_start:%Y-%m}": row.value for row in parts.itertuples()}

    known = {month for month, value in metric.items() if value} | {month for month, value in found.items() if value}
    missing = set(found) - set(metric)  # a month inside the ad data without any ad row is missing there
    assert {month: found.get(month, 0.0) for month in known - missing} == {
        month: metric[month] for month in known - missing
    }


def test_sums_are_exact():
    """Ten thousand times 0.1 on one day is 1,000 and not a little less."""
    connection = make_tables(ad_daily=[ad("2026-03-01", "0.000001")])
    connection.execute(
        "INSERT INTO ad_daily (date, spend, channel) SELECT DATE '2026-03-02', 0.1, 'x' FROM range(10000)"
    )
    spend = read_spend(lambda sql, parameters: connection.execute(sql).df(), ["ad_daily"], Strategy())

    assert spend["amount"].tolist() == [0.000001, 1000]


def test_the_owner_is_the_one_of_the_campaign():
    spend, _ = read(
        ad_daily=[ad("2026-03-01", "5", "c1"), ad("2026-03-01", "6", "c2")],
        spend_actual=[booking("2026-03-01", "7", area="print", campaign_id="c1")],
        campaign=[{"campaign_id": "c1", "name": "One", "owner": "dana"}],
    )

    assert list_spend(spend, "area", "owner") == [
        ("2026-03-01", "print", "dana", 7.0),
        ("2026-03-01", "search_ads", "", 6.0),
        ("2026-03-01", "search_ads", "dana", 5.0),
    ]


def test_without_tables_and_budget_both_frames_are_empty_and_typed():
    spend, plan = read(Strategy())

    assert (len(spend), len(plan)) == (0, 0)
    assert spend.dtypes.astype(str).to_dict() == SPEND_COLUMNS
    assert plan.dtypes.astype(str).to_dict() == PLAN_COLUMNS


ADS = "date,channel,campaign_id,spend,currency\n2026-03-01,search,c1,5,EUR\n"
BILLS = "spend_id,date,area,amount,currency\n1,2026-03-02,print,9,USD\n"
PLANS = "month,area,planned,currency\n2026-03,print,9,GBP\n"


@pytest.mark.parametrize("currency", ["", ", currency: EUR"], ids=["no currency named", "euro named"])
@pytest.mark.parametrize(
    ("tables", "codes"),
    [({"spend_actual": BILLS}, {"EUR", "USD"}), ({"budget_plan": PLANS}, {"EUR", "GBP"})],
    ids=["spend", "plan"],
)
def test_two_currencies_without_rates_are_refused_and_both_are_named(tmp_path, currency, tables, codes):
    strategy = f"version: 1\norganization: {{name: Acme{currency}}}\n"
    workspace = mopsnb.open(write_workspace(tmp_path, strategy, ad_daily=ADS, **tables))

    with pytest.raises(CurrencyError) as refused:
        read_spend(workspace.sql, workspace.tables, workspace.strategy)
        read_plan(workspace.sql, workspace.tables, workspace.strategy)
    assert {code for code in ("EUR", "USD", "GBP") if code in str(refused.value)} == codes


def test_with_rates_the_other_currency_is_converted(tmp_path):
    rates = "date,currency,rate_to_base\n2026-01-01,USD,0.5\n"
    strategy = "version: 1\norganization: {name: Acme, currency: EUR}\n"
    folder = write_workspace(tmp_path, strategy, ad_daily=ADS, spend_actual=BILLS, fx_rate=rates)
    workspace = mopsnb.open(folder)
    spend = read_spend(workspace.sql, workspace.tables, workspace.strategy)

    assert list_spend(spend, "kind") == [("2026-03-01", "ads", 5.0), ("2026-03-02", "other", 4.5)]


def test_cells_that_cannot_be_read_leave_their_rows_out(tmp_path):
    """A workspace that is not strict has missing days and amounts; each costs its own row alone."""
    bills = (
        "spend_id,date,area,amount,currency\n1,2026-03-02,print,9,EUR\n2,soon,print,5,EUR\n3,2026-03-02,print,x,EUR\n"
    )
    ads = ADS + "soon,search,c1,7,EUR\n2026-03-01,search,c2,x,EUR\n"
    plans = "month,area,planned,currency\n2026-03,print,9,EUR\n2026-04,print,x,EUR\nsoon,print,4,EUR\n2026-05,,4,EUR\n"
    folder = write_workspace(tmp_path, ad_daily=ads, spend_actual=bills, budget_plan=plans)
    workspace = mopsnb.open(folder, strict=False)
    spend = read_spend(workspace.sql, workspace.tables, workspace.strategy)
    plan = read_plan(workspace.sql, workspace.tables, workspace.strategy)

    assert list_spend(spend, "kind") == [("2026-03-01", "ads", 5.0), ("2026-03-02", "other", 9.0)]
    assert plan["planned"].tolist() == [9]
