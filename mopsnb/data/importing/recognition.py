"""Which source a file comes from, told by its columns; and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mopsnb.data.contract import TABLES
from mopsnb.data.importing.layout import refuse
from mopsnb.data.importing.model import Column, Source
from mopsnb.data.importing.text import make_name, normalize
from mopsnb.errors import suggest

HEADERS = 100  # records among which the header may stand
_CURRENCY = re.compile(r"[(\[]([A-Z]{3})[)\]]\s*$")


@dataclass(frozen=True)
class Match:
    """A file's header, and the source that it belongs to.

    Parameters
    ----------
    source
        The source.
    row
        The header's record number.
    headers
        The header's cells.
    places
        Canonical column to the places (from 0) of the header's cells that it is read from.
    why
        By which columns the source was recognized, for people.
    """

    source: Source
    row: int
    headers: tuple[str, ...]
    places: Mapping[str, tuple[int, ...]]
    why: str

    @property
    def currencies(self) -> list[str]:
        """The currencies that headers of money columns name."""
        money = TABLES[self.source.table].money
        return sorted(
            {
                found[1]
                for name in money
                for place in self.places.get(name, ())
                if (found := _CURRENCY.search(self.headers[place]))
            }
        )

    @property
    def unknown(self) -> list[str]:
        """The columns that the source neither maps nor knows."""
        used = {place for places in self.places.values() for place in places}
        known = {normalize(name) for name in [*self.source.ignore, *_list_helpers(self.source)]}
        names = [name for place, name in enumerate(self.headers) if place not in used]
        return [name for name in names if normalize(name) not in known and name.strip()]


def _list_helpers(source: Source) -> Iterable[str]:
    yield from source.key
    yield from source.recognize.headers
    yield from source.recognize.any
    yield from source.exclude
    yield from source.apart
    for names in source.count.values():
        yield from names
    for column in source.columns.values():
        yield from column.only


def place_columns(source: Source, headers: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Return where each mapped column stands. The first alias that is there counts; a repeated header gives several."""
    names = [normalize(header) for header in headers]
    found = {}
    for column, spec in source.columns.items():
        for alias in spec.headers:
            places = tuple(place for place, name in enumerate(names) if name == normalize(alias))
            if not places and (numbered := re.fullmatch(r"(.+)#(\d+)", alias)):  # one of several with the same name
                twins = [place for place, name in enumerate(names) if name == normalize(numbered[1])]
                places = tuple(twins[int(numbered[2]) - 1 : int(numbered[2])])
            if places:
                found[column] = places
                break
    return found


def fits(source: Source, headers: Sequence[str]) -> bool:
    """Tell whether a header shows the signs of a source."""
    names, signs = {normalize(header) for header in headers}, source.recognize
    if any(normalize(name) in names for name in signs.none):
        return False
    if not all(normalize(name) in names for name in signs.headers):
        return False
    if signs.any and not any(normalize(name) in names for name in signs.any):
        return False
    return all(name in place_columns(source, headers) for name in signs.columns)


def rate(source: Source, headers: Sequence[str]) -> int:
    """Return how many of a source's columns, mapped and known, a header has."""
    names = {normalize(header) for header in headers}
    known = {normalize(name) for name in source.ignore}
    signs = {normalize(name) for name in [*source.recognize.headers, *source.recognize.any]}
    return len(place_columns(source, headers)) + len(names & known) + len(names & signs)


def score_rows(rows: Sequence[Sequence[str]], sources: Iterable[Source]) -> int:
    """Return how well the best of some records looks like a known header; 0: none does."""
    best = 0
    for row in rows[:HEADERS]:
        if sum(1 for cell in row if cell.strip()) >= 2:
            best = max([best, *(100 + rate(source, row) for source in sources if fits(source, row))])
    return best


def add_maps(source: Source, maps: Mapping[str, str]) -> Source:
    """Return a source that reads columns from the headers that a person named."""
    columns = dict(source.columns)
    for name, header in maps.items():
        spec = columns.get(name)
        columns[name] = spec.model_copy(update={"headers": [header]}) if spec else Column(headers=[header])
    return source.model_copy(update={"columns": columns})


def recognize(
    file: str, rows: Sequence[Sequence[str]], sources: Mapping[str, Source], maps: Mapping[str, str], *, given: bool
) -> Match:
    """Find the header of a file and the source that it shows.

    Parameters
    ----------
    file
        The file's name, for messages.
    rows
        Its first records.
    sources
        The sources to choose from.
    maps
        Canonical column to header, as a person gave them.
    given
        The source was named by a person, so that its own columns suffice and other signs need not be there.

    Raises
    ------
    DataError
        No source fits, or several fit equally well.
    """
    matches: list[tuple[int, int, Match]] = []
    for source in sources.values():
        mapped = add_maps(source, maps)
        for number, row in enumerate(rows[:HEADERS], start=1):
            if sum(1 for cell in row if cell.strip()) < 2 or not (fits(mapped, row) or _is_named(mapped, row, given)):
                continue
            found = Match(mapped, number, tuple(row), place_columns(mapped, row), _explain(mapped, row))
            matches.append((rate(mapped, row), -number, found))
            break
    if not matches:
        raise _refuse_unknown(file, rows, sources, given=given)
    matches.sort(key=lambda item: item[:2], reverse=True)
    best = [match for score, _, match in matches if score == matches[0][0]]
    if len(best) > 1:
        names = ", ".join(match.source.id for match in best)
        raise refuse(file, f"columns that fit {names}", "one source", f"Add --source {best[0].source.id}, or another.")
    return best[0]


def _is_named(source: Source, row: Sequence[str], given: bool) -> bool:
    if not given:
        return False
    needed = [*source.recognize.columns] or list(source.columns)[:1]
    placed = place_columns(source, row)
    return any(name in placed for name in needed) and len(placed) >= min(2, len(source.columns))


def _explain(source: Source, row: Sequence[str]) -> str:
    placed = place_columns(source, row)
    names = [row[placed[name][0]].strip() for name in source.recognize.columns if name in placed]
    present = {normalize(cell): cell.strip() for cell in row}
    names += [present[normalize(name)] for name in source.recognize.headers if normalize(name) in present]
    names += [present[normalize(name)] for name in source.recognize.any if normalize(name) in present][:2]
    names = names or [row[places[0]].strip() for places in placed.values()][:4]
    return f"the columns {', '.join(dict.fromkeys(names))}"


def _is_named_like(table: str, row: Sequence[str]) -> bool:
    names = {make_name(cell) for cell in row if cell.strip()}
    own = TABLES[table]
    return {*own.required} <= names and 2 * len(names & own.fields.keys()) > len(names)


def _is_near(source: Source, row: Sequence[str]) -> bool:
    """Tell whether a header is so much like a source's that a column may have been renamed or lost."""
    filled = sum(1 for cell in row if cell.strip())
    placed = place_columns(source, row)
    found = sum(1 for name in source.recognize.columns if name in placed)
    return filled > 2 and 2 * rate(source, row) >= filled and 2 * found >= len(source.recognize.columns)


def _refuse_unknown(
    file: str, rows: Sequence[Sequence[str]], sources: Mapping[str, Source], *, given: bool
) -> Exception:
    wide = max(rows[:HEADERS], key=lambda row: sum(1 for cell in row if cell.strip()), default=[])
    near = [(source, row) for source in sources.values() for row in rows[:HEADERS] if _is_near(source, row)]
    if near:
        source, row = max(near, key=lambda item: rate(*item))
        placed = place_columns(source, row)
        lacking = [name for name in source.recognize.columns if name not in placed]
        if lacking:
            unknown = [
                name
                for name in row
                if name.strip()
                and normalize(name)
                not in {normalize(alias) for spec in source.columns.values() for alias in spec.headers}
            ]
            names = " or ".join(source.columns[lacking[0]].headers[:4])
            meant = suggest(source.columns[lacking[0]].headers[0], unknown)
            found = f"columns like those of {source.title}, but none for {', '.join(lacking)}"
            fix = f"{meant} If a column holds it, add --source {source.id} --map {lacking[0]}=COLUMN."
            return refuse(file, found, f"a column {names}", fix.strip())
    shown = ", ".join(cell.strip() for cell in wide if cell.strip())[:160]
    fix = "Name the source (mopsnb sources lists them), or map it: --table TABLE --map canonical=COLUMN."
    if tables := [name for name in TABLES if _is_named_like(name, wide)]:
        fix = f"The columns are named like those of {' or '.join(tables)}: add --table {tables[0]}."
    if given:
        fix = "Check --source, or map its columns: --map canonical=COLUMN."
    return refuse(file, f"the columns {shown or 'of one cell'}", "the columns of a known source", fix)
