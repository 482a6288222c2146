"""Tables as teams have them in Spark: odd types, faults, catalogs, and what is said when something is wrong."""

import os
from datetime import UTC, date, datetime

import pytest
from metric_tables import make_tables
from spark_samples import find_port, write_parquet, write_tables

import mopsnb
from mopsnb.data.engine import Engine
from mopsnb.data.engines.spark import SparkServer
from mopsnb.errors import DataError

pytestmark = pytest.mark.slow
LOCAL = pytest.mark.skipif(os.environ.get("MOPSNB_SPARK") == "connect", reason="about a session in this program")
SPEND = [{"spend_id": "b1", "date": "2026-03-05", "amount": "10.5", "currency": "EUR", "area": "events"}]


def open_folder(master, folder, **options):
    return Engine(folder, address=f"{master}?folder={folder}", **options)


def write_query(folder, name, select):
    """Write a table as a query of DuckDB gives it, whatever its types."""
    folder.mkdir(exist_ok=True)
    connection = make_tables()
    write_parquet(connection, select, folder / f"{name}.parquet")
    return folder


ODD = """
    SELECT CAST(7 AS SMALLINT) AS deal_id, CAST(12.25 AS DOUBLE) AS amount, CAST(1 AS TINYINT) AS is_won,
      TIMESTAMP '2026-03-05 10:00:00' AS created_at, DATE '2026-03-06' AS closed_at,
      TIMESTAMPTZ '2026-03-07 00:00:00+00' AS expected_close_on, 'EUR' AS currency, 'won' AS stage, '' AS owner,
      CAST('nan' AS DOUBLE) AS score, CAST(0.1 AS FLOAT) AS share, [1, 2] AS numbers, {'a': 1} AS shape
"""


def test_columns_of_other_types_are_read_as_the_contract_says(master, tmp_path):
    """Numbers as ids, floats as money, 0 and 1, times without a zone in UTC, a bare date from local midnight on."""
    options = {"time_zone": "Europe/Berlin", "as_of": date(2026, 12, 31)}
    engine = open_folder(master, write_query(tmp_path / "data", "deal", ODD), **options)
    assert engine.faults("deal") == []
    row = engine.query("SELECT * FROM deal").iloc[0]
    assert (row["deal_id"], float(row["amount"]), row["is_won"]) == ("7", 12.25, True)
    assert row["created_at"] == datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert row["closed_at"] == datetime(2026, 3, 5, 23, tzinfo=UTC)
    assert str(row["expected_close_on"])[:10] == "2026-03-07"
    assert row[["owner", "score"]].isna().all()
    assert row["share"] == 0.1
    assert "numbers" not in row
    assert "shape" not in row


def test_cells_that_do_not_fit_are_faults_and_missing_figures(master, tmp_path):
    """Money with too many digits, too much of it, half a day, a flag of 2."""
    bad = """
        SELECT 'd' || n AS deal_id, 'EUR' AS currency, 'won' AS stage,
          TIMESTAMPTZ '2026-03-05 10:00:00+00' AS created_at,
          CASE n WHEN 1 THEN 1.00000001 WHEN 2 THEN 1e15 ELSE 5 END AS amount,
          CASE n WHEN 1 THEN 2.0 ELSE 1.0 END AS is_won,
          TIMESTAMP '2026-03-07 12:00:00' AS expected_close_on
        FROM range(1, 4) AS numbers(n)
    """
    folder = write_query(tmp_path / "data", "deal", bad)
    strict, open_handed = open_folder(master, folder), open_folder(master, folder, strict=False)
    assert {(fault.field, fault.count) for fault in strict.faults("deal")} == {
        ("amount", 2), ("is_won", 1), ("expected_close_on", 3),
    }  # fmt: skip
    with pytest.raises(DataError, match="3 kinds of fault"):
        strict.query("SELECT * FROM deal")
    found = open_handed.query("SELECT deal_id, amount, is_won, expected_close_on FROM deal ORDER BY deal_id")
    assert found["amount"].isna().tolist() == [True, True, False]
    assert found["is_won"].isna().tolist() == [True, False, False]
    assert found["expected_close_on"].isna().all()


def test_missing_and_unfit_columns_are_named(master, tmp_path):
    select = "SELECT 'b1' AS spend_id, [1] AS amount, 'EUR' AS currency, DATE '2026-03-05' AS day"
    engine = open_folder(master, write_query(tmp_path / "data", "spend_actual", select))
    said = {fault.field: str(fault) for fault in engine.faults("spend_actual")}
    assert "found no such column, expected a required column" in said["date"]
    assert "found a column of the type array<int>" in said["amount"]
    assert "spend_actual (database)" in said["amount"]


def test_a_damaged_file_is_a_fault_of_its_table_alone(master, tmp_path):
    folder = write_tables(make_tables(spend_actual=SPEND), ["spend_actual"], tmp_path / "data")
    (folder / "deal.parquet").write_bytes(b"PAR1 this is no Parquet file PAR1")
    engine = open_folder(master, folder)
    assert len(engine.query("SELECT * FROM spend_actual")) == 1
    with pytest.raises(DataError, match="deal"):
        engine.query("SELECT * FROM deal")


def test_tables_of_a_database_are_found_in_any_case_and_others_are_named(master, tmp_path):
    folder = write_tables(make_tables(spend_actual=SPEND), ["spend_actual"], tmp_path / "data")
    owner = SparkServer(master)
    session = owner._session
    for sql in (
        "DROP DATABASE IF EXISTS marketing CASCADE",
        f"CREATE DATABASE marketing LOCATION '{tmp_path / 'warehouse'}'",
        f"CREATE TABLE marketing.Spend_Actual USING parquet AS SELECT * FROM parquet.`{folder}/spend_actual.parquet`",
        "CREATE VIEW marketing.deal AS SELECT 'd1' AS deal_id, 'won' AS stage, DATE '2026-03-05' AS created_at",
        "CREATE TABLE marketing.budget_2026 (x INT) USING parquet",
    ):
        session.sql(sql).collect()
    engine = Engine(tmp_path, address=f"{master}?database=marketing")
    assert set(engine.tables) == {"spend_actual", "deal"}
    assert engine.query("SELECT amount, area FROM spend_actual")["area"].tolist() == ["events"]
    assert engine.query("SELECT deal_id FROM deal")["deal_id"].tolist() == ["d1"]
    assert engine.place.list_others() == ["budget_2026"]
    session.sql("DROP DATABASE marketing CASCADE").collect()
    with pytest.raises(DataError, match=r"has no database marketing\. Correct \?database="):
        _ = Engine(tmp_path, address=f"{master}?database=marketing").tables
    owner.close()


def test_the_clock_of_a_session_is_utc_whatever_the_servers_is(master):
    server = SparkServer(master, time_zone="Europe/Berlin")
    rows = server.fetch("SELECT TIMESTAMP '2026-03-05 10:00:00', CAST(TIMESTAMP '2026-03-05 10:00:00' AS STRING)", {})
    assert rows == [(datetime(2026, 3, 5, 10, tzinfo=UTC), "2026-03-05 10:00:00")]
    given = {"moment": datetime(2026, 3, 5, 10, tzinfo=UTC), "none": None}
    assert server.fetch("SELECT :moment, :none", given) == [tuple(given.values())]
    server.close()


@LOCAL
def test_a_session_of_a_notebook_is_joined_and_left_alone(master):
    mine = SparkServer(master)._session
    mine.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
    mine.sql("SELECT 1 AS x").createOrReplaceTempView("deal")
    joined = SparkServer(master)
    assert joined.fetch("SELECT current_timezone()", {}) == [("UTC",)]
    assert "deal" not in joined.list_tables(["deal"])
    assert mine.conf.get("spark.sql.session.timeZone") == "Asia/Tokyo"


def test_the_mark_of_a_folder_changes_with_its_files_where_they_are_on_this_computer(master, tmp_path):
    folder = write_tables(make_tables(spend_actual=SPEND), ["spend_actual"], tmp_path / "data")
    server, elsewhere = SparkServer(f"local?folder={folder}"), SparkServer(f"sc://localhost?folder={folder}")
    first = server.mark()
    assert first == server.mark() != ""
    write_tables(make_tables(spend_actual=SPEND * 2), ["spend_actual"], folder)
    assert server.mark() != first
    assert SparkServer(master).mark() == elsewhere.mark() == ""


@pytest.mark.parametrize("scheme", ["sc", "spark"])
def test_a_master_that_does_not_answer_is_named_at_once(scheme, tmp_path):
    pytest.importorskip("pyspark", reason="PySpark is not installed; make spark runs these tests")
    (tmp_path / "strategy.yml").write_text(f"version: 1\ndata: {scheme}://127.0.0.1:{find_port()}\n", encoding="utf-8")
    with pytest.raises(DataError, match=rf"Spark \({scheme}://127.0.0.1:\d+\) cannot be reached. Nothing answers"):
        mopsnb.open(tmp_path).sql("SELECT * FROM deal")


def test_without_java_the_message_says_which_is_needed(master, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(DataError, match="needs Java 17 or later, and there is none here"):
        SparkServer("local").fetch("SELECT 1", {})
