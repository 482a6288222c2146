"""The command line: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cli_samples import Shell, bring_notebooks
from run_samples import make_workspace

from mopsnb import __version__, errors
from mopsnb.cli.reference import EXIT_CODES, insert_reference
from mopsnb.steps import STEPS

pytestmark = pytest.mark.slow


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


@pytest.fixture
def notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Fixture notebooks in the place of the steps that mopsnb brings."""
    return bring_notebooks(tmp_path, monkeypatch)


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "mopsnb", *arguments], capture_output=True, text=True, check=True)


def list_imports(*arguments: str) -> set[str]:
    """Return the modules that a command has loaded when it ends."""
    code = "\n".join(
        [
            "import sys",
            f"sys.argv = ['mopsnb', *{arguments!r}]",
            "from mopsnb.cli import main",
            "try: main()",
            "except SystemExit: pass",
            "print(*sys.modules)",
        ]
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.splitlines()[-1].split())


# --- documentation ----------------------------------------------------------------------------------------------------


def test_the_page_holds_every_command_option_and_exit_code(repository: Path) -> None:
    page = (repository / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert page == insert_reference(page)


def test_every_error_ends_with_a_documented_exit_code() -> None:
    kinds = [errors.MopsnbError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    assert {kind.exit_code for kind in kinds} <= set(EXIT_CODES)


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="marks"):
        insert_reference("# no marks")


def test_the_page_on_parameters_shows_a_cell_that_can_be_read(repository: Path) -> None:
    from mopsnb.run.declaration import parse_parameters

    page = (repository / "docs" / "parameters.md").read_text(encoding="utf-8")
    cell = re.search(r"```python\n(.*?)```", page, re.DOTALL)[1]
    assert [parameter.kind for parameter in parse_parameters(cell)] == ["str", "date", "str", "int", "str"]


# --- usage ------------------------------------------------------------------------------------------------------------


def test_help_and_version_are_on_standard_output() -> None:
    assert "run" in call("--help").stdout
    assert call("--version").stdout == f"mopsnb {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("--version",),
        ("run", "--help"),
        ("steps",),
        ("run", "-p", "nonsense"),
        ("run", "--as-of", "today"),
    ],
)
def test_help_and_refusals_load_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert not {"pandas", "duckdb", "papermill", "nbformat", "altair", "rich"} & list_imports(*arguments)


def test_a_refused_parameter_leaves_no_trace(
    shell: Shell, notebooks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    code, out, err = shell("run", "-p", "nonsense", "-p", "months=1e3")
    assert (code, out) == (2, "")
    assert "NAME=VALUE" in err
    assert "1e3" in err
    assert list((tmp_path / "here").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["rn"], "Did you mean 'run'"),
        (["run", "--stps", "a"], "--stps"),
        (["run", "--jobs", "-1"], "--jobs"),
        (["run", "--fail-on", "info"], "info"),
        (["run", "--steps", "metrcs"], "Did you mean 'metrics'"),
        (["run", "--group", "mesure"], "Did you mean 'measure'"),
        (["run", "--as-of", "31.01.2026"], "expected a date such as 2026-01-31"),
        (["params", "metrcs"], "Did you mean 'metrics'"),
        (["sample", "x", "--scale", "0"], "--scale"),
    ],
)
def test_what_does_not_exist_ends_with_2_and_nothing_on_standard_output(
    shell: Shell, arguments: list[str], message: str
) -> None:
    code, out, err = shell(*arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_a_fault_of_mopsnb_says_so_without_a_traceback(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError("inner")

    monkeypatch.setattr("mopsnb.cli.printing.describe_steps", fail)
    code, _, err = shell("steps")
    assert code == 70
    assert "this is a bug in mopsnb" in err
    assert "Traceback" not in err
    monkeypatch.setenv("MOPSNB_DEBUG", "1")
    assert "Traceback" in shell("steps")[2]


# --- the registry and parameters --------------------------------------------------------------------------------------


def test_steps_are_listed_with_their_questions(shell: Shell) -> None:
    code, out, _ = shell("steps")
    assert code == 0
    assert all(step.slug in out and step.question in out for step in STEPS)
    assert [item["step"] for item in json.loads(shell("steps", "--json")[1])] == [step.slug for step in STEPS]


def test_parameters_are_listed_with_what_they_may_be(shell: Shell, notebooks: Path) -> None:
    code, out, _ = shell("params", "typed")
    assert code == 0
    assert re.search(r"^months +int +24 +a whole number from 1 to 60 +months shown$", out, re.MULTILINE)
    assert re.search(r"^by +str +month +one of month, quarter +grain$", out, re.MULTILINE)
    assert "set by the option --as-of" in out
    listed = {item["name"]: item for item in json.loads(shell("params", "typed", "--json")[1])}
    assert listed["share"] == {
        "name": "share",
        "type": "float",
        "default": 0.5,
        "choices": [],
        "low": 0.0,
        "high": 1.0,
        "optional": False,
        "help": "share of the budget",
        "set_by_runner": False,
    }


# --- folders ----------------------------------------------------------------------------------------------------------


def test_a_fresh_workspace_passes_the_check(shell: Shell, tmp_path: Path) -> None:
    code, out, err = shell("init", tmp_path / "team")
    assert (code, err) == (0, "")
    assert f"mopsnb run {tmp_path / 'team'}" in out
    code, out, err = shell("check", tmp_path / "team")
    assert (code, err) == (0, ""), out
    assert "Nothing keeps it from running." in out


def test_an_empty_folder_becomes_a_workspace(shell: Shell, tmp_path: Path) -> None:
    assert shell("init", tmp_path)[0] == 0
    assert (tmp_path / "strategy.yml").is_file()


@pytest.mark.parametrize("command", ["init", "sample"])
def test_a_folder_with_something_in_it_stays_as_it_is(shell: Shell, tmp_path: Path, command: str) -> None:
    (tmp_path / ".hidden").write_text("mine")
    code, _, err = shell(command, tmp_path)
    assert code == 9
    assert "is not empty" in err
    assert [path.name for path in tmp_path.iterdir()] == [".hidden"]
    assert "is a file" in shell(command, tmp_path / ".hidden")[2]


def test_the_sample_is_generated_with_seed_and_scale(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    monkeypatch.setattr(
        "mopsnb.sample.generate", lambda folder, **options: calls.append((folder, options)), raising=False
    )
    code, out, _ = shell("sample", tmp_path / "company", "--seed", 3, "--scale", 2)
    assert code == 0
    assert calls == [(tmp_path / "company", {"seed": 3, "scale": 2})]
    assert f"mopsnb run {tmp_path / 'company'}" in out


# --- check ------------------------------------------------------------------------------------------------------------


def test_check_lists_every_fault_of_every_table_and_ends_with_3(shell: Shell, tmp_path: Path) -> None:
    team = make_workspace(tmp_path / "team", data=True)
    with (team / "data" / "ad_daily.csv").open("a") as file:
        file.write("2026-02-30,search,c1,many,EUR\n")
    (team / "data" / "notes.csv").write_text("a\n1\n")
    code, out, err = shell("check", team)
    assert (code, err) == (3, "")
    assert "2026-02-30" in out
    assert "many" in out
    report = json.loads(shell("check", team, "--json")[1])
    assert not report["ok"]
    assert report["tables"] == ["ad_daily"]
    assert {fault["field"] for fault in report["faults"]} == {"date", "spend"}
    assert any("notes.csv" in finding["title"] for finding in report["findings"])


def test_check_lists_the_faults_of_the_strategy_file(shell: Shell, tmp_path: Path) -> None:
    team = make_workspace(tmp_path / "team")
    (team / "strategy.yml").write_text("version: 1\ngols: []\n")
    code, out, _ = shell("check", team)
    assert code == 3
    assert "Did you mean 'goals'" in out
    report = json.loads(shell("check", team, "--json")[1])
    assert [fault["file"] for fault in report["faults"]] == ["strategy.yml"]


def test_check_refuses_a_region_whose_holidays_nobody_knows(shell: Shell, tmp_path: Path) -> None:
    team = make_workspace(tmp_path / "team")
    (team / "strategy.yml").write_text("version: 1\norganization: {holidays: DE-XX}\n")
    code, out, _ = shell("check", team)
    assert code == 3
    assert "organization.holidays: found DE-XX" in out.replace("\n", " ")


def test_check_says_that_a_folder_is_not_a_workspace(shell: Shell, tmp_path: Path) -> None:
    code, out, _ = shell("check", tmp_path)
    assert code == 3
    assert "strategy.yml" in out
