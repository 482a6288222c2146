"""How Spark's columns become cells of the contract, in its own SQL.

A type that cannot hold what the contract asks for is refused as a whole. Text is not searched for dates and numbers:
a cast that fails on one row would stop every figure, and one that guesses would be wrong without a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from mopsnb.data.contract import Field
from mopsnb.data.engines.server import Column
from mopsnb.data.sql import quote_text
from mopsnb.data.views import name_type

_WHOLE = ("tinyint", "smallint", "int", "bigint")
_FLOATS = ("float", "double")
_TIMES = ("date", "timestamp_ntz", "timestamp")
_FURTHER = {"boolean": "BOOLEAN", "date": "DATE", "timestamp_ntz": "TIMESTAMP", "timestamp": "TIMESTAMP WITH TIME ZONE"}
_ODD = re.compile(r"[\"`:\\%]")  # in a column's name: not every engine takes them
_DECIMAL = re.compile(r"decimal\((\d+),(\d+)\)")
_LONGEST = 9 * 10**18  # a whole number that a BIGINT holds
_MONTH = "^[1-9][0-9]{3}-(0[1-9]|1[0-2])\\\\z"
_WIDE = "DECIMAL(38,18)"
# Beyond these lie the times that Python cannot hold.
_LIMITS = {
    "date": ("DATE '0001-01-02'", "DATE '9999-12-30'"),
    "timestamp_ntz": ("TIMESTAMP_NTZ '0001-01-02 00:00:00'", "TIMESTAMP_NTZ '9999-12-30 00:00:00'"),
    "timestamp": ("TIMESTAMP '0001-01-02 00:00:00+00:00'", "TIMESTAMP '9999-12-30 00:00:00+00:00'"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A column as Spark describes it.

    Parameters
    ----------
    name
        The column.
    type
        Its type in Spark's words, such as ``decimal(18,6)``.
    """

    name: str
    type: str

    @property
    def cell(self) -> str:
        """SQL of a cell."""
        return f"`{self.name}`"

    @property
    def is_text(self) -> bool:
        """Whether it holds text, in any collation."""
        return self.type.startswith(("string", "varchar", "char"))

    @property
    def digits(self) -> tuple[int, int] | None:
        """For a decimal: digits in all and behind the point."""
        found = _DECIMAL.fullmatch(self.type)
        return (int(found[1]), int(found[2])) if found else None

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers."""
        return self.type in _WHOLE or self.type in _FLOATS or self.digits is not None


_Cell = tuple[str, str]  # SQL of the value, and SQL that is true where a filled cell does not fit
_Cast = Callable[[Found, Field, str], _Cell | None]


def read_column(found: Found, spec: Field | None, time_zone: str) -> Column:
    """Return how a column is read.

    Parameters
    ----------
    found
        The column.
    spec
        Its declaration; None: the contract does not know it.
    time_zone
        The zone in which a bare date begins, an IANA name.
    """
    if _ODD.search(found.name):
        return Column(found.name, found.type)
    if spec is None:
        return Column(found.name, found.type, *_read_further(found))
    cast = _CASTS[spec.kind](found, spec, time_zone)
    if cast is None:
        return Column(found.name, found.type)
    value, bad = cast
    return Column(found.name, found.type, name_type(spec), value, bad, f"CAST({found.cell} AS STRING)" if bad else "")


def _read_further(found: Found) -> tuple[str, str]:
    """Return how a column is read that the contract does not know: as what it is, where DuckDB has the like."""
    if found.type in _FURTHER:
        return _FURTHER[found.type], found.cell
    if found.type in _WHOLE:
        return "BIGINT", f"CAST({found.cell} AS BIGINT)"
    if found.type in _FLOATS:
        return "DOUBLE", f"CAST({_number(found)} AS DOUBLE)"
    if found.digits:
        return f"DECIMAL({found.digits[0]},{found.digits[1]})", found.cell
    if found.is_text:
        return "VARCHAR", _write_text(found)
    return ("VARCHAR[]", found.cell) if found.type == "array<string>" else ("", "")


def _write_text(found: Found) -> str:
    text = f"CAST({found.cell} AS STRING)"
    text = f"{text} || '+00'" if found.type == "timestamp" else text
    return f"NULLIF({text}{' COLLATE UTF8_BINARY' if 'collate' in found.type else ''}, '')"


def _number(found: Found) -> str:
    """Return SQL of a number; a short binary float through its text, so that 0.1 stays 0.1. NaN is missing."""
    if found.type == "float":
        return f"NANVL(CAST(CAST({found.cell} AS STRING) AS DOUBLE), CAST(NULL AS DOUBLE))"
    return f"NANVL({found.cell}, CAST(NULL AS DOUBLE))" if found.type == "double" else found.cell


def _guard(cell: str, fits: str, value: str) -> _Cell:
    """Return a value that is worked out only where the cell fits."""
    fits = f"COALESCE({fits}, FALSE)"
    return f"CASE WHEN {fits} THEN {value} END", f"({cell} IS NOT NULL AND NOT {fits})"


def _cast_id(found: Found, spec: Field, time_zone: str) -> _Cell | None:
    if found.is_text or found.type in _WHOLE:
        return _write_text(found), ""
    if found.digits:
        whole = f"CAST({found.cell} AS DECIMAL(38,0))"
        return _guard(found.cell, f"{found.cell} = {whole}", f"CAST({whole} AS STRING)")
    return None


def _cast_text(found: Found, spec: Field, time_zone: str) -> _Cell | None:
    plain = found.is_text or found.is_number or found.type in (*_TIMES, "boolean")
    return (_write_text(found), "") if plain else None


def _cast_decimal(found: Found, spec: Field, time_zone: str) -> _Cell | None:
    if not found.is_number:
        return None
    whole, digits = 18 - spec.scale, found.digits
    value = f"CAST({found.cell} AS DECIMAL(18,{spec.scale}))"
    if found.type in _WHOLE[:3] and whole >= 10:
        return value, ""
    if digits and digits[1] <= spec.scale and digits[0] - digits[1] <= whole:
        return value, ""
    number = f"TRY_CAST({_number(found)} AS {_WIDE})"
    fits = f"ABS({number}) < {10**whole - 1}"
    if spec.is_money:  # money is never rounded; what binary floats add far behind the last place is taken off
        fits += f" AND ABS({number} - ROUND({number}, {spec.scale})) <= 0.{'0' * (spec.scale + 2)}1"
    return _guard(_number(found), fits, f"CAST({number} AS DECIMAL(18,{spec.scale}))")


def _cast_number(found: Found, spec: Field, time_zone: str) -> _Cell | None:
    if not found.is_number:
        return None
    number = f"CAST({_number(found)} AS DOUBLE)"
    return _guard(number, f"ABS({number}) < 1E308", number) if found.type in _FLOATS else (number, "")


def _cast_integer(found: Found, spec: Field, time_zone: str) -> _Cell | None:
    if found.type in _WHOLE:
        return f"CAST({found.cell} AS BIGINT)", ""
    if not found.is_number:
        return None
    number = _number(found)
    whole = f"TRY_CAST({number} AS DECIMAL(38,0))"
    return _guard(number, f"ABS({whole}) < {_LONGEST} AND {whole} = {number}", f"CAST({whole} AS BIGINT)")


def _cast_boolean(found: Found, spec: Field, time_zone: str) -> _Cell | None:
    if found.type == "boolean":
        return found.cell, ""
    number = _number(found)
    return _guard(number, f"{number} IN (0, 1)", f"{number} = 1") if found.is_number else None


def _find_wild(found: Found) -> str:
    first, last = _LIMITS[found.type]
    return f"({found.cell} < {first} OR {found.cell} > {last})"


def _cast_timestamp(found: Found, spec: Field, time_zone: str) -> _Cell | None:
    if found.type not in _TIMES:
        return None
    # An instant stays bare, so that a partition can be left out. The clock of the session is UTC.
    if found.type == "timestamp":
        return found.cell, _find_wild(found)
    moment = f"CAST({found.cell} AS TIMESTAMP)"
    moment = f"TO_UTC_TIMESTAMP({moment}, {quote_text(time_zone)})" if found.type == "date" else moment
    return moment, _find_wild(found)


def _cast_date(found: Found, spec: Field, time_zone: str) -> _Cell | None:
    if found.type not in _TIMES:
        return None
    if found.type == "date":
        return found.cell, _find_wild(found)
    day = f"CAST({found.cell} AS DATE)"
    return _guard(found.cell, f"{found.cell} = {day} AND NOT {_find_wild(found)}", day)


def _cast_month(found: Found, spec: Field, time_zone: str) -> _Cell | None:
    if found.type in _TIMES:
        return _guard(found.cell, f"NOT {_find_wild(found)}", f"TRUNC({found.cell}, 'MM')")
    if found.is_text:
        text = _write_text(found)
        return _guard(text, f"{text} RLIKE '{_MONTH}'", f"CAST({text} || '-01' AS DATE)")
    return None


def _cast_list(found: Found, spec: Field, time_zone: str) -> _Cell | None:
    if found.type == "array<string>":
        return found.cell, ""
    if not found.is_text:
        return None
    return f"FILTER(TRANSFORM(SPLIT({_write_text(found)}, ';'), word -> TRIM(word)), word -> word <> '')", ""


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
