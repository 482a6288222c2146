"""The second pass over a file: its rows as typed columns, in a Parquet file of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mopsnb.data.importing.cells import Memo, is_plain_text, make_memo, read_plain_texts
from mopsnb.data.importing.columns import Shape
from mopsnb.data.importing.conditions import Conditions
from mopsnb.data.importing.context import Context
from mopsnb.data.importing.filling import Filling
from mopsnb.data.importing.identity import RowMarks
from mopsnb.data.importing.judgment import Judge
from mopsnb.data.importing.model import Column
from mopsnb.data.importing.numbers import TYPED
from mopsnb.data.importing.records import Record
from mopsnb.data.importing.rejections import Rejection, Rejections
from mopsnb.data.importing.sorting import is_blank

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 20_000


@dataclass
class Part:
    """The rows of one file, converted.

    Parameters
    ----------
    shape
        The file as columns.
    path
        The Parquet file that holds them.
    rows
        How many there are.
    sums
        Measure to the sum over all rows, where the file has totals to compare.
    is_summed
        A total in the file is the sum of all rows.
    excluded
        Why rows were left out, to how many.
    gone
        Ids of records that were left out: the workspace may still have them from an earlier export.
    notes
        What a person should know.
    """

    shape: Shape
    path: Path
    rows: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)
    is_summed: bool = False
    excluded: dict[str, int] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


class Converter:
    """Turns the records of a file into a part.

    Parameters
    ----------
    shape
        The file as columns.
    context
        How its cells are read.
    rejections
        Takes the rows that cannot be converted.
    """

    def __init__(self, shape: Shape, context: Context, rejections: Rejections) -> None:
        self.shape, self.context, self.rejections = shape, context, rejections
        self.memos: dict[str, Memo] = {
            name: make_memo(shape.field(name), self._find_spec(name), context.reading) for name in shape.mapped
        }
        self.plain = {name for name in shape.mapped if is_plain_text(shape.field(name), self._find_spec(name))}
        self.conditions = Conditions(shape)
        self.marks = RowMarks(shape)
        self.wanted_sums = shape.measures if context.survey.totals else {}
        self.filling = Filling(shape, context)
        self.judge = Judge(shape, context, rejections)

    def _find_spec(self, name: str) -> Column:
        """Return how a column is mapped; a workbook holds 60% as 0.6."""
        spec, places = self.shape.spec(name), self.shape.mapped[name]
        if spec.unit == "percent" and self.context.survey.largest.get(places[0], 2) <= 1:
            return spec.model_copy(update={"unit": "one"})
        return spec

    def convert(self, records: Iterable[Record], path: Path) -> Part:
        """Write the rows of a file as Parquet.

        Parameters
        ----------
        records
            The file's records.
        path
            Where to write.
        """
        import pyarrow.parquet as pq

        part = Part(self.shape, path)
        schema = self._make_schema()
        special, start = self.context.survey.special, self.shape.match.row
        batch: list[Record] = []
        with pq.ParquetWriter(path, schema) as writer:
            for number, row in records:
                if number <= start:
                    continue
                kind = special.get(number)
                if kind == "ragged":
                    self._reject_ragged(number, row)
                if kind is not None or (not (row and row[0] and not row[0].isspace()) and is_blank(row)):
                    continue
                batch.append((number, row))
                if len(batch) == BATCH:
                    writer.write_batch(self._convert_batch(batch, part, schema))
                    batch = []
            if batch:
                writer.write_batch(self._convert_batch(batch, part, schema))
        return part

    def _reject_ragged(self, number: int, row: list[str]) -> None:
        found = f"{len(row)} cells, the header has {len(self.shape.match.headers)}"
        fix = "A cell that holds the delimiter or a line break must stand in quotes."
        self.rejections.add(
            [Rejection(number, "", " | ".join(row)[:200], f"a row as wide as the header ({found})", fix)]
        )

    def _make_schema(self) -> pa.Schema:
        import pyarrow as pa

        types = {
            "decimal": lambda spec: pa.decimal128(18, spec.scale),
            "integer": lambda spec: pa.int64(),
            "number": lambda spec: pa.float64(),
            "boolean": lambda spec: pa.bool_(),
            "date": lambda spec: pa.date32(),
            "month": lambda spec: pa.date32(),
            "timestamp": lambda spec: pa.timestamp("us", tz="UTC"),
            "list": lambda spec: pa.list_(pa.string()),
        }
        fields = []
        for name in [*self.shape.names, *self.shape.helpers]:
            spec = self.shape.field(name)
            fields.append(pa.field(name, types.get(spec.kind, lambda spec: pa.string())(spec)))
        fields += [pa.field(name, pa.string()) for name in self.shape.extras]
        fields += [pa.field("grain", pa.string())] if self.shape.source.grain else []
        fields += [
            pa.field(name, pa.int64() if name == "source_row" else pa.string()) for name in self.shape.table.provenance
        ]
        fields += [pa.field("_whole", pa.int64()), pa.field("_natural", pa.int64())]
        fields += [pa.field(f"_count_{name}", pa.string()) for name in self.shape.source.count]
        return pa.schema(fields)

    def _convert_batch(self, batch: list[Record], part: Part, schema: pa.Schema) -> pa.RecordBatch:
        import pyarrow as pa
        import pyarrow.compute as pc

        batch = self.conditions.keep(batch, part.excluded, part.gone)
        empty: list[tuple[str, ...]] = [()] * len(self.shape.match.headers)
        cells = list(zip(*(row for _, row in batch))) if batch else empty
        values: dict[str, list[Any]] = {}
        for name, places in self.shape.mapped.items():
            memo = self.memos[name]
            source = cells[places[0]] if len(places) == 1 else self._join(name, [cells[place] for place in places])
            plain = name in self.plain
            values[name] = read_plain_texts(source, memo) if plain else [memo[cell] for cell in source]
        self.conditions.blank(values, cells)
        self.filling.fill(values, cells, len(batch))
        keep = self.judge.keep(batch, values)
        arrays = []
        for item in schema:
            column = values.get(item.name)
            if item.name in {"grain", *self.shape.table.provenance}:
                column = self._give_provenance(item.name, batch)
            elif item.name.startswith(("_whole", "_natural", "_count_")):
                column = self.marks.mark(item.name, batch)
            elif column is None:
                place = self.shape.extras[item.name]
                column = [cell.removeprefix(TYPED).strip() or None for cell in cells[place]]
            kept = column if len(keep) == len(batch) else [column[at] for at in keep]
            if pa.types.is_decimal(item.type):  # by way of text, which is many times as fast
                kept = [None if value is None else f"{value:f}" for value in kept]
                arrays.append(pa.array(kept, pa.string()).cast(item.type))
            else:
                arrays.append(pa.array(kept, item.type))
            if item.name in self.wanted_sums:
                added = pc.sum(arrays[-1]).as_py() or 0
                part.sums[item.name] = part.sums.get(item.name, Decimal(0)) + added
        part.rows += len(keep)
        return pa.RecordBatch.from_arrays(arrays, schema=schema)

    def _join(self, name: str, columns: list[tuple[str, ...]]) -> list[str]:
        if self.shape.field(name).kind in {"list", "text"}:
            split = self.shape.spec(name).split
            return [split.join(cell for cell in row if cell.strip()) for row in zip(*columns)]
        return list(columns[0])

    def _give_provenance(self, name: str, batch: list[Record]) -> list[Any]:
        if name == "source_row":
            return [number for number, _ in batch]
        if name == "grain":
            return [self.shape.source.grain] * len(batch)
        return [self.shape.source.vendor if name == "source" else self.shape.file] * len(batch)
