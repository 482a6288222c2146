"""What a valid strategy file becomes."""

from datetime import date

import pydantic
import pytest

import mopsnb.strategy
from mopsnb.strategy import Goal, Organization, Strategy, Thresholds, parse_strategy


def test_the_documented_example_loads_with_every_value_in_its_type(filled_example):
    strategy = parse_strategy(filled_example)
    assert strategy.organization == Organization(
        name="Example",
        time_zone="Europe/Berlin",
        currency="EUR",
        fiscal_year_start="01-01",
        holidays="DE",
        locale="en_US",
    )
    goal = strategy.goals[0]
    assert (goal.scope, goal.baseline, goal.target) == ({"channel": "email"}, 120000.0, 150000.0)
    assert (goal.start, goal.deadline, goal.parent) == (date(2026, 1, 1), date(2026, 12, 31), None)
    assert (strategy.agreements[0].threshold, strategy.agreements[0].attainment) == (4.0, 0.9)
    assert strategy.budget is not None
    assert len(strategy.budget.areas[0].phasing or []) == 12
    assert strategy.people[0].skills == {"copywriting": 4}
    assert strategy.people[0].coordinator is False
    assert strategy.lead_scoring is not None
    assert strategy.lead_scoring.target == "is_converted"
    assert strategy.thresholds == Thresholds(stale_after_days=3)


def test_the_smallest_file_has_the_defaults_of_every_section():
    strategy = parse_strategy("version: 1")
    assert strategy == Strategy()
    assert strategy.organization.time_zone == "UTC"
    assert strategy.organization.currency is None
    assert strategy.thresholds.stale_after_days == 3
    assert (strategy.goals, strategy.budget, strategy.lead_scoring) == ([], None, None)


@pytest.mark.parametrize("written", ["0123", '"0123"', "'0123'", "!!str 0123"])
def test_an_id_stays_the_text_that_was_written_quoted_or_not(written):
    assert parse_strategy(f"tools: [{{id: {written}}}]").tools[0].id == "0123"


@pytest.mark.parametrize("text", ["NO", "17:00", "1.2E+15", "0x1F", "1_000", "yes", "2026-01-01", "012345678901234567"])
def test_text_that_looks_like_something_else_stays_text(text):
    strategy = parse_strategy(f"goals: [{{id: {text}, owner: {text}, scope: {{region: {text}, market: [{text}]}}}}]")
    goal = strategy.goals[0]
    assert (goal.id, goal.owner, goal.scope) == (text, text, {"region": text, "market": [text]})


def test_norway_is_a_country_and_no_refusal():
    assert parse_strategy("organization: {holidays: NO}").organization.holidays == "NO"


@pytest.mark.parametrize("number", ["150000", '"150000"', "150000.0", "1.5e5", "+150000"])
def test_a_number_is_the_same_quoted_or_not(number):
    assert parse_strategy(f"goals: [{{id: a, target: {number}}}]").goals[0].target == 150000.0


@pytest.mark.parametrize("day", ["2026-12-31", '"2026-12-31"'])
def test_a_date_is_the_same_quoted_or_not(day):
    assert parse_strategy(f"goals: [{{id: a, deadline: {day}}}]").goals[0].deadline == date(2026, 12, 31)


@pytest.mark.parametrize("nothing", ["", "~", "null", '""'])
def test_a_key_without_a_value_means_the_same_as_no_key(nothing):
    text = f"goals:\n  - id: a\n    parent: {nothing}\n    target: {nothing}\n    owner: {nothing}\npeople: {nothing}"
    assert parse_strategy(text) == parse_strategy("goals: [{id: a}]")


def test_a_goal_without_metric_baseline_target_and_dates_is_valid():
    goal = parse_strategy("goals: [{id: vague, statement: Be better known}]").goals[0]
    assert (goal.metric, goal.baseline, goal.target, goal.start, goal.deadline) == ("", None, None, None, None)


def test_a_metric_that_no_catalogue_knows_is_valid_here():
    assert parse_strategy("goals: [{id: a, metric: no_such_metric}]").goals[0].metric == "no_such_metric"


def test_an_entry_without_a_name_is_called_by_its_id():
    strategy = parse_strategy("channels: [{id: search}, {id: email, name: Email}]")
    assert [channel.name for channel in strategy.channels] == ["search", "Email"]


def test_a_locale_may_be_written_with_a_hyphen():
    assert parse_strategy("organization: {locale: de-DE}").organization.locale == "de_DE"


def test_text_over_several_lines_loses_the_line_end_after_it():
    assert (
        parse_strategy("goals:\n  - id: a\n    statement: |\n      One\n      two\n").goals[0].statement == "One\ntwo"
    )


def test_a_strategy_cannot_be_changed_after_reading():
    strategy = parse_strategy("version: 1")
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        strategy.version = 1


def test_models_take_plain_python_values_too():
    goal = Goal(id="a", target=5, deadline=date(2026, 1, 31), scope={"channel": ["email", "search"]})
    assert (goal.target, goal.deadline) == (5.0, date(2026, 1, 31))
    with pytest.raises(pydantic.ValidationError):
        Goal(id="a", target=float("nan"))


def test_the_package_exports_every_model_and_both_readers():
    models = {
        name
        for name, value in vars(mopsnb.strategy).items()
        if isinstance(value, type) and issubclass(value, pydantic.BaseModel)
    }
    assert set(mopsnb.strategy.__all__) == models | {"parse_strategy", "read_strategy"}
