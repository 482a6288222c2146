"""The stakeholder map and its orphans."""

import analysis_samples as samples
import pytest

from mopsnb.analysis import check_coverage, map_stakeholders
from mopsnb.strategy import Person, Stakeholder


def person(name: str, power: int, interest: int) -> Stakeholder:
    return Stakeholder(id=name, name=name.title(), power=power, interest=interest)


@pytest.mark.parametrize(
    ("power", "interest", "quadrant"),
    [
        (5, 5, "manage closely"),
        (4, 4, "manage closely"),
        (4, 3, "keep satisfied"),
        (3, 4, "keep informed"),
        (3, 3, "monitor"),
        (1, 1, "monitor"),
    ],
)
def test_power_and_interest_above_the_middle_of_the_scale_count_as_high(power, interest, quadrant):
    strategy = samples.make_strategy(stakeholders=[person("it", power, interest)])

    assert map_stakeholders(strategy)["quadrant"].tolist() == [quadrant]


def test_the_map_puts_the_weightiest_first_and_counts_their_goals():
    people = [person("it", 2, 2), person("sales", 4, 5), person("board", 5, 4)]
    goals = [
        samples.make_goal(id="clicks", stakeholders=["sales", "board"]),
        samples.make_goal(id="churn", statement="", stakeholders=["sales"]),
    ]

    frame = map_stakeholders(samples.make_strategy(*goals, stakeholders=people))

    assert frame["id"].tolist() == ["board", "sales", "it"]
    assert frame["goals"].tolist() == [1, 2, 0]
    assert frame["goal_names"].tolist()[1:] == ["Increase total clicks from email by 25% in one year; churn", ""]


def test_a_strategy_without_stakeholders_has_an_empty_map_with_the_same_columns():
    empty = map_stakeholders(samples.make_strategy(stakeholders=[]))
    full = map_stakeholders(samples.make_strategy())

    assert len(empty) == 0
    assert empty.columns.tolist() == full.columns.tolist()


def test_a_goal_without_a_stakeholder_is_an_error_of_its_owner():
    strategy = samples.make_strategy(samples.make_goal(id="Clicks 26", stakeholders=[]))

    findings = check_coverage(strategy)

    assert [(found.id, found.severity, found.owner) for found in findings] == [
        ("goals.no-stakeholder.clicks-26", "error", "maya"),
        ("stakeholders.no-goal.sales", "warning", ""),
    ]


def test_a_stakeholder_whom_no_goal_serves_is_a_warning_for_the_coordinator():
    people = [Person(id="ana", coordinator=True), Person(id="bo")]
    strategy = samples.make_strategy(
        samples.make_goal(), stakeholders=[person("sales", 4, 5), person("it", 2, 4)], people=people
    )

    (found,) = check_coverage(strategy)

    assert (found.id, found.severity, found.owner) == ("stakeholders.no-goal.it", "warning", "ana")
    assert "Power 2 of 5, interest 4 of 5" in found.evidence


def test_goals_and_stakeholders_that_meet_give_no_finding():
    assert check_coverage(samples.make_strategy(samples.make_goal())) == []
