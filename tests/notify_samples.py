"""Reports, mail servers and web servers that the tests of notifications use."""

import json
import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import site_samples
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from mopsnb.run.site import write_index, write_pages

PASSWORD = "hunter2-s3cret-p4ss"
RUN = "20261122T060000Z-a1b2c3d4"
STEPS = ("goals", "metrics")
LINK = "https://reports.example.com/latest/"
EVERY = ["success", "failure", "findings"]


def make_report(folder, *, failed=False, status=None, findings=None, headline=None, new=(), **changes):
    """Write a run's folder: two pages with charts, results, run.json. With ``failed`` the page on metrics stopped."""
    report = folder / "runs" / RUN
    report.mkdir(parents=True)
    steps = site_samples.make_steps(failed=failed)
    if findings is not None:
        for page in steps:
            if page.result:
                page.result["findings"] = findings if page is steps[0] else []
    if headline is not None:
        steps[-1].result["headline"] = headline
    context = site_samples.make_context(steps, name=changes.get("workspace", "Nordlicht"))
    site_samples.fill_results(report, steps)
    write_pages(report, steps, context)
    write_index(report, context)
    record = {
        "kind": "mopsnb report",
        "schema_version": 1,
        "workspace": "Nordlicht",
        "is_sample": False,
        "as_of": "2026-09-30",
        "data_through": "2026-09-30",
        "locale": "en_US",
        "currency": "USD",
        "status": status or ("failed" if failed else "ok"),
        "steps": [describe_step(page) for page in steps],
        "findings": {},
        "changes": {"new": list(new), "persisting": [], "resolved": []},
        "volatile": {"started_at": "2026-11-22T06:00:00+00:00", "ended_at": "2026-11-22T06:00:09+00:00",
                     "data_age_days": 53},
    }  # fmt: skip
    (report / "run.json").write_text(json.dumps(record | changes))
    return report


def describe_step(page):
    """Return a step as run.json holds it."""
    is_failed = page.status == "failed"
    error = "ZeroDivisionError: division by zero" if is_failed else ""
    return {
        "step": page.step.slug,
        "status": page.status,
        "cause": "memory" if is_failed else "",
        "error": error,
        "page": f"{page.step.slug}.html",
    }


def read_markup(html):
    """Return the tags of a page, and all attributes as pairs."""
    tags, attributes = set(), []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, pairs: (tags.add(tag), attributes.extend((k, v or "") for k, v in pairs))
    parser.feed(html)
    return tags, attributes


def take_secret(monkeypatch, name, address):
    """Let ``secret://name`` stand for an address, and return the reference."""
    monkeypatch.setenv(f"MOPSNB_SECRET_{name.upper().replace('-', '_')}", address)
    return f"secret://{name}"


def find_port():
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Mailbox:
    """Keeps what a mail server takes."""

    def __init__(self):
        self.envelopes = []
        self.logins = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the name that aiosmtpd calls
        self.envelopes.append(envelope)
        return "250 taken"

    def log_in(self, server, session, envelope, mechanism, data):
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password.decode() == PASSWORD, handled=False)

    @property
    def mails(self):
        return [message_from_bytes(envelope.content, policy=policy.default) for envelope in self.envelopes]


@contextmanager
def serve_mail(**options):
    """Run a mail server; yield its mailbox and its port."""
    box, port = Mailbox(), find_port()
    if options.pop("login", False):
        options |= {"authenticator": box.log_in, "auth_required": True, "auth_require_tls": False}
    controller = Controller(box, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


@contextmanager
def serve_web(status=200):
    """Run a web server that keeps what is posted to it; yield the list of (path, JSON or text) and the port."""
    posted = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            is_json = self.headers["Content-Type"] == "application/json"
            posted.append((self.path, json.loads(text) if is_json else text))
            self.send_response(status)
            if status in (301, 302, 307):
                self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield posted, server.server_port
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def serve_silence():
    """Run a server that takes every call and never says a word; yield its port."""
    held = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def hold():
            while True:
                try:
                    held.append(listener.accept()[0])
                except OSError:
                    return

        threading.Thread(target=hold, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    for call in held:
        call.close()


def make_certificate(folder):
    """Make a certificate for localhost that signs itself; return its file and a server's context with it."""
    if not (openssl := shutil.which("openssl")):
        pytest.skip("no openssl on this machine to make a certificate with")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return certificate, context
