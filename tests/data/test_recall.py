"""A connection answers the same question once, and anew where a file, a view or kept rows changed."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest
from workspaces import write_workspace

import mopsnb
from mopsnb.data import measures, recall
from mopsnb.data.connection import connect, drop_view, keep_rows, make_view
from mopsnb.data.metric_queries import fetch_rows


class Spy:
    """Counts how often something is asked."""

    def __init__(self) -> None:
        self.count = 0

    def ask(self) -> list[tuple[object, ...]]:
        self.count += 1
        return [(self.count,)]


@pytest.fixture
def connection(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    (tmp_path / "ad_daily.csv").write_text("n\n1\n", encoding="utf-8")
    return connect(tmp_path)


def test_a_question_with_the_same_values_is_asked_once(connection: duckdb.DuckDBPyConnection) -> None:
    spy = Spy()
    assert recall.answer(connection, "q", {"a": 1}, spy.ask) == [(1,)]
    assert recall.answer(connection, "q", {"a": 1}, spy.ask) == [(1,)]
    assert recall.answer(connection, "q", {"a": 2}, spy.ask) == [(2,)]
    assert recall.answer(connection, "q", {"a": True}, spy.ask) == [(3,)]
    assert recall.answer(connection, "other", {"a": 1}, spy.ask) == [(4,)]


def test_an_answer_cannot_be_changed_by_whoever_got_it(connection: duckdb.DuckDBPyConnection) -> None:
    spy = Spy()
    recall.answer(connection, "q", {}, spy.ask).append((0,))
    recall.answer(connection, "q", {}, spy.ask).clear()
    assert recall.answer(connection, "q", {}, spy.ask) == [(1,)]


def test_a_changed_file_is_read_anew(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    query = f"SELECT n FROM read_csv('{tmp_path / 'ad_daily.csv'}')"
    assert fetch_rows(connection, query, {}) == [(1,)]
    (tmp_path / "ad_daily.csv").write_text("n\n22\n", encoding="utf-8")
    assert fetch_rows(connection, query, {}) == [(22,)]


def test_a_view_that_is_made_anew_is_asked_anew(connection: duckdb.DuckDBPyConnection) -> None:
    names = "SELECT table_name FROM information_schema.tables"
    assert fetch_rows(connection, names, {}) == []
    make_view(connection, "deal", "SELECT 1 AS n")
    assert fetch_rows(connection, names, {}) == [("deal",)]
    assert fetch_rows(connection, "SELECT n FROM deal", {}) == [(1,)]
    drop_view(connection, "deal")
    make_view(connection, "deal", "SELECT 2 AS n")
    assert fetch_rows(connection, "SELECT n FROM deal", {}) == [(2,)]


def test_rows_that_are_kept_anew_are_asked_anew(connection: duckdb.DuckDBPyConnection) -> None:
    keep_rows(connection, "rate", "SELECT 1 AS n")
    make_view(connection, "deal", "SELECT n FROM rate")
    assert fetch_rows(connection, "SELECT n FROM deal", {}) == [(1,)]
    keep_rows(connection, "rate", "SELECT 2 AS n")
    assert fetch_rows(connection, "SELECT n FROM deal", {}) == [(2,)]


def test_long_answers_are_not_kept(connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recall, "MOST_ROWS", 0)
    spy = Spy()
    assert recall.answer(connection, "q", {}, spy.ask) == [(1,)]
    assert recall.answer(connection, "q", {}, spy.ask) == [(2,)]


def test_a_connection_of_which_nothing_is_known_is_asked_each_time() -> None:
    spy, other = Spy(), duckdb.connect()
    assert recall.answer(other, "q", {}, spy.ask) == [(1,)]
    assert recall.answer(other, "q", {}, spy.ask) == [(2,)]


def test_what_was_told_of_a_measure_is_not_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "contact_id,event_type,occurred_at,campaign_id\n" + "".join(
        f"{contact},{kind},2026-0{month}-10T12:00:00Z,{campaign}\n"
        for month in (1, 2) for contact in "abc" for campaign in "xy"
        for kind in ("sent", "delivered", *(["unsubscribe"] if contact == "a" else []))
    )  # fmt: skip
    ws = mopsnb.open(write_workspace(tmp_path / "ws", "version: 1\n", email_event=rows))
    fresh = mopsnb.open(ws.path).monthly(["email_churn_rate"])
    ws.monthly(["email_churn_rate", "total_clicks", "click_through_rate"])
    asked = []
    plain = measures.fetch_rows
    monkeypatch.setattr(measures, "fetch_rows", lambda *given: asked.append(given[1]) or plain(*given))
    pd.testing.assert_frame_equal(ws.monthly(["email_churn_rate"]), fresh)
    assert asked == []
    ws.monthly(["email_churn_rate", "hard_bounce_rate"])
    assert asked and not any("unsubscribe" in query for query in asked)
    assert ws.monthly(["email_churn_rate"], {"campaign_id": "x"})["numerator"].tolist() == [1.0, 1.0]
    assert any("unsubscribe" in query for query in asked)
