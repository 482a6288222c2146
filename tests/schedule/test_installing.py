"""Putting lines into a crontab and units into systemd's folder, beside what others have put there."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from schedule_samples import write_workspace

from mopsnb.errors import OutputError, UsageError
from mopsnb.schedule.installing import install_crontab, install_units
from mopsnb.schedule.reading import read_schedules
from mopsnb.schedule.rendering import Site, generate

DAILY = '  - {id: daily, cron: "0 6 * * *"}'
OTHERS = "MAILTO=ada@example.com\n\n# backups\n0 1 * * * backup \\% x\n"
FAKE = """#!/bin/sh
# A crontab that keeps its lines in a file, and refuses those that hold the word REFUSED.
table="$(dirname "$0")/table"
case "$1" in
-l) if [ -f "$table" ]; then cat "$table"; else echo "no crontab for ada" >&2; exit 1; fi ;;
-) cat > "$table.new"
   if grep -q REFUSED "$table.new"; then echo "bad minute" >&2; exit 1; fi
   mv "$table.new" "$table" ;;
esac
"""


class Desk:
    """A machine with a crontab and a systemd that notes what it is told."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir(parents=True)
        self.table = self.bin / "table"
        self.add("crontab", FAKE)
        self.add("systemctl", '#!/bin/sh\necho "$@" >> "$(dirname "$0")/orders"\n')
        monkeypatch.setenv("PATH", f"{self.bin}{os.pathsep}/usr/bin{os.pathsep}/bin")
        monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))

    def add(self, name: str, text: str) -> None:
        (self.bin / name).write_text(text, encoding="utf-8")
        (self.bin / name).chmod(0o755)

    @property
    def orders(self) -> list[str]:
        path = self.bin / "orders"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path / "desk", monkeypatch)


def prepare(folder: Path, system: str, schedules: str = DAILY):
    workspace = write_workspace(folder, schedules)
    site = Site(workspace, ["/opt/mopsnb"], datetime(2026, 11, 22, tzinfo=UTC))
    return generate(read_schedules(workspace), system, site), site  # type: ignore[arg-type]


def test_lines_go_into_an_empty_crontab(desk: Desk, tmp_path: Path) -> None:
    done = install_crontab(*prepare(tmp_path / "team", "crontab"), dry_run=False)
    assert done.is_new
    lines = desk.table.read_text(encoding="utf-8").splitlines()
    assert lines[0] == f"# BEGIN mopsnb {tmp_path / 'team'}"
    assert lines[-2] == f"*/15 * * * * /opt/mopsnb due {tmp_path / 'team'} --quiet"
    assert lines[-1] == f"# END mopsnb {tmp_path / 'team'}"


def test_other_people_s_lines_stay_byte_for_byte(desk: Desk, tmp_path: Path) -> None:
    before = OTHERS.encode() + b"# caf\xe9\n"
    desk.table.write_bytes(before)
    install_crontab(*prepare(tmp_path / "team", "crontab"), dry_run=False)
    after = desk.table.read_bytes()
    assert after.startswith(before)
    assert after.count(b"# BEGIN mopsnb") == 1


def test_installing_again_changes_nothing_and_a_changed_schedule_replaces_its_lines(desk: Desk, tmp_path: Path) -> None:
    desk.table.write_text(OTHERS, encoding="utf-8")
    install_crontab(*prepare(tmp_path / "team", "crontab"), dry_run=False)
    first = desk.table.read_text(encoding="utf-8")
    assert not install_crontab(*prepare(tmp_path / "team", "crontab"), dry_run=False).is_new
    assert desk.table.read_text(encoding="utf-8") == first
    install_crontab(*prepare(tmp_path / "team", "crontab", DAILY.replace("0 6", "7 6")), dry_run=False)
    second = desk.table.read_text(encoding="utf-8")
    assert "7,22,37,52 * * * *" in second
    assert "*/15" not in second
    assert second.startswith(OTHERS)


def test_two_workspaces_stand_beside_each_other(desk: Desk, tmp_path: Path) -> None:
    for name in ("one", "two", "one"):
        install_crontab(*prepare(tmp_path / name, "crontab"), dry_run=False)
    text = desk.table.read_text(encoding="utf-8")
    assert text.count("# BEGIN mopsnb") == 2
    assert text.index(str(tmp_path / "one")) < text.index(str(tmp_path / "two"))


def test_a_dry_run_shows_the_crontab_and_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.table.write_text(OTHERS, encoding="utf-8")
    done = install_crontab(*prepare(tmp_path / "team", "crontab"), dry_run=True)
    assert done.text.startswith(OTHERS)
    assert "# END mopsnb" in done.text
    assert desk.table.read_text(encoding="utf-8") == OTHERS


def test_what_crontab_refuses_is_said_and_the_old_lines_stay(desk: Desk, tmp_path: Path) -> None:
    desk.table.write_text(OTHERS, encoding="utf-8")
    with pytest.raises(OutputError, match="bad minute"):
        install_crontab(*prepare(tmp_path / "REFUSED", "crontab"), dry_run=False)
    assert desk.table.read_text(encoding="utf-8") == OTHERS


def test_a_crontab_that_cannot_be_read_is_not_replaced(desk: Desk, tmp_path: Path) -> None:
    desk.add("crontab", "#!/bin/sh\necho 'not allowed to use this program' >&2; exit 1\n")
    with pytest.raises(OutputError, match="not allowed"):
        install_crontab(*prepare(tmp_path / "team", "crontab"), dry_run=False)


def test_a_machine_without_crontab_is_pointed_to_systemd(desk: Desk, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="--as systemd"):
        install_crontab(*prepare(tmp_path / "team", "crontab"), dry_run=False)


def test_units_go_into_the_user_s_folder_and_the_timer_is_switched_on(desk: Desk, tmp_path: Path) -> None:
    done = install_units(*prepare(tmp_path / "team", "systemd"), dry_run=False)
    folder = desk.folder / "config" / "systemd" / "user"
    assert sorted(path.name for path in folder.iterdir()) == ["mopsnb-team.service", "mopsnb-team.timer"]
    assert desk.orders == ["--user daemon-reload", "--user enable --now mopsnb-team.timer"]
    assert done.text.endswith("The timer is on.")
    assert not install_units(*prepare(tmp_path / "team", "systemd"), dry_run=False).is_new


def test_a_dry_run_of_units_writes_and_orders_nothing(desk: Desk, tmp_path: Path) -> None:
    done = install_units(*prepare(tmp_path / "team", "systemd"), dry_run=True)
    assert "mopsnb-team.timer: new" in done.text
    assert not (desk.folder / "config").exists()
    assert desk.orders == []


def test_where_systemd_does_not_answer_the_orders_are_told(desk: Desk, tmp_path: Path) -> None:
    desk.add("systemctl", "#!/bin/sh\necho 'Failed to connect to bus' >&2; exit 1\n")
    done = install_units(*prepare(tmp_path / "team", "systemd"), dry_run=False)
    assert "Failed to connect to bus" in done.text
    assert "systemctl --user enable --now mopsnb-team.timer" in done.text


def test_units_of_another_workspace_of_the_same_name_are_not_replaced(desk: Desk, tmp_path: Path) -> None:
    install_units(*prepare(tmp_path / "a" / "team", "systemd"), dry_run=False)
    with pytest.raises(UsageError, match="another workspace of the same name"):
        install_units(*prepare(tmp_path / "b" / "team", "systemd"), dry_run=False)
