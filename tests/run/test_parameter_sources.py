"""Values come from a file, from environment variables and from options; the run knows where each one came from."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mopsnb import assets
from mopsnb.errors import ParameterError
from mopsnb.run.declaration import parse_parameters
from mopsnb.run.parameter_files import read_parameter_file
from mopsnb.run.parameter_sheet import write_sheet
from mopsnb.run.parameters import read_parameters, settle_parameters
from mopsnb.run.plan import Plan, make_plan
from mopsnb.run.request import RunRequest
from mopsnb.steps import STEPS, find_step, select_steps

ANY = 'name: str = ""\nn: int = 0\nx: float = 0.0\nis_on: bool = True\nday: "date" = "2026-01-31"\ncap: int | None = 5'


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("MOPSNB_PARAM_"):
            monkeypatch.delenv(name)


def write(folder: Path, text: str, name: str = "team.yml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def plan(path: Path | None = None, *options: str, steps: str = "metrics,lead_scoring") -> Plan:
    return make_plan(RunRequest(steps=select_steps(steps), parameters=options, parameter_file=path))


def refuse(path: Path | None = None, *options: str, steps: str = "metrics,lead_scoring") -> list[str]:
    with pytest.raises(ParameterError) as caught:
        plan(path, *options, steps=steps)
    return [line.strip() for line in str(caught.value).splitlines()[1:]]


def read_one(folder: Path, name: str, text: str, kind: str = "yml") -> object:
    """Return the value of one parameter of any type that a file gives."""
    body = f"{name} = {text}" if kind == "toml" else f"{name}: {text}"
    items, faults = read_parameter_file(write(folder, body, f"one.{kind}"), ())
    settled, wrong = settle_parameters({"s": parse_parameters(ANY)}, [items], {})
    assert faults + wrong == []
    return settled["s"][name].value


# --- precedence -------------------------------------------------------------------------------------------------------


def test_each_source_is_stronger_than_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "months: 6\n")
    assert plan().given["metrics"] == {}
    assert (plan(path).given["metrics"], plan(path).origins["metrics"]) == (
        {"months": 6},
        {"months": "team.yml, line 1"},
    )
    monkeypatch.setenv("MOPSNB_PARAM_MONTHS", "7")
    assert plan(path).given["metrics"] == {"months": 7}
    assert plan(path).origins["metrics"] == {"months": "MOPSNB_PARAM_MONTHS"}
    assert plan(path, "months=8").given["metrics"] == {"months": 8}
    assert plan(path, "months=8").origins["metrics"] == {"months": "--param"}


@pytest.mark.parametrize("form", ["yml", "toml", "variable", "option"])
def test_within_a_source_a_value_for_one_step_wins(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"yml": "metrics:\n  months: 9\nmonths: 6\n", "toml": "months = 6\n[metrics]\nmonths = 9\n"}
    path = write(tmp_path, texts[form], f"team.{form}") if form in texts else None
    if form == "variable":
        monkeypatch.setenv("MOPSNB_PARAM_METRICS__MONTHS", "9")
        monkeypatch.setenv("MOPSNB_PARAM_MONTHS", "6")
    options = ["metrics.months=9", "months=6"] if form == "option" else []
    assert plan(path, *options, steps="metrics").given["metrics"] == {"months": 9}


def test_a_value_for_all_steps_in_a_stronger_source_wins_over_one_for_a_step(tmp_path: Path) -> None:
    path = write(tmp_path, "metrics: {months: 9}\n")
    assert plan(path, "months=6", steps="metrics").given["metrics"] == {"months": 6}


def test_a_value_that_a_stronger_source_overrules_is_checked_all_the_same(tmp_path: Path) -> None:
    [fault] = refuse(write(tmp_path, "months: 99\n"), "months=6", steps="metrics")
    assert fault == "metrics.months: found '99', expected a whole number from 1 to 60. Given by team.yml, line 1."


def test_the_faults_of_all_sources_are_reported_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOPSNB_PARAM_MNTHS", "7")
    with pytest.raises(ParameterError) as caught:
        request = RunRequest(
            steps=select_steps("metrics"),
            parameters=("months=1e3",),
            as_of="yesterday",
            parameter_file=write(tmp_path, "metrics:\n  months: 0\n"),
        )
        make_plan(request)
    said = str(caught.value)
    assert said.startswith("4 parameters cannot be used:")
    for words in ("as_of: found 'yesterday'", "team.yml, line 2", "'MOPSNB_PARAM_MONTHS'?", "found '1e3'"):
        assert words in said


def test_every_value_of_a_run_has_an_origin(tmp_path: Path) -> None:
    made = plan(write(tmp_path, "lead_scoring:\n  calls: 15\n"))
    assert made.show_origins(find_step("lead_scoring")) == {
        "as_of": "the data",
        "calls": "team.yml, line 2",
        "show_email": "the notebook",
        "keep": "the notebook",
        "seed": "the notebook",
    }


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


# --- variables --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "words"),
    [
        ("MOPSNB_PARAM_MNTHS", "Did you mean 'MOPSNB_PARAM_MONTHS'?"),
        ("MOPSNB_PARAM_METRICS__MNTHS", "Did you mean 'MOPSNB_PARAM_METRICS__MONTHS'?"),
        ("MOPSNB_PARAM_METRCS__MONTHS", "Did you mean 'MOPSNB_PARAM_METRICS__MONTHS'?"),
        ("MOPSNB_PARAM_", "no step has such a parameter."),
        ("MOPSNB_PARAM_WORKSPACE", "workspace is set by the first argument of 'mopsnb run', not as a parameter."),
        ("MOPSNB_PARAM_METRICS__RESULTS_DIR", "results_dir is set by the option --out, not as a parameter."),
    ],
)
def test_a_variable_that_names_nothing_to_set_is_refused(
    variable: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "7")
    [fault] = refuse()
    assert words in fault
    assert variable in fault


# --- the file to start from -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
def test_the_sheet_of_a_step_gives_each_parameter_its_default(step, tmp_path: Path) -> None:
    declared = read_parameters(assets.folder("notebooks") / step.notebook)
    made = plan(write(tmp_path, write_sheet(step, declared)), steps=step.slug)
    own = {item.name: item.default for item in declared if item.name not in ("workspace", "as_of", "results_dir")}
    assert made.given[step.slug] == own


def test_the_sheet_says_what_each_parameter_may_be() -> None:
    sheet = write_sheet(find_step("metrics"), parse_parameters("months: int = 24  # months shown [1..60]"))
    assert sheet.splitlines()[-3:] == ["", "  # months shown. A whole number from 1 to 60.", "  months: 24"]
