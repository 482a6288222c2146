"""Agreements, lead routing, tasks and tools: what the truth says is in the tables."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pandas as pd
import pytest

from mopsnb.sample.clock import federal_holidays
from tests.sample.conftest import Company, local, month

HOLIDAYS = {day for year in range(2023, 2028) for day in federal_holidays(year)}


def business_hours(start: datetime, end: datetime) -> float:
    """Return business hours between two local times by walking over the days."""
    total, day = 0.0, start.date()
    while day <= end.date():
        if day.weekday() < 5 and day not in HOLIDAYS:
            opens, closes = (datetime.combine(day, time(hour)) for hour in (9, 17))
            total += max(0.0, (min(end, closes) - max(start, opens)).total_seconds())
        day += timedelta(days=1)
    return total / 3_600


@pytest.fixture(scope="module")
def requests(sample: Company) -> pd.DataFrame:
    """Requests with the business hours that each took, pauses taken off."""
    events = sample.table("service_event")
    opened, closed = local(events.opened_at), local(events.closed_at)
    pairs = zip(opened, closed, events.paused_hours.astype(float), strict=True)
    return events.assign(hours=[None if pd.isna(end) else business_hours(start, end) - p for start, end, p in pairs])


@pytest.mark.parametrize("name", ["email-technology", "campaign-enablement", "handoff-news", "lead-follow-up"])
def test_attainment_of_an_agreement_is_that_of_the_truth(sample: Company, requests: pd.DataFrame, name: str) -> None:
    expected = sample.truth["service"]["agreements"][name]
    mine = requests[requests.agreement == name]
    closed = mine[mine.hours.notna()]
    late = closed[closed.hours > expected["threshold_business_hours"]]
    assert len(mine) == expected["requests"] == expected["in_time"] + expected["late"] + expected["open"]
    assert len(mine) - len(closed) == expected["open"]
    assert len(late) == expected["late"]
    if "late_request_ids" in expected:
        assert sorted(late.request_id) == sorted(expected["late_request_ids"])
    else:
        in_time = closed[closed.hours <= expected["threshold_business_hours"]]
        counted = month(in_time.opened_at).value_counts()
        monthly = pd.Series(expected["in_time_by_month"])
        assert counted.reindex(monthly.index, fill_value=0).to_dict() == monthly.to_dict()


@pytest.mark.parametrize("name", ["email-technology", "campaign-enablement", "lead-follow-up"])
def test_a_slump_is_visible(sample: Company, requests: pd.DataFrame, name: str) -> None:
    expected = sample.truth["service"]["agreements"][name]
    mine = requests[(requests.agreement == name) & requests.hours.notna()]
    kept = mine.hours <= expected["threshold_business_hours"]
    day = local(mine.opened_at).dt.strftime("%Y-%m-%d")
    inside = (day >= expected["slump"]["start_on"]) & (day <= expected["slump"]["end_on"])
    assert kept[inside].mean() < kept[~inside].mean() - 0.15


def test_no_request_is_within_a_minute_of_its_threshold_except_first_calls(
    sample: Company, requests: pd.DataFrame
) -> None:
    for name, item in sample.truth["service"]["agreements"].items():
        mine = requests[(requests.agreement == name) & requests.hours.notna()]
        if name != "lead-follow-up":
            assert (mine.hours - item["threshold_business_hours"]).abs().min() > 1 / 60


def test_leads_in_the_gap_have_no_representative_and_no_call(sample: Company, requests: pd.DataFrame) -> None:
    gap = sample.truth["routing_gap"]
    events = sample.table("stage_event")
    due = events[events.stage == "mql"]
    day = local(due.entered_at).dt.strftime("%Y-%m-%d")
    inside = due[(day >= gap["start_on"]) & (day <= gap["end_on"])]
    region = sample.table("contact").set_index("contact_id").region
    south = inside[inside.contact_id.map(region) == gap["region"]]
    assert len(gap["contact_ids"]) >= 5
    assert set(gap["contact_ids"]) <= set(south.contact_id)
    waiting = set(gap["contact_ids"])
    assigned = sample.table("assignment_event")
    since = assigned[local(assigned.assigned_at).dt.strftime("%Y-%m-%d") >= gap["start_on"]]
    assert not waiting & set(since.contact_id)
    calls = requests[requests.contact_id.isin(waiting) & (local(requests.opened_at) >= gap["start_on"])]
    assert len(calls) == len(waiting)
    assert calls.closed_at.isna().all()
    assert set(south.contact_id) - set(since.contact_id) == waiting


def test_leads_qualified_before_the_gap_were_all_assigned(sample: Company) -> None:
    gap = sample.truth["routing_gap"]
    events = sample.table("stage_event")
    due = events[events.stage == "mql"].drop_duplicates("contact_id")
    before = due[local(due.entered_at).dt.strftime("%Y-%m-%d") < gap["start_on"]]
    assert before.contact_id.isin(sample.table("assignment_event").contact_id).mean() == 1.0


def test_stale_accounts_are_those_without_a_login_for_half_a_year(sample: Company) -> None:
    usage = sample.table("tool_usage")
    old = usage[usage.last_login_at.isna() | (usage.last_login_at < pd.Timestamp("2026-03-31", tz="UTC"))]
    expected = {(item["tool_id"], item["person"]) for item in sample.truth["stale_accounts"]}
    assert set(zip(old.tool_id, old.person, strict=True)) == expected
    assert len(expected) == 8


def test_open_tasks_that_are_due_and_tasks_that_nobody_answers_for_are_those_of_the_truth(sample: Company) -> None:
    tasks = sample.table("task")
    overdue = tasks[(tasks.status != "done") & (tasks.due_on <= date(2026, 9, 30))]
    assert sorted(overdue.task_id) == sorted(sample.truth["tasks"]["overdue"])
    assert sorted(tasks.task_id[tasks.accountable.isna()]) == sorted(sample.truth["tasks"]["without_accountable"])


def test_a_task_waits_for_tasks_that_exist_and_come_before_it(sample: Company) -> None:
    tasks = sample.table("task").set_index("task_id")
    waiting = tasks[tasks.depends_on.notna()]
    assert waiting.depends_on.isin(tasks.index).all()
    assert (tasks.due_on.loc[waiting.depends_on].to_numpy() <= waiting.due_on.to_numpy()).all()


def test_task_events_tell_the_status_that_the_task_shows(sample: Company) -> None:
    events = sample.table("task_event").sort_values("occurred_at", kind="stable")
    last = events.groupby("task_id").status.last()
    tasks = sample.table("task").set_index("task_id")
    assert (last.reindex(tasks.index) == tasks.status).all()
    done = events[events.status == "done"].set_index("task_id").occurred_at
    assert (done == tasks.completed_at.reindex(done.index)).all()
    assert tasks.completed_at.isna().sum() == (tasks.status != "done").sum()


def test_customers_complained_about_too_much_email_after_the_over_mailing_week(sample: Company) -> None:
    feedback = sample.table("feedback")
    annoyed = feedback[feedback.text.str.contains("too much")]
    assert month(annoyed.submitted_at).value_counts().index[0] == "2026-05"
