"""SQL that turns the text of a cell into a typed value; NULL where it does not fit.

Each function takes SQL of the cell (NULL where it is empty), the column as declared and the zone in
which a bare date begins. It returns SQL of the value, and SQL by note (see `mopsnb.data.casts.Cast`).
"""

from __future__ import annotations

from collections.abc import Callable

from mopsnb.data.contract import Field
from mopsnb.data.contract.kinds import FALSE_WORDS, KINDS, TRUE_WORDS, WHOLE_DIGITS, ZONE
from mopsnb.data.sql import quote_text

Parts = tuple[str, dict[str, str]]


def cast_text(cell: str, spec: Field, time_zone: str) -> Parts:
    """Return SQL for a cell that is text: CSV, or a text column of a Parquet file."""
    return _CASTS[spec.kind](cell, spec, time_zone)


def write_tolerance(scale: int) -> str:
    """Return SQL of what binary floats may add to a decimal: a thousandth of its last digit."""
    return f"CAST('1e-{scale + 3}' AS DECIMAL(38,18))"


def _match(cell: str, kind: str) -> str:
    return f"regexp_full_match({cell}, {quote_text(KINDS[kind].grammar)})"


def _as_is(cell: str, spec: Field, time_zone: str) -> Parts:
    return cell, {}


def _cast_decimal(cell: str, spec: Field, time_zone: str) -> Parts:
    value = f"TRY_CAST({cell} AS DECIMAL(18,{spec.scale}))"
    wide = f"TRY_CAST({cell} AS DECIMAL(38,18))"
    fits = f"{_match(cell, 'decimal')} AND abs({wide}) < {10**WHOLE_DIGITS}"
    rounded = f"coalesce({fits} AND abs({wide} - {value}) > {write_tolerance(spec.scale)}, false)"
    return f"CASE WHEN {fits} THEN {value} END", {"rounded": rounded}


def _cast_number(cell: str, spec: Field, time_zone: str) -> Parts:
    return f"CASE WHEN {_match(cell, 'number')} THEN TRY_CAST({cell} AS DOUBLE) END", {}


def _cast_integer(cell: str, spec: Field, time_zone: str) -> Parts:
    wide = f"TRY_CAST({cell} AS DECIMAL(38,18))"
    return f"CASE WHEN {_match(cell, 'integer')} AND {wide} = trunc({wide}) THEN TRY_CAST({wide} AS BIGINT) END", {}


def _cast_boolean(cell: str, spec: Field, time_zone: str) -> Parts:
    true, false = (", ".join(quote_text(word) for word in words) for words in (TRUE_WORDS, FALSE_WORDS))
    return f"CASE WHEN lower({cell}) IN ({true}) THEN true WHEN lower({cell}) IN ({false}) THEN false END", {}


def _cast_date(cell: str, spec: Field, time_zone: str) -> Parts:
    return f"CASE WHEN {_match(cell, 'date')} THEN TRY_CAST(left({cell}, 10) AS DATE) END", {}


def _cast_month(cell: str, spec: Field, time_zone: str) -> Parts:
    first = f"TRY_CAST(CASE length({cell}) WHEN 7 THEN {cell} || '-01' ELSE left({cell}, 10) END AS DATE)"
    return f"CASE WHEN {_match(cell, 'month')} THEN CAST(date_trunc('month', {first}) AS DATE) END", {}


def _cast_timestamp(cell: str, spec: Field, time_zone: str) -> Parts:
    midnight = f"timezone({quote_text(time_zone)}, TRY_CAST({cell} AS TIMESTAMP))"
    moment = f"TRY_CAST({cell} AS TIMESTAMP WITH TIME ZONE)"
    good = _match(cell, "timestamp")
    value = f"CASE WHEN {good} THEN CASE WHEN length({cell}) = 10 THEN {midnight} ELSE {moment} END END"
    zoned = f"regexp_full_match({cell}, {quote_text('.{16,}?' + ZONE)})"
    naive = f"coalesce({good} AND length({cell}) > 10 AND NOT {zoned}, false)"
    return value, {"naive": naive, "bare_date": f"coalesce({good} AND length({cell}) = 10, false)"}


def _cast_list(cell: str, spec: Field, time_zone: str) -> Parts:
    parts = f"list_transform(string_split({cell}, ';'), lambda part: trim(part))"
    return f"list_filter({parts}, lambda part: part <> '')", {}


_CASTS: dict[str, Callable[[str, Field, str], Parts]] = {
    "id": _as_is,
    "text": _as_is,
    "decimal": _cast_decimal,
    "number": _cast_number,
    "integer": _cast_integer,
    "boolean": _cast_boolean,
    "date": _cast_date,
    "month": _cast_month,
    "timestamp": _cast_timestamp,
    "list": _cast_list,
}
