"""Telling people over a real mail server and a real web server on this machine."""

import logging

import notify_samples as samples
import pytest
from notify_samples import EVERY, LINK

from mopsnb.notify.settings import NotifySetting
from mopsnb.notify.story import tell_of_refusal
from mopsnb.notify.telling import tell

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning", "ignore:'imghdr':DeprecationWarning"),
    pytest.mark.usefixtures("draw_once", "forget_secrets"),
]


def test_webhook_gets_the_run_as_json(send):
    with samples.serve_web() as (posted, port):
        assert send(f"json://localhost:{port}/hook", link=LINK).status == "sent"
    [(path, body)] = posted
    assert path == "/hook"
    assert (body["kind"], body["run"], body["status"], body["exit_code"]) == ("mopsnb notice", samples.RUN, "ok", 0)
    assert body["counts"] == {"error": 1, "warning": 1, "info": 1, "new": 1, "resolved": 0}
    assert (body["link"], body["type"], body["occasions"]) == (LINK, "warning", ["success", "findings"])
    assert [item["severity"] for item in body["findings"]] == ["error", "warning", "info"]


def test_form_gets_the_same_json_in_a_field(send):
    with samples.serve_web() as (posted, port):
        assert send(f"form://localhost:{port}/hook").status == "sent"
    assert "mopsnb+notice" in posted[0][1] or "mopsnb%20notice" in posted[0][1]


@pytest.mark.parametrize("status", [500, 404, 302])
def test_webhook_that_answers_with_an_error_is_not_told(send, status):
    with samples.serve_web(status) as (posted, port):
        delivery = send(f"json://localhost:{port}/hook")
    assert (delivery.status, len(posted)) == ("failed", 1)
    assert delivery.reason.startswith(f"The server answered {status}")


@pytest.mark.parametrize("kind", ["json", "mailto"])
def test_server_that_is_not_there_is_said_to_be_out_of_reach(send, kind):
    delivery = send(f"{kind}://localhost:{samples.find_port()}/?from=a@example.com&to=b@example.com")
    assert (delivery.status, delivery.reason) == ("failed", "The server cannot be reached.")


@pytest.mark.parametrize("kind", ["json", "mailto"])
def test_server_that_says_nothing_holds_nobody_up(send, kind):
    with samples.serve_silence() as port:
        delivery = send(f"{kind}://localhost:{port}/?from=a@example.com&to=b@example.com", patience=3.0)
    assert (delivery.status, delivery.reason) == ("failed", "The server did not answer in time.")


def test_dead_server_takes_no_time_from_the_others(monkeypatch, report):
    with samples.serve_silence() as dead, samples.serve_web() as (posted, port):
        first = samples.take_secret(monkeypatch, "dead", f"json://localhost:{dead}/")
        second = samples.take_secret(monkeypatch, "alive", f"json://localhost:{port}/")
        found = tell(report, [NotifySetting(to=to, on=EVERY) for to in (first, first, second)], patience=4.0)
    assert [item.status for item in found] == ["failed", "failed", "sent"]
    assert len(posted) == 1


def test_wrong_password_is_said_without_saying_it(send):
    with samples.serve_mail(login=True) as (box, port):
        delivery = send(f"mailto://bot:wrong-{samples.PASSWORD}@localhost:{port}/?from=b@example.com&to=c@example.com")
    assert delivery.reason == "The mail server refused the user name or the password."
    assert box.envelopes == []


def test_address_that_cannot_be_read_is_not_repeated(send):
    delivery = send(f"nonsense://bot:{samples.PASSWORD}@example.com")
    assert (delivery.status, delivery.reason) == ("failed", "The secret holds no address that Apprise can read.")


def test_secret_that_nobody_has_set_is_said_with_the_places_looked_in(report):
    [delivery] = tell(report, [NotifySetting(to="secret://nobody-has-set-this", on=EVERY)])
    assert delivery.status == "failed"
    assert delivery.reason.startswith("No value was found for secret://nobody-has-set-this. Looked in:")
    assert "MOPSNB_SECRET_NOBODY_HAS_SET_THIS" in delivery.reason


@pytest.mark.parametrize("server", ["refusing", "silent", "absent", "web", "good"])
def test_address_and_password_appear_nowhere(send, server, capfd):
    """Not in what is printed or logged at the finest level, not in the delivery, not in the message."""
    spoken = []
    ear = logging.Handler(1)
    ear.emit = lambda record: spoken.append(record.getMessage() + str(record.args))
    root = logging.getLogger()
    level, received = root.level, ""
    root.addHandler(ear)
    root.setLevel(1)
    query = f"from=bot@example.com&to=cmo@example.com&+X-Key={samples.PASSWORD}"
    try:
        if server == "silent":
            with samples.serve_silence() as port:
                delivery = send(f"json://bot:{samples.PASSWORD}@localhost:{port}/{samples.PASSWORD}", patience=2.0)
        elif server == "absent":
            delivery = send(f"mailto://bot:{samples.PASSWORD}@localhost:{samples.find_port()}/?{query}")
        elif server == "web":
            with samples.serve_web(500) as (posted, port):
                delivery = send(f"json://bot:{samples.PASSWORD}@localhost:{port}/{samples.PASSWORD}")
                received = str([body for _, body in posted])
        else:
            with samples.serve_mail(login=True) as (box, port):
                word = "wrong" if server == "refusing" else ""
                address = f"mailto://bot:{samples.PASSWORD}{word}@localhost:{port}/?from=b@example.com&to=c@example.com"
                delivery = send(address)
                received = "".join(mail.as_string() for mail in box.mails)
    finally:
        root.removeHandler(ear)
        root.setLevel(level)
    assert delivery.status == ("sent" if server == "good" else "failed")
    said = "".join(capfd.readouterr()) + "".join(spoken) + str(delivery) + str(delivery.to_dict()) + received
    assert samples.PASSWORD not in said
    assert "localhost:" not in said


def test_success_is_told_only_where_asked_for(monkeypatch, report):
    to = samples.take_secret(monkeypatch, "team-mail", f"json://localhost:{samples.find_port()}/")
    [delivery] = tell(report, [NotifySetting(to=to, on=["failure"])])
    assert (delivery.status, delivery.occasions) == ("not_due", ())
    assert delivery.reason == "The run reached its end; the setting asks for failure."


@pytest.mark.parametrize(
    ("options", "is_due"),
    [
        ({"severity": "error"}, True),
        ({"severity": "error", "only_new": True}, True),
        ({"severity": "warning", "only_new": True}, True),
    ],
)
def test_findings_count_from_their_severity_on(send, options, is_due):
    with samples.serve_web() as (posted, port):
        assert (send(f"json://localhost:{port}/", on=["findings"], **options).status == "sent") is is_due
    assert len(posted) == 1


def test_findings_that_the_last_run_had_are_not_told_again_where_only_new_ones_count(send, tmp_path):
    old = samples.make_report(tmp_path, new=["metrics.signal.email_churn_rate"])
    with samples.serve_web() as (posted, port):
        delivery = send(f"json://localhost:{port}/", of=old, on=["findings"], only_new=True)
        assert delivery.status == "not_due"
        delivery = send(f"json://localhost:{port}/", of=old, on=["findings"], only_new=True, severity="info")
        assert delivery.status == "sent"
    assert len(posted) == 1


def test_failed_run_is_told_with_its_cause(send, tmp_path):
    failed = samples.make_report(tmp_path, failed=True)
    with samples.serve_web() as (posted, port):
        assert send(f"json://localhost:{port}/", of=failed, on=["failure"]).status == "sent"
    body = posted[0][1]
    assert (body["status"], body["exit_code"], body["cause"], body["type"]) == ("failed", 7, "memory", "failure")
    assert body["failures"][0]["what"] == "The notebook's process ran out of memory."
    assert body["subject"] == "FAILED: Nordlicht: Metrics. The notebook's process ran out of memory."


def test_run_that_left_no_report_is_told_too(send):
    story = tell_of_refusal("Nordlicht", "The strategy file cannot be used: strategy.yml has one fault.", 3, "input")
    with samples.serve_mail() as (box, port):
        address = f"mailto://localhost:{port}/?from=b@example.com&to=c@example.com"
        assert send(address, of=story, on=["failure"]).status == "sent"
    mail = box.mails[0]
    assert mail["Subject"].startswith("FAILED: Nordlicht: The strategy file or the data cannot be used.")
    assert "strategy.yml has one fault" in mail.get_body(("plain",)).get_content()


def test_folder_that_is_no_report_is_told_as_a_failure(send, tmp_path):
    with samples.serve_web() as (posted, port):
        assert send(f"json://localhost:{port}/", of=tmp_path, on=["failure"]).status == "sent"
    assert "cannot be read" in posted[0][1]["failures"][0]["error"]


def test_nobody_asked_means_nobody_told(report):
    assert tell(report, []) == []
