"""Texts in which the characters of a value stand apart: colored one by one, wrapped, or between tags.

Such a text is read twice: without what stands between (`read_through`), and as it is, to replace what was found.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

JOINT = "\ue000"  # between texts that a reader sees as one, such as the lines of a title
_CODES = (
    r"(?:\x1b|\\u001b|\\x1b)\[[0-9;?]*[A-Za-z]|[\u00ad\u200b-\u200d\u2060\ufeff\ue000]|\\u200b|\\xad|"
    r"&shy;|&ZeroWidthSpace;|&#(?:173|8203);|[ \t]*\r?\n[ \t]*"
)
_LETTERS = r"&#(?:0*(?P<decimal>\d{2,3})|[xX]0*(?P<hex>[0-9a-fA-F]{2}));"
_SIGNS = {False: re.compile("[\n\x1b\\\\&\u00ad\u200b-\u200d\u2060\ufeff\ue000]"), True: re.compile("[<&]")}  # fast
_TEXT = re.compile(_CODES)
_MARKUP = re.compile(rf"{_CODES}|<[^<>]*>|{_LETTERS}")


@dataclass(frozen=True, slots=True)
class Plain:
    """A text without what stands between its characters.

    Parameters
    ----------
    text
        What is left.
    source
        The text as it is.
    parts
        For each run of characters that stand together: where it begins in ``text``, in ``source``, and where it ends
        there.
    """

    text: str
    source: str
    parts: Sequence[tuple[int, int, int]]

    def replace(self, found: Sequence[tuple[int, int, str]]) -> str:
        """Return the source with other words at places of the text.

        Parameters
        ----------
        found
            Begin, end and words of each place; of those that overlap the first and longest counts.
        """
        pieces, at = [], 0
        for begin, end, words in sorted(found, key=lambda item: (item[0], -item[1])):
            (first, _), (_, last) = self._locate(begin), self._locate(end - 1)
            if first < at:
                continue
            between = (mark[0] for mark in _MARKUP.finditer(self.source, first, last))
            kept = [mark for mark in between if not mark.isspace() and not mark.startswith("&#")]
            pieces += [self.source[at:first], words, *kept]
            at = last
        return "".join([*pieces, self.source[at:]])

    def _locate(self, place: int) -> tuple[int, int]:
        """Return where a character of the text begins and ends in the source."""
        at = bisect_right(self.parts, place, key=itemgetter(0)) - 1
        begin, source, end = self.parts[at]
        after = self.parts[at + 1][0] if at + 1 < len(self.parts) else len(self.text)
        if after - begin != end - source:
            return source, end  # it stands for a letter
        return source + place - begin, source + place - begin + 1


def read_through(text: str, *, is_markup: bool) -> Plain | None:
    """Return a text without codes and line ends, and without tags where it is markup; None where it has none."""
    if not _SIGNS[is_markup].search(text):
        return None
    marks = _MARKUP if is_markup else _TEXT
    return _read(text, marks) if marks.search(text) else None


def _read(text: str, marks: re.Pattern[str]) -> Plain:
    pieces: list[str] = []
    parts: list[tuple[int, int, int]] = []
    at = length = 0

    def add(piece: str, begin: int, end: int) -> None:
        nonlocal length
        if piece:
            parts.append((length, begin, end))
            pieces.append(piece)
            length += len(piece)

    for mark in marks.finditer(text):
        add(text[at : mark.start()], at, mark.start())
        add(_read_letter(mark), mark.start(), mark.end())
        at = mark.end()
    add(text[at:], at, len(text))
    return Plain("".join(pieces), text, parts)


def _read_letter(mark: re.Match[str]) -> str:
    """Return the letter or digit that a mark stands for; empty where it stands for nothing that is seen."""
    codes = mark.groupdict()
    number = int(codes.get("decimal") or 0) or int(codes.get("hex") or "0", 16)
    letter = chr(number) if 32 < number < 127 else ""
    return letter if letter.isalnum() else mark[0] if letter else ""
