"""What a run tells while it runs."""

from __future__ import annotations

import io
import sys

import pytest

from mopsnb.run.progress import LineProgress, LiveProgress, PlainProgress, Progress, choose_progress


def tell(progress: Progress) -> None:
    with progress:
        progress.plan(["goals", "metrics"])
        progress.begin("goals", 3)
        progress.advance("goals", 1)
        progress.finish("goals", "no_data", 1.25)
        progress.begin("metrics", 4)
        progress.advance("metrics", 2)
        progress.finish("metrics", "failed", 2.0)
        progress.say("writing the report")


def test_lines_tell_the_beginning_and_the_end_of_each_step() -> None:
    stream = io.StringIO()
    tell(LineProgress(stream))
    assert stream.getvalue().splitlines() == [
        "goals: started",
        "goals: no data yet after 1.2 s",
        "metrics: started",
        "metrics: failed after 2.0 s",
        "writing the report",
    ]


def test_the_table_shows_each_step_with_its_cells_and_state() -> None:
    progress = LiveProgress()
    tell(progress)
    tasks = {task.description.strip(): task for task in progress.table.tasks}
    assert (tasks["goals"].completed, tasks["goals"].total, tasks["goals"].fields["state"]) == (3, 3, "no data yet")
    assert (tasks["metrics"].completed, tasks["metrics"].total, tasks["metrics"].fields["state"]) == (1, 4, "failed")


def test_silence_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    tell(Progress())
    assert capsys.readouterr() == ("", "")


def test_without_a_terminal_only_announcements_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    tell(PlainProgress())
    PlainProgress().announce("Waiting for another run")
    assert capsys.readouterr() == ("Waiting for another run.\n", "")


@pytest.mark.parametrize(
    ("is_terminal", "quiet", "verbose", "kind"),
    [
        (True, False, False, LiveProgress),
        (True, True, True, Progress),
        (False, False, True, LineProgress),
        (False, False, False, PlainProgress),
    ],
)
def test_the_terminal_decides_how_a_run_tells(
    monkeypatch: pytest.MonkeyPatch, is_terminal: bool, quiet: bool, verbose: bool, kind: type
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal, raising=False)
    assert type(choose_progress(quiet=quiet, verbose=verbose)) is kind
