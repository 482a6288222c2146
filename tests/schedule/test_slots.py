"""When a schedule runs, against a scan of every minute, and on the days on which clocks change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mopsnb.schedule.cron import read_cron
from mopsnb.schedule.slots import list_next, list_slots

pytestmark = pytest.mark.slow

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
MINUTE = timedelta(minutes=1)
# Days on which clocks change, also by half an hour, at midnight, by a whole day, and days on which nothing happens.
CHANGES = [
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("America/Santiago", "2026-09-06"),
    ("America/Santiago", "2026-04-05"),
    ("America/St_Johns", "2011-03-13"),
    ("America/St_Johns", "2010-11-07"),
    ("Pacific/Apia", "2011-12-30"),
    ("Africa/Casablanca", "2026-02-15"),
    ("Asia/Kolkata", "2026-03-29"),
    ("UTC", "2026-02-28"),
    ("Europe/Berlin", "2027-12-31"),
]


def show(slots: list[datetime], zone: ZoneInfo) -> list[str]:
    return [slot.astimezone(zone).isoformat(timespec="minutes") for slot in slots]


def list_day(expression: str, zone: ZoneInfo, day: str) -> list[str]:
    midnight = datetime.fromisoformat(day).replace(tzinfo=zone)
    before, end = midnight - timedelta(seconds=1), midnight + timedelta(days=1)
    return show(list_slots(read_cron(expression), zone, before, end - timedelta(seconds=1)), zone)


# --- days on which clocks change --------------------------------------------------------------------------------------


def test_a_job_in_the_skipped_hour_runs_once_at_its_end() -> None:
    assert list_day("30 2 * * *", BERLIN, "2026-03-29") == ["2026-03-29T03:00+02:00"]
    assert list_day("30 2 * * *", NEW_YORK, "2026-03-08") == ["2026-03-08T03:00-04:00"]


def test_several_times_in_the_skipped_hour_become_one_run() -> None:
    assert list_day("0,20,40 2 * * *", BERLIN, "2026-03-29") == ["2026-03-29T03:00+02:00"]
    assert list_day("*/15 2,3 * * *", NEW_YORK, "2026-03-08") == [
        f"2026-03-08T03:{minute}-04:00" for minute in ("00", "15", "30", "45")
    ]


def test_a_job_in_the_repeated_hour_runs_the_first_time_alone() -> None:
    assert list_day("30 2 * * *", BERLIN, "2026-10-25") == ["2026-10-25T02:30+02:00"]
    assert list_day("30 1 * * *", NEW_YORK, "2026-11-01") == ["2026-11-01T01:30-04:00"]


def test_a_job_of_every_hour_follows_the_time_that_passes() -> None:
    assert len(list_day("0 * * * *", BERLIN, "2026-03-29")) == 23
    assert len(list_day("0 * * * *", BERLIN, "2026-10-25")) == 25
    assert len(list_day("*/15 * * * *", NEW_YORK, "2026-11-01")) == 100


def test_a_job_between_two_changes_keeps_its_time_on_the_wall() -> None:
    slots = list_next(read_cron("0 6 * * *"), BERLIN, datetime(2026, 3, 27, 12, tzinfo=UTC), 3)
    assert show(slots, BERLIN) == ["2026-03-28T06:00+01:00", "2026-03-29T06:00+02:00", "2026-03-30T06:00+02:00"]


def test_from_within_the_repeated_hour_the_job_that_has_run_does_not_come_again() -> None:
    second_pass = datetime(2026, 10, 25, 2, 10, tzinfo=BERLIN, fold=1)
    assert show(list_next(read_cron("30 2 * * *"), BERLIN, second_pass, 1), BERLIN) == ["2026-10-26T02:30+01:00"]


# --- against an oracle ------------------------------------------------------------------------------------------------


def scan(fields: tuple[set[int], ...], zone: ZoneInfo, after: datetime, until: datetime) -> list[datetime]:
    """Return the slots by looking at every minute: what the clock shows then, and what it has skipped before."""
    minutes, hours, days, months, weekdays = fields

    def fits(wall: datetime) -> bool:
        is_day = wall.day in days and wall.isoweekday() % 7 in weekdays
        return wall.minute in minutes and wall.hour in hours and wall.month in months and is_day

    def scan_minute(moment: datetime) -> Iterator[datetime]:
        wall = moment.astimezone(zone)
        previous = (moment - MINUTE).astimezone(zone).replace(tzinfo=None)
        plain = wall.replace(tzinfo=None, fold=0)
        if fits(plain) and (not wall.fold or len(hours) == 24):
            yield moment
        skipped = previous + MINUTE
        while len(hours) < 24 and skipped < plain:
            if fits(skipped):
                yield moment
            skipped += MINUTE

    found = set()
    moment = after.replace(second=0, microsecond=0)
    while moment <= until:
        found.update(slot for slot in scan_minute(moment) if after < slot)
        moment += MINUTE
    return sorted(found)


@st.composite
def draw_field(draw: st.DrawFn, low: int, high: int) -> tuple[str, set[int]]:
    kind = draw(st.sampled_from(["any", "any", "list", "range", "step"]))
    if kind == "any":
        return "*", set(range(low, high + 1))
    if kind == "list":
        values = draw(st.sets(st.integers(low, high), min_size=1, max_size=4))
        return ",".join(map(str, sorted(values))), values
    first = draw(st.integers(low, high - 1))
    last = draw(st.integers(first + 1, high))
    if kind == "range":
        return f"{first}-{last}", set(range(first, last + 1))
    step = draw(st.integers(1, 7))
    return f"{first}-{last}/{step}", set(range(first, last + 1, step))


@st.composite
def draw_expression(draw: st.DrawFn) -> tuple[str, tuple[set[int], ...]]:
    fields = [draw(draw_field(low, high)) for low, high in ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))]
    if fields[2][0] != "*" and fields[4][0] != "*":
        fields[4] = ("*", set(range(7)))  # either of the two: has a test of its own
    return " ".join(text for text, _ in fields), tuple(values for _, values in fields)


@given(draw_expression(), st.sampled_from(CHANGES), st.integers(-1500, 1500), st.integers(60, 4000))
def test_slots_are_what_a_scan_of_every_minute_finds(
    drawn: tuple[str, tuple[set[int], ...]], change: tuple[str, str], begin: int, length: int
) -> None:
    expression, fields = drawn
    zone = ZoneInfo(change[0])
    after = datetime.fromisoformat(change[1]).replace(tzinfo=UTC) + begin * MINUTE
    until = after + length * MINUTE
    try:
        cron = read_cron(expression)
    except ValueError:
        assert max(fields[3]) in (2, 4, 6, 9, 11)  # the one refusal: a day that its months lack
        assert min(fields[2]) > 28
        return
    assert list_slots(cron, zone, after, until) == scan(fields, zone, after, until)


@given(draw_expression(), st.sampled_from(CHANGES), st.integers(1, 6))
def test_the_next_slots_are_the_first_of_those_that_follow(
    drawn: tuple[str, tuple[set[int], ...]], change: tuple[str, str], count: int
) -> None:
    after = datetime.fromisoformat(change[1]).replace(tzinfo=UTC)
    zone = ZoneInfo(change[0])
    try:
        cron = read_cron(drawn[0])
    except ValueError:
        return
    slots = list_next(cron, zone, after, count)
    assert len(slots) == count
    assert slots == list_slots(cron, zone, after, slots[-1])


def test_a_day_and_a_weekday_mean_either_of_the_two() -> None:
    slots = list_next(read_cron("0 6 1 * MON"), BERLIN, datetime(2026, 11, 24, tzinfo=UTC), 4)
    assert [f"{slot:%a %d}" for slot in slots] == ["Mon 30", "Tue 01", "Mon 07", "Mon 14"]


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        ("0 6 L * *", ["2026-11-30", "2026-12-31", "2027-01-31"]),
        ("0 6 LW * *", ["2026-11-30", "2026-12-31", "2027-01-29"]),
        ("0 6 * * 5L", ["2026-11-27", "2026-12-25", "2027-01-29"]),
        ("0 6 * * MON#2", ["2026-12-14", "2027-01-11", "2027-02-08"]),
        ("0 6 29 FEB *", ["2028-02-29", "2032-02-29", "2036-02-29"]),
    ],
)
def test_last_and_first_days_are_found(expression: str, days: list[str]) -> None:
    slots = list_next(read_cron(expression), BERLIN, datetime(2026, 11, 22, tzinfo=UTC), 3)
    assert [slot.astimezone(BERLIN).date().isoformat() for slot in slots] == days
