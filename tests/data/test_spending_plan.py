"""The phased plan, and the areas that it gives spend to, from tables worked by hand."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metric_tables import ad, booking
from spending_samples import BUDGET, list_spend, planned, read

from mopsnb.strategy import Budget, BudgetArea, Organization, Strategy

pytestmark = pytest.mark.slow


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
