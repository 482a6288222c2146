"""What the text of a CSV cell, or the type of a Parquet cell, becomes in a view."""

from datetime import date
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from workspaces import write_data

from mopsnb.data.engine import Engine
from mopsnb.errors import DataError


def read_exactly(engine, sql):
    """Return rows with decimals and texts as they are, times as UTC text."""
    engine.prepare(engine.tables)
    return engine.connection.execute(sql).fetchall()


def read_cell(folder, table, column, text, *, time_zone="UTC", strict=True):
    """Return the one cell of a CSV table, as DuckDB shows it; the other columns hold what the contract requires."""
    least = {
        "contact": {"contact_id": "1"},
        "task": {"task_id": "1", "name": "x"},
        "budget_plan": {"month": "2026-01", "area": "a", "planned": "1", "currency": "EUR"},
        "spend_actual": {"spend_id": "1", "date": "2026-01-05", "area": "a", "amount": "1", "currency": "EUR"},
        "fx_rate": {"date": "2026-01-05", "currency": "USD", "rate_to_base": "1"},
        "metric_value": {"metric": "m", "period_start": "2026-01-01", "value": "1"},
        "tool": {"tool_id": "1", "name": "x"},
    }[table] | {column: text}
    write_data(folder, **{table: ",".join(least) + "\n" + ",".join(f'"{value}"' for value in least.values()) + "\n"})
    engine = Engine(folder, time_zone=time_zone, as_of=date(2099, 1, 1), strict=strict)
    shown = f'CAST("{column}" AS VARCHAR)' if column.endswith("_at") else f'"{column}"'
    return read_exactly(engine, f"SELECT {shown} FROM {table}")[0][0]


@pytest.mark.parametrize("text", ["0012", "123456789012345678", "1.2E+15", " 7", "NULL", "nan", "true"])
def test_ids_keep_every_character(text, tmp_path):
    """An id is text: leading zeros, 18 digits and spreadsheet notation survive."""
    assert read_cell(tmp_path, "contact", "contact_id", text) == text


@pytest.mark.parametrize("table_column", [("contact", "email"), ("spend_actual", "channel"), ("task", "effort_hours")])
def test_an_empty_cell_is_missing(table_column, tmp_path):
    """An empty cell is missing, also in quotes."""
    assert read_cell(tmp_path, *table_column, "") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.5", "1234.5"),
        ("-3", "-3"),
        (" 7 ", "7"),
        (".5", "0.5"),
        ("1e3", "1000"),
        ("1.5E-3", "0.0015"),
        ("999999999999.999999", "999999999999.999999"),
        ("0.000001", "0.000001"),
        ("5.279999999999999", "5.28"),
    ],
)
def test_money_is_exact(text, value, tmp_path):
    """Money is read to the sixth decimal exactly, and what binary floats add beyond it is taken off."""
    assert read_cell(tmp_path, "spend_actual", "amount", text) == Decimal(value)


def test_rates_keep_ten_decimals(tmp_path):
    """An exchange rate as small as that of the dong keeps its digits."""
    assert read_cell(tmp_path, "fx_rate", "rate_to_base", "0.0000345678") == Decimal("0.0000345678")


@pytest.mark.parametrize(("text", "value"), [("1200", 1200), ("12.0", 12), ("1.2E+3", 1200), ("-4", None)])
def test_whole_numbers(text, value, tmp_path):
    """A whole number may be written with a decimal zero or an exponent; a negative count is a fault."""
    if value is None:
        with pytest.raises(DataError, match="at least 0"):
            read_cell(tmp_path, "tool", "seats", text)
    else:
        assert read_cell(tmp_path, "tool", "seats", text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("FALSE", False), ("Yes", True), ("no", False), ("1", True), ("0", False)],
)
def test_booleans(text, value, tmp_path):
    """True and false may also be written as yes, no, 1 and 0, in any case."""
    assert read_cell(tmp_path, "contact", "is_deleted", text) is value


@pytest.mark.parametrize("text", ["2026-03-29", "2026-03-29T00:00:00", "2026-03-29 00:00:00.000"])
def test_dates(text, tmp_path):
    """A date may carry a midnight, as spreadsheets and data frames export it."""
    assert read_cell(tmp_path, "spend_actual", "date", text) == date(2026, 3, 29)


@pytest.mark.parametrize("text", ["2026-03", "2026-03-01", "2026-03-31"])
def test_months_begin_on_the_first(text, tmp_path):
    """A month is its first day, also where the cell names another day of it."""
    assert read_cell(tmp_path, "budget_plan", "month", text) == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-07-01T10:00:00Z", "2026-07-01 10:00:00+00"),
        ("2026-07-01T10:00:00+02:00", "2026-07-01 08:00:00+00"),
        ("2026-07-01 10:00:00.5+0530", "2026-07-01 04:30:00.5+00"),
        ("2026-07-01 10:00:00 UTC", "2026-07-01 10:00:00+00"),
        ("2026-07-01T10:00", "2026-07-01 10:00:00+00"),  # no zone: read as UTC
        ("2026-07-01", "2026-06-30 22:00:00+00"),  # a day: its start in Berlin
        ("2026-01-15", "2026-01-14 23:00:00+00"),  # in winter one hour less
        ("2026-07-01T10:00:00.123456789Z", "2026-07-01 10:00:00.123456+00"),
    ],
)
def test_times_become_utc(text, utc, tmp_path):
    """A time is stored in UTC; without a zone it is UTC already, and a bare day begins in the strategy's zone."""
    assert read_cell(tmp_path, "contact", "updated_at", text, time_zone="Europe/Berlin") == utc


def test_lists_are_split_and_trimmed(tmp_path):
    """A list is split at semicolons; spaces and empty parts go."""
    assert read_cell(tmp_path, "task", "depends_on", "a; b ;;c") == ["a", "b", "c"]


def test_without_strict_a_bad_cell_is_missing(tmp_path):
    """Where faults are let through, the bad cell is missing and never a guess."""
    assert read_cell(tmp_path, "spend_actual", "amount", "1_000", strict=False) is None


def test_declared_columns_are_there_even_if_the_file_lacks_them(tmp_path):
    """A view has every declared column with its type, then the file's own."""
    write_data(tmp_path, contact="contact_id,Favorite color\n0012,red\n")
    engine = Engine(tmp_path)
    rows = read_exactly(engine, 'SELECT created_at, is_converted, "Favorite color" FROM contact')
    assert rows == [(None, None, "red")]
    types = dict(
        read_exactly(engine, "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'contact'")
    )
    assert types["created_at"] == "TIMESTAMP WITH TIME ZONE"
    assert types["is_converted"] == "BOOLEAN"


def write_parquet(folder, table, **columns):
    """Write one Parquet table from arrow arrays or lists."""
    arrays = {name: value if isinstance(value, pa.Array) else pa.array(value) for name, value in columns.items()}
    pq.write_table(pa.table(arrays), folder / f"{table}.parquet")
    return folder


EIGHT_UTC = pd.Timestamp("2026-07-01T08:00", tz="UTC")
PARQUET = {
    "date": pa.array([date(2026, 1, 5)]),
    "channel": pa.array(["search"]).dictionary_encode(),
    "campaign_id": pa.array([123456789012345678]),
    "spend": pa.array([231.33]),
    "currency": pa.array(["EUR"]),
}


def test_parquet_types_become_the_contracts(tmp_path):
    """Whole-number ids become text, doubles exact money, NaN and empty text missing, floats with .0 whole numbers."""
    cells = PARQUET | {
        "ad_group_id": pa.array([""]),
        "clicks": pa.array([12.0]),
        "impressions": pa.array([float("nan")]),
        "conversions": pa.array([0.1], pa.float32()),
    }
    engine = Engine(write_parquet(tmp_path, "ad_daily", **cells))
    rows = read_exactly(
        engine, "SELECT campaign_id, spend, ad_group_id, clicks, impressions, conversions, channel, date FROM ad_daily"
    )
    assert rows == [
        ("123456789012345678", Decimal("231.33"), None, 12, None, Decimal("0.1"), "search", date(2026, 1, 5))
    ]


@pytest.mark.parametrize(
    ("column", "cells", "says"),
    [
        ("campaign_id", pa.array([12.0]), "an id as text"),
        ("spend", pa.array([float("inf")]), "a number"),
        ("spend", pa.array([0.0000004]), "at most 6 decimals"),
        ("clicks", pa.array([1.5]), "a whole number"),
        ("date", pa.array([pd.Timestamp("2026-01-05T10:00")]), "an ISO date"),
        ("date", pa.array([20260105]), "an ISO date"),
        ("channel", pa.array([["search"]]), "text"),
    ],
)
def test_parquet_types_that_do_not_fit_are_faults(column, cells, says, tmp_path):
    """A type from which the value cannot be had for certain is a fault, such as an id that became a float."""
    engine = Engine(write_parquet(tmp_path, "ad_daily", **(PARQUET | {column: cells})))
    with pytest.raises(DataError, match=says):
        engine.query("SELECT * FROM ad_daily")


def test_an_id_column_without_any_id_may_have_any_type(tmp_path):
    """A column of NaN only, as data frames write an empty id column, is empty and no fault."""
    engine = Engine(write_parquet(tmp_path, "ad_daily", **(PARQUET | {"account_id": pa.array([float("nan")])})))
    assert read_exactly(engine, "SELECT account_id FROM ad_daily") == [(None,)]


@pytest.mark.parametrize(
    ("cells", "utc"),
    [
        (pa.array([pd.Timestamp("2026-07-01T10:00")], pa.timestamp("ns")), "2026-07-01 10:00:00+00"),
        (pa.array([pd.Timestamp("2026-07-01T10:00")], pa.timestamp("ms")), "2026-07-01 10:00:00+00"),
        (pa.array([EIGHT_UTC], pa.timestamp("us", "Europe/Berlin")), "2026-07-01 08:00:00+00"),
        (pa.array([EIGHT_UTC], pa.timestamp("ns", "UTC")), "2026-07-01 08:00:00+00"),
        (pa.array([date(2026, 7, 1)]), "2026-06-30 22:00:00+00"),
        (pa.array(["2026-07-01T10:00:00+02:00"]), "2026-07-01 08:00:00+00"),
    ],
)
def test_parquet_times_become_utc(cells, utc, tmp_path):
    """A naive Parquet time is UTC, a zoned one is converted, a day begins in the strategy's zone; text is as in CSV."""
    folder = write_parquet(tmp_path, "contact", contact_id=["1"], updated_at=cells)
    engine = Engine(folder, time_zone="Europe/Berlin", as_of=date(2099, 1, 1))
    assert read_exactly(engine, "SELECT CAST(updated_at AS VARCHAR) FROM contact") == [(utc,)]


def test_parquet_months_and_flags(tmp_path):
    """A date becomes the month's first day, and 0 and 1 become false and true."""
    folder = write_parquet(
        tmp_path, "budget_plan", month=[date(2026, 3, 31)], area=["a"], planned=[1], currency=["EUR"]
    )  # fmt: skip
    write_parquet(folder, "contact", contact_id=["1"], is_deleted=[1.0])
    engine = Engine(folder)
    assert read_exactly(engine, "SELECT month FROM budget_plan") == [(date(2026, 3, 1),)]
    assert read_exactly(engine, "SELECT is_deleted FROM contact") == [(True,)]
