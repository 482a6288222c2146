"""What an import is asked for, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mopsnb.data.wording import count_of
from mopsnb.errors import Fault

SHOWN = 20  # columns that a line lists


@dataclass(frozen=True)
class ImportRequest:
    """What to import, and what a person says about it.

    Parameters
    ----------
    files
        The files, the older export first.
    workspace
        The folder with ``strategy.yml``.
    time_zone, currency
        Those of the strategy; an empty currency: it names none.
    source, table
        The source's id, or the canonical table of a file of the team's own; empty: found by the columns.
    maps, defaults
        Canonical column to the header that holds it, and to the value of cells that the file lacks.
    date_order, decimal
        ``dmy`` or ``mdy``, ``point`` or ``comma``; empty: found in the file.
    dry_run
        Say what would happen, and write nothing.
    max_rejected
        The share of rows that may be rejected; beyond it nothing is imported.
    """

    files: tuple[Path, ...]
    workspace: Path
    time_zone: str = "UTC"
    currency: str = ""
    source: str = ""
    table: str = ""
    maps: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    date_order: str = ""
    decimal: str = ""
    dry_run: bool = False
    max_rejected: float = 0.01


@dataclass
class FileReport:
    """What became of one file in one table.

    Parameters
    ----------
    file, source, title, why, table
        What it is and how that was recognized.
    read, kept, rejected
        Rows of data in the file, those taken over, and those put aside.
    deduplicated, older, added_up
        Rows that stood twice, older versions, and rows added to another of the same key.
    excluded
        Why rows were left out, to how many.
    totals
        How many rows of totals were compared and left out.
    columns
        Canonical column to the header that it comes from.
    attributes
        Further columns that are kept, by their new names.
    unknown
        Headers without a use.
    notes
        What a person should know.
    faults
        Why rows were rejected, one a kind.
    """

    file: str
    source: str
    title: str
    why: str
    table: str
    read: int = 0
    kept: int = 0
    rejected: int = 0
    deduplicated: int = 0
    older: int = 0
    added_up: int = 0
    excluded: dict[str, int] = field(default_factory=dict)
    totals: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    attributes: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON."""
        return {**vars(self), "faults": [fault.to_dict() for fault in self.faults]}

    def describe(self) -> list[str]:
        """Return the report as lines of text."""
        parts = [f"{count_of(self.read, 'row')} read", f"{self.kept:,} kept", f"{self.rejected:,} rejected"]
        parts += [f"{self.deduplicated:,} left out as they stand twice"] if self.deduplicated else []
        parts += [f"{self.older:,} older versions left out"] if self.older else []
        parts += [f"{self.added_up:,} added to a row of the same key"] if self.added_up else []
        parts += [f"{number:,} left out: {reason}" for reason, number in self.excluded.items()]
        parts += [f"{count_of(self.totals, 'total')} compared and left out"] if self.totals else []
        lines = [f"{self.file}: {self.title} ({self.source}), told by {self.why}, into {self.table}"]
        lines.append(f"  {', '.join(parts)}")
        lines += [f"  kept as attributes: {_list(self.attributes)}"] if self.attributes else []
        lines += [f"  columns without a use: {_list(self.unknown)}"] if self.unknown else []
        lines += [f"  {note}" for note in self.notes]
        return lines + [f"  rejected: {fault}" for fault in self.faults]


def _list(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN:,} more (--json lists all)" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


@dataclass
class ImportReport:
    """What an import did, or would do.

    Parameters
    ----------
    files
        One report a file and table.
    tables
        Table to rows before and after, added and replaced, and whether its file changed.
    rejected
        The files with rejected rows, relative to the workspace.
    dry_run
        Nothing was written.
    """

    files: list[FileReport] = field(default_factory=list)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    rejected: list[str] = field(default_factory=list)
    dry_run: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON."""
        files = [item.to_dict() for item in self.files]
        return {"dry_run": self.dry_run, "files": files, "tables": self.tables, "rejected": self.rejected}

    def __str__(self) -> str:
        lines = [line for item in self.files for line in item.describe()]
        for name, facts in self.tables.items():
            change = (
                "unchanged" if not facts["changed"] else f"{facts['added']:,} added, {facts['replaced']:,} replaced"
            )
            lines.append(f"data/{name}.parquet: {count_of(facts['rows'], 'row')}, {change}")
        lines += [f"Rejected rows, with the reason: {path}" for path in self.rejected]
        return "\n".join([*lines, "Nothing was written (dry run)."] if self.dry_run else lines)
