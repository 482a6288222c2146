"""Files in the shapes that vendors give them, beyond the examples at hand, each read to exact figures."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from import_samples import bring_in, read, write

import mopsnb
from mopsnb.cli.checking import check_workspace
from mopsnb.errors import DataError

LINKEDIN = (
    "Campaign Performance Report (in UTC)\nReport Start: September 1, 2026, 12:00 AM\n"
    "Report End: September 30, 2026, 11:59 PM\nDate Generated: October 2, 2026, 9:00 AM\n\n"
)
MICROSOFT = (
    '"Report Name: Campaign"\n"Report Time: {}"\n"Time Zone: (GMT+01:00) Berlin"\n"Rows: 2"\n\n'
    '{}"Account number","Campaign name","Campaign ID","Currency code","Impressions","Clicks","Spend","Conversions"\n'
)
FOOTER = '\n"©2026 Microsoft Corporation. All rights reserved. "\n'


def test_linkedin_with_a_block_above_tabs_and_a_total(tmp_path: Path) -> None:
    text = (
        "Start Date (in UTC)\tAccount Name\tCurrency\tCampaign Group Name\tCampaign Name\tCampaign ID\tTotal Spent\t"
        "Impressions\tClicks\tClick Through Rate\tConversions\tLeads\n"
        "9/1/2026\tAcme\tEUR\tG\tA\t601\t1,250.50\t10,200\t102\t1%\t3\t1\n"
        "9/2/2026\tAcme\tEUR\tG\tB, the\t602\t10.25\t200\t2\t1%\t0\t0\n"
        "Total\t\t\t\t\t\t1,260.75\t10,400\t104\t1%\t3\t1\n"
    )
    report = bring_in(tmp_path / "team", write(tmp_path, "l.csv", LINKEDIN + text, "utf-16"))
    assert report.files[0].totals == 1
    columns = "CAST(date AS VARCHAR), campaign_id, spend, impressions, clicks, conversions, currency"
    assert read(tmp_path / "team", "ad_daily", columns) == [
        ("2026-09-01", "601", Decimal("1250.5"), 10200, 102, 3, "EUR"),
        ("2026-09-02", "602", Decimal("10.25"), 200, 2, 0, "EUR"),
    ]


def test_linkedin_by_month_is_a_total_of_the_month_and_no_day(tmp_path: Path) -> None:
    text = (
        "Start Date (in UTC)\tEnd Date (in UTC)\tCampaign Name\tCurrency\tTotal Spent\tImpressions\tClicks\t"
        "Conversions\n9/1/2026\t9/30/2026\tA\tEUR\t100.00\t1000\t10\t1\n9/1/2026\t9/1/2026\tB\tEUR\t1.00\t10\t1\t0\n"
    )
    bring_in(tmp_path / "team", write(tmp_path, "l.csv", LINKEDIN + text, "utf-16"))
    columns = "CAST(date AS VARCHAR), CAST(period_end AS VARCHAR), spend"
    assert read(tmp_path / "team", "ad_daily", columns) == [("2026-09-01", "2026-09-30", 100), ("2026-09-01", None, 1)]


def test_microsoft_with_a_block_above_and_a_copyright_below(tmp_path: Path) -> None:
    head = MICROSOFT.format("9/13/2026,9/14/2026", '"Gregorian date",')
    rows = (
        '"9/13/2026","X7","A","1","USD","1,010","12","21.50","2"\n"9/14/2026","X7","A","1","USD","10","1","1.50","0"\n'
    )
    bring_in(tmp_path / "team", write(tmp_path, "m.csv", head + rows + FOOTER))
    assert read(tmp_path / "team", "ad_daily", "account_id, CAST(date AS VARCHAR), impressions, spend, channel") == [
        ("X7", "2026-09-13", 1010, Decimal("21.5"), "search"),
        ("X7", "2026-09-14", 10, Decimal("1.5"), "search"),
    ]


def test_microsoft_without_days_is_a_total_of_its_report_time(tmp_path: Path) -> None:
    head = MICROSOFT.format("9/1/2026,9/3/2026", "")
    path = write(tmp_path, "m.csv", head + '"X","A","1","USD","10","1","1.50","0"\n' + FOOTER)
    with pytest.raises(DataError, match=r"a period whose days could be two each.*--date-order"):
        bring_in(tmp_path / "team", path)
    bring_in(tmp_path / "team", path, date_order="mdy")
    columns = "CAST(date AS VARCHAR), CAST(period_end AS VARCHAR)"
    assert read(tmp_path / "team", "ad_daily", columns) == [("2026-09-01", "2026-09-03")]


@pytest.mark.parametrize(
    ("header", "kind", "conversions"),
    [
        ("Result type", "Link clicks", None),
        ("Result type", "Landing page views", None),
        ("Result type", "Website leads", 5),
        ("Ergebnistyp", "Website-Käufe", 5),
        ("Result indicator", "actions:onsite_conversion.post_save", None),
        ("Result indicator", "actions:offsite_conversion.fb_pixel_view_content", None),
        ("Result indicator", "actions:onsite_conversion.messaging_conversation_started_7d", 5),
        ("Result indicator", "reach", None),
    ],
)
def test_results_of_meta_count_by_their_type(tmp_path: Path, header: str, kind: str, conversions: int | None) -> None:
    text = (
        f"Campaign name,Day,Results,{header},Impressions,Link clicks,Amount spent (EUR)\nC,2026-08-01,5,{kind},30,5,3\n"
    )
    bring_in(tmp_path / "team", write(tmp_path, "m.csv", text))
    assert read(tmp_path / "team", "ad_daily", "conversions, clicks") == [(conversions, 5)]


def test_mailchimp_campaigns_with_times_and_percentages(tmp_path: Path) -> None:
    text = (
        "Title,Subject,List,Send Date,Send Weekday,Total Recipients,Successful Deliveries,Soft Bounces,Hard Bounces,"
        "Total Bounces,Unique Opens,Open Rate,Total Opens,Unique Clicks,Click Rate,Total Clicks,Unsubscribes,"
        'Abuse Complaints,Unique Id\nJuly,Hi,News,"Jul 14, 2026 09:00 am",Tuesday,"1,200","1,180",15,5,20,400,33.90%,'
        '700,80,6.78%,120,6,1,abc\nMore,Hi,News,"Jul 21, 2026 09:00 am",Tuesday,820,820,0,0,0,100,12.20%,'
        "150,20,2.44%,30,2,0,abd\n"
    )
    bring_in(tmp_path / "team", write(tmp_path, "m.csv", text))
    columns = (
        "campaign_id, CAST(sent_at AS VARCHAR), recipients, delivered, unique_opens, total_clicks, unsubscribes, spam"
    )
    assert read(tmp_path / "team", "email_send_summary", columns) == [
        ("abc", "2026-07-14 07:00:00+00", 1200, 1180, 400, 120, 6, 1),
        ("abd", "2026-07-21 07:00:00+00", 820, 820, 100, 30, 2, 0),
    ]
    checked = str(check_workspace(str(tmp_path / "team")))
    assert "Email is known by totals of sends alone. For the email churn rate import the events" in checked
    workspace = mopsnb.open(str(tmp_path / "team"))
    found = {
        name: workspace.metric(name, by="month")["value"].tolist()
        for name in ("send_clicks", "send_click_through_rate", "send_unsubscribe_rate", "send_delivery_rate")
    }
    assert found == {
        "send_clicks": [150],
        "send_click_through_rate": [150 / 2000],
        "send_unsubscribe_rate": [8 / 2000],
        "send_delivery_rate": [2000 / 2020],
    }
    assert {"send_clicks", "send_open_rate"} <= set(workspace.metrics_in_use)
    assert workspace.metric("email_churn_rate", by="month").empty


def test_mailchimp_emails_of_a_connector_are_sent_when_their_campaign_was(tmp_path: Path) -> None:
    campaign = (
        "id,_fivetran_deleted,_fivetran_synced,create_time,list_id,send_time,status,subject_line,title,type\n"
        "c1,false,2020-04-23 11:40:06.199 UTC,2019-11-26 20:17:30 UTC,8e,2019-11-27 16:59:27 UTC,sent,Hi,Release,"
        "regular\n"
    )
    recipient = "campaign_id,member_id,_fivetran_synced,combination_id,list_id\n" + "".join(
        f"{campaign},{member},2020-04-14 21:27:44.224,,8e\n"
        for campaign, member in (("c1", "m1"), ("c1", "m2"), ("c9", "m2"))
    )
    activity = (
        "action,campaign_id,member_id,timestamp,_fivetran_synced,bounce_type,combination_id,ip,list_id,url\n"
        "open,c1,m1,2019-11-27 17:44:09,2020-04-14 21:27:44.224,,,64.233.172.68,8e,\n"
    )
    unsubscribe = (
        "campaign_id,member_id,_fivetran_synced,list_id,reason,timestamp\n"
        "c1,m2,2020-04-17 16:37:22.926,8e,,2020-04-17 16:32:51\n"
    )
    texts = {"c.csv": campaign, "r.csv": recipient, "a.csv": activity, "u.csv": unsubscribe}
    report = bring_in(tmp_path / "team", *(write(tmp_path, name, text) for name, text in texts.items()))
    columns = "contact_id, campaign_id, event_type, CAST(occurred_at AS VARCHAR)"
    assert read(tmp_path / "team", "email_event", columns, "occurred_at, contact_id") == [
        ("m1", "c1", "sent", "2019-11-27 16:59:27+00"),
        ("m2", "c1", "sent", "2019-11-27 16:59:27+00"),
        ("m1", "c1", "open", "2019-11-27 17:44:09+00"),
        ("m2", "c1", "unsubscribe", "2020-04-17 16:32:51+00"),
    ]
    (sent,) = [item for item in report.files if item.file == "r.csv"]
    assert (sent.read, sent.kept, sent.excluded) == (3, 2, {"without occurred_at": 1})
    assert read(tmp_path / "team", "campaign", "campaign_id, name") == [("c1", "Release")]
    alone = bring_in(tmp_path / "other", tmp_path / "c.csv")
    assert [item.source for item in alone.files] == ["mailchimp_campaign_connector"]
    with pytest.raises(DataError, match=r"no row that can be used .*without occurred_at"):
        bring_in(tmp_path / "third", tmp_path / "r.csv")


def test_trello_cards_and_their_archive(tmp_path: Path) -> None:
    text = (
        "Card ID,Card Name,Card URL,Card Description,Labels,Members,Due Date,List ID,List Name,Board ID,Board Name,"
        "Archived,Start Date,Due Complete\nc1,Brief,u,d,,mira,2026-09-02T10:00:00.000Z,l,Doing,b,Plan,false,,true\n"
        "c2,Old,u,d,,,,l,Doing,b,Plan,true,,false\n"
    )
    bring_in(tmp_path / "team", write(tmp_path, "t.csv", text))
    found = read(tmp_path / "team", "task", "task_id, status, CAST(due_on AS VARCHAR), section, assignee")
    assert found == [("c1", "done", "2026-09-02", "Doing", "mira")]


def test_a_second_table_in_a_ga4_file_is_the_one_that_counts(tmp_path: Path) -> None:
    text = (
        "# Start date: 20260901\n# End date: 20260930\nNth day,Organic Search,Email\n0000,10,20\n0001,20,30\n\n"
        "# Start date: 20260901\n# End date: 20260930\n"
        "Session primary channel group (Default Channel Group),Sessions,Engaged sessions,Key events\n"
        "Organic Search,30,5,1\nEmail,50,6,0\n"
    )
    bring_in(tmp_path / "team", write(tmp_path, "g.csv", text))
    assert read(tmp_path / "team", "web_daily", "channel_group, sessions") == [("Organic Search", 30), ("Email", 50)]
