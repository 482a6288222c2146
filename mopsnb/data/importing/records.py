"""The records of a file, whatever its kind: lists of texts with their number, read again at each pass."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from mopsnb.data.importing.layout import TextLayout, inspect_text, refuse
from mopsnb.data.importing.model import Source
from mopsnb.data.importing.typed import show_cell
from mopsnb.data.importing.workbooks import open_book

Record = tuple[int, list[str]]
Score = Callable[[list[list[str]]], int]
SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".parquet", ".json")
_BOOKS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")
_BATCH = 20_000
csv.field_size_limit(1_000_000)


@dataclass(frozen=True)
class Records:
    """A file as records.

    Parameters
    ----------
    path
        The file.
    read
        Starts a pass over the records. It is told after how many records (a batch) how many bytes are read.
    layout
        How a text file is written; None for other kinds.
    sheet
        The sheet of a workbook.
    others
        Sheets that are not read.
    """

    path: Path
    read: Callable[[Callable[[int], None] | None], Iterator[Record]]
    layout: TextLayout | None = None
    sheet: str = ""
    others: tuple[str, ...] = field(default=())


def open_records(path: Path, score: Score, source: Source | None = None) -> Records:
    """Open a file.

    Parameters
    ----------
    path
        A text file, workbook, Parquet or JSON file.
    score
        Tells how well some records look like a known file.
    source
        The source, where it is known; it says where a JSON file has its rows.

    Raises
    ------
    DataError
        The file is not of a kind that can be read, or broken.
    """
    suffix = path.suffix.casefold()
    if suffix in _BOOKS:
        sheet = open_book(path, score)
        return Records(path, lambda tell: iter(sheet.rows), sheet=sheet.name, others=sheet.others)
    if suffix == ".parquet":
        return Records(path, lambda tell: _read_parquet(path, tell))
    if suffix == ".json":
        return Records(path, lambda tell: _read_json(path, source))
    if suffix not in SUFFIXES:
        fix = "Unpack it first." if suffix in {".zip", ".gz"} else "Export it as CSV, Excel, Parquet or JSON."
        raise refuse(path.name, f"a file of kind '{suffix}'", f"one of {', '.join(SUFFIXES)}", fix)
    layout = inspect_text(path, score)
    return Records(path, lambda tell: _read_text(path, layout, tell), layout)


def _read_text(path: Path, layout: TextLayout, tell: Callable[[int], None] | None) -> Iterator[Record]:
    number = 0
    with path.open("rb") as bytes_, TextIOWrapper(bytes_, encoding=layout.encoding, newline="") as file:
        try:
            for number, row in enumerate(csv.reader(file, delimiter=layout.delimiter, strict=True), start=1):
                if tell and number % _BATCH == 0:
                    tell(bytes_.tell())
                yield number, row
        except csv.Error as error:
            found = f"a quote that does not close or a cell that does not end ({error})"
            fix = "The file may be cut off, or a quote inside a cell is not doubled. Export it again."
            raise refuse(path.name, found, "complete rows", fix, f"after row {number:,}") from error
    if tell:
        tell(path.stat().st_size)


def _read_parquet(path: Path, tell: Callable[[int], None] | None) -> Iterator[Record]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise refuse(path.name, f"a file that does not open ({error})", "a Parquet file", "Export it again.") from error
    size, rows = path.stat().st_size, max(1, file.metadata.num_rows)
    names = file.schema_arrow.names
    yield 1, list(names)
    number = 1
    for batch in file.iter_batches(batch_size=_BATCH):
        for row in zip(*(column.to_pylist() for column in batch.columns)):
            number += 1
            yield number, [show_cell(cell) for cell in row]
        if tell:
            tell(size * (number - 1) // rows)


def _read_json(path: Path, source: Source | None) -> Iterator[Record]:
    try:
        content = json.loads(path.read_bytes(), parse_float=Decimal)
    except (ValueError, UnicodeDecodeError) as error:
        raise refuse(path.name, f"text that is not JSON ({error})", "a JSON file", "Export it again.") from error
    place = source.json_rows if source else ""
    rows = content.get(place) if place and isinstance(content, dict) else content
    if isinstance(content, dict) and not place:
        yield 1, list(content)
        return
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise refuse(path.name, "no list of rows", f"a list named '{place}'", "Export the whole board as JSON.")
    names = list(dict.fromkeys(name for row in rows for name in row))
    tables = source.json_names if source else {}
    known = {name: _index(content, target) for name, target in tables.items()}
    yield 1, names
    for number, row in enumerate(rows, start=2):
        yield number, [_show_json(row.get(name), known.get(name)) for name in names]


def _index(content: dict[str, Any], target: str) -> dict[str, str]:
    table, _, column = target.partition(".")
    return {str(item.get("id")): str(item.get(column) or "") for item in content.get(table) or []}


def _show_json(value: Any, known: dict[str, str] | None) -> str:
    if isinstance(value, list):
        return ";".join(_show_json(item, known) for item in value)
    if isinstance(value, dict):
        return str(value.get("name") or "")
    text = show_cell(value)
    return known.get(text, text) if known is not None else text
