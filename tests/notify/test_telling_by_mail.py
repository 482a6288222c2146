"""What a mail server on this machine gets: login, encryption, text, pictures, the report itself."""

import re

import notify_samples as samples
import pytest
from notify_samples import LINK

from mopsnb.notify.telling import Delivery

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning", "ignore:'imghdr':DeprecationWarning"),
    pytest.mark.usefixtures("draw_once", "forget_secrets"),
]


def test_mail_goes_to_a_server_that_asks_for_a_login(send):
    with samples.serve_mail(login=True) as (box, port):
        delivery = send(f"mailto://bot:{samples.PASSWORD}@localhost:{port}/?from=bot@example.com&to=cmo@example.com")
    assert delivery == Delivery("secret://team-mail", "sent", occasions=("success", "findings"))
    assert (box.logins, box.envelopes[0].rcpt_tos) == ([("bot", samples.PASSWORD)], ["cmo@example.com"])


def test_mail_goes_to_a_server_without_a_login_and_to_everyone_it_is_for(send):
    with samples.serve_mail() as (box, port):
        address = f"mailto://localhost:{port}/?from=bot@example.com&to=a@example.com,b@example.com&bcc=c@example.com"
        assert send(address).status == "sent"
    assert [envelope.rcpt_tos for envelope in box.envelopes] == [
        ["a@example.com", "c@example.com"],
        ["b@example.com", "c@example.com"],
    ]
    assert "c@example.com" not in box.mails[0].as_string()


def test_mail_goes_encrypted_to_a_server_whose_certificate_is_trusted(send, tmp_path, monkeypatch):
    certificate, context = samples.make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with samples.serve_mail(login=True, tls_context=context, require_starttls=True) as (box, port):
        delivery = send(f"mailtos://bot:{samples.PASSWORD}@localhost:{port}/?from=bot@example.com&to=cmo@example.com")
    assert (delivery.status, len(box.envelopes)) == ("sent", 1)


def test_mail_does_not_go_to_a_server_whose_certificate_nobody_vouches_for(send, tmp_path):
    _, context = samples.make_certificate(tmp_path)
    with samples.serve_mail(tls_context=context, require_starttls=True) as (box, port):
        delivery = send(f"mailtos://localhost:{port}/?from=bot@example.com&to=cmo@example.com")
    assert (delivery.status, delivery.reason) == ("failed", "The server's certificate cannot be trusted.")
    assert box.envelopes == []


def test_mail_offers_text_and_html_with_its_pictures(mail):
    assert mail.get_content_type() == "multipart/alternative"
    text, related = mail.iter_parts()
    assert (text.get_content_type(), related.get_content_type()) == ("text/plain", "multipart/related")
    html, *pictures = related.iter_parts()
    assert html.get_content_type() == "text/html"
    assert [part.get_content_type() for part in pictures] == ["image/png"] * len(pictures)
    assert 1 <= len(pictures) <= 3


def test_every_picture_in_the_html_is_in_the_mail_and_is_described(mail):
    html = mail.get_body(("html",)).get_content()
    images = re.findall(r"<img [^>]*>", html)
    named = [re.search(r'src="cid:([^"]+)"', image)[1] for image in images]
    parts = {part["Content-ID"].strip("<>"): part for part in mail.walk() if part["Content-ID"]}
    assert named and set(named) == set(parts)
    assert all(part.get_content().startswith(b"\x89PNG") for part in parts.values())
    assert all(part.get_content_disposition() == "inline" for part in parts.values())
    assert all(re.search(r'alt="[^"]{20,}"', image) for image in images)


def test_html_runs_nothing_and_loads_nothing(mail):
    html = mail.get_body(("html",)).get_content()
    tags, attributes = samples.read_markup(html)
    assert not tags & {"script", "style", "link", "iframe", "object", "embed", "form", "base", "svg", "video", "input"}
    assert not [name for name, _ in attributes if name.startswith("on")]
    assert not [value for _, value in attributes if re.search(r"url\(|expression|javascript:|@import", value)]
    assert {value for name, value in attributes if name in ("src", "background")} <= {
        "cid:chart-1.png",
        "cid:chart-2.png",
    }
    assert set(re.findall(r"https?://[^\"'\s<>)]+", html)) <= {LINK, f"{LINK}goals.html", f"{LINK}metrics.html"}


def test_subject_says_company_state_and_the_worst_thing(mail):
    assert mail["Subject"] == "Nordlicht: 2 need attention, 1 new. The goal 'More leads' is missed."


def test_mail_is_small_enough_for_a_phone(mail):
    assert len(mail.as_bytes()) < 400_000
    assert len(mail.get_body(("html",)).get_content().encode()) < 100_000


def test_mail_asks_for_no_automatic_answer(mail):
    assert mail["Auto-Submitted"] == "auto-generated"
    assert (mail["From"], mail["To"]) == ("Reports <bot@example.com>", "cmo@example.com")


def test_report_goes_along_where_asked_for(send, report):
    (report / "report.html").write_text("<!DOCTYPE html><title>Whole report</title><p>All of it.</p>")
    try:
        with samples.serve_mail() as (box, port):
            delivery = send(f"mailto://localhost:{port}/?from=b@example.com&to=c@example.com", attach="single_file")
    finally:
        (report / "report.html").unlink()
    [attached] = box.mails[0].iter_attachments()
    assert (delivery.status, delivery.reason) == ("sent", "")
    assert (attached.get_filename(), "All of it." in attached.get_content()) == ("report.html", True)


def test_report_with_a_persons_address_stays_at_home_and_the_message_goes(send, report):
    (report / "report.html").write_text("<!DOCTYPE html><table><tr><td>ada@example.org</td></tr></table>")
    try:
        with samples.serve_mail() as (box, port):
            delivery = send(f"mailto://localhost:{port}/?from=b@example.com&to=c@example.com", attach="single_file")
    finally:
        (report / "report.html").unlink()
    assert delivery.status == "sent" and "e-mail addresses stand in it" in delivery.reason
    assert list(box.mails[0].iter_attachments()) == []
