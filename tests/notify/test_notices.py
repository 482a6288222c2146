"""The command, the preview, the webhook's documentation, and services that are no mail."""

import email
import json
import re
import subprocess
import sys

import notify_samples as samples
import pytest
import requests
import site_samples
from typer.testing import CliRunner

from mopsnb.cli.app import app
from mopsnb.cli.notices import UNDELIVERED
from mopsnb.errors import UsageError
from mopsnb.notify.digest import write_digest
from mopsnb.notify.reading import read_story
from mopsnb.notify.settings import NotifySetting, Occasion
from mopsnb.notify.telling import tell
from mopsnb.notify.webhook import build_body
from mopsnb.run.causes import EXIT_CODES
from mopsnb.secrets.known import forget

pytestmark = pytest.mark.slow

SCHEDULE = """
version: 1
schedules:
  - {id: weekly, cron: "0 6 * * MON", time_zone: UTC, notify: [{to: secret://chat, on: [success]}]}
  - {id: alarm, cron: "0 6 * * MON", time_zone: UTC, notify: [{to: secret://chat, on: [failure]}]}
  - {id: quiet, cron: "0 6 * * MON", time_zone: UTC}
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A workspace that has run once."""
    folder = tmp_path_factory.mktemp("workspace")
    report = samples.make_report(folder)
    (report.parent / "latest").symlink_to(report.name)
    (folder / "schedule.yml").write_text(SCHEDULE)
    return folder


@pytest.fixture(autouse=True)
def _forget_secrets():
    forget()
    yield
    forget()


def call(*arguments):
    """Run ``mopsnb notify``."""
    return CliRunner().invoke(app, ["notify", *map(str, arguments)])


def test_preview_writes_four_files_and_sends_nothing(workspace, tmp_path):
    result = call(workspace, "--preview", tmp_path / "look", "--link", "https://reports.example.com/latest/")
    assert result.exit_code == 0
    names = ["digest.html", "digest.txt", "digest.eml", "webhook.json"]
    assert result.output.splitlines() == [str(tmp_path / "look" / name) for name in names]
    mail = email.message_from_bytes((tmp_path / "look" / "digest.eml").read_bytes(), policy=email.policy.default)
    assert mail.get_body(("plain",)).get_content().splitlines() == (
        (tmp_path / "look" / "digest.txt").read_text().splitlines()
    )
    html = (tmp_path / "look" / "digest.html").read_text()
    assert html.count("data:image/png;base64,") == 2 and "cid:" not in html
    assert json.loads((tmp_path / "look" / "webhook.json").read_text())["kind"] == "mopsnb notice"


def test_command_tells_whoever_is_named(workspace, monkeypatch):
    with samples.serve_web() as (posted, port):
        to = samples.take_secret(monkeypatch, "chat", f"json://localhost:{port}/")
        result = call(workspace, "--to", to)
    assert (result.exit_code, result.output, len(posted)) == (0, "secret://chat: told.\n", 1)


def test_command_tells_whom_a_schedule_tells_on_its_occasions(workspace, monkeypatch):
    with samples.serve_web() as (posted, port):
        samples.take_secret(monkeypatch, "chat", f"json://localhost:{port}/")
        told, not_due = call(workspace, "--schedule", "weekly"), call(workspace, "--schedule", "alarm", "--json")
    assert (told.exit_code, told.output, len(posted)) == (0, "secret://chat: told.\n", 1)
    assert json.loads(not_due.output)["deliveries"][0]["status"] == "not_due"


def test_command_ends_with_its_own_exit_code_where_a_message_does_not_go(workspace, monkeypatch):
    to = samples.take_secret(monkeypatch, "chat", f"json://localhost:{samples.find_port()}/")
    result = call(workspace, "--to", to)
    assert (result.exit_code, result.stdout) == (UNDELIVERED, "")
    assert result.stderr == "secret://chat: not told. The server cannot be reached.\n"
    assert UNDELIVERED in EXIT_CODES


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--to, --schedule and --preview"),
        (("--to", "secret://a", "--schedule", "weekly"), "--to, --schedule and --preview"),
        (("--to", "mailto://bot:hunter2@example.com"), "--to: expected the name of a secret"),
        (("--to", "secret://a", "--link", "https://bot:hunter2@example.com"), "--link: expected an address"),
        (("--schedule", "wekly"), "Did you mean 'weekly'?"),
        (("--schedule", "quiet"), "tells nobody"),
        (("--to", "secret://a", "--run", "20200101T000000Z-none"), "holds no run"),
        (("--to", "secret://a", "--run", "../../etc"), "holds no run"),
    ],
)
def test_command_that_makes_no_sense_is_refused(workspace, arguments, words):
    result = call(workspace, *arguments)
    assert isinstance(result.exception, UsageError)
    assert words in str(result.exception) and "hunter2" not in str(result.exception)


def test_folder_without_a_report_is_refused(tmp_path):
    assert "holds no report" in str(call(tmp_path, "--to", "secret://a").exception)


@pytest.mark.parametrize(
    "address",
    [
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/",
        "workflows://prod-1.westus.logic.azure.com:443/abc123/sIgnAtUrE/",
        "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js/",
    ],
    ids=["slack", "teams", "discord"],
)
def test_chat_gets_the_subject_and_a_few_lines_that_mark_nothing_up(monkeypatch, tmp_path, address):
    """The servers of Slack, Teams and Discord are not here: what would be posted to them is looked at instead."""
    posted = []

    class Answer:
        status_code, content, text, headers = 200, b"ok", "ok", {}

    def post(*_, data=None, **__):
        posted.append(data)
        return Answer()

    monkeypatch.setattr(requests, "post", post)
    monkeypatch.setattr(requests, "request", post)
    finding = {"id": "goals.x", "severity": "error", "title": "Worst <!channel> @everyone [here](https://evil.example)",
               "evidence": "", "fix": "", "owner": "", "where": ""}  # fmt: skip
    report = samples.make_report(tmp_path, findings=[finding])
    to = samples.take_secret(monkeypatch, "chat", address)
    [delivery] = tell(report, [NotifySetting(to=to, on=["findings"], link="https://reports.example.com/latest/")])
    assert delivery.status == "sent", delivery
    [text] = posted
    for words in ("Nordlicht: 1 needs attention", "Error: Worst", "Data through September 30, 2026."):
        assert words in text
    assert "https://reports.example.com/latest/" in text
    assert "<!channel>" not in text and "@everyone" not in text and "](https://evil" not in text


def test_service_that_sends_mail_of_its_own_gets_the_digest_as_html_without_pictures(monkeypatch, tmp_path):
    posted = []

    class Answer:
        status_code, content, text, headers = 202, b"{}", "{}", {}

    monkeypatch.setattr(requests, "post", lambda *_, data=None, **__: posted.append(data) or Answer())
    to = samples.take_secret(monkeypatch, "own", "sendgrid://abcdefghijklmnop:reports@example.com/cmo@example.com")
    [delivery] = tell(samples.make_report(tmp_path), [NotifySetting(to=to)])
    assert delivery.status == "sent", delivery
    [content] = json.loads(posted[0])["content"]
    assert content["type"] == "text/html"
    assert "<table" in content["value"] and "<img" not in content["value"]


def test_nothing_that_delivers_is_imported_before_there_is_something_to_deliver():
    code = "import sys, mopsnb.notify.settings, mopsnb.notify.telling, mopsnb.cli.app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"apprise", "pandas", "jinja2", "requests", "vl_convert"} & set(done.stdout.split())


def test_message_that_cannot_be_written_ends_no_run(monkeypatch, tmp_path):
    def break_down(*_, **__):
        raise RuntimeError("hunter2")

    monkeypatch.setattr("mopsnb.notify.digest.write_digest", break_down)
    to = samples.take_secret(monkeypatch, "chat", "json://localhost:1/")
    [delivery] = tell(samples.make_report(tmp_path), [NotifySetting(to=to)])
    assert (delivery.status, "hunter2" in str(delivery)) == ("failed", False)


@pytest.fixture(scope="module")
def page(repository):
    """The page of the documentation."""
    return (repository / "docs" / "notifications.md").read_text(encoding="utf-8")


def make_example(folder):
    """Return what a webhook gets of a small run."""
    findings = [site_samples.FINDINGS[0]]
    report = samples.make_report(folder, findings=findings, headline=site_samples.HEADLINES[:1], failed=False,
                                 new=["goals.missed.leads"])  # fmt: skip
    story, link = read_story(report), "https://reports.example.com/latest/"
    return build_body(story, write_digest(story, (), link), link, ["success", "findings"])


def test_documentation_shows_what_a_webhook_gets(page, tmp_path):
    shown = re.search(r"<!-- example -->\n+```json\n(.*?)```", page, re.DOTALL)[1]
    assert json.loads(shown) == make_example(tmp_path)


def test_documentation_explains_every_key_of_the_webhook(page, tmp_path):
    body = build_body(story := read_story(samples.make_report(tmp_path, failed=True)), write_digest(story))
    body["headline"] = make_example(tmp_path / "example")["headline"]
    keys = {*body, *(f"counts.{key}" for key in body["counts"])}
    keys |= {f"{part}[].{key}" for part in ("steps", "failures", "findings", "headline") for key in body[part][0]}
    section = page.partition("## What a webhook gets")[2]
    documented = re.findall(r"^\| `([\w.\[\]]+)`", section, re.MULTILINE)
    assert keys == set(documented)


def test_documentation_explains_every_setting_and_occasion(page):
    for name in (*NotifySetting.model_fields, *Occasion.__args__):
        assert f"`{name}`" in page
