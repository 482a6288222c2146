"""Bad cells of a frame, found with pandera: the same rules as `mopsnb.data.faults` finds with SQL.

For frames at hand, such as an import before it is written. Files of any size go through SQL.
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable
from typing import Any

import pandas as pd
from pandera.errors import SchemaErrors, SchemaWarning

from mopsnb.data.contract import Table

COLUMNS = ["row", "column", "rule"]


def find_misfits(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Return every bad cell of a frame.

    Parameters
    ----------
    table
        The table's declaration.
    frame
        Its rows: cells as text (as read from CSV, empty cells missing) or typed.

    Returns
    -------
    pandas.DataFrame
        ``row`` (the first row of the frame is row 2, as in a file with a header; 1 for a column that is not
        there), ``column``, ``rule``; in that order, without repetitions.
    """
    rows = frame.reset_index(drop=True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SchemaWarning)  # unusual values are good to know, not bad cells
            table.schema.validate(rows, lazy=True)
    except SchemaErrors as errors:
        found = errors.failure_cases
    else:
        return pd.DataFrame(columns=COLUMNS)
    bad = {_read_case(table, case) for case in found.to_dict("records")}
    # A cell that is not of its kind is not judged further: its value is not known.
    misfits = {(row, column) for row, column, rule in bad if rule == "kind"}
    kept = [case for case in bad if case[2] == "kind" or case[:2] not in misfits]
    return pd.DataFrame(sorted(kept), columns=COLUMNS)


def _read_case(table: Table, case: dict[Hashable, Any]) -> tuple[int, str, str]:
    if case["check"] == "column_in_dataframe":
        return 1, str(case["failure_case"]), "column"
    row = int(case["index"]) + 2
    if case["schema_context"] != "Column":
        return row, "", table.rules[int(case["check_number"])].name
    if case["check"] == "not_nullable":
        return row, str(case["column"]), "required"
    return row, str(case["column"]), table.fields[str(case["column"])].rules[int(case["check_number"])].name
