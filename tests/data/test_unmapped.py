"""The queue of campaign names that lead to no campaign."""

import pytest
from metric_tables import ad, booking, event, make_tables

import mopsnb
from mopsnb.data.catalogue import read_catalogue
from mopsnb.data.metric_queries import find_tables
from mopsnb.data.unmapped import list_unmapped, normalize_name, report_unmapped

pytestmark = pytest.mark.slow

CAMPAIGNS = [{"campaign_id": "c1", "name": "Spring sale 2026"}, {"campaign_id": "c2", "name": "Autumn"}]


def queue(**tables):
    """Return the queue of these tables."""
    connection = make_tables(**tables)
    return list_unmapped(connection, read_catalogue(), find_tables(connection))


def test_the_queue_holds_what_is_at_stake_and_proposes_the_campaign_of_the_same_name():
    frame = queue(
        campaign=CAMPAIGNS,
        ad_daily=[ad("2026-01-05", "10.5", "g1", campaign_name="SPRING_SALE", clicks=3), ad("2026-01-06", "2", "c2")],
        spend_actual=[booking("2026-01-05", "7", campaign_id="x9"), booking("2026-01-06", "1")],
        email_event=[event("click", "ann", "2026-01-05", "m7"), event("sent", "ann", "2026-01-05", "m7")],
    )
    shown = frame[["table", "system", "campaign_id", "campaign_name", "rows", "proposed_id", "proposed_name"]]
    assert shown.to_numpy().tolist() == [
        ["email_event", "email", "m7", "", 2, "", ""],
        ["ad_daily", "search", "g1", "SPRING_SALE", 1, "c1", "Spring sale 2026"],
        ["spend_actual", "finance", "x9", "", 1, "", ""],
    ]
    assert frame["spend"].fillna(-1).tolist() == [-1, 10.5, 7]
    assert frame["clicks"].fillna(-1).tolist() == [1, 3, -1]
    (finding,) = report_unmapped(frame)
    assert (finding.id, finding.severity) == ("campaigns.unmapped", "warning")
    assert finding.title == "3 campaign names of other systems belong to no campaign"
    assert finding.evidence.startswith(
        "ad_daily: 1 name, spend 10.50, 3 clicks; email_event: 1 name, 1 clicks; spend_actual: 1 name, spend 7.00."
    )


def test_a_mapped_name_leaves_the_queue():
    rows = [ad("2026-01-05", "10", "g1")]
    assert len(queue(campaign=CAMPAIGNS, ad_daily=rows)) == 1
    mapped = [{"source": "search", "source_name": "G1", "campaign_id": "c1"}]
    assert queue(campaign=CAMPAIGNS, campaign_map=mapped, ad_daily=rows).empty


def test_a_name_that_the_map_says_belongs_to_no_campaign_is_settled():
    settled = [{"source": "search", "source_name": "g1"}]
    assert queue(campaign_map=settled, ad_daily=[ad("2026-01-05", "10", "g1")]).empty


def test_without_campaigns_and_map_there_is_nothing_to_lead_to():
    assert queue(ad_daily=[ad("2026-01-05", "10", "g1")]).empty
    assert report_unmapped(queue()) == []


def test_two_campaigns_of_the_same_name_give_no_proposal():
    twins = [*CAMPAIGNS, {"campaign_id": "c3", "name": "Spring Sale 2025"}]
    assert queue(campaign=twins, ad_daily=[ad("2026-01-05", "1", "spring sale")])["proposed_id"].tolist() == [""]


@pytest.mark.parametrize(
    ("name", "plain"), [("Été – Große Aktion", "etegroeaktion"), ("2026", "2026"), ("a_2026-b", "ab"), ("", "")]
)
def test_names_are_compared_without_case_accents_marks_and_a_year(name, plain):
    assert normalize_name(name) == plain


def test_the_sample_s_stray_tags_are_queued_and_counted():
    """The sample's truth names three tags that no campaign owns."""
    ws = mopsnb.open("")
    frame = ws.unmapped()
    assert set(frame["campaign_name"]) == {"spring_offer26", "SpringSensorOffer", "newsletter-test"}
    by_campaign = ws.metric("sessions", by="campaign").set_index("campaign")["value"]
    assert by_campaign["(unmapped)"] == frame["sessions"].sum() > 0
    assert by_campaign.sum() == ws.metric("sessions", by="total")["value"].item()
    assert "campaigns.unmapped" in {finding.id for finding in ws.findings()}


def test_the_queue_holds_totals_across_months_too():
    frame = queue(campaign=CAMPAIGNS, ad_daily=[ad("2026-01-01", "900", "g1", period_end="2026-03-31")])
    assert frame[["campaign_id", "spend"]].to_numpy().tolist() == [["g1", 900]]
