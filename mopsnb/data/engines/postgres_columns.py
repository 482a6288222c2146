"""How PostgreSQL's columns become cells of the contract, in its own SQL.

A type that cannot hold what the contract asks for is refused as a whole. Text is not searched for dates and numbers:
a cast that fails on one row would stop every figure, and one that guesses would be wrong without a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from mopsnb.data.contract import Field
from mopsnb.data.engines.server import Column
from mopsnb.data.sql import quote_name, quote_text
from mopsnb.data.views import name_type

_WHOLE = {"int2": "SMALLINT", "int4": "INTEGER", "int8": "BIGINT"}
_FLOATS = ("float4", "float8")
_TIMES = {"date": "DATE", "timestamp": "TIMESTAMP", "timestamptz": "TIMESTAMP WITH TIME ZONE"}
_WORDS = ("text", "varchar", "bpchar", "name", "citext", "uuid", "json", "jsonb", "xml")
_UNREADABLE = ("bytea", "record", "tsvector", "tsquery")
_ODD = re.compile(r"[\"`:\\%]")  # in a column's name: not every engine takes them
_LONGEST = 9 * 10**18  # a whole number that a BIGINT holds
_LARGEST = 10**308
_MONTH = "^[1-9][0-9]{3}-(0[1-9]|1[0-2])$"
# Beyond these lie the times that Python cannot hold, infinity among them.
_LIMITS = {
    "date": ("DATE '0001-01-02'", "DATE '9999-12-30'"),
    "timestamp": ("TIMESTAMP '0001-01-02'", "TIMESTAMP '9999-12-30'"),
    "timestamptz": ("TIMESTAMPTZ '0001-01-02 00:00+00'", "TIMESTAMPTZ '9999-12-30 00:00+00'"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A column as the catalog describes it.

    Parameters
    ----------
    name
        The column.
    shown
        Its type in the words of the server.
    type
        The name of its type; of a domain, that of the type below.
    element
        For an array, the name of its elements' type.
    modifier
        What a length or precision is worked out from; -1: there is none.
    is_enum
        Whether the type is a list of words.
    """

    name: str
    shown: str
    type: str
    element: str | None
    modifier: int
    is_enum: bool

    @property
    def digits(self) -> tuple[int, int] | None:
        """For ``numeric(p, s)``: digits in all and behind the point; None where nothing limits them."""
        if self.type != "numeric" or self.modifier < 4:
            return None
        scale = (self.modifier - 4) & 0x7FF
        return ((self.modifier - 4) >> 16) & 0xFFFF, scale - 2048 if scale >= 1024 else scale


@dataclass(frozen=True, slots=True)
class Reading:
    """What cells are read with.

    Parameters
    ----------
    time_zone
        The zone in which a bare date begins.
    collation
        The collation, quoted, that sorts by code points.
    """

    time_zone: str
    collation: str


_Cell = tuple[str, str]  # SQL of the value, and SQL that is true where a filled cell does not fit
_Cast = Callable[[str, Found, Field, Reading], _Cell | None]


def read_column(found: Found, spec: Field | None, reading: Reading) -> Column:
    """Return how a column is read.

    Parameters
    ----------
    found
        The column.
    spec
        Its declaration; None: the contract does not know it.
    reading
        What cells are read with.
    """
    cell = quote_name(found.name)
    if _ODD.search(found.name):
        return Column(found.name, found.shown)
    if spec is None:
        kind, value = _read_further(cell, found, reading)
        return Column(found.name, found.shown, kind, value)
    cast = _CASTS[spec.kind](cell, found, spec, reading)
    if cast is None:
        return Column(found.name, found.shown)
    value, bad = cast
    return Column(found.name, found.shown, name_type(spec), value, bad, f"CAST({cell} AS TEXT)" if bad else "")


def _write_text(cell: str, reading: Reading) -> str:
    return f"NULLIF(CAST({cell} AS TEXT), '') COLLATE {reading.collation}"


def _read_further(cell: str, found: Found, reading: Reading) -> tuple[str, str]:
    """Return how a column is read that the contract does not know: as what it is, where DuckDB has the like."""
    plain = _WHOLE | _TIMES | {"bool": "BOOLEAN"}
    digits = found.digits
    if found.type in _UNREADABLE:
        return "", ""
    if found.type in plain:
        return plain[found.type], cell
    if digits and 0 <= digits[1] <= digits[0] <= 38:
        return f"DECIMAL({digits[0]},{digits[1]})", f"NULLIF({cell}, 'NaN')"
    if found.type in (*_FLOATS, "numeric"):
        text = f"CAST({cell} AS TEXT)" if found.type == "float4" else cell
        return "DOUBLE", f"CAST(NULLIF({text}, 'NaN') AS DOUBLE PRECISION)"
    return (
        ("VARCHAR[]", f"CAST({cell} AS TEXT[])") if found.element in _WORDS else ("VARCHAR", _write_text(cell, reading))
    )


def _guard(cell: str, fits: str, value: str) -> _Cell:
    """Return a value that is worked out only where the cell fits."""
    return f"CASE WHEN {fits} THEN {value} END", f"({cell} IS NOT NULL AND NOT ({fits}))"


def _number(cell: str, found: Found) -> str:
    """Return SQL of a cell as a decimal, exact; a binary float through its shortest text, so that 0.1 stays 0.1."""
    if found.type in _FLOATS:
        return f"CAST(NULLIF(CAST({cell} AS TEXT), 'NaN') AS NUMERIC)"
    return f"NULLIF({cell}, 'NaN')" if found.type == "numeric" else f"CAST({cell} AS NUMERIC)"


def _is_number(found: Found) -> bool:
    return found.type in _WHOLE or found.type in (*_FLOATS, "numeric")


def _cast_id(cell: str, found: Found, spec: Field, reading: Reading) -> _Cell | None:
    if found.type == "numeric":
        number = _number(cell, found)
        text = f"CAST(TRUNC({number}) AS TEXT) COLLATE {reading.collation}"
        return _guard(number, f"{number} = TRUNC({number}) AND ABS({number}) < {_LARGEST}", text)
    is_text = found.type in _WORDS or found.is_enum or found.type in _WHOLE
    return (_write_text(cell, reading), "") if is_text else None


def _cast_text(cell: str, found: Found, spec: Field, reading: Reading) -> _Cell | None:
    return None if found.type in _UNREADABLE or found.element else (_write_text(cell, reading), "")


def _cast_decimal(cell: str, found: Found, spec: Field, reading: Reading) -> _Cell | None:
    if not _is_number(found):
        return None
    number, whole = _number(cell, found), 18 - spec.scale
    value = f"CAST({number} AS NUMERIC(18,{spec.scale}))"
    digits = found.digits
    if found.type in ("int2", "int4") and whole >= 10:
        return value, ""
    if digits and 0 <= digits[1] <= spec.scale and digits[0] - digits[1] <= whole:
        return value, ""
    fits = f"ABS({number}) < {10**whole - 1}"
    if spec.is_money:  # money is never rounded; what binary floats add far behind the last place is taken off
        fits += f" AND ABS({number} - ROUND({number}, {spec.scale})) <= 0.{'0' * (spec.scale + 2)}1"
    return _guard(number, fits, value)


def _cast_number(cell: str, found: Found, spec: Field, reading: Reading) -> _Cell | None:
    if not _is_number(found):
        return None
    number = _number(cell, found)
    if found.type in _WHOLE:
        return f"CAST({cell} AS DOUBLE PRECISION)", ""
    return _guard(number, f"ABS({number}) < {_LARGEST}", f"CAST({number} AS DOUBLE PRECISION)")


def _cast_integer(cell: str, found: Found, spec: Field, reading: Reading) -> _Cell | None:
    if found.type in _WHOLE:
        return f"CAST({cell} AS BIGINT)", ""
    if not _is_number(found):
        return None
    number = _number(cell, found)
    return _guard(number, f"ABS({number}) < {_LONGEST} AND {number} = TRUNC({number})", f"CAST({number} AS BIGINT)")


def _cast_boolean(cell: str, found: Found, spec: Field, reading: Reading) -> _Cell | None:
    if found.type == "bool":
        return cell, ""
    return _guard(cell, f"{cell} IN (0, 1)", f"{cell} = 1") if _is_number(found) else None


def _find_wild(cell: str, found: Found) -> str:
    first, last = _LIMITS[found.type]
    return f"({cell} < {first} OR {cell} > {last})"


def _cast_timestamp(cell: str, found: Found, spec: Field, reading: Reading) -> _Cell | None:
    if found.type not in _TIMES:
        return None
    # An instant stays bare, so that an index or a partition can be used.
    if found.type == "timestamptz":
        return cell, _find_wild(cell, found)
    zone = quote_text(reading.time_zone) if found.type == "date" else "'UTC'"
    return f"(CAST({cell} AS TIMESTAMP) AT TIME ZONE {zone})", _find_wild(cell, found)


def _cast_date(cell: str, found: Found, spec: Field, reading: Reading) -> _Cell | None:
    if found.type not in _TIMES:
        return None
    if found.type == "date":
        return cell, _find_wild(cell, found)
    day = f"date_trunc('day', {cell})"
    return _guard(cell, f"{cell} = {day} AND NOT {_find_wild(cell, found)}", f"CAST({cell} AS DATE)")


def _cast_month(cell: str, found: Found, spec: Field, reading: Reading) -> _Cell | None:
    if found.type in _TIMES:
        fits = f"NOT {_find_wild(cell, found)}"
        return _guard(cell, fits, f"CAST(date_trunc('month', {cell}) AS DATE)")
    if found.type in ("text", "varchar", "bpchar"):
        text = f"NULLIF(CAST({cell} AS TEXT), '')"
        return _guard(text, f"{text} ~ {quote_text(_MONTH)}", f"CAST({text} || '-01' AS DATE)")
    return None


def _cast_list(cell: str, found: Found, spec: Field, reading: Reading) -> _Cell | None:
    if found.element in _WORDS:
        return f"CAST({cell} AS TEXT[])", ""
    if found.type not in ("text", "varchar", "bpchar"):
        return None
    parts = f"unnest(string_to_array(CAST({cell} AS TEXT), ';')) WITH ORDINALITY AS part(word, place)"
    words = f"ARRAY(SELECT trim(word) FROM {parts} WHERE trim(word) <> '' ORDER BY place)"
    return f"CASE WHEN NULLIF(CAST({cell} AS TEXT), '') IS NOT NULL THEN {words} END", ""


_CASTS: dict[str, _Cast] = {
    "id": _cast_id,
    "text": _cast_text,
    "decimal": _cast_decimal,
    "number": _cast_number,
    "integer": _cast_integer,
    "boolean": _cast_boolean,
    "date": _cast_date,
    "month": _cast_month,
    "timestamp": _cast_timestamp,
    "list": _cast_list,
}
