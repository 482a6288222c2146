"""Each generated file, by the tool that reads it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Template
from ruamel.yaml import YAML
from schedule_samples import DAGS, write_workspace

from mopsnb.errors import UsageError
from mopsnb.schedule.calendars import write_calendars
from mopsnb.schedule.calls import list_minutes, translate_to_utc, write_field
from mopsnb.schedule.cron import Cron, read_cron
from mopsnb.schedule.reading import read_schedules
from mopsnb.schedule.rendering import SYSTEMS, Generated, Site, generate
from mopsnb.schedule.slots import list_next, list_slots

MOMENT = datetime(2026, 11, 22, tzinfo=UTC)
ODD = """our 50% "best" $HOME 'team'"""
SCHEDULES = """  - {id: weekly, cron: "0 6 * * MON", notify: [{to: secret://marketing-mail}]}
  - {id: daily, cron: "7 18 * * *", time_zone: America/New_York, params: {metrics.months: 12}}
  - {id: "off", cron: "33 3 * * *", enabled: false}"""
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not on this machine")
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]
EXPRESSIONS = [
    "0 6 * * MON",
    "30 2 * * *",
    "*/20 * * * *",
    "0 0 1 * *",
    "15 23 * * SUN",
    "0 9 1,15 * FRI",
    "0 9 */2 * FRI",
    "0 7 L * *",
    "0 7 LW * *",
    "0 7 1,L * *",
    "0 7 * * 5L",
    "0 7 * * MON#1,WED#3",
    "0 7 * * MON#5",
    "5 4 29 2 *",
    "0 12 * JAN-MAR 1-5",
    "0 12 13 * 5",
    "10 0 */2 * SUN#1",
]


def make(
    folder: Path, system: str, schedules: str = SCHEDULES, program: str = "/opt/mopsnb/bin/mopsnb"
) -> list[Generated]:
    workspace = write_workspace(folder, schedules)
    return generate(read_schedules(workspace), system, Site(workspace, [program], MOMENT))  # type: ignore[arg-type]


def list_crontab_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def run_as_cron(line: str) -> subprocess.CompletedProcess[str]:
    r"""Run the command of a crontab's line as cron does: up to the first bare %, with \% as the sign itself."""
    command = re.split(r"(?<!\\)%", line.split(maxsplit=5)[5])[0].replace("\\%", "%")
    return subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, check=True, env={"PATH": "/usr/bin:/bin"}
    )


# --- all of them ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("system", SYSTEMS)
def test_no_file_holds_a_secret_but_only_its_name(tmp_path: Path, system: str, monkeypatch) -> None:
    monkeypatch.setenv("MOPSNB_SECRET_MARKETING_MAIL", "mailtos://ada:hunter2@example.com")
    assert all("hunter2" not in item.text for item in make(tmp_path / "team", system))


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_same_schedules_give_the_same_file_whatever_the_hour(tmp_path: Path, system: str) -> None:
    workspace = write_workspace(tmp_path / "team", SCHEDULES)
    found = read_schedules(workspace)
    first, second = (
        generate(found, system, Site(workspace, ["mopsnb"], moment)) for moment in (MOMENT, MOMENT + timedelta(days=99))
    )
    assert first == second


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_disabled_schedule_is_in_no_file_and_none_at_all_is_refused(tmp_path: Path, system: str) -> None:
    assert all('"off"' not in item.text and "33 3" not in item.text for item in make(tmp_path / "team", system))
    with pytest.raises(UsageError, match="no enabled schedule"):
        make(tmp_path / "none", system, '  - {id: "off", cron: "33 3 * * *", enabled: false}')


# --- crontab ----------------------------------------------------------------------------------------------------------


def test_a_crontab_line_reaches_the_workspace_whatever_its_name(tmp_path: Path) -> None:
    program = tmp_path / "50% show"
    program.write_text('#!/bin/sh\nfor word in "$@"; do echo "$word"; done\n', encoding="utf-8")
    program.chmod(0o755)
    (generated,) = make(tmp_path / ODD, "crontab", program=str(program))
    (line,) = list_crontab_lines(generated.text)
    assert run_as_cron(line).stdout.splitlines() == ["due", str(tmp_path / ODD), "--quiet"]


def test_a_crontab_line_is_syntax_that_cron_and_the_shell_accept(tmp_path: Path) -> None:
    (generated,) = make(tmp_path / ODD, "crontab")
    (line,) = list_crontab_lines(generated.text)
    *fields, command = line.split(maxsplit=5)
    assert next(CronSim(" ".join(fields), MOMENT)) > MOMENT
    checked = subprocess.run(["/bin/sh", "-n", "-c", command.replace("\\%", "%")], capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr
    crontab = shutil.which("crontab")
    if crontab:
        path = tmp_path / "lines"
        codes = []
        for text in ("0 6 * * * true\n", generated.text):
            path.write_text(text, encoding="utf-8")
            codes.append(subprocess.run([crontab, "-T", str(path)], capture_output=True, check=False).returncode)
        assert codes[0] == codes[1]  # older crons have no -T, and refuse both


def test_a_folder_that_crons_read_differently_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="backslash"):
        make(tmp_path / "a\\b", "crontab")


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("name", ["a\nb", "a\u2028b", "a\x85b", "a\udcffb"])
def test_a_folder_that_some_reader_takes_for_two_lines_or_cannot_read_is_refused(
    tmp_path: Path, system: str, name: str
) -> None:
    found = read_schedules(write_workspace(tmp_path / "team", SCHEDULES))
    with pytest.raises(UsageError, match="line break"):
        generate(found, system, Site(tmp_path / name, ["mopsnb"], MOMENT))  # type: ignore[arg-type]


@given(st.sampled_from(EXPRESSIONS), st.sampled_from(ZONES), st.sampled_from(ZONES))
def test_the_crontab_calls_at_the_very_minute_of_every_slot_whatever_the_machine_s_zone(
    expression: str, zone: str, machine: str
) -> None:
    cron = read_cron(expression)
    minutes = list_minutes([cron])
    for slot in list_next(cron, ZoneInfo(zone), MOMENT, 20):
        assert slot.astimezone(ZoneInfo(machine)).minute in minutes
    assert minutes == sorted(CronSim(f"{write_field(minutes, 60)} * * * *", MOMENT).minutes)


# --- systemd ----------------------------------------------------------------------------------------------------------


@needs_systemd
@pytest.mark.parametrize("name", ["team", ODD, "Größe"])
def test_systemd_accepts_the_units(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "units"
    folder.mkdir()
    for item in make(tmp_path / name, "systemd", program=sys.executable):
        (folder / item.name).write_text(item.text, encoding="utf-8")
    command = [str(ANALYZE), "verify", "--user", *map(str, sorted(folder.iterdir()))]
    checked = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)}
    )
    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_name_with_a_backslash_at_its_end_takes_no_other_line_in(tmp_path: Path) -> None:
    service, timer = make(tmp_path / "team\\", "systemd")
    for unit in (service, timer):
        assert [line for line in unit.text.splitlines() if line.endswith("\\") and not line.startswith("#")] == []


def test_the_unit_starts_mopsnb_with_the_workspace_s_very_name(tmp_path: Path) -> None:
    service, timer = make(tmp_path / ODD, "systemd")
    command = re.search(r"^ExecStart=(.+)$", service.text, re.MULTILINE)
    assert command is not None
    words = [word.replace("$$", "$").replace("%%", "%") for word in shlex.split(command[1])]
    assert words == ["/opt/mopsnb/bin/mopsnb", "due", str(tmp_path / ODD), "--quiet"]
    assert "OnCalendar=Mon *-*-* 06:00:00 Europe/Berlin" in timer.text
    assert "OnCalendar=*-*-* 18:07:00 America/New_York" in timer.text
    assert "Persistent=true" in timer.text


def ask_systemd(events: list[str], count: int) -> list[datetime]:
    """Return when systemd says that calendar events come next, all together."""
    found = set()
    for event in events:
        command = [
            str(ANALYZE),
            "calendar",
            f"--iterations={count}",
            f"--base-time={MOMENT:%Y-%m-%d %H:%M:%S} UTC",
            event,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | {"TZ": "UTC"})
        stamps = re.findall(r"(?:elapse|Iter\. #\d+): \w+ (\S+ \S+) UTC", done.stdout)
        found.update(datetime.fromisoformat(stamp).replace(tzinfo=UTC) for stamp in stamps)
    return sorted(found)[:count]


@needs_systemd
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_systemd_s_calendar_has_the_slots_that_we_have(expression: str) -> None:
    cron, zone = read_cron(expression), ZoneInfo("America/Sao_Paulo")  # a zone whose clocks do not change
    count = 3 if "29 2" in expression else 12
    slots = list_next(cron, zone, MOMENT, count)
    calendar = ask_systemd(write_calendars(cron, zone.key), 400 if "#1" in expression else count)
    if expression == "10 0 */2 * SUN#1":  # both must fit, which systemd cannot say: it calls each day
        assert set(slots[:3]) <= set(calendar)
    else:
        assert calendar[:count] == slots


@needs_systemd
def test_where_systemd_leaves_out_a_skipped_hour_the_call_each_quarter_meets_the_slot(tmp_path: Path) -> None:
    _, timer = make(tmp_path / "team", "systemd", '  - {id: night, cron: "30 2 * * *"}')
    events = re.findall(r"^OnCalendar=(.+)$", timer.text, re.MULTILINE)
    base = "--base-time=2027-03-28 00:50:00 UTC"
    command = [str(ANALYZE), "calendar", "--iterations=1", base, *events]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | {"TZ": "UTC"})
    elapses = re.findall(r"Next elapse: \w+ (\S+ \S+) UTC", done.stdout)
    slot = list_next(read_cron("30 2 * * *"), ZoneInfo("Europe/Berlin"), datetime(2027, 3, 28, 0, 50, tzinfo=UTC), 1)
    assert f"{slot[0]:%Y-%m-%d %H:%M:%S}" == "2027-03-28 01:00:00"
    assert elapses == ["2027-03-29 00:30:00", "2027-03-28 01:00:00"]


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
    assert friday["steps"] == [("budget_pacing", "run/budget_pacing.ipynb", {"as_of": "2026-10-31"})]
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
