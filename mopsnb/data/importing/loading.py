"""One file on its way: opened, recognized, read twice, and its totals compared."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mopsnb.data.importing.cells import Reading
from mopsnb.data.importing.columns import Shape, check_shape
from mopsnb.data.importing.conversion import Context, Converter, Part
from mopsnb.data.importing.layout import refuse
from mopsnb.data.importing.money import settle_currency
from mopsnb.data.importing.preamble import Period, find_period
from mopsnb.data.importing.recognition import HEADERS, Match, place_columns, recognize, score_rows
from mopsnb.data.importing.records import Record, Records, open_records
from mopsnb.data.importing.rejections import Rejections
from mopsnb.data.importing.request import FileReport, ImportRequest
from mopsnb.data.importing.sources import Source, find_source, make_generic
from mopsnb.data.importing.survey import Survey, settle_order, settle_style, survey_records
from mopsnb.data.importing.totals import compare_totals
from mopsnb.data.importing.text import make_name
from mopsnb.data.wording import count_of
from mopsnb.errors import DataError, UsageError, suggest

Tell = Callable[[str, int, int], None]


@dataclass
class Loaded:
    """One file, converted for one table.

    Parameters
    ----------
    part
        Its rows.
    report
        What became of them so far.
    provenance
        What the table's metadata keeps about the file.
    rejected
        Where its rejected rows are, if there are any.
    is_first
        It is the first table that the file is read into.
    """

    part: Part
    report: FileReport
    provenance: dict[str, Any]
    rejected: Path
    is_first: bool


def load_file(
    path: Path, request: ImportRequest, sources: Mapping[str, Source], room: Path, tell: Tell | None
) -> Iterator[Loaded]:
    """Read one file, and yield its rows for each table that it holds.

    Parameters
    ----------
    path
        The file.
    request
        What a person says about it.
    sources
        The sources that are known.
    room
        A folder for unfinished files.
    tell
        Is told how far the work is.

    Raises
    ------
    DataError
        The file is refused.
    """
    candidates = _choose(request, sources)
    named = next(iter(candidates.values())) if len(candidates) == 1 else None
    if path.suffix.casefold() == ".json" and named is None:
        named = _find_json(path, candidates)
    records = open_records(path, lambda rows: score_rows(rows, candidates.values()), named)
    head = [row for _, row in zip(range(HEADERS), (row for _, row in records.read(None)))]
    match = recognize(path.name, head, candidates, request.maps, given=bool(request.source or request.table))
    _check_maps(request, match)
    digest = _hash(path)
    for at, source in enumerate([match.source, *(sources[name] for name in match.source.also)]):
        own = (
            match
            if at == 0
            else Match(source, match.row, match.headers, place_columns(source, match.headers), match.why)
        )
        stem = f"{len(list(room.iterdir()))}-{source.id}"
        yield _load(
            records,
            Shape(path.name, own, request.defaults if at == 0 else {}),
            request,
            head,
            room / stem,
            digest,
            tell,
            at == 0,
        )


def _choose(request: ImportRequest, sources: Mapping[str, Source]) -> dict[str, Source]:
    if request.source:
        source = find_source(request.source, sources)
        if request.table and request.table != source.table:
            raise UsageError(f"The source {source.id} fills {source.table}, not {request.table}.")
        return {source.id: source}
    if request.table:
        generic = make_generic(request.table, request.maps)
        return {generic.id: generic}
    return dict(sources)


def _find_json(path: Path, sources: Mapping[str, Source]) -> Source | None:
    """Return the source that knows where a JSON file has its rows, told by the names at its top."""
    import json

    try:
        content = json.loads(path.read_bytes())
    except ValueError:
        return None  # reading it says what is wrong
    fitting = [
        source
        for source in sources.values()
        if isinstance(content, dict) and source.json_rows and isinstance(content.get(source.json_rows), list)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _check_maps(request: ImportRequest, match: Match) -> None:
    from mopsnb.data.contract import TABLES

    fields = TABLES[match.source.table].fields
    for name in [*request.maps, *request.defaults]:
        if name not in fields:
            raise UsageError(f"{match.source.table} has no column '{name}'. {suggest(name, fields)}".strip())
    for name, header in request.maps.items():
        if name not in match.places:
            raise UsageError(f"The file has no column '{header}'. {suggest(header, match.headers)}".strip())


def _load(  # noqa: PLR0913 - the steps of one file share all of it
    records: Records,
    shape: Shape,
    request: ImportRequest,
    head: list[list[str]],
    stem: Path,
    digest: str,
    tell: Tell | None,
    is_first: bool,  # noqa: FBT001
) -> Loaded:
    before = head[: shape.match.row - 1]
    period = _ask_period(request) or find_period(before)
    check_shape(shape, has_period=period is not None)
    survey = survey_records(shape, _follow(records, tell, f"Reading {shape.file}"))
    order = settle_order(shape, survey, request.date_order, period)
    period = period or find_period(before, order)
    zone = ZoneInfo("UTC" if shape.source.zone == "utc" else request.time_zone)
    reading = Reading(settle_style(shape, survey, request.decimal), order, zone, ZoneInfo(request.time_zone))
    currency, by_cell, notes = settle_currency(shape, survey, request.currency)
    rejections = Rejections(shape.file, stem.with_name(f"{stem.name}-rejected.csv"))
    context = Context(reading, survey, period, currency, by_cell=by_cell)
    converter = Converter(shape, context, rejections)
    part = converter.convert(_follow(records, tell, f"Converting {shape.file}"), stem.with_name(f"{stem.name}.parquet"))
    _check_share(shape, survey, rejections, request)
    part.notes += notes + compare_totals(shape, survey, reading, part.sums, rejections.rows)
    part.notes += _list_notes(records, shape, survey, reading, period)
    report = _report(shape, survey, rejections, part)
    provenance = {"file": shape.file, "sha256": digest, "source": shape.source.id, "rows": survey.rows}
    return Loaded(part, report, provenance, rejections.path, is_first)


def _ask_period(request: ImportRequest) -> Period | None:
    from mopsnb.data.importing.dates import read_moment, to_day

    texts = [request.defaults.get(name, "") for name in ("period_start", "period_end")]
    if not all(texts):
        return None
    first, last = (read_moment(text) for text in texts)
    if first is None or last is None:
        raise UsageError("period_start and period_end are days, such as --default period_start=2026-09-01.")
    utc = ZoneInfo("UTC")
    return to_day(first, utc), to_day(last, utc)


def _follow(records: Records, tell: Tell | None, title: str) -> Iterator[Record]:
    size = records.path.stat().st_size
    return records.read((lambda done: tell(title, done, size)) if tell else None)


def _check_share(shape: Shape, survey: Survey, rejections: Rejections, request: ImportRequest) -> None:
    count = survey.rows + sum(1 for kind in survey.special.values() if kind == "ragged")
    if not rejections.rows or rejections.rows <= request.max_rejected * count:
        return
    share = rejections.rows / count
    message = (
        f"{shape.file} was not imported: {rejections.rows:,} of {count_of(count, 'row')} cannot be used ({share:.1%}, "
        f"allowed {request.max_rejected:.1%}). Correct them, or raise --max-rejected."
    )
    raise DataError(message, rejections.faults())


def _list_notes(records: Records, shape: Shape, survey: Survey, reading: Reading, period: Period | None) -> list[str]:
    notes = [shape.source.notes] if shape.source.notes else []
    if records.others:
        notes.append(f"read the sheet {records.sheet}, not {', '.join(records.others)}")
    if period and shape.is_dated and "date" not in shape.mapped:
        notes.append(f"every row is a total from {period[0]} to {period[1]}, as the file says")
    if "point" in survey.styles or "comma" in survey.styles:
        notes.append(f"decimals are written with a {reading.style}")
    if reading.order and survey.orders:
        notes.append(f"dates are read as {'day/month' if reading.order == 'dmy' else 'month/day'}")
    if shape.extras:
        kept = [shape.match.headers[place].strip() for place in shape.extras.values()]
        notes.append(f"kept as attributes: {', '.join(kept)}")
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


def _report(shape: Shape, survey: Survey, rejections: Rejections, part: Part) -> FileReport:
    ragged = sum(1 for kind in survey.special.values() if kind == "ragged")
    return FileReport(
        file=shape.file,
        source=shape.source.id,
        title=shape.source.title,
        why=shape.match.why,
        table=shape.source.table,
        read=survey.rows + ragged,
        rejected=rejections.rows,
        totals=len(survey.totals),
        columns={name: shape.match.headers[places[0]].strip() for name, places in shape.mapped.items()},
        unknown=[name for name in shape.match.unknown if make_name(name) not in shape.extras],
        notes=part.notes,
        faults=rejections.faults(),
    )


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
