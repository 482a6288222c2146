"""Rows of totals: compared with the sum of the others, so that a cut or doubled file is found out."""

from __future__ import annotations

from decimal import Decimal

from mopsnb.data.importing.cells import BAD, Reading, read_amount
from mopsnb.data.importing.columns import Shape
from mopsnb.data.importing.conversion import Part
from mopsnb.data.importing.layout import refuse
from mopsnb.data.importing.survey import Survey


def compare_totals(shape: Shape, survey: Survey, reading: Reading, part: Part, rejected: int) -> list[str]:
    """Compare the totals of a file with the sums of its rows, mark the part, and return what a person should know.

    Parameters
    ----------
    shape
        The file as columns.
    survey
        Has the rows of totals.
    reading
        How cells are read.
    part
        The rows, with the sum of each measure.
    rejected
        How many rows were rejected.

    Raises
    ------
    DataError
        No row of totals is the sum of the rows.
    """
    if not survey.totals:
        return []
    if rejected:
        return ["the totals in the file were not compared, as rows were rejected"]
    misses, sums = [], part.sums
    compared = 0
    for number, row in survey.totals:
        found = _read_totals(shape, reading, row)
        if not found:
            continue
        compared += 1
        off = [name for name, total in found.items() if abs(total - sums.get(name, Decimal(0))) > _allow(total, survey)]
        if not off:
            part.is_summed = True
            return []
        name = off[0]
        misses.append((number, shape.match.headers[shape.measures[name]].strip(), found[name], sums.get(name)))
    if not compared:
        return []
    number, header, total, added = misses[0]
    fix = "Rows are missing or stand twice, or the line is no total. Export the report again, or remove the line."
    raise refuse(
        shape.file, f"a total of {total:f}", f"{added:f}, the sum of the rows", fix, f"row {number:,}, {header}"
    )


def _read_totals(shape: Shape, reading: Reading, row: list[str]) -> dict[str, Decimal]:
    found = {}
    for name, place in shape.measures.items():
        if place >= len(row):
            continue
        spec, whole = shape.spec(name), shape.field(name).kind == "integer"
        value = read_amount(row[place], spec, reading.style, whole=whole)
        if value is BAD or (value is None and shape.field(name).required):
            continue
        if isinstance(value, Decimal):
            found[name] = value
    return found


def _allow(total: Decimal, survey: Survey) -> Decimal:
    """Return how far a total may be off: rows that show rounded figures err by half of the last place, at random."""
    exponent = int(total.as_tuple().exponent)
    return Decimal(1).scaleb(exponent) / 2 * Decimal(max(survey.rows, 1)).sqrt() if exponent < 0 else Decimal(0)
