"""The messages about a run as files to look at, without sending anything."""

from __future__ import annotations

import base64
from pathlib import Path

from mopsnb.errors import OutputError
from mopsnb.notify.charts import choose_charts
from mopsnb.notify.digest import Digest, write_digest
from mopsnb.notify.mail import build_mail, fit_pictures
from mopsnb.notify.pictures import draw_pictures
from mopsnb.notify.reading import read_story
from mopsnb.notify.webhook import build_body
from mopsnb.results import dump_json

FILES = ("digest.html", "digest.txt", "digest.eml", "webhook.json")


def write_preview(report: Path, folder: Path, link: str = "") -> list[Path]:
    """Write the messages about a run into a folder.

    Parameters
    ----------
    report
        The run's folder.
    folder
        Where the files go; made where it does not exist.
    link
        Where the report is published; empty: the messages have no link.

    Returns
    -------
    list of pathlib.Path
        The files: the digest for a browser, as plain text and as a mail, and what a webhook gets.

    Raises
    ------
    OutputError
        The folder cannot be written to.
    """
    story = read_story(report)
    digest = write_digest(story, fit_pictures(draw_pictures(choose_charts(report, story))), link)
    contents = (
        _embed_pictures(digest).encode(),
        digest.text.encode(),
        build_mail(digest).as_bytes(),
        dump_json(build_body(story, digest, link)).encode(),
    )
    paths = [folder / name for name in FILES]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content)
    except OSError as error:
        raise OutputError(f"Cannot write the preview to {folder}: {error.strerror or error}.") from error
    return paths


def _embed_pictures(digest: Digest) -> str:
    # A browser knows no parts of a mail; the mail itself keeps its pictures apart.
    html = digest.html
    for picture in digest.pictures:
        html = html.replace(
            f'src="cid:{picture.name}"', f'src="data:image/png;base64,{base64.b64encode(picture.png).decode()}"'
        )
    return html
