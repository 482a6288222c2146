"""A report, and telling people about it over servers on this machine."""

import notify_samples as samples
import pytest
from notify_samples import EVERY, LINK

from mopsnb.notify import pictures
from mopsnb.notify.settings import NotifySetting
from mopsnb.notify.telling import tell
from mopsnb.secrets.known import forget


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """A run with an error and a warning."""
    return samples.make_report(tmp_path_factory.mktemp("workspace"), new=["goals.missed.leads"])


@pytest.fixture(scope="session")
def drawn():
    """The pictures that were drawn so far."""
    return {}


@pytest.fixture
def draw_once(drawn, monkeypatch):
    """Draw the pictures of one report for real, once."""
    draw = pictures.draw_pictures

    def draw_once(charts, patience=30.0):
        key = tuple(chart.title for chart in charts)
        drawn[key] = drawn.get(key) or draw(charts, 30.0)
        return drawn[key]

    monkeypatch.setattr(pictures, "draw_pictures", draw_once)


@pytest.fixture
def forget_secrets():
    """Know no secret of another test."""
    forget()
    yield
    forget()


@pytest.fixture
def send(monkeypatch, report):
    """Tell the address of one report: ``send(address, **setting)`` returns the delivery."""

    def tell_one(address, *, patience=20.0, of=report, **options):
        to = samples.take_secret(monkeypatch, "team-mail", address)
        return tell(of, [NotifySetting(to=to, on=options.pop("on", EVERY), **options)], patience=patience)[0]

    return tell_one


@pytest.fixture
def mail(send):
    """The digest as a mail server got it, with the delivery."""
    with samples.serve_mail(login=True) as (box, port):
        address = f"mailto://bot:{samples.PASSWORD}@localhost:{port}/?from=Reports<bot@example.com>&to=cmo@example.com"
        delivery = send(address, link=LINK)
    assert delivery.status == "sent", delivery
    return box.mails[0]
