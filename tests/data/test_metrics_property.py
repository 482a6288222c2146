"""Email metrics compared with plain Python loops over random events."""

import os
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from metric_tables import compute, figures, make_tables

EXAMPLES = 500 if os.environ.get("MOPSNB_SOAK") else 50
METRICS = ("email_churn_rate", "click_through_rate", "total_clicks", "unique_click_rate")
KINDS = ("sent", "delivered", "delivered", "click", "click", "unsubscribe", "open", "bounce_hard")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Instants near the edges of months in every zone, around the changes of the clock, and anywhere in half a year.
EDGES = [
    datetime(2026, month, 1, tzinfo=UTC) + timedelta(hours=hour)
    for month in (2, 3, 4, 5)
    for hour in (-14, -2, 0, 5, 10)
]
MOMENTS = st.one_of(
    st.tuples(st.sampled_from(EDGES), st.integers(-1, 1)).map(lambda pair: pair[0] + timedelta(microseconds=pair[1])),
    st.timedeltas(timedelta(0), timedelta(days=151)).map(lambda passed: datetime(2026, 1, 1, tzinfo=UTC) + passed),
)
EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "event_type": st.sampled_from(KINDS),
            "contact_id": st.sampled_from(("ann", "bob", "cem")),
            "campaign_id": st.sampled_from(("k1", "k2", None)),
            "occurred_at": MOMENTS,
            "is_bot": st.sampled_from((None, False, True)),
            "source": st.sampled_from(("a", "b", None)),
        }
    ),
    min_size=1,
    max_size=40,
)
ZONES = st.sampled_from(("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati"))


def _work_out(events, zone):
    """Return {month: {metric: (numerator, denominator)}} by the framework's words, one event at a time."""
    human = [row for row in events if row["is_bot"] is not True]
    with_sent = {row["source"] for row in human if row["event_type"] == "sent"}
    months = defaultdict(lambda: defaultdict(set))
    clicks = defaultdict(int)
    for row in human:
        local = row["occurred_at"].astimezone(ZoneInfo(zone))
        month = months[f"{local:%Y-%m}"]
        pair, kind = (row["contact_id"], row["campaign_id"]), row["event_type"]
        month[kind].add(pair)
        month["any"].add(pair)
        if kind == "sent" or (kind == "delivered" and row["source"] not in with_sent):
            month["recipients"].add(row["contact_id"])
        if kind == "unsubscribe":
            month["left"].add(row["contact_id"])
        if kind == "click":
            clicks[f"{local:%Y-%m}"] += 1
    return {
        name: {
            "email_churn_rate": (len(month["left"]), len(month["recipients"])),
            "click_through_rate": (clicks[name], len(month["delivered"])),
            "total_clicks": (clicks[name], None),
            "unique_click_rate": (len(month["click"]), len(month["delivered"])),
        }
        for name, month in months.items()
    }


@pytest.mark.slow
@pytest.mark.tenth
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(events=EVENTS, zone=ZONES)
@example(
    events=[
        {
            "event_type": "click",
            "contact_id": "ann",
            "campaign_id": None,
            "occurred_at": EPOCH.replace(year=2026),
            "is_bot": True,
            "source": None,
        }
    ],
    zone="UTC",
)
def test_email_metrics_equal_a_plain_loop_over_the_events(events, zone):
    """Numerator, denominator, value and which months are missing agree for any events in any zone."""
    expected = _work_out(events, zone)
    frame = compute(make_tables(email_event=events), *METRICS, zone=zone, as_of="2026-06-30")
    found = {(row.metric, f"{row.period_start:%Y-%m}"): row for row in frame.itertuples()}
    assert len(found) == len(frame)
    names = [f"2026-{month:02}" for month in range(1, 7)]
    spanned = [name for name in ["2025-12", *names] if expected and name >= min(expected)]
    assert {key[1] for key in found} == set(spanned)
    for metric in METRICS:
        for name in spanned:
            row = found[metric, name]
            top, bottom = expected.get(name, {}).get(metric, (None, None))
            assert row.numerator == pytest.approx(top, abs=1e-9) if top is not None else row.numerator != row.numerator
            if bottom is None:
                assert row.denominator != row.denominator
            else:
                assert row.denominator == bottom
            if top is None or bottom == 0:
                assert row.value != row.value
            else:
                assert row.value == pytest.approx(top / bottom if bottom else top, abs=1e-9)


MOVES = ("unsubscribe", "bounce_hard", "spam", "resubscribe", "resubscribe", "sent")
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "email": st.sampled_from(("a@example.com", "a@example.com", None)),
            "created_at": st.one_of(st.none(), MOMENTS, MOMENTS),
            "is_deleted": st.sampled_from((None, False, True)),
            "email_opt_out": st.sampled_from((None, False, True)),
        }
    ),
    min_size=3,
    max_size=3,
)


def _list_at(moment, people, events):
    """Return who is on the list at an instant, looking at one person at a time."""
    listed = set()
    for name, person in people.items():
        own = [row for row in events if row["contact_id"] == name and row["is_bot"] is not True]
        own = [row for row in own if row["event_type"] != "sent"]
        past = [row for row in own if row["occurred_at"] < moment]
        last = max((row["occurred_at"] for row in past), default=None)
        gone = any(row["event_type"] != "resubscribe" for row in past if row["occurred_at"] == last)
        silent = person["email_opt_out"] and not any(row["event_type"] == "unsubscribe" for row in own)
        known = person["email"] and person["created_at"] and person["created_at"] < moment
        if known and not person["is_deleted"] and not gone and not silent:
            listed.add(name)
    return listed


@pytest.mark.slow
@pytest.mark.tenth
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    people=PEOPLE,
    events=EVENTS.map(lambda rows: rows[:20]),
    kinds=st.lists(st.sampled_from(MOVES), min_size=20),
    zone=ZONES,
)
def test_the_email_list_equals_a_plain_look_at_each_person(people, events, kinds, zone):
    """The list at the start of every month agrees for any history of leaving and returning."""
    named = dict(zip(("ann", "bob", "cem"), people, strict=True))
    events = [row | {"event_type": kind} for row, kind in zip(events, kinds, strict=False)]
    tables = make_tables(contact=[{"contact_id": name, **person} for name, person in named.items()], email_event=events)
    for name, (_, _, listed) in figures(tables, "list_churn_rate", zone=zone, as_of="2026-06-30").items():
        start = datetime(int(name[:4]), int(name[5:]), 1, tzinfo=ZoneInfo(zone))
        assert listed == len(_list_at(start.astimezone(UTC), named, events))
