"""Marks that tell whether two rows are the same: by all their cells, and by those that name them."""

from __future__ import annotations

import re
from operator import itemgetter
from typing import Any

from mopsnb.data.importing.cells import Memo
from mopsnb.data.importing.columns import Shape
from mopsnb.data.importing.numbers import TYPED
from mopsnb.data.importing.records import Record

_NUMERIC = re.compile(r"[<>~]? ?[-+]?[$€£]?[\d.,'’\s]*\d[\d.,'’\s]* ?(?:%|[A-Z]{3}|[$€£])?")
_NAMING = re.compile(r"\b(?:id|ids|key|code|hour|number|no|zip|age)\b|_id$|(?<=[a-z])Id$", re.IGNORECASE)


class RowMarks:
    """Gives each row its marks.

    Parameters
    ----------
    shape
        The file as columns.
    """

    def __init__(self, shape: Shape) -> None:
        numbers = set(shape.numbers.values())
        self.given = shape.find_places(shape.source.key)
        used = {place for places in shape.mapped.values() for place in places}
        headers = shape.match.headers
        self.named = [
            place for place in range(len(headers)) if place in used - numbers or _NAMING.search(headers[place])
        ]
        self.open = [place for place in range(len(headers)) if place not in used and place not in self.named]
        places = self.given or (self.named if not self.open else [])
        self.pick = itemgetter(*places) if places else None
        self.figures = Memo(_is_figure)
        self.counts = {f"_count_{name}": shape.find_places(names) for name, names in shape.source.count.items()}

    def mark(self, name: str, batch: list[Record]) -> list[Any]:
        """Return a mark for each row: ``_whole``, ``_natural`` or ``_count_…``."""
        if name == "_whole":
            return [hash(tuple(row)) for _, row in batch]
        if name == "_natural":
            if self.pick is None:
                return [hash(self._name(row)) for _, row in batch]
            pick = self.pick
            return [hash(pick(row)) for _, row in batch]
        places = self.counts[name]
        return [_join([row[place] for place in places]) for _, row in batch]

    def _name(self, row: list[str]) -> tuple[str, ...]:
        figures = self.figures
        return tuple(
            [row[place] for place in self.named] + [cell for place in self.open if not figures[cell := row[place]]]
        )


def _is_figure(cell: str) -> bool:
    return cell.startswith(TYPED) or cell.strip() in {"", "--", "-"} or _NUMERIC.fullmatch(cell.strip()) is not None


def _join(cells: list[str]) -> str | None:
    filled = [cell.removeprefix(TYPED).strip() for cell in cells]
    return "\x1f".join(filled) if all(filled) else None
