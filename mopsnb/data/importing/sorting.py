"""Which records are rows, and which are totals, notes, blank lines or damaged."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mopsnb.data.importing.columns import Shape, is_note
from mopsnb.data.importing.dates import read_moment
from mopsnb.data.importing.numbers import is_missing

TOTAL = re.compile(
    r"^(?:grand |sub)?totals?(?: général| general)?(?:\s*[:(-].*| +of .*)?$"
    r"|^(?:summen?|gesamt|gesamtsummen?|gesamtergebniss?e?|ergebnis|zwischensummen?|endsummen?|insgesamt|totaal"
    r"|eindtotaal|totalen|eindtotalen|totale|totale complessivo|totali(?: complessivi)?|totaux(?: généraux)?"
    r"|totales(?: generales)?|total geral|totais(?: gerais)?"
    r"|suma|suma końcowa|celkem|razem|totalt|totalsumma|итого|合計|总计"
    r"|sum|overall|all campaigns|alle kampagnen)(?:\s*[:(].*)?$",
    re.IGNORECASE,
)
_NOTES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^(?:grand totals?|gesamtsummen?|gesamtergebniss?e?|totaux généraux|total général|totales generales"
        r"|total general|totali complessivi|totale complessivo|totais gerais|total geral|eindtotalen|eindtotaal)"
        r" \((?P<rows>[\d,.]+) (?:records?|datens(?:ä|ae)tze?|datensatz|enregistrements?|registros?)\)",
        r"^total records?:? *(?P<rows>[\d,.]+)$",
        r"^confidential information",
        r"^copyright\b|^©|^\(c\) ?\d{4}",
        r"^(?:report )?generated (?:by|on|at)\b|^exported (?:by|on|at|from)?\b|^generated:",
        r"^#",
    )
)
_REMEMBERED = 100_000


def is_blank(row: Sequence[str]) -> bool:
    """Tell whether a record has no cell with a character in it."""
    return not any(cell and not cell.isspace() for cell in row)


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
        self.required = [shape.mapped[name][0] for name in shape.table.required if name in shape.mapped][:2]
        self.days = list(shape.moments.values())
        self.notes = (*(re.compile(pattern, re.IGNORECASE) for pattern in shape.source.footer), *_NOTES)
        self.after_blank = False
        self.firsts: set[str] = set()  # first cells of rows that are neither totals, notes nor headers
        others = [place for places in shape.mapped.values() for place in places]
        # With a name and two further cells a record is no note, and no total unless its first cell says so.
        self.glance = list(dict.fromkeys([*self.identity[:1], *others]))[:3]
        self.glance = self.glance if self.identity else []

    def is_plain(self, row: list[str]) -> bool:
        """Tell at a glance that a record is a row like the one before; what it does not tell is left to `sort`."""
        if len(row) != self.width or len(self.glance) < 3:
            return False
        for place in self.glance:
            if not row[place] or row[place].isspace():
                return False
        if row[0] not in self.firsts:
            if not self._is_telling(row[0]):
                return False
            if len(self.firsts) < _REMEMBERED:
                self.firsts.add(row[0])
        self.after_blank = False
        return True

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
        elif filled <= 2 and is_note(row, self.notes) and not self._is_narrow(row, filled):
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

    def _is_telling(self, first: str) -> bool:
        """Tell whether a first cell leaves no doubt: it is filled, says nothing of a total, and heads no header."""
        text = first.strip()
        return bool(text) and not TOTAL.match(text) and text != self.header[0]

    def _is_narrow(self, row: Sequence[str], filled: int) -> bool:
        """Tell whether two cells may be a whole row: they stand where the table has its id and another column."""
        return filled == 2 and all(self._cell(row, place) for place in self.required)

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
