"""Signals as findings: one a metric, one an earlier month, one a kind of odd day."""

from datetime import date

import analysis_samples as samples
import pandas as pd
import pytest

from mopsnb.analysis import chart_metrics, find_odd_days, find_signals, report_odd_days, summarize_metrics

CALM = [100.0, 120.0] * 6


def find(*frames):
    monthly = pd.concat(frames)
    names = list(samples.CATALOGUE.index)
    summary = summarize_metrics(monthly, samples.CATALOGUE)
    return find_signals(summary, chart_metrics(monthly, samples.CATALOGUE, names))


def months(values, metric="total_clicks"):
    return samples.additive(date(2025, 1, 1), values, metric=metric)


@pytest.mark.parametrize(("low", "severity", "word"), [(True, "warning", "lower"), (False, "info", "higher")])
def test_a_level_that_moved_of_late_is_a_finding_and_for_the_worse_a_warning(low, severity, word):
    """January 2025 to May 2026; the level begins in October 2025, eight months before the end of May."""
    high, less = [100.0, 102.0] * 5, [50.0, 52.0] * 5
    found = find(months([*(high if low else less)[:9], *(less if low else high)[:8]]))

    assert [(one.id, one.severity) for one in found] == [("metrics.level.total_clicks", severity)]
    assert found[0].title == f"Total clicks from email: a {word} level since about October 2025"
    assert ("to 51 and stayed" if low else "to 101 and stayed") in found[0].evidence


def test_a_level_that_moved_long_ago_is_known():
    assert find(months([*[100.0, 102.0] * 5, *[50.0, 52.0] * 6])) == []


def test_earlier_months_outside_are_one_finding_a_month_with_the_furthest_first():
    odd = [*CALM[:10], 400.0, 110.0]
    odder = [*CALM[:10], 900.0, 110.0]
    (found,) = find(months(odd), months(odder, metric="leads"))

    assert (found.id, found.severity) == ("metrics.month.2025-11", "info")
    assert found.title == "November 2025: 2 metrics outside the usual range"
    assert found.evidence.startswith("Outside: Leads (900, usual 57 to 163)")
    assert "Total clicks from email (400, usual 57 to 163)" in found.evidence


def test_a_month_outside_that_lies_far_back_is_left_to_the_chart():
    assert find(months([*CALM[:4], 400.0, *CALM])) == []


def test_a_metric_has_one_finding_at_most_beside_the_earlier_months():
    """A level that moved and a latest month far outside: the month wins."""
    found = find(months([*[100.0, 102.0] * 5, *[50.0, 52.0] * 4, 200.0]))

    assert [one.id for one in found] == ["metrics.signal.total_clicks"]


def odd_days(last):
    """Thirty days of 100, a day of 900 on day 15, and no conversion on the last four of days 20 to 23."""
    days = pd.date_range(end=last, periods=40, freq="D")
    spend = [900.0 if place == 15 else 100.0 for place in range(40)]
    conversions = [0.0 if 20 <= place < 24 else 10.0 for place in range(40)]
    frames = [
        pd.DataFrame({"day": days, "segment": "search", "measure": name, "value": values})
        for name, values in (("spend", spend), ("conversions", conversions))
    ]
    return find_odd_days(pd.concat(frames))


def test_odd_days_are_findings_a_figure_and_kind():
    found = report_odd_days(odd_days("2026-09-30"), date(2026, 9, 30))

    assert [(one.id, one.severity) for one in found] == [
        ("metrics.odd-days.conversions.silence", "warning"),
        ("metrics.odd-days.spend.spike", "warning"),
    ]
    assert found[0].title == "Ad conversions: nothing was recorded, September 11 to September 14, 2026"
    assert found[1].title == "Ad spend of Search: far more than usual on one day, September 6, 2026"
    assert all(one.fix and one.where == "ad_daily" for one in found)


def test_odd_days_of_long_ago_are_for_information_and_after_a_year_none():
    odd = odd_days("2026-01-31")

    assert {one.severity for one in report_odd_days(odd, date(2026, 9, 30))} == {"info"}
    assert report_odd_days(odd, date(2027, 9, 30)) == []
    assert report_odd_days(odd, None) == []
