"""HTML that a cell showed, with nothing left in it that runs, loads or leaves the report.

The view's own HTML escapes every name from data. Other libraries may not, so what
reaches a page is written anew: the elements and attributes of the lists below, all
text escaped, every element closed.
"""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

SAFE_LINK = re.compile(r"[\w-]*(\.html)?(#[\w.-]*)?")  # pages of the site and places on them
_ELEMENTS = re.compile(
    r"a|abbr|b|bdi|bdo|blockquote|br|caption|cite|code|col|colgroup|dd|del|"
    r"details|dfn|div|dl|dt|em|figcaption|figure|h1|h2|h3|h4|h5|h6|hr|i|img|ins|kbd|li|"
    r"mark|ol|p|pre|q|s|samp|section|small|span|strong|sub|summary|sup|table|tbody|td|tfoot|"
    r"th|thead|time|tr|u|ul|var|wbr"
)
_VOID = re.compile(r"br|col|hr|img|wbr")
_SILENT = re.compile(
    r"script|style|template|iframe|object|embed|svg|math|noscript|title|textarea|select|xmp|"
    r"plaintext|noembed|noframes|head|applet|audio|video|canvas|frameset"
)
_ATTRIBUTES = re.compile(
    r"class|id|title|lang|dir|role|tabindex|scope|headers|colspan|rowspan|span|start|value|"
    r"reversed|open|alt|width|height|datetime"
)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]+")
_LOOK = re.compile(
    r"color|background-color|font-weight|font-style|text-align|text-decoration|vertical-align|"
    r"white-space|width|min-width|max-width|height|padding|padding-left|padding-right|border-bottom|border-top"
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_UNSHOWN = re.compile(r"<!--.*?-->|<!doctype[^>]*>|<\?[^>]*>", re.DOTALL | re.IGNORECASE)
_PLAIN_VALUE = re.compile(r"[\w\s#%.,-]*")


def sanitize(html: str) -> str:
    """Return HTML without scripts, handlers, frames, forms, foreign links and unclosed elements.

    Parameters
    ----------
    html
        What a cell showed. An element that is not known to be harmless goes, its text stays; scripts,
        style sheets, drawings and frames go with their content.

    Examples
    --------
    >>> sanitize('<p onclick="steal()">Spend <b>rose<script>steal()</script></p><a href="javascript:x()">more</a>')
    '<p>Spend <b>rose</b></p><a>more</a>'
    """
    writer = _Writer()
    # Python's parser gives up on declarations that it cannot read.
    writer.feed(re.sub(r"<(?=[!?])", "&lt;", _UNSHOWN.sub("", html)))
    writer.close()
    return writer.finish()


def show_controls(text: str) -> str:
    r"""Return a page in which a mark stands for each character that no one sees and that changes what they see.

    These are control characters, which HTML forbids, and those that turn the direction of the text after them:
    a name could use them to turn the words of the page around it. Hebrew and Arabic need none of them.

    Examples
    --------
    >>> show_controls("Sale\u202e 50")
    'Sale� 50'
    """
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._open: list[str] = []
        self._silent = ""
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silent:
            self._depth += tag == self._silent
        elif _SILENT.fullmatch(tag):
            self._silent, self._depth = ("", 0) if tag == "embed" else (tag, 1)  # an embed has no end
        elif _ELEMENTS.fullmatch(tag):
            kept = [f' {name}="{escape(value)}"' for name, value in _keep(tag, attrs)]
            self._parts.append(f"<{tag}{''.join(kept)}>")
            if not _VOID.fullmatch(tag):
                self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not _SILENT.fullmatch(tag):  # "<svg/>" is empty
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            self._depth -= tag == self._silent
            self._silent = self._silent if self._depth else ""
        elif tag in self._open:
            while self._open:
                last = self._open.pop()
                self._parts.append(f"</{last}>")
                if last == tag:
                    break

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._parts.append(escape(data, quote=False))

    def finish(self) -> str:
        """Return what was written, every element closed."""
        return "".join([*self._parts, *(f"</{tag}>" for tag in reversed(self._open))])


def _keep(tag: str, attrs: list[tuple[str, str | None]]) -> list[tuple[str, str]]:
    kept: dict[str, str] = {}
    for name, given in attrs:
        value = given or ""
        is_plain = _ATTRIBUTES.fullmatch(name) or re.fullmatch(r"aria-[a-z]+", name)
        is_link = name == "href" and tag == "a" and SAFE_LINK.fullmatch(value)
        is_picture = name == "src" and tag == "img" and _PICTURE.fullmatch(value)
        if name == "style":
            value = _keep_look(value)
        if is_plain or is_link or is_picture or (name == "style" and value):
            kept.setdefault(name, value)
    return list(kept.items())


def _keep_look(style: str) -> str:
    pairs = (part.partition(":") for part in style.split(";"))
    named = ((name.strip().casefold(), value.strip()) for name, _, value in pairs)
    return "; ".join(
        f"{name}: {value}" for name, value in named if _LOOK.fullmatch(name) and _PLAIN_VALUE.fullmatch(value)
    )
