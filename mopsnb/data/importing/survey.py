"""What the first pass over a file found: how it writes numbers and dates, what its totals say, and what is damaged."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from mopsnb.data.importing.records import Record

Evidence = dict[str, tuple[int, str, str]]  # what a cell shows, to the first row, column and cell that show it


@dataclass
class Survey:
    """What a pass over a file found.

    Parameters
    ----------
    rows
        How many rows of data there are.
    special
        Record number to what it is, for all that are no rows of data: ``total``, ``note``, ``ragged`` …
    totals
        The records that show totals.
    stated_rows
        How many rows the file itself says it has.
    styles, orders
        Evidence of how numbers and dates are written.
    unclear_days
        Cells that could mean two days.
    signs
        Currencies and money signs in cells, to the first row.
    names
        What rows are called, to their ids; for parents given by name.
    last
        The number of the last record that is not blank.
    figures
        The places of columns without a use that hold numbers.
    damaged_ids
        Ids that a spreadsheet wrote as ``1.2E+15``, with their rows.
    largest
        Place of a column of percentages to the largest of its cells that are numbers, not text.
    """

    rows: int = 0
    special: dict[int, str] = field(default_factory=dict)
    totals: list[Record] = field(default_factory=list)
    stated_rows: int | None = None
    styles: Evidence = field(default_factory=dict)
    orders: Evidence = field(default_factory=dict)
    unclear_days: set[str] = field(default_factory=set)
    signs: dict[str, int] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)
    last: int = 0
    figures: set[int] = field(default_factory=set)
    damaged_ids: list[tuple[int, str]] = field(default_factory=list)
    largest: dict[int, Decimal] = field(default_factory=dict)
