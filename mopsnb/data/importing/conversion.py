"""The second pass over a file: its rows as typed columns, in a Parquet file of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mopsnb.data.contract.kinds import KINDS
from mopsnb.data.importing.cells import BAD, Memo, Reading, make_memo, read_amount
from mopsnb.data.importing.columns import NUMBERS, PERIOD, Shape
from mopsnb.data.importing.conditions import Conditions
from mopsnb.data.importing.identity import RowMarks
from mopsnb.data.importing.numbers import TYPED
from mopsnb.data.importing.preamble import Period
from mopsnb.data.importing.records import Record
from mopsnb.data.importing.rejections import Rejection, Rejections
from mopsnb.data.importing.survey import Survey
from mopsnb.data.importing.text import make_id

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
    excluded
        Why rows were left out, to how many.
    notes
        What a person should know.
    """

    shape: Shape
    path: Path
    rows: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)
    excluded: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Context:
    """What the conversion of a file needs beside its columns.

    Parameters
    ----------
    reading
        How cells are read.
    survey
        What the first pass found.
    period
        The period that the file says it covers.
    currency
        The currency of money that no cell names; empty: none is known.
    by_cell
        Each cell of money names its currency.
    """

    reading: Reading
    survey: Survey
    period: Period | None = None
    currency: str = ""
    by_cell: bool = False


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
            name: make_memo(shape.field(name), shape.spec(name), context.reading) for name in shape.mapped
        }
        self.conditions = Conditions(shape)
        self.marks = RowMarks(shape)
        self.fixed = {**shape.source.constants, **{name: text for name, text in shape.defaults.items() if text}}
        self.wanted_sums = shape.measures if context.survey.totals else {}
        self.defaults = {
            name: Memo(make_memo(shape.field(name), _plain(name), context.reading).convert)[text]
            for name, text in self.fixed.items()
        }

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
                if kind is not None or not any(cell and not cell.isspace() for cell in row):
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

        batch = self.conditions.keep(batch, part.excluded)
        cells = list(zip(*(row for _, row in batch))) if batch else [()] * len(self.shape.match.headers)
        values: dict[str, list[Any]] = {}
        for name, places in self.shape.mapped.items():
            memo = self.memos[name]
            source = cells[places[0]] if len(places) == 1 else self._join(name, [cells[place] for place in places])
            values[name] = [memo[cell] for cell in source]
        self.conditions.blank(values, cells)
        self._fill(values, cells, len(batch))
        for name, sums in self.wanted_sums.items():
            self._add_up(part, name, cells[sums])
        keep = self._judge(batch, values)
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
            arrays.append(pa.array([column[at] for at in keep], item.type))
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

    def _add_up(self, part: Part, name: str, cells: tuple[str, ...]) -> None:
        spec, style = self.shape.spec(name), self.context.reading.style
        amounts = (read_amount(cell, spec, style, whole=self.shape.field(name).kind == "integer") for cell in cells)
        part.sums[name] = part.sums.get(name, Decimal(0)) + sum(
            (amount for amount in amounts if isinstance(amount, Decimal)), Decimal(0)
        )

    def _fill(self, values: dict[str, list[Any]], cells: list[tuple[str, ...]], count: int) -> None:
        """Add what the cells do not say: constants, defaults, parents, ids, currency and period."""
        for name, value in self.defaults.items():
            column = values.get(name)
            values[name] = [value if cell is None else cell for cell in column] if column else [value] * count
        for name, spec in self.shape.source.columns.items():
            if spec.lookup and name in values:
                values[name] = [self._find_id(cell) for cell in values[name]]
        for name, parts in self.shape.source.derive.items():
            column = values.get(name) or [None] * count
            words = [values.get(part) or [None] * count for part in parts]
            values[name] = [
                cell if cell is not None else self._derive([str(word) for word in row if word is not None])
                for cell, *row in zip(column, *words)
            ]
        if "currency" in self.shape.names:
            self._fill_currency(values, cells, count)
        if self.shape.is_dated:
            self._fill_period(values, count)
        for name in self.shape.names:
            values.setdefault(name, [None] * count)

    def _derive(self, words: list[str]) -> str | None:
        return make_id(self.shape.source.vendor, *words) if words else None

    def _find_id(self, name: Any) -> Any:
        if name is None:
            return None
        ids = self.context.survey.names.get(str(name), set())
        known = {item for group in self.context.survey.names.values() for item in group} if not ids else set()
        return next(iter(ids)) if len(ids) == 1 else name if name in known else None

    def _fill_currency(self, values: dict[str, list[Any]], cells: list[tuple[str, ...]], count: int) -> None:
        from mopsnb.data.importing.numbers import split_money

        column = values.get("currency") or [None] * count
        if self.context.by_cell:
            places = [self.shape.mapped[name][0] for name in self.shape.table.money if name in self.shape.mapped]
            codes = [
                next((code for place in places if (code := split_money(cells[place][at])[1])), None)
                for at in range(count)
            ]
            column = [cell or code for cell, code in zip(column, codes)]
        values["currency"] = [cell or self.context.currency or None for cell in column]

    def _fill_period(self, values: dict[str, list[Any]], count: int) -> None:
        days = [values.get(name) or [None] * count for name in PERIOD]
        rows = [_settle(*row, self.context.period) for row in zip(*days)]
        for at, name in enumerate(PERIOD):
            values[name] = [row[at] for row in rows]

    def _judge(self, batch: list[Record], values: dict[str, list[Any]]) -> list[int]:
        """Return the places of the rows that can be taken over, and reject the others."""
        bad: dict[int, list[Rejection]] = {}
        names = [*self.shape.names, *self.shape.helpers]
        partial = self.shape.source.completes
        required = set(partial.on) if partial else {item for item in self.shape.table.required}
        required -= set(self.shape.source.drop_empty)  # such rows are left out later, and counted
        for name in names:
            for at, value in enumerate(values[name]):
                if value is BAD:
                    bad.setdefault(at, []).append(self._explain(name, batch[at]))
                elif value is None and name in required:
                    bad.setdefault(at, []).append(self._explain_missing(name, batch[at]))
        if self.context.period and self.shape.is_dated:
            for at in range(len(batch)):
                if at not in bad and not self._is_inside(values, at):
                    bad[at] = [self._explain_outside(batch[at], values["date"][at])]
        for at in sorted(bad):
            self.rejections.add(bad[at])
        return [at for at in range(len(batch)) if at not in bad]

    def _is_inside(self, values: dict[str, list[Any]], at: int) -> bool:
        first, last = self.context.period  # type: ignore[misc]
        day = values["date"][at]
        return not isinstance(day, date) or first <= day <= last

    def _header(self, name: str) -> str:
        places = self.shape.mapped.get(name)
        return self.shape.match.headers[places[0]].strip() if places else name

    def _explain(self, name: str, record: Record) -> Rejection:
        number, row = record
        spec, column = self.shape.field(name), self.shape.spec(name) if name in self.shape.mapped else None
        cell = row[self.shape.mapped[name][0]].removeprefix(TYPED) if name in self.shape.mapped else ""
        expected, fix = KINDS[spec.kind].expected, KINDS[spec.kind].fix
        if spec.kind in NUMBERS:
            limits = [rule.expected for rule in spec.rules if rule.name == "at_least"]
            expected = (
                f"{expected}, with a decimal {self.context.reading.style}" if spec.kind != "integer" else expected
            )
            expected = ", ".join([expected, *limits, *(["at most 6 decimals"] if spec.is_money else [])])
            fix = "Correct the cell, or export the report again."
        elif column and column.values and column.other == "reject":
            expected, fix = f"one of {', '.join(column.values)}", "Correct the cell, or add the value to the source."
        elif spec.kind in {"date", "timestamp", "month"}:
            expected, fix = "a date in the order of the file's other dates", "Correct the cell, or export it again."
        return Rejection(number, self._header(name), cell, expected, fix)

    def _explain_missing(self, name: str, record: Record) -> Rejection:
        fix = f"Fill the cell, or add --default {name}=VALUE."
        if name == "currency":
            fix = "Add --default currency=CODE, such as EUR, or name the currency in the strategy file."
        return Rejection(record[0], self._header(name), "", f"a value for {name}", fix)

    def _explain_outside(self, record: Record, day: date) -> Rejection:
        first, last = self.context.period  # type: ignore[misc]
        fix = "Check the order of day and month: --date-order dmy or mdy."
        return Rejection(
            record[0], self._header("date"), str(day), f"a day from {first} to {last}, as the file says", fix
        )


def _plain(name: str) -> Any:
    from mopsnb.data.importing.sources import Column

    return Column(headers=[name], split=";")


def _settle(day: Any, start: Any, end: Any, period: Period | None) -> tuple[Any, Any, Any]:
    """Return date, period_start and period_end: a day alone, or the total of a period with its first day as date."""
    if BAD in (day, start, end):
        return (BAD if day is BAD else day), (BAD if start is BAD else start), (BAD if end is BAD else end)
    if day is not None:
        return day, None, None
    if start is None and end is None and period:
        start, end = period
    if start is not None and start == end:
        return start, None, None
    return (start, start, end) if start is not None and end is not None else (None, None, None)
