"""The digest as an e-mail: plain text, HTML and its pictures, and where asked for the report as a file.

Apprise reads the address, picks the server and talks to it. The message is put together here, because Apprise makes
the plain text from the HTML, where a table falls apart into one line a cell and links are lost.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Any

from mopsnb.notify.digest import Digest
from mopsnb.notify.pictures import Picture

LARGEST = 400_000  # bytes of a message without its attachment; a phone on a train loads it
LARGEST_FILE = 10_000_000  # bytes of an attachment; many servers refuse more than this, encoded
FILE_NAME = "report.html"


def build_mail(digest: Digest, attached: bytes = b"") -> EmailMessage:
    """Return the message without sender and recipients.

    The text comes first, then the HTML together with its pictures, so that a mail client shows the best that it can.

    Parameters
    ----------
    digest
        What it says.
    attached
        The report as one HTML file; empty: none.
    """
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = digest.subject
    mail["Auto-Submitted"] = "auto-generated"  # no out-of-office reply, please
    mail.set_content(digest.text, cte="quoted-printable")
    mail.add_alternative(digest.html, subtype="html", cte="quoted-printable")
    parts: Any = mail.get_payload()
    html = parts[1]
    for picture in digest.pictures:
        html.add_related(
            picture.png, "image", "png", cid=f"<{picture.name}>", filename=picture.name, disposition="inline"
        )
    if attached:
        mail.add_attachment(attached, "text", "html", filename=FILE_NAME)
    return mail


def fit_pictures(pictures: Sequence[Picture], room: int = LARGEST - 60_000) -> list[Picture]:
    """Return the first pictures that fit into a message; in base64 each takes four thirds of its size.

    Parameters
    ----------
    pictures
        The most important first.
    room
        Bytes that the message has for them.
    """
    kept: list[Picture] = []
    for picture in pictures:
        room -= len(picture.png) * 37 // 27  # 76 characters and a line end for 57 bytes
        if room < 0:
            break
        kept.append(picture)
    return kept


def address_mail(mail: EmailMessage, service: Any, to: tuple[str, str]) -> tuple[EmailMessage, list[str]]:
    """Return a copy of a message with sender and recipients, and everyone whom the server shall give it to.

    Parameters
    ----------
    mail
        The message.
    service
        Apprise's mail service, which has read the address.
    to
        Name and address of the recipient.
    """
    addressed = copy.deepcopy(mail)
    sender = str(service.from_addr[1])
    addressed["From"] = _name(service.from_addr[0] or "mopsnb", sender)
    addressed["To"] = _name(to[0], to[1])
    cc, bcc = set(service.cc) - {to[1]}, set(service.bcc) - {to[1]}
    for header, addresses in (("Cc", cc - bcc), ("Reply-To", set(service.reply_to))):
        if addresses:
            addressed[header] = [_name(service.names.get(item), item) for item in sorted(addresses)]
    addressed["Date"] = format_datetime(datetime.now(UTC))
    addressed["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or "localhost")
    for name, value in service.headers.items():
        addressed[name] = " ".join(str(value).split())
    return addressed, [to[1], *sorted(cc), *sorted(bcc)]


def _name(name: Any, address: str) -> Address:
    return Address(" ".join(str(name or "").split()), addr_spec=address)
