"""What a person should know about a file that was read: how, and what it lacks."""

from __future__ import annotations

from mopsnb.data.importing.cells import Reading
from mopsnb.data.importing.columns import Shape
from mopsnb.data.importing.preamble import Period
from mopsnb.data.importing.records import Records
from mopsnb.data.importing.survey import Survey
from mopsnb.data.wording import count_of


def list_notes(records: Records, shape: Shape, survey: Survey, reading: Reading, period: Period | None) -> list[str]:
    """Return what was assumed, derived, left out or missing, a sentence each."""
    notes = [shape.source.notes] if shape.source.notes else []
    if records.others:
        notes.append(f"read the sheet {records.sheet}, not {', '.join(records.others)}")
    if period and shape.is_dated and "date" not in shape.mapped:
        notes.append(f"every row is a total from {period[0]} to {period[1]}, as the file says")
    if "point" in survey.styles or "comma" in survey.styles:
        notes.append(f"decimals are written with a {reading.style}")
    if reading.order and survey.orders:
        notes.append(f"dates are read as {'day/month' if reading.order == 'dmy' else 'month/day'}")
    for name, parts in shape.source.derive.items():
        if name not in shape.mapped:
            notes.append(f"{name} is derived from {', '.join(parts)}, as the file has no such column")
    lacking = [name for name in shape.source.columns if not name.startswith("_") and name not in shape.mapped]
    figures = [
        name for name in lacking if shape.field(name).unit in {"money", "count"} and name not in shape.source.count
    ]
    if figures:
        notes.append(f"missing, as the file has no such column: {', '.join(figures)}")
    if any(shape.field(name).kind == "timestamp" for name in shape.moments):
        notes.append(f"times without a zone are taken as {reading.zone.key}")
    return notes + _list_damage(shape, survey, records)


def _list_damage(shape: Shape, survey: Survey, records: Records) -> list[str]:
    notes = []
    if survey.damaged_ids:
        number, cell = survey.damaged_ids[0]
        count = count_of(len(survey.damaged_ids), "id")
        notes.append(f"{count} like '{cell}' (row {number:,}) lost digits in a spreadsheet; they are kept as text")
    if records.layout and not records.layout.is_ended:
        notes.append("the last line has no line break: compare the totals with the platform's")
    repeats = sum(1 for kind in survey.special.values() if kind == "repeat")
    if repeats:
        notes.append(f"{count_of(repeats, 'line')} that repeat the header left out")
    return notes
