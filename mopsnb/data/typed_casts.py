"""SQL that turns a typed cell of a Parquet file into the contract's type; NULL where it does not fit."""

from __future__ import annotations

from mopsnb.data.contract import Field
from mopsnb.data.sql import quote_text
from mopsnb.data.text_casts import Parts, write_tolerance

_NUMERIC = ("integer", "decimal", "float")
_TIMES = ("date", "naive", "zoned")
NO_CAST: Parts = ("NULL", {})


def cast_typed(cell: str, spec: Field, family: str, time_zone: str) -> Parts:
    """Return SQL for a cell that has a type of its own; ``NULL`` where the types do not go together.

    Parameters
    ----------
    cell
        SQL of the cell.
    spec
        The column as declared.
    family
        The family of the cell's type, see `mopsnb.data.sql.name_family`.
    time_zone
        The zone in which a bare date begins.
    """
    if spec.kind in {"id", "text"}:
        fits = family == "integer" or (spec.kind == "text" and family not in {"list", "other"})
        return (f"CAST({cell} AS VARCHAR)", {}) if fits else NO_CAST
    if spec.kind in {"date", "month", "timestamp"}:
        return _cast_time(cell, spec.kind, family, time_zone) if family in _TIMES else NO_CAST
    if spec.kind == "list":
        return (f"CAST({cell} AS VARCHAR[])", {}) if family == "list" else NO_CAST
    if family in _NUMERIC or (spec.kind == "boolean" and family == "boolean"):
        return _cast_numeric(cell, spec, family)
    return NO_CAST


def _cast_numeric(cell: str, spec: Field, family: str) -> Parts:
    double = f"CAST({cell} AS DOUBLE)"
    if spec.kind == "boolean" and family == "boolean":
        return cell, {}
    if spec.kind == "boolean":
        return f"CASE WHEN {double} IN (0, 1) THEN {double} = 1 END", {}
    if spec.kind == "number":
        return f"CASE WHEN isfinite({double}) THEN {double} END", {}
    if spec.kind == "integer":
        return f"CASE WHEN {cell} = trunc({cell}) THEN TRY_CAST({cell} AS BIGINT) END", {}
    value = f"TRY_CAST({cell} AS DECIMAL(18,{spec.scale}))"
    if family == "integer":
        return value, {}
    gap, slack = f"abs({cell} - {value})", write_tolerance(spec.scale)
    if family == "float":  # a large double cannot say as many decimals as are kept
        gap, slack = f"abs({cell} - CAST({value} AS DOUBLE))", f"greatest(1e-{spec.scale + 3}, abs({cell}) * 1e-15)"
    return value, {"rounded": f"coalesce({gap} > {slack}, false)"}


def _cast_time(cell: str, kind: str, family: str, time_zone: str) -> Parts:
    # A cell that has the right type stays bare, so that Parquet statistics can skip row groups.
    if (kind, family) in {("date", "date"), ("timestamp", "zoned")}:
        return cell, {}
    # The session's zone is UTC, so that a cast between naive and zoned times reads UTC.
    plain = f"CAST({cell} AS TIMESTAMP)"
    if kind == "month":
        return f"CAST(date_trunc('month', {plain}) AS DATE)", {}
    if kind == "date":
        return f"CASE WHEN {plain} = date_trunc('day', {plain}) THEN CAST({plain} AS DATE) END", {}
    if family == "date":
        return f"timezone({quote_text(time_zone)}, {plain})", {"bare_date": f"({cell} IS NOT NULL)"}
    return f"CAST({plain} AS TIMESTAMP WITH TIME ZONE)", {}
