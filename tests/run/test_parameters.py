"""Text from the command line becomes typed values, or is refused with all faults at once."""

from __future__ import annotations

import ast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from papermill.translators import PythonTranslator
from run_samples import FIXTURES

from mopsnb.errors import ParameterError
from mopsnb.run.declaration import parse_parameters
from mopsnb.run.parameters import assign_parameters, check_parameters, parse_date, read_parameters

TYPED = read_parameters(FIXTURES / "typed.ipynb")
FREE = parse_parameters('name: str = ""\nn: int = 0\nx: float = 0.0\nis_on: bool = True\nday: "date" = "2026-01-31"')


def convert(name: str, text: str) -> object:
    return check_parameters(FREE, {name: text})[name]


def refuse(parameters: list, values: dict[str, str]) -> str:
    with pytest.raises(ParameterError) as caught:
        check_parameters(parameters, values)
    return str(caught.value)


@pytest.mark.parametrize("text", ["02134", "NO", "false", "1e3", "null", "[1]", "", " x ", "0x10", "Zürich", "a=b"])
def test_text_stays_text(text: str) -> None:
    assert convert("name", text) == text


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("Yes", True), ("1", True), ("FALSE", False), ("no", False), ("0", False)]
)
def test_six_words_are_truth_values(text: str, value: bool) -> None:
    assert convert("is_on", text) is value


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("-12", -12), ("+7", 7), ("999999999999", 999999999999)])
def test_whole_numbers_are_read(text: str, value: int) -> None:
    assert convert("n", text) == value
    assert type(convert("n", text)) is int


@pytest.mark.parametrize(("text", "value"), [("1", 1.0), ("0.25", 0.25), ("1e3", 1000.0), ("-.5", -0.5), ("2.", 2.0)])
def test_numbers_are_read(text: str, value: float) -> None:
    assert convert("x", text) == value
    assert type(convert("x", text)) is float


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *[("n", text) for text in ("1e3", "1.0", "02134", "", " 1", "1_000", "٣", "0x10", "true", "9" * 30, "1\n")],
        *[("x", text) for text in ("nan", "NaN", "inf", "-Infinity", "1e999", "", "1,5", "0x1p3", "1_0.5", "½")],
        *[("is_on", text) for text in ("on", "off", "t", "2", "", "tru", "True ", "None")],
        *[("day", text) for text in ("2026-02-30", "20260131", "2026-W01-1", "31.01.2026", "", "today", "2026-1-3")],
        *[("name", text) for text in ("a\x00b", "line\nbreak", "\x1b[31m", "\udcff")],
    ],
)
def test_what_is_not_a_value_of_the_type_is_refused(name: str, text: str) -> None:
    assert f"  {name}: found '" in refuse(FREE, {name: text})


@pytest.mark.parametrize(
    ("name", "text"), [("months", "0"), ("months", "61"), ("share", "1.01"), ("share", "-1e-9"), ("by", "Month")]
)
def test_what_is_outside_range_or_choices_is_refused(name: str, text: str) -> None:
    assert "expected" in refuse(TYPED, {name: text})


def test_the_nearest_choice_is_proposed() -> None:
    assert "Did you mean 'month'?" in refuse(TYPED, {"by": "Month"})


@pytest.mark.parametrize(("name", "text"), [("months", "1"), ("months", "60"), ("share", "0"), ("share", "1")])
def test_both_ends_of_a_range_are_inside(name: str, text: str) -> None:
    assert float(check_parameters(TYPED, {name: text})[name]) == float(text)


def test_empty_text_is_none_for_an_optional_parameter() -> None:
    [cap] = parse_parameters("cap: int | None = 5")
    assert check_parameters([cap], {"cap": ""}) == {"cap": None}
    assert check_parameters([cap], {"cap": "3"}) == {"cap": 3}


def test_a_date_stays_iso_text_and_may_be_empty_where_its_default_is() -> None:
    assert check_parameters(TYPED, {"since": "2026-01-31"}) == {"since": "2026-01-31"}
    assert check_parameters(TYPED, {"since": ""}) == {"since": ""}


def test_all_faults_are_reported_at_once() -> None:
    text = refuse(TYPED, {"months": "1e3", "by": "year", "mnths": "3", "is_paid": "maybe"})
    assert text.splitlines() == [
        "4 parameters cannot be used:",
        "  by: found 'year', expected one of month, quarter.",
        "  months: found '1e3', expected a whole number from 1 to 60.",
        "  is_paid: found 'maybe', expected true or false.",
        "  mnths: no step of this run has such a parameter. Did you mean 'months'? "
        "Known: code, by, months, share, is_paid, since.",
    ]


@pytest.mark.parametrize("name", ["workspace", "as_of", "results_dir"])
def test_what_the_runner_sets_cannot_be_given(name: str) -> None:
    assert f"{name} is set by " in refuse(TYPED, {name: "../elsewhere"})


DECLARED = {"metrics": TYPED, "goals": parse_parameters("months: int = 12  # months ahead [1..24]")}


def test_a_value_goes_to_every_step_that_has_the_parameter() -> None:
    assigned = assign_parameters(DECLARED, ["months=6", "by=quarter"])
    assert assigned == {"metrics": {"by": "quarter", "months": 6}, "goals": {"months": 6}}


def test_a_value_for_one_step_wins_over_a_value_for_all() -> None:
    assigned = assign_parameters(DECLARED, ["metrics.months=48", "months=6"])
    assert (assigned["metrics"]["months"], assigned["goals"]["months"]) == (48, 6)


def test_a_value_must_suit_every_step_that_takes_it() -> None:
    with pytest.raises(ParameterError, match=r"goals\.months: found '48', expected a whole number from 1 to 24"):
        assign_parameters(DECLARED, ["months=48"])


def test_a_value_may_hold_an_equals_sign() -> None:
    assert assign_parameters({"metrics": TYPED}, ["code=a=b"])["metrics"] == {"code": "a=b"}


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("months", "is not of the form NAME=VALUE"),
        ("=3", "is not of the form NAME=VALUE"),
        ("metrics.=3", "is not of the form NAME=VALUE"),
        ("metrcs.months=3", "Did you mean 'metrics'?"),
        ("team.months=3", "does not run this time"),
        ("metrics.mnths=3", "the step 'metrics' has no such parameter. Did you mean 'months'?"),
        ("mnths=3", "Did you mean 'months'?"),
        ("goals.as_of=2026-01-01", "as_of is set by the option --as-of"),
    ],
)
def test_an_item_that_names_nothing_is_refused_with_the_nearest_name(item: str, message: str) -> None:
    with pytest.raises(ParameterError) as caught:
        assign_parameters(DECLARED, [item], ["metrics", "goals", "team"])
    assert message in str(caught.value)


def test_the_same_parameter_twice_is_refused() -> None:
    with pytest.raises(ParameterError, match="months is given twice"):
        assign_parameters(DECLARED, ["months=3", "months=4"])


@pytest.mark.parametrize("text", ["2026-13-01", "yesterday", "2026-01-01T00:00", " 2026-01-01"])
def test_a_day_must_be_an_iso_date(text: str) -> None:
    with pytest.raises(ParameterError, match="expected a date such as"):
        parse_date(text)


printable = st.text(st.characters(exclude_categories=("Cs", "Cc")))


@given(printable)
@example('"; import os #')
@example("\\")
@example('\\" {x} %s')
def test_whatever_text_is_accepted_reaches_the_notebook_unchanged(text: str) -> None:
    value = check_parameters(FREE, {"name": text})["name"]
    assert ast.literal_eval(PythonTranslator.translate(value)) == text


@settings(max_examples=200)
@given(st.sampled_from(["n", "x", "is_on", "day"]), printable)
def test_arbitrary_text_is_either_a_value_of_the_type_or_refused(name: str, text: str) -> None:
    types = {"n": int, "x": float, "is_on": bool, "day": str}
    try:
        value = convert(name, text)
    except ParameterError:
        return
    assert type(value) is types[name]
    assert ast.literal_eval(PythonTranslator.translate(value)) == value
