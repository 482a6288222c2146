"""Words in which a table is declared: columns, checks and the table itself.

`declare_table` returns a pandera schema. It is the one declaration of a table: the DuckDB
casts and checks, the data dictionary and the blank headers of a new workspace derive from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pandera.pandas as pa

from mopsnb.data.contract.cells import fits
from mopsnb.data.contract.kinds import KINDS

PROVENANCE = ("source", "source_file", "source_row")


def column(
    kind: str,
    description: str,
    *checks: pa.Check,
    required: bool = False,
    unit: str = "",
    known_at: str = "",
) -> pa.Column:
    """Declare a column.

    Parameters
    ----------
    kind
        A name of `mopsnb.data.contract.kinds.KINDS`; ``rate`` is a decimal with ten decimals instead of six.
    description
        What a cell says, for the data dictionary.
    *checks
        Further checks: `one_of`, `usually`, `at_least`, `above`, `matches`.
    required
        The column must be there, and every cell filled.
    unit
        ``money`` (in the row's currency), ``count``, ``hours``, ``fraction`` …
    known_at
        A time column of the same table. Where that time lies after ``as_of``, the cell is blanked (a boolean: false).
    """
    scale = 10 if kind == "rate" else 6
    kind = "decimal" if kind == "rate" else kind
    exact = unit == "money"

    def judge(series: pd.Series) -> pd.Series:
        return series.map(lambda value: fits(value, kind, scale=scale, exact=exact)).astype(bool)

    is_kind = pa.Check(
        judge, name="kind", error=KINDS[kind].expected, statistics={"kind": kind, "scale": scale, "exact": exact}
    )
    metadata = {"kind": kind, "unit": unit, "scale": scale, "known_at": known_at}
    return pa.Column(
        None, [is_kind, *checks], nullable=not required, required=required, description=description, metadata=metadata
    )


def one_of(*values: str) -> pa.Check:
    """Check that a cell holds one of these values; anything else is a fault."""
    return _check_values(values, only_warn=False)


def usually(*values: str) -> pa.Check:
    """Name the usual values of an enumeration that teams change; anything else is good to know, not a fault."""
    return _check_values(values, only_warn=True)


def at_least(minimum: int) -> pa.Check:
    """Check that a number is not below a minimum."""
    return pa.Check(
        lambda series: ~(_to_numbers(series) < minimum),
        name="at_least",
        error=f"a number of at least {minimum}",
        statistics={"minimum": minimum},
    )


def above(minimum: int) -> pa.Check:
    """Check that a number is above a minimum."""
    return pa.Check(
        lambda series: ~(_to_numbers(series) <= minimum),
        name="above",
        error=f"a number above {minimum}",
        statistics={"minimum": minimum},
    )


def matches(pattern: str, expected: str) -> pa.Check:
    """Check that the whole text of a cell matches a regular expression."""
    return pa.Check(
        lambda series: series.astype("str").str.fullmatch(pattern).astype(bool),
        name="matches",
        error=expected,
        statistics={"pattern": pattern},
    )


def any_filled(*names: str) -> pa.Check:
    """Check, on a table, that at least one of these columns is filled in each row."""

    def judge(frame: pd.DataFrame) -> pd.Series:
        present = [name for name in names if name in frame]
        return frame[present].notna().any(axis=1) if present else pd.Series(False, index=frame.index)

    return pa.Check(
        judge,
        name="any_filled",
        error=f"a value in {' or '.join(names)}",
        statistics={"names": names},
        ignore_na=False,
    )


def declare_table(
    name: str, description: str, columns: Mapping[str, pa.Column], *checks: pa.Check, **metadata: Any
) -> pa.DataFrameSchema:
    """Declare a table.

    Parameters
    ----------
    name
        The table's name, which is its file's name.
    description
        What one row is.
    columns
        Column name to declaration, in the order of the contract.
    *checks
        Checks on whole rows: `any_filled`.
    **metadata
        ``key`` (columns that identify a row), ``role`` (event, spend, record, plan, reference), ``time``
        (columns of which the first filled one dates the row), ``grows`` (too large to load whole),
        ``every_days`` (longest normal silence), ``money_on`` (columns that date an exchange rate), ``other_key``
        (columns that identify a row whose key is empty), ``marks`` (columns that show that records are kept up).
    """
    declared = dict(columns)
    extra = {
        "source": column("text", "The system or export that the row comes from."),
        "source_file": column("text", "The file that the row was imported from."),
        "source_row": column("integer", "The row's number in that file.", unit="row"),
    }
    if metadata["role"] != "reference":
        extra["brand"] = column("text", "The brand that the row belongs to.")
        extra["region"] = column("text", "The sales or market region that the row belongs to.")
    provenance = tuple(item for item in PROVENANCE if item not in declared)
    declared |= {item: spec for item, spec in extra.items() if item not in declared}
    facts = {"key": (), "other_key": (), "time": (), "marks": (), "grows": False, "every_days": 0, "money_on": ()}
    facts |= metadata
    return pa.DataFrameSchema(
        declared,
        list(checks),
        name=name,
        description=description,
        metadata=facts | {"provenance": provenance},
        unique_column_names=True,
    )


def _check_values(values: Sequence[str], *, only_warn: bool) -> pa.Check:
    return pa.Check(
        lambda series: series.isin(values),
        name="one_of",
        error=f"one of {', '.join(values)}",
        raise_warning=only_warn,
        statistics={"values": tuple(values)},
    )


def _to_numbers(series: pd.Series) -> pd.Series:
    return pd.to_numeric(series, errors="coerce")
