"""The business clock agrees with one that walks over the minutes, in any zone, over holidays and clock changes."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from service_samples import SlowClock, to_instant, to_moment

from mopsnb.analysis.service import Timetable, add_time, measure_time, take_time

pytestmark = pytest.mark.slow

# Around each day the wall clock changes there: by an hour, by half an hour (Lord Howe), at midnight (Beirut, Santiago,
# Cairo), or not at all. Samoa left out December 30, 2011.
ZONES = {
    "Europe/Berlin": ("2026-03-29", "2026-10-25"),
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),
    "Asia/Beirut": ("2026-03-29", "2026-10-25"),
    "America/Santiago": ("2026-04-05", "2026-09-06"),
    "Africa/Cairo": ("2026-04-24", "2026-10-30"),
    "Pacific/Apia": ("2011-12-30",),
    "Asia/Kathmandu": ("2026-01-01",),
}
DAY_SPANS = st.sampled_from(
    [(), ((540, 1020),), ((480, 720), (780, 990)), ((0, 1440),), ((90, 200),), ((0, 30), (1380, 1440)), ((125, 170),)]
)


@st.composite
def times(draw):
    """A timetable with its closed days, and two whole minutes near a change of the wall clock."""
    zone = draw(st.sampled_from(sorted(ZONES)))
    anchor = date.fromisoformat(draw(st.sampled_from(ZONES[zone])))
    week = draw(st.tuples(*[DAY_SPANS] * 7).filter(any))
    closed = draw(st.lists(st.integers(-3, 3).map(lambda days: anchor + timedelta(days=days)), max_size=3, unique=True))
    middle = datetime(anchor.year, anchor.month, anchor.day, tzinfo=UTC)
    start = middle + timedelta(minutes=draw(st.integers(-3 * 1440, 1440)))
    end = start + timedelta(minutes=draw(st.integers(0, 3 * 1440)))
    return Timetable(zone, week, "", tuple(closed)), start, end


def slow_clock(timetable):
    return SlowClock(timetable.time_zone, timetable.week, timetable.closed_on)


def measure(timetable, clock, start, end):
    return float(measure_time(timetable, clock, *(np.array([to_instant(moment)]) for moment in (start, end)))[0])


def move(change, timetable, clock, origin, amount):
    return to_moment(change(timetable, clock, np.array([to_instant(origin)]), np.array([amount]))[0])


SUNDAY_NIGHT = Timetable("Europe/Berlin", ((),) * 6 + (((60, 300),),))


@settings(max_examples=60)
@given(times())
@example((SUNDAY_NIGHT, datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)))
@example((SUNDAY_NIGHT, datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 22, tzinfo=UTC)))
def test_business_hours_and_days_are_those_of_a_walk_over_the_minutes(case):
    timetable, start, end = case
    slow = slow_clock(timetable)
    assert measure(timetable, "business_hours", start, end) == pytest.approx(slow.count_hours(start, end), abs=1e-9)
    assert measure(timetable, "business_days", start, end) == pytest.approx(slow.count_days(start, end), abs=1e-9)


@settings(max_examples=40)
@given(times(), st.integers(1, 700), st.sampled_from([1, -1]))
def test_adding_and_taking_business_hours_end_where_the_walk_ends(case, minutes, step):
    timetable, start, _ = case
    change = add_time if step > 0 else take_time
    found = move(change, timetable, "business_hours", start, minutes / 60)
    assert found == slow_clock(timetable).find_end(start, minutes / 60, step=step)


@settings(max_examples=150)
@given(times(), st.floats(0.001, 40), st.sampled_from(["business_hours", "business_days", "hours", "days"]))
def test_time_that_is_added_or_taken_is_the_time_that_is_measured(case, amount, clock):
    timetable, origin, _ = case
    later, earlier = (move(change, timetable, clock, origin, amount) for change in (add_time, take_time))
    assert measure(timetable, clock, origin, later) == pytest.approx(amount, abs=1e-7)
    assert measure(timetable, clock, earlier, origin) == pytest.approx(amount, abs=1e-7)
    # It is the first such moment, and the last: a second nearer there is less.
    second = timedelta(seconds=1)
    assert measure(timetable, clock, origin, later - second) < amount
    assert measure(timetable, clock, earlier + second, origin) < amount


@settings(max_examples=60)
@given(times(), st.integers(0, 3 * 1440))
def test_time_adds_up_and_runs_backward_with_a_minus(case, more):
    timetable, start, end = case
    last = end + timedelta(minutes=more)
    for clock in ("business_hours", "business_days"):
        parts = measure(timetable, clock, start, end) + measure(timetable, clock, end, last)
        assert measure(timetable, clock, start, last) == pytest.approx(parts, abs=1e-9)
        assert measure(timetable, clock, end, start) == pytest.approx(-measure(timetable, clock, start, end), abs=1e-9)


@settings(max_examples=20)
@given(st.lists(times(), min_size=2, max_size=5), st.sampled_from(["business_hours", "business_days"]))
def test_many_requests_at_once_are_the_same_as_one_by_one(cases, clock):
    timetable = cases[0][0]
    starts, ends = (np.array([to_instant(case[place]) for case in cases]) for place in (1, 2))
    together = measure_time(timetable, clock, starts, ends)
    alone = [measure(timetable, clock, start, end) for _, start, end in cases]
    assert together == pytest.approx(alone, abs=1e-12)
    moved = add_time(timetable, clock, starts, np.full(len(cases), 3.5))
    assert [to_moment(x) for x in moved] == [move(add_time, timetable, clock, case[1], 3.5) for case in cases]
