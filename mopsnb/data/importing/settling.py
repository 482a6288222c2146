"""What a whole file says about its cells: the sign of decimals, and whether day or month comes first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from mopsnb.data.importing.columns import Shape
from mopsnb.data.importing.dates import Order, read_moment
from mopsnb.data.importing.layout import refuse
from mopsnb.data.importing.numbers import Style
from mopsnb.data.importing.survey import Evidence, Survey


def settle_style(shape: Shape, found: Survey, wanted: str) -> Style:
    """Return what separates decimals in a file.

    Raises
    ------
    DataError
        Cells are written in two ways, or could mean two numbers each.
    """
    if wanted in {"point", "comma"}:
        return wanted  # type: ignore[return-value]
    if "point" in found.styles and "comma" in found.styles:
        raise _refuse_mixed(shape.file, found.styles, "point", "comma", "numbers written in one way")
    for style in ("point", "comma"):
        if style in found.styles:
            return style
    if "unclear" in found.styles:
        if shape.source.decimal or shape.source.shape == "connector":
            return shape.source.decimal or "point"
        number, column, cell = found.styles["unclear"]
        fix = "Add --decimal point if 1,000 is a thousand, or --decimal comma if 1.000 is one."
        raise refuse(
            shape.file, f"'{cell}', which could be two numbers", "a clear number", fix, f"row {number:,}, {column}"
        )
    return shape.source.decimal or "point"


def settle_order(shape: Shape, found: Survey, wanted: str, period: tuple[date, date] | None) -> Order | None:
    """Return whether the day or the month comes first in a file's dates; None where no cell leaves it open.

    Raises
    ------
    DataError
        Both stand in the file, or neither can be told.
    """
    if wanted in {"dmy", "mdy"}:
        return wanted  # type: ignore[return-value]
    if "dmy" in found.orders and "mdy" in found.orders:
        raise _refuse_mixed(shape.file, found.orders, "dmy", "mdy", "dates written in one way")
    for order in ("dmy", "mdy"):
        if order in found.orders:
            return order
    if "unclear" not in found.orders:
        return None
    if shape.source.date_order:
        return shape.source.date_order
    inside = [order for order in ("dmy", "mdy") if period and _is_inside(found.unclear_days, order, period)]
    if len(inside) == 1:
        return inside[0]  # type: ignore[return-value]
    number, column, cell = found.orders["unclear"]
    fix = "Add --date-order dmy if the day comes first, or --date-order mdy if the month does."
    raise refuse(shape.file, f"'{cell}', which could be two days", "a clear date", fix, f"row {number:,}, {column}")


def _is_inside(cells: Iterable[str], order: str, period: tuple[date, date]) -> bool:
    days = [read_moment(cell, order) for cell in cells]  # type: ignore[arg-type]
    first, last = period
    return all(day is not None and f"{first}" <= f"{day}"[:10] <= f"{last}" for day in days)


def _refuse_mixed(file: str, found: Evidence, one: str, other: str, expected: str) -> Exception:
    first, second = sorted((found[one], found[other]))
    seen = f"'{first[2]}' and, in row {second[0]:,}, {second[1]}, '{second[2]}'"
    fix = "Export it again with one language setting, or split it into two files."
    return refuse(file, seen, expected, fix, f"row {first[0]:,}, {first[1]}")
