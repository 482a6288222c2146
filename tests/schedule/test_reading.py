"""The schedule file: what is read, and everything that is wrong with it at once."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from schedule_samples import STRATEGY, uncomment, write_workspace

from mopsnb.errors import ScheduleError, StrategyError, WorkspaceError
from mopsnb.schedule.models import Schedule
from mopsnb.schedule.reading import parse_schedules, read_schedules
from mopsnb.schedule.requests import make_request

WEEKLY = '  - {id: weekly, cron: "0 6 * * MON"}'


def test_the_blank_file_holds_no_schedule(repository: Path) -> None:
    assert read_schedules(repository / "templates" / "workspace").schedules == []


def test_the_example_in_the_blank_file_loads_when_its_signs_are_removed(repository: Path, tmp_path: Path) -> None:
    text = (repository / "templates" / "workspace" / "schedule.yml").read_text(encoding="utf-8")
    (schedule,) = parse_schedules(uncomment(text), tmp_path).schedules
    assert schedule.deadline == timedelta(minutes=30)
    assert schedule.notify[0].to == "secret://marketing-mail"
    assert schedule.retries is not None
    assert schedule.retention is not None


def test_a_schedule_without_a_time_zone_has_the_strategy_s(tmp_path: Path) -> None:
    other = '  - {id: other, cron: "0 6 * * MON", time_zone: Asia/Tokyo}'
    found = read_schedules(write_workspace(tmp_path, f"{WEEKLY}\n{other}"))
    assert [schedule.time_zone for schedule in found.schedules] == ["Europe/Berlin", "Asia/Tokyo"]


def test_a_faulty_strategy_is_reported_where_its_time_zone_is_needed(tmp_path: Path) -> None:
    with pytest.raises(StrategyError):
        read_schedules(write_workspace(tmp_path, WEEKLY, strategy="version: 2\n"))


def test_a_faulty_strategy_does_not_matter_where_the_time_zone_is_known(tmp_path: Path) -> None:
    workspace = write_workspace(tmp_path, WEEKLY, strategy="version: 2\n")
    (schedule,) = read_schedules(workspace, zones={"weekly": "Asia/Tokyo"}).schedules
    assert schedule.time_zone == "Asia/Tokyo"
    with pytest.raises(StrategyError):
        read_schedules(workspace, zones={"daily": "Asia/Tokyo"})


def test_a_folder_or_file_that_is_missing_is_named_with_the_way_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="Check the path"):
        read_schedules(tmp_path / "nowhere")
    with pytest.raises(ScheduleError, match="mopsnb init"):
        read_schedules(tmp_path)


def test_every_fault_is_found_at_once_in_the_order_of_the_lines(find_faults) -> None:
    faults = find_faults(
        """version: 1
schedules:
  - id: Weekly Report
    cron: "0 25 * * MON"
    steps: [goals, metrcs]
    deadline: 30
    catch_up: 5m
  - id: daily
    cron: "@daily"
    group: measur
    time_zone: Berlin
    retries: {times: 99, on: [kernl]}
    notify: [{to: "mailtos://ada:hunter2@example.com", on: [fail]}]
    colour: red
  - id: daily
    cron: "0 6 * * *"
"""
    )
    assert [(fault.place, fault.field) for fault in faults] == [
        ("line 3", "schedules[Weekly Report].id"),
        ("line 4", "schedules[Weekly Report].cron"),
        ("line 5", "schedules[Weekly Report].steps[1]"),
        ("line 6", "schedules[Weekly Report].deadline"),
        ("line 7", "schedules[Weekly Report].catch_up"),
        ("line 9", "schedules[daily].cron"),
        ("line 10", "schedules[daily].group"),
        ("line 11", "schedules[daily].time_zone"),
        ("line 12", "schedules[daily].retries.times"),
        ("line 12", "schedules[daily].retries.on[0]"),
        ("line 13", "schedules[daily].notify[0].to"),
        ("line 13", "schedules[daily].notify[0].on[0]"),
        ("line 14", "schedules[daily].colour"),
        ("line 15", "schedules[daily].id"),
    ]
    fixes = " ".join(fault.fix for fault in faults)
    for hint in ("weekly-report", "'metrics'", "30m", "'measure'", "Europe/Berlin", "'kernel'", "'failure'"):
        assert hint in fixes


@pytest.mark.parametrize(
    "lines",
    [
        "notify: [{to: 'mailtos://ada:hunter2@x.org'}]",
        "notify: [{to: [mailtos://ada:hunter2@x.org]}]",
        "notify: [{to: secret://mail, on: 'mailtos://ada:hunter2@x.org'}]",
        "notify: [{to: secret://mail, link: 'https://ada:hunter2@x.org'}]",
        "notify: mailtos://ada:hunter2@x.org",
        "notify: hunter2",
        "notify: {mailtos://ada:hunter2@x.org: y}",
        "notify: [{mailtos://ada:hunter2@x.org: y}]",
        "notify: [to mailtos://ada:hunter2@x.org]",
        "notify:\n      - to: mailtos://ada:hunter2@x.org: y",
        "notify:\n      - to: @mailtos://ada:hunter2@x.org",
        "notify:\n      - to: !mailtos://ada:hunter2@x.org",
        "notify:\n      - to: 'mailtos://ada:hunter2@x.org' y",
        "fail_on: mailtos://ada:hunter2@x.org",
        "steps: mailtos://ada:my hunter2@x.org",
        "params: {months: 'postgresql://ada:hunter2@x.org/db'}",
        "params_file: postgresql://ada:hunter2@x.org/db",
        "mailtos://ada:hunter2@x.org: y",
    ],
)
def test_an_address_with_a_password_appears_in_no_message(find_faults, lines: str) -> None:
    faults = find_faults(f'version: 1\nschedules:\n  - id: weekly\n    cron: "0 6 * * MON"\n    {lines}\n')
    assert "hunter2" not in " ".join(map(str, faults))
    assert all(fault.fix for fault in faults)


def test_a_misspelled_parameter_is_refused_on_review(find_faults) -> None:
    (fault,) = find_faults(f"version: 1\nschedules:\n{WEEKLY[:-1]}, steps: [metrics], params: {{mnths: 3}}}}\n")
    assert fault.field == "schedules[weekly].params.mnths"
    assert "Did you mean 'months'?" in fault.fix


@pytest.mark.parametrize("item", ["months: 99", "metrics.months: twelve", "goals.months: 3", "as_of: 2026-01-01"])
def test_a_parameter_that_the_notebooks_would_refuse_is_refused_on_review(find_faults, item: str) -> None:
    (fault,) = find_faults(f"version: 1\nschedules:\n{WEEKLY[:-1]}, params: {{{item}}}}}\n")
    assert fault.place == "line 3"
    assert fault.field == f"schedules[weekly].params.{item.partition(':')[0]}"


def test_a_parameter_of_a_step_that_does_not_run_is_refused(find_faults) -> None:
    (fault,) = find_faults(f"version: 1\nschedules:\n{WEEKLY[:-1]}, steps: [goals], params: {{metrics.months: 3}}}}\n")
    assert "does not run" in fault.fix


def test_a_file_of_parameters_is_read_on_review(tmp_path: Path) -> None:
    text = f"version: 1\nschedules:\n{WEEKLY[:-1]}, params_file: monthly.yml}}\n"
    with pytest.raises(ScheduleError, match="There is no file"):
        parse_schedules(text, tmp_path)
    (tmp_path / "monthly.yml").write_text("mnths: 3\n", encoding="utf-8")
    with pytest.raises(ScheduleError, match="Did you mean 'months'"):
        parse_schedules(text, tmp_path)
    (tmp_path / "monthly.yml").write_text("months: 3\n", encoding="utf-8")
    assert parse_schedules(text, tmp_path).schedules[0].params_file == "monthly.yml"


def test_steps_and_a_group_together_are_refused(find_faults) -> None:
    (fault,) = find_faults(f"version: 1\nschedules:\n{WEEKLY[:-1]}, steps: [goals], group: plan}}\n")
    assert fault.expected == "either steps or a group"


def test_a_file_that_is_a_list_is_told_to_name_its_section(find_faults) -> None:
    (fault,) = find_faults("- id: weekly\n")
    assert "'schedules:'" in fault.fix


def test_every_key_of_a_schedule_reaches_the_runner(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text("months = 6\n", encoding="utf-8")
    lines = f"""{WEEKLY[:-1]}, steps: [metrics], params: {{months: 12}}, params_file: p.toml, as_of: 2026-10-31,
     deadline: 1h, cell_timeout: 90s, on_lock: skip, if_changed: true, gate: warning, allow_partial: true,
     notify: [{{to: secret://mail, attach: single_file}}]}}"""
    (schedule,) = read_schedules(write_workspace(tmp_path, lines)).schedules
    request = make_request(schedule, tmp_path)
    assert [step.slug for step in request.steps] == ["metrics"]
    assert (request.parameters, request.parameter_file) == (("months=12",), tmp_path / "p.toml")
    assert (request.as_of, request.deadline, request.cell_timeout) == ("2026-10-31", 3600, 90)
    assert (request.on_lock, request.lock_timeout, request.gate) == ("skip", 3600, "warning")
    assert (request.if_changed, request.allow_partial, request.single_file) == (True, True, True)


def test_the_blank_file_shows_the_keys_that_matter_and_no_other(repository: Path) -> None:
    text = (repository / "templates" / "workspace" / "schedule.yml").read_text(encoding="utf-8")
    shown = set(re.findall(r"^#    (\w+):", text, flags=re.MULTILINE)) | {"id"}
    assert shown <= set(Schedule.model_fields)
    assert {"cron", "deadline", "retries", "catch_up", "retention", "notify", "params"} <= shown


def test_the_workspace_s_strategy_is_the_only_other_file_it_needs(tmp_path: Path) -> None:
    assert "Europe/Berlin" in STRATEGY
    workspace = write_workspace(tmp_path, WEEKLY)
    (workspace / "data").rmdir()
    assert read_schedules(workspace).find("weekly") is not None
    assert read_schedules(workspace).find("monthly") is None


@pytest.mark.parametrize("lines", ["steps: goals", "group: [measure]", "steps: [[goals]]", "steps: {goals: 1}"])
def test_steps_and_a_group_of_the_wrong_shape_are_faults_of_their_lines(find_faults, lines: str) -> None:
    (fault,) = find_faults(f'version: 1\nschedules:\n  - id: weekly\n    cron: "0 6 * * MON"\n    {lines}\n')
    assert (fault.place, fault.field.partition(".")[2][:5]) == ("line 5", lines[:5])
