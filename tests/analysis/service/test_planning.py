"""Planning back from an event says when to start, and when that moment has passed."""

from __future__ import annotations

from datetime import date

import pytest
from service_samples import agree, ask, judge, keep, make_strategy, make_timetable

from mopsnb.analysis.service import describe_plan, find_event, plan_back, rate_agreements
from mopsnb.errors import ParameterError

WEEK = make_timetable()
USA = make_timetable("America/New_York", holidays="US")
AS_OF = date(2026, 9, 30)


def plan(strategy, rows, event, lead_days, as_of=AS_OF):
    rated = rate_agreements(judge(rows, strategy), strategy)
    return plan_back(rated, event, lead_days, WEEK, as_of)


def test_the_event_is_the_given_day_or_the_first_that_the_work_allows():
    assert find_event(" 2026-12-08 ", 45, USA, AS_OF) == date(2026, 12, 8)
    # 45 business days from October 1, without October 12, November 11 and November 26, end on December 7.
    assert find_event("", 45, USA, AS_OF) == date(2026, 12, 8)
    assert find_event("", 0, USA, AS_OF) == date(2026, 10, 1)
    assert find_event("", 45, USA, None) is None
    with pytest.raises(ParameterError, match="event is 'soon', expected a day such as 2026-12-04"):
        find_event("soon", 45, USA, AS_OF)


def test_the_work_comes_first_then_what_must_be_asked_for_first():
    strategy = make_strategy(agree("hours", 4), agree("days", 3, clock="business_days"), agree("open", None))
    rows = [*keep(12, 12, agreement="hours"), ask("2026-06-08T09:00Z", None, "open")]
    frame = plan(strategy, rows, date(2026, 10, 19), 10)
    listed = [
        (row["id"], row["basis"], f"{row['start_on']:%m-%d} {row['start_at']}") for row in frame.to_dict("records")
    ]
    # The event is on a Monday, so all ends on Friday, October 16, at 17:00.
    assert listed == [
        ("work", "your estimate", "10-05 09:00"),
        ("days", "as promised", "10-14 09:00"),
        ("hours", "as promised", "10-16 13:00"),
        ("hours", "as nine in ten took", "10-16 16:00"),
    ]
    assert not frame["is_past"].any()
    assert f"{frame['ready_on'][0]:%Y-%m-%d}" == "2026-10-14"
    assert describe_plan(frame) == (
        "An event on October 19, 2026 that needs 10 business days of work: start by October 5, 2026, 09:00."
    )


def test_an_event_too_near_says_when_the_work_should_have_started_and_when_it_is_done():
    frame = plan(make_strategy(), [], date(2026, 10, 2), 2.5)
    assert (frame["is_past"].tolist(), frame["note"].tolist()) == ([True], ["too late"])
    assert describe_plan(frame) == (
        "An event on October 2, 2026 that needs 2.5 business days of work should have started by September 29, 2026. "
        "Work that starts after the report's day is done on October 5, 2026."
    )


def test_without_a_day_there_is_no_plan():
    frame = plan(make_strategy(), [], None, 45)
    assert not len(frame)
    assert describe_plan(frame).startswith("There is no day to plan back from yet")
    assert not len(plan(make_strategy(), [], date(2026, 10, 2), 45, as_of=None))
