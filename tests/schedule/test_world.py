"""The world as it is: a message over a real server, runs that are really pruned, steps that are really taken over."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import notify_samples
import pytest
from schedule_samples import write_workspace

from mopsnb.run.history import Changes
from mopsnb.run.progress import Progress
from mopsnb.run.request import RunOutcome
from mopsnb.schedule.attempts import Ending
from mopsnb.schedule.due import World, run_due, run_now
from mopsnb.schedule.models import Schedule
from mopsnb.schedule.reading import read_schedules
from mopsnb.schedule.world import build_world
from mopsnb.secrets.known import forget

pytestmark = pytest.mark.slow

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TOLD = '  - {id: daily, cron: "0 6 * * *", steps: [goals], notify: [{to: secret://team-hook, on: [failure]}]}'


class Server:
    """A web server on this machine that keeps what it is sent."""

    def __init__(self) -> None:
        self.heard: list[dict] = []
        heard = self.heard

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Keep standard error clean."""

        self.http = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


@pytest.fixture(autouse=True)
def _forget_secrets() -> Iterator[None]:
    forget()
    yield
    forget()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    server = Server()
    monkeypatch.setenv("MOPSNB_SECRET_TEAM_HOOK", f"json://127.0.0.1:{server.http.server_port}")
    yield server
    server.http.shutdown()


@pytest.fixture
def world() -> World:
    return build_world(lambda: NOON, Progress, lambda _: None, lambda _: None)


def test_a_run_that_could_not_begin_is_told_over_a_real_server(tmp_path: Path, server: Server, world: World) -> None:
    workspace = write_workspace(tmp_path / "acme", TOLD)
    (schedule,) = read_schedules(workspace).schedules
    ending = Ending("failed", 3, ("input",), "The strategy file cannot be used.")
    assert world.tell(workspace, schedule, ending) == []
    (message,) = server.heard
    assert message["title"] == "FAILED: Acme: The strategy file or the data cannot be used."
    assert message["failures"][0]["error"] == "Schedule daily: The strategy file cannot be used."


def test_a_run_that_was_left_out_is_told_as_such(tmp_path: Path, server: Server, world: World) -> None:
    workspace = write_workspace(tmp_path / "acme", TOLD, strategy="version: 2\n")
    schedule = Schedule(id="daily", cron="0 6 * * *", notify=[{"to": "secret://team-hook"}])
    ending = Ending("failed", 0, ("left_out",), "The run of 2026-11-20 05:00 UTC did not start in time.")
    assert world.tell(workspace, schedule, ending) == []
    (message,) = server.heard
    assert message["title"] == "LEFT OUT: acme: A run did not start in time, and nothing makes up for it."
    assert (message["type"], message["cause"], message["exit_code"]) == ("failure", "left_out", 0)


def test_where_nothing_changed_no_finding_is_new_again(tmp_path: Path, server: Server, world: World) -> None:
    report = notify_samples.make_report(tmp_path, new=["goals.missed.leads"])
    settings = [{"to": "secret://team-hook", "on": ["findings"], "only_new": True}]
    schedule = Schedule(id="daily", cron="0 6 * * *", if_changed=True, notify=settings)
    for is_unchanged in (False, True):
        outcome = RunOutcome(report, [], [], Changes(), None, {}, is_unchanged=is_unchanged)
        assert world.tell(tmp_path, schedule, Ending("ok", outcome=outcome)) == []
    (message,) = server.heard
    assert message["counts"]["new"] == 1


def test_a_message_without_an_address_comes_back_as_a_sentence(tmp_path: Path, world: World, monkeypatch) -> None:
    monkeypatch.delenv("MOPSNB_SECRET_TEAM_HOOK", raising=False)
    workspace = write_workspace(tmp_path / "acme", TOLD)
    (schedule,) = read_schedules(workspace).schedules
    (text,) = world.tell(workspace, schedule, Ending("failed", 3, ("input",), "No."))
    assert text.startswith("secret://team-hook: not told. No value was found")


@pytest.mark.slow
def test_a_good_run_tells_nobody_who_asked_for_failures_and_old_runs_go(
    tmp_path: Path, server: Server, world: World
) -> None:
    workspace = write_workspace(tmp_path / "acme", TOLD.replace("notify", "retention: {keep: 1}, notify"))
    schedules = read_schedules(workspace).schedules
    for _ in range(2):
        (item,) = run_now(workspace, schedules, world)
        assert (item.status, item.notes) == ("ok", ())
    runs = [path.name for path in (workspace / "runs").iterdir() if (path / "run.json").is_file()]
    assert sorted(runs) == sorted([item.report, "latest"])
    assert server.heard == []


@pytest.mark.slow
def test_where_nothing_changed_the_last_good_report_stands(tmp_path: Path, world: World) -> None:
    lines = TOLD.replace("notify: [{to: secret://team-hook, on: [failure]}]", "if_changed: true")
    workspace = write_workspace(tmp_path / "acme", lines)
    schedules = read_schedules(workspace).schedules
    (first,) = run_now(workspace, schedules, world)
    (second,) = run_now(workspace, schedules, world)
    assert (second.status, second.report) == ("ok", first.report)
    assert list(run_due(workspace, schedules, world)) == []
