"""The figures of the sample company are those of a real one."""

from __future__ import annotations

import pandas as pd

from tests.sample.conftest import Company, local


def test_marketing_costs_about_eight_percent_of_revenue(sample: Company) -> None:
    ads, spend, deals = sample.table("ad_daily"), sample.table("spend_actual"), sample.table("deal")
    for year in (2024, 2025):
        paid = sum(float(v) for v in ads[pd.to_datetime(ads["date"]).dt.year == year].spend)
        paid += spend[[d.year == year for d in spend["date"]]].amount.sum()
        won = deals[deals.is_won & (local(deals.closed_at).dt.year == year)]
        assert 0.05 < paid / float(won.amount.sum()) < 0.11


def test_acquisition_costs_are_below_what_a_new_customer_pays_in_a_year(sample: Company) -> None:
    deals, spend, ads = sample.table("deal"), sample.table("spend_actual"), sample.table("ad_daily")
    new = deals[deals.is_won & (deals.type == "new") & (local(deals.closed_at).dt.year == 2025)]
    paid = spend[[d.year == 2025 for d in spend["date"]]].amount.sum()
    paid += float(ads[pd.to_datetime(ads["date"]).dt.year == 2025].spend.sum())
    assert 3_000 < paid / len(new) < float(new.amount.mean())


def test_channels_return_two_to_six_times_their_cost_and_differ(sample: Company) -> None:
    ads = sample.table("ad_daily")
    sums = ads.groupby("channel")[["conversion_value", "spend"]].sum().astype(float)
    returned = sums.conversion_value / sums.spend
    assert len(returned) == 6
    assert returned.between(2, 6).all()
    assert returned.max() / returned.min() > 2


def test_leads_by_channel_follow_the_conversions_that_platforms_report(sample: Company) -> None:
    ads, contacts = sample.table("ad_daily"), sample.table("contact")
    conversions = ads.groupby("channel").conversions.sum().astype(float)
    new = contacts[local(contacts.created_at) >= "2023-10-01"]
    leads = new.lead_source.value_counts().reindex(conversions.index)
    assert (leads / conversions).between(0.75, 1.0).all()


def test_monthly_churn_and_click_through_are_in_the_usual_range(sample: Company) -> None:
    monthly = sample.truth["monthly"]
    frame = pd.DataFrame(monthly)
    churn = frame.unsubscribed_contacts.sum() / frame.recipients.sum()
    clicks = frame.clicks.sum() / frame.delivered_pairs.sum()
    assert 0.002 < churn < 0.006
    assert 0.02 < clicks < 0.04
    usual = (frame.unsubscribed_contacts / frame.recipients).drop("2026-05")
    assert usual.between(0.0005, 0.008).all()


def test_clicks_grew_by_a_quarter_to_a_third_in_2025(sample: Company) -> None:
    clicks = pd.Series(sample.truth["monthly"]["clicks"])
    year = clicks.groupby(clicks.index.str[:4]).sum()
    assert 1.2 < year["2025"] / year["2024"] < 1.35


def test_every_address_is_on_a_reserved_domain(sample: Company) -> None:
    broken = set(sample.truth["broken_records"]["email_invalid"]["contact_ids"])
    contacts = sample.table("contact")
    addresses = contacts[~contacts.contact_id.isin(broken)].email.dropna().str.lower()
    assert addresses.str.endswith(".example").all()
    assert sample.table("account").domain.str.endswith(".example").all()


def test_company_names_and_domains_do_not_repeat(sample: Company) -> None:
    accounts = sample.table("account")
    assert accounts.name.is_unique
    assert accounts.domain.is_unique
