"""The registry of steps."""

from pathlib import Path

import pytest

from mopsnb.errors import UsageError
from mopsnb.steps import GROUPS, STEPS, find_step, select_steps


def test_every_step_has_a_question_a_known_group_and_its_own_id() -> None:
    assert len({step.slug for step in STEPS}) == len(STEPS)
    assert all(step.group in GROUPS and step.question.endswith("?") for step in STEPS)


def test_an_unknown_step_is_refused_with_the_nearest_and_the_list() -> None:
    with pytest.raises(UsageError, match=r"Did you mean 'metrics'\? The steps are: goals"):
        find_step("metrcs")


def test_steps_are_selected_in_the_order_of_the_registry() -> None:
    assert [step.slug for step in select_steps("metrics,goals")] == ["goals", "metrics"]


def test_a_group_selects_its_steps() -> None:
    assert {step.group for step in select_steps(group="measure")} == {"measure"}


def test_an_unknown_group_and_an_empty_selection_are_refused() -> None:
    with pytest.raises(UsageError, match="Did you mean 'measure'"):
        select_steps(group="mesure")
    with pytest.raises(UsageError, match="No step to run"):
        select_steps("goals", group="measure")


def test_the_readme_lists_every_step_with_its_question(repository: Path) -> None:
    readme = (repository / "README.md").read_text(encoding="utf-8")
    assert [
        s.slug for s in STEPS if f"notebooks/{s.notebook.as_posix()}" not in readme or s.question not in readme
    ] == []
