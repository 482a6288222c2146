"""Spend by day and area, and the phased plan, from tables worked by hand."""

import math
from collections import defaultdict
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metric_tables import ad, booking, compute, make_tables
from workspaces import write_workspace

import mopsnb
from mopsnb.data.spending import PLAN_COLUMNS, SPEND_COLUMNS, read_plan, read_spend
from mopsnb.errors import CurrencyError
from mopsnb.strategy import Budget, BudgetArea, Channel, Organization, Strategy

SEARCH = BudgetArea(id="search_ads", channel="search", share=0.5)
BUDGET = Budget(year=2026, total=1200, areas=[SEARCH, BudgetArea(id="print", share=0.5)])
STRATEGY = Strategy(channels=[Channel(id="search")], budget=BUDGET)


def read(strategy=STRATEGY, **tables):
    """Return spend and plan of tables given as rows."""
    connection = make_tables(**tables)

    def query(sql, parameters):
        return connection.execute(sql, dict(parameters)).df()

    return read_spend(query, tables, strategy), read_plan(query, tables, strategy)


def list_spend(frame, *columns):
    """Return a frame's rows as tuples: date, then the columns, then the amount."""
    names = ["date", *columns, "amount"]
    return [(f"{row[0]:%Y-%m-%d}", *row[1:]) for row in frame[names].itertuples(index=False)]


def planned(month, area, amount, **more):
    """Return a row of budget_plan."""
    return {"month": f"{month}-01", "area": area, "planned": amount, "currency": "EUR", **more}


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


def test_a_total_across_months_is_left_out_where_days_of_its_campaign_are_known_or_a_longer_total_covers_it():
    spend, _ = read(
        ad_daily=[
            ad("2026-01-01", "900", "days", period_start="2026-01-01", period_end="2026-03-31"),
            ad("2026-02-10", "10", "days"),
            ad("2026-01-01", "700", "long", period_start="2026-01-01", period_end="2026-04-30"),
            ad("2026-01-01", "500", "long", period_start="2026-01-01", period_end="2026-03-31"),
            ad("2026-01-01", "80", "groups", period_start="2026-01-01", period_end="2026-02-28"),
            ad("2026-01-01", "60", "groups", period_start="2026-01-01", period_end="2026-02-28", ad_group_id="g1"),
        ]
    )

    assert list_spend(spend) == [("2026-02-10", 10.0), ("2026-02-28", 80.0), ("2026-04-30", 700.0)]


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


def test_a_campaign_that_the_plan_names_takes_its_money_to_its_area():
    plan = [planned("2026-03", "launch", 50, campaign_id="c9"), planned("2026-03", "search_ads", 9, channel="search")]
    spend, _ = read(ad_daily=[ad("2026-03-01", "5", "c9"), ad("2026-03-01", "6", "c1")], budget_plan=plan)

    assert list_spend(spend, "area") == [("2026-03-01", "launch", 5.0), ("2026-03-01", "search_ads", 6.0)]


def test_names_count_without_regard_to_capitals_and_are_written_as_in_the_plan():
    rows = {
        "ad_daily": [ad("2026-03-01", "5", channel="Search")],
        "spend_actual": [booking("2026-03-01", "6", area="Print")],
    }
    spend, _ = read(**rows)

    assert list_spend(spend, "area", "channel") == [
        ("2026-03-01", "print", "", 6.0),
        ("2026-03-01", "search_ads", "search", 5.0),
    ]


def test_the_area_of_a_channel_is_the_one_of_the_rows_fiscal_year():
    plan = [planned("2025-11", "old", 9, channel="search"), planned("2026-04", "new", 9, channel="search")]
    strategy = Strategy(organization=Organization(fiscal_year_start="04-01"))
    spend, _ = read(strategy, ad_daily=[ad("2026-03-31", "5"), ad("2026-04-01", "6")], budget_plan=plan)

    assert list_spend(spend, "area") == [("2026-03-31", "old", 5.0), ("2026-04-01", "new", 6.0)]


SHARED = [planned("2026-03", "brand", 10, channel="search"), planned("2026-03", "sales", 20, channel="search")]


def test_two_areas_of_one_channel_are_compared_together_where_ads_do_not_tell_them_apart():
    """A third area that shares another channel with one of them joins as well; bookings follow."""
    extra = [planned("2026-03", "sales", 5, channel="social"), planned("2026-03", "video", 5, channel="social")]
    spend, plan = read(
        ad_daily=[ad("2026-03-01", "5"), ad("2026-03-01", "6", channel="social")],
        spend_actual=[booking("2026-03-02", "7", area="brand")],
        budget_plan=SHARED + extra,
    )

    assert set(spend["area"]) == {"brand + sales + video"} == set(plan["area"])
    assert math.fsum(plan["planned"]) == 40


def test_areas_of_one_channel_stay_apart_where_there_are_no_ads_on_it():
    spend, plan = read(
        ad_daily=[ad("2026-03-01", "5", channel="radio")],
        spend_actual=[booking("2026-03-02", "7", area="brand")],
        budget_plan=SHARED,
    )

    assert list_spend(spend, "area") == [("2026-03-01", "", 5.0), ("2026-03-02", "brand", 7.0)]
    assert list(plan["area"]) == ["brand", "sales"]


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


def test_a_budget_is_spread_by_its_weights_and_evenly_without_them():
    """Of 1,200, half goes to each area. Weights 2, 1, 1, … are sums of 13 parts: 600 × 2/13 in the first month."""
    areas = [BudgetArea(id="search_ads", channel="search", share=0.5, phasing=[2] + [1] * 11), BUDGET.areas[1]]
    _, plan = read(Strategy(budget=Budget(year=2026, total=1200, areas=areas)))

    search = plan[plan["area"] == "search_ads"]
    assert search["planned"].tolist() == [round(600 * 2 / 13, 6)] + [round(600 / 13, 6)] * 11
    assert plan.loc[plan["area"] == "print", "planned"].tolist() == [50.0] * 12
    assert set(plan["source"]) == {"strategy.yml"}
    assert [f"{day:%m-%d}" for day in search["period_end"]][:2] == ["01-31", "02-28"]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(0.01, 1000), min_size=12, max_size=12),
    st.floats(0.01, 1),
    st.floats(1, 1e7),
    st.sampled_from(["01-01", "04-06", "10-01", "12-31"]),
)
def test_the_months_of_a_budget_add_up_to_its_share_and_follow_each_other(weights, share, total, start):
    budget = Budget(year=2026, total=total, areas=[BudgetArea(id="a", share=share, phasing=weights)])
    _, plan = read(Strategy(organization=Organization(fiscal_year_start=start), budget=budget))

    assert math.fsum(plan["planned"]) == pytest.approx(total * share, abs=1e-4)
    assert plan["period_start"].iloc[0] == plan["year_start"].iloc[0]
    assert f"{plan['year_start'].iloc[0]:%Y-%m-%d}" == f"2026-{start}"
    assert ((plan["period_start"].shift(-1) - plan["period_end"]).dropna().dt.days == 1).all()


def test_a_budget_without_areas_is_one_plan_without_a_name():
    _, plan = read(Strategy(budget=Budget(year=2026, total=1200)))

    assert plan["planned"].tolist() == [100.0] * 12
    assert set(plan["area"]) == {""}


def test_the_table_wins_over_the_strategy_file_for_the_years_that_it_plans():
    _, plan = read(budget_plan=[planned("2025-03", "print", 7), planned("2026-03", "print", 8)])
    assert plan[["fiscal_year", "planned", "source"]].values.tolist() == [
        [2025, 7, "budget_plan"],
        [2026, 8, "budget_plan"],
    ]

    _, plan = read(budget_plan=[planned("2025-03", "print", 7)])
    assert set(zip(plan["fiscal_year"], plan["source"])) == {(2025, "budget_plan"), (2026, "strategy.yml")}


def test_each_month_counts_in_its_last_version_by_name():
    """The revision plans February only, so January stays as it was; a row without a version is the oldest."""
    _, plan = read(
        budget_plan=[
            planned("2026-01", "print", 1, version="v1"),
            planned("2026-02", "print", 2, version="v1"),
            planned("2026-02", "print", 3, version="v2"),
            planned("2026-02", "print", 4),
        ]
    )

    assert plan[["planned", "version", "versions"]].values.tolist() == [[1, "v1", 1], [3, "v2", 3]]


def test_a_fiscal_year_of_the_table_has_whole_calendar_months():
    strategy = Strategy(organization=Organization(fiscal_year_start="04-06"))
    _, plan = read(strategy, budget_plan=[planned("2026-04", "print", 7)])

    row = plan.iloc[0]
    assert [f"{row[name]:%Y-%m-%d}" for name in ("year_start", "year_end", "period_start", "period_end")] == [
        "2026-04-01",
        "2027-03-31",
        "2026-04-01",
        "2026-04-30",
    ]


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
