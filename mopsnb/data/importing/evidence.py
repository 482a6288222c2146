"""What the cells of a file show: styles of numbers and dates, currencies, names, damaged ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from mopsnb.data.importing.columns import Shape
from mopsnb.data.importing.dates import find_order
from mopsnb.data.importing.layout import refuse
from mopsnb.data.importing.numbers import TYPED, find_evidence, is_missing, read_styles, split_money, unwrap
from mopsnb.data.importing.records import Record
from mopsnb.data.importing.survey import Survey

BATCH = 10_000
_REMEMBERED = 50_000
_SAMPLED = 1_000  # rows in which unused columns are looked at
_DAMAGED = re.compile(r"\d[.,]\d+E\+\d+")
_PERCENT = re.compile(r"[\d.,]+ ?%$")
# Cells whose style is plain to see, without looking at each reading: the usual ones of things counted, and of others.
_COUNTED = re.compile(r"(?P<plain>\d+)|(?P<point>[1-9]\d{0,2}(?:,\d{3})+)", re.ASCII)
_MEASURED = re.compile(
    r"(?P<plain>\d+)|(?P<point>\d+\.(?:\d{1,2}|\d{4,})|[1-9]\d{0,2}(?:,\d{3})+\.\d+)"
    r"|(?P<comma>\d+,(?:\d{1,2}|\d{4,})|[1-9]\d{0,2}(?:\.\d{3})+,\d+)",
    re.ASCII,
)


class Look:
    """Looks at the cells of rows, a batch at a time and each spelling once.

    Parameters
    ----------
    shape
        The file as columns.
    found
        Takes what is seen.
    """

    def __init__(self, shape: Shape, found: Survey) -> None:
        self.shape, self.found = shape, found
        self.batch: list[Record] = []
        self.seen: dict[int, set[str]] = {}
        self.sampled = 0
        self.money = {shape.mapped[name][0] for name in shape.table.money if name in shape.mapped}
        plain = {place for name, place in shape.numbers.items() if shape.spec(name).unit != "one"}
        self.whole = {place for name, place in shape.numbers.items() if shape.field(name).kind == "integer"} - plain
        self.percents = {place for name, place in shape.numbers.items() if shape.spec(name).unit == "percent"}
        used = {place for places in shape.mapped.values() for place in places}
        self.others = [place for place in range(len(shape.match.headers)) if place not in used]
        self.words: set[int] = set()
        self.unused = shape.find_places(shape.match.unknown)
        self.views: dict[int, dict[str, None]] = {place: {} for place in shape.find_places(shape.source.apart)}
        self.twins = {
            name: places
            for name, places in shape.mapped.items()
            if len(places) > 1 and shape.field(name).kind not in {"list", "text"}
        }
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
        """Take one row."""
        self.batch.append((number, row))
        if len(self.batch) == BATCH:
            self.finish()

    def finish(self) -> None:
        """Look at the rows that were taken."""
        if not self.batch:
            return
        numbers = [number for number, _ in self.batch]
        columns = list(zip(*(row for _, row in self.batch)))
        for place in self.shape.numbers.values():
            pattern = _COUNTED if place in self.whole else _MEASURED
            for cell in self._list_new(place, columns[place]):
                quick = pattern.fullmatch(cell)
                if quick is None:
                    self._look_at_number(numbers, place, columns[place], cell)
                elif quick.lastgroup != "plain" and quick.lastgroup not in self.found.styles:
                    self._note_style(str(quick.lastgroup), numbers, place, columns[place], cell)
        for place in self.shape.moments.values():
            for cell in self._list_new(place, columns[place]):
                self._look_at_day(numbers, place, columns[place], cell)
        self._look_for_hints(numbers, columns)
        self._look_for_figures(columns)
        for called, place in self.lookups:
            for name, own in zip(columns[called], columns[place]):
                if name.strip():
                    self.found.names.setdefault(name.strip(), set()).add(own.removeprefix(TYPED).strip())
        self._compare_twins(numbers, columns)
        self._look_for_views(columns)
        self.batch = []

    def _list_new(self, place: int, column: Sequence[str]) -> list[str]:
        """Return the spellings of a column that were not looked at yet, in the order of the rows."""
        seen = self.seen.setdefault(place, set())
        fresh = [cell for cell in dict.fromkeys(column) if cell not in seen]
        if len(seen) + len(fresh) > _REMEMBERED:
            seen.clear()
        seen.update(fresh)
        return fresh

    def _note_style(self, style: str, numbers: Sequence[int], place: int, column: Sequence[str], cell: str) -> None:
        header = self.shape.match.headers[place]
        self.found.styles.setdefault(style, (numbers[column.index(cell)], header, cell.strip()))

    def _look_at_number(self, numbers: Sequence[int], place: int, column: Sequence[str], cell: str) -> None:
        text = unwrap(cell.strip())
        if is_missing(text.removeprefix(TYPED)):
            return
        if place in self.money and not text.startswith(TYPED) and (sign := _find_sign(text)):
            self.found.signs.setdefault(sign, numbers[column.index(cell)])
        if place in self.percents and text.startswith(TYPED):
            values = [abs(value) for value in read_styles(text).values()]
            self.found.largest[place] = max([*values, self.found.largest.get(place, Decimal(0))])
        style = find_evidence(read_styles(text.removesuffix("%"), whole=place in self.whole))
        if style and style not in self.found.styles:
            self._note_style(style, numbers, place, column, cell)

    def _look_at_day(self, numbers: Sequence[int], place: int, column: Sequence[str], cell: str) -> None:
        order = find_order(unwrap(cell))
        if not order:
            return
        if order not in self.found.orders:
            header = self.shape.match.headers[place]
            self.found.orders[order] = (numbers[column.index(cell)], header, cell.strip())
        if order == "unclear" and len(self.found.unclear_days) < _REMEMBERED:
            self.found.unclear_days.add(cell)

    def _look_for_hints(self, numbers: Sequence[int], columns: Sequence[Sequence[str]]) -> None:
        """Look for ids that lost digits, and for percentages that show how numbers are written."""
        for place in self.ids:
            if "E+" not in "\n".join(columns[place]) or len(self.found.damaged_ids) >= 100:
                continue
            damaged = (
                (number, cell.strip())
                for number, cell in zip(numbers, columns[place])
                if _DAMAGED.fullmatch(cell.removeprefix(TYPED).strip())
            )
            self.found.damaged_ids += [item for item, _ in zip(damaged, range(100 - len(self.found.damaged_ids)))]
        for place in self.others:
            if "%" not in "\n".join(columns[place]):
                continue
            for cell in self._list_new(place, columns[place]):
                if cell.endswith("%") and _PERCENT.match(cell.strip()):
                    style = find_evidence(read_styles(cell.strip(" %")))
                    if style in {"point", "comma"}:
                        self._note_style(style, numbers, place, columns[place], cell)

    def _look_for_figures(self, columns: Sequence[Sequence[str]]) -> None:
        if self.sampled >= _SAMPLED:
            return
        for place in self.unused:
            for cell in dict.fromkeys(columns[place][: _SAMPLED - self.sampled]):
                text = cell.strip()
                if not is_missing(text.removeprefix(TYPED)):
                    (self.found.figures if read_styles(text) else self.words).add(place)
        self.sampled += len(self.batch)
        self.found.figures -= self.words

    def _look_for_views(self, columns: Sequence[Sequence[str]]) -> None:
        for place, views in self.views.items():
            views.update({cell.strip(): None for cell in columns[place] if cell.strip()})
            if len(views) > 1:
                seen = f"rows for {' and for '.join(list(views)[:3])}, which count the same things"
                fix = "Export the report without comparisons and segments."
                raise refuse(self.shape.file, seen, "each thing once", fix, self.shape.match.headers[place])

    def _compare_twins(self, numbers: Sequence[int], columns: Sequence[Sequence[str]]) -> None:
        for name, places in self.twins.items():
            for number, *cells in zip(numbers, *(columns[place] for place in places)):
                if len({cell.strip() for cell in cells}) > 1:
                    header = self.shape.match.headers[places[0]]
                    fix = f"Say which one counts: --map {name}='{header}#1', or #2."
                    seen = f"{len(places)} columns '{header}' with different cells"
                    raise refuse(self.shape.file, seen, "one column", fix, f"row {number:,}")


def _find_sign(text: str) -> str:
    number, code = split_money(text)
    if code:
        return code
    sign = text.replace(number, "").strip()
    return sign if sign and not sign.isdigit() and len(sign) <= 4 else ""
