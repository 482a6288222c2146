"""Events that the team has written down stand with the findings of their time."""

import pandas as pd

from mopsnb.analysis import name_events
from mopsnb.findings import Finding

ASKS = "Compare May by channel, and record the cause in the table event_calendar."


def make_events(*rows):
    """Return events given as kind, note, first and last day."""
    frame = pd.DataFrame(list(rows), columns=["kind", "note", "first_day", "last_day"])
    return frame.astype({"first_day": "datetime64[us]", "last_day": "datetime64[us]"})


def make_finding(period, fix=ASKS):
    """Return a finding that asks for a cause."""
    return Finding(
        "metrics.signal.x", "warning", "Churn in May: above the usual range", "It is 2%.", fix, period=period
    )


EVENTS = make_events(
    ("webinar", "Storage", "2026-05-06", "2026-05-06"),
    ("incident", "Three offers in five days", "2026-05-11", "2026-05-15"),
    ("holiday", "Memorial Day", "2026-05-25", "2026-05-25"),
    ("season", "", "2026-04-20", "2026-05-02"),
    ("launch", "Sensor", "2026-05-20", "2026-05-20"),
    ("incident", "Later", "2026-06-01", "2026-06-30"),
)


def test_what_nobody_planned_comes_first_and_holidays_explain_no_month():
    [found] = name_events([make_finding("2026-05")], EVENTS)

    assert found.evidence == (
        "It is 2%. In event_calendar for that time: season (April 20 to May 2, 2026), incident “Three offers in five "
        "days” (May 11 to May 15, 2026), launch “Sensor” (May 20, 2026) and 1 more."
    )
    assert found.fix == "Compare May by channel, and say there whether any of these was the cause."
    assert (found.id, found.severity, found.title) == ("metrics.signal.x", "warning", make_finding("").title)


def test_a_holiday_may_explain_a_day():
    [found] = name_events([make_finding("2026-05-23/2026-05-25")], EVENTS)

    assert found.fix == "Compare May by channel, and say there whether this was the cause."
    assert found.evidence.endswith("In event_calendar for that time: holiday “Memorial Day” (May 25, 2026).")


def test_findings_without_an_event_without_a_time_or_without_the_question_stay_as_they_are():
    findings = [make_finding("2026-07"), make_finding(""), make_finding("2026-05", "Import the days.")]

    assert name_events(findings, EVENTS) == findings
    assert name_events([make_finding("2026-05")], EVENTS.iloc[:0]) == [make_finding("2026-05")]
