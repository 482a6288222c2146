"""Goals: the strategy file's figures are those of the data, and the truth says how the goals end."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from mopsnb import strategy
from tests.sample.conftest import Company, local, month

pytestmark = pytest.mark.slow

DOWN = {"email_churn_rate", "cost_per_lead", "cost_per_click"}


@pytest.fixture(scope="module")
def plan(sample: Company) -> strategy.Strategy:
    return strategy.read_strategy(sample.folder / "strategy.yml")


@pytest.fixture(scope="module")
def months(sample: Company) -> pd.DataFrame:
    """Numerators and denominators of the goals' metrics by month, from the tables alone."""
    events = sample.table("email_event")
    events = events[~events.is_bot].assign(month=lambda frame: month(frame.occurred_at))
    deals, ads, spend = sample.table("deal"), sample.table("ad_daily"), sample.table("spend_actual")
    won = deals[deals.is_won].assign(month=lambda frame: month(frame.closed_at))
    ads = ads.assign(month=pd.to_datetime(ads["date"]).dt.strftime("%Y-%m"))
    ads = ads.astype({"spend": float, "conversion_value": float})
    invoiced = spend[spend.status != "committed"]
    contacts = sample.table("contact")
    stages = sample.table("stage_event")
    first = stages[stages.stage == "mql"].groupby("contact_id").entered_at.min()
    social = ads[ads.channel == "professional_social"].groupby("month")
    frame = pd.DataFrame(
        {
            "clicks": events[events.event_type == "click"].groupby("month").size(),
            "pairs": events[events.event_type == "delivered"]
            .drop_duplicates(["month", "contact_id", "campaign_id"])
            .groupby("month")
            .size(),
            "gone": events[events.event_type == "unsubscribe"].groupby("month").contact_id.nunique(),
            "mailed": events[events.event_type == "sent"].groupby("month").contact_id.nunique(),
            "revenue": won.groupby("month").amount.sum().astype(float),
            "customers": won[won.type == "new"].groupby("month").size(),
            "mqls": month(first).value_counts(),
            "leads": month(contacts[~contacts.is_deleted].created_at).value_counts(),
            "ads": ads.groupby("month").spend.sum(),
            "value": ads.groupby("month").conversion_value.sum(),
            "other": invoiced.groupby(invoiced["date"].astype(str).str[:7]).amount.sum(),
            "social": social.spend.sum(),
            "social_clicks": social.clicks.sum(),
        }
    ).loc["2023-10":]
    return frame.fillna(0).assign(spend=lambda found: found.ads + found.other)


RATIOS = {
    "email_churn_rate": ("gone", "mailed"),
    "click_through_rate": ("clicks", "pairs"),
    "cost_per_lead": ("spend", "leads"),
    "return_on_ad_spend": ("value", "ads"),
    "cost_per_click": ("social", "social_clicks"),
}
TOTALS = {
    "revenue_won": "revenue",
    "new_customers": "customers",
    "total_clicks": "clicks",
    "marketing_qualified_leads": "mqls",
    "leads": "leads",
}


def work_out(months: pd.DataFrame, metric: str, first: str, last: str) -> float:
    span = months.loc[first:last]
    if metric in TOTALS:
        return float(span[TOTALS[metric]].sum())
    top, bottom = RATIOS[metric]
    return float(span[top].sum() / span[bottom].sum())


def test_every_goal_of_the_strategy_is_in_the_truth(sample: Company, plan: strategy.Strategy) -> None:
    assert {goal.id for goal in plan.goals} == set(sample.truth["goals"])
    assert len(plan.goals) == 14


@pytest.mark.parametrize(
    ("goal", "first", "last"),
    [
        ("revenue", "2025-01", "2025-12"),
        ("new-customers", "2025-01", "2025-12"),
        ("email-clicks", "2025-01", "2025-12"),
        ("email-churn", "2025-01", "2025-12"),
        ("click-rate", "2025-01", "2025-12"),
        ("qualified-leads", "2025-01", "2025-12"),
        ("cost-per-lead", "2025-01", "2025-12"),
        ("return-on-ad-spend", "2025-01", "2025-12"),
        ("social-cost", "2025-01", "2025-12"),
        ("clicks-2025", "2024-01", "2024-12"),
        ("leads-2025", "2024-01", "2024-12"),
        ("stocking-season", "2025-10", "2025-12"),
    ],
)
def test_the_baseline_of_a_goal_is_what_the_data_shows(
    plan: strategy.Strategy, months: pd.DataFrame, goal: str, first: str, last: str
) -> None:
    found = next(item for item in plan.goals if item.id == goal)
    assert found.baseline == pytest.approx(work_out(months, found.metric, first, last), rel=0.015)
    if found.metric in TOTALS:
        assert found.baseline == work_out(months, found.metric, first, last)


def test_the_goal_for_clicks_asks_for_a_quarter_more_than_2025(plan: strategy.Strategy, months: pd.DataFrame) -> None:
    goal = next(item for item in plan.goals if item.id == "email-clicks")
    clicks = work_out(months, "total_clicks", "2025-01", "2025-12")
    assert goal.baseline == clicks
    assert goal.target == int(clicks * 1.25 + 0.5)
    assert goal.statement == "Increase total clicks from email by 25% in one year"
    assert (str(goal.start), str(goal.deadline), goal.scope) == ("2026-01-01", "2026-12-31", {"channel": "email"})


def test_the_figure_to_date_is_what_the_data_shows(
    sample: Company, plan: strategy.Strategy, months: pd.DataFrame
) -> None:
    for goal in plan.goals:
        truth = sample.truth["goals"][goal.id]
        if truth.get("actual_to_date") is None:
            continue
        last = min(f"{goal.deadline:%Y-%m}", "2026-09")
        first = f"{goal.start:%Y-%m}" if goal.metric in TOTALS else "2026-07"
        assert truth["actual_to_date"] == pytest.approx(work_out(months, goal.metric, first, last)), goal.id


def test_the_outcome_goes_on_from_the_last_day_and_says_whether_the_target_was_reached(sample: Company) -> None:
    for name, truth in sample.truth["goals"].items():
        if "flaw" in truth:
            continue
        later = [part["month"] for part in truth["outcome_by_month"]]
        assert later in ([], ["2026-10", "2026-11", "2026-12"]), name
        rest = sum(part["numerator"] for part in truth["outcome_by_month"])
        if truth["metric"] in TOTALS:
            assert truth["outcome"] == pytest.approx((truth["actual_to_date"] or 0) + rest)
        else:
            assert truth["outcome"] == pytest.approx(rest / sum(p["denominator"] for p in truth["outcome_by_month"]))
        better = truth["outcome"] <= truth["target"] if truth["metric"] in DOWN else truth["outcome"] >= truth["target"]
        assert truth["is_reached"] == better


def test_the_goals_end_as_the_story_says(sample: Company) -> None:
    reached = {name: goal["is_reached"] for name, goal in sample.truth["goals"].items() if "flaw" not in goal}
    assert reached["email-clicks"]
    assert reached["clicks-2025"]
    assert not reached["leads-2025"]
    assert not reached["return-on-ad-spend"]
    assert not reached["email-churn"]


class TestStrategy:
    """The strategy file is sound but for what is planted."""

    def test_the_file_has_no_fault(self, plan: strategy.Strategy) -> None:
        assert plan.organization.name == "Alderquay"
        assert plan.organization.time_zone == "America/New_York"
        assert plan.organization.currency == "USD"

    def test_the_budget_is_divided_and_phased_to_the_last_part(self, plan: strategy.Strategy) -> None:
        assert plan.budget is not None
        assert sum(Decimal(str(area.share)) for area in plan.budget.areas) == 1
        for area in plan.budget.areas:
            assert area.phasing is not None
            assert sum(Decimal(str(part)) for part in area.phasing) == 1
            assert len(area.phasing) == 12

    def test_the_budget_is_that_of_the_plan_table(self, sample: Company, plan: strategy.Strategy) -> None:
        assert plan.budget is not None
        table = sample.table("budget_plan")
        planned = table[table.version == "FY2026"].set_index(["area", "month"]).planned
        for area in plan.budget.areas:
            for number, part in enumerate(area.phasing or [], start=1):
                expected = plan.budget.total * area.share * part
                assert planned[area.id, f"2026-{number:02d}"] == pytest.approx(expected, abs=0.001)
        assert len(planned) == 12 * len(plan.budget.areas)

    def test_exactly_one_person_coordinates(self, plan: strategy.Strategy) -> None:
        assert [person.id for person in plan.people if person.coordinator] == ["tobias-lindqvist"]

    def test_four_agreements_have_measurable_clauses_and_requests(
        self, sample: Company, plan: strategy.Strategy
    ) -> None:
        assert {agreement.id for agreement in plan.agreements} == set(sample.table("service_event").agreement)
        assert len(plan.agreements) == 4
        assert all(agreement.threshold and agreement.attainment for agreement in plan.agreements)

    def test_one_goal_has_no_stakeholder_and_one_stakeholder_has_no_goal(self, plan: strategy.Strategy) -> None:
        assert [goal.id for goal in plan.goals if not goal.stakeholders] == ["visibility"]
        served = {name for goal in plan.goals for name in goal.stakeholders}
        assert [person.id for person in plan.stakeholders if person.id not in served] == ["it"]

    def test_tasks_campaigns_and_tools_refer_to_what_the_file_declares(
        self, sample: Company, plan: strategy.Strategy
    ) -> None:
        goals, people = {goal.id for goal in plan.goals}, {person.id for person in plan.people}
        tasks = sample.table("task")
        assert set(tasks.goal) <= goals
        assert set(tasks.assignee) <= people
        assert set(tasks.accountable.dropna()) <= people
        assert set(sample.table("campaign").goal.dropna()) <= goals
        assert {(tool.id, tool.owner) for tool in plan.tools} == set(
            zip(sample.table("tool").tool_id, sample.table("tool").owner, strict=True)
        )
        skills = {skill for person in plan.people for skill in person.skills}
        assert set(tasks.skill) <= skills
        assert {channel.id for channel in plan.channels} >= set(sample.table("ad_daily").channel)


def test_the_workspace_opens_without_a_fault_as_of_the_last_day(sample: Company) -> None:
    from mopsnb.workspace import open as open_workspace

    workspace = open_workspace(sample.folder)
    assert str(workspace.as_of) == "2026-09-30"
    assert str(workspace.data_through) == "2026-09-30"
    assert workspace.faults() == []
    assert sorted(workspace.tables) == sample.names


def test_leads_of_the_truth_leave_out_merged_records(sample: Company, months: pd.DataFrame) -> None:
    expected = pd.Series(sample.truth["monthly"]["leads"])
    assert months.leads.to_dict() == expected.to_dict()
    assert local(sample.table("contact").created_at).min().year == 2021
