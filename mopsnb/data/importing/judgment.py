"""Which rows can be taken over; the others are rejected, with the reason."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from mopsnb.data.contract.kinds import KINDS
from mopsnb.data.importing.cells import BAD
from mopsnb.data.importing.columns import NUMBERS, Shape
from mopsnb.data.importing.context import Context
from mopsnb.data.importing.dates import read_moment
from mopsnb.data.importing.numbers import TYPED
from mopsnb.data.importing.records import Record
from mopsnb.data.importing.rejections import Rejection, Rejections

_DAY = re.compile(r"(?<!\d)(?:29|30|31)(?!\d)")


class Judge:
    """Judges the rows of a file.

    Parameters
    ----------
    shape
        The file as columns.
    context
        How its cells are read.
    rejections
        Takes the rows that cannot be taken over.
    """

    def __init__(self, shape: Shape, context: Context, rejections: Rejections) -> None:
        self.shape, self.context, self.rejections = shape, context, rejections

    def keep(self, batch: list[Record], values: dict[str, list[Any]]) -> list[int]:
        """Return the places of the rows that can be taken over, and reject the others."""
        bad: dict[int, list[Rejection]] = {}
        names = [*self.shape.names, *self.shape.helpers]
        partial = self.shape.source.completes
        required = set(partial.on) if partial else set(self.shape.table.required)
        required |= {"date"} if self.shape.is_dated and not partial else set()
        required -= set(self.shape.source.drop_empty)  # such rows are left out later, and counted
        for name in names:
            for at, value in enumerate(values[name]):
                if value is BAD:
                    bad.setdefault(at, []).append(self._explain(name, batch[at]))
                elif value is None and name in required:
                    bad.setdefault(at, []).append(self._explain_missing(name, batch[at]))
        if self.context.by_cell:
            for at in range(len(batch)):
                has_money = any(values[name][at] is not None for name in self.shape.table.money if name in values)
                if at not in bad and has_money and values["currency"][at] is None:
                    bad[at] = [self._explain_missing("currency", batch[at])]
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
            if self.context.reading.style == "comma":
                expected = expected.replace("a decimal point, such as 1234.50", "a decimal comma, such as 1234,50")
                expected = expected.replace("a decimal point, such as 0.0042", "a decimal comma, such as 0,0042")
            expected = ", ".join([expected, *limits, *(["at most 6 decimals"] if spec.is_money else [])])
            fix = "Correct the cell, or export the report again."
        elif column and column.values and column.other == "reject":
            expected, fix = f"one of {', '.join(column.values)}", "Correct the cell, or add the value to the source."
        elif spec.kind in {"date", "timestamp", "month"}:
            expected, fix = "a date in the order of the file's other dates", "Correct the cell, or export it again."
            if any(read_moment(f"{cell[: found.start()]}01{cell[found.end() :]}") for found in _DAY.finditer(cell)):
                expected = "a day that exists: the month has fewer days"
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
