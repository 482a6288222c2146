"""The report as one file, to send along: only where it is small enough and holds nobody's e-mail address."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from mopsnb.notify.mail import LARGEST_FILE
from mopsnb.notify.wording import holds_address
from mopsnb.run.publish import SINGLE_FILE


def read_enclosure(report: Path) -> tuple[bytes, str]:
    """Return the report's single file, or nothing and why.

    Parameters
    ----------
    report
        The run's folder.
    """
    path = report / SINGLE_FILE
    if not path.is_file():
        return b"", f"The report was not attached: the run wrote no {SINGLE_FILE}. Run it with --single-file."
    if path.stat().st_size > LARGEST_FILE:
        return b"", f"The report was not attached: {SINGLE_FILE} has more than {LARGEST_FILE:,} bytes."
    content = path.read_bytes()
    reader = _TextReader()
    reader.feed(content.decode("utf-8"))
    if any(holds_address(text) for text in reader.texts):
        return b"", "The report was not attached: e-mail addresses stand in it. Run it with show_email off."
    return content, ""


class _TextReader(HTMLParser):
    """Collects what a page shows and the data that it carries; scripts and styles are ours."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._skips = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what attributes say."""
        self._skips = tag == "style" or (tag == "script" and dict(attrs).get("type") != "application/json")
        self.texts += [value for name, value in attrs if value and name != "content"]

    def handle_endtag(self, tag: str) -> None:
        """Read on."""
        self._skips = False

    def handle_data(self, data: str) -> None:
        """Keep what is shown."""
        if not self._skips:
            self.texts.append(data)
