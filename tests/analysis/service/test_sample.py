"""The sample company: planted promises and slumps are found, and each figure agrees with a loop over its files."""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest
from ruamel.yaml import YAML

import mopsnb
from mopsnb.analysis import service
from mopsnb.sample.clock import federal_holidays

pytestmark = pytest.mark.slow

ZONE = ZoneInfo("America/New_York")
AS_OF = date(2026, 9, 30)
NOW = datetime(2026, 10, 1, tzinfo=ZONE)
HOLIDAYS = {day for year in range(2023, 2028) for day in federal_holidays(year)}
DAY_HOURS = 8


@pytest.fixture(scope="module")
def page():
    """What the notebook works out, over all months."""
    ws = mopsnb.open()
    timetable = service.read_timetable(ws.strategy)
    judged = service.judge_requests(ws.requests(), ws.strategy, timetable, ws.as_of)
    return {
        "ws": ws,
        "judged": judged,
        "rated": service.rate_agreements(judged, ws.strategy).set_index("id"),
        "ages": service.age_requests(judged, ws.strategy, ws.time_zone),
        "months": service.trace_months(judged, ws.strategy, ws.as_of, months=60),
    }


@pytest.fixture(scope="module")
def truth(repository):
    """What the generator planted."""
    text = (repository / "data" / "samples" / "truth.json").read_text(encoding="utf-8")
    return json.loads(text)["service"]["agreements"]


def walk(start: datetime, end: datetime) -> float:
    """Business hours between two moments, by a loop over local days."""
    start, end = (moment.astimezone(ZONE) for moment in (start, end))
    total, day = 0.0, start.date()
    while day <= end.date():
        if day.weekday() < 5 and day not in HOLIDAYS:
            opens, closes = (datetime.combine(day, time(hour), ZONE) for hour in (9, 17))
            total += max(0.0, (min(end, closes) - max(start, opens)).total_seconds())
        day += timedelta(days=1)
    return total / 3_600


@pytest.fixture(scope="module")
def ledger(repository):
    """Request to its agreement, state, time in the agreement's unit and local month: plain Python over the files."""
    folder = repository / "data" / "samples"
    agreements = YAML(typ="safe").load((folder / "strategy.yml").read_text(encoding="utf-8"))["agreements"]
    terms = {
        item["id"]: (item["threshold"], DAY_HOURS if item["clock"] == "business_days" else 1) for item in agreements
    }
    found = {}
    for row in pq.read_table(folder / "data" / "service_event.parquet").to_pylist():
        threshold, divisor = terms[row["agreement"]]
        opened, closed = row["opened_at"], row["closed_at"]
        opened = opened if opened.tzinfo else opened.replace(tzinfo=UTC)
        closed = closed if closed is None or closed.tzinfo else closed.replace(tzinfo=UTC)
        took = (walk(opened, closed or NOW) - float(row["paused_hours"] or 0)) / divisor
        is_over = took > threshold + 1e-9
        state = ("late" if is_over else "in_time") if closed else ("overdue" if is_over else "waiting")
        month = opened.astimezone(ZONE).strftime("%Y-%m")
        found[row["agreement"], row["request_id"]] = (state, max(took, 0.0), month, row["owner"], closed is not None)
    return found


def test_every_request_has_the_state_and_the_time_of_a_loop_over_days(page, ledger):
    rows = page["judged"].to_dict("records")
    assert len(rows) == len(ledger)
    for row in rows:
        state, took, month, _, _ = ledger[row["agreement"], row["request_id"]]
        assert (row["state"], f"{row['month']:%Y-%m}") == (state, month)
        assert row["took"] == pytest.approx(took, abs=1e-6)


def test_counts_are_those_of_the_truth(page, truth):
    for name, expected in truth.items():
        row = page["rated"].loc[name]
        found = [int(row[key]) for key in ("requests", "in_time", "late")] + [int(row["overdue"] + row["waiting"])]
        assert found == [expected[key] for key in ("requests", "in_time", "late", "open")]
        hours = row["threshold"] * (DAY_HOURS if row["clock"] == "business_days" else 1)
        assert hours == expected["threshold_business_hours"]
        if "late_request_ids" in expected:
            mine = page["judged"].query("agreement == @name and state == 'late'")
            assert sorted(mine["request_id"]) == sorted(expected["late_request_ids"])


def test_every_planted_slump_is_found_and_hardly_a_month_outside(page, truth):
    outside = Counter()
    for name, expected in truth.items():
        slump = expected["slump"]
        planted = {slump[key][:7] for key in ("start_on", "end_on")}
        below = page["months"].query("agreement == @name and is_below")["period_start"].dt.strftime("%Y-%m").tolist()
        assert any(min(planted) <= month <= max(planted) for month in below), name
        outside.update((name, month[:4]) for month in below if not min(planted) <= month <= max(planted))
    assert max(outside.values(), default=0) <= 1


def wilson(kept: int, counted: int) -> tuple[float, float]:
    """The roots of (p − share)² = z² p (1 − p) ÷ n, which is what Wilson's limits solve."""
    z, share = 1.959963984540054, kept / counted
    a, b, c = 1 + z * z / counted, -(2 * share + z * z / counted), share * share
    root = math.sqrt(max(b * b - 4 * a * c, 0.0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def test_attainment_and_its_interval_agree_with_counting(page, ledger):
    for name, row in page["rated"].iterrows():
        states = Counter(value[0] for key, value in ledger.items() if key[0] == name)
        counted = states["in_time"] + states["late"] + states["overdue"]
        assert row["kept"] == pytest.approx(states["in_time"] / counted, abs=1e-12)
        assert (row["low"], row["high"]) == pytest.approx(wilson(states["in_time"], counted), abs=1e-9)


def test_each_month_agrees_with_counting(page, ledger):
    counts = defaultdict(Counter)
    for (name, _), (state, _, month, _, _) in ledger.items():
        counts[name, month][state] += 1
    for row in page["months"].to_dict("records"):
        states = counts[row["agreement"], f"{row['period_start']:%Y-%m}"]
        decided = states["in_time"] + states["late"] + states["overdue"]
        assert (row["counted"], row["in_time"], row["waiting"]) == (decided, states["in_time"], states["waiting"])
        assert (row["low"], row["high"]) == pytest.approx(wilson(states["in_time"], decided), abs=1e-9)
        assert row["is_complete"] == (not states["waiting"])
        if decided >= 10:  # smaller months join the next ones
            assert row["is_below"] or row["high"] >= row["target"]


def kaplan_meier(times: list[tuple[float, bool]], share: float) -> float:
    """The first time by which a share is closed, one time after the other."""
    still = 1.0
    for moment in sorted({took for took, is_closed in times if is_closed}):
        at_risk = sum(took >= moment for took, _ in times)
        still *= 1 - sum(took == moment and is_closed for took, is_closed in times) / at_risk
        if still <= 1 - share + 1e-12:
            return moment
    return math.nan


def test_typical_times_agree_with_a_product_over_the_times(page, ledger):
    for name, row in page["rated"].iterrows():
        times = [(round(value[1], 6), value[4]) for key, value in ledger.items() if key[0] == name]
        assert row["p50"] == pytest.approx(kaplan_meier(times, 0.5), abs=1e-5)
        assert row["p90"] == pytest.approx(kaplan_meier(times, 0.9), abs=1e-5)
        assert row["p50_low"] <= row["p50"] <= row["p50_high"]
        assert row["p90_low"] <= row["p90"]


def test_breaches_owners_and_ages_agree_with_counting(page, ledger):
    ws, judged = page["ws"], page["judged"]
    names = {person.id: person.name for person in ws.strategy.people}
    breaches = service.list_breaches(judged, ws.strategy, ws.time_zone)
    expected = Counter((key[0], names.get(value[3], value[3]), value[0]) for key, value in ledger.items())
    assert Counter(zip(breaches["agreement"], breaches["owner"], breaches["state"])) == {
        key: count for key, count in expected.items() if key[2] in ("late", "overdue")
    }
    for row in service.rate_owners(judged, ws.strategy).to_dict("records"):
        for state in ("in_time", "late", "overdue", "waiting"):
            assert row[state] == expected[row["agreement"], row["owner"], state]
    for row in page["ages"].to_dict("records"):
        mine = {key[1]: value[1] for key, value in ledger.items() if key[0] == row["agreement"] and not value[4]}
        limits = [row["threshold"] * factor for factor in (0.5, 1, 2)]
        below = [sum(took <= limit + 1e-9 for took in mine.values()) for limit in limits]
        found = [row[name] for name in ("first_half", "second_half", "up_to_double", "longer")]
        assert found == [below[0], below[1] - below[0], below[2] - below[1], len(mine) - below[2]]
        assert (row["open"], row["oldest_age"]) == (len(mine), pytest.approx(max(mine.values()), abs=1e-6))
        assert mine[row["oldest_request"]] == max(mine.values())


def test_the_plan_agrees_with_walking_back_over_a_paper_calendar(page):
    ws = page["ws"]
    timetable = service.read_timetable(ws.strategy)
    event = service.find_event("", 45, timetable, AS_OF)
    day, left = AS_OF, 45
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in HOLIDAYS
    assert event == day + timedelta(days=1)
    plan = service.plan_back(page["rated"].reset_index(), event, 45, timetable, AS_OF)
    midnight = datetime.combine(event, time(), ZONE)
    for row in plan.to_dict("records"):
        start = datetime.fromisoformat(f"{row['start_on']:%Y-%m-%d}T{row['start_at']}").replace(tzinfo=ZONE)
        hours = row["needs"] * (DAY_HOURS if row["unit"] == "business days" else 1)
        assert 0 <= walk(start, midnight) - hours < 1 / 60  # the time shown is cut to the minute
        ready = datetime.combine(row["ready_on"].date() + timedelta(days=1), time(), ZONE)
        assert walk(NOW, ready - timedelta(days=1)) < hours <= walk(NOW, ready) + 1e-6


def test_the_summer_slump_of_first_calls_is_an_error_with_an_owner_and_a_next_step(page, ledger):
    ws, judged = page["ws"], page["judged"]
    recent = service.rate_agreements(service.select_months(judged, ws.as_of, 12), ws.strategy)
    months = service.trace_months(judged, ws.strategy, ws.as_of, months=12)
    ages = service.age_requests(judged, ws.strategy, ws.time_zone, service.select_months(judged, ws.as_of, 12))
    found = {item.id: item for item in service.find_breaches(recent, ages, months)}
    finding = found["service_levels.share.lead-follow-up"]
    assert (finding.severity, finding.owner, finding.where) == ("error", "Sales", "lead-follow-up")
    waits = {key[1]: value for key, value in ledger.items() if (key[0], value[0]) == ("lead-follow-up", "overdue")}
    late = {name: value[1] for name, value in waits.items() if value[2] >= "2025-10"}
    assert finding.fix == (
        "Do what was agreed for a breach: “Hand the lead to another representative the same day.” "
        f"{len(late)} requests opened since October 1, 2025 are open past the threshold: start with "
        f"{max(late, key=late.get)}, which waits longest. Close those of the {len(waits) - len(late)} older ones "
        "that nobody needs any more."
    )
    assert "service_levels.overdue.lead-follow-up" in found
    assert "July to September 2026" in service.title_months(months)
