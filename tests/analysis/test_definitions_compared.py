"""Definitions side by side: the difference from the first, and where it comes from, worked out by hand."""

import math

import pandas as pd
import pytest

import mopsnb
from mopsnb import analysis

CATALOGUE = pd.DataFrame(
    {"title": ["People", "Emails", "Everybody", "Opens"], "formula": ["p", "e", "v", "o"]},
    index=["email_churn_rate", "unsubscribe_rate", "list_churn_rate", "open_rate"],
)
NAMES = CATALOGUE.index.tolist()


def compare(**counts):
    rows = []
    for name, (numerator, denominator) in counts.items():
        value = numerator / denominator if denominator > 0 else numerator
        row = {"metric": name, "title": CATALOGUE.loc[name, "title"], "unit": "percent", "value": value}
        rows.append(row | {"numerator": numerator, "denominator": denominator, "change": math.nan})
    return analysis.compare_metrics(pd.DataFrame(rows), CATALOGUE, NAMES).set_index("metric")


def test_the_difference_is_from_the_first_row_and_names_counts_and_bases():
    """12 of 3,000 are 0.4%; 12 of 24,000 are 0.05%, 0.35 points less; 30 of 3,000 are 1%, 0.6 points more."""
    table = compare(email_churn_rate=(12, 3000), unsubscribe_rate=(12, 24000), list_churn_rate=(30, 3000))

    assert table["difference"].tolist() == pytest.approx([0.0, -0.0035, 0.006])
    assert table["why"].tolist() == [
        "",
        "the same count and a base 8.00 times as large",
        "a count 2.50 times as large and the same base",
    ]


@pytest.mark.parametrize(
    ("first", "other", "why"),
    [
        ((0, 3000), (6, 3000), "another count and the same base"),
        ((0, 3000), (0, 6000), "the same count and a base 2.00 times as large"),
        ((12, 3000), (12, math.nan), "its base is another"),
    ],
)
def test_a_count_of_nothing_is_no_reason_to_name_the_base(first, other, why):
    assert compare(email_churn_rate=first, unsubscribe_rate=other)["why"].tolist() == ["", why]


def test_only_what_rests_on_opens_carries_the_caution():
    table = compare(email_churn_rate=(12, 3000), open_rate=(900, 3000))

    assert table.loc["email_churn_rate", "caution"] == ""
    assert table.loc["open_rate", "caution"]


@pytest.mark.slow
def test_the_sample_says_by_how_much_its_definitions_differ():
    """By an independent route: the counts of the month, divided and subtracted in plain Python."""
    ws = mopsnb.open("")
    monthly = ws.monthly(["click_through_rate", "unique_click_rate", "open_rate"])
    summary = analysis.summarize_metrics(monthly, ws.catalogue)
    latest = {
        row["metric"]: row for row in monthly.to_dict("records") if row["period_start"] == summary["period"].max()
    }

    names = ["click_through_rate", "unique_click_rate", "open_rate"]
    table = analysis.compare_metrics(summary, ws.catalogue, names)

    counts = [(latest[name]["numerator"], latest[name]["denominator"]) for name in names]
    figures = [count / base for count, base in counts]
    assert table["metric"].tolist() == names
    assert table["difference"].tolist() == pytest.approx([figure - figures[0] for figure in figures])
    assert table["why"].iloc[1] == f"a count {counts[1][0] / counts[0][0]:.2f} times as large and the same base"
