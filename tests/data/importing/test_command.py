"""The commands ``mopsnb import`` and ``mopsnb sources``, and the page that describes them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from import_samples import make_workspace, write

from mopsnb.data.importing.page import insert_list
from mopsnb.data.importing.sources import read_sources

TASKS = "Task ID,Name,Section/Column\n1,Brief,Doing\n2,Write,Doing\n"


def call(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mopsnb", *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_the_page_lists_every_source(repository: Path) -> None:
    """docs/importing.md is written anew with: python -m mopsnb.data.importing.page docs/importing.md."""
    page = (repository / "docs" / "importing.md").read_text(encoding="utf-8")
    assert page == insert_list(page)
    assert all(f"`{name}`" in page for name in read_sources())


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="marks"):
        insert_list("# no marks")


@pytest.mark.slow
def test_import_says_what_was_recognized_and_what_comes_next(tmp_path: Path) -> None:
    team = make_workspace(tmp_path / "team")
    run = call("import", write(tmp_path, "tasks.csv", TASKS), "--into", team)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines() == [
        "tasks.csv: Asana, tasks of a project (asana_tasks_export), told by the columns Task ID, Name, Section/Column, "
        "into task",
        "  2 rows read, 2 kept, 0 rejected",
        "  Parents are given by name; a name that several tasks have is not resolved. "
        "A task with a completion date is done.",
        "data/task.parquet: 2 rows, 2 added, 0 replaced",
        f"Next: mopsnb check {team}",
    ]


@pytest.mark.slow
def test_import_prints_json_and_honors_its_options(tmp_path: Path) -> None:
    team = make_workspace(tmp_path / "team")
    text = "Day,Campaign,Impr.,Clicks,Cost,Wins\n1/2/2026,A,10,1,1.234,2\n"
    options = ["--date-order", "dmy", "--decimal", "comma", "--default", "currency=EUR", "--map", "conversions=Wins"]
    run = call("import", write(tmp_path, "g.csv", text), "--into", team, "--json", "--dry-run", *options)
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)
    assert report["dry_run"]
    assert report["files"][0]["columns"]["conversions"] == "Wins"
    assert report["tables"]["ad_daily"]["added"] == 1
    assert not list((team / "data").iterdir())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--default", "currency"], 2, "expected COLUMN=VALUE"),
        (["--source", "asana_task"], 2, "Did you mean"),
        (["--date-order", "ymd"], 2, "--date-order"),
        (["--table", "deal"], 3, "was not imported"),
    ],
)
def test_what_cannot_be_done_ends_with_a_documented_code(
    tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    team = make_workspace(tmp_path / "team")
    run = call("import", write(tmp_path, "tasks.csv", TASKS), "--into", team, *arguments)
    assert (run.returncode, run.stdout) == (code, "")
    assert message in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.slow
def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    run = call("import", write(tmp_path, "tasks.csv", TASKS), "--into", tmp_path / "nowhere")
    assert run.returncode == 3
    assert "mopsnb init" in run.stderr
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.slow
def test_a_workspace_on_a_database_takes_no_files(tmp_path: Path) -> None:
    team = make_workspace(tmp_path / "team")
    with (team / "strategy.yml").open("a") as strategy:
        strategy.write("data: secret://warehouse\n")
    done = call("import", write(tmp_path, "tasks.csv", TASKS), "--into", team)
    assert done.returncode == 2
    assert "reads its tables from where the key data of strategy.yml says" in done.stderr
    assert list((team / "data").iterdir()) == []


@pytest.mark.slow
def test_sources_tells_how_to_export_and_knows_those_of_the_workspace(tmp_path: Path) -> None:
    team = make_workspace(tmp_path / "team")
    own = (
        "id: mine\ntitle: Mine\nvendor: me\nshape: export\ntable: task\nexport: By hand\n"
        "recognize: {headers: [x]}\ncolumns: {task_id: [x]}\n"
    )
    write(team / "sources", "mine.yml", own)
    listed = {item["id"]: item for item in json.loads(call("sources", team, "--json").stdout)}
    assert listed["mine"]["export"] == "By hand"
    assert "Segment by Time, Day" in listed["google_ads_campaign_export"]["export"]
    assert "google_ads_campaign_export → ad_daily" in call("sources").stdout


@pytest.mark.slow
def test_a_workspace_of_imports_passes_the_check_and_its_pages_agree_with_the_files(
    shared_data: Path, tmp_path: Path
) -> None:
    team = tmp_path / "team"
    assert call("init", team).returncode == 0
    strategy = team / "strategy.yml"
    strategy.write_text(re.sub("(?m)^  currency:.*$", "  currency: USD", strategy.read_text(encoding="utf-8")))
    ui, connector = shared_data / "ui_exports", shared_data / "fivetran"
    write(team / "data", "fx_rate.csv", "date,currency,rate_to_base\n2020-01-01,EUR,1.1\n2020-01-01,USD,1\n")
    meta = [connector / "dbt_facebook_ads" / f"facebook_ads_basic_ad{name}_data.csv" for name in ("", "_actions")]
    google = connector / "dbt_google_ads" / "campaign_stats_data.csv"
    tasks, events = connector / "dbt_asana" / "task_data.csv", connector / "dbt_ga4_export" / "event_data.csv"
    files = [*sorted(ui.glob("*.csv")), google, *meta, tasks, events]
    for command in (files, [ui / "adhoc_spend.xlsx", "--default", "channel=print"]):
        run = call("import", *command, "--into", team)
        assert run.returncode == 0, run.stderr
    check = call("check", team)
    assert check.returncode == 0, check.stdout
    run = call("run", team, "--steps", "metrics,budget_pacing")
    assert run.returncode == 0, run.stderr
    results = team / "runs" / "latest" / "results"
    assert json.loads((results / "metrics.json").read_text(encoding="utf-8"))["status"] == "ok"
    sums = pd.read_parquet(results / "metrics" / "monthly.parquet").groupby("metric")["value"].sum()
    spend = 1038.34 + 475.50 * 1.1 + 231.33 + 643.63 + 1012.50
    assert sums["ad_spend"] == pytest.approx(spend, abs=1e-9)
    assert sums["ad_clicks"] == 322 + 110 + 280 + 149 + 1010
    assert sums["ad_impressions"] == 12_356 + 4_500 + 1_854 + 37_275 + 20_100
    assert sums["ad_conversions"] == 14.5 + 16 + 0 + 19
    pacing = json.loads((results / "budget_pacing.json").read_text(encoding="utf-8"))["headline"]
    (shown,) = [item["value"] for item in pacing if item["name"] == "spend_all_data"]
    assert shown == pytest.approx(spend, abs=1e-9)
