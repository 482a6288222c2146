"""The command ``mopsnb run``: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from cli_samples import Shell, bring_notebooks
from run_samples import make_workspace

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_server")]


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


@pytest.fixture
def notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Fixture notebooks in the place of the steps that mopsnb brings."""
    return bring_notebooks(tmp_path, monkeypatch)


@pytest.mark.slow
class TestRun:
    def test_a_good_run_says_where_the_report_is_and_what_needs_attention(
        self, shell: Shell, notebooks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_workspace(tmp_path / "team", data=True)
        monkeypatch.chdir(tmp_path)
        code, out, err = shell("run", "team", "--steps", "ok,empty", "--out", "site")
        assert (code, err) == (0, "")
        lines = out.splitlines()
        assert lines[:5] == [
            "Report: site/index.html",
            "2 steps: 1 ok, 1 without data yet",
            "2 findings: 1 error, 1 note",
            "  error    The second month is too high",
            "  info     The first month is low",
        ]
        assert re.fullmatch(r"Data through 2026-01-31 \([\d,]+ days ago\)", lines[5])
        assert (tmp_path / "site" / "index.html").is_file()

    def test_a_failed_step_ends_with_1_and_is_named_on_standard_error(
        self, shell: Shell, notebooks: Path, tmp_path: Path
    ) -> None:
        team = make_workspace(tmp_path / "team")
        code, out, err = shell("run", team, "--steps", "ok,broken", "--fail-on", "warning", "--quiet")
        assert (code, out) == (1, "")
        assert err.startswith("broken failed: ")
        assert "ZeroDivisionError" in err
        assert "last good report" not in err
        assert not (team / "runs" / "latest").exists()

    def test_a_failed_run_points_to_the_last_good_report(self, shell: Shell, notebooks: Path, tmp_path: Path) -> None:
        team = make_workspace(tmp_path / "team")
        shell("run", team, "--steps", "ok")
        code, _, err = shell("run", team, "--steps", "broken")
        assert code == 1
        assert err.endswith(
            f"{team / 'runs' / 'latest' / 'index.html'} is the last good report, from an earlier run.\n"
        )

    @pytest.mark.parametrize(("options", "code"), [([], 0), (["--fail-on", "error"], 4), (["--fail-on", "warning"], 4)])
    def test_findings_change_the_exit_code_only_when_asked(
        self, shell: Shell, notebooks: Path, tmp_path: Path, options: list[str], code: int
    ) -> None:
        team = make_workspace(tmp_path / "team")
        assert shell("run", team, "--steps", "ok", *options)[0] == code
        assert (team / "runs" / "latest" / "ok.html").is_file()

    def test_json_holds_the_record_the_findings_and_the_report(
        self, shell: Shell, notebooks: Path, tmp_path: Path
    ) -> None:
        team = make_workspace(tmp_path / "team")
        code, out, err = shell("run", team, "--steps", "typed", "--json", "-p", "months=3", "--keep-notebooks")
        assert (code, err) == (0, "")
        printed = json.loads(out)
        assert printed["exit_code"] == 0
        assert printed["steps"][0]["parameters"]["months"] == 3
        assert Path(printed["report"]).is_file()
        assert (Path(printed["report"]).parent / "notebooks" / "typed.ipynb").is_file()

    def test_verbose_prints_a_line_for_each_step_without_a_terminal(
        self, shell: Shell, notebooks: Path, tmp_path: Path
    ) -> None:
        team = make_workspace(tmp_path / "team")
        _, _, err = shell("run", team, "--steps", "empty", "-v")
        assert [re.sub(r"[\d.]+ s", "N s", line) for line in err.splitlines()] == [
            "empty: started",
            "empty: no data yet after N s",
            "writing the report",
        ]

    def test_a_folder_that_is_not_a_report_is_refused_before_anything_runs(
        self, shell: Shell, notebooks: Path, tmp_path: Path
    ) -> None:
        team = make_workspace(tmp_path / "team")
        code, _, err = shell("run", team, "--steps", "ok", "--out", team)
        assert code == 9
        assert "stays as it is" in err
        assert sorted(path.name for path in team.iterdir()) == ["data", "strategy.yml"]

    def test_the_sample_runs_into_report_and_a_workspace_here_is_mentioned(
        self, shell: Shell, notebooks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(make_workspace(tmp_path / "team"))
        code, out, err = shell("run", "--steps", "empty")
        assert (code, err) == (0, "")
        assert out.splitlines()[0] == "Report: report/index.html"
        assert out.splitlines()[-1].endswith("mopsnb run .")
        assert json.loads(Path("report/run.json").read_text(encoding="utf-8"))["is_sample"]
