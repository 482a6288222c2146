"""Lookups of names: read once a connection, and never older than the files."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb
import pytest

from mopsnb.data.connection import drop_view, make_view
from mopsnb.data.engine import Engine
from mopsnb.data.lookups import KNOWN, MAP, OWNERS, shorten
from mopsnb.data.metric_queries import fetch_rows

QUESTIONS = [
    f"SELECT key, campaign, channel FROM {MAP} AS names ORDER BY key",
    f"SELECT id, channel FROM {OWNERS} AS owners ORDER BY id",
    *(f"SELECT id FROM {known} AS ids ORDER BY id" for known in KNOWN.values()),
]


def write_names(folder: Path, campaign: str) -> None:
    """Write two campaigns, and what another system calls one of them."""
    folder.mkdir(exist_ok=True)
    (folder / "campaign.csv").write_text("campaign_id,name,channel\na,A,email\nb,B,search\n", encoding="utf-8")
    (folder / "campaign_map.csv").write_text(
        f"source,source_name,campaign_id,channel\nWeb, Spring ,{campaign},\nweb,SPRING,{campaign},social\n",
        encoding="utf-8",
    )
    time.sleep(0.02)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """An engine over the campaigns."""
    write_names(tmp_path / "data", "a")
    found = Engine(tmp_path / "data", time_zone="UTC", as_of=None)
    found.prepare(["campaign", "campaign_map"])
    return found


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_kept_lookup_answers_as_its_sql_does(engine: Engine, question: str) -> None:
    short = shorten(engine.connection, question)
    assert "mopsnb_" in short
    assert len(short) < len(question)
    assert engine.connection.execute(short).fetchall() == engine.connection.execute(question).fetchall() != []


def test_names_are_compared_without_case_and_blanks(engine: Engine) -> None:
    assert fetch_rows(engine.connection, QUESTIONS[0], {}) == [("spring", "a", "social")]


def test_a_lookup_follows_its_file(engine: Engine, tmp_path: Path) -> None:
    assert fetch_rows(engine.connection, QUESTIONS[0], {})[0][1] == "a"
    write_names(tmp_path / "data", "c")
    assert fetch_rows(engine.connection, QUESTIONS[0], {})[0][1] == "c"
    assert [row[0] for row in fetch_rows(engine.connection, QUESTIONS[-1], {})] == ["a", "b", "c"]


def test_a_lookup_follows_its_view(engine: Engine) -> None:
    assert fetch_rows(engine.connection, QUESTIONS[1], {}) == [("a", "email"), ("b", "search")]
    drop_view(engine.connection, "campaign")
    make_view(engine.connection, "campaign", "SELECT 'z' AS campaign_id, 'print' AS channel")
    assert fetch_rows(engine.connection, QUESTIONS[1], {}) == [("z", "print")]


def test_a_connection_that_keeps_no_answers_is_asked_in_full() -> None:
    connection = duckdb.connect()
    assert [shorten(connection, question) for question in QUESTIONS] == QUESTIONS
