"""Distinct counts over a large file: a span of months at a time where its rows lie in time order, at once elsewhere."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pytest

import mopsnb
from benchmarks import event_file, event_sides
from mopsnb.data import files, layout
from mopsnb.data.contract import TABLES

MONTHS = [datetime(2025, month, 1, tzinfo=UTC) for month in range(1, 7)]


def note(connection: duckdb.DuckDBPyConnection, groups: list[tuple[int, str, str]]) -> None:
    """Give a table row groups of as many rows, from a day to another."""
    moments = [
        (rows, *(datetime.fromisoformat(f"{day}T12:00+00:00").timestamp() for day in ends)) for rows, *ends in groups
    ]
    layout._LAYOUTS.setdefault(connection, {})["email_event"] = [layout.RowGroup(*moment) for moment in moments]


@pytest.fixture
def connection():
    connection = duckdb.connect()
    yield connection
    layout._LAYOUTS.pop(connection, None)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(layout, "SPAN_ROWS", 100)


def test_months_are_gathered_until_they_hold_too_many_rows(connection):
    month = [(50, f"2025-0{number}-02", f"2025-0{number}-27") for number in range(1, 7)]
    note(connection, month)

    assert layout.split_months(connection, "email_event", MONTHS) == [(0, 2), (2, 4), (4, 6)]


def test_a_month_of_too_many_rows_stands_alone(connection):
    note(
        connection,
        [(50, "2025-01-02", "2025-01-27"), (900, "2025-03-02", "2025-03-27"), (50, "2025-06-01", "2025-06-27")],
    )

    assert layout.split_months(connection, "email_event", MONTHS) == [(0, 2), (2, 3), (3, 6)]


def test_rows_before_the_first_month_and_after_the_last_are_of_those(connection):
    note(connection, [(150, "2020-01-01", "2024-12-31"), (150, "2025-09-01", "2026-01-01")])

    assert layout.split_months(connection, "email_event", MONTHS) == [(0, 1), (1, 5), (5, 6)]


def test_rows_that_are_not_in_order_are_counted_at_once(connection):
    note(connection, [(100, "2025-01-02", "2025-06-27")] * 6)

    assert layout.split_months(connection, "email_event", MONTHS) == [(0, 6)]


def test_few_rows_or_rows_of_which_nothing_is_known_are_counted_at_once(connection):
    assert layout.split_months(connection, "email_event", MONTHS) == [(0, 6)]
    note(connection, [(100, "2025-01-02", "2025-01-27"), (100, "2025-02-02", "2025-02-27")])

    assert layout.split_months(connection, "email_event", MONTHS) == [(0, 6)]
    assert layout.split_months(connection, "contact", MONTHS) == [(0, 6)]


@pytest.fixture
def events(tmp_path, monkeypatch) -> Path:
    """A workspace of 40,000 events in row groups of 200, which count as large."""
    monkeypatch.setattr(event_file, "GROUP", 200)
    for module in (files, layout):
        monkeypatch.setattr(module, "LARGE", 0)
    monkeypatch.setattr(layout, "SPAN_ROWS", 3000)
    return event_file.build_workspace(tmp_path / "team", 40_000, 700)


def test_figures_of_spans_are_those_of_pandas(events, monkeypatch):
    seen = []
    split = layout.split_months
    monkeypatch.setattr("mopsnb.data.measures.split_months", lambda *args: seen.append(split(*args)) or seen[-1])

    found = event_sides.ask_project(events, "")["figures"]

    assert max(len(spans) for spans in seen) > 8
    assert found == event_sides.ask_pandas(events, "")["figures"]


def test_the_same_rows_in_any_order_give_the_same_figures(events):
    before = mopsnb.open(events).monthly(["click_through_rate", "unique_click_rate", "email_churn_rate"])
    path = events / "data" / "email_event.parquet"
    pd.read_parquet(path).sample(frac=1, random_state=1).to_parquet(path, row_group_size=500)
    after = mopsnb.open(events).monthly(["click_through_rate", "unique_click_rate", "email_churn_rate"])

    pd.testing.assert_frame_equal(after, before)


def test_a_file_that_does_not_tell_is_no_obstacle(tmp_path, connection, monkeypatch):
    monkeypatch.setattr(layout, "LARGE", 0)
    path = tmp_path / "email_event.parquet"
    pd.DataFrame({"occurred_at": pd.to_datetime([None, None], utc=True)}).to_parquet(path)
    layout.note_layout(connection, files.inspect_file(TABLES["email_event"], path, connection))

    assert connection not in layout._LAYOUTS
