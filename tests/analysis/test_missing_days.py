"""Days without data: which months they touch, and that a dip they make reads as missing data."""

from datetime import date

import analysis_samples as samples
import numpy as np
import pandas as pd
import pytest

from mopsnb.analysis import (
    chart_metrics,
    find_missing_days,
    find_odd_days,
    find_signals,
    glance_at_metrics,
    mark_missing,
    report_missing,
    summarize_metrics,
    tell_missing,
)

AS_OF = date(2026, 9, 30)
SPAN = pd.date_range("2025-10-01", AS_OF, freq="D")
CATALOGUE = samples.CATALOGUE.assign(
    needs=[[table] for table in samples.CATALOGUE["table"]], reads=[[] for _ in samples.CATALOGUE.index]
)
CATALOGUE.at["cost_per_lead", "reads"] = ["ad_daily.conversion_value"]  # noqa: PD008
NO_ODD = find_odd_days(pd.DataFrame({name: [] for name in ("day", "segment", "measure", "value")}))


def record(*gone, table="email_event", source="", days=SPAN):
    """A row a day, but for the days that are gone."""
    kept = days[~days.isin(pd.to_datetime(list(gone)))]
    return pd.DataFrame({"table": table, "source": source, "day": kept.date, "rows": 20})


def between(first, last):
    return pd.date_range(first, last, freq="D")


def find(*frames, odd=NO_ODD):
    return find_missing_days(pd.concat(frames), odd, CATALOGUE, AS_OF)


def test_three_days_in_a_row_without_a_row_are_missing_for_the_metrics_of_their_table():
    found = find(record(*between("2026-07-04", "2026-07-06")))

    assert sorted(found["metric"]) == ["click_through_rate", "email_churn_rate", "total_clicks"]
    assert found["days"].tolist() == [3, 3, 3]
    assert found["period_start"].unique().tolist() == [pd.Timestamp("2026-07-01")]
    assert found["note"].iloc[0] == "July 4 to July 6, 2026: no rows in email_event"


def test_a_gap_across_two_months_counts_the_days_of_each():
    found = find(record(*between("2026-06-29", "2026-07-04"))).set_index(["metric", "period_start"])["days"]

    assert found["total_clicks"].to_dict() == {pd.Timestamp("2026-06-01"): 2, pd.Timestamp("2026-07-01"): 4}


@pytest.mark.parametrize(("rows", "last", "days"), [(20, 6, 3), (3, 6, 3), (2, 6, 0), (2, 7, 0), (2, 8, 5)])
def test_where_rows_are_few_a_longer_run_is_needed(rows, last, days):
    """By hand, over 365 days: exp(−3 × 3) × 365 = 0.045 and exp(−2 × 5) × 365 = 0.017 are rare, and exp(−2 × 4) × 365
    = 0.12 is not."""
    recorded = record(*between("2026-07-04", f"2026-07-{last:02d}")).assign(rows=rows)
    found = find(recorded)
    assert found["days"].tolist() == ([days] * 3 if days else [])


def test_two_days_are_too_few():
    assert find(record(*between("2026-07-04", "2026-07-05"))).empty


def test_a_table_that_rests_on_weekends_lacks_none_of_them_and_three_working_days():
    """July 1, 2026 is a Wednesday: the gap goes to Friday, then comes the weekend, then a Monday with rows."""
    working = SPAN[SPAN.day_of_week < 5]

    assert find(record(days=working)).empty
    found = find(record(*between("2026-07-01", "2026-07-03"), days=working))
    assert found["days"].iloc[0] == 5  # the weekend lies within the run of days without a row


def test_a_table_with_rows_every_third_day_lacks_none():
    assert find(record(*between("2026-07-01", "2026-07-12"), days=SPAN[::3])).empty


def test_a_source_that_stops_while_the_others_go_on_is_named():
    found = find(
        record(*between("2026-07-01", "2026-07-10"), table="ad_daily", source="search"),
        record(table="ad_daily", source="video"),
    )

    assert found[["metric", "days"]].to_numpy().tolist() == [["cost_per_lead", 10], ["spend", 10]]
    assert found["note"].iloc[0] == "July 1 to July 10, 2026: no rows of search in ad_daily"


@pytest.mark.parametrize(("last", "count"), [("2026-06-01", 0), ("2026-09-01", 2)])
def test_a_source_that_is_silent_for_a_quarter_has_ended(last, count):
    over = record(table="ad_daily", source="search", days=between(SPAN[0], last))

    assert find(over, record(table="ad_daily", source="video"))["metric"].nunique() == count


def test_days_on_which_the_tag_counted_nothing_are_missing_for_what_reads_it():
    values = np.where(SPAN.isin(between("2026-07-10", "2026-07-13")), 0.0, 5.0)
    daily = pd.DataFrame({"day": SPAN, "segment": "search", "measure": "conversions", "value": values})
    found = find(record(table="ad_daily"), odd=find_odd_days(daily))

    assert found[["metric", "days", "has_rows"]].to_numpy().tolist() == [["cost_per_lead", 4, True]]
    assert found["note"].iloc[0] == "July 10 to July 13, 2026: no conversions in ad_daily"
    assert report_missing(found, AS_OF) == []  # an odd day already


def planted(values, month):
    """Twelve months of clicks to September 2026, and ten days of email missing in one of them."""
    monthly = samples.additive(date(2025, 10, 1), values)
    missing = find(record(*between(f"{month}-11", f"{month}-20")))
    limits = mark_missing(chart_metrics(monthly, CATALOGUE, ["total_clicks"]), missing)
    return mark_missing(summarize_metrics(monthly, CATALOGUE), missing), limits, missing


def test_a_dip_of_the_latest_month_reads_as_missing_data():
    summary, limits, _ = planted([100.0, 120.0] * 5 + [110.0, 10.0], "2026-09")
    (found,) = find_signals(summary, limits)

    assert found.title == (
        "Total clicks from email in September 2026: below the usual range, with 10 days of data missing"
    )
    assert found.evidence.startswith(
        "September 2026 lacks 10 days of data (September 11 to September 20, 2026: no rows in email_event): "
        "its dip may come from missing data rather than be a signal."
    )
    assert found.fix.startswith("Import the missing days first")
    rows = glance_at_metrics(summary, limits, pd.DataFrame({"metric": []}), CATALOGUE.assign(group="Email"))
    assert rows["verdict"].tolist() == ["Missing data? below; 10 days missing"]


def test_a_dip_of_an_earlier_month_reads_as_missing_data_in_its_finding_and_below_the_chart():
    summary, limits, _ = planted([100.0, 120.0] * 4 + [110.0, 120.0, 10.0, 110.0], "2026-08")
    (found,) = find_signals(summary, limits)

    assert found.id == "metrics.month.2026-08"
    assert "its dip may come from missing data rather than be a signal" in found.evidence
    assert found.fix.startswith("Import the missing days first")
    told = tell_missing(summary, limits).set_index("metric")["reading"]
    assert told["total_clicks"].endswith("its dip may come from missing data rather than be a signal.")
    assert "August 2026 lacks 10 days" in told["total_clicks"]


def test_a_dip_without_missing_days_stays_a_signal():
    summary, limits, _ = planted([100.0, 120.0] * 5 + [110.0, 10.0], "2026-03")
    (found,) = find_signals(summary, limits)

    assert found.title == "Total clicks from email in September 2026: below the usual range"
    assert "missing" not in found.evidence


@pytest.mark.parametrize(("month", "severity"), [("2026-09", "warning"), ("2026-03", "info")])
def test_missing_days_are_a_finding_a_table(month, severity):
    _, _, missing = planted([100.0] * 12, month)
    (found,) = report_missing(missing, AS_OF)

    assert (found.id, found.severity) == ("metrics.missing-days.email_event", severity)
    assert "10 days of data missing in" in found.title
    assert "Total clicks from email" in found.evidence


def test_without_data_nothing_is_missing():
    empty = record().iloc[:0]

    assert find_missing_days(empty, NO_ODD, CATALOGUE, None).empty
    assert report_missing(find(empty), None) == []
