"""Contacts that are read by way of Arrow are those that DuckDB hands over itself."""

import pandas as pd
import pyarrow as pa
import pytest

import mopsnb
from mopsnb.data.leads import _read_column


def test_every_contact_of_the_sample_is_read_with_its_types():
    ws = mopsnb.open("")
    leads, rows = ws.leads(), ws.sql("SELECT * FROM contact")
    assert list(leads) == list(rows)
    filled = [name for name in rows if rows[name].notna().any()]
    pd.testing.assert_frame_equal(leads[filled], rows[filled])
    assert leads.drop(columns=filled).isna().all(axis=None)


@pytest.mark.parametrize(
    ("values", "kind", "dtype"),
    [
        ([1, None, 3], pa.int64(), "Int64"),
        ([1, None, 3], pa.int16(), "Int64"),
        ([1, 2, 3], pa.int64(), "int64"),
        ([True, None, False], pa.bool_(), "boolean"),
        ([True, False, False], pa.bool_(), "bool"),
        (["a", None, "b"], pa.string(), "str"),
        ([0.5, None, 1.5], pa.float64(), "float64"),
    ],
)
def test_a_missing_cell_changes_no_other(values, kind, dtype):
    series = _read_column(pa.chunked_array([values[:1], values[1:]], type=kind))
    assert series.dtype == dtype
    assert [None if pd.isna(value) else value for value in series] == values
