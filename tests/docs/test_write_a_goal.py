"""The guide to writing a goal: its example is judged on the sample company as the guide says."""

import re

import pytest

import mopsnb
from mopsnb import analysis
from mopsnb.strategy.reading import parse_strategy


@pytest.fixture(scope="module")
def verdicts(repository):
    guide = (repository / "docs" / "write-a-goal.md").read_text(encoding="utf-8")
    strategy = parse_strategy(re.search(r"```yaml\n(.*?)```", guide, re.DOTALL)[1])
    workspace = mopsnb.open("")
    readings = analysis.read_goals(strategy, workspace.catalogue, workspace.as_of)
    history = {goal.id: workspace.monthly([goal.metric], goal.scope or None) for goal in readings.goals if goal.metric}
    readings = analysis.size_goals(readings, workspace.catalogue, history)
    frame = analysis.judge_goals(strategy, workspace.catalogue, history, readings=readings)
    return frame.pivot(index="goal", columns="letter", values="verdict").to_dict("index")


@pytest.mark.parametrize(
    ("goal", "others"),
    [
        ("more-clicks", {}),
        ("revenue", {"R": "fail"}),
        ("first-try", {"S": "fail", "M": "fail", "R": "fail", "T": "fail", "A": "unknown"}),
    ],
)
def test_the_example_has_the_verdicts_that_the_guide_tells(verdicts, goal, others):
    assert verdicts[goal] == dict.fromkeys("SMART", "pass") | others
