"""Parts of a frame that one place of a page shows."""

from datetime import date

import pandas as pd
import pytest

from mopsnb.analysis.selection import (
    compare_metrics,
    define_metrics,
    select_metric,
    select_months,
    tabulate_months,
    tabulate_verdicts,
)

CATALOGUE = pd.DataFrame(
    {
        "title": ["Leads", "Spend"],
        "unit": ["count", "currency"],
        "direction": ["up", ""],
        "formula": ["contacts created", "sum of spend"],
        "base": ["contacts", "rows"],
        "lacks": ["It needs data/contact.csv.", "It needs data/ad_daily.csv."],
    },
    index=["leads", "spend"],
)
MONTHLY = pd.DataFrame(
    {
        "metric": ["leads", "leads", "leads", "spend", "spend"],
        "period_start": pd.to_datetime(["2026-07-01", "2026-08-01", "2026-09-01", "2026-07-01", "2026-09-01"]),
        "value": [1.0, float("nan"), 3.0, 10.5, 30.5],
    }
)


def test_a_metric_with_data_brings_its_definition_and_its_summary() -> None:
    summary = pd.DataFrame({"metric": ["leads"], "value": [3.0], "title": ["Leads"]})
    row = select_metric(summary, CATALOGUE, "leads")
    assert (row["formula"], row["value"]) == ("contacts created", 3.0)


def test_a_metric_without_data_still_says_what_it_needs() -> None:
    row = select_metric(pd.DataFrame({"metric": [], "value": []}), CATALOGUE, "spend")
    assert row["lacks"] == "It needs data/ad_daily.csv."
    assert "value" not in row


def test_an_unknown_metric_is_refused() -> None:
    with pytest.raises(KeyError):
        select_metric(pd.DataFrame({"metric": []}), CATALOGUE, "clics")


def test_the_latest_months_count_back_from_the_month_of_the_day() -> None:
    kept = select_months(MONTHLY, date(2026, 9, 15), 2)
    assert sorted(kept["period_start"].dt.month.unique()) == [8, 9]


def test_without_a_day_there_are_no_months() -> None:
    assert select_months(MONTHLY, None, 24).empty


def test_figures_stand_side_by_side_with_the_newest_month_first() -> None:
    table = tabulate_months(MONTHLY, ["spend", "leads"])
    assert list(table.columns) == ["period_start", "spend", "leads"]
    assert table["spend"].tolist() == [30.5, 10.5]
    assert table["leads"].tolist() == [3.0, 1.0]


def test_a_month_in_which_one_metric_is_missing_shows_it_as_missing() -> None:
    table = tabulate_months(MONTHLY.assign(value=[1.0, 2.0, 3.0, 10.5, 30.5]), ["spend", "leads"])
    assert pd.isna(table.loc[1, "spend"])
    assert table.loc[1, "leads"] == 2.0


def test_a_metric_without_any_row_is_a_column_of_missing_values() -> None:
    assert tabulate_months(MONTHLY, ["leads", "new_customers"])["new_customers"].isna().all()


def test_the_table_is_cut_to_its_limit() -> None:
    assert len(tabulate_months(MONTHLY, ["leads", "spend"], limit=1)) == 1


def test_metrics_compare_in_the_order_asked_and_without_those_that_have_no_data() -> None:
    summary = pd.DataFrame(
        {
            "metric": ["leads", "spend", "reach"],
            "title": ["Leads", "Spend", "Reach"],
            "unit": ["count", "currency", "count"],
            "value": [3.0, 30.5, float("nan")],
            "numerator": [3.0, 30.5, float("nan")],
            "denominator": [float("nan")] * 3,
            "change": [0.5, -0.1, float("nan")],
        }
    )
    table = compare_metrics(summary, CATALOGUE, ["reach", "spend", "leads"])
    assert table["metric"].tolist() == ["spend", "leads"]
    assert table["formula"].tolist() == ["sum of spend", "contacts created"]


def test_the_difference_of_two_rates_and_what_explains_it_are_those_worked_by_hand() -> None:
    """Of 1,000 recipients 5 left, which is 0.5%; of 1,250 emails 5 led to it (0.4%); of 500 people 10 (2%)."""
    summary = pd.DataFrame(
        {
            "metric": ["by_people", "by_email", "by_list", "by_money"],
            **{"title": list("ABCD"), "unit": "fraction", "change": 0.0},
            "value": [0.005, 0.004, 0.02, 0.5],
            "numerator": [5.0, 5.0, 10.0, float("nan")],
            "denominator": [1000.0, 1250.0, 500.0, float("nan")],
        }
    )
    catalogue = pd.DataFrame({"formula": list("abcd")}, index=summary["metric"])

    table = compare_metrics(summary, catalogue, ["by_people", "by_email", "by_list", "by_money"])

    assert table["difference"].tolist() == pytest.approx([0.0, -0.001, 0.015, 0.495])
    assert table["why"].tolist() == [
        "",
        "the same count and a base 1.25 times as large",
        "a count 2.00 times as large and a base 0.50 times as large",
        "its base is another",
    ]
    # What explains it explains it in full: counts and bases as named lead from the first rate to the others.
    by_email, by_list = table["value"].tolist()[1:3]
    assert by_email == pytest.approx(0.005 * 1.00 / 1.25)
    assert by_list == pytest.approx(0.005 * 2.00 / 0.50)


def test_figures_that_rest_on_opens_carry_a_caution() -> None:
    summary = pd.DataFrame(
        {
            **{"metric": ["click_through_rate", "open_rate"], "title": ["A", "B"], "unit": "fraction", "change": 0.0},
            **{"value": [0.02, 0.3], "numerator": [2.0, 30.0], "denominator": [100.0, 100.0]},
        }
    )
    catalogue = pd.DataFrame({"formula": ["a", "b"]}, index=summary["metric"])
    cautions = compare_metrics(summary, catalogue, ["click_through_rate", "open_rate"])["caution"].tolist()

    assert cautions[0] == ""
    assert "privacy proxies" in cautions[1]


def test_a_definition_names_the_goals_that_a_metric_serves_and_their_owners() -> None:
    summary = pd.DataFrame({"metric": ["leads", "spend"], "value": [3.0, float("nan")]})
    goals = pd.DataFrame(
        {
            "metric": ["leads", "leads", "spend"],
            "statement": ["Win 100 leads.", "Win better leads", "Spend less"],
            "owner": ["maya", "maya", "jo"],
        }
    )

    (row,) = define_metrics(CATALOGUE, summary, goals).to_dict("records")
    assert (row["goals"], row["owner"]) == ("Win 100 leads; Win better leads", "maya")
    assert row["wish"] == "more is better"
    assert row["role"] == "Leading indicator of marketing_qualified_leads"  # the small catalogue has no title for it
    (bare,) = define_metrics(CATALOGUE, summary).to_dict("records")
    assert (bare["goals"], bare["owner"]) == ("", "")


def test_the_most_flawed_goal_stands_first_with_its_verdict_for_each_letter() -> None:
    verdicts = pd.DataFrame(
        [
            {"goal": goal, "statement": goal.title(), "letter": letter, "verdict": verdict}
            for goal, line in {"good": ["pass"] * 5, "bad": ["pass", "fail", "unknown", "pass", "fail"]}.items()
            for letter, verdict in zip("SMART", line, strict=True)
        ]
    )
    table = tabulate_verdicts(verdicts)
    assert table["goal"].tolist() == ["bad", "good"]
    assert table.loc[0, list("SMART")].tolist() == ["pass", "fail", "unknown", "pass", "fail"]
    assert table["flaws"].tolist() == [2, 0]


def test_without_goals_the_table_of_verdicts_is_empty() -> None:
    empty = pd.DataFrame({"goal": [], "statement": [], "letter": [], "verdict": []}, dtype=str)
    assert tabulate_verdicts(empty).empty
