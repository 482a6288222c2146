"""Large tables are read ahead once they are written: the next question finds the answer."""

from pathlib import Path

import pytest
from workspaces import write_workspace

import mopsnb
from mopsnb.cli import ahead
from mopsnb.data import kept_answers
from mopsnb.data.recall import answer
from mopsnb.data.shelf import SWITCH as SHELF

pytestmark = pytest.mark.slow

EVENTS = "contact_id,event_type,occurred_at\n" + "".join(
    f"{number},{kind},2026-0{month}-03T10:00:00Z\n"
    for number in range(3)
    for month in (1, 2)
    for kind in ("sent", "delivered")
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a small table, which counts as large, and a folder of answers for files that need no rest."""
    monkeypatch.setenv(kept_answers.SWITCH, str(tmp_path / "answers"))
    monkeypatch.delenv(SHELF, raising=False)
    monkeypatch.setattr(kept_answers, "REST", 0)
    monkeypatch.setattr(ahead, "LARGE", 1)
    return write_workspace(tmp_path / "company", email_event=EVENTS)


def count_questions(place: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many questions about months of metrics reach the data."""
    asked = []
    monkeypatch.setattr(
        "mopsnb.data.metric_queries.answer",
        lambda connection, query, values, ask: answer(
            connection, query, values, lambda: [asked.append(query), ask()][1]
        ),
    )
    workspace = mopsnb.open(place)
    workspace.monthly(mopsnb.analysis.list_shown(workspace.metrics_in_use))
    return len([query for query in asked if "information_schema" not in query])


def test_what_was_read_ahead_is_not_asked_again(place, monkeypatch):
    lines = []
    ahead.read_ahead(place, lines.append)

    assert lines == ["Reading 0 MB of tables ahead, so that reports find the figures. Ctrl-C skips it."]
    assert count_questions(place, monkeypatch) == 0


def test_small_tables_are_left_to_whoever_asks(place, monkeypatch):
    monkeypatch.setattr(ahead, "LARGE", 10_000)
    lines = []
    ahead.read_ahead(place, lines.append)

    assert not lines
    assert count_questions(place, monkeypatch) > 0


def test_nothing_is_read_ahead_where_no_answers_are_kept(place, monkeypatch):
    monkeypatch.setenv(kept_answers.SWITCH, "none")
    lines = []
    ahead.read_ahead(place, lines.append)

    assert not lines


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, mopsnb.errors.DataError("A table has faults.")])
def test_neither_a_person_in_a_hurry_nor_a_fault_is_an_error(place, monkeypatch, trouble):
    def fail(*_):
        raise trouble

    monkeypatch.setattr("mopsnb.run.ahead.ask_ahead", fail)
    ahead.read_ahead(place, lambda _: None)
