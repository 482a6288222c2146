"""A source that stopped is found: stale tables and channels, silences, wild dates."""

from datetime import date

from review_samples import ADS, EVENTS, ad_rows, review
from workspaces import write_data, write_workspace

import mopsnb
from mopsnb.data.engine import Engine
from mopsnb.data.freshness import find_stale, list_freshness


def test_a_stale_table_is_a_warning(tmp_path):
    """A table with nothing newer than the threshold is stale, with its dates and days; at the threshold it is not."""
    write_data(tmp_path, ad_daily=ADS + ad_rows("2026-01-05"), email_event=EVENTS + "1,sent,2026-01-02T10:00:00Z\n")
    assert review(tmp_path) == {}
    found = review(tmp_path, as_of=date(2026, 1, 6))["freshness.email_event"]
    assert (found.severity, found.title) == ("warning", "email_event has nothing newer than 2026-01-02.")
    assert found.evidence == (
        "The last row is of 2026-01-02, 4 days before 2026-01-06; up to 3 days without a row are normal. 1 row in all."
    )
    assert found.fix == "Check the export or the connection that fills the table email_event."


def test_a_stale_channel_is_named(tmp_path):
    """Where other channels are fresh, the stale one is named; one silent for a quarter has likely ended."""
    days = ad_rows("2026-06-30") + ad_rows("2026-06-20", channel="Paid social") + ad_rows("2026-01-01", channel="print")
    found = review(write_data(tmp_path, ad_daily=ADS + days))
    assert {name: finding.severity for name, finding in found.items()} == {
        "freshness.ad_daily.paid-social": "warning",
        "freshness.ad_daily.print": "info",
    }


def test_sources_are_told_apart(tmp_path):
    """A table filled by two systems is as fresh as each of them."""
    rows = "1,sent,2026-06-30T10:00:00Z,hubspot\n1,sent,2026-06-01T10:00:00Z,mailchimp\n"
    found = review(write_data(tmp_path, email_event="contact_id,event_type,occurred_at,source\n" + rows))
    assert list(found) == ["freshness.email_event.mailchimp"]


def test_the_freshness_table(tmp_path):
    """Each table and source has its last day, age and rows; stale is what is older than the threshold.

    Records that figures read are as fresh as their latest change, and stale beyond what the contract allows.
    """
    rows = "1,2026-01-01,print,1,EUR,paid\n2,2026-03-01,print,1,EUR,committed\n"
    write_data(
        tmp_path,
        ad_daily=ADS + ad_rows("2026-01-09", "2026-01-10", "2026-02-01"),
        spend_actual="spend_id,date,area,amount,currency,status\n" + rows,
        contact="contact_id,created_at,updated_at\n1,2020-01-01T00:00:00Z,2026-01-06T10:00:00Z\n2,,2026-02-01T00:00:00Z\n",
        account="account_id,name\n1,Acme\n",
    )
    engine = Engine(tmp_path, as_of=date(2026, 1, 12))
    frame = list_freshness(engine.ages, engine.as_of, 1)
    assert frame.to_dict("records") == [
        {"source": "", "table": "contact", "last_on": date(2026, 1, 6), "age_days": 6, "allowed_days": 7,
         "is_stale": False, "rows": 1},
        {"source": "search", "table": "ad_daily", "last_on": date(2026, 1, 10), "age_days": 2, "allowed_days": 1,
         "is_stale": True, "rows": 2},
        {"source": "", "table": "spend_actual", "last_on": date(2026, 1, 1), "age_days": 11, "allowed_days": 31,
         "is_stale": True, "rows": 1},
    ]  # fmt: skip


def test_a_silence_that_is_usual_for_the_table_is_good_to_know_and_a_longer_one_is_a_warning(tmp_path):
    """Invoices come monthly: eleven days without one are reported mildly, two months are not."""
    rows = "spend_id,date,area,amount,currency\n1,2026-01-01,print,1,EUR\n"
    write_data(tmp_path, ad_daily=ADS + ad_rows("2026-01-12", "2026-03-01"), spend_actual=rows)
    severities = []
    for day in (date(2026, 1, 12), date(2026, 3, 1)):
        engine = Engine(tmp_path, as_of=day)
        frame = list_freshness(engine.ages, engine.as_of, 3)
        severities += [finding.severity for finding in find_stale(frame, day)]
    assert severities == ["info", "warning"]


def test_a_stale_contact_export_is_a_warning_and_does_not_move_the_day(tmp_path):
    """Contacts that end on 3 March beside ads up to 15 April are named; the latest change of any record counts."""
    ads = ADS + ad_rows("2026-04-14", "2026-04-15")
    rows = "contact_id,created_at,updated_at\n1,2026-02-01T10:00:00Z,2026-03-03T10:00:00Z\n2,2026-03-01T10:00:00Z,\n"
    write_data(tmp_path, ad_daily=ads, contact=rows)
    found = review(tmp_path)
    assert list(found) == ["freshness.contact"]
    assert found["freshness.contact"].severity == "warning"
    assert found["freshness.contact"].evidence == (
        "The last change of a record is of 2026-03-03, 43 days before 2026-04-15; "
        "up to 7 days without one are normal. 2 rows in all."
    )
    assert Engine(tmp_path).as_of == date(2026, 4, 15)
    assert review(tmp_path, as_of=date(2026, 3, 10)) == {}


def test_deals_may_rest_for_two_weeks(tmp_path):
    """A deal closed 14 days before the day is fresh; 15 days before it is stale."""
    deals = "deal_id,stage,created_at,closed_at\n1,won,2026-01-01T10:00:00Z,2026-04-01T10:00:00Z\n"
    for day, names in (("2026-04-15", []), ("2026-04-16", ["freshness.deal"])):
        assert list(review(write_data(tmp_path, ad_daily=ADS + ad_rows(day), deal=deals))) == names


def test_a_wild_date_is_a_warning(tmp_path):
    """A few rows more than a year after all others are named, with their number and an example."""
    days = [f"2026-01-{day:02}" for day in range(1, 29)]
    write_data(
        tmp_path, ad_daily=ADS + ad_rows(*days, "2062-01-05"), email_event=EVENTS + "1,sent,2026-01-28T10:00:00Z\n"
    )
    found = review(tmp_path)["dates.ad_daily.far-ahead"]
    assert found.title == "ad_daily has 1 row far later than all other data."
    assert found.evidence == "For example a row of 2062-01-05; everything else ends on 2026-01-28."


def test_a_pause_of_a_year_is_no_wild_date(tmp_path):
    """Data that resumes after a long pause is not suspicious."""
    days = ad_rows("2024-01-05", *(f"2026-01-{day:02}" for day in range(1, 29)))
    assert review(write_data(tmp_path, ad_daily=ADS + days)) == {}


def test_records_that_are_newer_than_all_events_and_spend_are_named(tmp_path):
    """Ads end on 1 September and people on 20 September: 19 days of people are in no figure."""
    ads = "date,channel,campaign_id,spend,currency\n2026-09-01,search,a1,10,EUR\n"
    people = "contact_id,created_at\np1,2026-08-01T10:00:00Z\np2,2026-09-20T10:00:00Z\n"
    folder = write_workspace(tmp_path, ad_daily=ads, contact=people)
    (found,) = [item for item in mopsnb.open(folder).findings() if item.id.startswith("freshness.as-of")]
    assert found.title == "Figures stop on 2026-09-01, although contact reaches to 2026-09-20."
    assert "of the 19 days since is left out" in found.evidence
    given = mopsnb.open(folder, as_of="2026-09-01").findings()
    assert not [item for item in given if item.id.startswith("freshness.as-of")]
