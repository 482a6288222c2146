"""Causes and exit codes: one table, and the page that documents it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mopsnb import errors
from mopsnb.run.causes import CAUSES, EXIT_CODES, LOCKED, ORDER, choose_cause, choose_exit_code
from mopsnb.run.history import Changes
from mopsnb.run.request import RunOutcome, StepOutcome
from mopsnb.steps import STEPS

STEP_CAUSES = [name for name, cause in CAUSES.items() if cause.code in ORDER]


def make_outcome(*causes: str, severity: str = "") -> RunOutcome:
    steps = [StepOutcome(STEPS[0], "failed" if cause else "ok", cause) for cause in causes]
    findings = [{"id": "a", "severity": severity, "title": "A"}] if severity else []
    return RunOutcome(Path(), steps, findings, Changes(), None, {})


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        ("cell", 1), ("result", 1), ("notebook", 1), ("input", 3), ("moved", 3), ("gate", 5), ("kernel", 6),
        ("memory", 7),
        ("cell_deadline", 8), ("notebook_deadline", 8), ("run_deadline", 8), ("output", 9),
    ],
)  # fmt: skip
def test_each_cause_has_its_exit_code(cause: str, code: int) -> None:
    assert make_outcome("", cause).find_exit_code() == code


@given(st.lists(st.sampled_from(STEP_CAUSES), min_size=1), st.randoms())
def test_the_most_serious_cause_gives_the_exit_code_in_any_order(causes: list[str], random) -> None:
    wanted = next(code for code in (9, 3, 7, 6, 8, 5, 1) if code in {CAUSES[cause].code for cause in causes})
    random.shuffle(causes)
    assert choose_exit_code(causes) == wanted == CAUSES[choose_cause(causes)].code


def test_a_cause_that_nobody_knows_is_still_a_failure() -> None:
    assert choose_exit_code(["no such cause"]) == 1


def test_findings_count_only_where_no_step_failed() -> None:
    assert make_outcome("", severity="error").find_exit_code() == 0
    assert make_outcome("", severity="error").find_exit_code("warning") == 4
    assert make_outcome("", severity="warning").find_exit_code("error") == 0
    assert make_outcome("memory", severity="error").find_exit_code("error") == 7


def test_every_exit_code_is_in_the_table() -> None:
    kinds = [errors.MopsnbError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    used = {kind.exit_code for kind in kinds} | {cause.code for cause in CAUSES.values()} - {128} | {LOCKED}
    assert used <= set(EXIT_CODES)


def test_the_page_names_every_cause_with_its_exit_code(repository: Path) -> None:
    page = (repository / "docs" / "command-line.md").read_text(encoding="utf-8")
    section = page.partition("## When something goes wrong")[2].partition("\n## ")[0]
    named = {}
    for causes, code in re.findall(r"^\| (`[^|]*) \|[^|]*\| ([^|]*) \|$", section, re.MULTILINE):
        numbers = [int(number) for number in re.findall(r"\d+", code)]
        named |= dict.fromkeys(re.findall(r"`(\w+)`", causes), numbers)
    wanted = {name: [cause.code] for name, cause in CAUSES.items() if name != "bug"} | {"stopped": [130, 143, 129]}
    assert named == wanted
    assert re.search(r"gives the exit code: ([\d, then]+)\.", section)[1] == "9, then 3, 7, 6, 8, 5, 1"
    assert ORDER == (9, 3, 7, 6, 8, 5, 1)


def test_the_page_lists_every_exit_code_with_its_words(repository: Path) -> None:
    page = (repository / "docs" / "command-line.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| (\d+) \| (.*) \|$", page.partition("### Exit codes")[2], re.MULTILINE))
    assert listed == {str(code): words for code, words in EXIT_CODES.items()}
