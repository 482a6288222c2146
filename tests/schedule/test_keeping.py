"""What an analyst chose in a notebook reaches the scheduled run: written where people look, comments and all."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from workspaces import write_workspace as write_strategy

import mopsnb
from mopsnb.assets import folder
from mopsnb.cli import main
from mopsnb.errors import InputError, OutputError, ParameterError, ScheduleError, UsageError
from mopsnb.schedule.keeping import PARAMETERS, Keeper, make_keeper
from mopsnb.schedule.reading import read_schedules

SCHEDULES = """\
# Ours.
version: 1

schedules:
  # Mondays, before anybody is there.
  - id: weekly
    cron: "0 6 * * MON"   # six in the morning
    steps: [metrics, goals]
    params: {months: 24, goals.path: linear}
  - id: spending
    cron: '0 7 * * *'
    steps: [budget_pacing]
"""


def write_workspace(folder, schedules):
    write_strategy(folder)
    (folder / "schedule.yml").write_text(schedules, encoding="utf-8")
    return folder


def keep(workspace, step, place="", **values):
    return Keeper(workspace, step).keep(values, place)


def test_one_line_of_the_schedule_changes_and_its_comments_stay(tmp_path):
    team = write_workspace(tmp_path / "team", SCHEDULES)
    told = keep(team, "metrics", months=12)
    now = (team / "schedule.yml").read_text(encoding="utf-8")
    assert now == SCHEDULES.replace("goals.path: linear}", "goals.path: linear, metrics.months: 12}")
    assert told == f"Written to {team / 'schedule.yml'}, schedule weekly: metrics.months: 12. Its next run uses it."


def test_a_schedule_without_parameters_gets_them(tmp_path):
    team = write_workspace(tmp_path / "team", SCHEDULES)
    keep(team, "budget_pacing", months=6)
    assert read_schedules(team).find("spending").params == {"budget_pacing.months": "6"}
    assert read_schedules(team).find("weekly").params == {"months": "24", "goals.path": "linear"}


def test_what_was_kept_before_is_replaced(tmp_path):
    team = write_workspace(tmp_path / "team", SCHEDULES)
    keep(team, "goals", path="seasonal")
    keep(team, "goals", path="linear")
    assert (team / "schedule.yml").read_text(encoding="utf-8").count("goals.path") == 1
    assert read_schedules(team).find("weekly").params["goals.path"] == "linear"


@pytest.mark.slow
def test_the_next_scheduled_run_uses_it(tmp_path, monkeypatch):
    """The value reaches run.json, with the schedule's own parameters as its origin."""
    team = write_workspace(tmp_path / "team", SCHEDULES)
    keep(team, "budget_pacing", months=6)
    monkeypatch.setattr("sys.argv", ["mopsnb", "due", str(team), "--only", "spending", "--force"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code in (0, None)
    run = json.loads((team / "runs" / "latest" / "run.json").read_text(encoding="utf-8"))
    step = next(item for item in run["steps"] if item["step"] == "budget_pacing")
    assert step["parameters"]["months"] == 6


def test_the_places_are_the_schedules_that_run_the_step_and_a_file_of_parameters(tmp_path):
    team = write_workspace(tmp_path / "team", SCHEDULES)
    assert Keeper(team, "metrics").list_places() == ["weekly", PARAMETERS]
    assert Keeper(team, "lead_scoring").list_places() == [PARAMETERS]


def test_without_a_schedule_it_goes_into_a_file_of_parameters_that_a_run_can_name(tmp_path):
    team = tmp_path / "team"
    team.mkdir()
    told = keep(team, "metrics", months=12)
    keep(team, "service_levels", lead_days=30, event="")
    text = (team / PARAMETERS).read_text(encoding="utf-8")
    assert "metrics:\n  months: 12\n" in text
    assert "service_levels:\n  event: ''\n  lead_days: 30\n" in text
    assert f"mopsnb run {team} --params {team / PARAMETERS}" in told
    assert text.startswith("# Parameters of the notebooks")


def test_an_empty_value_leaves_the_notebook_s_default(tmp_path):
    team = write_workspace(tmp_path / "team", SCHEDULES.replace("[budget_pacing]", "[service_levels]"))
    keep(team, "service_levels", event="2026-12-04", lead_days=30)
    told = keep(team, "service_levels", event="", lead_days=30)
    assert read_schedules(team).find("spending").params == {"service_levels.lead_days": "30"}
    assert "service_levels.event: empty" in told


def test_an_empty_value_against_one_for_every_step_is_refused(tmp_path):
    text = SCHEDULES.replace("[budget_pacing]", "[service_levels]") + "    params: {event: 2026-12-04}\n"
    team = write_workspace(tmp_path / "team", text)
    with pytest.raises(ParameterError, match="gives 'event' to every step"):
        keep(team, "service_levels", event="")
    assert (team / "schedule.yml").read_text(encoding="utf-8") == text


def test_lines_that_end_as_on_windows_still_do(tmp_path):
    team = write_workspace(tmp_path / "team", SCHEDULES)
    (team / "schedule.yml").write_bytes(SCHEDULES.replace("\n", "\r\n").encode())
    keep(team, "metrics", months=12)
    content = (team / "schedule.yml").read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n") == SCHEDULES.count("\n")


def test_a_link_and_the_file_s_permissions_stay(tmp_path):
    team = write_workspace(tmp_path / "team", SCHEDULES)
    real = tmp_path / "shared.yml"
    (team / "schedule.yml").rename(real)
    (team / "schedule.yml").symlink_to(real)
    real.chmod(0o640)
    keep(team, "metrics", months=12)
    assert (team / "schedule.yml").is_symlink()
    assert "metrics.months: 12" in real.read_text(encoding="utf-8")
    assert real.stat().st_mode & 0o777 == 0o640


def test_the_sample_that_mopsnb_brings_along_is_refused():
    with pytest.raises(OutputError, match="Nothing was written: this is the sample company"):
        make_keeper(mopsnb.open(""), "metrics").keep({"months": 12})
    assert not (folder("data/samples") / "schedule.yml").exists()
    assert not (folder("data/samples") / PARAMETERS).exists()


def test_a_value_that_the_notebook_refuses_changes_nothing(tmp_path):
    team = write_workspace(tmp_path / "team", SCHEDULES)
    with pytest.raises(ParameterError, match="a whole number from 1 to 60"):
        keep(team, "metrics", months=99)
    assert (team / "schedule.yml").read_text(encoding="utf-8") == SCHEDULES


def test_a_file_with_faults_stays_as_it_is(tmp_path):
    broken = SCHEDULES.replace('"0 6 * * MON"', '"when the sun rises"')
    team = write_workspace(tmp_path / "team", broken)
    assert Keeper(team, "metrics").list_places() == [PARAMETERS]
    with pytest.raises(ScheduleError):
        keep(team, "metrics", "weekly", months=12)
    assert (team / "schedule.yml").read_text(encoding="utf-8") == broken
    (team / PARAMETERS).write_text("- a list\n", encoding="utf-8")
    with pytest.raises(InputError, match="Nothing was written"):
        keep(team, "metrics", PARAMETERS, months=12)
    assert (team / PARAMETERS).read_text(encoding="utf-8") == "- a list\n"


def test_a_schedule_that_is_gone_is_named(tmp_path):
    team = write_workspace(tmp_path / "team", SCHEDULES)
    with pytest.raises(UsageError, match="no schedule 'nightly' that runs metrics"):
        keep(team, "metrics", "nightly", months=12)


@dataclass
class Opened:
    path: Path
    is_sample: bool = False


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="an administrator may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    team = write_workspace(tmp_path / "team", SCHEDULES)
    team.chmod(0o500)
    try:
        with pytest.raises(OutputError, match="Cannot write the parameters"):
            make_keeper(Opened(team), "metrics").keep({"months": 12})
    finally:
        team.chmod(0o700)
