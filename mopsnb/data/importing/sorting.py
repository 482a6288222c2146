"""Which records are rows, and which are totals, notes, blank lines or damaged."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mopsnb.data.importing.columns import Shape, is_note
from mopsnb.data.importing.dates import read_moment
from mopsnb.data.importing.numbers import is_missing

TOTAL = re.compile(
    r"^(?:grand |sub)?totals?(?: général| general)?(?: *[:(-].*| +of .*)?$"
    r"|^(?:summe|gesamt|gesamtsumme|gesamtergebnis|ergebnis|totaal|totale|totaux|suma|celkem|razem|итого|合計|总计)"
    r"(?: *[:(].*)?$",
    re.IGNORECASE,
)
_NOTES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^grand totals? \((?P<rows>[\d,.]+) records?\)",
        r"^total records?:? *(?P<rows>[\d,.]+)$",
        r"^confidential information",
        r"^copyright\b|^©|^\(c\) ?\d{4}",
        r"^(?:report )?generated (?:by|on|at)\b|^exported (?:by|on|at|from)?\b|^generated:",
        r"^#",
    )
)


class Sorter:
    """Tells records apart, one after the other.

    Parameters
    ----------
    shape
        The file as columns.
    """

    def __init__(self, shape: Shape) -> None:
        self.width = len(shape.match.headers)
        self.header = [cell.strip() for cell in shape.match.headers]
        self.identity = shape.identity
        self.measures = list(shape.measures.values())
        self.days = list(shape.moments.values())
        self.notes = (*(re.compile(pattern, re.IGNORECASE) for pattern in shape.source.footer), *_NOTES)
        self.after_blank = False

    def sort(self, row: list[str]) -> str:
        """Return what a record is.

        It is ``row``, ``blank``, ``total``, ``note``, ``tail`` (a lone cell behind a blank line), ``repeat`` (of the
        header) or ``ragged`` (of another width).
        """
        filled = sum(1 for cell in row if cell and not cell.isspace())
        after_blank, self.after_blank = self.after_blank, not filled
        is_lone = filled == 1 and after_blank
        if not filled:
            kind = "blank"
        elif filled <= 2 and is_note(row, self.notes):
            kind = "note"
        elif self.is_total(row):
            kind = "total"
        elif len(row) < self.width or any(cell.strip() for cell in row[self.width :]):
            kind = "tail" if is_lone else "ragged"
        elif is_lone and not any(self._cell(row, place) for place in self.identity[:1]):
            kind = "tail"
        else:
            kind = "repeat" if [cell.strip() for cell in row[: self.width]] == self.header else "row"
        return kind

    def is_total(self, row: Sequence[str]) -> bool:
        """Tell whether a record shows sums of others: it says so, or it names nothing and has figures."""
        first = next((cell.strip() for cell in row if cell.strip()), "")
        if TOTAL.match(first):
            days = [cell for place in self.days if (cell := self._cell(row, place)) and cell != first]
            return not any(read_moment(cell, "dmy") or read_moment(cell, "mdy") for cell in days)
        if not self.identity or any(self._cell(row, place) for place in self.identity):
            return False
        return any(not is_missing(self._cell(row, place)) for place in self.measures)

    @staticmethod
    def _cell(row: Sequence[str], place: int) -> str:
        return row[place].strip() if place < len(row) else ""
