"""What a goal's statement says."""

import pytest

from mopsnb.analysis.smart_statement import find_channels, find_size, names_metric, names_size, split_outcomes


@pytest.mark.parametrize(
    "statement",
    [
        "Increase total clicks from email by 25 % in one year",
        "Increase revenue from new and existing customers by 10%",
        "Increase revenue by improving email clicks and reducing churn",
        "Grow leads without raising cost per lead",
        "Grow marketing and sales qualified leads by 12 percent",
        "Raise email click-through rate by 2 pp in EMEA and North America",
        "Increase email clicks by 1,000 and report monthly",
        "Increase clicks to raise revenue",
        "Cut email churn from 0.5 % to 0.4 % by December 2026",
    ],
)
def test_one_outcome_with_its_place_means_or_purpose_is_one(statement):
    assert len(split_outcomes(statement)) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "Increase leads by 10 % and cut cost per lead by 5 %",
        "Increase clicks and leads by 10 %",
        "Raise click rate and open rate",
        "Reduce churn; grow the list by 5 %",
        "Increase leads by 10 % and revenue by 5 %",
        "Raise email click-through rate by 2 pp and halve the churn",
        "Win 50 customers as well as reducing the cost of each",
    ],
)
def test_two_verbs_two_amounts_or_two_things_are_two_outcomes(statement):
    assert len(split_outcomes(statement)) == 2


def test_an_empty_statement_has_no_outcome():
    assert split_outcomes("") == []


@pytest.mark.parametrize(
    ("statement", "kind", "value"),
    [
        ("Increase clicks by 25 % in one year", "fraction", 0.25),
        ("Increase clicks by at least 12.5 percent by 2027", "fraction", 0.125),
        ("Lower the rate by 0.1 percentage points", "points", 0.001),
        ("Raise the rate by 2 pp", "points", 0.02),
        ("Win 164 new customers in 2026, 15 % more than in 2025", "fraction", 0.15),
        ("Double leads in 2026", "fraction", 1.0),
        ("Halve churn", "fraction", -0.5),
    ],
)
def test_a_size_relative_to_the_baseline_is_read(statement, kind, value):
    size = find_size(statement)

    assert (size.kind, size.value) == (kind, pytest.approx(value))


@pytest.mark.parametrize("statement", ["Win 120 customers by December 2026", "Cut churn from 0.5 % to 0.4 %", "Grow"])
def test_a_level_or_a_date_is_no_change_relative_to_the_baseline(statement):
    assert find_size(statement) is None


def test_any_amount_counts_as_a_size():
    assert names_size("Win 120 customers")
    assert not names_size("Win more customers")


@pytest.mark.parametrize(
    ("statement", "channels"),
    [
        ("Grow email clicks", ["email"]),
        ("Win 40 leads from webinars and LinkedIn", ["linkedin", "webinar"]),
        ("Buy clicks on professional social for at most $10", ["professional social"]),
        ("Win 164 new customers in 2026", []),
        ("Win customers in search of a supplier", []),
        ("Raise revenue by improving the newsletter", []),
    ],
)
def test_a_statement_is_limited_to_the_channels_that_it_names_but_not_to_its_means(statement, channels):
    assert find_channels(statement, ["professional_social", "Professional social"]) == channels


def test_a_channel_alone_does_not_name_the_metric():
    assert names_metric("Increase clicks", "total_clicks", "Total clicks from email")
    assert not names_metric("Do better in email", "total_clicks", "Total clicks from email")
