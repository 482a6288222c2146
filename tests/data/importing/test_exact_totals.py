"""Files as vendors give them yield exact totals, worked out beside the import with the csv and decimal modules."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from import_samples import add_up, bring_in, read, read_csv, sum_column

USD = {"defaults": {"currency": "USD"}}
GOOGLE = ("campaign", "ad_group", "ad", "keyword", "search_term_keyword", "account")


@pytest.fixture
def ui(shared_data: Path) -> Path:
    """Exports as people download them."""
    return shared_data / "ui_exports"


@pytest.fixture
def fivetran(shared_data: Path) -> Path:
    """Connector tables."""
    return shared_data / "fivetran"


def test_google_ads_in_utf_16_with_totals_at_the_end(ui: Path, tmp_path: Path) -> None:
    path = ui / "google_ads_campaign_utf16.csv"
    rows = [row for row in read_csv(path, "utf-16", "\t", skip=2) if row["Day"]]
    report = bring_in(tmp_path, path)
    assert (report.files[0].kept, report.files[0].totals, len(rows)) == (3, 2, 3)
    assert add_up(tmp_path) == {
        "spend": sum_column(rows, "Cost"),
        "clicks": sum_column(rows, "Clicks"),
        "impressions": sum_column(rows, "Impr."),
        "conversions": sum_column(rows, "Conversions"),
    }
    assert add_up(tmp_path)["spend"] == Decimal("1038.34")
    assert read(tmp_path, "ad_daily", "currency, clicks, campaign_name")[1:] == [
        ("USD", None, "Brand"),
        ("USD", 1, "Généric – DE"),
    ]


def test_meta_ads_with_a_total_in_the_first_row_and_the_currency_in_the_header(ui: Path, tmp_path: Path) -> None:
    path = ui / "meta_ads.csv"
    rows = [row for row in read_csv(path) if row["Campaign name"]]
    bring_in(tmp_path, path)
    assert add_up(tmp_path) == {
        "spend": sum_column(rows, "Amount spent (EUR)"),
        "clicks": sum_column(rows, "Link clicks"),
        "impressions": sum_column(rows, "Impressions"),
        "conversions": sum_column(rows, "Results"),
    }
    assert read(tmp_path, "ad_daily", "DISTINCT currency, channel", "1") == [("EUR", "social")]
    assert add_up(tmp_path)["spend"] == Decimal("475.50")


def test_ga4_with_the_period_before_the_header(ui: Path, tmp_path: Path) -> None:
    path = ui / "ga4_traffic_acquisition.csv"
    lines = path.read_text().splitlines()
    skip = next(at for at, line in enumerate(lines) if line and not line.startswith("#"))
    rows = [row for row in read_csv(path, skip=skip) if row["Session primary channel group (Default Channel Group)"]]
    bring_in(tmp_path, path)
    assert add_up(tmp_path, "web_daily", ("sessions", "engaged_sessions", "key_events", "revenue")) == {
        "sessions": sum_column(rows, "Sessions"),
        "engaged_sessions": sum_column(rows, "Engaged sessions"),
        "key_events": sum_column(rows, "Key events"),
        "revenue": sum_column(rows, "Total revenue"),
    }
    assert [str(day) for day in read(tmp_path, "web_daily", "date, period_start, period_end")[0]] == [
        "2026-09-01",
        "2026-09-01",
        "2026-09-30",
    ]
    assert [row[0] for row in read(tmp_path, "web_daily", "channel_group")] == [
        "Organic Search",
        "Paid Search",
        "Email",
    ]


def test_hubspot_contacts_with_stages_brought_to_the_usual_words(ui: Path, tmp_path: Path) -> None:
    bring_in(tmp_path, ui / "hubspot_contacts.csv")
    assert read(tmp_path, "contact", "contact_id, email, lifecycle_stage, lead_source, email_opt_out") == [
        ("101", "ada@example.com", "mql", "Paid Search", False),
        ("102", "ada@example.com", "lead", "Organic Search", False),
        ("103", None, "subscriber", "Offline Sources", True),
    ]
    assert read(tmp_path, "contact", "CAST(created_at AS VARCHAR)")[0] == ("2026-03-12 08:14:00+00",)


def test_salesforce_opportunities_in_windows_1252_with_a_footer(ui: Path, tmp_path: Path) -> None:
    report = bring_in(tmp_path, ui / "salesforce_opportunities_report.csv")
    assert report.files[0].read == 2
    assert read(tmp_path, "deal", "amount, currency, is_won, is_closed, CAST(expected_close_on AS VARCHAR)") == [
        (Decimal("120000"), "USD", True, True, "2026-06-30"),
        (Decimal("40000"), "USD", False, True, "2026-05-01"),
    ]


def test_asana_tasks_with_lines_before_the_header_and_parents_by_name(ui: Path, tmp_path: Path) -> None:
    bring_in(tmp_path, ui / "asana_tasks.csv")
    done_on = "CAST(timezone('Europe/Berlin', completed_at) AS DATE)"
    columns = f"task_id, status, parent_id, depends_on, coalesce({done_on} <= due_on, false)"
    assert read(tmp_path, "task", columns) == [
        ("1205993847561234", "open", None, None, False),
        ("1205993847561235", "done", None, None, False),
        ("1205993847561236", "done", "1205993847561234", ["1205993847561234"], True),
    ]


def test_a_spreadsheet_with_a_title_a_total_and_numbers_as_text(ui: Path, tmp_path: Path) -> None:
    report = bring_in(tmp_path, ui / "adhoc_spend.xlsx", defaults={"channel": "social", "currency": "USD"})
    assert report.files[0].read == 2
    assert add_up(tmp_path) == {"spend": Decimal("1012.5"), "clicks": 1010, "impressions": 20100, "conversions": None}


@pytest.mark.parametrize("grain", GOOGLE)
def test_google_ads_tables_of_a_connector_in_micros(fivetran: Path, tmp_path: Path, grain: str) -> None:
    path = fivetran / "dbt_google_ads" / f"{grain}_stats_data.csv"
    rows = read_csv(path)
    report = bring_in(tmp_path, path, **USD)
    assert (report.files[0].read, report.files[0].kept) == (len(rows), len(rows))
    assert add_up(tmp_path) == {
        "spend": sum_column(rows, "cost_micros", "0.000001"),
        "clicks": sum_column(rows, "clicks"),
        "impressions": sum_column(rows, "impressions"),
        "conversions": sum_column(rows, "conversions") if "conversions" in rows[0] else None,
    }


def test_google_ads_campaigns_known_figures(fivetran: Path, tmp_path: Path) -> None:
    bring_in(tmp_path, fivetran / "dbt_google_ads" / "campaign_stats_data.csv", **USD)
    assert len(read(tmp_path, "ad_daily")) == 16
    assert add_up(tmp_path) == {"spend": Decimal("231.33"), "clicks": 280, "impressions": 1854, "conversions": 0}


def test_the_history_of_campaigns_multiplies_nothing(fivetran: Path, tmp_path: Path) -> None:
    """A join of the figures to ten versions of the campaign would give 2,313.30."""
    folder = fivetran / "dbt_google_ads"
    bring_in(tmp_path, folder / "campaign_stats_data.csv", folder / "campaign_history_data.csv", **USD)
    assert add_up(tmp_path)["spend"] == Decimal("231.33")
    assert len(read(tmp_path, "campaign")) == 1
    versions = read_csv(folder / "campaign_history_data.csv")
    newest = max(versions, key=lambda row: row["updated_at"])
    assert read(tmp_path, "campaign", "campaign_id, status, end_on") == [(newest["id"], newest["status"], None)]


def test_meta_ads_of_a_connector_with_conversions_counted_once(fivetran: Path, tmp_path: Path) -> None:
    """Adding every action type would give 22 conversions."""
    folder = fivetran / "dbt_facebook_ads"
    ads, actions = folder / "facebook_ads_basic_ad_data.csv", folder / "facebook_ads_basic_ad_actions_data.csv"
    bring_in(tmp_path, ads, actions, **USD)
    usual = [row for row in read_csv(actions) if row["action_type"].startswith("offsite_conversion.")]
    assert sum_column(read_csv(actions), "value") == 22
    assert add_up(tmp_path) == {
        "spend": Decimal("643.63"),
        "clicks": 149,
        "impressions": 37275,
        "conversions": sum_column(usual, "value"),
    }
    assert add_up(tmp_path)["conversions"] == 19


def test_meta_ads_find_their_campaign_in_the_newest_version_of_the_ad(fivetran: Path, tmp_path: Path) -> None:
    folder = fivetran / "dbt_facebook_ads"
    bring_in(tmp_path, folder / "facebook_ads_basic_ad_data.csv", folder / "facebook_ads_ad_history_data.csv", **USD)
    newest: dict[str, dict[str, str]] = {}
    for row in sorted(read_csv(folder / "facebook_ads_ad_history_data.csv"), key=lambda row: row["updated_time"]):
        newest[row["id"]] = row
    expected: dict[str, Decimal] = {}
    for row in read_csv(folder / "facebook_ads_basic_ad_data.csv"):
        campaign = newest[row["ad_id"]]["campaign_id"] if row["ad_id"] in newest else row["ad_id"]
        expected[campaign] = expected.get(campaign, Decimal(0)) + Decimal(row["spend"])
    spend: dict[str, Decimal] = {}
    for campaign, amount in read(tmp_path, "ad_daily", "campaign_id, spend"):
        spend[campaign] = spend.get(campaign, Decimal(0)) + amount
    assert spend == expected


@pytest.mark.parametrize("by", ["country", "region"])
def test_meta_ads_by_geography(fivetran: Path, tmp_path: Path, by: str) -> None:
    folder = fivetran / "dbt_facebook_ads"
    path = folder / f"facebook_ads_demographics_{by}_data.csv"
    actions = folder / f"facebook_ads_demographics_{by}_actions_data.csv"
    bring_in(tmp_path, path, actions, **USD)
    rows = read_csv(path)
    usual = [row for row in read_csv(actions) if row["action_type"].startswith("offsite_conversion.")]
    assert add_up(tmp_path) == {
        "spend": sum_column(rows, "spend"),
        "clicks": sum_column(rows, "inline_link_clicks"),
        "impressions": sum_column(rows, "impressions"),
        "conversions": sum_column(usual, "value"),
    }
