"""Advertising metrics, worked by hand and against public data."""

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from metric_tables import ad, compute, figures, make_tables, values

from mopsnb.data.cautions import find_cautions
from mopsnb.data.metrics import read_catalogue

pytestmark = pytest.mark.slow


def test_ratios_divide_sums_by_sums():
    """Two days of 10 and 90 clicks: the month's cost per click weighs the days by their clicks."""
    tables = make_tables(
        ad_daily=[
            ad("2026-03-01", "20.00", impressions=1000, clicks=10, conversions="1.5", conversion_value="50"),
            ad("2026-03-02", "30.50", impressions=3000, clicks=90, conversions="2.5", conversion_value="152"),
        ]
    )
    march = {"as_of": "2026-03-31"}
    assert figures(tables, "ad_spend", **march) == {"2026-03": (50.5, 50.5, None)}
    assert figures(tables, "spend", **march) == {"2026-03": (50.5, 50.5, None)}
    assert figures(tables, "ad_impressions", **march) == {"2026-03": (4000, 4000, None)}
    assert figures(tables, "ad_clicks", **march) == {"2026-03": (100, 100, None)}
    assert figures(tables, "ad_click_through_rate", **march) == {"2026-03": (0.025, 100, 4000)}
    assert figures(tables, "cost_per_click", **march) == {"2026-03": (0.505, 50.5, 100)}
    assert figures(tables, "ad_conversions", **march) == {"2026-03": (4, 4, None)}
    assert figures(tables, "return_on_ad_spend", **march) == {"2026-03": (4.0, 202, 50.5)}


def test_money_adds_up_exactly():
    """Ten thousand times 0.1 is 1,000 and not a little less, as it is with binary fractions."""
    tables = make_tables(ad_daily=[ad("2026-03-01", "0.000001")])
    tables.execute("INSERT INTO ad_daily (date, spend, channel) SELECT DATE '2026-03-02', 0.1, 'x' FROM range(10000)")
    assert values(tables, "ad_spend", as_of="2026-03-31") == {"2026-03": 1000.000001}


def test_rows_that_report_no_clicks_or_value_stay_out_of_the_ratios_base():
    """The print campaign reports neither clicks nor value: its spend counts as spend, and in no ratio."""
    tables = make_tables(
        ad_daily=[
            ad("2026-03-01", "20", impressions=1000, clicks=10, conversion_value="60"),
            ad("2026-03-01", "500", "magazine", impressions=90000),
            ad("2026-03-01", "7", "feed", clicks=4),
        ]
    )
    march = {"as_of": "2026-03-31"}
    assert values(tables, "ad_spend", **march) == {"2026-03": 527}
    assert figures(tables, "cost_per_click", **march) == {"2026-03": (27 / 14, 27, 14)}
    assert figures(tables, "return_on_ad_spend", **march) == {"2026-03": (3.0, 60, 20)}
    assert figures(tables, "ad_click_through_rate", **march) == {"2026-03": (0.01, 10, 1000)}
    assert values(tables, "ad_clicks", **march) == {"2026-03": 14}


def test_what_no_row_reports_is_missing_and_a_zero_base_gives_no_ratio():
    tables = make_tables(
        ad_daily=[ad("2026-03-01", "20"), ad("2026-04-01", "20", impressions=0, clicks=0, conversion_value="0")]
    )
    april = {"as_of": "2026-04-30"}
    assert values(tables, "ad_clicks", **april) == {"2026-03": None, "2026-04": 0}
    assert values(tables, "ad_conversions", **april) == {"2026-03": None, "2026-04": None}
    assert figures(tables, "cost_per_click", **april) == {"2026-03": (None, None, None), "2026-04": (None, 20, 0)}
    assert figures(tables, "ad_click_through_rate", **april)["2026-04"] == (None, 0, 0)
    assert figures(tables, "return_on_ad_spend", **april)["2026-04"] == (0.0, 0, 20)


def test_a_month_without_ad_rows_is_missing_and_not_0():
    tables = make_tables(ad_daily=[ad("2026-01-31", "5"), ad("2026-03-01", "7")])
    assert values(tables, "ad_spend", as_of="2026-04-02") == {
        "2026-01": 5,
        "2026-02": None,
        "2026-03": 7,
        "2026-04": None,
    }


def test_an_ad_group_is_left_out_where_its_campaign_is_reported_for_the_same_day():
    """Campaign a1 comes in both grains on 1 March and by ad group alone on 2 March; a2 by ad group alone."""
    tables = make_tables(
        ad_daily=[
            ad("2026-03-01", "100", clicks=50),
            ad("2026-03-01", "60", ad_group_id="g1", clicks=30),
            ad("2026-03-01", "30", ad_group_id="g2", clicks=15),
            ad("2026-03-02", "8", ad_group_id="g1", clicks=4),
            ad("2026-03-01", "1", "a2", ad_group_id="g3", clicks=1),
            ad("2026-03-01", "2", channel="social", ad_group_id="g1", clicks=1),
            ad("2026-03-01", "4", account_id="other", ad_group_id="g1", clicks=1),
        ]
    )
    assert figures(tables, "cost_per_click", as_of="2026-03-31") == {"2026-03": (115 / 57, 115, 57)}
    (finding,) = find_cautions(tables, read_catalogue())
    assert finding.id == "metrics.ad-rows-of-mixed-grain"
    assert finding.evidence.startswith("2 rows with a spend of 90.00")


def test_the_total_of_a_period_wins_over_the_days_inside_it():
    """Days 14 and 15 of March lie inside the total of 1 to 15 March, which lies inside the total of the month."""
    tables = make_tables(
        ad_daily=[
            ad("2026-03-14", "3"),
            ad("2026-03-15", "4"),
            ad("2026-03-15", "4.5", "a2"),
            ad("2026-03-01", "40", period_end="2026-03-15"),
            ad("2026-03-01", "90", period_end="2026-03-31"),
            {**ad("2026-03-01", "9", "a3", period_start="2026-03-01", period_end="2026-03-31"), "date": None},
            ad("2026-03-20", "1", "a3", period_end="2026-03-20"),
        ]
    )
    assert values(tables, "ad_spend", as_of="2026-03-31") == {"2026-03": 103.5}
    (finding,) = find_cautions(tables, read_catalogue())
    assert finding.evidence.startswith("4 rows with a spend of 48.00")


def test_the_total_of_an_ad_group_wins_over_its_own_days_alone():
    """The month's total of g1 covers the day of g1, and not that of g2 or of another campaign's g1."""
    tables = make_tables(
        ad_daily=[
            ad("2026-03-01", "90", ad_group_id="g1", period_end="2026-03-31"),
            ad("2026-03-14", "3", ad_group_id="g1"),
            ad("2026-03-14", "4", ad_group_id="g2"),
            ad("2026-03-14", "5", "a2", ad_group_id="g1"),
        ]
    )
    assert values(tables, "ad_spend", as_of="2026-03-31") == {"2026-03": 99}


def test_ad_rows_after_the_last_day_are_left_out_and_so_is_a_total_that_ends_after_it():
    tables = make_tables(
        ad_daily=[
            ad("2026-03-14", "3"),
            ad("2026-03-15", "4"),
            ad("2026-03-16", "5"),
            ad("2026-03-01", "9", "a2", period_end="2026-03-31"),
        ]
    )
    assert values(tables, "ad_spend", as_of="2026-03-15") == {"2026-03": 7}


def test_a_total_across_two_months_is_in_neither_and_the_days_inside_it_count():
    tables = make_tables(
        ad_daily=[ad("2026-03-20", "50", period_end="2026-04-10"), ad("2026-03-21", "3"), ad("2026-04-01", "4")]
    )
    assert values(tables, "ad_spend", as_of="2026-04-30") == {"2026-03": 3, "2026-04": 4}
    (finding,) = find_cautions(tables, read_catalogue())
    assert finding.severity == "warning"
    assert finding.evidence.startswith("1 row with a spend of 50.00. Longer spans that hold all of a period count")


def test_totals_that_overlap_without_one_covering_the_other_are_reported():
    tables = make_tables(
        ad_daily=[ad("2026-03-01", "50", period_end="2026-03-20"), ad("2026-03-15", "40", period_end="2026-03-31")]
    )
    (finding,) = find_cautions(tables, read_catalogue())
    assert (finding.id, finding.severity) == ("metrics.ad-periods-that-overlap", "warning")
    assert "2 totals with a spend of 90.00" in finding.evidence


def test_one_grain_gives_no_finding():
    tables = make_tables(ad_daily=[ad("2026-03-01", "50", period_end="2026-03-31"), ad("2026-04-15", "40")])
    assert find_cautions(tables, read_catalogue()) == []


def test_metrics_of_absent_or_empty_tables_have_no_rows():
    assert compute(make_tables()).empty
    assert compute(make_tables(ad_daily=[])).empty
    only_ads = compute(make_tables(ad_daily=[ad("2026-03-01", "1", clicks=1, impressions=1, conversion_value="1")]))
    assert list(only_ads["metric"].unique()) == [
        "spend",
        "ad_spend",
        "ad_impressions",
        "ad_clicks",
        "ad_click_through_rate",
        "cost_per_click",
        "ad_conversions",
        "return_on_ad_spend",
        "cost_per_thousand_impressions",
        "cost_per_conversion",
        "ad_conversion_rate",
    ]


def _read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _read_google(shared_data: Path) -> list[dict[str, str]]:
    rows = _read_csv(shared_data / "fivetran" / "dbt_google_ads" / "campaign_stats_data.csv")
    return [
        {
            "date": row["date"],
            "channel": "google_ads",
            "account_id": row["customer_id"],
            "campaign_id": row["id"],
            "spend": str(Decimal(row["cost_micros"]) / 1_000_000),
            "currency": "USD",
            "clicks": row["clicks"],
            "impressions": row["impressions"],
            "conversions": row["conversions"],
            "conversion_value": row["conversions_value"],
        }
        for row in rows
    ]


def _read_facebook(shared_data: Path) -> list[dict[str, str]]:
    folder = shared_data / "fivetran" / "dbt_facebook_ads"
    rows = _read_csv(folder / "facebook_ads_basic_ad_data.csv")
    history = {row["id"]: row for row in _read_csv(folder / "facebook_ads_ad_history_data.csv")}  # one version per ad
    return [
        {
            "date": row["date"],
            "channel": "facebook_ads",
            "account_id": row["account_id"],
            "campaign_id": history[row["ad_id"]]["campaign_id"],
            "ad_group_id": history[row["ad_id"]]["ad_set_id"],
            "spend": row["spend"],
            "currency": "USD",
            "clicks": row["inline_link_clicks"],
            "impressions": row["impressions"],
        }
        for row in rows
    ]


@pytest.mark.parametrize(
    ("read", "spend", "clicks", "impressions"),
    [(_read_google, "231.33", 280, 1854), (_read_facebook, "643.63", 149, 37275)],
    ids=["google", "facebook"],
)
def test_public_ad_data_gives_its_known_totals_and_exact_months(shared_data, read, spend, clicks, impressions):
    """Spend, clicks and impressions agree with the known totals, and each month with a loop over the file."""
    rows = read(shared_data)
    months = defaultdict(lambda: [Decimal(0), 0, 0])
    for row in rows:
        month = months[row["date"][:7]]
        month[0] += Decimal(row["spend"])
        month[1] += int(row["clicks"])
        month[2] += int(row["impressions"])
    tables = make_tables(ad_daily=rows)
    for place, metric in enumerate(("ad_spend", "ad_clicks", "ad_impressions")):
        found = {
            month: value for month, value in values(tables, metric, as_of="2021-12-31").items() if value is not None
        }
        assert found == {month: float(numbers[place]) for month, numbers in sorted(months.items())}
        total = sum(Decimal(str(value)) for value in found.values())
        assert total == (Decimal(spend), clicks, impressions)[place]
    per_click = figures(tables, "cost_per_click", as_of="2021-12-31")
    for month, numbers in months.items():
        assert per_click[month] == (float(numbers[0] / numbers[1]), float(numbers[0]), numbers[1])
    assert values(tables, "spend", as_of="2021-12-31") == values(tables, "ad_spend", as_of="2021-12-31")
