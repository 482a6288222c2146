"""Rows are counted by local day, however many times of day are looked at."""

from __future__ import annotations

from datetime import date

import pytest
from workspaces import write_data

from mopsnb.data import dates
from mopsnb.data.engine import Engine

HEAD = "event_id,contact_id,event_type,occurred_at,source\n"


def count(folder, moments: list[str], zone: str) -> dict[tuple[date, str], int]:
    rows = "".join(f"{place},c,sent,{moment},{'ab'[place % 2]}\n" for place, moment in enumerate(moments))
    write_data(folder, email_event=HEAD + rows)
    frame = Engine(folder, time_zone=zone).days("email_event").frame
    return {(row.day, row.source): row.rows for row in frame.itertuples()}


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Chatham"])
def test_days_by_quarter_of_an_hour_are_those_of_every_row(tmp_path, monkeypatch, zone: str) -> None:
    hours = [f"2026-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:59.999999Z"
             for month, day in ((3, 28), (3, 29), (10, 25), (12, 31))
             for hour in range(0, 24, 3) for minute in (14, 15, 29, 44, 59)]  # fmt: skip
    quick = count(tmp_path / "quick", [*hours, ""], zone)
    monkeypatch.setattr(dates, "_count_slots", lambda *_: None)
    assert quick == count(tmp_path / "exact", [*hours, ""], zone)
    assert sum(quick.values()) == len(hours)


def test_a_zone_off_by_a_part_of_a_quarter_is_looked_at_row_by_row(tmp_path) -> None:
    # Until 1972 clocks in Monrovia were 44 minutes and 30 seconds behind Greenwich.
    moments = ["1970-01-05T00:44:15Z", "1970-01-05T12:00:00Z", "1970-01-05T00:44:45Z"]
    found = count(tmp_path, moments, "Africa/Monrovia")
    assert found == {(date(1970, 1, 4), "a"): 1, (date(1970, 1, 5), "a"): 1, (date(1970, 1, 5), "b"): 1}
