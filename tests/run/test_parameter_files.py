"""A parameter file for a team: its blocks, its faults by line, and what a typed value means."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parameter_samples import ANY, plan, read_one, refuse, write

from mopsnb.run.declaration import parse_parameters
from mopsnb.run.parameter_files import read_parameter_file
from mopsnb.run.parameters import settle_parameters

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("no_variables")]


# --- a file for a whole team ------------------------------------------------------------------------------------------


def test_a_file_and_a_variable_may_name_what_does_not_run_this_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOPSNB_PARAM_SHOW_EMAIL", "true")
    path = write(tmp_path, "calls: 15\nlead_scoring:\n  seed: 3\n")
    assert plan(path, steps="metrics").given == {"metrics": {}}


def test_a_block_for_a_step_that_does_not_run_is_checked(tmp_path: Path) -> None:
    [fault] = refuse(write(tmp_path, "lead_scoring:\n  calls: 99\n"), steps="metrics")
    assert fault.startswith("lead_scoring.calls: found '99', expected a whole number from 11 to 24.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mnths: 3", "mnths: no step has such a parameter. Did you mean 'months'?"),
        ("metrcs:\n  months: 3", "line 1: metrcs: found a block, expected a single value, or the id of a step"),
        ("metrics: 3", "line 1: metrics: found '3', expected a block"),
        ("metrics:\n  mnths: 3", "mnths: the step 'metrics' has no such parameter. Did you mean 'months'?"),
        ("months: 3\nmonths: 4", "line 2: months is given twice, also in team.yml, line 1"),
        ("metrics:\n  as_of: 2026-01-01", "as_of is set by the option --as-of, not as a parameter. Given by team.yml"),
        ("- months: 3", "line 1: found no keys"),
        ("months: [3", "team.yml, line 1:"),
        ("months: 3\n\tx: 4", "team.yml, line 2:"),
        ("? [a]\n: 3", "line 1: found a list or block as a key"),
        ("a: \x07", "line 1: found a control character"),
        ("{" * 2000, "team.yml"),
    ],
)
def test_a_fault_of_the_file_names_its_line(text: str, words: str, tmp_path: Path) -> None:
    assert words in "\n".join(refuse(write(tmp_path, text), steps="metrics"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("months = 02134", "team.toml, line 1: found 'months = 02134', expected TOML"),
        ("months = 3\nmonths = 4", "team.toml, line 2: found 'months = 4', which is given twice."),
        ("months = 3 4", "line 1"),
        ("months = [", "team.toml"),
        ("[metrics]\nmonths = 99", "Given by team.toml, line 2."),
        ("metrics.months = 99", "Given by team.toml, line 1."),
        ("metrics = { months = 99 }", "Given by team.toml, line 1."),
        ("[[metrics]]\nmonths = 3", "metrics: found a list, expected a block"),
    ],
)
def test_a_fault_of_a_toml_file_names_its_line(text: str, words: str, tmp_path: Path) -> None:
    assert words in "\n".join(refuse(write(tmp_path, text, "team.toml"), steps="metrics"))


def test_a_file_that_is_not_there_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    write(tmp_path, "", "team.yml")
    assert refuse(tmp_path / "teams.yml") == [f"There is no file {tmp_path / 'teams.yml'}. Did you mean 'team.yml'?"]


@pytest.mark.parametrize("name", ["team.txt", "team"])
def test_a_file_of_another_format_is_refused(name: str, tmp_path: Path) -> None:
    assert "expected .yml, .yaml or .toml" in refuse(write(tmp_path, "months: 3", name))[0]


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.yml").mkdir()
    assert "it is a folder" in refuse(tmp_path / "folder.yml")[0]
    (tmp_path / "latin.yml").write_bytes(b"months: 3\nname: Z\xfcrich\n")
    assert "latin.yml, line 2: found the byte 0xfc, expected text in UTF-8." in refuse(tmp_path / "latin.yml")[0]
    write(tmp_path, "#" * 1_000_001, "large.yml")
    assert "large.yml is larger than 1,000,000 bytes" in refuse(tmp_path / "large.yml")[0]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", "metrics:\n  # months: 3\n", "metrics: {}\n"])
def test_a_file_may_hold_no_parameters_yet(text: str, tmp_path: Path) -> None:
    assert plan(write(tmp_path, text)).given == {"metrics": {}, "lead_scoring": {}}


# --- what a typed value means -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("name", "NO", "NO"),
        ("name", '"02134"', "02134"),
        ("name", "'yes'", "yes"),
        ("name", "2026-01-31", "2026-01-31"),
        ("name", "17:00", "17:00"),
        ("name", "12", "12"),
        ("name", "1.5", "1.5"),
        ("name", "!!str 02134", "02134"),
        ("name", "secret://warehouse", "secret://warehouse"),
        ("n", "12", 12),
        ("n", "-3", -3),
        ("n", "0x10", 16),
        ("x", "12", 12.0),
        ("x", "1e3", 1000.0),
        ("x", ".5", 0.5),
        ("is_on", "false", False),
        ("is_on", "TRUE", True),
        ("day", "2026-02-28", "2026-02-28"),
        ("day", '"2026-02-28"', "2026-02-28"),
        ("cap", "null", None),
        ("cap", "", None),
        ("cap", "3", 3),
    ],
)
def test_a_yaml_value_means_what_yaml_1_2_says(name: str, text: str, value: object, tmp_path: Path) -> None:
    read = read_one(tmp_path, name, text)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("name", '"02134"', "02134"),
        ("name", "12", "12"),
        ("n", "1_000", 1000),
        ("x", "3", 3.0),
        ("is_on", "false", False),
        ("day", "2026-02-28", "2026-02-28"),
    ],
)
def test_a_toml_value_means_what_toml_says(name: str, text: str, value: object, tmp_path: Path) -> None:
    assert read_one(tmp_path, name, text, "toml") == value


def test_a_number_without_quotes_is_no_text_where_something_would_be_lost(tmp_path: Path) -> None:
    items, _ = read_parameter_file(write(tmp_path, "name: 02134\n"), ())
    _, [fault] = settle_parameters({"s": parse_parameters(ANY)}, [items], {})
    assert fault == "s.name: found '02134', expected text. Put it in quotes: \"02134\". Given by team.yml, line 1."


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=40))
@settings(max_examples=60)
def test_a_text_in_quotes_stays_what_it_is(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    if "secret:" in text.casefold() or "://" in text or "=" in text:
        return
    assert read_one(tmp_path_factory.mktemp("text"), "name", json.dumps(text, ensure_ascii=False)) == text


@given(st.integers(-(10**17), 10**17))
@settings(max_examples=60)
def test_a_whole_number_stays_what_it_is(tmp_path_factory: pytest.TempPathFactory, number: int) -> None:
    folder = tmp_path_factory.mktemp("number")
    assert read_one(folder, "n", str(number)) == read_one(folder, "n", str(number), "toml") == number
    assert read_one(folder, "name", str(number)) == str(number)
