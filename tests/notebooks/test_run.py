"""Every notebook runs: by papermill's own command, in a fresh workspace, and as part of a report."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from workspaces import write_workspace

from mopsnb.assets import folder
from mopsnb.steps import STEPS

BIN = Path(sys.executable).parent
SLUGS = [step.slug for step in STEPS]
pytestmark = pytest.mark.slow


def call(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True, check=False)


def read_files(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(step, id=step.slug, marks=() if step.slug == "service_levels" else pytest.mark.soak)
        for step in STEPS
    ],
)
def test_papermill_alone_runs_it_from_any_folder_with_the_report_s_result(
    step, sample_report: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.ipynb"
    done = call(
        BIN / "papermill", "--no-progress-bar", folder("notebooks") / step.notebook, out,
        "-p", "results_dir", tmp_path / "results", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    nbformat.validate(nbformat.read(out, as_version=4))
    plain, ours = (
        json.loads((path / f"{step.slug}.json").read_text(encoding="utf-8"))
        for path in (tmp_path / "results", sample_report / "results")
    )
    assert (plain["step"], plain["status"]) == (step.slug, "ok")
    assert plain["headline"]
    assert plain == ours


def test_a_report_has_a_page_a_result_and_an_index_for_every_step(sample_report: Path) -> None:
    for slug in SLUGS:
        assert (sample_report / f"{slug}.html").is_file()
        assert (sample_report / "results" / f"{slug}.json").is_file()
        assert f"{slug}.html" in (sample_report / "index.html").read_text(encoding="utf-8")


def test_the_same_input_gives_the_same_results(sample_report: Path, tmp_path: Path) -> None:
    """One step by itself; the long form compares every byte of a whole report."""
    call(BIN / "mopsnb", "run", "--steps", "goals", "--out", tmp_path / "again", cwd=tmp_path)
    again = read_files(tmp_path / "again" / "results")
    assert {name: data for name, data in read_files(sample_report / "results").items() if name in again} == again
    assert "goals.json" in again


@pytest.mark.soak
def test_the_same_input_gives_the_same_bytes(sample_report: Path, tmp_path: Path) -> None:
    call(BIN / "mopsnb", "run", "--single-file", "--out", tmp_path / "again", "--jobs", "1", cwd=tmp_path)
    first, second = read_files(sample_report), read_files(tmp_path / "again")
    runs = [json.loads(files.pop("run.json")) for files in (first, second)]
    assert [name for name in first if first[name] != second.get(name)] == []
    assert sorted(first) == sorted(second)
    for run in runs:
        assert run.pop("volatile")
    assert runs[0] == runs[1]


def test_pages_write_percentages_in_one_form(sample_report: Path) -> None:
    """As the sample's locale writes them: without a space."""
    for page in sample_report.glob("*.html"):
        text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert re.findall(r".{30}\d\s+%", html.unescape(text)) == []


def test_the_monthly_table_has_the_columns_that_others_rely_on(sample_report: Path) -> None:
    table = pd.read_parquet(sample_report / "results" / "metrics" / "monthly.parquet")
    assert {"metric", "period_start", "value", "numerator", "denominator"} <= set(table.columns)
    assert {"email_churn_rate", "click_through_rate", "total_clicks"} <= set(table["metric"])


def test_a_fresh_workspace_passes_check_and_run_and_says_that_there_is_no_data(tmp_path: Path) -> None:
    for command in (["init", "team"], ["check", "team"], ["run", "team"]):
        done = call(BIN / "mopsnb", *command, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    latest = tmp_path / "team" / "runs" / "latest"
    for slug in SLUGS:
        result = json.loads((latest / "results" / f"{slug}.json").read_text(encoding="utf-8"))
        assert (result["status"], result["as_of"]) == ("no_data", None)
    assert "no data" in (latest / "metrics.html").read_text(encoding="utf-8").casefold()


def test_two_currencies_without_rates_stop_the_pages_that_show_money_and_no_other(tmp_path: Path) -> None:
    goal = "{id: clicks, metric: ad_clicks, baseline: 10, target: 20, start: 2026-01-01, deadline: 2026-12-31}"
    write_workspace(
        tmp_path / "team",
        f"version: 1\ngoals: [{goal}]\n",
        ad_daily="date,channel,campaign_id,spend,currency,clicks\n"
        "2026-01-30,search,1,1,EUR,7\n2026-01-31,search,1,2,USD,8\n",
    )
    done = call(BIN / "mopsnb", "run", "team", "--out", "report", cwd=tmp_path)
    steps = json.loads((tmp_path / "report" / "run.json").read_text(encoding="utf-8"))["steps"]
    progress = pd.read_parquet(tmp_path / "report" / "results" / "goals" / "progress.parquet")
    assert done.returncode != 0
    assert {item["step"]: item["status"] for item in steps} == {
        "goals": "ok",
        "budget_pacing": "failed",
        "service_levels": "no_data",
        "metrics": "failed",
        "lead_scoring": "no_data",
    }
    assert progress["actual"].tolist() == [15]


def test_an_edited_notebook_takes_effect_at_once(sample_report: Path) -> None:
    assert folder("notebooks") == Path(__file__).resolve().parents[2] / "notebooks"
