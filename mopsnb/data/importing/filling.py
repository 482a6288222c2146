"""What cells do not say: constants, defaults, parents by name, derived ids, currency and period."""

from __future__ import annotations

from typing import Any

from mopsnb.data.contract.kinds import KINDS
from mopsnb.data.importing.cells import BAD, make_memo
from mopsnb.data.importing.columns import PERIOD, Shape
from mopsnb.data.importing.context import Context
from mopsnb.data.importing.layout import refuse
from mopsnb.data.importing.model import Column
from mopsnb.data.importing.numbers import split_money
from mopsnb.data.importing.preamble import Period
from mopsnb.data.importing.text import make_id
from mopsnb.errors import UsageError


class Filling:
    """Fills columns over the rows of a file.

    Parameters
    ----------
    shape
        The file as columns.
    context
        The period and the currency of the file, and its names.
    """

    def __init__(self, shape: Shape, context: Context) -> None:
        self.shape, self.context = shape, context
        fixed = {**shape.source.constants, **{name: text for name, text in shape.defaults.items() if text}}
        self.defaults = {
            name: make_memo(shape.field(name), Column(headers=[name], split=";"), context.reading)[text]
            for name, text in fixed.items()
        }
        for name, value in self.defaults.items():
            if value is BAD:
                expected = KINDS[shape.field(name).kind].expected
                raise UsageError(f"--default {name}={fixed[name]} cannot be used, expected {expected}.")

    def fill(self, values: dict[str, list[Any]], cells: list[tuple[str, ...]], count: int) -> None:
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
        column = values.get("currency") or [None] * count
        if self.context.by_cell:
            places = [self.shape.mapped[name][0] for name in self.shape.table.money if name in self.shape.mapped]
            codes = [
                next((code for place in places if (code := split_money(cells[place][at])[1])), None)
                for at in range(count)
            ]
            column = [cell or code for cell, code in zip(column, codes)]
        values["currency"] = [cell or self.context.currency or None for cell in column]
        headers = self.shape.match.currencies
        for cell in {*column} - {None, *headers} if headers and "currency" in self.shape.mapped else ():
            seen = f"{' and '.join(headers)} in a header of amounts, and {cell} in the column of currencies"
            fix = f"Leave out the column that is not the amounts' own; if {cell} is right, rename the header."
            raise refuse(self.shape.file, seen, "one currency for each amount", fix)

    def _fill_period(self, values: dict[str, list[Any]], count: int) -> None:
        days = [values.get(name) or [None] * count for name in PERIOD]
        if "date" in self.shape.mapped and {"period_start", "period_end"} & {*self.shape.mapped} == {"period_end"}:
            rows = [_settle(None, day, end, None) for day, _, end in zip(*days)]
            for at, name in enumerate(PERIOD):
                values[name] = [row[at] for row in rows]
            return
        if "date" in self.shape.mapped:  # a row without its day is no total of the period
            values["period_start"] = values["period_end"] = [None] * count
            values["date"] = days[0]
            return
        rows = [_settle(day, start, end, self.context.period) for day, start, end in zip(*days)]
        for at, name in enumerate(PERIOD):
            values[name] = [row[at] for row in rows]


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
