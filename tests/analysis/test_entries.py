"""Entries to paste: what the writer must still say stands in them, and the strategy file accepts them as they are."""

from datetime import date

import pandas as pd
import pytest
import smart_goal_samples as goals

from mopsnb import view
from mopsnb.analysis import describe_readings, read_goals, write_entries
from mopsnb.analysis.statements.entries import find_gaps, write_yaml
from mopsnb.strategy import Goal, Stakeholder, Strategy
from mopsnb.strategy.reading import parse_strategy

WHOLE = {"metric": "leads", "baseline": 10, "target": 12, "start": date(2026, 1, 1), "deadline": date(2026, 12, 31)}
WHOLE |= {"statement": "Win more leads", "owner": "maya", "stakeholders": ["sales"], "parent": "revenue"}


@pytest.fixture
def block():
    people = [Stakeholder(id="sales", name="Sales", power=4, interest=5)]
    vague = Goal(id="vague", statement="Bring sales more leads as soon as possible", owner="maya")
    strategy = Strategy(goals=[vague], stakeholders=people)
    readings = read_goals(strategy, goals.make_catalogue(), date(2025, 12, 31))
    return write_entries(describe_readings(readings, goals.make_catalogue()))


def test_each_field_that_is_still_to_fill_in_stands_in_the_entry_with_what_to_write(block):
    assert "  metric: leads  # read from the statement" in block
    for name in ("baseline", "target", "deadline", "parent"):
        assert f"\n  {name}:  # fill in: " in block
    assert "owner:  # fill in" not in block


def test_the_fields_to_fill_in_are_named_above_the_entries(block):
    above, _ = block.split("```yaml")

    assert above.startswith("**vague** lacks baseline, target, ")
    assert above.count("**") == 2


def test_an_entry_with_lines_to_fill_in_is_a_sound_strategy_file_whose_goal_lacks_these_fields(block):
    entry = block.split("```yaml\n")[1].removesuffix("```")

    (read,) = parse_strategy(f"version: 1\nstakeholders: [{{id: sales, power: 4, interest: 5}}]\n{entry}").goals

    assert (read.metric, read.target, read.deadline, read.parent) == ("leads", None, None, None)


def test_a_metric_that_the_catalogue_does_not_know_is_a_line_to_fill_in_and_is_named():
    strategy = Strategy(goals=[Goal(id="fame", **WHOLE | {"metric": "brand_awareness"})])
    readings = read_goals(strategy, goals.make_catalogue(), date(2025, 12, 31))

    (row,) = describe_readings(readings, goals.make_catalogue()).to_dict("records")

    assert "\n  metric:  # fill in: " in row["yaml"]
    assert "brand_awareness" not in row["yaml"]
    assert "'brand_awareness'" in row["notes"]
    assert write_entries(describe_readings(readings, goals.make_catalogue())).startswith("**fame** lacks metric. ")


@pytest.mark.parametrize("name", sorted({*WHOLE} - {"statement"}))
def test_a_goal_lacks_the_one_field_that_is_empty(name):
    assert find_gaps(Goal(id="clicks", **{key: value for key, value in WHOLE.items() if key != name})) == [name]


def test_a_whole_goal_has_nothing_to_fill_in_and_benefits_stand_for_a_parent():
    top = WHOLE | {"parent": None, "benefit_customers": "Sooner served", "benefit_team": "A fuller calendar"}

    assert find_gaps(Goal(id="clicks", **WHOLE)) == find_gaps(Goal(id="clicks", **top)) == []
    assert "fill in" not in write_yaml(Goal(id="clicks", **WHOLE), gaps=find_gaps(Goal(id="clicks", **WHOLE)))


def test_an_id_that_is_markdown_stays_text():
    frame = pd.DataFrame({"goal": ["[x](#y)"], "yaml": ["- id: x\n  owner:  # fill in: who answers for it"]})

    assert write_entries(frame, escape=view.escape).startswith("**" + view.escape("[x](#y)") + "** lacks owner.")
    assert view.escape("[x](#y)") != "[x](#y)"
