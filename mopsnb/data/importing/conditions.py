"""Rows that a source leaves out, and cells that count only beside certain others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from mopsnb.data.importing.cells import Memo
from mopsnb.data.importing.columns import Shape
from mopsnb.data.importing.numbers import TYPED
from mopsnb.data.importing.records import Record

_RECORDS = ("contact", "account", "campaign", "deal", "task")


class Conditions:
    """The conditions of a source, over the rows of a file.

    Parameters
    ----------
    shape
        The file as columns.
    """

    def __init__(self, shape: Shape) -> None:
        self.excluded = [
            (header, place, _make_test(cells))
            for header, cells in shape.source.exclude.items()
            for place in shape.find_places([header])
        ]
        key = shape.table.key
        # Of one record, a later export may say that it was deleted; events and figures are never taken back.
        has_id = len(key) == 1 and key[0] in shape.mapped and shape.table.name in _RECORDS
        self.id_place = shape.mapped[key[0]][0] if has_id and not shape.source.completes else None
        self.only = [
            (name, place, _make_test(cells))
            for name, spec in shape.source.columns.items()
            if name in shape.mapped
            for header, cells in spec.only.items()
            for place in shape.find_places([header])
        ]

    def keep(self, batch: list[Record], excluded: dict[str, int], gone: set[str]) -> list[Record]:
        """Return the rows that the source does not leave out; count the others by their reason, and keep their ids."""
        for header, place, test in self.excluded:
            kept = [record for record in batch if not test[record[1][place]]]
            if len(kept) < len(batch):
                if self.id_place is not None:
                    gone.update(
                        record[1][self.id_place].removeprefix(TYPED).strip()
                        for record in batch
                        if test[record[1][place]]
                    )
                example = next(record[1][place] for record in batch if test[record[1][place]])
                reason = f"{header} is {example.removeprefix(TYPED).strip() or 'empty'}"
                excluded[reason] = excluded.get(reason, 0) + len(batch) - len(kept)
                batch = kept
        return batch

    def blank(self, values: dict[str, list[Any]], cells: Sequence[Sequence[str]]) -> None:
        """Make cells missing that count only beside certain others."""
        for name, place, test in self.only:
            values[name] = [value if test[cell] else None for value, cell in zip(values[name], cells[place])]


def _make_test(wanted: Sequence[str]) -> Memo:
    exact = {item.casefold() for item in wanted if not item.startswith("/")}
    patterns = [re.compile(item.strip("/"), re.IGNORECASE) for item in wanted if item.startswith("/")]

    def test(cell: str) -> bool:
        text = cell.removeprefix(TYPED).strip()
        return text.casefold() in exact or any(pattern.search(text) for pattern in patterns)

    return Memo(test)
