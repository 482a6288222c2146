"""Agreements, requests and a slow clock for the tests of service levels."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from mopsnb.analysis.service import Timetable, judge_requests, read_timetable
from mopsnb.data.service import REQUEST_COLUMNS
from mopsnb.strategy import Agreement, Organization, Person, Stakeholder, Strategy

NINE_TO_FIVE = ((9 * 60, 17 * 60),)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def to_instant(moment: datetime) -> int:
    """Whole microseconds since 1970 in UTC."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def to_moment(instant: int) -> datetime:
    """The moment of an instant."""
    return EPOCH + timedelta(microseconds=int(instant))


def make_timetable(zone: str = "UTC", **more: Any) -> Timetable:
    """Monday to Friday, 9 to 17, without holidays."""
    return Timetable(zone, (NINE_TO_FIVE,) * 5 + ((), ()), **more)


class SlowClock:
    """Walks over minutes one by one and looks at a wall clock for each. It shares no code with the fast clock."""

    def __init__(self, zone: str, week: tuple, closed: Iterable[date]) -> None:
        self.zone, self.week, self.closed = ZoneInfo(zone), week, set(closed)

    def find_day(self, moment: datetime) -> date | None:
        """The local date of a minute in which it is open; None while it is closed."""
        local = moment.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        spans = self.week[local.weekday()]
        is_open = any(opens <= minute < closes for opens, closes in spans) and local.date() not in self.closed
        return local.date() if is_open else None

    def count_hours(self, start: datetime, end: datetime) -> float:
        """Business hours from one whole minute to another."""
        minutes = 0
        while start < end:
            minutes += self.find_day(start) is not None
            start += MINUTE
        return minutes / 60

    def count_days(self, start: datetime, end: datetime) -> float:
        """Business days: of each date that is touched, the open minutes gone by ÷ all its open minutes."""
        gone: dict[date, int] = {}
        while start < end:
            if day := self.find_day(start):
                gone[day] = gone.get(day, 0) + 1
            start += MINUTE
        return sum(minutes / self._measure(day) for day, minutes in gone.items())

    def _measure(self, day: date) -> int:
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=20)
        return sum(self.find_day(moment + MINUTE * step) == day for step in range(64 * 60))

    def find_end(self, start: datetime, hours: float, *, step: int) -> datetime:
        """The minute by which so many hours have gone by, walking forward (1) or backward (-1)."""
        left = round(hours * 60)
        while left:
            minute = start if step > 0 else start - MINUTE
            left -= self.find_day(minute) is not None
            start += step * MINUTE
        return start


def make_strategy(*agreements: Agreement, **organization: Any) -> Strategy:
    """A strategy with two parties and a coordinator."""
    return Strategy(
        organization=Organization(**organization),
        stakeholders=[Stakeholder(id="sales", name="Sales", power=4, interest=5)],
        people=[Person(id="tia", name="Tia Ray", coordinator=True)],
        agreements=list(agreements),
    )


def agree(name: str = "tickets", threshold: float | None = 4, **more: Any) -> Agreement:
    """An agreement of Tia with sales: 4 business hours, 9 times in 10."""
    return Agreement(**{"id": name, "provider": "tia", "consumer": "sales", "threshold": threshold,
                        "attainment": 0.9, **more})  # fmt: skip


def ask(opened: str, closed: str | None = None, agreement: str = "tickets", **more: Any) -> dict[str, Any]:
    """One request, its times in UTC."""
    return {"agreement": agreement, "opened_at": opened, "closed_at": closed, "owner": "tia", **more}


def make_requests(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """A frame of requests as the workspace returns it."""
    blank = [{"request_id": f"R{place}", "paused_hours": None} | row for place, row in enumerate(rows)]
    frame = pd.DataFrame(blank, columns=list(REQUEST_COLUMNS))
    for name in ("opened_at", "closed_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601")
    return frame.astype(REQUEST_COLUMNS)


def judge(rows: Iterable[dict[str, Any]], strategy: Strategy, as_of: str = "2026-06-30") -> pd.DataFrame:
    """Requests judged on a day."""
    return judge_requests(make_requests(rows), strategy, read_timetable(strategy), date.fromisoformat(as_of))


def keep(count: int, kept: int, month: str = "2026-06", agreement: str = "tickets") -> list[dict[str, Any]]:
    """Requests of a month, opened at 9 on its third: so many closed after an hour, the others the next day at 16."""
    return [
        ask(f"{month}-03T09:00:00Z", f"{month}-03T10:00:00Z" if place < kept else f"{month}-04T16:00:00Z", agreement)
        | {"request_id": f"{month}-{agreement}-{place}"}
        for place in range(count)
    ]
