"""Markdown to HTML, and order in the headings and ids of a page."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Any

import mistune
from markupsafe import Markup, escape

from mopsnb.run.safe_html import SAFE_LINK

_HEADING = re.compile(r"<h([1-6])((?:\s[^>]*)?)>(.*?)</h\1\s*>", re.DOTALL | re.IGNORECASE)
_ID = re.compile(r"(?<=\sid=)([\"'])(.+?)\1")
_POINTER = re.compile(r"(\s(?:id|for|headers|aria-(?:labelledby|describedby|details|controls|owns))=[\"'])([^\"']*)")
_TARGET = re.compile(r"((?:\shref=[\"']|\burl\()#)([\w.-]+)")
_TAG = re.compile(r"<[^>]+>")
_PLUGINS = ["strikethrough", "table", "def_list"]


@dataclass(frozen=True, slots=True)
class Heading:
    """One line of a table of contents: a heading's level (2 or 3), its id and its text."""

    level: int
    id: str
    text: str


class _Prose(mistune.HTMLRenderer):
    """Markdown whose code blocks scroll by keyboard."""

    def block_code(self, code: str, info: str | None = None) -> str:
        return super().block_code(code, info).replace("<pre>", '<pre tabindex="0">', 1)


class _Careful(_Prose):
    """Markdown that may hold names from data: no markup of its own, no pictures, links inside the site only."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return str(escape(unescape(_TAG.sub("", text))))

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if SAFE_LINK.fullmatch(url):
            return f'<a href="{escape(url)}">{text}</a>'
        return text


@cache
def _markdown(careful: bool) -> mistune.Markdown:
    # Without mistune's mathematics: "$5 to $9" is money here.
    renderer = _Careful(escape=True) if careful else _Prose(escape=False)
    return mistune.create_markdown(renderer=renderer, plugins=_PLUGINS)


def render_prose(source: str) -> Markup:
    """Return a notebook's own markdown as HTML. It is trusted: HTML in it stays HTML."""
    return _finish(_markdown(careful=False)(source))


def render_said(source: str) -> Markup:
    """Return markdown that a cell computed as HTML.

    It may hold names from data. HTML in it is shown as text, pictures become
    their alternative text, and only links inside the site stay links.
    """
    return _finish(_markdown(careful=True)(source))


def _finish(html: Any) -> Markup:
    text = re.sub(r"<th(?=[\s>])(?![^>]*\sscope=)", '<th scope="col"', str(html))
    text = re.sub(r"<table>", '<div class="scroll"><table>', text)
    return Markup(re.sub(r"</table>", "</table></div>", text))  # noqa: S704 - made by the renderers above


def make_slug(text: str) -> str:
    """Return a text as an id: lower-case ASCII words joined by ``-``.

    Examples
    --------
    >>> make_slug("What's new: Kosten & Erträge")
    'whats-new-kosten-ertrage'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold().replace("'", "")).strip("-") or "section"


def take_id(wanted: str, seen: set[str]) -> str:
    """Return ``wanted``, or ``wanted-2``, ``wanted-3`` … where a page has it already, and note it as seen."""
    taken, number = wanted, 2
    while taken in seen:
        taken, number = f"{wanted}-{number}", number + 1
    seen.add(taken)
    return taken


def separate_ids(html: str, seen: set[str], prefix: str = "") -> str:
    """Rename the ids of a fragment that a page holds already, with everything that points at them.

    Parameters
    ----------
    html
        HTML or SVG of one output.
    seen
        The page's ids so far; the fragment's are added.
    prefix
        Where given, every id becomes ``<prefix>-1``, ``<prefix>-2`` … in order. Vega numbers the parts of
        a drawing on from those of the drawing before, so the same chart has other ids in the next run.
    """
    old = list(dict.fromkeys(match[1] for match in _ID.findall(html)))
    wanted = {name: f"{prefix}-{number}" if prefix else name for number, name in enumerate(old, 1)}
    new = {name: take_id(word, seen) for name, word in wanted.items()}
    if all(name == word for name, word in new.items()):
        return html
    html = _POINTER.sub(lambda m: m[1] + " ".join(new.get(word, word) for word in m[2].split(" ")), html)
    return _TARGET.sub(lambda m: m[1] + new.get(m[2], m[2]), html)


def order_headings(html: str, seen: set[str]) -> tuple[Markup, list[Heading]]:
    """Give every heading of a page its place and its id.

    The first ``h1`` stays the only one; later ones become ``h2``. A heading is
    at most one level below the one before it. An id comes from the text, so it
    is the same in the next run.

    Parameters
    ----------
    html
        The page's body.
    seen
        The ids that the page holds already; those of headings are added.

    Returns
    -------
    tuple of Markup and list of Heading
        The body, and its headings of levels 2 and 3 in order.
    """
    contents: list[Heading] = []
    before = 0

    def place(match: re.Match[str]) -> str:
        nonlocal before
        level, attributes, inner = int(match[1]), match[2], match[3]
        level = max(level, 2) if before else level
        level = min(level, max(before, 1) + 1)
        before = level
        text = unescape(_TAG.sub("", inner)).strip()
        given = _ID.search(attributes)
        anchor = given[2] if given else take_id(make_slug(text), seen)
        attributes = attributes if given else f'{attributes} id="{anchor}"'
        if level in (2, 3):
            contents.append(Heading(level, anchor, text))
        return f"<h{level}{attributes}>{inner}</h{level}>"

    return Markup(_HEADING.sub(place, html)), contents  # noqa: S704 - headings of a body already made safe
