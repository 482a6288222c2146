"""The first pass over a file: each record is told apart, and each spelling of a cell is looked at once."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mopsnb.data.importing.columns import Shape
from mopsnb.data.importing.evidence import Look
from mopsnb.data.importing.layout import refuse
from mopsnb.data.importing.records import Record
from mopsnb.data.importing.sorting import Sorter
from mopsnb.data.importing.survey import Survey


def survey_records(shape: Shape, records: Iterable[Record]) -> Survey:
    """Read every record once.

    Parameters
    ----------
    shape
        The file as columns.
    records
        Its records, the header and those before it included.

    Raises
    ------
    DataError
        The file breaks off, says that it has other rows than it has, or repeats a column with other cells.
    """
    found, sorter = Survey(), Sorter(shape)
    look = Look(shape, found)
    tails: list[int] = []
    for number, row in records:
        if number <= shape.match.row:
            continue
        kind = "row" if sorter.is_plain(row) else sorter.sort(row)
        if kind == "blank":
            continue
        found.last = number
        if kind == "row":
            for tail in tails:  # a lone cell in the middle is no note
                found.special[tail] = "ragged"
            tails.clear()
            found.rows += 1
            look.at(number, row)
            continue
        found.special[number] = kind
        if kind == "tail":
            tails.append(number)
        elif kind == "total":
            found.totals.append((number, row))
        if kind in {"note", "total"} and (stated := _read_stated(sorter, row)) is not None:
            found.stated_rows = stated
    look.finish()
    _check_end(shape, found)
    return found


def _read_stated(sorter: Sorter, row: list[str]) -> int | None:
    first = next((cell.strip() for cell in row if cell.strip()), "")
    for pattern in sorter.notes:
        if "rows" in pattern.groupindex and (match := pattern.search(first)):
            return int(re.sub(r"\D", "", match["rows"]))
    return None


def _check_end(shape: Shape, found: Survey) -> None:
    if found.special.get(found.last) == "ragged":
        fix = "The file seems to be cut off. Export it again."
        expected = f"{len(shape.match.headers)} cells, as in the header"
        raise refuse(shape.file, "a last row with fewer or more cells", expected, fix, f"row {found.last:,}")
    if found.stated_rows is not None and found.stated_rows != found.rows:
        fix = "Rows are missing or stand twice. Export the report again."
        raise refuse(shape.file, f"{found.rows:,} rows", f"{found.stated_rows:,} rows, as its last lines say", fix)
