"""What a server found, in the types that DuckDB would have given it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Any

import duckdb

from mopsnb.data.sql import quote_name

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")


class RemoteAnswer:
    """Rows, converted when they are asked for.

    Parameters
    ----------
    shape
        Name and DuckDB type of each column.
    rows
        As the driver returned them.
    twin
        Makes frames, so that they are those of DuckDB.
    """

    def __init__(
        self, shape: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]], twin: duckdb.DuckDBPyConnection
    ) -> None:
        self._shape = shape
        self._rows = rows
        self._twin = twin

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return the rows."""
        converters = [_choose_converter(kind) for _, kind in self._shape]
        return [
            tuple(None if cell is None else convert(cell) for convert, cell in zip(converters, row, strict=True))
            for row in self._rows
        ]

    def df(self) -> pd.DataFrame:
        """Return the rows as a frame."""
        import pyarrow as pa

        rows = self.fetchall()
        kinds = [kind for _, kind in self._shape]
        columns = [pa.array([row[n] for row in rows], _name_arrow(kind)) for n, kind in enumerate(kinds)]
        self._twin.register("mopsnb_answer", pa.table({f"c{n}": column for n, column in enumerate(columns)}))
        shown = ", ".join(f"CAST(c{n} AS {kind}) AS {quote_name(name)}" for n, (name, kind) in enumerate(self._shape))
        try:
            return self._twin.execute(f"SELECT {shown} FROM mopsnb_answer").df()
        finally:
            self._twin.unregister("mopsnb_answer")


def _choose_converter(kind: str) -> Callable[[Any], Any]:
    if kind in ("DOUBLE", "FLOAT"):
        return float
    if kind in _INTEGERS:
        return int
    if kind.startswith("DECIMAL"):
        scale = int(kind.rstrip(")").rpartition(",")[2])
        step = Decimal(1).scaleb(-scale)
        return lambda cell: (cell if isinstance(cell, Decimal) else Decimal(str(cell))).quantize(step, context=_WIDE)
    further: dict[str, Callable[[Any], Any]] = {
        "BOOLEAN": bool,
        "VARCHAR": str,
        "DATE": _to_date,
        "TIMESTAMP": _to_naive,
        "TIMESTAMP WITH TIME ZONE": _to_instant,
    }
    return further.get(kind, _keep)


def _keep(cell: Any) -> Any:
    return cell


def _to_date(cell: date) -> date:
    return cell.date() if isinstance(cell, datetime) else cell


def _to_naive(cell: date) -> datetime:
    if not isinstance(cell, datetime):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - without a zone on purpose
    return cell.astimezone(UTC).replace(tzinfo=None) if cell.tzinfo else cell


def _to_instant(cell: date) -> datetime:
    naive = _to_naive(cell)
    return naive.replace(tzinfo=UTC)


def _name_arrow(kind: str) -> pa.DataType:
    import pyarrow as pa

    decimal = re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", kind)
    if decimal:
        return pa.decimal128(int(decimal[1]), int(decimal[2]))
    if kind == "HUGEINT":
        return pa.decimal128(38, 0)
    if kind in _INTEGERS:
        return pa.int64()
    return {
        "DOUBLE": pa.float64(),
        "FLOAT": pa.float64(),
        "BOOLEAN": pa.bool_(),
        "DATE": pa.date32(),
        "TIMESTAMP": pa.timestamp("us"),
        "TIMESTAMP WITH TIME ZONE": pa.timestamp("us", "UTC"),
        "VARCHAR[]": pa.list_(pa.string()),
    }.get(kind, pa.string())
