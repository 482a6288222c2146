"""The first pass over a file: how it writes numbers and dates, what its totals say, and what is damaged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from mopsnb.data.importing.columns import Shape
from mopsnb.data.importing.dates import Order, find_order, read_moment
from mopsnb.data.importing.layout import refuse
from mopsnb.data.importing.numbers import TYPED, Style, find_evidence, is_missing, read_styles, split_money
from mopsnb.data.importing.records import Record
from mopsnb.data.importing.sorting import Sorter

_REMEMBERED = 50_000
_SAMPLED = 1_000  # rows in which unused columns are looked at
_DAMAGED = re.compile(r"\d[.,]\d+E\+\d+")
_PERCENT = re.compile(r"[\d.,]+ ?%$")
Evidence = dict[str, tuple[int, str, str]]  # what a cell shows, to the first row, column and cell that show it


@dataclass
class Survey:
    """What a pass over a file found.

    Parameters
    ----------
    rows
        How many rows of data there are.
    special
        Record number to what it is, for all that are no rows of data: ``total``, ``note``, ``ragged`` …
    totals
        The records that show totals.
    stated_rows
        How many rows the file itself says it has.
    styles, orders
        Evidence of how numbers and dates are written.
    unclear_days
        Cells that could mean two days.
    signs
        Currencies and money signs in cells, to the first row.
    names
        What rows are called, to their ids; for parents given by name.
    last
        The number of the last record that is not blank.
    figures
        The places of columns without a use that hold numbers.
    damaged_ids
        Ids that a spreadsheet wrote as ``1.2E+15``, with their rows.
    """

    rows: int = 0
    special: dict[int, str] = field(default_factory=dict)
    totals: list[Record] = field(default_factory=list)
    stated_rows: int | None = None
    styles: Evidence = field(default_factory=dict)
    orders: Evidence = field(default_factory=dict)
    unclear_days: set[str] = field(default_factory=set)
    signs: dict[str, int] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)
    last: int = 0
    figures: set[int] = field(default_factory=set)
    damaged_ids: list[tuple[int, str]] = field(default_factory=list)


def survey_records(shape: Shape, records: Iterable[Record]) -> Survey:
    """Read every record once.

    Parameters
    ----------
    shape
        The file as columns.
    records
        Its records, the header and those before it included.

    Raises
    ------
    DataError
        The file breaks off, says that it has other rows than it has, or repeats a column with other cells.
    """
    found, sorter = Survey(), Sorter(shape)
    look = _Look(shape, found)
    tails: list[int] = []
    for number, row in records:
        if number <= shape.match.row:
            continue
        kind = sorter.sort(row)
        if kind == "blank":
            continue
        found.last = number
        if kind == "row":
            for tail in tails:  # a lone cell in the middle is no note
                found.special[tail] = "ragged"
            tails.clear()
            found.rows += 1
            look.at(number, row)
            continue
        found.special[number] = kind
        if kind == "tail":
            tails.append(number)
        elif kind == "total":
            found.totals.append((number, row))
        if kind in {"note", "total"} and (stated := _read_stated(sorter, row)) is not None:
            found.stated_rows = stated
    _check_end(shape, found)
    return found


def _read_stated(sorter: Sorter, row: list[str]) -> int | None:
    first = next((cell.strip() for cell in row if cell.strip()), "")
    for pattern in sorter.notes:
        if "rows" in pattern.groupindex and (match := pattern.search(first)):
            return int(re.sub(r"\D", "", match["rows"]))
    return None


def _check_end(shape: Shape, found: Survey) -> None:
    if found.special.get(found.last) == "ragged":
        fix = "The file seems to be cut off. Export it again."
        expected = f"{len(shape.match.headers)} cells, as in the header"
        raise refuse(shape.file, "a last row with fewer or more cells", expected, fix, f"row {found.last:,}")
    if found.stated_rows is not None and found.stated_rows != found.rows:
        fix = "Rows are missing or stand twice. Export the report again."
        raise refuse(shape.file, f"{found.rows:,} rows", f"{found.stated_rows:,} rows, as its last lines say", fix)


class _Look:
    """Looks at the cells of rows, each spelling once."""

    def __init__(self, shape: Shape, found: Survey) -> None:
        self.shape, self.found = shape, found
        self.seen: dict[int, set[str]] = {}
        self.money = [shape.mapped[name][0] for name in shape.table.money if name in shape.mapped]
        self.whole = {place for name, place in shape.numbers.items() if shape.field(name).kind == "integer"}
        self.plain = {place for name, place in shape.numbers.items() if shape.spec(name).unit != "one"}
        used = {place for places in shape.mapped.values() for place in places}
        self.others = [place for place in range(len(shape.match.headers)) if place not in used]
        self.words: set[int] = set()
        self.unused = shape.find_places(shape.match.unknown)
        self.twins = {name: places for name, places in shape.mapped.items() if len(places) > 1}
        self.ids = [places[0] for name, places in shape.mapped.items() if shape.field(name).kind == "id"]
        self.lookups = [
            (shape.mapped[spec.lookup][0], shape.mapped[shape.table.key[0]][0])
            for name, spec in shape.source.columns.items()
            if spec.lookup
            and name in shape.mapped
            and spec.lookup in shape.mapped
            and shape.table.key[0] in shape.mapped
        ]

    def at(self, number: int, row: list[str]) -> None:
        """Look at one row."""
        for place in self.shape.numbers.values():
            if self._is_new(place, row[place]):
                self._look_at_number(number, place, row[place])
        for place in self.shape.moments.values():
            if self._is_new(place, row[place]):
                self._look_at_day(number, place, row[place])
        self._look_for_hints(number, row)
        if self.found.rows <= _SAMPLED:
            self._look_for_figures(row)
        for called, id_place in self.lookups:
            if row[called].strip():
                self.found.names.setdefault(row[called].strip(), set()).add(row[id_place].removeprefix(TYPED).strip())
        self._compare_twins(number, row)

    def _look_for_figures(self, row: list[str]) -> None:
        for place in self.unused:
            text = row[place].strip()
            if not is_missing(text.removeprefix(TYPED)):
                (self.found.figures if read_styles(text) else self.words).add(place)
        self.found.figures -= self.words

    def _look_for_hints(self, number: int, row: list[str]) -> None:
        """Look for ids that lost digits, and for percentages that show how numbers are written."""
        for place in self.ids:
            if "E+" in row[place] and _DAMAGED.fullmatch(row[place].strip()) and len(self.found.damaged_ids) < 100:
                self.found.damaged_ids.append((number, row[place].strip()))
        for place in self.others:
            if row[place].endswith("%") and self._is_new(place, row[place]) and _PERCENT.match(row[place].strip()):
                style = find_evidence(read_styles(row[place].strip(" %")))
                if style in {"point", "comma"}:
                    self.found.styles.setdefault(style, (number, self.shape.match.headers[place], row[place]))

    def _compare_twins(self, number: int, row: list[str]) -> None:
        for name, places in self.twins.items():
            if self.shape.field(name).kind in {"list", "text"}:
                continue
            if len({row[place].strip() for place in places}) > 1:
                header = self.shape.match.headers[places[0]]
                fix = f"Say which one counts: --map {name}='{header}#1', or #2."
                found = f"{len(places)} columns '{header}' with different cells"
                raise refuse(self.shape.file, found, "one column", fix, f"row {number:,}")

    def _is_new(self, place: int, cell: str) -> bool:
        seen = self.seen.setdefault(place, set())
        if cell in seen:
            return False
        if len(seen) >= _REMEMBERED:
            seen.clear()
        seen.add(cell)
        return True

    def _look_at_number(self, number: int, place: int, cell: str) -> None:
        text = cell.strip()
        if is_missing(text.removeprefix(TYPED)):
            return
        if place in self.money and not text.startswith(TYPED):
            sign = _find_sign(text)
            if sign:
                self.found.signs.setdefault(sign, number)
        whole = place in self.whole and place not in self.plain
        style = find_evidence(read_styles(text.removesuffix("%"), whole=whole))
        if style:
            self.found.styles.setdefault(style, (number, self.shape.match.headers[place], text))

    def _look_at_day(self, number: int, place: int, cell: str) -> None:
        order = find_order(cell)
        if order:
            self.found.orders.setdefault(order, (number, self.shape.match.headers[place], cell.strip()))
            if order == "unclear" and len(self.found.unclear_days) < _REMEMBERED:
                self.found.unclear_days.add(cell)


def _find_sign(text: str) -> str:
    number, code = split_money(text)
    if code:
        return code
    sign = text.replace(number, "").strip()
    return sign if sign and not sign.isdigit() and len(sign) <= 4 else ""


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
