"""Each generated file for a machine's own clock, cron's and systemd's, by the tool that reads it."""

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
from generated_samples import EXPRESSIONS, MOMENT, ODD, SCHEDULES, ZONES, make
from hypothesis import given
from hypothesis import strategies as st
from schedule_samples import write_workspace

from mopsnb.errors import UsageError
from mopsnb.schedule.calendars import write_calendars
from mopsnb.schedule.calls import list_minutes, write_field
from mopsnb.schedule.cron import read_cron
from mopsnb.schedule.reading import read_schedules
from mopsnb.schedule.rendering import SYSTEMS, Site, generate
from mopsnb.schedule.slots import list_next

pytestmark = pytest.mark.slow

ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not on this machine")


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
