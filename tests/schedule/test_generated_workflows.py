"""Each generated file for GitHub and Airflow, by the tool that reads it."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from generated_samples import EXPRESSIONS, MOMENT, ODD, SCHEDULES, ZONES, make
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Template
from ruamel.yaml import YAML
from schedule_samples import DAGS, write_workspace

from mopsnb.errors import UsageError
from mopsnb.schedule.calls import translate_to_utc
from mopsnb.schedule.cron import Cron, read_cron
from mopsnb.schedule.reading import read_schedules
from mopsnb.schedule.rendering import Site, generate
from mopsnb.schedule.slots import list_slots

pytestmark = pytest.mark.slow

# --- GitHub -----------------------------------------------------------------------------------------------------------


def read_workflow(folder: Path, schedules: str = SCHEDULES) -> dict:
    (generated,) = make(folder, "github", schedules)
    return YAML(typ="safe", pure=True).load(generated.text)


def test_the_workflow_has_the_published_structure(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    flow = read_workflow(tmp_path / "teams" / ODD)
    assert set(flow) == {"name", "on", "permissions", "concurrency", "env", "jobs"}
    assert flow["permissions"] == {"contents": "read"}
    assert flow["env"]["WORKSPACE"] == f"teams/{ODD}"
    assert flow["on"]["workflow_dispatch"]["inputs"]["schedule"]["options"] == ["weekly", "daily"]
    (job,) = flow["jobs"].values()
    assert job["runs-on"] == "ubuntu-latest"
    assert 0 < job["timeout-minutes"] <= 360
    assert all(("uses" in step) != ("run" in step) for step in job["steps"])
    uses = [step["uses"] for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+(/[a-z]+)?@v[0-9]+", item) for item in uses), uses
    (due,) = [step for step in job["steps"] if step.get("name") == "Run what is due"]
    assert due["env"]["MOPSNB_SECRET_MARKETING_MAIL"] == "${{ secrets.MARKETING_MAIL }}"
    for step in job["steps"]:
        if "run" in step:
            subprocess.run(["/bin/sh", "-n", "-c", step["run"]], check=True)
            assert "${{" not in step["run"]  # what people choose reaches the shell as a variable alone


def test_the_workflow_passes_actionlint(tmp_path: Path) -> None:
    actionlint = shutil.which("actionlint")
    if actionlint is None:
        pytest.skip("actionlint is not on this machine")
    (generated,) = make(tmp_path / "team", "github")
    path = tmp_path / generated.name
    path.write_text(generated.text, encoding="utf-8")
    done = subprocess.run([actionlint, str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_workflow_hands_over_every_secret_that_the_workspace_names(tmp_path: Path) -> None:
    workspace = write_workspace(
        tmp_path / "team",
        '  - {id: a, cron: "0 6 * * *", params_file: p.yml, notify: [{to: secret://github-token}, {to: secret://7up}]}',
        "version: 1\ntools: [{id: crm, owner: ada, name: secret://crm-key}]\n# secret://not-this\n",
    )
    (workspace / "p.yml").write_text("metrics:\n  months: 12  # secret://nor-this\n", encoding="utf-8")
    found = read_schedules(workspace)
    (workspace / "p.yml").write_text("source: 'secret://ware.house'\n", encoding="utf-8")
    (generated,) = generate(found, "github", Site(workspace, ["mopsnb"], MOMENT))
    lines = re.findall(r"(MOPSNB_SECRET_\w+): \$\{\{ secrets\.(\w+) \}\}", generated.text)
    assert lines == [
        ("MOPSNB_SECRET_7UP", "MOPSNB_SECRET_7UP"),
        ("MOPSNB_SECRET_CRM_KEY", "CRM_KEY"),
        ("MOPSNB_SECRET_GITHUB_TOKEN", "MOPSNB_SECRET_GITHUB_TOKEN"),
        ("MOPSNB_SECRET_WARE_HOUSE", "WARE_HOUSE"),
    ]


def test_a_folder_that_github_would_evaluate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Rename the folder"):
        make(tmp_path / "${{ github.token }}", "github")


def test_waits_beyond_all_measure_end_at_seven_days(tmp_path: Path) -> None:
    endless = '  - {id: a, cron: "0 6 * * *", deadline: 30m, retries: {times: 10, wait: 7d, factor: 10}}'
    (job,) = read_workflow(tmp_path / "a", endless)["jobs"].values()
    assert job["timeout-minutes"] == 360


def test_a_job_is_given_the_time_that_its_schedules_may_take(tmp_path: Path) -> None:
    limited = '  - {id: a, cron: "0 6 * * *", deadline: 30m, retries: {times: 1, wait: 5m}}'
    (job,) = read_workflow(tmp_path / "a", limited)["jobs"].values()
    assert job["timeout-minutes"] == 2 * 30 + 5 + 15
    (job,) = read_workflow(tmp_path / "b", '  - {id: a, cron: "0 6 * * *"}')["jobs"].values()
    assert job["timeout-minutes"] == 360


def test_the_workflow_s_lines_are_cron_that_github_knows(tmp_path: Path) -> None:
    schedules = "\n".join(f'  - {{id: s{n}, cron: "{text}"}}' for n, text in enumerate(EXPRESSIONS))
    for item in read_workflow(tmp_path / "team", schedules)["on"]["schedule"]:
        assert re.fullmatch(r"[\d*,/-]+ [\d*,/-]+ [\d*,/-]+ [\d*,/A-Z-]+ [\d*,/A-Z-]+", item["cron"])
        assert not re.search(r"L|W(?!ED)|#", item["cron"].replace("JUL", "").replace("WED", ""))


def is_called(cron: Cron, moment: datetime) -> bool:
    """Tell whether a line in UTC calls at a minute; day and weekday mean one of the two, as GitHub reads them."""
    return bool(list_slots(cron, ZoneInfo("UTC"), moment - timedelta(seconds=1), moment))


@settings(max_examples=60)
@given(st.sampled_from(EXPRESSIONS), st.sampled_from(ZONES))
def test_github_calls_at_every_slot_of_a_year_in_summer_and_in_winter(expression: str, zone: str) -> None:
    cron = read_cron(expression)
    lines = [read_cron(line) for line in translate_to_utc(cron, ZoneInfo(zone), MOMENT)]
    slots = list_slots(cron, ZoneInfo(zone), MOMENT, MOMENT + timedelta(days=365))
    for slot in slots[:: max(1, len(slots) // 60)]:
        # A slot in a skipped hour comes at the gap's end; the line for its own minute calls within the hour after.
        assert any(is_called(line, slot + timedelta(minutes=late)) for line in lines for late in (0, 30)), (slot, lines)


def test_a_daily_schedule_is_called_twice_a_day_and_not_every_hour() -> None:
    assert translate_to_utc(read_cron("0 6 * * MON"), ZoneInfo("Europe/Berlin"), MOMENT) == ["0 4,5 * * MON"]
    assert translate_to_utc(read_cron("0 0 * * MON"), ZoneInfo("Europe/Berlin"), MOMENT) == ["0 22,23 * * 0"]
    assert translate_to_utc(read_cron("30 6 * * *"), ZoneInfo("UTC"), MOMENT) == ["30 6 * * *"]


# --- Airflow ----------------------------------------------------------------------------------------------------------


def test_the_dag_file_compiles_and_is_clean(tmp_path: Path, repository: Path) -> None:
    (generated,) = make(tmp_path / ODD, "airflow", DAGS)
    compile(generated.text, generated.name, "exec")
    path = tmp_path / generated.name
    path.write_text(generated.text, encoding="utf-8")
    ruff = Path(sys.executable).with_name("ruff")
    done = subprocess.run([ruff, "check", "--isolated", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_dag_file_holds_a_schedule_s_cron_zone_and_typed_parameters(tmp_path: Path) -> None:
    (generated,) = make(tmp_path / ODD, "airflow", DAGS)
    names: dict = {}
    start, end = generated.text.index("STEPS_AS_TASKS"), generated.text.index("def build")
    exec(generated.text[start:end], names)
    weekly, friday, month = names["SCHEDULES"]
    assert names["WORKSPACE"] == str(tmp_path / ODD)
    assert (weekly["cron"], weekly["time_zone"], weekly["deadline"]) == ("0 6 * * MON", "Europe/Berlin", 1800)
    assert weekly["steps"] == [
        ("goals", "plan/goals.ipynb", {}),
        ("metrics", "measure/metrics.ipynb", {"months": 12}),
    ]
    assert friday["cron"] == "30 7 * * L5"
    assert friday["steps"] == [
        ("budget_pacing", "run/budget_pacing.ipynb", {"as_of": "2026-10-31"}),
        ("service_levels", "run/service_levels.ipynb", {"as_of": "2026-10-31"}),
    ]
    assert month["report"].endswith("--only month --force")
    assert shlex.split(month["report"])[2] == str(tmp_path / ODD)


def test_airflow_s_templates_leave_the_folder_s_name_alone(tmp_path: Path) -> None:
    name = "{{ 1 + 1 }}"
    (generated,) = make(tmp_path / name, "airflow", DAGS)
    names: dict = {}
    exec(generated.text[generated.text.index("STEPS_AS_TASKS") : generated.text.index("def build")], names)
    weekly = names["SCHEDULES"][0]
    assert Template(names["WORKSPACE"]).render() == str(tmp_path / name)
    assert shlex.split(Template(weekly["report"]).render())[2] == str(tmp_path / name)


@pytest.mark.parametrize("expression", ["0 6 LW * *", "0 6 */2 * FRI"])
def test_what_airflow_would_read_otherwise_is_refused(tmp_path: Path, expression: str) -> None:
    with pytest.raises(UsageError, match="cannot be written for Airflow"):
        make(tmp_path / "team", "airflow", f'  - {{id: odd, cron: "{expression}"}}')
