"""Values come from a file, from environment variables and from options; the run knows where each one came from."""

from __future__ import annotations

from pathlib import Path

import pytest
from parameter_samples import plan, refuse, write

from mopsnb import assets
from mopsnb.errors import ParameterError
from mopsnb.run.declaration import parse_parameters
from mopsnb.run.parameter_sheet import write_sheet
from mopsnb.run.parameters import read_parameters
from mopsnb.run.plan import make_plan
from mopsnb.run.request import RunRequest
from mopsnb.steps import STEPS, find_step, select_steps

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("no_variables")]


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
