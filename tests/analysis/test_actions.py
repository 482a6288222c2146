"""What to do next: the fixes that findings propose, each with an owner and a date."""

from datetime import date

import pandas as pd

from mopsnb.analysis.actions import plan_actions
from mopsnb.findings import Finding
from mopsnb.strategy import parse_strategy

STRATEGY = parse_strategy(
    "people: [{id: jo, name: Jo Lee, coordinator: true}, {id: ann, name: Ann Roe}]\n"
    "stakeholders: [{id: sales, name: Sales, power: 4, interest: 4}]"
)
DAY = date(2026, 9, 30)


def finding(name: str, severity: str = "warning", **more: str) -> Finding:
    return Finding(name, severity, f"Title of {name}", **more)  # type: ignore[arg-type]


def test_an_error_is_due_in_a_week_and_a_warning_in_two() -> None:
    actions = plan_actions([finding("a"), finding("b", "error")], STRATEGY, DAY)
    assert actions["due"].tolist() == [pd.Timestamp(2026, 10, 7), pd.Timestamp(2026, 10, 14)]


def test_owners_are_called_by_name_and_the_coordinator_stands_in() -> None:
    found = [finding("a", owner="ann"), finding("b", owner="sales"), finding("c"), finding("d", owner="The agency")]
    assert plan_actions(found, STRATEGY, DAY)["owner"].tolist() == ["Ann Roe", "Sales", "Jo Lee", "The agency"]


def test_without_a_coordinator_the_owner_stays_open() -> None:
    assert plan_actions([finding("a")], parse_strategy("version: 1"), DAY)["owner"].tolist() == [""]


def test_what_is_good_to_know_asks_for_no_action() -> None:
    assert plan_actions([finding("a", "info")], STRATEGY, DAY).empty


def test_a_finding_without_a_fix_asks_to_look_into_it() -> None:
    assert plan_actions([finding("a")], STRATEGY, DAY)["action"].tolist() == ["Look into it: Title of a"]


def test_the_most_severe_stand_first_and_the_rest_is_cut() -> None:
    actions = plan_actions([finding(f"w{n}") for n in range(9)] + [finding("z", "error")], STRATEGY, DAY, limit=3)
    assert actions["severity"].tolist() == ["error", "warning", "warning"]


def test_without_a_day_actions_have_no_date() -> None:
    assert plan_actions([finding("a")], STRATEGY, None)["due"].isna().all()
