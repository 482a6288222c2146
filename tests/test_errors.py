"""Errors for people name the place, the value, the expectation and the way out."""

import inspect

import pytest

from mopsnb import errors
from mopsnb.errors import DataError, Fault, InputError, MopsnbError, suggest


def test_a_fault_names_file_place_field_value_expectation_and_fix() -> None:
    fault = Fault("data/ad_daily.csv", "row 7", "spend", "'1,5'", "a decimal number", "Write 1.5.")
    assert str(fault) == "data/ad_daily.csv, row 7, spend: found '1,5', expected a decimal number. Write 1.5."


def test_a_fault_that_repeats_states_how_often_and_shows_examples() -> None:
    fault = Fault("a.csv", "row 2", "spend", "'x'", "a number", count=1200, examples=("row 3 'y'", "row 9 'z'"))
    assert "1,200 cells have this fault, also row 3 'y'; row 9 'z'." in str(fault)


def test_an_input_error_lists_every_fault_on_its_own_line() -> None:
    faults = [Fault("a.csv", f"row {n}", "spend", "'x'", "a number") for n in (2, 3)]
    assert str(DataError("Two faults.", faults)).splitlines() == ["Two faults.", *(f"  {fault}" for fault in faults)]


def test_every_error_is_drawn_in_the_module_docstring() -> None:
    classes = [c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, MopsnbError)]
    assert len(classes) >= 10
    assert [c.__name__ for c in classes if c.__name__ not in (errors.__doc__ or "")] == []


def test_every_error_ends_the_command_line_with_its_own_kind_of_code() -> None:
    assert MopsnbError.exit_code == 1
    assert errors.ParameterError.exit_code == errors.UsageError.exit_code == 2
    assert errors.CurrencyError.exit_code == InputError.exit_code == 3


@pytest.mark.parametrize(
    ("word", "hint"), [("metrcs", "Did you mean 'metrics'?"), ("zebra", ""), ("Goals", "Did you mean 'goals'?")]
)
def test_a_suggestion_is_the_nearest_choice_or_nothing(word: str, hint: str) -> None:
    assert suggest(word, ["goals", "metrics"]) == hint
