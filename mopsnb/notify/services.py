"""One delivery over Apprise: the address is read, the message handed over, and a failure put into words of our own.

Apprise and the libraries below it write addresses into their logs. Here their logs are read for the kind of failure
and go no further; whatever text a server answers stays unread too.
"""

from __future__ import annotations

import json
import logging
import re
import smtplib
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from mopsnb.notify.digest import Digest
from mopsnb.notify.webhook import join_brief
from mopsnb.notify.wording import calm

CONNECT, READ = 10.0, 20.0  # seconds for a server to pick up and to answer, where the address sets nothing else
_LOUD = ("apprise", "urllib3", "requests", "charset_normalizer", "httpx", "httpcore")
# Services that send e-mail over an interface of their own; they take HTML, but no pictures within it.
_MAILERS = frozenset(
    {"brevo", "mailersend", "mailgun", "o365", "office365", "postmark", "resend", "sendgrid", "ses", "smtp2go"}
    | {"sparkpost"}
)


LATE = "The server did not answer in time."
UNTRUSTED = "The server's certificate cannot be trusted."
UNREACHED = "The server cannot be reached."
# The first that fits counts: an error of SMTP is an OSError too.
_ERRORS: tuple[tuple[type[BaseException], str], ...] = (
    (smtplib.SMTPAuthenticationError, "The mail server refused the user name or the password."),
    (
        smtplib.SMTPNotSupportedError,
        "The mail server lacks what the address asks for: encryption (STARTTLS) or a login.",
    ),
    (smtplib.SMTPException, "The mail server ended the conversation."),
    (ssl.SSLCertVerificationError, UNTRUSTED),
    (ssl.SSLError, "No encrypted connection came about. Check the port and the mode in the address."),
    (TimeoutError, LATE),
    (OSError, UNREACHED),
)


class NotDeliveredError(Exception):
    """A message did not go. The text says why, without the address."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes to one place.

    Parameters
    ----------
    digest
        The message. Its pictures, for e-mail alone, fit into one.
    fields
        What a webhook gets beside title and text.
    kind
        ``success``, ``warning`` or ``failure``, for services that color a message.
    link
        Where the report is; empty: nowhere.
    attached
        The report as one HTML file, for e-mail; empty: none.
    """

    digest: Digest
    fields: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "success"
    link: str = ""
    attached: bytes = b""


def send(address: str, pack: Callable[[bool], Parcel]) -> None:
    """Send one message to one address, once.

    Parameters
    ----------
    address
        The Apprise address, with its password.
    pack
        Makes what goes there; it is told whether that is a mail, which shows pictures.

    Raises
    ------
    NotDeliveredError
        It did not go, or not to everyone.
    """
    with _listen() as heard:
        try:
            service = _open_service(address)
            is_mail = _is_mail(service)
            parcel = pack(is_mail)
            if is_mail:
                _send_mail(service, parcel)
                went = True
            else:
                went = _hand_over(service, parcel)
        except NotDeliveredError:
            raise
        except Exception as error:  # a service's own errors may hold the address
            raise NotDeliveredError(_explain_error(error)) from None
        if not went:
            raise NotDeliveredError(_explain_log(heard))


def _open_service(address: str) -> Any:
    from apprise import Apprise, AppriseAsset
    from apprise.common import PersistentStoreMode

    asset = AppriseAsset(
        app_id="mopsnb",
        app_desc="Marketing operations reports",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        storage_mode=PersistentStoreMode.MEMORY,
        pgp_autogen=False,
        http_redirects=False,
    )
    service = Apprise.instantiate(address.strip(), asset=asset)
    if service is None:
        raise NotDeliveredError("The secret holds no address that Apprise can read.")
    kind = type(service)
    for name, seconds in (("socket_connect_timeout", CONNECT), ("socket_read_timeout", READ)):
        if getattr(service, name) == getattr(kind, name):
            setattr(service, name, seconds)
    return service


def _is_mail(service: Any) -> bool:
    from apprise.plugins.email import NotifyEmail

    return type(service) is NotifyEmail and service.pgp_mode == "no"


def _send_mail(service: Any, parcel: Parcel) -> None:
    from apprise.plugins.email.smtp import AppriseSMTPController

    from mopsnb.notify.mail import address_mail, build_mail

    if not service.targets:
        raise NotDeliveredError("The address names no recipient. Add ?to=name@example.com.")
    mail = build_mail(parcel.digest, parcel.attached)
    refused = 0
    with AppriseSMTPController(
        host=service.smtp_host,
        port=service.port,
        secure_mode=service.secure_mode,
        user=service.user,
        password=service.password,
        verify_certificate=service.verify_certificate,
        socket_connect_timeout=service.socket_connect_timeout,
    ) as server:
        for target in service.targets:
            addressed, everyone = address_mail(mail, service, target)
            refused += not server.sendmail(service.from_addr[1], everyone, addressed.as_string())
    if refused:
        whole = "" if refused == len(service.targets) else f" for {refused} of {len(service.targets)} recipients"
        raise NotDeliveredError(f"The mail server did not take the message{whole}.")


def _hand_over(service: Any, parcel: Parcel) -> bool:
    from apprise.plugins.custom_form import NotifyForm
    from apprise.plugins.custom_json import NotifyJSON

    digest, form = parcel.digest, "text"
    title, body = digest.subject, join_brief(digest, parcel.link)
    if isinstance(service, NotifyJSON):
        # Apprise leaves out what is empty; its own version and list of attachments say nothing here.
        service.payload_extras = {"version": "", "attachments": "", **parcel.fields, **service.payload_extras}
    elif isinstance(service, NotifyForm):
        service.payload_extras = {"report": json.dumps(parcel.fields, ensure_ascii=False), **service.payload_extras}
    elif getattr(service, "schema", "") in _MAILERS:
        body, form = digest.html, "html"
    else:
        title = calm(title)
        if service.resolve_format("text").value == "markdown":
            # Apprise would put a backslash before every dot, also in the link. A new line needs a blank one.
            body, form = body.replace("\n", "\n\n"), ""
    return bool(service.notify(body=body, title=title, notify_type=parcel.kind, body_format=form or None))


def _explain_error(error: BaseException) -> str:
    if "timed out" in str(error).casefold():
        return LATE
    return next(
        (words for kind, words in _ERRORS if isinstance(error, kind)),
        f"The message could not be handed over ({type(error).__name__}).",
    )


def _explain_log(heard: list[str]) -> str:
    """Return why a service failed, from what its log says: a number of HTTP, a time that passed, no connection."""
    text = "\n".join(heard)
    found = re.search(r"error=(\d{3})\b", text)
    if found:
        phrase = {item.value: item.phrase for item in HTTPStatus}.get(int(found[1]), "")
        return f"The server answered {found[1]}{f', {phrase}' if phrase else ''}."
    if "timed out" in text.casefold():
        return LATE
    if "certificate" in text.casefold():
        return UNTRUSTED
    if "connection error" in text.casefold() or "Socket Exception" in text:
        return UNREACHED
    return "The service did not take the message."


@contextmanager
def _listen() -> Iterator[list[str]]:
    """Keep what this thread's libraries log, and let none of it out: not now, and not from a thread left behind."""
    import urllib3

    urllib3.disable_warnings()  # its warnings name the host
    for name in _LOUD:
        logging.getLogger(name).propagate = False
    logger = logging.getLogger("apprise")
    handler = _Ear(threading.get_ident())
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    try:
        yield handler.heard
    finally:
        logger.removeHandler(handler)


class _Ear(logging.Handler):
    """Keeps the log of one thread."""

    def __init__(self, thread: int) -> None:
        super().__init__(logging.DEBUG)
        self.thread = thread
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message of this thread."""
        if record.thread == self.thread:
            self.heard.append(record.getMessage())
