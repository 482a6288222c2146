"""What rows mean, one trap a test: conversions, grains, unsubscribes, deleted and merged records, money."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from import_samples import add_up, bring_in, make_workspace, read, write

import mopsnb
from mopsnb.errors import CurrencyError, DataError

HEADER = "Day,Campaign,Currency code,Impr.,Clicks,Cost,Conversions\n"
META = "Campaign name,Day,Impressions,Link clicks,Amount spent (EUR),Results,Result indicator\n"


def google(folder: Path, rows: str, name: str = "google.csv", header: str = HEADER) -> Path:
    return write(folder, name, header + rows)


# --- meaning ----------------------------------------------------------------------------------------------------------


def test_results_that_are_views_or_clicks_are_no_conversions(tmp_path: Path) -> None:
    rows = (
        "A,2026-09-01,10,1,5.00,3,actions:offsite_conversion.fb_pixel_lead\n"
        "B,2026-09-01,10,1,5.00,9,actions:link_click\n"
    )
    bring_in(tmp_path / "team", write(tmp_path, "meta.csv", META + rows))
    assert add_up(tmp_path / "team")["conversions"] == 3


def test_a_grain_is_never_added_to_another(tmp_path: Path) -> None:
    campaign = (
        "date,customer_id,id,clicks,impressions,cost_micros,conversions,conversions_value\n"
        "2026-09-01,7,1,1,10,5000000,0,0\n"
    )
    account = (
        "date,customer_id,clicks,impressions,cost_micros,device,conversions,conversions_value\n"
        "2026-09-01,7,1,10,5000000,MOBILE,0,0\n"
    )
    usd = {"defaults": {"currency": "USD"}}
    bring_in(tmp_path / "team", write(tmp_path, "c.csv", campaign), **usd)
    with pytest.raises(DataError, match="account figures for days of which ad_daily holds campaign figures"):
        bring_in(tmp_path / "team", write(tmp_path, "a.csv", account), **usd)
    assert add_up(tmp_path / "team")["spend"] == 5


def test_the_same_days_under_derived_and_real_ids_are_refused(tmp_path: Path) -> None:
    bring_in(tmp_path / "team", google(tmp_path, "2026-09-01,A,EUR,10,1,1.50,0\n"))
    header = HEADER.rstrip() + ",Campaign ID\n"
    with pytest.raises(DataError, match="the same ids as before"):
        bring_in(tmp_path / "team", google(tmp_path, "2026-09-01,A,EUR,10,1,1.50,0,99\n", "later.csv", header))
    assert add_up(tmp_path / "team")["spend"] == Decimal("1.5")


def test_unsubscribes_of_hubspot_come_from_the_changes_of_status(tmp_path: Path) -> None:
    events = "id,created,email_campaign_id,type,filtered_event,recipient\n"
    events += "a,2026-05-01 08:00:00,7,SENT,false,X@x.test\nb,2026-05-01 09:00:00,7,STATUSCHANGE,false,x@x.test\n"
    events += "c,2026-05-01 09:00:00,7,STATUSCHANGE,false,y@x.test\nd,2026-05-01 08:01:00,7,BOUNCE,false,z@x.test\n"
    status = "id,_fivetran_synced,bounced,portal_subscription_status,requested_by,source,subscriptions\n"
    status += "b,,,UNSUBSCRIBED,,SOURCE_RECIPIENT,[]\nc,,,,,SOURCE_RECIPIENT,[]\n"
    bounce = "id,_fivetran_synced,category,status,response\nd,,MAILBOX_FULL,452,full\n"
    files = [write(tmp_path, name, text) for name, text in (("e.csv", events), ("s.csv", status), ("b.csv", bounce))]
    report = bring_in(tmp_path / "team", *files)
    assert read(tmp_path / "team", "email_event", "contact_id, event_type") == [
        ("x@x.test", "sent"), ("x@x.test", "unsubscribe"), ("z@x.test", "bounce_soft")
    ]  # fmt: skip
    assert report.files[0].excluded == {"without event_type": 1}


def test_unsubscribes_of_mailchimp_go_to_the_events_as_well(tmp_path: Path) -> None:
    text = (
        "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,LAST_CHANGED,LEID,EUID,NOTES,TAGS,"
        "UNSUB_TIME,UNSUB_CAMPAIGN_ID\n"
    )
    text += "A@x.test,Ada,2,2025-01-01 10:00:00,2026-01-01 10:00:00,1,e1,,,2026-09-02 10:00:00,c7\n"
    text += "b@x.test,Bo,2,2025-01-01 10:00:00,2026-01-01 10:00:00,2,e2,,,,\n"
    report = bring_in(tmp_path / "team", write(tmp_path, "audience.csv", text))
    assert read(tmp_path / "team", "contact", "contact_id, email, email_opt_out") == [
        ("e1", "a@x.test", True), ("e2", "b@x.test", False)
    ]  # fmt: skip
    assert read(
        tmp_path / "team", "email_event", "contact_id, campaign_id, event_type, CAST(occurred_at AS VARCHAR)"
    ) == [("e1", "c7", "unsubscribe", "2026-09-02 10:00:00+00")]
    assert [item.table for item in report.files] == ["contact", "email_event"]


def test_an_audience_in_which_nobody_has_unsubscribed_is_people_alone(tmp_path: Path) -> None:
    header = "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,LAST_CHANGED,LEID,EUID,NOTES,TAGS"
    row = "a@x.test,Ada,2,2025-01-01 10:00:00,2026-01-01 10:00:00,1,e1,,"
    for place, (head, tail) in enumerate((("", ""), (",UNSUB_TIME,UNSUB_CAMPAIGN_ID", ",,"))):
        team = tmp_path / f"team{place}"
        report = bring_in(team, write(tmp_path, f"subscribed{place}.csv", f"{header}{head}\n{row}{tail}\n"))
        assert [item.table for item in report.files] == ["contact"]
        assert [path.name for path in (team / "data").glob("*.parquet")] == ["contact.parquet"]


def test_unsubscribes_of_marketo_stand_in_a_table_of_their_own(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "fivetran" / "dbt_marketo"
    names = ("send_email", "unsubscribe_email", "email_delivered")
    report = bring_in(tmp_path, *(folder / f"marketo_activity_{name}_data.csv" for name in names))
    counts = dict(read(tmp_path, "email_event", "event_type, contact_id IS NOT NULL", "1"))
    assert set(counts) == {"sent", "unsubscribe", "delivered"}
    assert report.files[0].excluded


def test_programs_and_smart_campaigns_of_marketo_never_replace_each_other(tmp_path: Path) -> None:
    program = "id,name,type,channel,status,sfdc_id,workspace,updated_at\n7,Fair,Event,Tradeshow,,,Default,2026-01-01\n"
    campaign = "id,name,type,program_id,workspace_name,updated_at\n7,Send invitation,batch,7,Default,2026-01-01\n"
    files = [write(tmp_path, "program.csv", program), write(tmp_path, "campaign.csv", campaign)]
    bring_in(tmp_path / "team", *files)
    assert read(tmp_path / "team", "campaign", "campaign_id, name", "1") == [
        ("7", "Send invitation"), ("program-7", "Fair")
    ]  # fmt: skip


def test_merged_and_deleted_people_stay_marked(tmp_path: Path) -> None:
    text = "id,property_email,property_createdate,property_hs_merged_object_ids,_fivetran_deleted\n"
    text += (
        "1,a@x.test,2026-01-01 10:00:00,2;3,FALSE\n"
        "2,b@x.test,2026-01-01 10:00:00,,FALSE\n"
        "4,d@x.test,2026-01-01 10:00:00,,TRUE\n"
    )
    bring_in(tmp_path / "team", write(tmp_path, "contact.csv", text))
    assert read(tmp_path / "team", "contact", "contact_id, merged_into, is_deleted") == [
        ("1", None, False), ("2", "1", False), ("4", None, True)
    ]  # fmt: skip


def test_people_merged_and_deleted_in_marketo_are_marked(tmp_path: Path) -> None:
    leads = "id,created_at,updated_at,email,first_name,last_name\n" + "".join(
        f"{at},2026-01-01 10:00:00,2026-01-01 10:00:00,p{at}@x.test,F,L\n" for at in range(1, 6)
    )
    merges = 'id,activity_date,activity_type_id,lead_id,merge_ids\n9,2026-02-01 10:00:00,32,1,"[2, 3]"\n'
    deletes = "id,activity_date,activity_type_id,campaign,campaign_id,lead_id\n8,2026-02-01 10:00:00,29,x,,4\n"
    files = [write(tmp_path, name, text) for name, text in (("l.csv", leads), ("m.csv", merges), ("d.csv", deletes))]
    bring_in(tmp_path / "team", *files)
    assert read(tmp_path / "team", "contact", "contact_id, merged_into, coalesce(is_deleted, false)") == [
        ("1", None, False), ("2", "1", False), ("3", "1", False), ("4", None, True), ("5", None, False)
    ]  # fmt: skip


def test_deleted_opportunities_stay_marked_and_old_versions_go(shared_data: Path, tmp_path: Path) -> None:
    bring_in(tmp_path, shared_data / "fivetran" / "dbt_salesforce" / "sf_opportunity_history_data.csv")
    assert set(read(tmp_path, "deal", "is_deleted")) == {(True,)}
    ws = mopsnb.open(make_workspace(tmp_path))
    assert ws.sql("SELECT count(*) AS n FROM deal WHERE NOT coalesce(is_deleted, false)")["n"].item() == 0


def test_an_open_deal_has_no_day_on_which_it_closed(tmp_path: Path) -> None:
    text = (
        "Record ID,Deal Name,Deal Stage,Close Date,Amount,Currency\n"
        "1,A,Closed won,2026-06-30,5,EUR\n"
        "2,B,Proposal,2026-07-30,7,EUR\n"
    )
    bring_in(tmp_path / "team", write(tmp_path, "a.csv", text))
    assert read(tmp_path / "team", "deal", "is_won, closed_at IS NULL, CAST(expected_close_on AS VARCHAR)") == [
        (True, False, "2026-06-30"), (None, True, "2026-07-30")
    ]  # fmt: skip


# --- money ------------------------------------------------------------------------------------------------------------


def test_deals_of_hubspot_that_were_lost_count_in_the_win_rate(tmp_path: Path) -> None:
    header = "Record ID,Deal Name,Deal Stage,Close Date,Create Date,Amount,Currency"
    rows = ("1,A,Closed won,2026-03-01,2026-01-01,5,EUR", "2,B,Closed Lost,2026-03-02,2026-01-01,7,EUR",
            "3,C,Closed lost (S),2026-03-03,2026-01-01,8,EUR", "4,D,Proposal,2026-09-01,2026-01-01,9,EUR")  # fmt: skip
    bring_in(tmp_path / "a", write(tmp_path, "a.csv", "\n".join([header, *rows]) + "\n"))
    told = ("true,true", "false,true", "false,true", "false,false")  # by columns, whatever the stages are called
    lines = [f"{row.replace('Closed', 'Step')},{flags}" for row, flags in zip(rows, told)]
    text = "\n".join([f"{header},Is Closed Won,Is Deal Closed?", *lines]) + "\n"
    bring_in(tmp_path / "b", write(tmp_path, "b.csv", text))
    for name in ("a", "b"):
        rate = mopsnb.open(tmp_path / name).metric("win_rate", by="total")
        assert rate[["numerator", "denominator"]].to_numpy().tolist() == [[1, 3]]


def test_stages_of_salesforce_that_are_written_in_other_ways(tmp_path: Path) -> None:
    text = "Opportunity ID,Opportunity Name,Stage,Amount,Amount Currency,Close Date,Created Date\n"
    for number, stage in enumerate(("Closed - Won", "Won", "Closed Lost", "Lost", "Won over by price")):
        text += f"{number},A{number},{stage},10,EUR,2026-03-01,2026-01-01\n"
    bring_in(tmp_path / "team", write(tmp_path, "a.csv", text))
    assert read(tmp_path / "team", "deal", "is_won, is_closed") == [
        (True, True), (True, True), (False, True), (False, True), (False, False)
    ]  # fmt: skip


def test_mixed_currencies_are_refused_by_figures_and_converted_with_rates(tmp_path: Path) -> None:
    team = tmp_path / "team"
    bring_in(team, google(tmp_path, "2026-09-01,A,EUR,10,1,1.50,0\n2026-09-01,B,USD,10,1,2.00,0\n"))
    with pytest.raises(CurrencyError):
        mopsnb.open(team).sql("SELECT sum(spend) FROM ad_daily")
    write(team / "data", "fx_rate.csv", "date,currency,rate_to_base\n2026-01-01,EUR,1\n2026-01-01,USD,0.5\n")
    assert mopsnb.open(team).sql("SELECT sum(spend) AS spend FROM ad_daily")["spend"].item() == Decimal("2.5")


def test_money_without_a_currency_is_refused_unless_the_strategy_or_a_person_names_one(tmp_path: Path) -> None:
    path = google(tmp_path, "2026-09-01,A,10,1,1.50,0\n", header=HEADER.replace("Currency code,", ""))
    with pytest.raises(DataError, match="--default currency=CODE"):
        bring_in(tmp_path / "team", path)
    report = bring_in(tmp_path / "team", path, currency="EUR")
    assert any("taken as EUR, the strategy's" in note for note in report.files[0].notes)


def test_a_sign_that_contradicts_the_currency_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="amounts in EUR"):
        bring_in(tmp_path / "team", write(tmp_path, "meta.csv", META + "A,2026-09-01,10,1,£5.00,3,\n"))


def test_a_column_of_currencies_that_contradicts_the_header_is_refused(tmp_path: Path) -> None:
    header = "Campaign name,Day,Results,Impressions,Link clicks,Amount spent (EUR),Currency\n"
    with pytest.raises(DataError, match="EUR in a header of amounts, and USD in the column of currencies"):
        bring_in(tmp_path / "team", write(tmp_path, "a.csv", header + "A,2026-08-01,1,10,1,5,USD\n"))
    bring_in(tmp_path / "team", write(tmp_path, "b.csv", header + "A,2026-08-01,1,10,1,5,EUR\n"))
    assert read(tmp_path / "team", "ad_daily", "currency") == [("EUR",)]


def test_two_currencies_in_the_headers_are_refused(tmp_path: Path) -> None:
    header = META.replace("Result indicator", "Purchases conversion value (USD)")
    with pytest.raises(DataError, match="EUR and USD in the headers of one file"):
        bring_in(tmp_path / "team", write(tmp_path, "m.csv", header + "A,2026-09-01,10,1,5.00,3,4\n"), currency="EUR")


def test_three_currencies_in_the_cells_stay_with_their_amounts_and_a_bare_one_is_rejected(tmp_path: Path) -> None:
    header = "Record ID,Deal Name,Deal Stage,Close Date,Amount\n"
    rows = [f"{at},A,Closed won,2026-06-30,{code} 5\n" for at, code in enumerate(("EUR", "USD", "GBP"))]
    bring_in(tmp_path / "team", write(tmp_path, "d.csv", header + "".join(rows)))
    assert read(tmp_path / "team", "deal", "amount, currency") == [(5, "EUR"), (5, "USD"), (5, "GBP")]
    with pytest.raises(DataError, match="row 5, currency: found an empty cell"):
        bring_in(tmp_path / "other", write(tmp_path, "d.csv", header + "".join(rows) + "9,A,Closed won,2026-06-30,6\n"))
