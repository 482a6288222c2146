"""A month is complete where the data behind a figure reach its end, worked by hand."""

from datetime import date, timedelta

import pytest
from metric_tables import ad, booking, compute, contact, deal, event, make_tables

from mopsnb.data.contract import TABLES
from mopsnb.data.metrics import read_catalogue
from mopsnb.data.reach import find_allowed


def days(first, last, step=1):
    """Return days from the first to the last as text."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [str(start + timedelta(days=number)) for number in range(0, (end - start).days + 1, step)]


def complete(tables, metric, as_of, scope=None):
    """Return the months of a metric that are complete."""
    frame = compute(tables, metric, as_of=as_of, scope=scope)
    return [f"{row.period_start:%Y-%m}" for row in frame.itertuples() if row.is_complete]


def test_leads_of_a_month_that_the_contact_export_does_not_reach_are_incomplete():
    """Contacts end on 3 March beside ads up to 15 April: leads and cost per lead of March look whole and are not."""
    tables = make_tables(
        contact=[contact(day, day) for day in days("2026-01-01", "2026-03-03")],
        ad_daily=[ad(day, "10") for day in days("2026-01-01", "2026-04-15")],
    )
    frame = compute(tables, "leads", as_of="2026-04-15")
    assert frame["value"].tolist()[:3] == [31, 28, 3]
    assert complete(tables, "leads", "2026-04-15") == ["2026-01", "2026-02"]
    assert complete(tables, "cost_per_lead", "2026-04-15") == ["2026-01", "2026-02"]
    assert complete(tables, "ad_spend", "2026-04-15") == ["2026-01", "2026-02", "2026-03"]


@pytest.mark.parametrize(("last", "months"), [("2026-03-24", ["2026-03"]), ("2026-03-23", [])])
def test_seven_days_without_a_change_of_a_contact_are_usual_and_eight_are_not(last, months):
    """Any mark counts: a contact that was active on 24 March shows that the export reaches 31 March."""
    rows = [contact("ann", "2026-03-01"), contact("bob", "2026-03-02", last_activity_at=f"{last}T12:00:00Z")]
    rows += [contact(day, day) for day in days("2026-03-02", "2026-03-20")]
    assert complete(make_tables(contact=rows), "leads", "2026-04-15") == months


@pytest.mark.parametrize(("last", "months"), [("2026-03-28", ["2026-02", "2026-03"]), ("2026-03-27", ["2026-02"])])
def test_a_daily_ad_feed_may_miss_three_days_at_the_end_of_a_month(last, months):
    """Four days without a row are a feed that broke off, although as_of lies beyond the month."""
    tables = make_tables(ad_daily=[ad(day, "1") for day in days("2026-02-01", last)])
    assert complete(tables, "ad_spend", "2026-04-30") == months


def test_an_email_feed_that_ends_within_a_month_leaves_it_incomplete():
    """Events end on 10 March while figures are as of 30 April."""
    tables = make_tables(email_event=[event("sent", "ann", day) for day in days("2026-01-01", "2026-03-10")])
    assert complete(tables, "emails_sent", "2026-04-30") == ["2026-01", "2026-02"]


def test_a_monthly_newsletter_is_complete_while_it_keeps_its_rhythm():
    """Sent on the 2nd of each month: after 2 March the end of March lies within the usual pause, that of April not."""
    sent = ["2026-01-02", "2026-02-02", "2026-03-02"]
    tables = make_tables(email_event=[event("sent", "ann", day) for day in sent])
    assert complete(tables, "emails_sent", "2026-04-30") == ["2026-01", "2026-02", "2026-03"]


def test_bookings_without_a_rhythm_never_leave_a_month_incomplete():
    """Two invoices a year say nothing of the months between; spend rests on the ads then."""
    tables = make_tables(
        ad_daily=[ad(day, "1") for day in days("2026-01-01", "2026-04-30")],
        spend_actual=[booking("2026-01-15", "500"), booking("2026-02-01", "20")],
    )
    assert complete(tables, "spend", "2026-04-30") == ["2026-01", "2026-02", "2026-03", "2026-04"]


def test_monthly_invoices_that_stop_leave_later_months_incomplete():
    """Invoices come at the end of each month up to February: March (31 days later) may still be, April is not."""
    tables = make_tables(
        ad_daily=[ad(day, "1") for day in days("2025-12-01", "2026-04-30")],
        spend_actual=[booking(day, "5") for day in ("2025-12-31", "2026-01-31", "2026-02-28")],
    )
    assert complete(tables, "spend", "2026-04-30") == ["2025-12", "2026-01", "2026-02", "2026-03"]


def test_a_few_deals_a_month_are_fresh():
    """Deals closed every 20 days: 15 days without one at the end of March are usual."""
    tables = make_tables(deal=[deal(day, day) for day in days("2026-01-15", "2026-03-16", 20)])
    assert "2026-03" in complete(tables, "revenue_won", "2026-03-31")


def test_a_campaign_that_ended_is_no_table_that_ended():
    """In the scope of a campaign that ended on 10 March, March is complete, because the table goes on."""
    rows = [ad(day, "1", "old") for day in days("2026-02-01", "2026-03-10")]
    tables = make_tables(ad_daily=rows + [ad(day, "1", "new") for day in days("2026-02-01", "2026-04-15")])
    assert complete(tables, "ad_spend", "2026-04-15", {"campaign_id": "old"}) == ["2026-02", "2026-03"]


def test_list_churn_needs_contacts_up_to_the_start_of_the_month():
    """The list is counted at a month's start: contacts up to 22 February suffice for February and March, not April."""
    tables = make_tables(
        contact=[contact(day, day) for day in days("2026-01-01", "2026-02-22")],
        email_event=[event("sent", "2026-01-01", day) for day in days("2026-01-01", "2026-04-30")],
    )
    found = complete(tables, "list_churn_rate", "2026-04-30")
    assert ("2026-02" in found, "2026-03" in found, "2026-04" in found) == (True, True, False)


def test_one_outage_of_the_past_does_not_become_usual():
    """A year of daily rows with one pause of 20 days: more than 3 days of silence are unusual all the same."""
    rows = [date.fromisoformat(day) for day in days("2025-03-01", "2025-08-01") + days("2025-08-21", "2026-03-01")]
    assert find_allowed(rows, 0) == 3


def test_the_marks_of_the_contract_are_those_of_the_metrics():
    """Freshness and figures look at the same columns of contacts and deals; what lies before a creation is cut."""
    relations = {part.relation.name: part.relation for metric in read_catalogue().values() for part in metric.numerator}
    cut = tuple(
        f"CASE WHEN {name} < created_at THEN created_at ELSE {name} END" for name in TABLES["contact"].marks[1:]
    )
    assert relations["contact"].marks == ("created_at", *cut)
    assert TABLES["deal"].marks == relations["won_deal"].marks
