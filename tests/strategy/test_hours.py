"""Opening hours are read as spans of a day, and what is no such span is refused with the fix."""

from datetime import date

import pytest

from mopsnb.errors import StrategyError
from mopsnb.strategy import parse_strategy
from mopsnb.strategy.hours import split_open_times


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("09:00-17:00", ((540, 1020),)),
        ("9:00 – 17:30", ((540, 1050),)),
        ("09:00-12:30, 13:30-17:00", ((540, 750), (810, 1020))),
        ("09:00-12:00,12:00-24:00", ((540, 720), (720, 1440))),
        ("", ()),
    ],
)
def test_opening_hours_are_minutes_after_midnight(text, spans):
    assert split_open_times(text) == spans


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("9-17", "in 24 hours: 09:00-17:00"),
        ("09:00", "in 24 hours: 09:00-17:00"),
        ("09:00-25:00", "the latest is 24:00"),
        ("09:70-12:00", "no such time"),
        ("22:00-06:00", "Write a night as two spans: 22:00-24:00, and 00:00-06:00 on the next weekday"),
        ("09:00-09:00", "Write a night as two spans"),
        ("13:00-17:00, 09:00-12:00", "Write the spans in order"),
        ("09:00-12:00, 11:00-17:00", "Write the spans in order"),
    ],
)
def test_what_is_no_span_is_refused_with_the_fix(text, fix):
    with pytest.raises(StrategyError, match=f"opening_hours.friday: found .*expected opening hours, .*{fix}"):
        parse_strategy(f'organization: {{opening_hours: {{friday: "{text}"}}}}')


def test_a_week_without_any_hours_and_a_day_that_is_no_weekday_are_refused():
    with pytest.raises(StrategyError, match="Name one, such as monday: 09:00-17:00"):
        parse_strategy("organization: {opening_hours: {}}")
    with pytest.raises(StrategyError, match=r"found tusday.*Did you mean 'tuesday'"):
        parse_strategy("organization: {opening_hours: {monday: 09:00-17:00, tusday: 09:00-17:00}}")


def test_hours_closed_days_clauses_and_breaches_are_kept_as_written():
    agreement = "{id: a, provider: marketing, consumer: marketing, clause: It works, on_breach: Call the vendor}"
    days = "opening_hours: {monday: 09:00-17:00}, closed_on: [2026-12-24]"
    strategy = parse_strategy(f"organization: {{{days}}}\nagreements: [{agreement}]")
    hours = strategy.organization.opening_hours
    assert hours is not None
    assert (hours.monday, hours.tuesday) == ("09:00-17:00", "")
    assert strategy.organization.closed_on == [date(2026, 12, 24)]
    assert (strategy.agreements[0].clause, strategy.agreements[0].on_breach) == ("It works", "Call the vendor")
