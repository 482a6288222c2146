"""One file on its way: opened, recognized, read twice, and its totals compared."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mopsnb.data.contract import TABLES
from mopsnb.data.importing.cells import UTC, Reading
from mopsnb.data.importing.columns import Shape, check_shape, check_usual
from mopsnb.data.importing.context import Context
from mopsnb.data.importing.conversion import Converter, Part
from mopsnb.data.importing.dates import Order
from mopsnb.data.importing.layout import refuse
from mopsnb.data.importing.model import Source
from mopsnb.data.importing.money import settle_currency
from mopsnb.data.importing.notes import list_notes
from mopsnb.data.importing.preamble import Period, find_period
from mopsnb.data.importing.recognition import HEADERS, Match, place_columns, recognize, score_rows
from mopsnb.data.importing.records import Record, Records, open_records
from mopsnb.data.importing.rejections import Rejections
from mopsnb.data.importing.request import FileReport, ImportRequest
from mopsnb.data.importing.settling import settle_order, settle_style
from mopsnb.data.importing.sources import find_source, make_generic
from mopsnb.data.importing.survey import Survey
from mopsnb.data.importing.surveying import survey_records
from mopsnb.data.importing.text import make_name, normalize
from mopsnb.data.importing.totals import compare_totals
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
    is_side
        It is what else a file says, beside its own table.
    """

    part: Part
    report: FileReport
    provenance: dict[str, Any]
    rejected: Path
    is_side: bool = False


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
    _check_headers(request, head)
    match = recognize(path.name, head, candidates, request.maps, given=bool(request.source or request.table))
    _check_maps(request, match)
    file = _File(records, head[: match.row - 1], _hash(path), request, tell)
    stem = room / str(len(list(room.iterdir())))
    fields = TABLES[match.source.table].fields
    defaults = {name: text for name, text in request.defaults.items() if name in fields}
    yield file.load(Shape(path.name, match, defaults), stem)
    for name in match.source.also:
        source = sources[name]
        places = place_columns(source, match.headers)
        other = Match(source, match.row, match.headers, places, match.why)
        side = file.load(Shape(path.name, other), stem.with_name(f"{stem.name}-{name}"))
        side.report.unknown = []  # the file's own table lists them
        yield replace(side, is_side=True)


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


def _check_headers(request: ImportRequest, head: list[list[str]]) -> None:
    """Refuse a header that a person named and the file does not have."""
    widest = max(head, key=lambda row: sum(1 for cell in row if cell.strip()), default=[])
    known = {normalize(cell) for row in head for cell in row}
    for header in request.maps.values():
        if not {normalize(header), normalize(header.rpartition("#")[0])} & known:
            raise UsageError(f"The file has no column '{header}'. {suggest(header, widest)}".strip())


def _check_maps(request: ImportRequest, match: Match) -> None:
    fields = TABLES[match.source.table].fields
    others = {name for table in TABLES.values() for name in table.fields} if len(request.files) > 1 else set()
    for name in [*request.maps, *request.defaults]:
        if name not in fields and not (name in request.defaults and name in others):  # it may be meant for another file
            raise UsageError(
                f"{match.source.table} has no column '{name}'. {suggest(name, {*fields, *others})}".strip()
            )
    for name, header in request.maps.items():
        if name not in match.places:
            raise UsageError(f"The file has no column '{header}'. {suggest(header, match.headers)}".strip())


@contextmanager
def _pause_collector() -> Iterator[None]:
    """Keep Python from looking for cycles among rows, which have none; it would do so thousands of times."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(frozen=True)
class _File:
    """A file that is read for one table after the other."""

    records: Records
    before: list[list[str]]
    digest: str
    request: ImportRequest
    tell: Tell | None

    def load(self, shape: Shape, stem: Path) -> Loaded:
        """Read the file twice: to see how it is written, and to convert it."""
        with _pause_collector():
            return self._load(shape, stem)

    def _load(self, shape: Shape, stem: Path) -> Loaded:
        request = self.request
        wanted: Order | None = request.date_order or None  # type: ignore[assignment]
        period = _ask_period(request) or find_period(self.before, wanted)
        unclear = period is None and bool(find_period(self.before, "mdy") or find_period(self.before, "dmy"))
        check_shape(shape, has_period=period is not None or unclear)
        survey = survey_records(shape, self._follow(f"Reading {shape.file}"))
        if not survey.rows:
            found = "a header without rows" if not survey.special else "a header, and no line that is a row of data"
            raise refuse(shape.file, found, "rows", "Export it again; the filter or period may leave nothing.")
        check_usual(shape, survey.figures)
        order = settle_order(shape, survey, request.date_order, period)
        period = period or find_period(self.before, order)
        if unclear and period is None and shape.is_dated and "date" not in shape.mapped:
            fix = "Add --date-order dmy if the day comes first, or --date-order mdy if the month does."
            raise refuse(shape.file, "a period whose days could be two each", "a clear period", fix)
        zone = UTC if shape.source.zone == "utc" else ZoneInfo(request.time_zone)
        reading = Reading(settle_style(shape, survey, request.decimal), order, zone, ZoneInfo(request.time_zone))
        currency, by_cell, notes = settle_currency(shape, survey, request.currency)
        rejections = Rejections(shape.file, stem.with_name(f"{stem.name}-rejected.csv"))
        converter = Converter(shape, Context(reading, survey, period, currency, by_cell=by_cell), rejections)
        rows = self._follow(f"Converting {shape.file}")
        part = converter.convert(rows, stem.with_name(f"{stem.name}.parquet"))
        _check_share(shape, survey, rejections, request)
        part.notes += notes + compare_totals(shape, survey, reading, part, rejections.rows)
        part.notes += list_notes(self.records, shape, survey, reading, period)
        report = _report(shape, survey, rejections, part)
        provenance = {"file": shape.file, "sha256": self.digest, "source": shape.source.id, "rows": survey.rows}
        return Loaded(part, report, provenance, rejections.path)

    def _follow(self, title: str) -> Iterator[Record]:
        size, tell = self.records.path.stat().st_size, self.tell
        return self.records.read((lambda done: tell(title, done, size)) if tell else None)


def _ask_period(request: ImportRequest) -> Period | None:
    from mopsnb.data.importing.dates import read_moment, to_day

    texts = [request.defaults.get(name, "") for name in ("period_start", "period_end")]
    if not all(texts):
        return None
    first, last = (read_moment(text) for text in texts)
    if first is None or last is None:
        raise UsageError("period_start and period_end are days, such as --default period_start=2026-09-01.")
    return to_day(first, UTC), to_day(last, UTC)


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
        attributes=list(shape.extras),
        unknown=[name for name in shape.match.unknown if make_name(name) not in shape.extras],
        notes=part.notes,
        faults=rejections.faults(),
    )


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
