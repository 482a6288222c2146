"""SQL that turns cells into typed values, and finds those that do not fit.

The expressions derive from the contract: grammar, scale and kind stand there. A cell of a
CSV file is text; a cell of a Parquet file has the type that its writer gave it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mopsnb.data.contract import Field
from mopsnb.data.sql import name_family, quote_name
from mopsnb.data.text_casts import cast_text
from mopsnb.data.typed_casts import cast_typed


@dataclass(frozen=True, slots=True)
class Cast:
    """How cells of a column become typed values.

    Parameters
    ----------
    value
        SQL of the typed value; NULL where the cell is missing or does not fit.
    filled
        SQL that is true where the cell is not missing.
    bad
        SQL that is true where the cell is filled and does not fit; ``false`` where every cell fits.
    number
        SQL of the cell as a double, unrounded, for comparison with a limit.
    notes
        SQL by note: ``naive`` (a time without a zone), ``bare_date`` (a day instead of a time),
        ``rounded`` (more decimals than are kept).
    """

    value: str
    filled: str
    bad: str
    number: str = "NULL"
    notes: dict[str, str] = field(default_factory=dict)


def cast_column(spec: Field, sql_type: str, time_zone: str) -> Cast:
    """Return the cast of a column.

    Parameters
    ----------
    spec
        The column as declared.
    sql_type
        The DuckDB type that the file gives it; ``VARCHAR`` in a CSV file.
    time_zone
        The zone in which a bare date begins, an IANA name.

    Returns
    -------
    Cast
        SQL over the file's rows.
    """
    cell, family = quote_name(spec.name), name_family(sql_type)
    if sql_type == "FLOAT":  # through text, so that 0.1 stays 0.1
        cell = f"CAST(CAST({cell} AS VARCHAR) AS DOUBLE)"
    if sql_type == "TIMESTAMPTZ_NS":  # has no cast of its own to other times
        cell = f"CAST({cell} AS TIMESTAMP WITH TIME ZONE)"
    if family == "float":
        cell = f"(CASE WHEN NOT isnan({cell}) THEN {cell} END)"
    if family == "text":
        cell = f"nullif(CAST({cell} AS VARCHAR), '')"
        value, notes = cast_text(cell, spec, time_zone)
    else:
        value, notes = cast_typed(cell, spec, family, time_zone)
    filled = f"{cell} IS NOT NULL"
    always = spec.kind in {"id", "text", "list"} and value != "NULL"
    bad = "false" if always else f"({filled} AND ({value}) IS NULL)"
    if spec.is_money and "rounded" in notes:  # money is never rounded
        bad = f"({bad} OR {notes.pop('rounded')})"
    return Cast(value, filled, bad, f"TRY_CAST({cell} AS DOUBLE)", notes)
