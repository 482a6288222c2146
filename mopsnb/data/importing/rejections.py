"""Rows that cannot be taken over: kept with the reason, counted by kind."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

from mopsnb.errors import Fault

HEADER = ("file", "row", "column", "value", "reason", "fix")
SHOWN = 3  # further examples in a message
_WIDTH = 80


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why one row was not taken over.

    Parameters
    ----------
    row
        Its record number.
    column
        The header of the cell; empty for the whole row.
    value
        What stands there.
    reason
        What should stand there.
    fix
        How to put it right.
    """

    row: int
    column: str
    value: str
    reason: str
    fix: str


@dataclass
class Rejections:
    """The rejections of one file.

    Parameters
    ----------
    file
        The file's name.
    path
        Where they are kept until the import succeeds.
    """

    file: str
    path: Path
    rows: int = 0
    _kinds: dict[tuple[str, str, str], list[Rejection]] = field(default_factory=dict)
    _counts: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def add(self, items: list[Rejection]) -> None:
        """Keep why one row was rejected, a reason a line."""
        self.rows += 1
        is_new = not self.path.exists()
        with self.path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            if is_new:
                writer.writerow(HEADER)
            for item in items:
                writer.writerow((self.file, item.row, item.column, item.value, item.reason, item.fix))
                kind = (item.column, item.reason, item.fix)
                self._counts[kind] = self._counts.get(kind, 0) + 1
                examples = self._kinds.setdefault(kind, [])
                if len(examples) <= SHOWN:
                    examples.append(item)

    def faults(self) -> list[Fault]:
        """Return one fault a kind, with count and first examples."""
        found = []
        for kind, items in self._kinds.items():
            first, *others = items
            found.append(
                Fault(
                    self.file,
                    f"row {first.row:,}",
                    first.column,
                    _show(first.value),
                    first.reason,
                    first.fix,
                    self._counts[kind],
                    tuple(f"row {item.row:,}: {_show(item.value)}" for item in others),
                )
            )
        return found


def _show(value: str) -> str:
    text = " ".join(value.split())
    return f"'{text[:_WIDTH]}…'" if len(text) > _WIDTH else f"'{text}'" if text else "an empty cell"
