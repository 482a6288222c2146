"""Findings about budgets: off their plan, or not comparable with one."""

from datetime import date

import pandas as pd
import pytest
from pacing_samples import ads, make_plan, make_spend, make_strategy, paid, pay_daily, pay_monthly

from mopsnb.analysis.pacing import describe_total, find_deviations, find_gaps, pace_budget
from mopsnb.strategy import Budget, BudgetArea
from mopsnb.strategy.fiscal import open_year

STRATEGY = make_strategy()
EVEN = [100.0] * 12


def deviate(rows, plan, as_of, strategy=STRATEGY):
    """Return id to finding of areas and total that are off their plan."""
    day = date.fromisoformat(as_of)
    frames = [pace_budget(make_spend(rows), plan, strategy, day, by=by) for by in ("area", "total")]
    return {finding.id: finding for finding in find_deviations(frames, "EUR")}


def miss(rows, plan, as_of, strategy=STRATEGY):
    """Return id to finding of what keeps spend and plan from being compared."""
    spend = make_spend(rows)
    pace = pace_budget(spend, plan, strategy, date.fromisoformat(as_of))
    return {finding.id: finding for finding in find_gaps(spend, plan, pace, strategy, "EUR")}


def test_an_exceeded_plan_is_an_error_that_names_day_amount_and_owner():
    found = deviate(pay_monthly([500, 500, 300, 100], owner="ana"), make_plan({"print": EVEN}), "2026-04-30")
    finding = found["budget_pacing.over.print.2026"]

    assert (finding.severity, finding.owner, finding.where) == ("error", "ana", "print")
    assert finding.title == "Spend on Print has exceeded the plan for 2026"
    assert (
        "1,400 EUR was spent by April 30, 2026: 1,000 EUR (250%) more than the 400.00 EUR planned" in finding.evidence
    )
    assert "Spend crossed the plan of the whole year on March 15, 2026." in finding.evidence
    assert finding.fix.startswith("Nothing of the plan is left: stop spending on Print, or agree on 3,000 EUR more")
    assert found["budget_pacing.over.total.2026"].title == "Spend on all areas together has exceeded the plan for 2026"


def test_a_plan_that_will_be_exceeded_is_a_warning_with_the_day_and_what_is_left():
    finding = deviate(pay_monthly([150] * 6), make_plan({"print": EVEN}), "2026-06-30")["budget_pacing.over.print.2026"]

    assert finding.severity == "warning"
    assert "the year ends at 1,800 EUR (95% interval 1,800 EUR to 1,800 EUR), 600.00 EUR above" in finding.evidence
    assert "Spend crosses the year's plan on September 1, 2026" in finding.evidence
    assert finding.fix == (
        "Hold spend on Print to 1.63 EUR a day until December 31, 2026 (it was 5.00 EUR a day over the last 30 days), "
        "or agree on 600.00 EUR more for the year."
    )


def test_what_is_committed_for_later_is_not_free_to_spend():
    """Of 1,200 EUR 900 are spent and 116 are promised: 184 are left for 184 days."""
    rows = [*pay_monthly([150] * 6), paid("2026-10-01", 116, is_committed=True)]
    finding = deviate(rows, make_plan({"print": EVEN}), "2026-06-30")["budget_pacing.over.print.2026"]

    assert finding.fix.startswith(
        "Hold spend on Print to 1.00 EUR a day until December 31, 2026 beyond the 116.00 EUR that is committed (it was"
    )


def test_the_days_that_made_the_difference_are_named():
    days = [310.0, 280, 310, 300, 310, 300, 310, 310, 300, 310, 300, 310]
    rows = [*pay_daily("2026-01-01", "2026-02-28", 10), *pay_daily("2026-03-01", "2026-04-30", 30)]
    plan = make_plan({"search_ads": days})
    finding = deviate([*rows, *pay_daily("2026-05-01", "2026-06-30", 10)], plan, "2026-06-30")

    expected = "From March 1 to April 30, 2026 spend was 1,220 EUR above the plan of these days."
    assert expected in finding["budget_pacing.over.search_ads.2026"].evidence


@pytest.mark.parametrize(("amount", "severity"), [(92, "info"), (50, "warning")])
def test_money_left_over_is_a_warning_from_a_tenth_of_the_plan_on(amount, severity):
    finding = deviate(pay_monthly([amount] * 6), make_plan({"print": EVEN}), "2026-06-30")

    assert finding["budget_pacing.under.print.2026"].severity == severity


def test_what_may_happen_is_good_to_know():
    rows = pay_monthly([50, 200, 60, 190, 50, 200])
    finding = deviate(rows, make_plan({"print": EVEN}), "2026-06-30")["budget_pacing.over.print.2026"]

    assert (finding.severity, finding.title) == ("info", "Spend on Print may exceed the plan for 2026")


def test_money_that_may_run_out_early_is_good_to_know_and_its_status_says_so():
    """625 against 600 in half a year is 4.2% above; the plan has nothing for November and December."""
    plan = make_plan({"fair": [*[100.0] * 9, 300.0, 0.0, 0.0]})
    rows = pay_monthly([130, 80, 120, 90, 120, 85], "fair")
    finding = deviate(rows, plan, "2026-06-30")["budget_pacing.over.fair.2026"]
    [row] = pace_budget(make_spend(rows), plan, STRATEGY, date(2026, 6, 30)).to_dict("records")

    assert (finding.severity, finding.title) == ("info", "The money for Fair may run out before the end of 2026")
    assert row["status"] == "may_run_out_early"
    assert row["gap_share"] < 0.05
    assert row["crosses_on"].month == 10
    assert "Spend crosses the year's plan on October" in finding.evidence


def test_a_plan_that_is_used_up_in_its_last_days_is_on_plan():
    plan = make_plan({"print": EVEN})
    rows = pay_monthly([130, 80, 120, 90, 120, 85])
    [row] = pace_budget(make_spend(rows), plan, STRATEGY, date(2026, 6, 30)).to_dict("records")

    assert (row["status"], row["crosses_on"].month) == ("on_plan", 12)


def test_the_whole_comes_first_and_names_the_areas_that_it_includes():
    plan = make_plan({"a": EVEN, "b": EVEN, "c": EVEN})
    rows = [*pay_monthly([120] * 6, "a"), *pay_monthly([150] * 6, "b"), *pay_monthly([99] * 6, "c")]
    found = deviate(rows, plan, "2026-06-30")

    assert [key.split(".")[2] for key in found] == ["total", "b", "a"]
    includes = "This includes B (600.00 EUR above its plan) and A (240.00 EUR above its plan), which have findings of"
    assert includes in found["budget_pacing.over.total.2026"].evidence
    assert found["budget_pacing.over.total.2026"].fix.endswith("more for the year. Start with B.")


def test_a_total_without_findings_on_areas_includes_none():
    plan = make_plan({"a": EVEN, "b": EVEN})
    rows = [*pay_monthly([103] * 6, "a"), *pay_monthly([103] * 6, "b")]

    assert "includes" not in deviate(rows, plan, "2026-06-30")["budget_pacing.over.total.2026"].evidence


def test_small_differences_are_no_findings():
    assert deviate(pay_monthly([101, 97, 104, 99, 102, 100]), make_plan({"print": EVEN}), "2026-06-30") == {}


def test_a_total_slightly_but_surely_off_is_a_finding_where_an_area_would_not_be():
    plan = make_plan({"a": EVEN, "b": EVEN})
    rows = [*pay_monthly([103] * 6, "a"), *pay_monthly([103] * 6, "b")]

    assert list(deviate(rows, plan, "2026-06-30")) == ["budget_pacing.over.total.2026"]


def test_spend_and_commitments_above_the_plan_are_a_warning():
    rows = [*pay_monthly([100, 100, 100]), paid("2026-10-01", 1000, is_committed=True)]
    finding = deviate(rows, make_plan({"print": EVEN}), "2026-03-31")["budget_pacing.over.print.2026"]

    assert finding.severity == "warning"
    assert "Another 1,000 EUR is committed. What is spent and committed already makes 1,300 EUR for" in finding.evidence
    assert finding.fix.startswith(
        "Nothing of the plan is left: cancel what can be canceled for Print, or agree on 100.00"
    )


def test_after_the_year_nothing_can_be_held_any_more():
    finding = deviate(pay_monthly([120] * 12), make_plan({"print": EVEN}), "2026-12-31")[
        "budget_pacing.over.print.2026"
    ]

    assert finding.fix == "Write down why spend on Print ended above the plan, and use it for the next one."
    assert "The year is over, 240.00 EUR above its plan of 1,200 EUR." in finding.evidence


def test_the_next_year_has_its_own_finding():
    plan = make_plan({"print": EVEN}, year=open_year("01-01", 2027))
    rows = [*pay_monthly([10]), *pay_monthly([150] * 6, year=2027)]

    assert "budget_pacing.over.print.2027" in deviate(rows, plan, "2027-06-30")


def test_low_spend_is_not_judged_where_the_data_starts_late():
    plan = make_plan({"print": EVEN})
    rows = pay_monthly([0, 0, 0, 60, 60, 60, 60, 60])[3:]

    assert deviate(rows, plan, "2026-08-31") == {}
    finding = miss(rows, plan, "2026-08-31")["budget_pacing.late-start.2026"]
    assert finding.title == "Spend of 2026 is known from April 15, 2026 on only, so it is too low"


def test_without_a_plan_there_is_one_finding_and_none_about_deviations():
    old = make_plan({"print": EVEN}, year=open_year("01-01", 2024))
    found = miss(pay_monthly([100] * 6), old, "2026-06-30")

    assert list(found) == ["budget_pacing.no-plan.2026"]
    assert found["budget_pacing.no-plan.2026"].evidence == "The plans known start in 2024."
    assert deviate(pay_monthly([100] * 6), old, "2026-06-30") == {}


def test_spend_without_a_plan_is_a_warning_where_it_matters():
    rows = [*pay_monthly([100] * 6), paid("2026-01-05", 300, "fair"), paid("2026-01-05", 3, "stamps")]
    found = miss(rows, make_plan({"print": EVEN}), "2026-06-30")

    assert {key: finding.severity for key, finding in found.items()} == {
        "budget_pacing.unplanned.fair.2026": "warning",
        "budget_pacing.unplanned.stamps.2026": "info",
    }
    assert (
        "300.00 EUR was spent by June 30, 2026, 33.2% of all spend"
        in found["budget_pacing.unplanned.fair.2026"].evidence
    )


def test_a_plan_without_spend_is_a_warning():
    found = miss(pay_monthly([100] * 6), make_plan({"print": EVEN, "fair": EVEN}), "2026-06-30")

    assert found["budget_pacing.unspent.fair.2026"].evidence.startswith("600.00 EUR was planned up to June 30, 2026")


def test_months_that_no_area_plans_are_named():
    plan = make_plan({"print": EVEN})
    found = miss(pay_monthly([100] * 6), plan[plan["period_start"].dt.month < 11], "2026-06-30")

    evidence = found["budget_pacing.plan-months.2026"].evidence
    assert evidence == "No area has a planned amount for November 2026 and December 2026."


def test_months_without_any_ad_row_are_named():
    rows = [ads(f"2026-0{month}-10", 100) for month in (1, 2, 4, 5)]
    found = miss(rows, make_plan({"search_ads": EVEN}), "2026-06-10")

    assert "March 1 to March 31, 2026" in found["budget_pacing.silent-ads.2026"].evidence
    assert "June" not in found["budget_pacing.silent-ads.2026"].evidence


def test_several_versions_and_joined_areas_are_said():
    plan = make_plan({"brand + sales": EVEN}).assign(versions=2, version="v2")
    found = miss(pay_monthly([100] * 6, "brand + sales"), plan, "2026-06-30")

    assert "v2 counts there" in found["budget_pacing.versions.2026"].evidence
    joined = found["budget_pacing.joined.brand-sales.2026"]
    assert joined.title == "Brand + Sales are compared with their plan together"


def test_a_table_that_divides_the_same_budget_differently_wins_and_a_finding_says_so():
    strategy = make_strategy(BudgetArea(id="print", share=0.75), BudgetArea(id="fair", share=0.25), total=1200)
    rows = [*pay_monthly([50] * 6), *pay_monthly([50] * 6, "fair")]
    found = miss(rows, make_plan({"print": [50.0] * 12, "fair": [50.0] * 12}), "2026-06-30", strategy)

    evidence = found["budget_pacing.plans-differ.2026"].evidence
    assert "fair 600.00 EUR in the table and 300.00 EUR in the file" in evidence
    agreed = make_plan({"print": [75.0] * 12, "fair": [25.0] * 12})
    assert miss(rows, agreed, "2026-06-30", strategy) == {}


def test_money_that_belongs_to_no_area_is_said():
    strategy = make_strategy(BudgetArea(id="print", share=0.8), total=1500)
    plan = make_plan({"print": EVEN}).assign(source="strategy.yml")

    found = miss(pay_monthly([100] * 6), plan, "2026-06-30", strategy)
    assert found["budget_pacing.unallocated.2026"].evidence.startswith(
        "300.00 EUR (20% of 1,500 EUR) is not allocated."
    )


def test_a_budget_without_areas_is_said_and_no_area_is_blamed():
    strategy = make_strategy().model_copy(update={"budget": Budget(year=2026, total=1200)})
    plan = make_plan({"": EVEN}).assign(source="strategy.yml")

    assert list(miss(pay_monthly([100] * 6), plan, "2026-06-30", strategy)) == ["budget_pacing.undivided.2026"]


def test_without_spend_and_plan_there_is_nothing_to_find():
    assert miss([], make_plan({}), "2026-06-30") == {}
    assert describe_total(pace_budget(make_spend([]), make_plan({}), STRATEGY, None, by="total"), "EUR") == (
        "There is no spend and no plan for the year yet."
    )


def test_the_whole_budget_is_told_in_sentences_with_the_amounts_of_the_frame():
    spend, plan = make_spend(pay_monthly([90, 110, 100, 120])), make_plan({"print": EVEN})
    total = pace_budget(spend, plan, STRATEGY, date(2026, 4, 30), by="total")

    assert describe_total(total, "EUR").startswith(
        "420.00 EUR was spent by April 30, 2026: 20.00 EUR (5%) more than the 400.00 EUR planned up to then."
    )
    without = pace_budget(spend, make_plan({}), STRATEGY, date(2026, 4, 30), by="total")
    assert describe_total(without, "EUR").startswith("420.00 EUR was spent in 2026 by April 30, 2026. At the pace of")


def test_evidence_before_anything_was_planned_divides_by_nothing():
    plan = make_plan({"fair": [0.0] * 6 + [100.0] * 6})
    rows = [*pay_monthly([1] * 3), paid("2026-02-01", 700, "fair")]
    finding = deviate(rows, pd.concat([plan, make_plan({"print": [1.0] * 12})]), "2026-03-31")

    evidence = finding["budget_pacing.over.fair.2026"].evidence
    assert evidence.startswith("700.00 EUR was spent by March 31, 2026, when nothing was planned yet.")
