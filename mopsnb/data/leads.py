"""Every contact, for the lead score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pandas as pd

from mopsnb.data.engine import Engine
from mopsnb.data.queries import explain_error
from mopsnb.errors import DataError, Fault

if TYPE_CHECKING:
    import pyarrow as pa


def read_leads(engine: Engine, order_by: str) -> pd.DataFrame:
    """Return the whole table contact: in the order of the file; from a database, in the order of the ids.

    Parameters
    ----------
    engine
        Answers about the workspace's tables.
    order_by
        The column that puts leads in order of time. In a file the order of the rows can stand for it.

    Raises
    ------
    DataError
        The table has faults; or it is in a database and the column is not filled.
    """
    if not engine.place.is_database:
        return _read_file(engine)
    frame = engine.query("SELECT * FROM contact ORDER BY contact_id")
    if len(frame) and order_by in frame and frame[order_by].isna().all():
        label = engine.files["contact"].label
        fault = Fault(label, "", order_by, "no value in any row", "when each lead came in", "Fill the column.")
        raise DataError("The rows of a database have no order that could stand for time.", [fault])
    return frame


def _read_file(engine: Engine) -> pd.DataFrame:
    """Return the whole table by way of Arrow, which takes a tenth of the time of rows turned into Python objects."""
    engine.require("contact")
    engine.prepare(["contact"])
    try:
        table = engine.place.local.sql("SELECT * FROM contact").to_arrow_table()
    except duckdb.Error as error:
        raise explain_error(error) from error
    return pd.DataFrame({name: _read_column(table[name]) for name in table.column_names}, copy=False)


def _read_column(column: pa.ChunkedArray) -> pd.Series:
    import pyarrow as pa

    series: pd.Series
    if pa.types.is_string(column.type) and column.null_count == len(column):
        return pd.Series([None] * len(column), dtype=object)  # as a query answers a column without any text
    if column.null_count and (pa.types.is_integer(column.type) or pa.types.is_boolean(column.type)):
        kind = pd.Int64Dtype() if pa.types.is_integer(column.type) else pd.BooleanDtype()
        series = column.to_pandas(types_mapper=lambda _: kind)
    else:
        series = column.to_pandas(date_as_object=False)
    return series
