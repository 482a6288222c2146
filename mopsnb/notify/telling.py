"""Tells people of a run: decides who is to know, writes the message once, and sends it everywhere at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mopsnb.errors import MopsnbError
from mopsnb.notify.story import Story, tell_of_refusal

if TYPE_CHECKING:
    from mopsnb.notify.pictures import Picture
    from mopsnb.notify.services import Parcel
    from mopsnb.notify.settings import NotifySetting

PATIENCE = 30.0  # seconds for all deliveries together: a dead server holds up no run
_WORDS = {"error": "an error", "warning": "at least a warning", "info": "at least a note"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one setting.

    Parameters
    ----------
    to
        The reference, ``secret://name``. The address stands nowhere.
    status
        ``sent``, ``failed``, or ``not_due`` where the setting asks for other occasions.
    reason
        Why it was not sent; with ``sent``, what was left out. Empty where there is nothing to say.
    occasions
        What made it due.
    """

    to: str
    status: Literal["sent", "failed", "not_due"]
    reason: str = ""
    occasions: tuple[str, ...] = ()

    def __str__(self) -> str:
        words = {"sent": "told", "failed": "not told", "not_due": "nothing to tell"}[self.status]
        return f"{self.to}: {words}.{f' {self.reason}' if self.reason else ''}"

    def to_dict(self) -> dict[str, Any]:
        """Return the delivery as plain values for JSON."""
        return asdict(self) | {"occasions": list(self.occasions)}


def tell(
    report: Path | Story,
    settings: Sequence[NotifySetting],
    *,
    exit_code: int | None = None,
    always: bool = False,
    is_same: bool = False,
    patience: float = PATIENCE,
) -> list[Delivery]:
    """Tell everyone who asked to be told of a run.

    It never raises: a message that does not go is a delivery with its reason, and the run's exit code stays its own.
    Each message is sent once, without a second try.

    Parameters
    ----------
    report
        The run's folder; a story where the run left none (`mopsnb.notify.story.tell_of_refusal`).
    settings
        Whom to tell, and when.
    exit_code
        How the command line ended; None: as the causes of the failed steps say.
    always
        Whether to tell everyone, whatever the occasion.
    is_same
        Whether nothing had to run, and the report is the last good one, of which people know: nothing in it is new.
    patience
        Seconds for all deliveries together.

    Returns
    -------
    list of Delivery
        One for each setting, in their order.
    """
    if not settings:
        return []
    try:
        story, folder = (report, None) if isinstance(report, Story) else _read(report, exit_code)
        return _tell(story.repeat() if is_same else story, folder, settings, always, patience)
    except Exception as error:  # a message must not end a run
        from mopsnb.notify.wording import clean

        why = clean(str(error).partition("\n")[0]) if isinstance(error, MopsnbError) else type(error).__name__
        return [Delivery(item.to, "failed", f"The message could not be written: {why}") for item in settings]


def list_occasions(story: Story, setting: NotifySetting) -> tuple[str, ...]:
    """Return which of the occasions that a setting names are here.

    Parameters
    ----------
    story
        What there is to tell.
    setting
        Whom to tell, and when.
    """
    here = {
        "success": not story.has_failed,
        "failure": story.has_failed,
        "findings": bool(story.select(setting.severity, only_new=setting.only_new)),
    }
    return tuple(name for name in here if here[name] and name in setting.on)


def explain_occasions(occasions: Sequence[str], setting: NotifySetting, story: Story) -> str:
    """Return why a message was sent, as a sentence; empty where no occasion made it due."""
    new = "new " if setting.only_new else ""
    words = {
        "success": "the run reached its end",
        "failure": "a run was left out" if story.is_left_out else "the run failed",
        "findings": f"a {new}finding is {_WORDS[setting.severity]}",
    }
    return f"Sent because {' and '.join(words[name] for name in occasions)}." if occasions else ""


def _tell(
    story: Story, folder: Path | None, settings: Sequence[NotifySetting], always: bool, patience: float
) -> list[Delivery]:
    end = time.monotonic() + patience
    due = [list_occasions(story, setting) for setting in settings]
    if not always and not any(due):
        return [_leave(setting, story) for setting in settings]
    desk = _Desk(story, folder, patience / 2)
    errands = [
        _Errand(desk, setting, occasions) if occasions or always else None
        for setting, occasions in zip(settings, due, strict=True)
    ]
    for errand in errands:
        if errand:
            errand.start()
    return [
        errand.wait(end) if errand else _leave(setting, story)
        for errand, setting in zip(errands, settings, strict=True)
    ]


def _read(report: Path, exit_code: int | None) -> tuple[Story, Path | None]:
    """Return the run's story and folder. Where the folder cannot be read, that is what there is to tell."""
    from mopsnb.notify.reading import find_report, read_story

    try:
        folder = find_report(report)
        return read_story(folder, exit_code), folder
    except Exception as error:
        text = "The report cannot be read" + (f": {error}" if isinstance(error, MopsnbError) else ".")
        return tell_of_refusal("A workspace", text, exit_code or 1), None


def _leave(setting: NotifySetting, story: Story) -> Delivery:
    how = "failed" if story.has_failed else "reached its end"
    asked = " and ".join(
        f"findings that are {_WORDS[setting.severity]}" if name == "findings" else name for name in setting.on
    )
    return Delivery(setting.to, "not_due", f"The run {how}; the setting asks for {asked}.")


class _Desk:
    """What all messages about one run share. Pictures are drawn once, and only where a mail shows them."""

    def __init__(self, story: Story, folder: Path | None, patience: float) -> None:
        self._story, self._folder, self._patience = story, folder, patience
        self._lock = threading.Lock()
        self._pictures: list[Picture] | None = None

    def pack(self, setting: NotifySetting, occasions: Sequence[str], *, is_mail: bool) -> tuple[Parcel, str]:
        """Return what goes to one place, and what had to be left out."""
        from mopsnb.notify.digest import write_digest
        from mopsnb.notify.enclosure import read_enclosure
        from mopsnb.notify.services import Parcel
        from mopsnb.notify.webhook import build_fields, choose_kind

        story, link, attached, lacking = self._story, setting.link or "", b"", ""
        if is_mail and setting.attach == "single_file" and self._folder:
            attached, lacking = read_enclosure(self._folder)
        pictures = self._draw() if is_mail else []
        digest = write_digest(story, pictures, link, explain_occasions(occasions, setting, story))
        fields = build_fields(story, link, occasions)
        return Parcel(digest, fields, choose_kind(story), link, attached), lacking

    def _draw(self) -> list[Picture]:
        """Return the pictures of the mail; none where the pages cannot be read or drawing takes too long."""
        from mopsnb.notify.charts import choose_charts
        from mopsnb.notify.mail import fit_pictures
        from mopsnb.notify.pictures import draw_pictures

        with self._lock:
            if self._pictures is None:
                self._pictures = []
                with suppress(Exception):  # a page that cannot be read costs the pictures, not the message
                    if self._folder:
                        charts = choose_charts(self._folder, self._story)
                        self._pictures = fit_pictures(draw_pictures(charts, self._patience))
            return self._pictures


class _Errand:
    """One delivery in a thread of its own, which does not keep the process alive."""

    def __init__(self, desk: _Desk, setting: NotifySetting, occasions: tuple[str, ...]) -> None:
        self._desk, self._setting, self._occasions = desk, setting, occasions
        self._result: Delivery | None = None
        self._thread = threading.Thread(target=self._run, name="notify", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wait(self, end: float) -> Delivery:
        """Return what became of it, at the latest when the time is over."""
        self._thread.join(max(0.0, end - time.monotonic()))
        return self._result or self._settle("failed", "The server did not answer in time.")

    def _run(self) -> None:
        from mopsnb.notify.services import NotDeliveredError, send
        from mopsnb.notify.wording import clean
        from mopsnb.secrets import resolve

        try:
            address = resolve(self._setting.to).reveal()
            lacking = ""

            def pack(is_mail: bool) -> Parcel:
                nonlocal lacking
                parcel, lacking = self._desk.pack(self._setting, self._occasions, is_mail=is_mail)
                return parcel

            send(address, pack)
            self._result = self._settle("sent", lacking)
        except NotDeliveredError as error:
            self._result = self._settle("failed", str(error))
        except MopsnbError as error:
            first, *places = [clean(line) for line in str(error).splitlines()]
            self._result = self._settle("failed", " ".join([first, "; ".join(places)]).strip())
        except Exception as error:  # its text may hold the address
            self._result = self._settle("failed", f"The message could not be written ({type(error).__name__}).")

    def _settle(self, status: Literal["sent", "failed"], reason: str) -> Delivery:
        return Delivery(self._setting.to, status, reason, self._occasions)
