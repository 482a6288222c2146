"""What a file yields: the columns of its part, and the rules of its rows."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from mopsnb.data.contract import TABLES, Field, Table
from mopsnb.data.importing.layout import refuse
from mopsnb.data.importing.model import Column, Source
from mopsnb.data.importing.recognition import Match
from mopsnb.data.importing.text import make_name, normalize

PERIOD = ("date", "period_start", "period_end")
NUMBERS = ("decimal", "integer", "number")
MOMENTS = ("date", "month", "timestamp")
_UNADDED = ("users",)  # visitors of two days are not the sum of both


@dataclass(frozen=True)
class Shape:
    """A recognized file as columns of a canonical table.

    Parameters
    ----------
    file
        The file's name.
    match
        Its header and source.
    defaults
        Canonical column to the value that a person gave for cells that the file lacks.
    """

    file: str
    match: Match
    defaults: Mapping[str, str] = field(default_factory=dict)

    @property
    def source(self) -> Source:
        """The source."""
        return self.match.source

    @cached_property
    def table(self) -> Table:
        """The canonical table."""
        return TABLES[self.source.table]

    def field(self, name: str) -> Field:
        """Return the declaration of a column, or one made up for a helper."""
        if name in self.table.fields:
            return self.table.fields[name]
        return Field(name, self.source.columns[name].kind, "", "", False, 6, "", ())

    def spec(self, name: str) -> Column:
        """Return how a column is mapped."""
        return self.source.columns[name]

    @cached_property
    def mapped(self) -> dict[str, tuple[int, ...]]:
        """Canonical column or helper to the places of its cells."""
        return dict(self.match.places)

    @cached_property
    def identity(self) -> list[int]:
        """The places of the cells that name what a row is about; all are empty in a row of totals."""
        names = [name for name in self.mapped if name in self.table.fields and self.field(name).kind in {"id", "text"}]
        plain = [name for name in names if name not in {"currency", "status", "region", "brand"}]
        return [place for name in plain for place in self.mapped[name]]

    @cached_property
    def measures(self) -> dict[str, int]:
        """The columns that add up over rows, and their places."""
        return {
            name: places[0]
            for name, places in self.mapped.items()
            if self.field(name).unit in {"money", "count"} and name not in _UNADDED
        }

    @cached_property
    def moments(self) -> dict[str, int]:
        """The columns of dates and times, and their places."""
        return {name: places[0] for name, places in self.mapped.items() if self.field(name).kind in MOMENTS}

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The columns of numbers, and their places."""
        return {name: places[0] for name, places in self.mapped.items() if self.field(name).kind in NUMBERS}

    @cached_property
    def extras(self) -> dict[str, int]:
        """Further columns that are kept under a name of their own: attributes of people."""
        if self.table.name != "contact":
            return {}
        used = {place for places in self.mapped.values() for place in places}
        unknown = {normalize(name) for name in self.match.unknown}
        found: dict[str, int] = {}
        for place, header in enumerate(self.match.headers):
            name = make_name(header)
            if place in used or normalize(header) not in unknown or not name:
                continue
            if name not in self.table.fields and name not in found and not name.startswith("mopsnb"):
                found[name] = place
        return found

    @cached_property
    def is_dated(self) -> bool:
        """Whether the table says day or period of its rows."""
        return all(name in self.table.fields for name in PERIOD)

    @cached_property
    def names(self) -> list[str]:
        """The canonical columns of the part, in the order of the contract."""
        given = {*self.mapped, *self.source.constants, *self.source.derive, *self.defaults}
        if self.is_dated:
            given |= {*PERIOD}
        given |= {*self.source.drop_empty}
        if "currency" in self.table.fields and self.table.money:
            given.add("currency")
        return [name for name in self.table.fields if name in given]

    @cached_property
    def helpers(self) -> list[str]:
        """The columns that the assembly needs and the table does not keep."""
        return [name for name in self.mapped if name.startswith("_")]

    def find_places(self, headers: Sequence[str]) -> list[int]:
        """Return where columns stand, by header."""
        wanted = {normalize(name) for name in headers}
        return [place for place, name in enumerate(self.match.headers) if normalize(name) in wanted]


def check_shape(shape: Shape, *, has_period: bool) -> None:
    """Refuse a file that lacks columns without which its rows say too little.

    Parameters
    ----------
    shape
        The file as columns.
    has_period
        The file, or a person, says which period it covers.

    Raises
    ------
    DataError
        A column is missing; the message says how to name or replace it.
    """
    source, table = shape.source, shape.table
    have = {*shape.mapped, *source.constants, *shape.defaults, *source.derive, *source.count, *source.explode}
    have |= {*source.drop_empty}  # another file may fill it in
    partial = source.completes is not None
    for name in dict.fromkeys([*table.required, *source.needs]):
        if name in have or name == "currency" or (partial and name not in source.completes.on):  # type: ignore[union-attr]
            continue
        aliases = source.columns[name].headers if name in source.columns else []
        looked = f" (looked for {', '.join(aliases[:5])})" if aliases else ""
        unknown = ", ".join(shape.match.unknown[:8])
        others = f"; columns without a use: {unknown}" if unknown else ""
        fix = f"Add --map {name}=COLUMN, or --default {name}=VALUE; --default {name}= leaves it empty."
        if table.fields[name].required:
            fix = f"Add --map {name}=COLUMN, or --default {name}=VALUE."
        if table.key == (name,):
            fix = f"Add --map {name}=COLUMN. Where no column tells the rows apart, add one that numbers them."
        raise refuse(shape.file, f"no column for {name}{looked}{others}", f"{name} in {source.title}", fix)
    dates = {*PERIOD} & {*shape.mapped, *shape.defaults}
    if shape.is_dated and not dates and not has_period and not partial:
        fix = "Export it with a column for the day, or add --default period_start=DATE --default period_end=DATE."
        raise refuse(shape.file, "neither dates nor a period", "the days that the figures belong to", fix)


def check_usual(shape: Shape, figures: Collection[int]) -> None:
    """Refuse a file that lacks a usual column and has figures under a name that nobody knows: it may be that column.

    Parameters
    ----------
    shape
        The file as columns.
    figures
        The places of columns without a use that hold numbers.

    Raises
    ------
    DataError
        Such a column is there; the message says how to settle what it is.
    """
    lacking = [name for name in shape.source.usual if name not in {*shape.mapped, *shape.defaults}]
    doubted = [shape.match.headers[place].strip() for place in sorted(figures)]
    if lacking and doubted:
        found = f"no column for {lacking[0]}, and figures in {', '.join(doubted[:8])}, which is not known"
        fix = f"Add --map {lacking[0]}=COLUMN if one of them is it; else --default {lacking[0]}= leaves it missing."
        raise refuse(shape.file, found, f"{lacking[0]} in {shape.source.title}", fix)


def is_note(row: Sequence[str], patterns: Sequence[re.Pattern[str]]) -> re.Match[str] | None:
    """Return how a line behind the data matches one of the known ones."""
    filled = [cell.strip() for cell in row if cell.strip()]
    if not filled or len(filled) > 2:
        return None
    return next((found for pattern in patterns if (found := pattern.search(filled[0]))), None)
