"""A page's HTML moved into another document: its ids, links and levels fit the new place."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

_TAG = re.compile(r"<([a-zA-Z][\w:-]*)((?:[^\"'<>]|\"[^\"]*\"|'[^']*')*)>|</[hH]([1-6])\s*>")
_CONCERNED = re.compile(r"\sid=|href=|url\(#|\srole=|\sfor=|\sheaders=|\saria-")
_POINTER = re.compile(r"\s(id|for|headers|aria-(?:labelledby|describedby|details|controls|owns))=([\"'])([^\"']*)\2")
_LINK = re.compile(r"\shref=([\"'])([^\"']*)\1")
_ADDRESS = re.compile(r"([\w-]*)(?:\.html)?(?:#([\w.-]*))?")


@dataclass(frozen=True, slots=True)
class Move:
    """Where a page's HTML goes.

    Parameters
    ----------
    pages
        The names of the pages that the new document holds.
    name
        The page that moves; empty: the first page, whose ids and levels stay.
    """

    pages: Collection[str]
    name: str = ""

    @property
    def prefix(self) -> str:
        """What the page's ids begin with."""
        return f"{make_anchor(self.name)}-" if self.name else ""

    def apply(self, html: str) -> str:
        """Return the HTML for the new document.

        Ids get the page's prefix, headings go one level down, links to pages lead to their place in the
        document, links that lead nowhere any more lose their address, and landmarks become plain groups:
        two pages may call theirs the same.
        """
        return _TAG.sub(self._change, html)

    def _change(self, found: re.Match[str]) -> str:
        if found[3]:
            return f"</h{self._lower(found[3])}>"
        name, attributes = found[1], found[2]
        if re.fullmatch(r"[hH][1-6]", name):
            name = f"h{self._lower(name[1])}"
        if not _CONCERNED.search(attributes):
            return f"<{name}{attributes}>"
        attributes = _LINK.sub(self._lead, attributes)
        if self.name:
            if name == "section":
                attributes = re.sub(r"\saria-labelledby=\"[^\"]*\"", "", attributes)
            attributes = attributes.replace(' role="region"', ' role="group"')
            attributes = _POINTER.sub(self._point, attributes)
            attributes = attributes.replace("url(#", f"url(#{self.prefix}")
        return f"<{name}{attributes}>"

    def _lower(self, level: str) -> int:
        return min(int(level) + 1, 6) if self.name else int(level)

    def _point(self, found: re.Match[str]) -> str:
        words = " ".join(self.prefix + word for word in found[3].split())
        return f" {found[1]}={found[2]}{words}{found[2]}"

    def _lead(self, found: re.Match[str]) -> str:
        address = _ADDRESS.fullmatch(found[2])
        if address is None:
            return found[0] if found[2].startswith("data:") else ""
        page, place = address[1] or self.name or "index", address[2] or ""
        if page == "index":
            return f' href="#{place or "main"}"'
        if page not in self.pages:
            return ""
        return f' href="#{make_anchor(page)}{"-" if place else ""}{place}"'


def make_anchor(page: str) -> str:
    """Return the id of a page's place in a document of several pages."""
    return f"page-{page}"
